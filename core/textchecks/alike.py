"""How much two citizens' texts are alike; how sure that is stands in docs/decisions."""

import re
from functools import lru_cache

from core.textchecks import twins
from core.textchecks.morphology import plain, read

SIMILAR = 0.6
"""Of 20 pairs about one thing in different words 8 reach it, of 20 about another thing at the same
place, on the same topic, 3: it sorts what is shown, it decides nothing."""
NEARLY_SAME = 0.85
"""One text with a word changed; the nearest of those pairs has 0.80."""

_WORD = re.compile(r"[а-яёa-z0-9]+")
_EMPTY = frozenset({
    "в", "на", "с", "у", "и", "к", "о", "по", "от", "до", "за", "из", "под", "над", "не", "нет",
    "но", "же", "бы", "ли", "что", "как", "это", "этот", "так", "уже", "еще", "мы", "вы", "я",
    "он", "она", "они", "наш", "ваш", "мой", "для", "при", "или", "а", "то", "все", "весь",
    "очень", "просить", "пожалуйста", "добрый", "день", "здравствуйте", "быть", "принять", "мера",
    "который",
})


def similarity(one: str, other: str) -> float:
    """0..1: the words of both, without their endings and in one order (rapidfuzz)."""
    if twins.shared(_runs(one), _runs(other)) >= twins.ALIKE:
        return 1.0
    left, right = _telling(one), _telling(other)
    if not left or not right:
        return 0.0
    from rapidfuzz import fuzz
    return float(fuzz.token_sort_ratio(left, right)) / 100


@lru_cache(maxsize=200)
def _runs(text: str) -> frozenset[str]:
    return twins.runs(text)


@lru_cache(maxsize=500)
def _telling(text: str) -> str:
    found = (_basic(word) for word in _WORD.findall(plain(text)))
    return " ".join(word for word in found if word not in _EMPTY)


def _basic(word: str) -> str:
    """The shortest dictionary form that is not the word as it stands."""
    return min(read(word).lemmas, key=lambda one: (one == word, len(one), one))

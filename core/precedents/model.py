"""A model of past decisions: which words went to whom. Small, plain Python, read from a file.

Trained elsewhere (``training.py``, in a process of its own); here it is only asked.
"""

import re
from array import array
from base64 import b64decode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt

import msgspec

CUT = 6
"""Letters of a word that count: Russian endings carry no meaning here («фонарь», «фонари»)."""
_WORD = re.compile(r"[а-яa-z]{3,}")


@dataclass(frozen=True, slots=True)
class Guess:
    """Who it went to in like cases, and how often such a guess was right when it was checked."""

    label: str
    certainty: float


class Step(msgspec.Struct, frozen=True):
    """Guesses of at least this probability were right in this share of the checks."""

    probability: float
    right: float
    checked: int


class Model(msgspec.Struct, frozen=True):
    """Weights as the file keeps them: ``weights`` are little-endian floats, a row for each label.

    ``steps`` come from cross-validation; below the first of them the model keeps silent.
    """

    cases: int
    labels: list[str]
    terms: dict[str, int]
    idf: list[float]
    weights: str
    bias: list[float]
    steps: list[Step]

    def rows(self) -> "Rows":
        """Ready to be asked."""
        flat = array("f")
        flat.frombytes(b64decode(self.weights))
        return Rows(self, flat)


@dataclass(frozen=True)
class Rows:
    """A model in memory."""

    model: Model
    flat: "array[float]"

    def guess(self, terms: Sequence[str]) -> Guess | None:
        """The likeliest label; None where the checks say that such guesses are no good."""
        probabilities = self._probabilities(terms)
        if not probabilities:
            return None
        best = max(range(len(probabilities)), key=probabilities.__getitem__)
        reached = [one for one in self.model.steps if probabilities[best] >= one.probability]
        return Guess(self.model.labels[best], reached[-1].right) if reached else None

    def _probabilities(self, terms: Sequence[str]) -> list[float]:
        known = Counter(self.model.terms[one] for one in terms if one in self.model.terms)
        if not known:
            return []
        values = {place: (1 + log(count)) * self.model.idf[place]
                  for place, count in known.items()}
        length = sqrt(sum(value * value for value in values.values()))
        width = len(self.model.idf)
        scores = [bias + sum(value / length * self.flat[label * width + place]
                             for place, value in values.items())
                  for label, bias in enumerate(self.model.bias)]
        highest = max(scores)
        weights = [exp(one - highest) for one in scores]
        return [one / sum(weights) for one in weights]


def terms_of(topic: str, category: str, place: str, text: str) -> list[str]:
    """What a message is told by: its topic as a whole, the street, the words and their pairs."""
    words = [one[:CUT] for one in _WORD.findall(_plain(text))]
    about = [one[:CUT] for one in _WORD.findall(_plain(f"{topic} {category}"))]
    where = [f"@{one[:CUT]}" for one in _WORD.findall(_plain(place))]
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    return [*words, *pairs, *about, f"#{_plain(topic).strip()}", *where]


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")

"""Whether an answer names a result and speaks of what was asked (R20, R24; 4.6¶4, 4.6¶7)."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from core.regulation.terms import AnswerKind
from core.textchecks.checking import Code, Finding
from core.textchecks.dates import find_dates
from core.textchecks.lexicon import Phrases, lexicon
from core.textchecks.morphology import plain, read
from core.textchecks.sentences import Sentence, Token, split

LEAST_ASKED = 2
"""A question with fewer telling words than this gives nothing to compare with."""
_STEM = 5
"""Words are akin that begin with the same letters, so many or the whole of the shorter one."""
_SHORTEST = 4
_SOFTENED = str.maketrans("жчшц", "гкхк")
"""«снег» and «снежный», «рука» and «ручной»: how a root changes before an ending."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the citizen's message is about: its text, its topic and its place."""

    text: str
    topic: str = ""
    place: str = ""


def substance(text: str, kind: AnswerKind, asked: Asked, today: date) -> Iterator[Finding]:
    """Findings on the text as a whole: no result for its kind, nothing of what was asked."""
    sentences = split(text, find_dates(text, today))
    yield from _no_result(text, kind, sentences)
    about = _telling(_tokens(asked.text), verbs=True) | _telling(_tokens(asked.topic))
    placed = _telling(_tokens(asked.place))
    if len(about) < LEAST_ASKED:
        return
    said = _telling(token for one in sentences for token in one.tokens)
    if not (_akin(about, said) or placed & said):
        yield Finding(
            Code.OFF_SUBSTANCE, "", 0, len(text), "R24", "4.6¶7",
            "Назовите то, о чём спрашивают: предмет и место из сообщения — и что с ним сделано "
            "или будет сделано.")


def _no_result(text: str, kind: AnswerKind, sentences: Sequence[Sentence]) -> Iterator[Finding]:
    words = lexicon("substance")
    if kind is AnswerKind.SOLVED and not any(_tells_result(one, words) for one in sentences):
        yield Finding(
            Code.NO_RESULT, "", 0, len(text), "R20", "4.6¶4",
            "Вопрос решён — напишите, что сделано и когда, например: «Яма у дома 5 заделана "
            "23.11.2026». Если ещё не решён, выберите другой вид ответа.")
    if kind is AnswerKind.IMPOSSIBLE and not any(one.tokens in words["grounds"]
                                                for one in sentences):
        yield Finding(
            Code.NO_RESULT, "", 0, len(text), "R20", "4.6¶4",
            "Обоснуйте, почему решение невозможно: чего не позволяет закон, норматив или "
            "собственник.")


def _tells_result(sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """Something past that is not paperwork, or a state of things that holds now."""
    for clause in sentence.clauses:
        if clause.tokens in words["procedure"] and not _done_beside(clause.tokens, words):
            continue
        if any(token.word.past or token.word.present for token in clause.tokens):
            return True
    return False


def _done_beside(tokens: Sequence[Token], words: dict[str, Phrases]) -> bool:
    """«принято и устранено»: another past word that is not paperwork."""
    return any(token.word.past and (token,) not in words["procedure"] for token in tokens)


def _tokens(text: str) -> Iterator[Token]:
    for sentence in split(text, ()):
        yield from sentence.tokens


def _telling(tokens: Iterator[Token] | Sequence[Token], *, verbs: bool = False
             ) -> frozenset[str]:
    """Dictionary forms that say what a text is about; house numbers count as they stand."""
    empty = _words("empty")
    found: set[str] = set()
    for token in tokens:
        if token.text.isdigit():
            found.add(token.text)
        elif len(token.text) > 2 and (token.word.noun or token.word.adjective
                                      or (verbs and token.word.finite)):
            lemmas = {one for one in token.word.lemmas if len(one) > 2}
            if not lemmas & empty:
                found |= lemmas
    return frozenset(found)


def _akin(asked: frozenset[str], said: frozenset[str]) -> bool:
    """A word in common, of one stem, or of one circle of the lexicon."""
    asked = frozenset(one for one in asked if not one.isdigit())
    if asked & said:
        return True
    roots = {_root(one) for one in asked if len(one) >= _SHORTEST}
    if any(_of_one_root(_root(one), roots) for one in said if len(one) >= _SHORTEST):
        return True
    return any(circle & asked and circle & said for circle in _circles())


def _root(word: str) -> str:
    return word[:_STEM].translate(_SOFTENED)


def _of_one_root(root: str, roots: set[str]) -> bool:
    return root in roots or root[:_SHORTEST] in roots or (
        len(root) == _SHORTEST and any(one.startswith(root) for one in roots))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(plain(one) for one in _table()[name])


@cache
def _circles() -> tuple[frozenset[str], ...]:
    """Each circle with every dictionary form of its words."""
    return tuple(
        frozenset(lemma for word in line.split() for lemma in read(word).lemmas)
        for line in _table()["alike"])


@cache
def _table() -> dict[str, list[str]]:
    source = files("core.textchecks").joinpath("lexicons", "substance.toml")
    table: dict[str, list[str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return table

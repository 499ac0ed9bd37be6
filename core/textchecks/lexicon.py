"""Phrases that the office can read and edit: how they are written and how they are matched.

In a phrase ``слово`` stands for any form of the word, ``=слово`` for this form alone,
``слов*`` for anything that begins so, ``а/б`` for either, ``=а/б`` for either in this form alone,
``…`` for up to five words in between, none beyond a comma. A line that begins with ``!`` is an
exception: no phrase of its list begins within its words.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.textchecks.morphology import plain
from core.textchecks.sentences import Token

GAP = "…"
_LONGEST_GAP = 5
_STEM = 3
"""``слов*`` gives at least so many letters."""


@dataclass(frozen=True, slots=True)
class Place:
    """What one word of a phrase may be."""

    forms: frozenset[str]
    """As it is written."""
    lemmas: frozenset[str]
    """In any form."""
    beginnings: tuple[str, ...]

    @classmethod
    def parse(cls, part: str) -> "Place":
        """«а/б»; a «=» before the first is before each: «=а/б» is «=а/=б»."""
        exact = part.startswith("=")
        words = part.split("/")
        starred = {one for one in words if one.endswith("*") and len(one) > 1}
        lemmas = {one for one in words if not (exact or one.startswith("="))} - starred
        forms = {one.removeprefix("=") for one in words} - starred
        return cls(frozenset(forms), frozenset(lemmas), tuple(one[:-1] for one in starred))

    def fits(self, token: Token) -> bool:
        """Whether a token is one of these words."""
        return (token.text in self.forms or not self.lemmas.isdisjoint(token.word.lemmas)
                or token.text.startswith(self.beginnings))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase, place by place; None stands for a gap."""

    places: tuple[Place | None, ...]

    @classmethod
    def parse(cls, line: str) -> "Phrase":
        """A phrase from its line in the lexicon."""
        return cls(tuple(
            None if part == GAP else Place.parse(plain(part)) for part in line.split()
        ))

    def end(self, tokens: Sequence[Token], start: int) -> int | None:
        """Where the phrase that begins at ``start`` ends, or None if it does not begin there."""
        return _end(self.places, 0, tokens, start)


def _end(
    places: tuple[Place | None, ...], at: int, tokens: Sequence[Token], start: int
) -> int | None:
    if at == len(places):
        return start
    place = places[at]
    if place is None:
        for skip in range(_LONGEST_GAP + 1):
            end = _end(places, at + 1, tokens, start + skip)
            if end is not None:
                return end
            if start + skip < len(tokens) and tokens[start + skip].text in ",;:":
                return None
        return None
    if start >= len(tokens) or not place.fits(tokens[start]):
        return None
    return _end(places, at + 1, tokens, start + 1)


class Phrases:
    """A list of phrases to look for in a stretch of tokens."""

    __slots__ = ("_by_first", "_by_prefix", "_except")

    def __init__(self, lines: Iterable[str]) -> None:
        self._by_first: dict[str, list[Phrase]] = {}
        self._by_prefix: dict[str, list[Phrase]] = {}
        lines = list(lines)
        exceptions = [line.removeprefix("!") for line in lines if line.startswith("!")]
        self._except = Phrases(exceptions) if exceptions else None
        for line in lines:
            if line.startswith("!"):
                continue
            phrase = Phrase.parse(line)
            first = phrase.places[0]
            for one in first.forms if first else ():
                self._by_first.setdefault(one, []).append(phrase)
            for one in first.beginnings if first else ():
                self._by_prefix.setdefault(one[:_STEM], []).append(phrase)

    def find(self, tokens: Sequence[Token]) -> tuple[int, int] | None:
        """The first place where one of the phrases stands, the longest: tokens [start, end)."""
        return next(self.every(tokens), None)

    def every(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
        """Each place where one of the phrases begins, the longest that begins there."""
        by_first, by_prefix = self._by_first, self._by_prefix
        barred: set[int] | None = None
        for start, token in enumerate(tokens):
            candidates = list(by_prefix.get(token.text[:_STEM], ())) if by_prefix else []
            for key in token.word.lemmas or (token.text,):
                if key in by_first:
                    candidates += by_first[key]
            if not candidates:
                continue
            ends = [end for phrase in candidates if (end := phrase.end(tokens, start)) is not None]
            if not ends:
                continue
            if barred is None:
                spans = self._except.every(tokens) if self._except else ()
                barred = {place for span in spans for place in range(*span)}
            if start not in barred:
                yield start, max(ends)

    def __contains__(self, tokens: Sequence[Token]) -> bool:
        return self.find(tokens) is not None


@cache
def lexicon(name: str) -> dict[str, Phrases]:
    """The lists of ``lexicons/NAME.toml``: list name -> phrases."""
    source = files("core.textchecks").joinpath("lexicons", f"{name}.toml")
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    return {key: Phrases(lines) for key, lines in tables.items()}

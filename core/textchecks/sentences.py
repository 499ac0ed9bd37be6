"""Text cut into sentences, clauses and tokens, each with its place in the text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.textchecks.dates import DateMention
from core.textchecks.morphology import NOT_A_WORD, Word, plain, read

_ABBREVIATIONS = (
    "г", "гг", "ул", "д", "кв", "корп", "стр", "пос", "дер", "с", "пл", "пр", "обл", "им", "т",
    "п", "пп", "ст", "ч", "см", "руб", "коп", "тыс", "млн", "кг", "м", "тел", "др", "проф", "исх",
    "вх", "н", "рп", "мкр", "ш", "пер", "наб", "б-р", "просп", "эт", "ок", "е", "сек", "мин",
)  # fmt: skip
_END = re.compile(
    r"(?<![.!?…])[.!?…]++[»\")]?(?=\s+[«\"(]?[A-ZА-ЯЁ0-9]|\s*$)|\n\s*\n|\n(?=\s*[-•–—А-ЯЁ])"
)
_TOKEN = re.compile(r"[А-Яа-яЁёA-Za-z]+(?:-[А-Яа-яЁёA-Za-z]+)*|\d+|[^\w\s]")
_ASIDES = frozenset({
    "ориентировочно", "предположительно", "вероятно", "видимо", "по-видимому", "конечно",
    "безусловно", "разумеется", "соответственно",
})  # fmt: skip
"""Words between commas that begin no clause."""
_BREAK = frozenset(",;:()")
DASHES = frozenset("—–")
_JOINT = frozenset({"и", "а", "но", "однако", "поэтому", "затем", "или", "либо"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, a mark, or a whole date (then ``date`` is set)."""

    start: int
    end: int
    text: str
    word: Word = NOT_A_WORD
    date: DateMention | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence around one predicate, or a verbless part of it."""

    tokens: tuple[Token, ...]

    @property
    def finite(self) -> bool:
        """Whether it has a predicate of its own."""
        return any(token.word.finite for token in self.tokens)

    @property
    def dates(self) -> tuple[DateMention, ...]:
        """The exact dates it names."""
        return tuple(token.date for token in self.tokens if token.date)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its place in the text."""

    start: int
    end: int
    text: str
    tokens: tuple[Token, ...]
    clauses: tuple[Clause, ...]


def split(text: str, dates: tuple[DateMention, ...]) -> tuple[Sentence, ...]:
    """The sentences of ``text``; ``dates`` become single tokens."""
    by_start = {one.start: one for one in dates}
    return tuple(_sentence(text, start, end, by_start) for start, end in _spans(text, dates))


def _spans(text: str, dates: tuple[DateMention, ...]) -> Iterator[tuple[int, int]]:
    start = 0
    inside_dates = {place for one in dates for place in range(one.start + 1, one.end - 1)}
    for match in _END.finditer(text):
        if match.start() in inside_dates or _is_abbreviation(text, match.start(), match.end()):
            continue
        yield from _stripped(text, start, match.end())
        start = match.end()
    yield from _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    body = piece.strip()
    if any(char.isalnum() for char in body):
        first = start + piece.index(body)
        yield first, first + len(body)


def _is_abbreviation(text: str, dot: int, end: int) -> bool:
    if text[dot] != "." or not re.compile(r"\s*\S").match(text, end):
        return False
    word = re.search(r"([\w-]+)$", text[max(0, dot - 12) : dot])
    if not word:
        return False
    if word[1].lower() == "г" and re.match(r"\s+[А-ЯЁ]", text[end : end + 12]):
        # «12 апреля 2026 г. Работы…» ends a sentence, «г. Мытищи» does not.
        return not re.search(r"\d\s*г$", text[max(0, dot - 12) : dot])
    initial = len(word[1]) == 1 and word[1].isupper()
    return initial or word[1].lower() in _ABBREVIATIONS


def _sentence(text: str, start: int, end: int, dates: Mapping[int, DateMention]) -> Sentence:
    tokens = tuple(_tokens(text, start, end, dates))
    return Sentence(start, end, text[start:end], tokens, tuple(_clauses(tokens)))


def _tokens(text: str, start: int, end: int, dates: Mapping[int, DateMention]) -> Iterator[Token]:
    place = start
    while match := _TOKEN.search(text, place, end):
        mention = dates.get(match.start())
        if mention:
            yield Token(mention.start, mention.end, text[mention.start : mention.end],
                        date=mention)  # fmt: skip
            place = mention.end
            continue
        form = match[0]
        if form.lower() == "есть" and text[start:match.start()].rstrip().lower().endswith("то"):
            yield Token(match.start(), match.end(), plain(form), NOT_A_WORD)  # «то есть 12.05»
            place = match.end()
            continue
        word = read(form) if form[0].isalpha() else NOT_A_WORD
        yield Token(match.start(), match.end(), plain(form), word)
        place = match.end()


def _clauses(tokens: tuple[Token, ...]) -> Iterator[Clause]:
    part: list[Token] = []
    tokens = tuple(_without_asides(tokens))
    for place, token in enumerate(tokens):
        dash = token.text in DASHES and _stands_apart(tokens, place)
        joint = _joins(tokens, place) and _has_finite(part) and _finite_ahead(tokens, place + 1)
        if part and (joint or dash or token.text in _BREAK):
            yield Clause(tuple(part))
            part = []
        if token.text not in _BREAK:
            part.append(token)
    if part:
        yield Clause(tuple(part))


def _without_asides(tokens: tuple[Token, ...]) -> Iterator[Token]:
    """Without the commas of «переносится, ориентировочно, на зиму»."""
    for place, token in enumerate(tokens):
        near = {one.text for one in tokens[max(0, place - 1) : place + 2]}
        if token.text != "," or not near & _ASIDES:
            yield token


def _joins(tokens: tuple[Token, ...], place: int) -> bool:
    """A word that begins the next clause without a comma: «и», «как только»."""
    as_soon = [token.text for token in tokens[place : place + 2]] == ["как", "только"]
    return as_soon or tokens[place].text in _JOINT


def _stands_apart(tokens: tuple[Token, ...], place: int) -> bool:
    """A dash between words, not the one of «2027–2028»."""
    return not (place and tokens[place - 1].end == tokens[place].start)


def _has_finite(tokens: list[Token]) -> bool:
    return any(token.word.finite for token in tokens)


def _finite_ahead(tokens: tuple[Token, ...], place: int) -> bool:
    for token in tokens[place:]:
        if token.text in _BREAK or token.text in DASHES:
            return False
        if token.word.finite:
            return True
    return False

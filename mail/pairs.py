"""«Ключ: значение»: the lines and table rows of a letter, named by a table of fields."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from mail.hypertext import rows


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a layout: our name, the headings it goes by, whether it may run on."""

    name: str
    headings: tuple[str, ...]
    long: bool = False


Found = dict[str, list[str]]
"""Values by our names, in the order found."""

_LINE = re.compile(r"^[ \t>*•-]{0,4}([^\n:]{1,48}?)[ \t]*:[ \t]*(.*)$")
_DOTTED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDY = re.compile(r"\b(\d{1,2})\s+([а-я]{3,8})\.?\s+(\d{4})", re.IGNORECASE)
_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")


def plain(heading: str) -> str:
    """A heading for comparison: lower case, ``ё`` as ``е``, single spaces, no ornament."""
    words = heading.lower().replace("ё", "е").replace("\xa0", " ").strip(' \t*_:.«»"').split()
    return " ".join(words)


@lru_cache(maxsize=64)
def _by_heading(fields: tuple[Field, ...]) -> Mapping[str, Field]:
    """The fields of a layout by what their headings are compared as."""
    return {plain(heading): one for one in fields for heading in one.headings}


def from_text(text: str, fields: Iterable[Field]) -> Found:
    """Fields given as lines; a long one runs to the next known heading or the end.

    A heading met again inside a long field is part of that field: a citizen may write
    «Адрес:» too. Personal data are the exception, see :mod:`mail.cards`.
    """
    known = _by_heading(tuple(fields))
    found: Found = {}
    current: Field | None = None
    for line in text.split("\n"):
        match = _LINE.match(line)
        field = known.get(plain(match[1])) if match else None
        if match and field and not (field.name in found and current and current.long):
            found.setdefault(field.name, []).append(match[2].strip())
            current = field
        elif current and current.long:
            found[current.name][-1] += "\n" + line.rstrip()
        elif line.strip():
            current = None
    return {name: _filled(values) for name, values in found.items()}


def from_tables(markup: str, fields: Iterable[Field]) -> Found:
    """Fields given as rows «heading | value» of an HTML table."""
    known = _by_heading(tuple(fields))
    found: Found = {}
    for cells in rows(markup) if "<t" in markup.lower() else ():
        if len(cells) >= 2 and plain(cells[0]) in known:
            found.setdefault(known[plain(cells[0])].name, []).append(" ".join(cells[1:]).strip())
    return {name: _filled(values) for name, values in found.items()}


def first(found: Found, name: str) -> str:
    """The first value of a field on one line, or an empty string."""
    return " ".join(next(iter(found.get(name, [])), "").split())


def _filled(values: list[str]) -> list[str]:
    return [value.strip() for value in values if value.strip()]


def day_in(text: str) -> date | None:
    """The first calendar day written in the text, as Russian offices write it, or None."""
    for year, month, day in _days(text):
        try:
            return date(year + 2000 if year < 100 else year, month, day)
        except ValueError:
            continue
    return None


def _days(text: str) -> Iterator[tuple[int, int, int]]:
    for match in _ISO.finditer(text):
        yield int(match[1]), int(match[2]), int(match[3])
    for match in _DOTTED.finditer(text):
        yield int(match[3]), int(match[2]), int(match[1])
    for match in _WORDY.finditer(text):
        word = match[2].lower()
        month = next((n for n, stem in enumerate(_MONTHS, 1) if word.startswith(stem)), 0)
        yield int(match[3]), month, int(match[1])

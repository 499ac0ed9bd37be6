"""How dates, numbers and foreign text are written in a Russian official document."""

import math
import re
import unicodedata
from datetime import date, datetime

from core.documents.values import Cell, Kind

NBSP = "\u00a0"
MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip

# Marks that reorder or hide the text around them: a file must read as it was written.
_REORDERING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad]")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNITS = (
    r"гг?\.|[%‰₽°]|руб|коп\.|шт\.|кв\.|куб\.|пог\.|тыс\.|млн\b|млрд\b|чел\.|экз\.|"
    r"(?:[мсдк]?м[²³]?|га|к?г|[тлчВА]|мин|сек|[кМ]?Вт|кВ|Гц|" + "|".join(MONTHS) + r")\b"
)
"""What is never parted from the number before it; the months of a date among them."""
_TIES = (
    (re.compile(r"№ (?=\S)"), f"№{NBSP}"),
    (re.compile(rf"(?<=\d) (?=\d{{3}}(?!\d)|{_UNITS})"), NBSP),
    (re.compile(r"\b(тыс\.|млн|млрд|пог\.|куб\.|кв\.) (?=руб|[₽м]|чел)"), rf"\1{NBSP}"),
    (re.compile(r"(?<=[IVX]) (?=вв?\.)|(?<=\bт\.) (?=[едпк]\.)"), NBSP),
    (re.compile(r"(?<=\d) (?=\(\d{3,5}\))|(?<=\d\)) (?=\d{1,3}-)"), NBSP),  # a telephone
    (re.compile(r"\b(пп?|ч|ст|абз|разд|гл|рис|табл|под|эт|оф|доб|вх|исх)\. (?=[\dIVX№])"),
     rf"\1.{NBSP}"),
    (re.compile(r"(?<!\d[ \u00a0])\b(г|ул|д|кв|стр|корп|мкр|пос|дер|с|пр|просп|пл|пер|наб|ш|им)\. "
                r"(?=\w)"), rf"\1.{NBSP}"),
    (re.compile(r"(?<=\b[А-ЯЁ]\.) (?=[А-ЯЁ])"), NBSP),
    (re.compile(r" (?=[—–] )"), NBSP),
)


def clean(text: str) -> str:
    """Return ``text`` with what no file format can carry taken out, otherwise unchanged.

    Line ends become ``\\n``; control characters, unpaired surrogates, noncharacters and marks
    of text direction go; letters are composed (NFC).
    """
    if text.isprintable():  # nothing of that is in it, as in nearly every text
        return unicodedata.normalize("NFC", text)
    text = _LINE_ENDS.sub("\n", text)
    kept = (mark for mark in _REORDERING.sub("", text) if mark in "\n\t" or _writable(mark))
    return unicodedata.normalize("NFC", "".join(kept)).replace("\t", " ")


def _writable(mark: str) -> bool:
    code = ord(mark)
    return (
        unicodedata.category(mark) not in ("Cc", "Cs")
        and code & 0xFFFE != 0xFFFE
        and not 0xFDD0 <= code <= 0xFDEF
    )


def line(text: str) -> str:
    """Return ``text`` cleaned, on one line, with the usual non-breaking spaces."""
    return tied(" ".join(clean(text).split()))


def paragraphs(text: str) -> list[str]:
    """Divide ``text`` at its line breaks; empty lines go."""
    return [line(part) for part in clean(text).split("\n") if part.strip()]


def tied(text: str) -> str:
    """Keep together what must not be torn at a line's end: «№ 5», «д. 7», «А. В. Соколов»."""
    if " " not in text:
        return text  # as most cells of a table
    for pattern, replacement in _TIES:
        text = pattern.sub(replacement, text)
    return text


def long_date(day: date) -> str:
    """«5 ноября 2026 г.»"""
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]} {day.year}{NBSP}г."


def short_date(day: date) -> str:
    """«05.11.2026»"""
    return f"{day:%d.%m.%Y}"


def moment(at: datetime) -> str:
    """«05.11.2026 14:05», in the zone the moment was given in."""
    return f"{at:%d.%m.%Y %H:%M}"


def cell(value: Cell, kind: Kind) -> str:
    """Write one table cell for people; nothing and what is no number are a dash."""
    match value:
        case None:
            return "—"
        case str():
            return line(value)
        case datetime():
            return moment(value)
        case date():
            return short_date(value)
        case _:
            return _number(value, kind)


def _number(value: int | float, kind: Kind) -> str:
    if not math.isfinite(value):
        return "—"
    if kind is Kind.PERCENT:
        return f"{_grouped(round(value * 100, 1))}{NBSP}%"
    return _grouped(round(value, 2))


def _grouped(value: int | float) -> str:
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return text.replace(",", NBSP).replace(".", ",").replace("-", "−")

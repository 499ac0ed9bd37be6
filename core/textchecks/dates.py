"""Exact calendar dates in Russian text: in figures, with a month's name, in words, as ranges."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

MONTHS = ("январ", "феврал", "март", "апрел", "мая", "июн", "июл", "август", "сентябр", "октябр",
          "ноябр", "декабр")  # fmt: skip
_MONTH = (
    r"(?P<month>январ[яь]|феврал[яь]|марта|апрел[яь]|мая|июн[яь]|июл[яь]|августа|сентябр[яь]|"
    r"октябр[яь]|ноябр[яь]|декабр[яь]|(?:янв|февр?|мар|апр|июн|июл|авг|сент?|окт|нояб?|дек)\.)"
    r"(?![а-яё])"
)
_YEAR = (
    r"(?:\s*(?P<year>20\d\d)(?:\s*(?:года|году|г\b\.?))?|"
    r"\s+(?:т\.\s?г\.|(?:сего|текущего|(?P<last>прошлого|минувшего))\s+года))?"
)
_ORDINALS = ("перв", "втор", "трет", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят",
             "одиннадцат", "двенадцат", "тринадцат", "четырнадцат", "пятнадцат", "шестнадцат",
             "семнадцат", "восемнадцат", "девятнадцат", "двадцат", "тридцат")  # fmt: skip
_ENDING = r"(?:ого|его|ому|ему|ьего|ьему|ое|ье|ым|ьим)"
_NUMBERS = "|".join(_ORDINALS[::-1]).replace("четверт", "четв[её]рт")
_IN_WORDS = rf"(?:(?P<tens>двадцать|тридцать)\s+)?(?P<ordinal>{_NUMBERS}){_ENDING}"

_COUNTS_OR_CITES = (
    "ункт", "ункта", "ункте", "асть", "асти", "тья", "тьи", "тье", "здел", "здела", "зделе",
    "оставил", "оставила", "оставило", "авен", "авна", "инут", "ерсия", "ерсии", "щадью", "риной",
    "линой", "сотой", "гост", "снип", "анпин", "биной", "щиной", "ъемом", "ъёмом", "есом",
)  # fmt: skip
_WORD_BEFORE = "(?<=[а-яё]{3} )" + "".join(
    f"(?<!{ending} )" for ending in _COUNTS_OR_CITES
)
"""A day and a month in bare figures are a date after a word that counts and cites nothing."""

_PATTERNS = (
    re.compile(r"(?<![\d.])(?P<year>20\d\d)-(?P<monthno>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(
        r"(?<![\d./-])(?P<day>\d{1,2})(?P<sep>[./])(?P<monthno>\d{1,2})(?P=sep)"
        r"(?P<year>20\d\d|\d\d)(?!\.?\d)(?:\s*г(?:ода|\b\.?))?"
    ),
    re.compile(
        r"(?:(?<=\bдо )|(?<=\bпо )|(?<=\bс )|(?<=\bк )|(?<=\bна )|(?<=[—–,;:] )|"
        + _WORD_BEFORE + r")"
        r"(?P<day>\d\d)\.(?P<monthno>0[1-9]|1[0-2])(?!\.?\d|\s*(?:%|м\b|км|руб|кв\b|куб|га\b|тыс|кг|см\b|мм\b|т\b|град|час|проц))",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![\d.,№])[«\"]?(?P<day>\d{{1,2}})(?:\s?-?(?:го|ого|е|ое|му))?[»\"]?\s*{_MONTH}{_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_IN_WORDS}\s+{_MONTH}{_YEAR}", re.IGNORECASE),
)
_RANGE_HEAD = re.compile(
    r"(?:\bс\s+)?(?P<day>\d{1,2})(?:-?го)?\s*(?:–|—|-|\bпо\b|\bдо\b|\bи\b)\s*$", re.IGNORECASE
)  # fmt: skip
_RANGE_HEAD_IN_FIGURES = re.compile(r"(?P<day>\d\d)\.(?P<monthno>\d\d)\s*(?:–|—|-|\bпо\b)\s*$")

_REFERENCE_BEFORE = re.compile(
    r"(?:\bот|\b(?:данные|сведения) на|\bпо состоянию на)\s*$", re.IGNORECASE
)
_REFERENCE_AFTER = re.compile(
    r"\s*(?:г\.|года)?[\s,(]*(?:за\s+)?(?:исх\.?\s*|вх\.?\s*)?(?:№|N\s?\d)"
)
_OCCASION_BEFORE = re.compile(
    r"(?:\bпо (?:итогам|результатам)|\bв ходе|\bпри|\bво время)\s+(?:[а-яё-]+\s+){1,4}$",
    re.IGNORECASE,
)
"""«в ходе осмотра 10.04.2026»: the day of the occasion, not of the work."""
_INSPECTION_BEFORE = re.compile(
    r"\b(?:осмотр|обследовани|проверк|выезд|рейд|замер|обход|комисси)[а-яё]*\s*$", re.IGNORECASE)
_INSPECTION_AFTER = re.compile(
    r"\s*(?:г\.|года)?,?\s*(?:[а-яё]+\s+){0,2}(?:показал|выяв|установ|подтверд|зафиксир|обнаруж)",
    re.IGNORECASE)
"""«осмотр 08.04.2026 показал»: again the day of the occasion."""
_NAME_BEFORE = re.compile(
    r"\b(?:ул|улиц[аеуы]|пер|переул\w+|пл|площад\w+|проспект\w*|просп|сквер\w*|парк\w*|им|имени|"
    r"проезд\w*|микрорайон\w*|мкр|бульвар\w*|колхоз\w*)\.?\s*[«\"]?$",
    re.IGNORECASE,
)
"""«ул. 1 Мая» names a street."""
_EVENT_BEFORE = re.compile(
    r"\b(?:отключени|авари|инцидент|происшестви|снегопад|лив[не]н|паводк|гроз|пожар|порыв|прорыв|обрыв|утечк|"
    r"затоплени|подтоплени|дтп|наезд|ветр|осадк)\w*(?:\s+в ночь(?: с \d+)? на)?\s*$",
    re.IGNORECASE,
)
"""«отключение 5 апреля длилось»: what happened, not what was done."""
_VALIDITY_BEFORE = re.compile(
    r"(?:вступ\w+ в (?:законную )?силу(?:\s+с)?|"
    r"(?:действу\w+|действит\w+|срок\w* действия\s*(?:[\w-]+\s+){0,2}[—–-]?|"
    r"на гарантии|гаранти(?:[яю]|йн\w+)(?:\s+\w+){0,3}\s*[—–-]?)"
    r"\s+(?:до|по|со?)|ист[её](?:ка|к|ч)\w*)\s*$",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"(?:\bпосле|\bне ранее|\bне раньше|\bпозже|\bпозднее)\s*$", re.IGNORECASE
)
"""«после 15 мая» names no day; «не позднее 15 мая» does."""
_NOT_LATER = re.compile(r"\bне (?:позже|позднее)\s*$", re.IGNORECASE)
_MOVED_TO = re.compile(r"\s+на\s+\d", re.IGNORECASE)
_AS_DEADLINE = re.compile(
    r"(?:\bдо|\bк|\bпо|\bне позднее|\bне позже|"
    r"\bсрок\w*(?:\s+(?:исполн|выполн|устран|заверш|оконч)\w+)?\s*[—–:-]?|\bна)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in the text. ``day`` is None when the calendar has no such day (31 апреля)."""

    start: int
    end: int
    day: date | None
    requisite: bool = False
    """No day of work: the date of a document or a message, or the day before all of it."""
    as_deadline: bool = False
    """Stands after «до», «к», «не позднее», «срок»."""


def find_dates(text: str, today: date) -> tuple[DateMention, ...]:
    """Every exact date of ``text`` in its order, requisites included and marked.

    A year that is not written is ``today``'s, or the next one for a day of the coming three
    months when ``today`` is late in the year.
    """
    found: list[DateMention] = []
    for match in _matches(text):
        mention = DateMention(
            match.start(),
            match.end(),
            _day(match, today),
            requisite=_is_requisite(text, match.start(), match.end()),
            as_deadline=bool(_AS_DEADLINE.search(_before(text, match.start()))),
        )
        first = _beginning_of_range(text, mention, today)
        deadline = mention.as_deadline or any(one.as_deadline for one in first)
        found += [*first, replace(mention, as_deadline=deadline)]
    return tuple(_without_moved(text, found))


def _matches(text: str) -> Iterator[re.Match[str]]:
    taken = 0
    every = [match for pattern in _PATTERNS for match in pattern.finditer(text)]
    for match in sorted(every, key=lambda one: (one.start(), -one.end())):
        if match.start() < taken:
            continue
        taken = match.end()
        if not _is_name(text, match):
            yield match


def _is_name(text: str, match: re.Match[str]) -> bool:
    """«ул. 1 Мая», not «на улице 1 мая»."""
    capital = (match.groupdict().get("month") or "")[:1].isupper()
    return capital and _NAME_BEFORE.search(_before(text, match.start())) is not None


def _before(text: str, place: int) -> str:
    """What stands right before a date; enough to tell its role."""
    return text[max(0, place - 60) : place]


def _is_requisite(text: str, start: int, end: int) -> bool:
    before = _before(text, start)
    return bool(
        _REFERENCE_BEFORE.search(before)
        or _VALIDITY_BEFORE.search(before)
        or (_NOT_BEFORE.search(before) and not _NOT_LATER.search(before))
        or (_OCCASION_BEFORE.search(before) and not _AS_DEADLINE.search(before))
        or _REFERENCE_AFTER.match(text, end)
        or _EVENT_BEFORE.search(before)
        or (_INSPECTION_BEFORE.search(before) and _INSPECTION_AFTER.match(text, end))
    )


def _beginning_of_range(text: str, last: DateMention, today: date) -> list[DateMention]:
    """«с 20 по 25 мая», «20–25 мая», «20.04–25.04.2026»: the first day of the range."""
    before = _before(text, last.start)
    shift = last.start - len(before)
    if last.day is None or last.requisite:
        return []
    if match := _RANGE_HEAD_IN_FIGURES.search(before):
        first = _calendar_day(last.day.year, int(match["monthno"]), int(match["day"]))
    elif match := _RANGE_HEAD.search(before):
        first = _calendar_day(last.day.year, last.day.month, int(match["day"]))
    else:
        return []
    if first is None or first > last.day:
        return []
    start = shift + match.start("day")
    as_deadline = bool(_AS_DEADLINE.search(_before(text, start)))
    return [DateMention(start, shift + match.end(), first, as_deadline=as_deadline)]


def _without_moved(text: str, found: list[DateMention]) -> Iterator[DateMention]:
    """«перенесён с 30 апреля на 30 мая»: the former day is no longer a date of the work."""
    for mention in found:
        moved = text[max(0, mention.start - 2) : mention.start].lower().endswith("с ")
        if moved and _MOVED_TO.match(text, mention.end):
            yield replace(mention, requisite=True)
        else:
            yield mention


def _day(match: re.Match[str], today: date) -> date | None:
    parts = match.groupdict()
    month = int(parts["monthno"]) if parts.get("monthno") else _month_number(parts["month"])
    number = int(parts["day"]) if parts.get("day") else _ordinal(parts["tens"], parts["ordinal"])
    year = parts.get("year")
    if year:
        return _calendar_day(2000 + int(year) % 100, month, number)
    if parts.get("last"):
        return _calendar_day(today.year - 1, month, number)
    this_year = _calendar_day(today.year, month, number)
    next_year = _calendar_day(today.year + 1, month, number)
    if this_year and next_year and this_year < today and (next_year - today).days <= 92:
        return next_year
    return this_year


def _month_number(name: str) -> int:
    word = name.lower()
    return next(n for n in range(1, 13) if word.startswith(MONTHS[n - 1][:3]))


def _ordinal(tens: str | None, ordinal: str) -> int:
    number = _ORDINALS.index(ordinal.lower().replace("ё", "е")) + 1
    number = {20: 20, 21: 30}.get(number, number)
    return number + {"двадцать": 20, "тридцать": 30}.get((tens or "").lower(), 0)


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

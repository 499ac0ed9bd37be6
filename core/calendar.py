"""The working calendar: working-day arithmetic on Russia's official production calendar.

Working days, weekends, holidays and the moved days of each year's government decree come from
the ``holidays`` package; what it does not hold (short days, hours) stands here as data, and what
only the office knows (regional days, decrees of the year) comes in an :class:`Overlay`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final, Self
from zoneinfo import ZoneInfo

from holidays import country_holidays

from core.errors import BadTableError, BeyondCalendarError

FIRST_OFFICIAL_YEAR: Final = 2019
LAST_OFFICIAL_YEAR: Final = 2027
"""The last year whose decree on moved days off is out and in the package; raise it by hand,
together with ``SHORT_DAYS``, when the next decree is published (usually in autumn)."""

LATE_INTAKE: Final = time(18)
"""Messages received later may be registered on the next working day (3¶1, R5)."""

FIRST_HOURS: Final = timedelta(hours=2)
"""«Первые часы работы» of 3¶1: how long after the start of work such registration may take."""

SHORTER_BY: Final = timedelta(hours=1)
"""How much shorter a working day before a holiday is (Labour Code, art. 95)."""

MOSCOW: Final = ZoneInfo("Europe/Moscow")

SHORT_DAYS: Final[Mapping[int, str]] = {
    2019: "22.02 07.03 30.04 08.05 11.06 31.12",
    2020: "30.04 08.05 11.06 03.11 31.12",
    2021: "20.02 30.04 11.06 03.11",
    2022: "22.02 05.03 03.11",
    2023: "22.02 07.03 03.11",
    2024: "22.02 07.03 08.05 11.06 02.11",
    2025: "07.03 30.04 11.06 01.11",
    2026: "30.04 08.05 11.06 03.11",
    2027: "20.02 30.04 11.06 03.11",
}
"""Working days shorter by an hour, day.month: the eve of a holiday (Labour Code, art. 95) or the
working Saturday that took such an eve's place."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The office's hours on an ordinary working day, local time."""

    start: time = time(9)
    end: time = time(18)

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise BadTableError(
                f"Начало рабочего дня ({self.start:%H:%M}) должно быть раньше конца "
                f"({self.end:%H:%M}): исправьте WORKDAY_START и WORKDAY_END."
            )


@dataclass(frozen=True, slots=True)
class Overlay:
    """What the office adds to the official calendar: day -> the reason, as the admin wrote it."""

    days_off: Mapping[date, str] = field(default_factory=dict)
    """Regional days off and «нерабочие дни» by decree; nobody works, deadlines stand still."""
    working_days: Mapping[date, str] = field(default_factory=dict)
    """Days off on which the office works after all."""
    short_days: Mapping[date, str] = field(default_factory=dict)
    """Working days that end an hour earlier, beyond the official ones."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the admin's TOML file.

        Tables ``days_off``, ``working_days`` and ``short_days``; each line is
        ``2026-04-21 = "reason"`` or, for a run of days, ``"2026-05-04..2026-05-08" = "reason"``.

        Raises:
            BadTableError: names every bad line and what it should be.
        """
        tables = _load(path)
        problems = [
            f"неизвестный раздел «{name}» (есть {', '.join(_TABLES)})"
            for name in tables.keys() - set(_TABLES)
        ]
        days: dict[str, dict[date, str]] = {
            name: _read_table(name, tables.get(name, {}), problems) for name in _TABLES
        }
        problems += [
            f"{_russian(day)} стоит и в days_off, и в working_days: оставьте одно"
            for day in sorted(days["days_off"].keys() & days["working_days"].keys())
        ]
        if problems:
            raise BadTableError(f"Поправки к календарю ({path.name}): {'; '.join(problems)}.")
        return cls(**days)


class WorkingCalendar:
    """Working-day arithmetic within the official years. Immutable; never reads a clock.

    Every method that is given, or would have to give, a day outside
    ``FIRST_OFFICIAL_YEAR``–``LAST_OFFICIAL_YEAR`` raises :class:`BeyondCalendarError`.
    """

    __slots__ = ("_ends", "_hours", "_passed", "_short", "_spans", "_working", "zone")

    def __init__(
        self, working: frozenset[date], short: frozenset[date], hours: WorkingHours, zone: ZoneInfo
    ) -> None:
        self._working = sorted(working)
        self._passed = list(accumulate(_day(n) in working for n in range(_LENGTH)))
        self._short = short
        self._hours = hours
        self.zone = zone
        self._ends: dict[date, datetime] = {}
        self._spans: dict[date, tuple[int, float, float]] = {}
        # worked out once a day of the calendar: reports ask hundreds of thousands of times

    @classmethod
    def official(
        cls,
        overlay: Overlay = Overlay(),
        hours: WorkingHours = WorkingHours(),
        zone: ZoneInfo = MOSCOW,
    ) -> Self:
        """The official calendar with the office's overlay on top.

        Raises:
            BadTableError: the overlay shortens a day on which nobody works.
        """
        kept = _official_working_days() - overlay.days_off.keys()
        working = kept | overlay.working_days.keys()
        idle = sorted(overlay.short_days.keys() - working)
        if idle:
            raise BadTableError(
                f"Поправки к календарю: {_russian(idle[0])} — выходной день, его нельзя сделать "
                "сокращённым; уберите строку из short_days или добавьте день в working_days."
            )
        short = working & (_official_short_days() | overlay.short_days.keys())
        return cls(working, short, hours, zone)

    @staticmethod
    def months_left(today: date) -> int:
        """Whole months from the end of this month to the end of the known calendar, or 0."""
        return max(0, (LAST_OFFICIAL_YEAR - today.year) * 12 + 12 - today.month)

    def is_working(self, day: date) -> bool:
        """Whether the office works that day."""
        place = _place(day)
        return self._passed[place] > (self._passed[place - 1] if place else 0)

    def is_short(self, day: date) -> bool:
        """Whether it is a working day that ends an hour earlier."""
        _place(day)
        return day in self._short

    def next_working(self, day: date) -> date:
        """The first working day strictly after ``day``."""
        return self.add_working_days(day, 1)

    def add_working_days(self, start: date, n: int) -> date:
        """The ``n``-th working day after ``start``; ``start`` itself is not counted.

        Day 1 is the first working day after ``start`` (Civil Code, art. 191); 0 gives ``start``;
        a negative ``n`` counts the working days strictly before it.
        """
        place = _place(start)
        if n == 0:
            return start
        passed = self._passed[place]
        before = passed - self.is_working(start)
        wanted = passed + n - 1 if n > 0 else before + n
        if wanted >= len(self._working):
            raise _beyond(LAST_OFFICIAL_YEAR + 1)
        if wanted < 0:
            raise _beyond(FIRST_OFFICIAL_YEAR - 1)
        return self._working[wanted]

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days lie in (a, b]; negative when ``b`` is before ``a``."""
        return self._passed[_place(b)] - self._passed[_place(a)]

    def working_days_left(self, now: datetime, due: date) -> int:
        """Working days after today up to and including ``due``; 0 on the due day itself.

        Negative: working days passed since. On days off right after ``due`` it is still 0:
        compare ``local_date(now)`` with ``due`` to learn whether the deadline is missed.
        """
        return self.working_days_between(self.local_date(now), due)

    def working_time(self, moment: datetime) -> float:
        """Working days passed by then since the first official day, today's by its part.

        Only a difference means something: 1.5 is a day and a half of the office's work.
        """
        day = self.local_date(moment)
        span = self._spans.get(day)
        if span is None:
            span = self._spans[day] = self._span(day)
        passed, start, length = span
        if not length:
            return float(passed)
        return passed - 1 + min(max((moment.timestamp() - start) / length, 0.0), 1.0)

    def _span(self, day: date) -> tuple[int, float, float]:
        """Working days passed with this one, when its work begins (POSIX), seconds of it."""
        passed = self._passed[_place(day)]
        if not self.is_working(day):
            return passed, 0.0, 0.0
        start = self.start_of_work(day).timestamp()
        return passed, start, self.end_of_work(day).timestamp() - start

    def after_working_time(self, moment: datetime, days: float) -> datetime:
        """When so many working days (>= 0, parts too) of the office's time have passed."""
        whole, part = divmod(self.working_time(moment) + days, 1.0)
        if int(whole) >= len(self._working):
            raise _beyond(LAST_OFFICIAL_YEAR + 1)
        day = self._working[int(whole)]
        start = self.start_of_work(day)
        return start + part * (self.end_of_work(day) - start)

    def moved_from_day_off(self, day: date) -> date:
        """``day``, or the next working day when it is a day off (Civil Code, art. 193)."""
        return day if self.is_working(day) else self.next_working(day)

    def local_date(self, moment: datetime) -> date:
        """The office's date at a moment, which must carry its offset."""
        return self._local(moment).date()

    def start_of_work(self, day: date) -> datetime:
        """When work begins; the ordinary hour on a day off."""
        _place(day)
        return datetime.combine(day, self._hours.start, self.zone)

    def end_of_work(self, day: date) -> datetime:
        """When work ends, an hour earlier on a short day; the ordinary hour on a day off."""
        known = self._ends.get(day)
        if known is None:
            end = datetime.combine(day, self._hours.end, self.zone)
            known = self._ends[day] = end - SHORTER_BY if self.is_short(day) else end
        return known

    def registration_due(self, received: datetime) -> datetime:
        """By when a message must be registered (3¶1, R5).

        The end of the same working day; if it came after 18:00, after the end of work or on a
        day off: ``FIRST_HOURS`` after the start of the next working day.
        """
        local = self._local(received)
        day = local.date()
        end = self.end_of_work(day)
        if self.is_working(day) and local.time() <= LATE_INTAKE and local <= end:
            return end
        return self.start_of_work(self.next_working(day)) + FIRST_HOURS

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a moment without an offset has no date at the office")
        return moment.astimezone(self.zone)


_FIRST_DAY: Final = date(FIRST_OFFICIAL_YEAR, 1, 1).toordinal()
_LENGTH: Final = date(LAST_OFFICIAL_YEAR, 12, 31).toordinal() - _FIRST_DAY + 1


def _day(place: int) -> date:
    return date.fromordinal(_FIRST_DAY + place)


def _place(day: date) -> int:
    """The day's number counted from the first official day."""
    place = day.toordinal() - _FIRST_DAY
    if not 0 <= place < _LENGTH:
        raise _beyond(day.year, day)
    return place


def _beyond(year: int, day: date | None = None) -> BeyondCalendarError:
    what = f"Дата {_russian(day)}" if day else f"Срок приходится на {year} год и"
    known = f"{FIRST_OFFICIAL_YEAR}–{LAST_OFFICIAL_YEAR}"
    if year > LAST_OFFICIAL_YEAR:
        advice = "обновите программу, когда Правительство утвердит перенос выходных дней"
    else:
        advice = "проверьте дату"
    return BeyondCalendarError(
        f"{what} выходит за пределы официального производственного календаря "
        f"(известны {known} годы): {advice}."
    )


def _russian(day: date) -> str:
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


@cache
def _official_working_days() -> frozenset[date]:
    """Asked of the package once: a year's holidays take it milliseconds to work out."""
    years = range(FIRST_OFFICIAL_YEAR, LAST_OFFICIAL_YEAR + 1)
    russia = country_holidays("RU", years=years)
    return frozenset(day for day in map(_day, range(_LENGTH)) if russia.is_working_day(day))


@cache
def _official_short_days() -> frozenset[date]:
    return frozenset(
        date(year, int(entry[3:]), int(entry[:2]))
        for year, row in SHORT_DAYS.items()
        for entry in row.split()
    )


_TABLES: Final = ("days_off", "working_days", "short_days")
_RUN_OF_DAYS: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*\.\.\s*(\d{4}-\d\d-\d\d))?")


def _load(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BadTableError(f"Нет файла поправок к календарю: {path}; создайте его.") from None
    except (OSError, UnicodeDecodeError) as failure:
        raise BadTableError(
            f"Поправки к календарю ({path.name}) не читаются: проверьте права на файл и "
            "сохраните его в кодировке UTF-8."
        ) from failure
    except tomllib.TOMLDecodeError as failure:
        line = re.search(r"at line (\d+)", str(failure))
        place = f"строка {line[1]}" if line else "последняя строка"
        raise BadTableError(
            f"Поправки к календарю ({path.name}), {place}: ожидается строка вида "
            '2026-04-21 = "причина", и каждый день — один раз.'
        ) from failure


def _read_table(name: str, table: object, problems: list[str]) -> dict[date, str]:
    """The days of one table; what is wrong with a line goes to ``problems``."""
    days: dict[date, str] = {}
    if not isinstance(table, dict):
        problems.append(f"{name} должен быть разделом: [{name}]")
        return days
    for key, reason in table.items():
        try:
            run = _run_of_days(key)
        except ValueError as failure:
            problems.append(f"[{name}] {key}: {failure}")
            continue
        if not isinstance(reason, str) or not reason.strip():
            problems.append(f'[{name}] {key}: после знака = нужна причина в кавычках, "указ № …"')
            continue
        problems += [
            f"[{name}] {key}: {_russian(day)} указан дважды" for day in run if day in days
        ]
        days.update(dict.fromkeys(run, reason.strip()))
    return days


def _run_of_days(key: str) -> list[date]:
    match = _RUN_OF_DAYS.fullmatch(key.strip())
    if not match:
        raise ValueError("нужна дата вида 2026-04-21 или промежуток 2026-05-04..2026-05-08")
    try:
        first, last = (date.fromisoformat(text) for text in (match[1], match[2] or match[1]))
    except ValueError:
        raise ValueError("такой даты нет") from None
    if first > last:
        raise ValueError("первый день промежутка позже последнего")
    if first.toordinal() < _FIRST_DAY or last.toordinal() >= _FIRST_DAY + _LENGTH:
        known = f"{FIRST_OFFICIAL_YEAR}–{LAST_OFFICIAL_YEAR}"
        raise ValueError(f"день вне официального календаря, известны {known} годы")
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]

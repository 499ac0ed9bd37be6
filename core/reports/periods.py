"""The periods that reports are made for: whole days of the office, one after another."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.calendar import WorkingCalendar
from core.documents.wording import MONTHS as MONTHS_OF
from core.regulation.routines import Period


@dataclass(frozen=True, slots=True)
class Span:
    """Days [first, last]; ``key`` names the period in the book of routines."""

    kind: Period
    first: date
    last: date
    key: str

    def start(self, zone: ZoneInfo) -> datetime:
        """The beginning of the first day."""
        return datetime.combine(self.first, time(), zone)

    def end(self, zone: ZoneInfo) -> datetime:
        """The end of the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(), zone)

    def whole(self, calendar: WorkingCalendar) -> bool:
        """Whether it is just one day, week, month or year of the office."""
        usual = containing(self.kind, self.first, calendar)
        return (self.first, self.last) == (usual.first, usual.last)

    @property
    def label(self) -> str:
        """«за 27 ноября 2026 г.», «с 23 по 29 ноября 2026 г.», «за ноябрь 2026 г.»"""
        if self.kind is Period.MONTH:
            return f"за {MONTHS[self.first.month - 1]} {self.first.year} г."
        if self.first == self.last:
            return f"за {_said(self.first)}"
        if (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return f"с {self.first.day} по {_said(self.last)}"
        if self.first.year == self.last.year:
            return f"с {self.first.day} {MONTHS_OF[self.first.month - 1]} по {_said(self.last)}"
        return f"с {_said(self.first)} по {_said(self.last)}"


MONTHS = ("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь",
          "октябрь", "ноябрь", "декабрь")


def _said(day: date) -> str:
    return f"{day.day} {MONTHS_OF[day.month - 1]} {day.year} г."


def containing(kind: Period, day: date, calendar: WorkingCalendar) -> Span:
    """The period of that kind in which the day lies.

    The days off after a working day belong to it, so that the daily reports leave no gap.
    """
    match kind:
        case Period.WORKING_DAY:
            first = day if calendar.is_working(day) else calendar.add_working_days(day, -1)
            last = calendar.next_working(first) - timedelta(days=1)
            return Span(kind, first, last, first.isoformat())
        case Period.WEEK:
            first = day - timedelta(days=day.weekday())
            year, week, _ = day.isocalendar()
            return Span(kind, first, first + timedelta(days=6), f"{year}-W{week:02}")
        case Period.MONTH:
            first = day.replace(day=1)
            following = (first + timedelta(days=31)).replace(day=1)
            return Span(kind, first, following - timedelta(days=1), f"{first:%Y-%m}")
        case _:
            return Span(kind, day.replace(month=1, day=1), day.replace(month=12, day=31),
                        f"{day.year}")


def before(span: Span, calendar: WorkingCalendar) -> Span:
    """The period of the same kind just before; of another run of days, as many days."""
    day = span.first - timedelta(days=1)
    if span.whole(calendar):
        return containing(span.kind, day, calendar)
    return between(day - (span.last - span.first), day)


def between(first: date, last: date) -> Span:
    """Any run of days: a quarter, a year."""
    return Span(Period.YEAR, first, last, f"{first}..{last}")

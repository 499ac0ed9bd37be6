"""When a person is left in peace: quiet hours, and what goes through them all the same."""

from datetime import date, datetime, time, timedelta

from core.calendar import WorkingCalendar
from core.notices import Notice, NoticeKind
from core.people import Person, Quiet

USUAL = Quiet(21 * 60, 8 * 60)
"""From nine in the evening to eight in the morning; an office may set others (QUIET_HOURS)."""

THROUGH = frozenset({NoticeKind.PHOTO_VERDICT, NoticeKind.REPLY, NoticeKind.OVERDUE})
"""The answer to what the person has just done, and what is overdue already."""


def minute(at: datetime) -> int:
    """The minute of its day."""
    return at.hour * 60 + at.minute


def goes_through(notice: Notice) -> bool:
    """Whether it is said at any hour: urgent, awaited, or worthless in the morning."""
    last_day = notice.kind is NoticeKind.REMINDER and int(notice.facts.get("left", "0")) <= 0
    return notice.kind in THROUGH or last_day


def until(notice: Notice, person: Person, usual: Quiet, calendar: WorkingCalendar, now: datetime
          ) -> datetime | None:
    """When the quiet that holds the notice back ends; None where it may go now."""
    if goes_through(notice):
        return None
    end = quiet_until(person.quiet or usual, calendar, now)
    if end is None or (notice.expires_at is not None and notice.expires_at <= end):
        return None
    return end


def quiet_until(quiet: Quiet, calendar: WorkingCalendar, now: datetime) -> datetime | None:
    """When the quiet of this moment ends; None where it is not quiet now."""
    local = now.astimezone(calendar.zone)
    end = _night(quiet, local)
    if not quiet.days_off:
        return end
    day = (end or local).date()
    if calendar.is_working(day):
        return end
    morning = quiet.end if quiet.start != quiet.end else 0
    return _at(calendar.next_working(day), morning, local)


def _night(quiet: Quiet, local: datetime) -> datetime | None:
    now, start, end = minute(local), quiet.start, quiet.end
    if start == end:
        return None
    if start < end:
        return _at(local.date(), end, local) if start <= now < end else None
    if now >= start:
        return _at(local.date() + timedelta(days=1), end, local)
    return _at(local.date(), end, local) if now < end else None


def _at(day: date, minutes: int, local: datetime) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60), local.tzinfo)

"""Days that people choose or write."""

import re
from datetime import date, datetime

from bot.handlers.tools import Tools
from bot.keyboards.lists import DAY_CODE
from bot.texts import general
from core.errors import NotAcceptedError

MOST_DAYS = 8
_WRITTEN = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:\s*г\.?)?\s*")


def office_days(tools: Tools, latest: date | None) -> tuple[date, ...]:
    """Working days from today to ``latest``, at most eight; days off are not offered."""
    calendar = tools.office.calendar
    day = calendar.moved_from_day_off(calendar.local_date(tools.office.clock.now()))
    days: list[date] = []
    while len(days) < MOST_DAYS and (latest is None or day <= latest):
        days.append(day)
        day = calendar.next_working(day)
    return tuple(days)


def parse_day_code(code: str) -> date | None:
    """A day from a button; None for «as it is»."""
    return datetime.strptime(code, DAY_CODE).date() if len(code) == 8 else None  # noqa: DTZ007


def read_day(text: str) -> date:
    """«14.12.2026» as people write it; raises NotAcceptedError."""
    match = _WRITTEN.fullmatch(text)
    try:
        day, month, year = (int(one) for one in match.groups()) if match else (0, 0, 0)
        return date(year, month, day)
    except ValueError:
        raise NotAcceptedError(general.BAD_DATE) from None

"""Days that people choose or write."""

import re
from datetime import date, datetime

from bot import words
from bot.handlers.tools import Tools
from bot.keyboards.calendar import DAY_CODE, Days
from bot.texts import choices, general
from core.errors import NotAcceptedError

_WRITTEN = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:\s*г\.?)?\s*")


def office_days(tools: Tools, last: date, chosen: date | None = None) -> Days:
    """Working days from today to ``last`` (today at least)."""
    calendar = tools.office.calendar
    today = calendar.local_date(tools.office.clock.now())
    return Days(today, max(last, today), calendar.is_working, chosen)


def chosen_day(code: str, days: Days, clause: str) -> date | None:
    """The day of a button, None for «as it is»; raises NotAcceptedError with the reason.

    ``clause`` is the one that sets the last day.
    """
    on = parse_day_code(code)
    if on is None:
        return None
    if on < days.first:
        raise NotAcceptedError(choices.day_passed(on))
    if on > days.last:
        raise NotAcceptedError(choices.day_past_limit(on, days.last, words.clause(clause)))
    if not days.is_working(on):
        raise NotAcceptedError(choices.day_off(on))
    return on


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

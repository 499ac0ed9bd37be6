"""A calendar of buttons: whole weeks from today to the last day that may be chosen.

Days off and days that are not allowed are marked, and say why when they are pressed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from aiogram.filters.callback_data import CallbackData

from bot import words
from bot.keyboards.case import Rows, button

DAY_CODE = "%Y%m%d"
NOT_ALLOWED = "✕"
MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")


@dataclass(frozen=True, slots=True)
class Days:
    """Which days may be chosen: working days from ``first`` to ``last``, both included."""

    first: date
    last: date
    is_working: Callable[[date], bool]
    chosen: date | None = None

    def label(self, on: date) -> str:
        """«25», «•25•» chosen, «(25)» a day off, «✕» not allowed; a month begins with its name."""
        if not self.first <= on <= self.last:
            return NOT_ALLOWED
        name = f"{on.day} {MONTHS[on.month - 1]}" if on.day == 1 else str(on.day)
        if not self.is_working(on):
            return f"({name})"
        return f"•{name}•" if on == self.chosen else name


def weeks(days: Days, pick: Callable[[str], CallbackData]) -> Rows:
    """Weekdays above, then a row for each week; ``pick`` makes a button of a day's code."""
    monday = days.first - timedelta(days=days.first.weekday())
    rows: Rows = [[button(name, pick((monday + timedelta(days=place)).strftime(DAY_CODE)))
                   for place, name in enumerate(words.WEEKDAYS)]]
    while monday <= days.last:
        week = [monday + timedelta(days=place) for place in range(7)]
        rows.append([button(days.label(on), pick(on.strftime(DAY_CODE))) for on in week])
        monday += timedelta(days=7)
    return rows

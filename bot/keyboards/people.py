"""Buttons about people: absences, one's own wishes, and the administrator's directory."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot import words
from bot.cards import on_page, pages_of
from bot.keyboards.case import Rows, button
from core.people import Absence, Person

DAY = "%Y%m%d"
LABEL = 60

Pick = Callable[[int, int], CallbackData]
"""Makes the button of a person, by the id and the page; of a page alone for id 0."""


class Away(StrEnum):
    """The steps of noting an absence."""

    SHOW = "s"
    STAFF = "w"
    WHO = "who"
    DAYS = "d"
    OTHER = "o"
    NOTE = "n"
    CANCEL = "c"


class AwayAct(CallbackData, prefix="a"):
    """An absence in the making: whose, who stands in, from when to when («20261201-20261214»).

    ``whom`` 0 is the reader; ``to`` the substitute, or the absence to be cancelled.
    """

    do: Away
    whom: int = 0
    to: int = 0
    page: int = 0
    on: str = ""


class Hand(CallbackData, prefix="h"):
    """Hand over everything open of a person; ``to`` 0 asks to whom."""

    whom: int
    to: int = 0
    page: int = 0
    sure: bool = False


def markup(rows: Rows) -> InlineKeyboardMarkup:
    """Rows as Telegram wants them; empty ones left out."""
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])


def absences(found: Sequence[Absence], whom: int, back: CallbackData, *, staff: bool
             ) -> InlineKeyboardMarkup:
    """What is noted, each with «Отменить»; ``staff``: may note others' too."""
    rows: Rows = [[button(f"✖️ Отменить {period(one.first, one.last)}",
                          AwayAct(do=Away.CANCEL, whom=whom, to=one.id))] for one in found]
    rows.append([button("➕ Отметить отсутствие", AwayAct(do=Away.WHO, whom=whom))])
    if staff and not whom:
        rows.append([button("👥 Отсутствие сотрудника", AwayAct(do=Away.STAFF))])
    rows.append([button("‹ Назад", back)])
    return markup(rows)


def people(found: Sequence[Person], page: int, pick: Pick, back: CallbackData
           ) -> InlineKeyboardMarkup:
    """One person a row, in pages."""
    rows: Rows = [[button(words.cut(f"{one.short_name}, {one.post}", LABEL), pick(one.id, page))]
                  for one in on_page(found, page)]
    rows.append(turn(len(found), page, lambda to: pick(0, to)))
    rows.append([button("‹ Назад", back)])
    return markup(rows)


def pick_deputy(whom: int) -> Pick:
    """Who stands in."""
    return lambda one, page: AwayAct(do=Away.DAYS if one else Away.WHO, whom=whom, to=one,
                                     page=page)


def pick_staff(one: int, page: int) -> CallbackData:
    """Whose absence is noted."""
    return AwayAct(do=Away.SHOW if one else Away.STAFF, whom=one, page=page)


def pick_heir(whom: int) -> Pick:
    """Who takes over."""
    return lambda one, page: Hand(whom=whom, to=one, page=page)


def turn(count: int, page: int, to: Callable[[int], CallbackData]) -> list[InlineKeyboardButton]:
    """The way to the pages before and after."""
    last = pages_of(count) - 1
    page = min(max(page, 0), last)
    row = [button("‹", to(page - 1))] if page else []
    return [*row, *([button("›", to(page + 1))] if page < last else [])]


def days(whom: int, to: int, today: date) -> InlineKeyboardMarkup:
    """The usual lengths of an absence from today or from Monday, and «Другие даты»."""
    monday = today + timedelta(days=7 - today.weekday())
    sunday = monday - timedelta(days=1)
    choices = [("Только сегодня", today, today), ("До конца недели", today, sunday)]
    choices += [(f"{name} с {words.day(monday)}", monday, monday + timedelta(days=length - 1))
                for name, length in (("Неделя", 7), ("2 недели", 14), ("4 недели", 28))]
    rows: Rows = [[button(label, AwayAct(
        do=Away.NOTE, whom=whom, to=to, on=f"{first:{DAY}}-{last:{DAY}}"))]
        for label, first, last in choices]
    rows.append([button("📅 Другие даты", AwayAct(do=Away.OTHER, whom=whom, to=to))])
    rows.append([button("‹ Назад", AwayAct(do=Away.WHO, whom=whom))])
    return markup(rows)


def period(first: date, last: date) -> str:
    """«01.12 — 14.12», or one day."""
    return f"{first:%d.%m}" if first == last else f"{first:%d.%m} — {last:%d.%m}"


def heir(person_id: int) -> InlineKeyboardMarkup:
    """Under «больше не работает»: to whom?"""
    return markup([[button("🤝 Передать дела", Hand(whom=person_id))]])


def sure_to_hand_over(whom: int, to: int) -> InlineKeyboardMarkup:
    """The one question before everything changes hands."""
    return markup([[button("✅ Передать", Hand(whom=whom, to=to, sure=True))],
                   [button("‹ Назад", Hand(whom=whom))]])

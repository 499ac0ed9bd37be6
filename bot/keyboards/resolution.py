"""Buttons of a resolution in the making."""

from collections.abc import Callable, Sequence

from aiogram.types import InlineKeyboardMarkup

from bot import words
from bot.cards import on_page, pages_of
from bot.keyboards.calendar import Days, weeks
from bot.keyboards.callbacks import Choice, Look, Step
from bot.keyboards.case import Rows, button
from bot.keyboards.lists import LABEL

Named = tuple[int, str]
"""A person's id and what stands on the button."""


def people(case: int, names: Sequence[Named], page: int, *, pick: Step, turn: Step,
           marked: Callable[[int], bool], led: bool = True) -> InlineKeyboardMarkup:
    """People to choose from; the chosen ones carry a tick. Until there is a lead (``led``), the
    only other way is back to the card."""
    rows: Rows = [
        [button(words.cut(f"{'☑️ ' if marked(one) else ''}{name}", LABEL),
                Choice(step=pick, case=case, arg=one, on=str(page)))]
        for one, name in on_page(names, page)]
    last = pages_of(len(names)) - 1
    page = min(max(page, 0), last)
    ways = [button("‹", Choice(step=turn, case=case, arg=page - 1))] if page else []
    ways += [button("›", Choice(step=turn, case=case, arg=page + 1))] if page < last else []
    rows += [ways] if ways else []
    rows.append([button("✔️ Дальше", Choice(step=Step.SUMMARY, case=case)) if led
                 else button("‹ Назад", Look(case=case))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def summary(case: int, names: Sequence[Named]) -> InlineKeyboardMarkup:
    """The whole resolution: approve it, or change any part of it."""
    rows: Rows = [[button("✅ Утвердить резолюцию", Choice(step=Step.IMPOSE, case=case))]]
    rows += [[button(words.cut(f"📅 Срок и задача: {name}", LABEL),
                     Choice(step=Step.PERSON, case=case, arg=one))] for one, name in names]
    rows.append([button("👤 Ответственный", Choice(step=Step.LEADS, case=case)),
                 button("👥 Соисполнители", Choice(step=Step.HELPERS, case=case))])
    rows.append([button("‹ Назад", Look(case=case))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def person(case: int, person_id: int, days: Days) -> InlineKeyboardMarkup:
    """A calendar up to the limit, and the scope of the work."""
    def pick(code: str) -> Choice:
        return Choice(step=Step.DATE, case=case, arg=person_id, on=code)

    rows = weeks(days, pick)
    rows.append([button(f"Предельный: {words.day(days.last)}", pick("")),
                 button("✏️ Задача", Choice(step=Step.SCOPE, case=case, arg=person_id))])
    rows.append([button("‹ Назад", Choice(step=Step.SUMMARY, case=case))])
    return InlineKeyboardMarkup(inline_keyboard=rows)

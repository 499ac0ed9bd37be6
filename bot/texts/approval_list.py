"""The approval list before it starts."""

from collections.abc import Sequence
from html import escape

from bot import words
from core.usecases.approval_list import PlanLine
from core.wordforms import working_days

NOBODY_TO_ADD = "Все, кто может согласовать, уже в листе."


def the_list(number: str, lines: Sequence[PlanLine], days: int) -> str:
    """The order, and the rules that hold whatever the lead does."""
    rows = [f"{place}. {escape(line.person.short_name)}, {escape(words.cut(line.person.post, 80))}"
            + (" · ЦИОГВ" if line.state_body else "") for place, line in enumerate(lines, 1)]
    shown = rows or ["В справочнике согласующие для этой категории не указаны: добавьте их."]
    return "\n".join([
        f"<b>{escape(number)}</b>. Лист согласования", *shown, "",
        f"Проект получает каждый по очереди, ЦИОГВ — последними ({words.clause('4.6¶9')}). "
        f"На согласование каждому — {working_days(days)}."])


def whom_to_add(number: str) -> str:
    """Above the people who may approve."""
    return f"<b>{escape(number)}</b>: кого добавить в лист согласования?"

"""Buttons of the approval list before it starts."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from bot import words
from bot.keyboards.callbacks import Do, View
from bot.keyboards.case import Rows, act, look
from core.cards import CaseCard
from core.usecases.approval_list import PlanLine

NAME = 18
"""Two buttons share a row on a telephone."""


def list_buttons(card: CaseCard, lines: Sequence[PlanLine]) -> InlineKeyboardMarkup:
    """«Выше» and «Убрать» for whom the rules leave a choice, «Добавить», and on."""
    rows: Rows = []
    for line in lines:
        arg, name = str(line.person.id), words.cut(line.person.short_name, NAME)
        row = [] if line.first else [act(card, f"⬆️ Выше: {name}", Do.APPROVER_UP, arg)]
        row += [] if line.fixed else [act(card, f"🗑 Убрать: {name}", Do.APPROVER_REMOVE, arg)]
        rows.append(row)
    rows.append([act(card, "➕ Добавить", Do.APPROVER_ADD),
                 act(card, "↺ По справочнику", Do.APPROVERS_RESET)])
    rows.append([act(card, "📤 На согласование", Do.SUBMIT)])
    rows.append([look(card, "‹ Назад", View.CARD)])
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])

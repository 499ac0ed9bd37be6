"""Buttons under the list of scans beside the draft."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from bot import words
from bot.keyboards.callbacks import Do, View
from bot.keyboards.case import PHOTO_KEY, Rows, act, look
from core.cards import CaseCard
from core.files import FileRef

NAME = 40


def scans(card: CaseCard, files: Sequence[FileRef]) -> InlineKeyboardMarkup:
    """«Убрать» for each, another one, and the card."""
    rows: Rows = [[act(card, f"🗑 Убрать: {words.cut(one.name, NAME)}", Do.DETACH,
                       one.sha256[:PHOTO_KEY])] for one in files]
    rows.append([act(card, "📎 Приложить скан", Do.ATTACH)])
    rows.append([look(card, "📋 Карточка", View.CARD)])
    return InlineKeyboardMarkup(inline_keyboard=rows)

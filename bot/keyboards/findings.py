"""What the lead can do about what the checks found in the draft."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from bot.keyboards.callbacks import Do, View
from bot.keyboards.case import Rows, act, look
from core.cards import CaseCard
from core.textchecks import Code, Finding


def findings_buttons(card: CaseCard, findings: Sequence[Finding]) -> InlineKeyboardMarkup:
    """Mend the text, write the letter that is missing (R26), or go on with a comment (R25)."""
    rows: Rows = [[act(card, "✏️ Править", Do.EDIT)]]
    if any(one.code is Code.NOT_OUR_MATTER for one in findings):
        rows.append([act(card, "✉️ Письмо", Do.LETTER)])
    if any(one.code is Code.UNCONFIRMED for one in findings):
        rows.append([act(card, "📎 Приложить скан", Do.ATTACH)])
    rows.append([act(card, "📤 Направить с пояснением", Do.INSIST)])
    rows.append([look(card, "‹ Назад", View.CARD)])
    return InlineKeyboardMarkup(inline_keyboard=rows)

"""Several notices for one person in one message: a line and a button for each case."""

from collections.abc import Sequence
from datetime import date
from html import escape

from aiogram.types import InlineKeyboardMarkup

from bot import words
from bot.keyboards.callbacks import Below, Look, Section, View
from bot.keyboards.case import Rows, button
from core.notices import FOR, NoticeKind
from core.usecases.parcels import Parcel
from core.wordforms import counted

TITLES: tuple[tuple[NoticeKind, str], ...] = (
    (NoticeKind.OVERDUE, "🔴 Просрочено"),
    (NoticeKind.REMINDER, "⏰ Подходит срок"),
    (NoticeKind.NOT_TAKEN_UP, "🔕 Поручения не приняты"),
    (NoticeKind.NOT_OPENED, "🔕 Извещения не открыты"),
    (NoticeKind.ESCALATION, "👥 О сроках в вашем ведении"),
    (NoticeKind.NEW_MESSAGE, "📨 Новые: зарегистрируйте"),
    (NoticeKind.TO_CHECK, "🔎 Подписаны: проверьте оформление"),
    (NoticeKind.DISPATCHED, "📤 Ответы направлены оператору"),
    (NoticeKind.PUBLISHED, "🏁 Ответы опубликованы"),
    (NoticeKind.DEFERRED, "⏳ Промежуточные ответы опубликованы"),
    (NoticeKind.MATERIALS_ACCEPTED, "✅ Материалы приняты"),
)
"""In the order of urgency."""
LINES = 8
"""Cases named under one title."""
BUTTONS = 10


def text(parcels: Sequence[Parcel]) -> str:
    """The titles with their lines, most urgent first."""
    notices = counted(len(parcels), "извещение", "извещения", "извещений")
    sections = [f"<b>{notices}</b>"]
    for kind, title in TITLES:
        lines = [_line(one) for one in _of(parcels, kind)]
        more = len(lines) - LINES
        rest = [f"и ещё {more}"] if more > 0 else []
        if lines:
            sections.append("\n".join(
                [f"<b>{title}: {len(lines)}</b>", *lines[:LINES], *rest]))
    return "\n\n".join(sections)


def buttons(parcels: Sequence[Parcel]) -> InlineKeyboardMarkup:
    """A button for each case, two in a row, most urgent first; all of them are in «Мои дела»."""
    named = dict.fromkeys((one.card.id, one.card.number) for kind, _ in TITLES
                          for one in _of(parcels, kind) if one.card is not None)
    row = [button(number, Look(case=case_id, view=View.BELOW))
           for case_id, number in list(named)[:BUTTONS]]
    rows: Rows = [row[start:start + 2] for start in range(0, len(row), 2)]
    rows.append([button("📋 Мои дела", Below(to=Section.MINE))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _of(parcels: Sequence[Parcel], kind: NoticeKind) -> list[Parcel]:
    found = [one for one in parcels if one.kind is kind]
    return sorted(found, key=lambda one: int(one.facts.get("left", "0")))


def _line(parcel: Parcel) -> str:
    card, facts = parcel.card, parcel.facts
    number = f"{escape(card.number)} {escape(words.cut(card.topic, 50))}" if card else "?"
    said = [f"• {number}"]
    if "due_on" in facts:
        late = parcel.kind is NoticeKind.OVERDUE or bool(facts.get("late"))
        said.append(f"{escape(facts['label'])}: " + words.deadline(
            int(facts["left"]), date.fromisoformat(facts["due_on"]), late=late))
    who = facts.get("debtor") or facts.get("holder")
    if who and parcel.kind in {NoticeKind.ESCALATION, NoticeKind.NOT_TAKEN_UP,
                             NoticeKind.NOT_OPENED}:
        said.append(escape(words.cut(who, 60)))
    if facts.get(FOR):
        said.append(f"замещаете: {escape(facts[FOR])}")
    return " · ".join(said)

"""The office's day (R39) in one Telegram message: most urgent first; whole lists go by e-mail."""

from collections.abc import Sequence
from html import escape

from aiogram.types import InlineKeyboardMarkup

from bot import words
from bot.keyboards.callbacks import Look
from bot.keyboards.case import Rows, button
from core.cards import CaseLine, Digest, ForecastLine
from core.wordforms import counted, plural

LINES = 5
"""Cases named in one list."""
CALENDAR_WARNS_MONTHS = 3

Lists = tuple[tuple[str, str, Sequence[CaseLine]], ...]


def _lists(one: Digest) -> Lists:
    return (("🔴", "Просрочено", one.overdue), ("🟡", "Срок сегодня", one.due_today),
            ("⏳", "Под угрозой", one.at_risk), ("🔁", "Возвраты", one.returned))


def text(one: Digest) -> str:
    """The figures, the lists, the forecast, and what else needs a person."""
    since = f"С {words.day(one.since.date())}" if one.since else "За день"
    sections = [f"<b>Сводка на {words.day(one.on)}</b>\n"
                f"{since} поступило: {one.arrived} · отправлено ответов: {one.answered} · "
                f"в работе: {one.open}"]
    sections += [_section(f"{mark} {title}", lines) for mark, title, lines in _lists(one) if lines]
    if not (one.overdue or one.due_today or one.at_risk):
        sections.append("🟢 Срочного нет. Ракурс работает.")
    sections += [_forecast(one.forecast)] if one.forecast is not None else []
    notes = _notes(one)
    sections += ["\n".join(notes)] if notes else []
    return "\n\n".join(sections)


def buttons(one: Digest) -> InlineKeyboardMarkup | None:
    """A button for each case that the text names, two in a row."""
    named = dict.fromkeys((line.id, mark, line.number)
                          for mark, _, lines in _lists(one) for line in lines[:LINES])
    seen: set[int] = set()
    row = []
    for case_id, mark, number in named:
        if case_id not in seen:
            seen.add(case_id)
            row.append(button(f"{mark} {number}", Look(case=case_id)))
    rows: Rows = [row[start:start + 2] for start in range(0, len(row), 2)]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _section(title: str, lines: Sequence[CaseLine]) -> str:
    more = len(lines) - LINES
    rest = [f"и ещё {more}"] if more > 0 else []
    return "\n".join([f"<b>{title}: {len(lines)}</b>", *map(_line, lines[:LINES]), *rest])


def _line(line: CaseLine) -> str:
    due = (f": {escape(line.due.label)}, "
           f"{words.deadline(line.due.left, line.due.due_on, late=line.due.late)}"
           if line.due else "")
    return (f"• {escape(line.number)} {escape(words.cut(line.topic, 60))} — "
            f"{escape(words.cut(line.holder, 60)) or 'без исполнителя'}{due}")


def _forecast(one: ForecastLine) -> str:
    if not one.late:
        return f"📈 При нынешнем темпе до {words.day(one.until)} новых просрочек не ожидается."
    ways = counted(one.late, "сообщение", "сообщения", "сообщений")
    verb = plural(one.late, "выйдет", "выйдут", "выйдут")
    named = ", ".join(f"{escape(line.number)} ({escape(line.holder)})"
                      for line in one.likely[:LINES])
    likely = f"\nСкорее всего: {named}" if named else ""
    return f"📈 При нынешнем темпе до {words.day(one.until)} {verb} за срок {ways}.{likely}"


def _notes(one: Digest) -> list[str]:
    notes = []
    if one.unclear_mail:
        notes.append(f"📬 Неразобранных писем: {one.unclear_mail}")
    if one.troubled:
        doubt = f" (неизвестно, доставлено ли: {one.in_doubt})" if one.in_doubt else ""
        notes.append(f"📪 Не доставлено: {one.troubled}{doubt}")
    notes += [f"🔑 {escape(end.what)}: сертификат действует до {words.day(end.on)}"
              for end in one.expiring]
    if one.calendar_months_left < CALENDAR_WARNS_MONTHS:
        left = counted(one.calendar_months_left, "месяц", "месяца", "месяцев")
        notes.append(f"📅 Производственный календарь заканчивается: остаётся {left}")
    return notes

"""The office's day (R39) in one Telegram message: most urgent first; whole lists go by e-mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from aiogram.types import InlineKeyboardMarkup

from bot import words
from bot.keyboards.callbacks import Below, Look, Section, View
from bot.keyboards.case import Rows, button
from core.cards import CaseLine, Digest, ForecastLine, LetterLine
from core.wordforms import counted, gigabytes, plural, working_days

LINES = 5
"""Cases named in one list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the digest and the section that shows the whole of it."""

    mark: str
    title: str
    section: Section
    lines: Sequence[CaseLine]


def lists(one: Digest) -> tuple[Listed, ...]:
    """Most urgent first; letters without an answer stand as lines of their cases."""
    return (Listed("🔴", "Просрочено", Section.OVERDUE, one.overdue),
            Listed("🟡", "Срок сегодня", Section.DUE_TODAY, one.due_today),
            Listed("⏳", "Под угрозой", Section.AT_RISK, one.at_risk),
            Listed("🔁", "Возвраты", Section.CAME_BACK, one.returned),
            Listed("✉️", "Письма без ответа", Section.UNANSWERED,
                   tuple(map(_as_case, one.letters))))


def _as_case(letter: LetterLine) -> CaseLine:
    return CaseLine(
        letter.case_id, letter.case_number, f"ответа нет {working_days(letter.waits)}",
        f"письмо {letter.number} от {words.day(letter.sent_on)}", "", None, letter.to)


def text(one: Digest) -> str:
    """The figures, the lists, the forecast, and what else needs a person."""
    since = f"С {words.day(one.since.date())}" if one.since else "За день"
    sections = [f"<b>Сводка на {words.day(one.on)}</b>\n"
                f"{since} поступило: {one.arrived} · отправлено ответов: {one.answered} · "
                f"в работе: {one.open}"]
    sections += [_section(f"{found.mark} {found.title}", found.lines) for found in lists(one)
                 if found.lines and found.section is not Section.UNANSWERED]
    if not (one.overdue or one.due_today or one.at_risk):
        sections.append("🟢 Срочного нет. Ракурс работает.")
    sections += [_letters(one.letters)] if one.letters else []
    sections += [_forecast(one.forecast)] if one.forecast is not None else []
    notes = _notes(one)
    sections += ["\n".join(notes)] if notes else []
    return "\n\n".join(sections)


def buttons(one: Digest, *, desk: bool = True) -> InlineKeyboardMarkup | None:
    """A button for each case that the text names, two in a row; below them each list that the
    text cuts short and, for the desk, its letters. The digest itself stays."""
    named = [(line.id, f"{found.mark} {line.number}")
             for found in lists(one) for line in found.lines[:LINES]]
    named += [(line.id, f"📈 {line.number}")
              for line in (one.forecast.likely[:LINES] if one.forecast else ())]
    first: dict[int, str] = {}
    for case_id, label in named:
        first.setdefault(case_id, label)
    row = [button(label, Look(case=case_id, view=View.BELOW)) for case_id, label in first.items()]
    rows: Rows = [row[start:start + 2] for start in range(0, len(row), 2)]
    rows += [[button(f"{found.mark} {found.title}: все ({len(found.lines)})",
                     Below(to=found.section))]
             for found in lists(one) if len(found.lines) > LINES]
    if desk and one.unclear_mail:
        rows.append([button(f"📬 Письма ({one.unclear_mail})", Below(to=Section.MAIL))])
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _letters(letters: Sequence[LetterLine]) -> str:
    more = len(letters) - LINES
    lines = [f"• {escape(one.case_number)} {escape(words.cut(one.to, 60))}, письмо "
             f"{escape(one.number)} от {words.day(one.sent_on)} — {working_days(one.waits)}"
             for one in letters[:LINES]]
    rest = [f"и ещё {more}"] if more > 0 else []
    return "\n".join([f"<b>✉️ Письма без ответа: {len(letters)}</b>", *lines, *rest])


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
    if one.unreachable:
        notes.append(f"📵 Бот не достаёт, извещения идут на почту: "
                     f"{escape(words.cut(', '.join(one.unreachable), 300))}")
    notes += [f"🔑 {escape(end.what)}: сертификат действует до {words.day(end.on)}"
              for end in one.expiring]
    if one.room_left is not None:
        notes.append(f"💾 На диске мало места: {gigabytes(one.room_left)}. Освободите его: без "
                     "места письма и ответы не принимаются")
    if one.calendar_ends:
        left = counted(one.calendar_months_left, "месяц", "месяца", "месяцев")
        notes.append(f"📅 Производственный календарь заканчивается: остаётся {left}")
    return notes

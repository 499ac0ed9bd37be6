"""The office's day (R39) as a letter: most urgent first, every list whole."""

from collections.abc import Sequence

from core.cards import CaseLine, Digest, ForecastLine, LetterLine
from core.wordforms import counted, gigabytes, plural, working_days
from mail.duelines import due_text

OPENS = "Карточку открывает бот: отправьте ему /case и номер, например /case 123."


def text(digest: Digest) -> str:
    """The figures, the lists, the forecast, and what else needs a person."""
    since = f"С {digest.since:%d.%m.%Y %H:%M} поступило" if digest.since else "Поступило"
    lines = [f"Сводка на {digest.on:%d.%m.%Y}", "",
             f"{since}: {digest.arrived}, направлено ответов: {digest.answered}. "
             f"В работе: {digest.open}."]
    for title, found in (("Просрочено", digest.overdue), ("Срок сегодня", digest.due_today),
                         ("Под угрозой", digest.at_risk),
                         ("Возвращено пользователями", digest.returned)):
        if found:
            lines += ["", f"{title}: {len(found)}", *[_line(one) for one in found]]
    if digest.letters:
        lines += ["", f"Письма без ответа: {len(digest.letters)}",
                  *[_letter(one) for one in digest.letters]]
    if digest.forecast is not None:
        lines += ["", *_forecast(digest.forecast)]
    notes = _notes(digest)
    lines += ["", *notes] if notes else []
    if not (digest.overdue or digest.due_today or digest.at_risk):
        lines += ["", "Срочного нет. Ракурс работает."]
    else:
        lines += ["", OPENS]
    return "\n".join(lines) + "\n"


def my_day(lines: Sequence[CaseLine]) -> str:
    """What waits for one person today, most urgent first."""
    if not lines:
        return "сегодня вас ничего не ждёт."
    return "\n".join([f"сегодня вас ждут: {len(lines)}.", "", *map(_line, lines)])


def _line(one: CaseLine) -> str:
    what = ", ".join(part for part in (one.topic or "без темы", one.place) if part)
    due = f"; {due_text(one.due)}" if one.due else ""
    return f"- {one.number}: {what}{due}; у кого: {one.holder or 'исполнителя нет'}"


def _letter(one: LetterLine) -> str:
    return (f"- {one.case_number}: {one.to}, письмо {one.number} от {one.sent_on:%d.%m.%Y}; "
            f"ответа нет {working_days(one.waits)}")


def _forecast(one: ForecastLine) -> list[str]:
    if not one.late:
        return [f"При нынешнем темпе до {one.until:%d.%m.%Y} новых просрочек не ожидается."]
    verb = plural(one.late, "выйдет", "выйдут", "выйдут")
    late = counted(one.late, "сообщение", "сообщения", "сообщений")
    said = f"При нынешнем темпе до {one.until:%d.%m.%Y} {verb} за срок {late}."
    return [said, *(["Скорее всего:", *map(_line, one.likely)] if one.likely else [])]


def _notes(digest: Digest) -> list[str]:
    notes = []
    if digest.unclear_mail:
        notes.append(f"Писем, требующих решения: {digest.unclear_mail}.")
    if digest.troubled:
        doubt = f" Неизвестно, доставлено ли: {digest.in_doubt}." if digest.in_doubt else ""
        notes.append(f"Не доставлено: {digest.troubled}.{doubt}")
    if digest.unreachable:
        notes.append("В Telegram недоступны, извещения идут на почту: "
                     f"{', '.join(digest.unreachable)}")
    notes += [f"{one.what}: сертификат действует до {one.on:%d.%m.%Y}."
              for one in digest.expiring]
    if digest.room_left is not None:
        notes.append(f"На диске мало места: {gigabytes(digest.room_left)}. Освободите его: без "
                     "места письма и ответы не принимаются.")
    if digest.calendar_ends:
        left = counted(digest.calendar_months_left, "месяц", "месяца", "месяцев")
        notes.append(f"Официального производственного календаря хватит на {left}: "
                     "обновите программу.")
    return notes

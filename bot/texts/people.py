"""Sentences about people: absences, wishes, the directory."""

from collections.abc import Sequence
from datetime import date
from html import escape

from core.people import Absence, Directory, Person
from core.usecases.staff import HandedOver
from core.wordforms import counted

WHO_STANDS_IN = ("Кто будет замещать? Заместитель получит ваши поручения и уведомления и сможет "
                 "делать то же, что и вы; в истории будет видно, за кого.")
WHOSE_ABSENCE = "Чьё отсутствие отметить?"
WHICH_DAYS = "На какие дни?"
WRITE_DAYS = "Напишите первый и последний день, например: 01.12.2026 — 14.12.2026"
BAD_DAYS = ("Даты не поняты. Напишите первый и последний день, например: "
            "01.12.2026 — 14.12.2026")
NOTED = "Отсутствие отмечено, заместитель извещён."
CANCELLED = "Отсутствие отменено."
NOBODY_TO_STAND_IN = ("В справочнике некого назначить заместителем. Попросите администратора "
                      "дополнить справочник.")
TO_WHOM = "Кому передать все открытые дела?"


def days(first: date, last: date) -> str:
    """«01.12.2026 — 14.12.2026», or one day."""
    return f"{first:%d.%m.%Y}" if first == last else f"{first:%d.%m.%Y} — {last:%d.%m.%Y}"


def absences(person: Person, found: Sequence[Absence], directory: Directory) -> str:
    """What is noted of a person's absences."""
    lines = [f"• {days(one.first, one.last)}, замещает {directory.names([one.substitute_id])}"
             for one in found]
    noted = "\n".join(map(escape, lines)) or "Отсутствие не отмечено."
    return f"<b>Отсутствие: {escape(person.short_name)}</b>\n{noted}"


def sure_to_hand_over(who: str, to: str, count: int) -> str:
    """Before everything changes hands."""
    open_ones = counted(count, "открытое сообщение", "открытых сообщения", "открытых сообщений")
    return (f"{escape(who)} → {escape(to)}\nБудут переданы {open_ones} и место в правилах "
            "направления и согласования. Передать?")


def handed_over(to: str, done: HandedOver) -> str:
    """After it; what could not be handed over is named with the reason."""
    moved = counted(done.moved, "сообщение", "сообщения", "сообщений")
    lines = [f"Передано: {moved} → {escape(to)}" if done.moved or done.kept else
             f"Открытых дел нет. Место в правилах передано → {escape(to)}"]
    if done.kept:
        lines.append("Не передано — выберите другого сотрудника:")
        lines += [f"• {escape(number)}: {escape(reason)}" for number, reason in done.kept[:10]]
        more = len(done.kept) - 10
        lines += [f"и ещё {more}"] if more > 0 else []
    return "\n".join(lines)

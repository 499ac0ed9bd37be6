"""The heads of lists to choose from, and their rows."""

from collections.abc import Sequence
from datetime import date
from html import escape

from bot import words
from core.cards import CaseCard, Load
from core.due import Limits
from core.people import Body, Directory, Person
from core.usecases.resolutions import Task

NO_STAFF = "В справочнике нет других сотрудников вашего органа."


def choose_for(number: str, *, redirecting: bool) -> str:
    """Above a list of officials or bodies."""
    return (f"<b>{escape(number)}</b>: куда переадресовать?" if redirecting
            else f"<b>{escape(number)}</b>: кому направить?")


SCOPE_SHOWN = 300
ANOTHER_NUMBER = "✍️ Другой номер"


def duplicate_of(card: CaseCard) -> str:
    """Above the messages that look like this one (R24)."""
    lines = [f"• <b>{escape(one.number)}</b> ({escape(one.state)}): {escape(one.why)}"
             + (f" — {escape(words.cut(one.place, 80))}" if one.place else "")
             for one in card.kin]
    return "\n".join([
        f"<b>{escape(card.number)}</b>: к какому сообщению это дубликат?", *lines,
        "Работы выполняются один раз, а ответ у каждого сообщения свой (п. 4.6, абз. 7)."])


REASONS = {
    "dates": "Назовите точные сроки работ (п. 4.6, абз. 7).",
    "matter": "Ответьте по существу вопроса: что сделано по этому сообщению (п. 4.6, абз. 7).",
    "angle": "Приложите фотографии с того же ракурса, что и у заявителя (п. 4.6, абз. 2).",
    "papers": "Приложите документы или фотографии, подтверждающие ответ (п. 4.6, абз. 6).",
    "inform": "Уведомите организацию, в ведении которой вопрос (п. 4.6, абз. 7).",
    "wording": "Исправьте ошибки в тексте и оформлении.",
}
"""Remarks that come up every day, by the code on their buttons."""


def short_reasons() -> tuple[tuple[str, str], ...]:
    """The same for buttons: code and words, the clause left to the remark itself."""
    return tuple((code, words.split(" (")[0]) for code, words in REASONS.items())


def why_remark(number: str) -> str:
    """Above the usual reasons."""
    return (f"<b>{escape(number)}</b>: выберите замечание или напишите своё ответом на вопрос "
            "ниже. Проект вернётся исполнителю на доработку (п. 4.6, абз. 10).")


def to_whom(number: str) -> str:
    """Above the list of one's staff."""
    return f"<b>{escape(number)}</b>: кому поручить?"


def by_when(number: str, latest: date) -> str:
    """Above the calendar of a part that is passed on (4.5)."""
    return f"<b>{escape(number)}</b>\n{calendar(latest, '4.5')}"


def which_kind(number: str) -> str:
    """Above the kinds of answer."""
    return f"<b>{escape(number)}</b>: о чём будет ответ? (п. 4.6, абз. 4)"


def which_addressee(number: str) -> str:
    """Above the bodies that get letters outside МСЭД."""
    return f"<b>{escape(number)}</b>: кому письмо? (разд. 5, абз. 3)"


GOES_ON_BELOW = "⬇️ Резолюция составляется ниже."
IN_HAND = "После фамилии — сколько поручений сейчас в работе."


def who_leads(number: str) -> str:
    """Above the people who may answer for the deadline."""
    return (f"<b>{escape(number)}</b>: кто ответственный исполнитель? Он отвечает за срок "
            f"(п. 4.6, абз. 1). {IN_HAND}")


def who_helps(number: str) -> str:
    """Above those who may work beside the lead."""
    return (f"<b>{escape(number)}</b>: кто соисполнители? Отметьте всех и нажмите «Дальше». "
            f"{IN_HAND}")


def executor_of(person: Person, body: Body | None, load: Load | None) -> str:
    """«Дорохов С.И. — 7 (2 🔴), Управление дорог»: load before the body, which may be cut."""
    late = f" ({load.late} 🔴)" if load and load.late else ""
    return (f"{person.short_name} — {load.parts if load else 0}{late}, "
            f"{body.name if body else person.post}")



def by_precedent(certainty: float) -> str:
    """Why this lead stands in a resolution in the making, where the directory has no rule."""
    return (f"по прошлым решениям: похожие сообщения {words.sure(certainty)} поручали "
            f"этому исполнителю ({certainty:.0%})")


def resolution(number: str, tasks: Sequence[Task], directory: Directory, limits: Limits,
               reason: str) -> str:
    """A resolution in the making; ``reason``: why these people were proposed, if they were."""
    lines = []
    limits = limits.under(tasks[0].due_on)
    for place, task in enumerate(tasks):
        role = "соисполнитель" if place else "ответственный"
        latest = limits.co_executor if place else limits.lead
        by = words.day(task.due_on or latest)
        name = escape(directory.person(task.executor_id).short_name)
        scope = f"\n   {escape(words.cut(task.scope, SCOPE_SHOWN))}" if task.scope else ""
        lines.append(f"• {name} — {role}, до {by}{scope}")
    why = [f"💡 Предложено: {escape(reason)}"] if reason else []
    return "\n".join([f"<b>{escape(number)}</b>. Резолюция", *lines, *why])


def executor(name: str, due_on: date | None, scope: str, latest: date, clause: str) -> str:
    """One executor of a resolution in the making."""
    lines = [f"<b>{escape(name)}</b>",
             f"Срок: до {words.day(due_on or latest)}{'' if due_on else ' (предельный)'}"]
    lines += [f"Задача: {escape(words.cut(scope, 700))}"] if scope else []
    return "\n".join([*lines, "", calendar(latest, clause)])


def calendar(latest: date, clause: str) -> str:
    """How to read the calendar under the text."""
    return (f"К какому дню? Не позже {words.day(latest)} ({words.clause(clause)}). "
            "(В скобках) — выходные, ✕ — нельзя.")


def day_passed(on: date) -> str:
    """A day before today was pressed."""
    return f"{words.day(on)} уже прошло. Выберите другой день."


def day_past_limit(on: date, latest: date, clause: str) -> str:
    """A day past the limit was pressed."""
    return (f"{words.day(on)} — позже предельного срока: {words.day(latest)} ({clause}). "
            "Выберите день не позже него.")


def day_off(on: date) -> str:
    """A day off was pressed."""
    return f"{words.day(on)} — выходной. Выберите рабочий день."


LETTER_TWO_PARTS = ("Нужны тема и текст: первая строка — о чём письмо, со второй строки — "
                    "текст письма.")


def letter_registered(case_number: str, number: str) -> str:
    """A letter has its number and is on its way (5¶4)."""
    return (f"{escape(case_number)}: письмо зарегистрировано под № {escape(number)} и "
            "отправляется адресату.")


NO_SECRET = ("Для WEBHOOK_URL нужен WEBHOOK_SECRET: от 1 до 256 латинских букв, цифр, «_» и "  # noqa: S105
             "«-», например WEBHOOK_SECRET=3f9c…")

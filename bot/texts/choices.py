"""The heads of lists to choose from, and their rows."""

from datetime import date
from html import escape

from bot import words

OWN_DATE = "В мой срок"
NO_STAFF = "В справочнике нет других сотрудников вашего органа."


def choose_for(number: str, *, redirecting: bool) -> str:
    """Above a list of officials or bodies."""
    return (f"<b>{escape(number)}</b>: куда переадресовать?" if redirecting
            else f"<b>{escape(number)}</b>: кому направить?")


def to_whom(number: str) -> str:
    """Above the list of one's staff."""
    return f"<b>{escape(number)}</b>: кому поручить?"


def by_when(number: str) -> str:
    """Above the list of days."""
    return f"<b>{escape(number)}</b>: к какому дню? Не позже вашего срока (п. 4.5)."


def which_kind(number: str) -> str:
    """Above the kinds of answer."""
    return f"<b>{escape(number)}</b>: о чём будет ответ? (п. 4.6, абз. 4)"


def which_addressee(number: str) -> str:
    """Above the bodies that get letters outside МСЭД."""
    return f"<b>{escape(number)}</b>: кому письмо? (п. 5, абз. 3)"


WHO_LEADS = "Кто ответственный исполнитель? Он отвечает за срок (п. 4.6, абз. 1)."
WHO_HELPS = "Кто соисполнители? Отметьте всех и нажмите «Дальше»."


def executor(name: str, due_on: date | None, scope: str) -> str:
    """One executor of a resolution in the making."""
    lines = [f"<b>{escape(name)}</b>",
             f"Срок: {'до ' + words.day(due_on) if due_on else 'по Регламенту'}"]
    lines += [f"Задача: {escape(words.cut(scope, 700))}"] if scope else []
    return "\n".join(lines)


LETTER_TWO_PARTS = ("Нужны тема и текст: первая строка — о чём письмо, со второй строки — "
                    "текст письма.")


def letter_registered(case_number: str, number: str) -> str:
    """A letter has its number and is on its way (5¶4)."""
    return (f"{escape(case_number)}: письмо зарегистрировано под № {escape(number)} и "
            "отправляется адресату.")


NO_SECRET = ("Для WEBHOOK_URL нужен WEBHOOK_SECRET: от 1 до 256 латинских букв, цифр, «_» и "  # noqa: S105
             "«-», например WEBHOOK_SECRET=3f9c…")

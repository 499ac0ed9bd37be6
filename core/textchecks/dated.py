"""The exact date of an interim answer: the same in the text and in the program (R21)."""

from collections.abc import Iterator, Sequence
from datetime import date

from core.textchecks.checking import Code, Finding
from core.textchecks.dates import find_dates


def promise_not_told(text: str, dates: Sequence[date], promised_on: date | None
                     ) -> Iterator[Finding]:
    """A finding where the text names other days than ``promised_on``, at the first of them.

    ``dates`` are the days of work in the text. A text without any day is an undated promise,
    which is found elsewhere; nothing is found where ``promised_on`` is None.
    """
    if promised_on is None or not dates or promised_on in dates:
        return
    place = next((one for one in find_dates(text, promised_on) if one.day in dates), None)
    start, end = (place.start, place.end) if place else (0, len(text))
    yield Finding(
        Code.WRONG_DATE, text[start:end], start, end, "R21", "4.6¶5",
        f"В тексте назван другой срок: контроль поставлен на {promised_on:%d.%m.%Y}. Исправьте "
        "дату в тексте или подготовьте промежуточный ответ с другой датой.")

"""МСЭД's answers in a few words to the package we sent: «Зарегистрировано», «Отказано: …» (R33).

No layout: the first words say what happened, our number in the subject or the text about what.
Read only where nothing more exact was found and the letter is МСЭД's own.
"""

import re

from core.inbound import MsedNotice, NoticeKind
from mail import pairs
from mail.parsing import Letter
from mail.replies import own_words

_NUMBER = re.compile(r"ЕКЖ-\d{4}-\d{6,9}", re.IGNORECASE)
_SAYS = (
    (re.compile(r"(?:документ |ответ )?(?:не зарегистрирован|не принят|отказ|отклон[её]н|"
                r"возвра(?:щ[её]н|т))"), NoticeKind.RETURNED),
    (re.compile(r"(?:документ |ответ )?зарегистрирован"), NoticeKind.REGISTERED),
    (re.compile(r"(?:документ |ответ )?(?:опубликован|размещ[её]н)"), NoticeKind.PUBLISHED),
    (re.compile(r"(?:документ |ответ |пакет )?(?:получен|доставлен|принят)"),
     NoticeKind.RECEIVED),
)  # fmt: skip
"""How a line begins that says what became of our document; a refusal is looked for first."""
_NAMED = re.compile(r"(?:№|вх\.|рег\.|номером?)[ №.]*([\w/.-]*\d[\w/.-]*)", re.IGNORECASE)
_REASON = re.compile(r"^[^:\n]{3,60}:\s*(.+)$|причина[^:\n]{0,20}:\s*(.+)$",
                     re.IGNORECASE | re.DOTALL)  # fmt: skip
_LINES = 6
"""The words stand at the beginning; a letter that says them later is no receipt."""


def receipt_from(letter: Letter) -> MsedNotice | None:
    """What became of our document, or None."""
    numbers = {one.upper() for one in _NUMBER.findall(f"{letter.subject}\n{letter.text}")}
    if len(numbers) != 1:
        return None
    said = own_words(letter)
    lines = [line.strip() for line in said.split("\n") if line.strip()]
    for place, line in enumerate(lines[:_LINES]):
        folded = pairs.plain(line)
        kind = next((kind for words, kind in _SAYS if words.match(folded)), None)
        if kind is not None:
            rest = _NUMBER.sub(" ", "\n".join(lines[place:]))
            return _notice(kind, numbers.pop(), rest)
    return None


def _notice(kind: NoticeKind, number: str, said: str) -> MsedNotice:
    named = _NAMED.search(said) if kind is NoticeKind.REGISTERED else None
    reason = ""
    if kind is NoticeKind.RETURNED:
        found = _REASON.search(said)
        reason = next((one for one in found.groups() if one), "") if found else said
    return MsedNotice(
        kind=kind, case_number=number, document_number=named[1].strip(".") if named else "",
        reason=" ".join(reason.split()), on=pairs.day_in(said.split("\n")[0]),
    )  # fmt: skip

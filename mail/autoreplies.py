"""Automatic answers: recorded, never acted on, never answered (RFC 3834)."""

import re

from mail.bounces import is_report
from mail.parsing import Letter

_MARKS = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-vacation")
_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "bulk", "junk", "list"})
_SUBJECT = re.compile(
    r"^\W*(автоответ|автоматический ответ|авто-ответ|automatic reply|auto[- ]?reply|"
    r"autoreply|out of (the )?office|вне офиса|отсутствую|не в офисе)|is out of the office",
    re.IGNORECASE,
)


def is_automatic(letter: Letter) -> bool:
    """Whether a machine answered: by its headers, by a report's form, by the subject's words."""
    submitted = letter.header("auto-submitted").split(";")[0].strip().lower()
    return (
        submitted not in {"", "no"}
        or any(letter.header(mark) for mark in _MARKS)
        or letter.header("precedence").lower() in _PRECEDENCE
        or letter.header("return-path").strip() == "<>"
        or is_report(letter)
        or bool(_SUBJECT.search(letter.subject))
    )

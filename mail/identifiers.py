"""Which case another system's identifier names, if it is one that we gave."""

import re

from core.answercard import case_number_in

_OURS = re.compile(r"(ЕКЖ-\d{4}-\d{6,9})(?:[/-]\d{1,3})?", re.IGNORECASE)


def case_named(*said: str) -> str:
    """The case number in the first identifier that is ours, an answer's number cut; or nothing.

    An identifier is a UUID that :mod:`core.answercard` made, in any case and with or without
    braces, or our number as it stands.
    """
    for one in said:
        number = case_number_in(one)
        if number:
            return number
        match = _OURS.fullmatch(one.strip())
        if match:
            return match[1].upper()
    return ""

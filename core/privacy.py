"""Citizens' contacts are masked before a text leaves the desk (4.1, R9)."""

import re

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w/-])(?:\+7|\b8)?[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}(?![\w/-])")

EMAIL_MASK = "[эл. почта скрыта]"
PHONE_MASK = "[телефон скрыт]"


def masked(text: str) -> str:
    """The text without e-mail addresses and telephone numbers."""
    return _PHONE.sub(PHONE_MASK, _EMAIL.sub(EMAIL_MASK, text))

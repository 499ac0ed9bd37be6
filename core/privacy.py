"""Citizens' contacts and names are masked before a text leaves the desk (4.1, R9)."""

import re

from core.textchecks.persons import PAPER, find_names

EMAIL_MASK = "[эл. почта скрыта]"
PHONE_MASK = "[телефон скрыт]"
CONTACT_MASK = "[контакт скрыт]"
NAME_MASK = "[имя скрыто]"
PAPER_MASK = "[номер документа скрыт]"

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PAGE = re.compile(r"(?:https?://)?\b(?:t\.me|wa\.me|vk\.com|ok\.ru|viber\.me)/\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.])@[A-Za-z]\w{3,}")
_BETWEEN = r"[\s().-]{0,3}"
_PHONE = re.compile(
    r"(?<![\w/№-])(?:"
    rf"\+?[78]{_BETWEEN}(?:\d{_BETWEEN}){{9}}\d"  # with the country: 8 (495) 123-45-67
    rf"|\(?[3489]\d\d\)?{_BETWEEN}\d{{3}}{_BETWEEN}\d\d{_BETWEEN}\d\d"  # without: 916 123-45-67
    r"|\d{3}-\d\d-\d\d"  # the city's own: 586-12-34
    r")(?![\w/]|-\d)")


def masked(text: str) -> str:
    """The text without e-mail addresses, telephones, pages of social networks, numbers of
    personal documents and people's names.

    Who is named by office («начальник участка Иванов И.И.») stays: the message may be about him.
    """
    for pattern, mask in ((_EMAIL, EMAIL_MASK), (_PAGE, CONTACT_MASK), (_HANDLE, CONTACT_MASK),
                          (PAPER, PAPER_MASK), (_PHONE, PHONE_MASK)):
        text = pattern.sub(mask, text)
    for name in reversed(find_names(text)):
        if not name.office:
            text = f"{text[:name.start]}{NAME_MASK}{text[name.end:]}"
    return text

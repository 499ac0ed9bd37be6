"""Citizens' contacts and names are masked before a text leaves the desk (4.1, R9)."""

import re
from collections.abc import Sequence

from core.textchecks.persons import PAPER, find_names, find_person

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


def masked(text: str, named: Sequence[tuple[int, int]] = ()) -> str:
    """The text without e-mail addresses, telephones, pages of social networks, numbers of
    personal documents and people's names.

    ``named``: where the applicant is named in it besides (:func:`of_applicant`). Who is named by
    office («начальник участка Иванов И.И.») stays: the message may be about him.
    """
    found = [(*one.span(), mask)
             for pattern, mask in ((_EMAIL, EMAIL_MASK), (_PAGE, CONTACT_MASK),
                                   (_HANDLE, CONTACT_MASK), (PAPER, PAPER_MASK),
                                    (_PHONE, PHONE_MASK))
             for one in pattern.finditer(text)]
    found += [(one.start, one.end, NAME_MASK) for one in find_names(text) if not one.office]
    found += [(start, end, NAME_MASK) for start, end in named]
    said, place = "", 0
    for start, end, mask in sorted(found, key=lambda one: (one[0], -one[1])):
        if start >= place:
            said += f"{text[place:start]}{mask}"
            place = end
        else:
            place = max(place, end)
    return said + text[place:]


def of_applicant(text: str, name: str) -> tuple[tuple[int, int], ...]:
    """Where the applicant of that full name is named: what is kept of it beside the text, so
    that whoever shows the text need not read the name."""
    return find_person(text, name)

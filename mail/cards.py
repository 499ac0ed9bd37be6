"""The card of a portal message in a letter of МСЭД: lines in the body or a table."""

from collections.abc import Sequence
from functools import lru_cache

from core.inbound import Applicant, MessageCard
from mail import pairs
from mail.pairs import Field, Found
from mail.parsing import Letter

FIELDS = (
    Field("number", ("номер", "№", "номер сообщения", "номер обращения", "номер ецур",
                     "номер обращения ецур, мсэд", "номер в доброделе", "номер карточки")),
    Field("sent_on", ("дата", "дата сообщения", "дата обращения", "дата создания",
                      "дата поступления", "дата поступления обращения", "дата жалобы")),
    Field("category", ("категория", "категория сообщения", "категория ецур", "направление")),
    Field("topic", ("тема", "тема сообщения", "тематика", "подкатегория", "подтема",
                    "подкатегория ецур", "факт", "ецур факт")),
    Field("place", ("адрес", "адрес проблемы", "адрес объекта", "место", "локация")),
    Field("text", ("текст", "текст сообщения", "текст обращения", "описание", "содержание",
                   "контент", "аннотация/краткое содержание"), long=True),
    Field("applicant", ("заявитель", "автор", "автор сообщения", "фио", "фио заявителя",
                        "пользователь")),
    Field("contacts", ("контакты", "контакты заявителя", "телефон", "телефон заявителя",
                       "почта", "почта заявителя", "e-mail", "email", "электронная почта",
                       "адрес заявителя"), long=True),
    Field("public", ("публичность", "публичное", "публикация")),
    Field("repeat_of", ("повтор к", "повтор", "повтор сообщения", "возврат к", "доработка к",
                        "повторно к")),
)  # fmt: skip
"""Fields of the card and the headings they go by. A new layout is a new heading here."""

PERSONAL = frozenset({"applicant", "contacts"})
"""Never left inside the text, wherever they stand (4.1: data for official use only)."""

_PUBLIC = ("да", "публич", "опубликов", "открыт", "1", "true")
_NOT_PUBLIC = ("нет", "непублич", "не публич", "не публик", "закрыт", "0", "false", "")
_NONE = frozenset({"", "-", "—", "–", "нет", "отсутствует", "0"})


def found_in(letter: Letter, layout: Sequence[Field] = FIELDS) -> Found:
    """The card's fields in the letter: a table first, else the lines of the body."""
    in_table = pairs.from_tables(letter.html, layout) if letter.html else {}
    if looks_like_card(in_table):
        return in_table
    return pairs.from_text(letter.text, layout)


def looks_like_card(found: Found) -> bool:
    """Whether these fields are meant as a card: a number or a text, and something besides."""
    return bool({"number", "text"} & found.keys()) and len(found) >= 3


def card_from(
    found: Found, layout: Sequence[Field] = FIELDS
) -> tuple[MessageCard, tuple[str, ...]]:
    """The card and what was wrong in it. An empty number or text is left for the caller."""
    problems = []
    said = pairs.first(found, "public").lower()
    public = said.startswith(_PUBLIC)
    if not public and not (said.startswith(_NOT_PUBLIC[:-1]) or said == ""):
        problems.append(f"Публичность указана непонятно («{said[:40]}»), принято «нет».")
    day = pairs.first(found, "sent_on")
    sent_on = pairs.day_in(day)
    if day and sent_on is None:
        problems.append(f"Дата в карточке записана непонятно: «{day[:40]}».")
    text, moved = _without_personal("\n\n".join(found.get("text", [])), layout)
    card = MessageCard(
        number=pairs.first(found, "number").removeprefix("№").strip(),
        text=text,
        category=pairs.first(found, "category"),
        topic=pairs.first(found, "topic"),
        place=pairs.first(found, "place"),
        sent_on=sent_on,
        public=public,
        repeat_of=_reference(pairs.first(found, "repeat_of")),
        applicant=Applicant(
            name=pairs.first(found, "applicant"),
            contacts="; ".join(" ".join(one.split()) for one in found.get("contacts", []) + moved),
        ),
    )
    return card, tuple(problems)


def _reference(value: str) -> str:
    return "" if value.lower() in _NONE else value.removeprefix("№").strip()


@lru_cache(maxsize=16)
def _personal(layout: tuple[Field, ...]) -> frozenset[str]:
    """The headings of personal data, as they are compared."""
    return frozenset(pairs.plain(heading) for one in (*FIELDS, *layout)
                     if one.name in PERSONAL for heading in one.headings)


def _without_personal(text: str, layout: Sequence[Field]) -> tuple[str, list[str]]:
    """The text without lines headed as personal data, and what those lines said."""
    headings = _personal(tuple(layout))
    kept, moved = [], []
    for line in text.split("\n"):
        heading, colon, value = line.partition(":")
        if colon and pairs.plain(heading) in headings:
            moved.append(value.strip())
        else:
            kept.append(line)
    return "\n".join(kept).strip(), moved

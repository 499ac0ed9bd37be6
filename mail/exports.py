"""Tables of ЕЦУР and «Добродел»: one file, many messages, each row by itself.

No official list of columns exists; :data:`COLUMNS` gathers the headings that public programs
read and write. An office whose table is headed otherwise writes a profile (docs/profiles.md).
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.errors import BadTableError
from core.inbound import Attachment, MessageCard, NewMessages
from mail import cards, pairs
from mail.hypertext import to_text
from mail.pairs import Field
from mail.tables import MOST_ROWS, Row, Sheet, is_table, sheets_of

COLUMNS = (
    Field("number", ("номер ецур", "номер обращения ецур, мсэд", "номер в доброделе",
                     "номер сообщения", "номер обращения", "номер карточки", "номер", "cardid",
                     "номер инцидента", "номер в источнике",
                     "номер обращения исходной системы")),
    Field("sent_on", ("дата создания", "дата поступления обращения", "дата обращения",
                      "дата сообщения", "дата жалобы", "дата поступления", "дата", "created")),
    Field("category", ("категория ецур", "тематика", "направление", "синт.группа", "категория",
                       "ecurcategory")),
    Field("topic", ("ецур факт", "факт", "подкатегория ецур", "подтема", "подкатегория", "тема",
                    "категория", "ecurfact", "subcategory")),
    Field("place", ("адрес", "адрес проблемы", "локация", "место", "address")),
    Field("locality", ("населенный пункт", "район", "омсу", "district")),
    Field("text", ("текст", "текст обращения", "текст сообщения", "описание", "контент",
                   "аннотация/краткое содержание", "содержание", "body"), long=True),
    Field("applicant", ("заявитель", "фио заявителя", "фио", "автор")),
    Field("contacts", ("почта заявителя", "телефон заявителя", "контакты заявителя", "телефон",
                       "почта", "e-mail", "email", "контакты"), long=True),
    Field("public", ("публичность", "публичное")),
    Field("repeat_of", ("повтор к", "возврат к", "доработка к")),
    Field("status", ("статус", "статус в доброделе", "status")),
)  # fmt: skip
"""Our field and the headings of its columns, the surest first. Of several columns of one field
the first filled cell is taken. A column serves one field: each takes its surest, in this order,
and only then what is left."""

STATUSES = (
    ("rework", ("51", "511"), ("доработка", "на доработк", "повторная отправка", "возврат")),
    ("closed", ("35", "42", "53", "55", "56", "60", "531", "4", "62"),
     ("решено", "закрыт", "отклонен", "архив", "незаверш")),
)  # fmt: skip
"""What a status tells: its codes on the portal and how its words begin. All others: at work."""

HEADER_WITHIN = 20
"""The header is looked for in this many first rows; above it stand titles and periods."""
LEAST_COLUMNS = 3
MOST_DOUBTS = 20


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of each field are, the surest first; ``row`` is the header's number,
    ``unread`` the headings that are no field's."""

    row: int
    columns: Mapping[str, tuple[int, ...]]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tables:
    """What the tables of a letter gave.

    ``messages`` is None where none is a table of messages; ``used`` are the files that were;
    ``problems`` say what was doubtful, or why a table was none of messages; ``unread`` are the
    headings of columns that were not used.
    """

    messages: NewMessages | None = None
    used: tuple[Attachment, ...] = ()
    problems: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(slots=True)
class _Taken:
    """What the rows gave so far."""

    cards: list[MessageCard] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    closed: int = 0


def found_in(files: Sequence[Attachment], columns: Sequence[Field] = COLUMNS) -> Tables:
    """The messages of every table among the files."""
    taken = _Taken()
    used, refused = [], []
    for file in filter(is_table, files):
        try:
            if _take_file(file, columns, taken):
                used.append(file)
            else:
                refused.append(not_known(file.name))
        except BadTableError as fault:
            refused.append(str(fault))
    if not used:
        return Tables(problems=tuple(refused))
    notes = (f"закрытых на портале пропущено: {taken.closed}",) if taken.closed else ()
    messages = NewMessages(
        tuple(taken.cards), tuple(taken.places), (*taken.problems, *refused), notes
    )
    doubts = tuple(taken.doubts[:MOST_DOUBTS])
    return Tables(messages, tuple(used), doubts, tuple(dict.fromkeys(taken.unread)))


def not_known(name: str) -> str:
    """Why a table is not one of messages."""
    return (
        f"«{name}»: среди заголовков нет столбцов номера и текста сообщения. "
        "Если это выгрузка, опишите её профилем."
    )


def header_of(sheet: Sheet, columns: Sequence[Field] = COLUMNS) -> Header | None:
    """The first row that names a number and a text, in three known columns or more."""
    for row in sheet.rows[:HEADER_WITHIN]:
        found = _columns_in(row, columns)
        named = {name for name, places in found.items() if places}
        known = sum(map(len, found.values()))
        if {"number", "text"} <= named and known >= LEAST_COLUMNS:
            used = {place for places in found.values() for place in places}
            unread = (cell for place, cell in enumerate(row.cells) if place not in used and cell)
            return Header(row.number, found, tuple(unread))
    return None


def _columns_in(row: Row, columns: Sequence[Field]) -> dict[str, tuple[int, ...]]:
    headings: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        headings.setdefault(pairs.plain(cell), place)
    found: dict[str, tuple[int, ...]] = {column.name: () for column in columns}
    for first_only in (True, False):
        for column in columns:
            asked = [one for one in map(pairs.plain, column.headings) if one in headings]
            places = [headings.pop(one) for one in (asked[:1] if first_only else asked)]
            found[column.name] = (*found[column.name], *places)
    return found


def _take_file(file: Attachment, columns: Sequence[Field], taken: _Taken) -> bool:
    known = False
    sheets = sheets_of(file)
    for sheet in sheets:
        header = header_of(sheet, columns)
        if header is None:
            continue
        known = True
        taken.unread += header.unread
        title = f"«{file.name}», лист «{sheet.name}»" if len(sheets) > 1 else f"«{file.name}»"
        for row in sheet.rows:
            if row.number > header.row:
                _take_row(row, header, f"{title}, строка {row.number}", taken)
        if sheet.cut:
            taken.problems.append(
                f"{title}: больше {MOST_ROWS} строк, остальные не прочитаны. "
                "Разделите выгрузку на части."
            )
    return known


def _take_row(row: Row, header: Header, place: str, taken: _Taken) -> None:
    found = {
        name: [row.cells[one] for one in places if one < len(row.cells) and row.cells[one]]
        for name, places in header.columns.items()
    }
    found = {name: values for name, values in found.items() if values}
    meaning = _meaning(pairs.first(found, "status"))
    if meaning == "closed":
        taken.closed += 1
        return
    card, doubts = card_from(found, rework=meaning == "rework")
    missing = "номера" if not card.number else "текста сообщения" if not card.text else ""
    if missing:
        taken.problems.append(f"{place}: нет {missing}.")
        return
    taken.cards.append(card)
    taken.places.append(place)
    taken.doubts += [f"{place}: {doubt}" for doubt in doubts]


def card_from(found: pairs.Found, *, rework: bool) -> tuple[MessageCard, tuple[str, ...]]:
    """A row as a card, and what was doubtful in it."""
    text = _words(next(iter(found.get("text", [])), ""))
    card, doubts = cards.card_from({**found, "text": [text]})
    place = card.place
    if not place.lower().count(pairs.first(found, "locality").lower()):
        place = ", ".join(filter(None, (pairs.first(found, "locality"), place)))
    return replace(card, place=place, repeat_of=card.repeat_of or rework * card.number), doubts


def _meaning(status: str) -> str:
    word = pairs.plain(status)
    for meaning, codes, stems in STATUSES:
        if word in codes or word.startswith(stems):
            return meaning
    return ""


_TAG = re.compile(r"<(?:br|p|div|b|i|a|span)\b[^<>]*>", re.IGNORECASE)


def _words(text: str) -> str:
    """A text with the portal's markup, escaped for HTML or not, as the citizen wrote it."""
    if _TAG.search(text):
        return to_text(text)
    plain = html.unescape(text) if "&" in text else text
    return to_text(plain) if _TAG.search(plain) else plain

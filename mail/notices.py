"""Notices of МСЭД about a document: approved, signed, registered, published, returned."""

from collections.abc import Sequence

from core.inbound import MsedNotice, NoticeKind, Unrecognised
from mail import pairs
from mail.pairs import Field, Found
from mail.parsing import Letter

FIELDS = (
    Field("kind", ("уведомление", "вид уведомления", "статус документа")),
    Field("case_number", ("номер", "№", "номер сообщения", "номер обращения")),
    Field("document_number", ("регистрационный номер", "рег. номер", "рег. №", "исходящий номер")),
    Field("person", ("подписал", "подписант", "кем подписан", "согласовал", "согласующий",
                     "кем согласован", "автор замечания")),
    Field("reason", ("причина", "причина возврата", "причина отказа", "комментарий",
                     "замечание", "текст замечания"), long=True),
    Field("on", ("дата", "дата регистрации", "дата подписания", "дата публикации",
                 "дата согласования")),
)  # fmt: skip

KINDS = (
    ("согласован", NoticeKind.APPROVED),
    ("не согласован", NoticeKind.REMARKED),
    ("замечани", NoticeKind.REMARKED),
    ("подписан", NoticeKind.SIGNED),
    ("зарегистрирован", NoticeKind.REGISTERED),
    ("опубликован", NoticeKind.PUBLISHED),
    ("размещен", NoticeKind.PUBLISHED),
    ("возвра", NoticeKind.RETURNED),
    ("отказ", NoticeKind.RETURNED),
    ("отклонен", NoticeKind.RETURNED),
)
"""How the word after «Уведомление:» begins, and what it means."""


def found_in(letter: Letter, layout: Sequence[Field] = FIELDS) -> Found:
    """The notice's fields, in a table or in lines; empty where «Уведомление» is not among them."""
    for found in (pairs.from_tables(letter.html, layout), pairs.from_text(letter.text, layout)):
        if "kind" in found:
            return found
    return {}


def notice_from(found: Found) -> MsedNotice | Unrecognised:
    """The notice, or why it cannot be one."""
    word = pairs.first(found, "kind")
    kind = next((kind for stem, kind in KINDS if pairs.plain(word).startswith(stem)), None)
    if kind is None:
        return Unrecognised(f"Вид уведомления МСЭД неизвестен: «{word[:60]}».")
    number = pairs.first(found, "case_number").removeprefix("№").strip()
    if not number:
        return Unrecognised(
            "В уведомлении МСЭД нет строки «Номер:», непонятно, о каком сообщении оно."
        )
    return MsedNotice(
        kind=kind,
        case_number=number,
        document_number=pairs.first(found, "document_number").removeprefix("№").strip(),
        person=pairs.first(found, "person"),
        reason=" ".join(" ".join(found.get("reason", [])).split()),
        on=pairs.day_in(pairs.first(found, "on")),
    )

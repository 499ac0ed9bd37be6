"""The machine-readable card that goes to МСЭД with an answer, and the same for people's eyes.

The XML is shaped as a МЭДО 2.7.1 message with a document whose files lie beside it, and has our
own fields in a last element of another namespace. Its schema, written by us from what is publicly
known: ``docs/schemas/``.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree as ET

from core.case import Case
from core.outbound import LetterFile
from core.people import Directory

MESSAGE = "urn:IEDMS:MESSAGE"
"""Namespace of МЭДО messages since 2.7.1."""
ANSWER = "urn:rakurs:answer"
"""Namespace of our own fields."""
VERSION = "2.7.1"

NAMES = (
    ("number", "Номер"),
    ("portal_number", "Номер на портале"),
    ("answer_number", "Регистрационный номер"),
    ("answer_kind", "Вид ответа"),
    ("promised_on", "Дата исполнения"),
    ("category", "Категория"),
    ("topic", "Тема"),
    ("place", "Адрес"),
    ("returns", "Возвратов пользователем"),
    ("executor", "Исполнитель"),
    ("signer", "Подписал"),
    ("text", "Текст ответа"),
)
"""Element of the card -> its Russian name, in this order; the citizen is not in it (4.1)."""


def fields(case: Case, directory: Directory) -> dict[str, str]:
    """What the card says; empty fields are left out."""
    draft, lead = case.draft, case.lead
    promised = draft.promised_on if draft else None
    values = {
        "number": case.number,
        "portal_number": case.message.portal_number,
        "answer_number": case.answer_number,
        "answer_kind": draft.kind.label if draft else "",
        "promised_on": promised.isoformat() if promised else "",
        "category": case.message.category,
        "topic": case.message.topic,
        "place": case.message.place,
        "returns": str(case.returns),
        "executor": directory.names([lead.executor_id]) if lead else "",
        "signer": case.signature.signer if case.signature else "",
        "text": draft.text if draft else "",
    }
    tidy = {name: _clean(value).strip() for name, value in values.items()}
    return {name: value for name, value in tidy.items() if value}


def as_xml(case: Case, directory: Directory, files: Sequence[LetterFile] = ()) -> bytes:
    """The card as UTF-8 XML; ``files`` are those that go beside it. The same case, the same card.

    МЭДО forbids empty elements, so what is not known is left out.
    """
    said = fields(case, directory)
    house = _house(case, directory)
    number = said.get("answer_number") or case.number
    signed_at = case.signature.at if case.signature else case.received_at
    root = ET.Element(_m("communication"), {_m("version"): VERSION})
    header = _add(root, "header", type="Документ", uid=str(_uid(case, "message")),
                  created=signed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    source = _add(header, "source", uid=str(uuid5(NAMESPACE_URL, house)))
    _add(source, "organization", house)
    document = _add(root, "document", uid=str(_uid(case, "document")), id=number)
    _add(document, "kind", "Ответ на сообщение")
    _numbered(document, number, signed_at.date().isoformat())
    _people(document, house, said.get("signer") or house)
    asked = _add(_add(document, "correspondents"), "correspondent")
    _add(asked, "organization", "Портал «Добродел»")
    sent_on = case.message.sent_on
    _numbered(asked, said.get("portal_number", ""), sent_on.isoformat() if sent_on else "")
    _add(document, "annotation", said.get("topic") or "Ответ на сообщение пользователя")
    if files:
        listed = _add(root, "files")
        for order, file in enumerate(files):
            one = _add(listed, "file", localName=file.name, localId=str(order),
                       type=file.media_type)
            _add(one, "group", "Текст документа" if order == 0 else "Текст приложения")
    ours = ET.SubElement(root, f"{{{ANSWER}}}answer", {"version": "1"})
    for name, value in said.items():
        ET.SubElement(ours, f"{{{ANSWER}}}{name}").text = value
    ET.register_namespace("xdms", MESSAGE)
    ET.register_namespace("rakurs", ANSWER)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _people(document: ET.Element, house: str, signer: str) -> None:
    """Who signed and to whom the answer goes."""
    signatory = _add(_add(document, "signatories"), "signatory")
    _add(signatory, "organization", house)
    _add(signatory, "person", signer)
    addressee = _add(_add(document, "addressees"), "addressee")
    _add(addressee, "organization", "Оператор Единой системы")


def _numbered(parent: ET.Element, number: str, day: str) -> None:
    if number:
        num = _add(parent, "num")
        _add(num, "number", number)
        if day:
            _add(num, "date", day)


def _house(case: Case, directory: Directory) -> str:
    """The body that answers: the signatory's."""
    person = directory.people.get(case.signatory_id or 0)
    body = directory.bodies.get(person.body_id) if person else None
    return body.name if body else "Администрация"


def _m(name: str) -> str:
    return f"{{{MESSAGE}}}{name}"


def _add(parent: ET.Element, name: str, text: str = "", /, **attributes: str) -> ET.Element:
    one = ET.SubElement(parent, _m(name), {_m(key): _clean(value)
                                           for key, value in attributes.items()})
    if text:
        one.text = _clean(text)
    return one


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(sign for sign in text if sign in "\n\t" or (
        sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff"))


_NUMBER = re.compile(r"ЕКЖ-(\d{4})-(\d+)")
_KINDS = {"message": 1, "document": 2}


def _uid(case: Case, kind: str) -> UUID:
    """The identifier of our message or document: a UUID of version 8 (RFC 9562, 5.8).

    It holds the case's number and which answer it is, so that a receipt, which names nothing
    but a UUID, names the case; the last six bytes are a checksum.
    """
    match = _NUMBER.fullmatch(case.number)
    year, sequence = (int(match[1]), int(match[2])) if match else (0, 0)
    head = (year.to_bytes(2, "big") + (sequence % 2**32).to_bytes(4, "big")
            + bytes((0x80, case.answers % 256, 0x80 | _KINDS[kind], 0)))
    return UUID(bytes=head + _checksum(head))


def _checksum(head: bytes) -> bytes:
    return hashlib.sha256(b"rakurs:" + head).digest()[:6]


def case_number_in(uid: str) -> str:
    """The number of the case whose answer carries this identifier, or an empty string."""
    try:
        raw = UUID(uid.strip()).bytes
    except ValueError:
        return ""
    if raw[6] != 0x80 or raw[10:] != _checksum(raw[:10]):
        return ""
    return f"ЕКЖ-{int.from_bytes(raw[:2], 'big'):04d}-{int.from_bytes(raw[2:6], 'big'):06d}"


def as_text(case: Case, directory: Directory) -> str:
    """The card as lines «Название: значение»."""
    said = fields(case, directory)
    return "\n".join(f"{label}: {said[name]}" for name, label in NAMES if name in said)

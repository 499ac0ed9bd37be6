"""The machine-readable card that goes to МСЭД with an answer, and the same for people's eyes."""

import re
from xml.etree import ElementTree as ET

from core.case import Case
from core.people import Directory

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

NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write (clause 2.2); also CR, which a reader would change."""


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
    return {name: value for name, value in values.items() if value}


def as_xml(case: Case, directory: Directory) -> bytes:
    """The card as UTF-8 XML: root ``answer``, one element for each field."""
    root = ET.Element("answer", {"version": "1"})
    for name, value in fields(case, directory).items():
        ET.SubElement(root, name).text = NOT_IN_XML.sub("", value)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def as_text(case: Case, directory: Directory) -> str:
    """The card as lines «Название: значение»."""
    said = fields(case, directory)
    return "\n".join(f"{label}: {said[name]}" for name, label in NAMES if name in said)

"""The card that goes to МСЭД: true to its schema, and receipts for it find the case."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from core import answercard
from core.case import Case, Signature
from core.draft import Draft
from core.inbound import InboundMail, MailPlace, MsedNotice, NewMessage, NoticeKind
from core.outbound import LetterFile
from core.regulation.terms import AnswerKind
from mail import medo
from mail.xmltree import Node, parse_xml
from tests import builders as b
from tests.builders import a_case, a_directory, a_message
from tests.mail.office import MONDAY, desk

SCHEMA = xmlschema.XMLSchema(
    str(Path(__file__).parents[2] / "docs" / "schemas" / "answer-message.xsd"))
FILES = (LetterFile("Ответ.pdf", "application/pdf", b"%PDF"),
         LetterFile("фото 1.jpg", "image/jpeg", b"JPEG"))  # fmt: skip


def _answered(text: str = "Яма заделана 2 марта.", **changes: object) -> Case:
    draft = Draft(1, AnswerKind.INTERIM, text, b.LEAD, MONDAY, date(2026, 12, 14))
    case = replace(
        a_case(a_message()), number="ЕКЖ-2026-000123", drafts=(draft,), answers=1,
        answer_number="ЕКЖ-2026-000123/1", signatory_id=b.SIGNATORY,
        signature=Signature("Глава П.П.", datetime(2026, 12, 1, 9, tzinfo=UTC)))
    return replace(case, **changes)  # type: ignore[arg-type]


def _tree(case: Case) -> Node:
    card = answercard.as_xml(case, a_directory(), FILES)
    SCHEMA.validate(card.decode())
    return parse_xml(card)


def test_card_is_true_to_the_schema_and_says_what_is_answered() -> None:
    case = _answered()
    root = _tree(case)
    document = root.child("document")
    assert document
    assert (root.name, root.attribute("version")) == ("communication", "2.7.1")
    assert document.text("num", "number") == "ЕКЖ-2026-000123/1"
    assert document.text("signatories", "signatory", "person") == "Глава П.П."
    assert document.text("correspondents", "correspondent", "num", "number") == (
        case.message.portal_number)
    assert [one.attribute("localName") for one in root.inside("file")] == [
        "Ответ.pdf", "фото 1.jpg"]
    assert root.text("answer", "promised_on") == "2026-12-14"
    assert root.text("answer", "text") == "Яма заделана 2 марта."


def test_card_of_a_bare_case_is_true_to_the_schema() -> None:
    bare = replace(a_message(), portal_number="", topic="", category="", place="", sent_on=None)
    SCHEMA.validate(answercard.as_xml(a_case(bare), a_directory()).decode())


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_written_the_card_stays_true_to_the_schema(text: str) -> None:
    message = replace(a_message(), portal_number=text, topic=text, place=text, category=text)
    case = _answered(text, message=message, answer_number=text)
    SCHEMA.validate(answercard.as_xml(case, a_directory(), FILES).decode())


@pytest.mark.parametrize(
    ("sound", "wrong"),
    [(">2026-12-14<", ">14.12.2026<"), ("промежуточный ответ", "иной ответ"),
     ('type="Документ"', 'type="Квитанция"'), ("<xdms:number>ЕКЖ-2026-000123/1", "<xdms:number> "),
     ('version="2.7.1"', 'version="2.5"'), ("Текст приложения", "Прочее")],
)  # fmt: skip
def test_schema_refuses_what_the_format_forbids(sound: str, wrong: str) -> None:
    card = answercard.as_xml(_answered(), a_directory(), FILES).decode()
    assert sound in card
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        SCHEMA.validate(card.replace(sound, wrong, 1))


def test_the_same_answer_has_the_same_card_and_the_next_one_another() -> None:
    first, again = (_tree(_answered()) for _ in range(2))
    second = _tree(_answered(answers=2))

    def uids(root: Node) -> list[str]:
        return [one.attribute("uid") for one in root.walk() if one.name in {"header", "document"}]

    assert uids(first) == uids(again)
    assert len({*uids(first), *uids(second)}) == 4


def test_every_identifier_of_ours_names_its_case_and_no_other_does() -> None:
    for number in ("ЕКЖ-2026-000001", "ЕКЖ-2031-1234567"):
        root = _tree(_answered(number=number))
        for one in root.walk():
            if one.name in {"header", "document"}:
                uid = one.attribute("uid")
                assert answercard.case_number_in(uid) == number
                assert answercard.case_number_in(f"{{{uid.upper()}}}") == number
                assert answercard.case_number_in(uid[:-1] + ("0" if uid[-1] != "0" else "1")) == ""
    for foreign in ("", "нет", "2f1c77b2-0000-4000-8000-000000000001"):
        assert answercard.case_number_in(foreign) == ""


def test_our_card_is_read_by_our_own_reader() -> None:
    reading = medo.read_message(_tree(_answered()), []).reading
    assert isinstance(reading, NewMessage)
    assert reading.card.number == "ЕКЖ-2026-000123/1"


async def test_receipt_of_our_package_is_noted_at_the_case(tmp_path: Path) -> None:
    async with desk(tmp_path) as office:
        await office.intake.accept(office.letter("Номер;Адрес;Текст\n8800001;Мира;Яма\n"))
        async with office.office.work() as work:
            (case,) = await work.cases.open_cases()
        uid = str(answercard._uid(case, "message"))
        number = answercard.case_number_in(uid)
        notice = MsedNotice(NoticeKind.RECEIVED, number)
        mail = InboundMail(
            MailPlace("INBOX", 7, 99), b"receipt", MONDAY, "<r@x>", "a@msed.example", "Квитанция",
            "", notice)  # fmt: skip
        await office.intake.accept(mail)
        async with office.office.work() as work:
            kept = await work.mailbox.get(2)
            after = await work.cases.get(case.id)
    assert (kept.kind, kept.case_id, kept.handled) == ("receipt", case.id, True)
    assert after == case

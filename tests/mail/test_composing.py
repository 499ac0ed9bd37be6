"""Outgoing letters: what a mail server and the recipient's program get to see."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest

from core.outbound import LetterFile, OutgoingLetter, RefusedError
from mail.composing import as_bytes, compose
from mail.parsing import parse
from mail.replies import REPLY_MARK

AT = datetime(2026, 3, 2, 7, 15, tzinfo=UTC)
LETTER = OutgoingLetter(
    message_id="<out-5@mytischi.example>",
    to=("petrov@gkh.example",),
    subject="Поручение: устранить яму",
    text="Просим устранить яму на ул. Летной.\n" + "Длинная строка без переводов. " * 200,
    case_number="ЕКЖ-2026-000123",
    token="k3v9x2m7q5w8",
    in_reply_to="<in-1@gkh.example>",
    references=("<in-0@gkh.example>",),
    files=(
        LetterFile("Акт осмотра — улица Летная, дом 15, корпус 2, подъезд 1 (подписан).pdf",
                   "application/pdf", bytes(range(256)) * 40),
        LetterFile("письмо.eml", "message/rfc822", b"From: x\n\ny"),
    ),
)  # fmt: skip


def _wire(**changes: object) -> bytes:
    letter = OutgoingLetter(**{**{name: getattr(LETTER, name) for name in LETTER.__slots__},
                               **changes})  # fmt: skip
    return as_bytes(compose(letter, "Ракурс <bot@mytischi.example>", AT))


def test_recipient_reads_what_was_written() -> None:
    letter = parse(_wire())
    assert letter.subject == "[ЕКЖ-2026-000123] Поручение: устранить яму"
    assert (letter.sender_name, letter.sender) == ("Ракурс", "bot@mytischi.example")
    assert letter.text == f"{REPLY_MARK}\n\n{LETTER.text}".rstrip("\n")
    assert letter.date == AT
    assert letter.message_id == "<out-5@mytischi.example>"
    assert letter.in_reply_to == "<in-1@gkh.example>"
    assert letter.references == ("<in-0@gkh.example>", "<in-1@gkh.example>")
    assert [(one.name, one.content) for one in letter.attachments] == [
        (one.name, one.content) for one in LETTER.files
    ]
    assert letter.problems == ()


def test_answer_comes_to_the_address_with_the_token() -> None:
    assert parse(_wire()).header("reply-to") == "Ракурс <bot+k3v9x2m7q5w8@mytischi.example>"


def test_letter_that_awaits_no_answer_has_neither_token_nor_mark() -> None:
    letter = parse(_wire(token=""))
    assert not letter.header("reply-to")
    assert REPLY_MARK not in letter.text


WORDS = ["Сравнение", "фотографии:", "Ямы", "и", "выбоины", "на", "дорогах", "2026", "г.", "по",
         "адресу", "Лётная,", "МБУ", "«Городское", "благоустройство»", "Re:"]


@pytest.mark.parametrize("seed", range(60))
def test_no_space_of_a_long_subject_or_name_is_lost(seed: int) -> None:
    dice = random.Random(seed)
    subject, name = (" ".join(dice.choices(WORDS, k=dice.randint(1, 14))) for _ in range(2))
    name = name.replace(",", "").replace(":", "")
    raw = as_bytes(compose(replace(LETTER, subject=subject, case_number=""),
                           f'"{name}" <bot@mytischi.example>', AT))
    read = message_from_bytes(raw, policy=policy.default)
    assert read["Subject"] == subject
    assert parse(raw).subject == subject
    for field in ("From", "Reply-To"):
        (box,) = read[field].addresses
        assert box.domain == "mytischi.example"
        unfolded = message_from_bytes(raw)[field].replace("\r\n", "")
        assert str(make_header(decode_header(unfolded))).startswith(f"{name} <bot")
    head = raw.split(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78


def test_wire_form_is_ascii_with_short_lines() -> None:
    wire = _wire()
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 78
    assert b"\n" not in wire.replace(b"\r\n", b"")


def test_machines_letter_says_so_and_a_persons_does_not() -> None:
    assert b"Auto-Submitted: auto-generated\r\n" in _wire()
    assert b"Auto-Submitted" not in _wire(automatic=False)


def test_long_identifiers_of_outlook_stay_whole() -> None:
    long = f"<AM0PR0702MB3522C04E8C{'0' * 40}@AM0PR0702MB3522.eurprd07.prod.outlook.example>"
    wire = _wire(in_reply_to=long, references=(long, "<b@c>"))
    assert wire.count(long.encode()) == 2
    assert parse(wire).references == (long, "<b@c>")


@pytest.mark.parametrize("name", ["subject", "case_number", "message_id", "in_reply_to"])
def test_line_breaks_in_a_field_add_no_header(name: str) -> None:
    wire = _wire(**{name: "x\r\nBcc: spy@evil.example\r\n\r\nbody"})
    message = message_from_bytes(wire, policy=policy.default)
    assert "Bcc" not in message
    assert message["To"] == "petrov@gkh.example"


def test_line_breaks_in_a_file_name_add_no_header() -> None:
    file = LetterFile('a"\r\nBcc: spy@evil.example\r\n.txt', "text/plain", b"x")
    letter = parse(_wire(files=(file,)))
    assert not letter.header("bcc")
    assert letter.attachments[0].content == b"x"


@pytest.mark.parametrize(
    "bad", ["без собаки", "a@", "@b.example", "a b@c.example", "a@b\nc", "иван@x.example"]
)
def test_wrong_address_is_named_to_a_person(bad: str) -> None:
    with pytest.raises(RefusedError, match="записан неверно"):
        _wire(to=(bad,))


def test_russian_domain_goes_in_its_ascii_form() -> None:
    assert b"To: info@xn--d1abbgf6aiiy.xn--p1ai\r\n" in _wire(to=("info@президент.рф",))

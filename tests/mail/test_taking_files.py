"""Files of a letter on the disk: whole, each once, and found again by what was sent."""

import base64
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from core.inbound import MailPlace
from mail.reading import read_mail
from tests.mail.office import MONDAY, RULES, Desk, desk

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 100


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path) as opened:
        yield opened


def letter(number: str, photo: bytes) -> bytes:
    made = EmailMessage()
    made["From"], made["Message-ID"] = "export@msed.example", f"<{number}@msed.example>"
    made.set_content(f"Номер: {number}\nТема: Дороги\nАдрес: Мира, 1\nТекст: Яма.\n")
    made.add_attachment(photo, "image", "jpeg", filename="яма.jpg")
    return made.as_bytes()


def kept(tmp_path: Path) -> list[bytes]:
    return [one.read_bytes() for one in tmp_path.rglob("files/??/*")]


async def test_the_photos_of_a_letter_take_no_room_beside_it(office: Desk, tmp_path: Path) -> None:
    raws = [letter("8800001", PHOTO), letter("8800002", PHOTO[::-1])]
    await office.intake.accept_all([read_mail(raw, MailPlace("INBOX", 7, uid), MONDAY, RULES)
                                    for uid, raw in enumerate(raws, 1)])
    assert sorted(kept(tmp_path)) == sorted(raws)
    async with office.office.work() as work:
        cases = await work.cases.open_cases()
    files = [one for case in cases for one in case.message.files]
    assert [await office.office.files.get(one) for one in files] == [PHOTO, PHOTO[::-1]]
    assert [one.name for one in files] == ["яма.jpg", "яма.jpg"]


async def test_a_photo_that_is_not_written_by_the_rules_is_kept_by_itself(
        office: Desk, tmp_path: Path) -> None:
    written = base64.encodebytes(PHOTO).strip()
    raw = letter("8800001", PHOTO)
    raw = raw.replace(raw[raw.find(b"/9j/"):raw.rfind(b"--=")].strip(), written + b"x")
    await office.intake.accept(read_mail(raw, MailPlace("INBOX", 7, 1), MONDAY, RULES))
    assert sorted(kept(tmp_path)) == sorted([raw, PHOTO])
    async with office.office.work() as work:
        (case,) = await work.cases.open_cases()
    assert await office.office.files.get(case.message.files[0]) == PHOTO

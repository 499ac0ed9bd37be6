"""Letters taken in together become exactly what they become one after the other."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.inbound import (
    Attachment,
    AutoReply,
    InboundMail,
    MsedNotice,
    NewMessage,
    NoticeKind,
    Reading,
    Unrecognised,
)
from storage.template import open_fresh
from tests.bot import city
from tests.usecases.office.house import House

NUMBERS = ("MO-1", "mo-1 ", "MO-2", "MO-3", "", "3", "000004", "2026-000002", "ЕКЖ-2026-000001",
           "9000123")
"""Of the portal, written in two ways; none; and some that may be read as numbers of ours."""
TABLES = ("cases", "applicants", "case_numbers", "journal", "outbox", "mail", "mail_cursors")
PHOTO = Attachment("яма.jpg", "image/jpeg", b"\xff\xd8\xff\xe0photo")


async def house_at(folder: Path) -> House:
    house = await House.open(await open_fresh(folder))
    await house.settle_in()
    await house.arrives(city.message("MO-3"))
    return house


def letters(house: House, chance: random.Random) -> Sequence[InboundMail]:
    """A dozen of whatever МСЭД may send, some of them twice."""
    def one() -> InboundMail:
        number = chance.choice(NUMBERS)
        card = city.message(number, text=chance.choice(["Яма.", "Другая яма."]))
        if chance.random() < 0.2:
            card = replace(card, repeat_of=chance.choice(NUMBERS))
        said: list[Reading] = [
            NewMessage(card), NewMessage(card), NewMessage(card), Unrecognised("не понято"),
            AutoReply(), MsedNotice(NoticeKind.PUBLISHED, chance.choice(NUMBERS))]
        return house.mail(chance.choice(said), attachments=(PHOTO,) * chance.randrange(2))
    found = [one() for _ in range(12)]
    again = replace(found[3], place=replace(found[-1].place, uid=found[-1].place.uid + 1))
    return [*found, again]


def rows(house: House) -> dict[str, list[dict[str, Any]]]:
    return {name: house.table(name) for name in TABLES}


@pytest.mark.parametrize("seed", range(8))
async def test_together_or_one_by_one_the_rows_are_the_same(tmp_path: Path, seed: int) -> None:
    together, apart = await house_at(tmp_path / "one"), await house_at(tmp_path / "two")
    await together.intake.accept_all(letters(together, random.Random(seed)))
    for mail in letters(apart, random.Random(seed)):
        await apart.intake.accept(mail)
    try:
        assert rows(together) == rows(apart)
        assert len(together.table("cases")) > 1
    finally:
        await together.database.close()
        await apart.database.close()

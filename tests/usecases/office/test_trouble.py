"""The database or the disk is away for a while: the loops go on, nothing is lost or doubled."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from core.case import Case, CitizenMessage
from core.inbound import Applicant, Attachment, MessageCard, NewMessages
from core.notices import NoticeKind
from core.people import Channel
from core.ports import UnavailableError
from core.usecases import delivery, resolutions, routing
from core.usecases.office import CaseRef
from core.usecases.parcels import Leaving, Parcel, at_once
from storage import database as opening
from storage.cases import CaseRepository
from storage.template import open_fresh
from tests.bot import city
from tests.usecases.office.house import House, RecordingCourier


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """An office whose database does not wait long for another program."""
    monkeypatch.setattr(opening, "BUSY_MILLISECONDS", 50)
    monkeypatch.setattr(delivery, "PATIENCE", (0.05,) * 100)
    database = await open_fresh(tmp_path)
    opened = await House.open(database)
    await opened.settle_in()
    yield opened
    await database.close()


@contextmanager
def another_program_writes(house: House) -> Iterator[None]:
    """The database is held by somebody else for as long as this lasts."""
    assert house.database.path is not None
    line = sqlite3.connect(house.database.path, isolation_level=None)
    line.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        line.execute("ROLLBACK")
        line.close()


class LockingCourier(RecordingCourier):
    """Sends, and in that moment the database is taken by another program for a while."""

    def __init__(self, house: House) -> None:
        super().__init__("telegram")
        self.house = house
        self.refused = asyncio.Event()
        self.holding: asyncio.Task[None] | None = None

    async def deliver(self, parcel: Parcel, leaving: Leaving = at_once) -> str:
        await leaving()
        if self.holding is None:
            locked = asyncio.Event()
            self.holding = asyncio.ensure_future(self.hold(locked))
            await locked.wait()
        return await super().deliver(parcel)

    async def hold(self, locked: asyncio.Event) -> None:
        with another_program_writes(self.house):
            locked.set()
            with pytest.raises(UnavailableError):
                async with self.house.office.work():
                    pass
            await asyncio.sleep(0.3)  # while the noting is tried


async def test_what_was_sent_while_the_database_was_locked_is_noted_and_not_sent_again(
        house: House) -> None:
    await house.registered()
    courier = LockingCourier(house)
    carrying = replace(house.delivery, couriers={Channel.TELEGRAM: courier})
    assert await carrying.carry(Channel.TELEGRAM) == 1
    assert courier.holding is not None
    await courier.holding
    assert [(one.state, one.attempts) for one in house.rows()] == [("sent", 1)]
    assert len(courier.of(NoticeKind.NEW_MESSAGE)) == 1
    assert await carrying.carry(Channel.TELEGRAM) == 0


async def test_delivery_goes_on_after_the_database_was_locked(house: House) -> None:
    await house.registered()
    bell = house.office.bell
    with another_program_writes(house):
        loop = asyncio.ensure_future(house.delivery.run(Channel.TELEGRAM, bell.another()))
        with pytest.raises(UnavailableError, match="занята"):
            await house.delivery.carry(Channel.TELEGRAM)
        assert not loop.done()
    while house.rows()[0].state != "sent":
        bell.ring()
        await asyncio.wait([loop], timeout=0.05)
        assert not loop.done()
    loop.cancel()
    await asyncio.wait([loop])
    assert len(house.telegram.of(NoticeKind.NEW_MESSAGE)) == 1


async def test_a_card_whose_picture_cannot_be_read_waits_for_the_disk(house: House) -> None:
    photo = b"\xff\xd8 the yard"
    case = await house.arrives(attachments=(Attachment("двор.jpg", "image/jpeg", photo),))
    await house.do(city.DESK, case.id, routing.register)
    await house.do(city.DESK, case.id, routing.route, city.OFFICIAL)
    await house.do(city.OFFICIAL, case.id, resolutions.impose, (resolutions.Task(city.LEAD),))
    path = house.database.files.path_of(case.message.files[0].sha256)
    path.write_bytes(b"\0" * len(photo))
    await house.carry()
    (row,) = house.rows(NoticeKind.ASSIGNMENT)
    assert (row.state, row.attempts) == ("queued", 1)
    assert house.rows(NoticeKind.DELIVERY_TROUBLE) == []
    path.write_bytes(photo)
    house.clock.moment += delivery.CLAIM
    await house.carry()
    (parcel,) = house.telegram.of(NoticeKind.ASSIGNMENT)
    assert parcel.files[0].content == photo
    assert not parcel.repeated


async def test_a_table_that_meets_a_locked_database_is_taken_in_whole_later(
        house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = tuple(MessageCard(f"MO-{n}", f"Яма {n}", topic="Дороги") for n in range(3))
    mail = house.mail(NewMessages(cards, tuple(f"строка {n}" for n in range(3))))
    add, tries = CaseRepository.add_all, iter((1, 2))

    async def locked_at_the_second(
            self: CaseRepository, messages: Sequence[tuple[CitizenMessage, Applicant]],
            at: datetime) -> Sequence[Case]:
        if next(tries) == 2:
            raise sqlite3.OperationalError("database is locked")
        return await add(self, messages, at)

    with monkeypatch.context() as patch:
        patch.setattr(CaseRepository, "add_all", locked_at_the_second)
        with pytest.raises(UnavailableError):
            await house.intake.accept(mail)
    assert (len(house.table("cases")), house.table("mail")) == (1, [])
    await house.intake.accept(mail)
    assert len(house.table("cases")) == 3
    assert [one.handled for one in await house.letters_in()] == [True]


async def test_a_tap_that_met_a_locked_database_may_be_tapped_again(house: House) -> None:
    case = await house.arrives()
    tap = await house.actor(city.DESK)
    with another_program_writes(house), pytest.raises(UnavailableError, match="повторите"):
        await house.office.do(tap, CaseRef(case.id), routing.register)
    moved = await house.office.do(tap, CaseRef(case.id), routing.register)
    assert moved.registered_at is not None

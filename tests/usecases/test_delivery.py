"""The outbox's way out: order, what a crash leaves, and the desk's word on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from core.bell import Bell
from core.calendar import WorkingCalendar
from core.case import CitizenMessage
from core.inbound import Applicant
from core.notices import Notice, NoticeKind
from core.outbound import Delivery as State
from core.outbound import RefusedError
from core.people import Actor, Channel
from core.secret import Secret
from core.usecases.control import Control
from core.usecases.delivery import ATTEMPTS, CLAIM, Delivery
from core.usecases.letters import Letters
from core.usecases.lookups import Lookups
from core.usecases.office import Office, Rules
from core.usecases.parcels import Leaving, Packer, Parcel
from storage.database import Database
from storage.template import open_fresh
from tests.bot import city
from tests.bot.house import ShortPapers, TestClock
from tests.builders import kept_case


@dataclass
class Courier:
    """Takes parcels; stops at whom the test says, until it is let go."""

    slow: frozenset[int] = frozenset()
    refuses: bool = False
    raw: bytes = b""
    taken: list[tuple[int, str]] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def deliver(self, parcel: Parcel, leaving: Leaving) -> str:
        await leaving(self.raw)
        if self.refuses:
            raise RefusedError("нет такого адреса")
        to = parcel.person.id if parcel.person else 0
        if to in self.slow:
            self.came.set()
            await self.go.wait()
        async with self.changed:
            self.taken.append((to, parcel.facts.get("said", "")))
            if parcel.repeated:
                self.repeats.append(parcel.row_id)
            self.changed.notify_all()
        return f"{to}:{parcel.row_id}"

    async def has_taken(self, count: int) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: len(self.taken) >= count)


@dataclass
class Post:
    """The outbox of an office with people in it."""

    database: Database
    office: Office
    clock: TestClock

    def delivery(self, courier: Courier, channel: Channel = Channel.TELEGRAM) -> Delivery:
        lookups, letters = Lookups(self.office), Letters(self.office)
        packer = Packer(self.office, lookups, Control(self.office), ShortPapers())
        return Delivery(self.office, {channel: courier}, packer, letters)

    async def queues(self, *to: int, kind: NoticeKind = NoticeKind.REPLY,
                     channel: Channel = Channel.TELEGRAM) -> None:
        async with self.database.work() as work:
            await work.outbox.put(
                [(Notice(kind, f"{place}", one, facts={"said": f"{place}", "on": "2026-11-23"}),
                  channel) for place, one in enumerate(to)], self.clock.now())

    async def dies(self, *, sending: bool, channel: Channel = Channel.TELEGRAM) -> None:
        """Another process claims what is due, perhaps begins to send it, and is killed."""
        async with self.database.work() as work:
            now = self.clock.now()
            for row in await work.outbox.claim(channel, now, now + CLAIM, 9):
                if sending:
                    assert await work.outbox.leave(row, now + CLAIM)

    async def count(self, state: State) -> int:
        async with self.database.work() as work:
            return await work.outbox.count(state)

    async def troubled(self) -> list[int]:
        async with self.database.work() as work:
            return [row.id for row in await work.outbox.troubled()]

    async def desk(self, press: int) -> Actor:
        async with self.database.work() as work:
            person = (await work.people.directory()).people[city.DESK]
        return Actor(Channel.TELEGRAM, f"tg:{press}", person)

    @asynccontextmanager
    async def carried_by(self, delivery: Delivery, channel: Channel = Channel.TELEGRAM
                         ) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.ensure_future(delivery.run(channel, self.office.bell.another()))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    opened = await open_fresh(tmp_path)
    async with opened.work() as work:
        await work.people.import_all(city.BODIES, city.PEOPLE, city.ROUTES, city.APPROVALS)
    clock = TestClock()
    office = Office(opened.work, clock, WorkingCalendar.official(), Rules(), opened.files,
                    Bell(), Secret(b"k" * 32))
    yield Post(opened, office, clock)
    await opened.close()


async def test_a_slow_chat_keeps_nobody_else_waiting(post: Post) -> None:
    await post.queues(city.LEAD, city.LEAD, city.DESK, city.OFFICIAL, city.DESK)
    courier = Courier(slow=frozenset({city.LEAD}))
    async with post.carried_by(post.delivery(courier)):
        await courier.has_taken(3)
        assert sorted(courier.taken) == sorted(
            [(city.DESK, "2"), (city.OFFICIAL, "3"), (city.DESK, "4")])
        courier.go.set()
        await courier.has_taken(5)
    assert [said for to, said in courier.taken if to == city.LEAD] == ["0", "1"]
    assert [said for to, said in courier.taken if to == city.DESK] == ["2", "4"]


async def test_a_clean_stop_lets_what_is_being_sent_finish(post: Post) -> None:
    await post.queues(city.LEAD)
    courier = Courier(slow=frozenset({city.LEAD}))
    async with post.carried_by(post.delivery(courier)) as task:
        await courier.came.wait()
        task.cancel()
        asyncio.get_running_loop().call_later(0.05, courier.go.set)
        await asyncio.wait([task])
    assert await post.count(State.SENT) == 1


async def test_a_card_lost_in_a_crash_is_sent_soon_and_marked(post: Post) -> None:
    await post.queues(city.LEAD, city.LEAD)
    await post.dies(sending=True)
    courier = Courier()
    delivery = post.delivery(courier)
    await delivery.recover(Channel.TELEGRAM)
    assert await post.count(State.SENDING) == 1, "the claim may still be another process's"
    post.clock.moment += CLAIM
    assert timedelta(seconds=30) >= CLAIM
    async with post.carried_by(delivery):
        await courier.has_taken(2)
    assert [said for _, said in courier.taken] == ["0", "1"]
    assert len(courier.repeats) == 1, "only what was being sent is marked"


@pytest.mark.parametrize("kind", [NoticeKind.REPLY, NoticeKind.REMINDER])
@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.EMAIL])
async def test_what_had_not_begun_to_leave_is_sent_after_a_crash_without_a_word(
        post: Post, kind: NoticeKind, channel: Channel) -> None:
    await post.queues(city.LEAD, kind=kind, channel=channel)
    await post.dies(sending=False, channel=channel)
    courier = Courier()
    delivery = post.delivery(courier, channel)
    assert await delivery.carry(channel) == 0, "the claim may still be another process's"
    post.clock.moment += CLAIM
    await delivery.recover(channel)
    assert await delivery.carry(channel) == 1
    assert (len(courier.taken), courier.repeats, await post.troubled()) == (1, [], [])


async def test_what_kills_the_program_again_and_again_is_given_up(post: Post) -> None:
    await post.queues(city.LEAD)
    for _ in range(ATTEMPTS):
        await post.dies(sending=False)
        post.clock.moment += CLAIM
    courier = Courier()
    await post.delivery(courier).carry(Channel.TELEGRAM)
    assert (courier.taken, await post.count(State.FAILED)) == ([], 1)


async def test_what_is_being_sent_is_not_taken_for_lost(post: Post) -> None:
    await post.queues(city.LEAD)
    courier = Courier(slow=frozenset({city.LEAD}))
    delivery = post.delivery(courier)
    async with post.carried_by(delivery):
        await courier.came.wait()
        post.clock.moment += CLAIM * 2
        await delivery.recover(Channel.TELEGRAM)
        other = post.delivery(Courier())
        await other.recover(Channel.TELEGRAM)
        assert await post.count(State.SENDING) == 1
        courier.go.set()
        await courier.has_taken(1)
    assert (await post.count(State.SENT), courier.repeats) == (1, [])


async def test_a_reminder_perhaps_sent_is_not_sent_again(post: Post) -> None:
    await post.queues(city.LEAD, kind=NoticeKind.REMINDER)
    await post.dies(sending=True)
    post.clock.moment += CLAIM
    courier = Courier()
    await post.delivery(courier).recover(Channel.TELEGRAM)
    assert await post.delivery(courier).carry(Channel.TELEGRAM) == 0
    assert await post.count(State.IN_DOUBT) == 1


async def test_a_letter_about_a_case_is_kept_as_it_went(post: Post) -> None:
    async with post.database.work() as work:
        case = await kept_case(work, CitizenMessage("MO-1", "Яма"), Applicant(), post.clock.now())
        await work.outbox.put([
            (Notice(NoticeKind.REPLY, key, city.LEAD, case_id=about,
                    facts={"said": key, "on": "2026-11-23"}), Channel.EMAIL)
            for key, about in (("about it", case.id), ("about none", None))], post.clock.now())
    delivery = post.delivery(Courier(raw=b"To: ivanov"), Channel.EMAIL)
    assert [await delivery.carry(Channel.EMAIL) for _ in range(2)] == [1, 1]
    async with post.database.work() as work:
        (row,) = await work.outbox.letters_of_case(case.id)
    assert row.sent is not None
    assert (await post.office.files.get(row.sent), row.sent.media_type) == (
        b"To: ivanov", "message/rfc822")
    assert len(list(post.database.files.folder.glob("??/*"))) == 1


async def test_a_letter_perhaps_sent_waits_for_the_desk(post: Post) -> None:
    await post.queues(city.LEAD, channel=Channel.EMAIL)
    await post.dies(sending=True, channel=Channel.EMAIL)
    post.clock.moment += CLAIM
    courier = Courier()
    delivery = post.delivery(courier, Channel.EMAIL)
    await delivery.recover(Channel.EMAIL)
    await delivery.carry(Channel.EMAIL)
    assert [to for to, _ in courier.taken] == [city.DESK], "the desk is told, nobody else written"
    (row,) = await post.troubled()
    await delivery.decide(await post.desk(1), row, repeat=False)
    assert (await post.troubled(), await post.count(State.IN_DOUBT)) == ([], 0)
    assert await delivery.carry(Channel.EMAIL) == 0


async def test_a_refused_letter_that_the_desk_lets_be_is_not_called_sent(post: Post) -> None:
    await post.queues(city.LEAD, channel=Channel.EMAIL)
    delivery = post.delivery(Courier(refuses=True), Channel.EMAIL)
    await delivery.carry(Channel.EMAIL)
    (row,) = await post.troubled()
    await delivery.decide(await post.desk(1), row, repeat=False)
    assert (await post.troubled(), await post.count(State.SENT)) == ([], 0)
    assert await post.count(State.FAILED) == 1

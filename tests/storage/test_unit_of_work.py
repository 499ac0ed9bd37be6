"""A unit of work is whole or nothing, whatever is cancelled, killed or done at the same time."""

import asyncio
import random
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.case import CitizenMessage
from core.errors import NotFoundError
from core.inbound import Applicant
from core.journal import Fact
from core.notices import Notice, NoticeKind
from core.outbound import Delivery
from core.people import Channel
from core.ports import UnitOfWork
from storage.database import Database, open_database
from storage.template import open_fresh
from tests.builders import kept_case
from tests.storage.processes import program

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


async def register(work: UnitOfWork, portal_number: str = "1") -> None:
    """An act that writes in three places."""
    case = await kept_case(work, CitizenMessage(portal_number, "Яма"), Applicant(), NOW)
    await work.journal.append([Fact(NOW, "case", "receive", "", "msed", "", case.id)])
    await work.outbox.put(
        [(Notice(NoticeKind.NEW_MESSAGE, f"new:{case.id}"), Channel.TELEGRAM)], NOW)


async def consistent_count(database: Database) -> int:
    """How many acts are there; each must be whole."""
    async with database.work() as work:
        cases = await work.cases.open_cases()
        entries = [one for case in cases for one in await work.journal.of_case(case.id)]
        assert len(entries) == len(cases)
        assert await work.outbox.count(Delivery.QUEUED) == len(cases)
        assert [case.number[-6:] for case in cases] == [
            f"{n:06d}" for n in range(1, len(cases) + 1)]
        assert await work.journal.first_break() is None
    return len(cases)


async def test_two_hundred_cancels_leave_no_lock_and_no_half_act(database: Database) -> None:
    chance = random.Random(20261124)
    finished = 0

    async def act() -> None:
        nonlocal finished
        async with database.work() as work:
            await register(work)
        finished += 1

    began = asyncio.get_running_loop().time()
    for _ in range(10):
        await act()
    one_act = (asyncio.get_running_loop().time() - began) / 10
    cancelled = 0
    for _ in range(200):
        tasks = [asyncio.ensure_future(act()) for _ in range(2)]
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)
        await asyncio.sleep(chance.random() * one_act * 1.5)
        tasks[chance.randrange(2)].cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in outcomes:
            assert outcome is None or isinstance(outcome, asyncio.CancelledError)
            cancelled += outcome is not None
    count = await asyncio.wait_for(consistent_count(database), 10)
    assert cancelled >= 50
    assert finished <= count <= finished + cancelled


async def test_cancel_while_waiting_for_ones_turn_lets_the_next_in(database: Database) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with database.work() as work:
            inside.set()
            await go_on.wait()
            await register(work)

    async def other() -> None:
        async with database.work() as work:
            await register(work)

    holder = asyncio.ensure_future(first())
    await inside.wait()
    waiting, last = asyncio.ensure_future(other()), asyncio.ensure_future(other())
    await asyncio.sleep(0)
    waiting.cancel()
    go_on.set()
    await asyncio.gather(holder, last)
    assert waiting.cancelled()
    assert await consistent_count(database) == 2


async def test_unit_inside_a_unit_is_refused_at_once(database: Database) -> None:
    async def nest() -> None:
        async with database.work(), database.work():
            pass

    with pytest.raises(RuntimeError, match="inside another"):
        await asyncio.wait_for(nest(), 5)
    async with database.work() as work:
        await register(work)
    assert await consistent_count(database) == 1


async def test_repository_is_of_no_use_after_its_unit(database: Database) -> None:
    async with database.work() as work:
        await register(work)
    with pytest.raises(RuntimeError, match="over"):
        await work.cases.open_cases()


async def test_units_of_many_tasks_take_turns(database: Database) -> None:
    async def act(number: int) -> None:
        async with database.work() as work:
            await register(work, f"{number}")

    await asyncio.gather(*(act(number) for number in range(40)))
    assert await consistent_count(database) == 40


async def test_refusal_of_the_core_rolls_back_and_passes_through(database: Database) -> None:
    async def act() -> None:
        async with database.work() as work:
            await register(work)
            await work.cases.get(99)

    with pytest.raises(NotFoundError):
        await act()
    assert await consistent_count(database) == 0


OFFICE = """
import asyncio, sys
from pathlib import Path
from storage.database import open_database
from tests.storage.test_unit_of_work import NOW, register

async def main(url, acts):
    database = await open_database(url, Path(url.removeprefix("sqlite://")).parent)
    print("open", flush=True)
    for number in range(acts):
        async with database.work() as work:
            await work.cases.open_cases()
            await register(work)
    await database.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""

STUCK = """
import asyncio, sys
from pathlib import Path
from storage.database import open_database
from tests.storage.test_unit_of_work import register

async def main(url):
    database = await open_database(url, Path(url.removeprefix("sqlite://")).parent)
    async with database.work() as work:
        await register(work)
        print("in the middle", flush=True)
        await asyncio.sleep(600)

asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture
def shared_url(migrated_postgres: str | None, database: Database) -> str:
    """URL of the test's database, for other processes."""
    return migrated_postgres or f"sqlite://{database.path}"


async def test_processes_that_read_and_then_write_all_succeed(database: Database, shared_url: str
                                                              ) -> None:
    programs = [program(OFFICE, shared_url, "25") for _ in range(2)]
    for one in programs:
        _, errors = await asyncio.to_thread(one.communicate, timeout=60)
        assert one.returncode == 0, errors
    assert await consistent_count(database) == 50


async def test_process_killed_in_the_middle_leaves_no_trace(database: Database, shared_url: str
                                                            ) -> None:
    async with database.work() as work:
        await register(work)
    victim = program(STUCK, shared_url)
    assert victim.stdout is not None
    assert await asyncio.to_thread(victim.stdout.readline) == "in the middle\n"
    victim.send_signal(signal.SIGKILL)
    await asyncio.to_thread(victim.communicate)
    assert await consistent_count(database) == 1
    async with database.work() as work:
        await register(work)
    assert await consistent_count(database) == 2


async def test_two_processes_never_claim_one_notice(database: Database, tmp_path: Path,
                                                    migrated_postgres: str | None,
                                                    shared_url: str) -> None:
    async with database.work() as work:
        await work.outbox.put([
            (Notice(NoticeKind.DIGEST, f"{n}"), Channel.EMAIL) for n in range(60)], NOW)
    other = await open_database(shared_url, tmp_path)
    claimed: list[int] = []

    async def courier(one: Database) -> None:
        while True:
            async with one.work() as work:
                rows = await work.outbox.claim(Channel.EMAIL, NOW, NOW + timedelta(1), 3)
            if not rows:
                return
            claimed.extend(row.id for row in rows)

    await asyncio.gather(courier(database), courier(other), courier(database))
    await other.close()
    assert len(claimed) == len(set(claimed)) == 60


async def test_directory_changed_by_another_process_is_read_anew(
        database: Database, tmp_path: Path, shared_url: str) -> None:
    from tests.storage.contract.test_people import TestPeople
    async with database.work() as work:
        assert (await work.people.directory()).people == {}
    other = await open_database(shared_url, tmp_path)
    async with other.work() as work:
        await TestPeople().load(work)
    await other.close()
    async with database.work() as work:
        assert len((await work.people.directory()).people) == 3


async def test_fresh_database_opens_quickly(tmp_path: Path) -> None:
    await (await open_fresh(tmp_path / "first")).close()
    loop = asyncio.get_running_loop()
    spent = []
    for number in range(5):
        began = loop.time()
        opened = await open_fresh(tmp_path / f"{number}")
        spent.append(loop.time() - began)
        await opened.close()
    assert min(spent) < 0.1

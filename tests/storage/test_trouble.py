"""A full disk, a locked database, a server restarted: one sentence, nothing lost, work goes on."""

import asyncio
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.case import CitizenMessage
from core.inbound import Applicant
from core.ports import UnavailableError
from storage import database as opening
from storage.database import Database, open_database
from tests.storage import postgres
from tests.storage.test_contract import NOW

NO_MOUNT = "NOT RUN ON A FULL DISK: a small disk cannot be mounted here (needs root)"


async def add(database: Database, number: str, text: str = "Яма") -> None:
    async with database.work() as work:
        await work.cases.add(CitizenMessage(number, text), Applicant(), NOW)


async def numbers(database: Database) -> list[str]:
    async with database.work() as work:
        return [one.message.portal_number for one in await work.cases.open_cases()]


def fill_up(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as filling:
        while True:
            filling.write(b"\0" * 4096)


def left_over(folder: Path) -> list[str]:
    """What an interrupted write would leave."""
    return [one.name for one in folder.rglob(".new-*")]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, really full when it is full."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], check=False,
        capture_output=True)
    if done.returncode:
        pytest.skip(NO_MOUNT)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_full_disk_refuses_in_a_sentence_and_works_again_with_room(small_disk: Path
                                                                         ) -> None:
    database = await open_database(f"sqlite://{small_disk}/x.db", small_disk)
    await database.migrate()
    await add(database, "before")
    photo = await database.files.put(b"a photo", "a.jpg", "image/jpeg")
    ballast = small_disk / "ballast"
    with pytest.raises(OSError, match="space"):
        fill_up(ballast)
    with pytest.raises(UnavailableError, match="закончилось место"):
        await add(database, "full", "Яма " * 50_000)
    with pytest.raises(UnavailableError, match="закончилось место"):
        await database.files.put(os.urandom(100_000), "b.jpg", "image/jpeg")
    assert await numbers(database) == ["before"]
    assert await database.files.get(photo) == b"a photo"
    ballast.unlink()
    await add(database, "after")
    await database.files.put(os.urandom(100_000), "b.jpg", "image/jpeg")
    assert await numbers(database) == ["before", "after"]
    assert left_over(small_disk) == []
    await database.close()


async def test_full_database_refuses_in_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    """SQLite's own limit of pages: the same answer as a full disk's, wherever tests run."""
    database = await open_database(f"sqlite://{tmp_path}/x.db", tmp_path)
    await database.migrate()
    await add(database, "before")
    async with database.work() as work:
        assert work._client is not None
        (pages,) = await work._client.execute_query_dict("PRAGMA page_count")
        await work._client.execute_query(f"PRAGMA max_page_count = {pages['page_count'] + 2}")
    with pytest.raises(UnavailableError, match="закончилось место"):
        await add(database, "full", "Яма " * 50_000)
    async with database.work() as work:
        assert work._client is not None
        await work._client.execute_query("PRAGMA max_page_count = 1000000")
    await add(database, "after", "Яма " * 50_000)
    assert await numbers(database) == ["before", "after"]
    await database.close()


async def test_database_locked_by_another_program_is_one_sentence_and_no_end(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_MILLISECONDS", 50)
    database = await open_database(f"sqlite://{tmp_path}/x.db", tmp_path)
    await database.migrate()
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as line:
        line.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            with pytest.raises(UnavailableError, match="занята другой программой"):
                await add(database, "locked")
    await add(database, "free")
    assert await numbers(database) == ["free"]
    await database.close()


@pytest.fixture(scope="module")
def own_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server that may be killed."""
    if postgres.binaries() is None:
        pytest.skip(postgres.MISSING)
    with postgres.own_server() as server:
        yield server


def processes_of(server: postgres.Server) -> list[int]:
    """The server and its children."""
    assert server.process is not None
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


@pytest.mark.postgres
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
async def test_postgres_restarted_loses_only_the_unit_of_work_under_way(
        own_server: postgres.Server, how: signal.Signals, tmp_path: Path) -> None:
    url = postgres.create_database(own_server.url, f"restarted_{how.name.lower()}")
    database = await open_database(url, tmp_path)
    await database.migrate()
    await add(database, "before")

    async def interrupted() -> None:
        async with database.work() as work:
            await work.cases.add(CitizenMessage("lost", "Яма"), Applicant(), NOW)
            await asyncio.to_thread(own_server.stop, how)

    with pytest.raises(UnavailableError, match="не отвечает"):
        await interrupted()
    for _ in range(2):
        with pytest.raises(UnavailableError, match="не отвечает"):
            await add(database, "down")
    await asyncio.to_thread(own_server.start)
    await add(database, "after")
    assert await numbers(database) == ["before", "after"]
    await asyncio.to_thread(own_server.stop, how)
    await asyncio.to_thread(own_server.start)
    await add(database, "idle meanwhile")
    assert await numbers(database) == ["before", "after", "idle meanwhile"]
    await database.close()


@pytest.mark.postgres
async def test_postgres_that_falls_silent_is_given_up_and_found_again(
        own_server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is lost without a word: the firewall forgot it, the machine hangs."""
    monkeypatch.setattr(opening, "SILENCE_SECONDS", 0.5)
    url = postgres.create_database(own_server.url, "silent")
    database = await open_database(url, tmp_path)
    await database.migrate()
    await add(database, "before")
    stopped = processes_of(own_server)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(UnavailableError, match="не отвечает"):
            await add(database, "silent")
    finally:
        for pid in reversed(stopped):
            os.kill(pid, signal.SIGCONT)
    await add(database, "after")
    assert [one for one in await numbers(database) if one != "silent"] == ["before", "after"]
    await database.close()

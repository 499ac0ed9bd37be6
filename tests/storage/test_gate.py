"""Units of work that wait for one another share a commit; each is whole or nothing for itself."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.ports import UnitOfWork
from storage.database import Database
from storage.errors import StorageError
from storage.sqlite import SqliteEngine
from storage.template import open_fresh

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_fresh(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Every wait for the disk, and whether it was a commit."""
    ended: list[bool] = []
    end = SqliteEngine.end

    async def noted(self: SqliteEngine, client: Any, *, commit: bool) -> None:
        ended.append(commit)
        await end(self, client, commit=commit)

    monkeypatch.setattr(SqliteEngine, "end", noted)
    return ended


def kept(database: Database) -> set[str]:
    """What another program sees."""
    assert database.path is not None
    with closing(sqlite3.connect(database.path)) as other:
        return {source for (source,) in other.execute("SELECT source FROM sources")}


async def marks(database: Database, source: str) -> None:
    async with database.work() as work:
        await work.sources.mark(source, NOW)


async def together(database: Database, *units: Callable[[], Coroutine[Any, Any, None]]
                   ) -> list[BaseException | None]:
    """All of them wait for one that is inside; how each ended."""
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with database.work() as work:
            await work.sources.mark("first", NOW)
            inside.set()
            await go_on.wait()

    tasks = [asyncio.ensure_future(first())]
    await inside.wait()
    tasks += [asyncio.ensure_future(unit()) for unit in units]
    await asyncio.sleep(0)
    go_on.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


def marking(database: Database, *sources: str) -> list[Callable[[], Coroutine[Any, Any, None]]]:
    return [lambda source=source: marks(database, source) for source in sources]  # type: ignore[misc]


async def test_those_that_wait_for_one_another_wait_for_the_disk_once(
        database: Database, commits: list[bool]) -> None:
    assert await together(database, *marking(database, "a", "b", "c")) == [None] * 4
    assert commits == [True]
    assert kept(database) == {"first", "a", "b", "c"}


async def test_reading_waits_for_no_disk(database: Database, commits: list[bool]) -> None:
    async with database.work() as work:
        await work.people.directory()
    assert commits == []


async def test_one_that_is_rolled_back_leaves_the_others_alone(
        database: Database, commits: list[bool]) -> None:
    async def fails() -> None:
        async with database.work() as work:
            await work.sources.mark("wrong", NOW)
            raise LookupError

    before, after = marking(database, "before", "after")
    ended = await together(database, before, fails, after)
    assert [type(one) for one in ended] == [type(None), type(None), LookupError, type(None)]
    assert commits == [True]
    assert kept(database) == {"first", "before", "after"}


async def test_nobody_goes_on_before_the_disk_has_it(
        database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    end = SqliteEngine.end
    seen: list[set[str]] = []

    async def slowly(self: SqliteEngine, client: Any, *, commit: bool) -> None:
        seen.append(kept(database))
        for _ in range(5):
            await asyncio.sleep(0)
        await end(self, client, commit=commit)

    monkeypatch.setattr(SqliteEngine, "end", slowly)

    async def kept_after() -> None:
        await marks(database, "mine")
        seen.append(kept(database))

    await together(database, kept_after)
    assert seen == [set(), {"first", "mine"}]


async def test_a_commit_that_fails_is_told_to_each(
        database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    end = SqliteEngine.end

    async def full(self: SqliteEngine, client: Any, *, commit: bool) -> None:
        await end(self, client, commit=False)
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteEngine, "end", full)
        ended = await together(database, *marking(database, "a", "b"))
    assert [type(one) for one in ended] == [StorageError] * 3
    assert kept(database) == set()
    await marks(database, "a")
    assert kept(database) == {"a"}


async def rolls_back_everything(work: UnitOfWork) -> None:
    """As a full disk does of itself."""
    await work._client.execute_query("ROLLBACK")  # type: ignore[attr-defined]


@pytest.mark.parametrize("says_so", [True, False])
async def test_a_transaction_that_is_lost_is_told_to_each_that_was_in_it(
        database: Database, says_so: bool) -> None:
    async def breaks() -> None:
        async with database.work() as work:
            await rolls_back_everything(work)
            if says_so:
                raise sqlite3.OperationalError("database or disk is full")

    before, after = marking(database, "before", "after")
    ended = await together(database, before, breaks, after)
    assert [isinstance(one, StorageError) for one in ended] == [True, True, True, False]
    assert ended[-1] is None
    assert kept(database) == {"after"}


async def test_whoever_is_cancelled_when_the_others_are_kept_or_not_by_themselves(
        database: Database) -> None:
    chance = random.Random(20261128)
    finished: set[str] = set()
    cancelled: set[str] = set()

    async def act(source: str) -> None:
        try:
            await marks(database, source)
            finished.add(source)
        except asyncio.CancelledError:
            cancelled.add(source)

    for turn in range(80):
        tasks = [asyncio.ensure_future(act(f"{turn}:{n}")) for n in range(5)]
        for _ in range(chance.randrange(14)):
            await asyncio.sleep(0)
        for one in chance.sample(tasks, 2):
            one.cancel()
        await asyncio.wait_for(asyncio.wait(tasks), 10)
    assert len(cancelled) >= 40
    assert finished <= kept(database) <= finished | cancelled
    await asyncio.wait_for(marks(database, "last"), 10)

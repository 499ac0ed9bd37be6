"""PostgreSQL is stopped, started or ends our sessions while people work: what the office sees."""

import asyncio
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from core.errors import AlreadyDoneError
from storage.database import Database, open_database
from storage.errors import UNREACHABLE, StorageError

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
AT_WORK, CUTS = 6, 100
ENDED = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()"""


async def test_sessions_ended_at_any_moment_are_one_sentence_and_what_was_kept_stays(
    shared_postgres: str,
) -> None:
    """The server's administrator ends sessions while people work; the next act is served."""
    done: list[str] = []
    faults: list[Exception] = []
    ended = asyncio.Event()

    async def works(name: int, database: Database) -> None:
        for number in count():
            if ended.is_set():
                return
            key = f"{name}:{number}"
            try:
                async with database.work() as work:
                    await work.sources.mark(key, NOW)
                done.append(key)
            except Exception as fault:
                faults.append(fault)

    database = await open_database(shared_postgres, Path("/nonexistent"))
    people = [asyncio.ensure_future(works(name, database)) for name in range(AT_WORK)]
    administrator = await asyncpg.connect(shared_postgres)
    for _ in range(CUTS):
        await administrator.execute(ENDED)
    await administrator.close()
    ended.set()
    await asyncio.gather(*people)

    assert faults, "some unit was in the middle of its work"
    assert [one for one in faults if not isinstance(one, StorageError)] == []
    assert {str(one) for one in faults} == {UNREACHABLE}
    assert done, "and some were not"
    for key in done:
        with pytest.raises(AlreadyDoneError):
            async with database.work() as work:
                await work.sources.mark(key, NOW)
    await database.close()

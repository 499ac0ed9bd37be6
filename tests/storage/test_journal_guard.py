"""The journal shows any change, and the database refuses one."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from core.journal import Fact
from storage.database import Database, open_database
from storage.journal import PAGE
from storage.template import open_fresh
from tests.storage.conftest import EMPTY

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def fact(number: int) -> Fact:
    return Fact(NOW, "case", f"event{number}", "Иванова А.П.", "telegram", f"tg:{number}", 1,
                details={"б": "2", "а": "1"})


async def filled(folder: Path, facts: int = 5) -> Path:
    """A closed database file with that many facts."""
    database = await open_fresh(folder)
    async with database.work() as work:
        await work.journal.append([fact(n) for n in range(1, facts + 1)])
    await database.close()
    assert database.path is not None
    return database.path


async def break_of(path: Path) -> int | None:
    database = await open_database(f"sqlite://{path}", path.parent)
    async with database.work() as work:
        broken = await work.journal.first_break()
    await database.close()
    return broken


def tamper(path: Path, *statements: str) -> None:
    """As somebody with the file and time to take the triggers away."""
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


FORGED = ("INSERT INTO journal SELECT id + 1, at, subject, event, actor, channel, source, "
          "case_id, round, actor_id, role, before, after, clause, requirement, details, "
          "digest, digest FROM journal WHERE id = 5")


@pytest.mark.parametrize(("statements", "first"), [
    ((), None),
    (("UPDATE journal SET actor = 'Другой' WHERE id = 3",), 3),
    (("UPDATE journal SET details = '{}' WHERE id = 1",), 1),
    (("UPDATE journal SET at = '2026-11-24 09:00:01+00:00' WHERE id = 5",), 5),
    (("UPDATE journal SET case_id = NULL WHERE id = 2",), 2),
    (("DELETE FROM journal WHERE id = 3",), 3),
    (("DELETE FROM journal WHERE id = 1",), 1),
    (("DELETE FROM journal WHERE id >= 4",), 4),
    (("DELETE FROM journal",), 1),
    (("DELETE FROM journal_head",), 1),
    (("UPDATE journal_head SET digest = 'x'",), 5),
    (("DELETE FROM journal WHERE id = 3", "UPDATE journal SET id = 3 WHERE id = 4",
      "UPDATE journal SET id = 4 WHERE id = 5"), 3),
    (("UPDATE journal SET id = 9 WHERE id = 2", "UPDATE journal SET id = 2 WHERE id = 3",
      "UPDATE journal SET id = 3 WHERE id = 9"), 2),
    ((FORGED,), 6),
])
async def test_tampering_behind_the_triggers_shows(tmp_path: Path, statements: tuple[str, ...],
                                                   first: int | None) -> None:
    path = await filled(tmp_path)
    tamper(path, *statements)
    assert await break_of(path) == first


async def test_chain_is_checked_beyond_one_page(tmp_path: Path) -> None:
    path = await filled(tmp_path, PAGE + 2)
    assert await break_of(path) is None
    tamper(path, "UPDATE journal SET actor = '' WHERE id = (SELECT max(id) - 1 FROM journal)")
    assert await break_of(path) == PAGE + 1


FORBIDDEN = ["UPDATE journal SET actor = 'Другой'", "DELETE FROM journal",
             "DELETE FROM journal WHERE id = 1", "DELETE FROM journal_head",
             "UPDATE journal_head SET last_id = 1", "UPDATE journal_head SET id = 2",
             "UPDATE journal_head SET digest = 'x'"]


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_sqlite_refuses_to_change_the_journal(tmp_path: Path, statement: str) -> None:
    path = await filled(tmp_path)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(
            sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    assert await break_of(path) is None


@pytest.mark.postgres
async def test_postgres_refuses_to_change_the_journal(shared_postgres: str, tmp_path: Path
                                                       ) -> None:
    database: Database = await open_database(shared_postgres, tmp_path)
    connection = await asyncpg.connect(shared_postgres)
    await connection.execute(EMPTY)
    async with database.work() as work:
        await work.journal.append([fact(n) for n in range(1, 4)])
    for statement in [*FORBIDDEN, "TRUNCATE journal", "TRUNCATE journal_head"]:
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await connection.execute(statement)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE journal SET actor = 'Другой' WHERE id = 2")
    await connection.close()
    async with database.work() as work:
        assert await work.journal.first_break() == 2
    await database.close()

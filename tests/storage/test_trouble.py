"""A database that another program holds: waited for at the start, then one sentence."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import database
from storage.database import open_database
from storage.errors import StorageError


class Heard(logging.Handler):
    """Notices that the program says it waits."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """It has tried and was refused."""
        self.waiting.set()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Event]:
    """Set as soon as a start was refused the lock; SQLite itself waits for a moment only."""
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 1)
    monkeypatch.setattr(database, "NEXT_TRY", 0.001)
    monkeypatch.setattr(database.log, "level", logging.INFO)
    heard = Heard()
    database.log.addHandler(heard)
    yield heard.waiting
    database.log.removeHandler(heard)


async def test_a_start_waits_while_another_program_migrates(
        refused: asyncio.Event, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE of_another_program (id INTEGER)")
        opening = asyncio.ensure_future(open_database(f"sqlite://{tmp_path}/x.db", tmp_path))
        await refused.wait()
        other.execute("COMMIT")
    opened = await opening
    refused.clear()
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        migrating = asyncio.ensure_future(opened.migrate("__first__"))
        await refused.wait()
        other.execute("COMMIT")
    assert await migrating == []
    await opened.close()


@pytest.mark.usefixtures("refused")
async def test_a_start_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path
                                              ) -> None:
    monkeypatch.setattr(database, "OPENING_SECONDS", 0.0)
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="дождитесь"):
            await open_database(f"sqlite://{tmp_path}/x.db", tmp_path)

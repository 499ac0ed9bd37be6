"""SQLite as the storage uses it: one connection, its short work done at once.

A statement that finds a row by an index takes microseconds; handing it to another thread and
waiting for the answer takes ten times as long. So the beginning of a transaction, short
statements (``storage.statements``) and the end of one that has only read are done in place. What
may take long goes to the connection's thread: commits, which wait for the disk, and whatever the
mapper asks. The two never meet: a unit of work does one thing after another.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper, TransactionalDBClient
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper

from storage.errors import LOCKED

FIRST_PAUSE = 0.001
LONGEST_PAUSE = 0.05
"""Seconds between tries to take the lock that another process has."""


class SqliteLine(SqliteClient):
    """Tortoise's client, on a connection that both threads may use."""

    async def create_connection(self, with_db: bool) -> None:
        """As the base class does it."""
        if self._connection is not None:
            return
        self._connection = await aiosqlite.connect(
            self.filename, isolation_level=None, check_same_thread=False)
        self._connection._conn.row_factory = sqlite3.Row
        for pragma, value in self.pragmas.items():
            await self._connection.execute_fetchall(f"PRAGMA {pragma}={value}")
        await self._connection.execute_fetchall("PRAGMA busy_timeout=0")  # SqliteEngine waits
        await self._post_connect()


client_class = SqliteLine
"""Where Tortoise looks for it."""


class ImmediateTransaction(SqliteTransactionWrapper):
    """Tortoise's transaction on SQLite, begun as a writer at once.

    A deferred BEGIN fails with «database is locked» when two processes read and then write.
    """

    def __init__(self, client: SqliteClient) -> None:
        super().__init__(client)
        self.changes_before = self.line.total_changes

    @property
    def line(self) -> sqlite3.Connection:
        """The connection itself, while the unit of work lasts."""
        if self._finalized:
            raise RuntimeError("the unit of work is over")
        return self._connection._conn

    def at_once(self, query: str, values: Sequence[Any]) -> sqlite3.Cursor:
        """A short statement."""
        return self.line.execute(query, values)

    async def execute_script(self, query: str) -> None:
        """One statement: ``executescript`` would commit the transaction under way."""
        await self._connection.execute(query)

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        """The connection, while the transaction lasts."""
        if self._finalized:
            raise RuntimeError("the unit of work is over")
        return super().acquire_connection()


class SqliteEngine:
    """SQLite: the one connection of this process."""

    shares = True

    def __init__(self, client: SqliteClient, patience: float) -> None:
        """``patience``: seconds to wait for another process to finish its transaction."""
        self._client = client
        self._patience = patience
        self._inside: ImmediateTransaction | None = None
        """The unit of work that has joined."""

    def begin_at_once(self) -> TransactionalDBClient | None:
        """BEGIN IMMEDIATE, if the connection is there and no other process writes."""
        if self._client._connection is None:
            return None
        try:
            self._client._connection._conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not is_locked(error):
                raise
            return None
        return ImmediateTransaction(self._client)

    async def begin(self) -> TransactionalDBClient:
        """BEGIN IMMEDIATE, when the other process is ready."""
        if self._client._connection is None:
            try:
                await self._client.create_connection(with_db=True)
            except BaseException:
                await self._client.close()
                raise
        loop = asyncio.get_running_loop()
        give_up_at, pause = loop.time() + self._patience, FIRST_PAUSE
        while (transaction := self.begin_at_once()) is None:
            if loop.time() > give_up_at:
                raise sqlite3.OperationalError(LOCKED[0])
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return transaction

    def join(self) -> TransactionalDBClient:
        """SAVEPOINT."""
        self._inside = ImmediateTransaction(self._client)
        self._inside.line.execute("SAVEPOINT unit")
        return self._inside

    def release(self) -> None:
        """What it has done is done with the rest."""
        self._joined().line.execute("RELEASE unit")
        self._joined()._finalized = True

    async def undo(self) -> None:
        """By the thread, behind a statement that may still run there."""
        joined = self._joined()
        joined._finalized = True
        await joined._connection.execute("ROLLBACK TO unit")
        await joined._connection.execute("RELEASE unit")

    def _joined(self) -> ImmediateTransaction:
        if self._inside is None:
            raise RuntimeError("no unit of work has joined")
        return self._inside

    def end_at_once(self, client: TransactionalDBClient) -> bool:
        """COMMIT after nothing but reading."""
        if not isinstance(client, ImmediateTransaction):
            raise TypeError(client)
        line = client.line
        if line.total_changes != client.changes_before or not line.in_transaction:
            return False
        line.execute("COMMIT")
        client._finalized = True
        return True

    async def end(self, client: TransactionalDBClient, *, commit: bool) -> None:
        """COMMIT; a commit that fails (disk full) is rolled back."""
        if not commit:
            await client.rollback()
            return
        try:
            await client.commit()
        except BaseException:
            await client.rollback()
            raise

    async def close(self) -> None:
        """Close the connection (the write-ahead log is folded in)."""
        await self._client.close()


def is_locked(error: sqlite3.Error) -> bool:
    """Whether another process has what we need."""
    return any(part in str(error) for part in LOCKED)

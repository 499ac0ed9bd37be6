"""One transaction at a time, on SQLite and on PostgreSQL alike, whatever is cancelled when.

Every unit of work runs alone: BEGIN IMMEDIATE on SQLite, a transaction-long advisory lock on
PostgreSQL. An office writes a few times a second at most, and so nothing can happen on
PostgreSQL that the tests on SQLite have not seen.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.asyncpg.client import TransactionWrapper as PostgresTransaction
from tortoise.backends.base.client import ConnectionWrapper, TransactionalDBClient
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper
from tortoise.context import TortoiseContext

from storage.errors import FOREIGN, as_storage_error

Result = TypeVar("Result")

WORK_LOCK = 0x72616B757273
"""Key of the PostgreSQL advisory lock («rakurs»)."""

CONNECT_SECONDS = 15
"""How long to wait for a PostgreSQL connection."""


async def to_the_end(work: Coroutine[Any, Any, Result]
                     ) -> tuple[Result, asyncio.CancelledError | None]:
    """Run ``work`` to its end even if the caller is cancelled; the cancellation is handed back
    for the caller to raise when everything is in order."""
    task = asyncio.ensure_future(work)
    cancelled = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    return task.result(), cancelled


class Engine(Protocol):
    """How one kind of database begins and ends a transaction."""

    async def begin(self) -> TransactionalDBClient:
        """A connection in a transaction that excludes all others."""
        ...

    async def end(self, client: TransactionalDBClient, *, commit: bool) -> None:
        """Commit or roll back and give the connection back."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class ImmediateTransaction(SqliteTransactionWrapper):
    """Tortoise's transaction on SQLite, begun as a writer at once.

    A deferred BEGIN fails with «database is locked» when two processes read and then write.
    """

    async def begin(self) -> None:
        """Take the write lock now; waits for other processes (busy_timeout)."""
        await self._connection.execute("BEGIN IMMEDIATE")

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

    def __init__(self, client: SqliteClient) -> None:
        self._client = client

    async def begin(self) -> TransactionalDBClient:
        """BEGIN IMMEDIATE."""
        if self._client._connection is None:
            try:
                await self._client.create_connection(with_db=True)
            except BaseException:
                await self._client.close()
                raise
        transaction = ImmediateTransaction(self._client)
        await transaction.begin()
        return transaction

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


class ExclusiveTransaction(PostgresTransaction):
    """Tortoise's transaction on PostgreSQL; unusable once it is over."""

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        """The connection, while the transaction lasts."""
        if self._finalized:
            raise RuntimeError("the unit of work is over")
        return super().acquire_connection()


class PostgresEngine:
    """PostgreSQL: a small pool, one transaction at a time over all processes."""

    def __init__(self, client: AsyncpgDBClient) -> None:
        self._client = client

    async def begin(self) -> TransactionalDBClient:
        """BEGIN and the advisory lock, which ends with the transaction."""
        if self._client._pool is None:
            await self._client.create_connection(with_db=True)
        pool = self._pool()
        connection = await pool.acquire(timeout=CONNECT_SECONDS)
        transaction = ExclusiveTransaction(self._client)
        transaction._connection = connection
        try:
            await transaction.begin()
            await connection.execute("SELECT pg_advisory_xact_lock($1)", WORK_LOCK)
        except BaseException:
            with suppress(*FOREIGN, OSError):
                await transaction.rollback()
            await pool.release(connection)
            raise
        return transaction

    async def end(self, client: TransactionalDBClient, *, commit: bool) -> None:
        """COMMIT or ROLLBACK; a connection that broke is thrown away by the pool.

        PostgreSQL answers COMMIT with a silent rollback after a failed statement, so a statement
        is tried first.
        """
        try:
            if commit:
                await client.execute_query("SELECT 1")
                await client.commit()
        finally:
            if not client._finalized:
                with suppress(*FOREIGN, OSError):
                    await client.rollback()
                client._finalized = True
            await self._pool().release(client._connection)

    def _pool(self) -> Any:
        return self._client._pool

    async def close(self) -> None:
        """Close the pool."""
        await self._client.close()


class Gate:
    """Lets one unit of work of this process in at a time."""

    def __init__(self, engine: Engine, context: TortoiseContext) -> None:
        self._engine = engine
        self._context = context
        self._lock = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None

    async def enter(self) -> TransactionalDBClient:
        """A connection in a fresh transaction. Raises StorageError.

        A unit of work inside another of the same task would wait for itself for ever: refused.
        """
        task = asyncio.current_task()
        if self._owner is not None and self._owner is task:
            raise RuntimeError("a unit of work inside another: finish the first one")
        await self._lock.acquire()
        try:
            client = await self._begin()
        except BaseException as error:
            self._lock.release()
            if isinstance(error, (*FOREIGN, OSError)):
                raise as_storage_error(error) from error
            raise
        self._owner = task
        self._context.__enter__()  # makes it this task's; a later one of the task replaces it
        return client

    async def _begin(self) -> TransactionalDBClient:
        client, cancelled = await to_the_end(self._engine.begin())
        if cancelled is not None:
            await to_the_end(self._engine.end(client, commit=False))
            raise cancelled
        return client

    async def leave(self, client: TransactionalDBClient, *, commit: bool) -> None:
        """End the transaction, whole: a cancellation is raised only after that."""
        try:
            _, cancelled = await to_the_end(self._engine.end(client, commit=commit))
        except FOREIGN as error:
            raise as_storage_error(error) from error
        finally:
            self._owner = None
            self._lock.release()
        if cancelled is not None:
            raise cancelled

    async def close(self) -> None:
        """Wait for the unit of work under way, then close."""
        async with self._lock:
            await to_the_end(self._engine.close())

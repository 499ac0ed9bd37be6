"""How a transaction begins and ends, whatever is cancelled when: one at a time on every database.

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

from storage.errors import FOREIGN

Result = TypeVar("Result")

WORK_LOCK = 0x72616B757273
"""Key of the PostgreSQL advisory lock («rakurs»)."""

CONNECT_SECONDS = 15
"""How long to wait for a PostgreSQL connection."""


async def to_the_end(work: Coroutine[Any, Any, Result] | asyncio.Future[Result]
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

    shares: bool
    """Whether several units of work may be one transaction: the disk is waited for once."""

    def begin_at_once(self) -> TransactionalDBClient | None:
        """As ``begin`` where that needs no waiting, else None."""
        ...

    async def begin(self) -> TransactionalDBClient:
        """A connection in a transaction that excludes all others."""
        ...

    def join(self) -> TransactionalDBClient:
        """The connection for one more unit of work in the transaction under way."""
        ...

    def release(self) -> None:
        """That unit is done well."""
        ...

    async def undo(self) -> None:
        """That unit is rolled back, and only that. Raises where the whole transaction is lost."""
        ...

    def end_at_once(self, client: TransactionalDBClient) -> bool:
        """End it where nothing was written; False where there is something to wait for."""
        ...

    async def end(self, client: TransactionalDBClient, *, commit: bool) -> None:
        """Commit or roll back and give the connection back."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class ExclusiveTransaction(PostgresTransaction):
    """Tortoise's transaction on PostgreSQL; unusable once it is over."""

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        """The connection, while the transaction lasts."""
        if self._finalized:
            raise RuntimeError("the unit of work is over")
        return super().acquire_connection()


class PostgresEngine:
    """PostgreSQL: a small pool, one transaction at a time over all processes."""

    shares = False

    def __init__(self, client: AsyncpgDBClient) -> None:
        self._client = client

    def begin_at_once(self) -> TransactionalDBClient | None:
        """Never: the server is asked."""
        return None

    def join(self) -> TransactionalDBClient:
        """Not shared."""
        raise NotImplementedError

    def release(self) -> None:
        """Not shared."""
        raise NotImplementedError

    async def undo(self) -> None:
        """Not shared."""
        raise NotImplementedError

    def end_at_once(self, client: TransactionalDBClient) -> bool:
        """Never: the server is asked."""
        return False

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

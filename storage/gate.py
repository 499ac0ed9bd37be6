"""The one gate that every unit of work of this process goes through, one at a time."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.context import TortoiseContext

from storage.errors import FOREIGN, as_storage_error
from storage.transactions import Engine, to_the_end

MOST_TOGETHER: Final = 64
LONGEST_TOGETHER: Final = 0.05
"""Seconds after which nobody more is let into a transaction: those in it wait for the disk."""


@dataclass(slots=True)
class Shared:
    """The transaction under way, and the units of work that wait for its commit."""

    client: TransactionalDBClient
    since: float
    ended: list[asyncio.Future[None]] = field(default_factory=list)


@dataclass(slots=True)
class Waiting:
    """A unit of work before the gate; ``alone``: it shares its transaction with no other."""

    let_in: asyncio.Future[None]
    alone: bool


class Gate:
    """Lets one unit of work of this process in at a time.

    Where others wait when one ends, they are let in before the commit, each behind a savepoint,
    and one commit keeps them all. A unit of work is over for its task only after that: the disk
    is waited for once instead of by each in turn, and nobody is told what is not yet kept.
    """

    def __init__(self, engine: Engine, context: TortoiseContext, lost: Callable[[], None]) -> None:
        """``lost`` is called when a commit failed: what others have read before it is not so."""
        self._engine = engine
        self._context = context
        self._lost = lost
        self._taken = False
        self._owner: asyncio.Task[Any] | None = None
        self._waiting: deque[Waiting] = deque()
        self._shared: Shared | None = None
        self._alone = False
        self._commits: set[asyncio.Task[None]] = set()

    async def enter(self, *, alone: bool = False) -> TransactionalDBClient:
        """A connection in a transaction. Raises StorageError.

        A unit of work inside another of the same task would wait for itself for ever: refused.
        """
        task = asyncio.current_task()
        if self._owner is not None and self._owner is task:
            raise RuntimeError("a unit of work inside another: finish the first one")
        await self._turn(alone=alone)
        try:
            client = await self._begin() if self._shared is None else self._engine.join()
        except BaseException as error:
            self._next()
            if isinstance(error, (*FOREIGN, OSError)):
                raise as_storage_error(error) from error
            raise
        self._alone = alone
        self._owner = task
        self._context.__enter__()  # makes it this task's; a later one of the task replaces it
        return client

    async def _turn(self, *, alone: bool) -> None:
        if not self._taken:
            self._taken = True
            return
        waiting = Waiting(asyncio.get_running_loop().create_future(), alone)
        self._waiting.append(waiting)
        try:
            await waiting.let_in
        except asyncio.CancelledError:
            if not waiting.let_in.cancelled():  # let in at the same moment
                self._next()
            raise

    async def _begin(self) -> TransactionalDBClient:
        client = self._engine.begin_at_once() or await self._begin_later()
        self._shared = Shared(client, asyncio.get_running_loop().time())
        return client

    async def _begin_later(self) -> TransactionalDBClient:
        client, cancelled = await to_the_end(self._engine.begin())
        if cancelled is not None:
            await to_the_end(self._engine.end(client, commit=False))
            raise cancelled
        return client

    async def leave(self, client: TransactionalDBClient, *, commit: bool) -> None:
        """End the unit, whole: a cancellation is raised only after that."""
        self._owner = None
        shared = self._shared
        if shared is None:
            raise RuntimeError("the unit of work is over")
        if not commit:
            await self._undone(shared, client)
            return
        if client is shared.client and self._engine.end_at_once(client):
            self._shared = None
            self._next()
            return
        if client is not shared.client:
            await self._released(shared)
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        shared.ended.append(kept)
        self._next()
        try:
            _, cancelled = await to_the_end(kept)
        except FOREIGN as error:
            raise as_storage_error(error) from error
        if cancelled is not None:
            raise cancelled

    async def _released(self, shared: Shared) -> None:
        try:
            self._engine.release()
        except FOREIGN as error:
            await to_the_end(self._lose(shared, error))
            self._next()
            raise as_storage_error(error) from error

    async def _undone(self, shared: Shared, client: TransactionalDBClient) -> None:
        try:
            if client is shared.client:
                self._shared = None
                _, cancelled = await to_the_end(self._engine.end(client, commit=False))
            else:
                _, cancelled = await to_the_end(self._undo_one(shared))
        except FOREIGN as error:
            raise as_storage_error(error) from error
        finally:
            self._next()
        if cancelled is not None:
            raise cancelled

    async def _undo_one(self, shared: Shared) -> None:
        try:
            await self._engine.undo()
        except FOREIGN as error:
            await self._lose(shared, error)
            raise

    async def _lose(self, shared: Shared, error: BaseException) -> None:
        """A full disk, say, has rolled back the whole transaction."""
        self._shared = None
        with suppress(*FOREIGN):
            await self._engine.end(shared.client, commit=False)
        self._settle(shared, error)

    def _next(self) -> None:
        """Nobody is in: let the next one in, or commit for those who were."""
        shared, waiting = self._shared, self._waiting
        while waiting and waiting[0].let_in.done():
            waiting.popleft()
        if shared is not None and not (waiting and self._may_join(shared, waiting[0])):
            commit = asyncio.get_running_loop().create_task(self._commit(shared))
            self._commits.add(commit)
            commit.add_done_callback(self._commits.discard)
        elif waiting:
            waiting.popleft().let_in.set_result(None)
        else:
            self._taken = False

    def _may_join(self, shared: Shared, waiting: Waiting) -> bool:
        return (self._engine.shares and not waiting.alone and not self._alone
                and len(shared.ended) < MOST_TOGETHER
                and asyncio.get_running_loop().time() < shared.since + LONGEST_TOGETHER)

    async def _commit(self, shared: Shared) -> None:
        error: BaseException | None = None
        try:
            await self._engine.end(shared.client, commit=True)
        except BaseException as trouble:
            error = trouble
        self._shared = None
        self._settle(shared, error)
        self._next()

    def _settle(self, shared: Shared, error: BaseException | None) -> None:
        for one in shared.ended:
            if error is None:
                one.set_result(None)
            else:
                one.set_exception(error)
        if error is not None:
            self._lost()

    async def close(self) -> None:
        """Wait for the units of work under way, then close."""
        await self._turn(alone=True)
        try:
            await to_the_end(self._engine.close())
        finally:
            self._next()

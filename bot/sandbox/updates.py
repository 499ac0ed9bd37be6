"""Updates waiting for the bot: handed out by long poll, kept until confirmed."""

import asyncio
from itertools import count

from bot.sandbox.refusals import conflict
from bot.sandbox.spec import Json, as_number

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
FIRST_UPDATE = 100_001
MAX_LIMIT = 100
MAX_TIMEOUT = 50
TERMINATED = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


class UpdateQueue:
    """All updates not yet confirmed, oldest first."""

    def __init__(self) -> None:
        self.pending: dict[int, Json] = {}
        self.allowed: list[str] = []
        self._ids = count(FIRST_UPDATE)
        self._poller: asyncio.Future[str] | None = None
        self.arrived = asyncio.Event()
        self.waited_for = asyncio.Event()

    def put(self, kind: str, payload: Json) -> None:
        """One more update, unless the bot does not want its kind."""
        if kind not in self.allowed if self.allowed else kind in NOT_BY_DEFAULT:
            return
        number = next(self._ids)
        self.pending[number] = {"update_id": number, kind: payload}
        self.arrived.set()
        if self._poller is not None and not self._poller.done():
            self._poller.set_result("")

    def allow(self, kinds: list[str] | None) -> None:
        """``allowed_updates``: an empty list means the default; None leaves all as it was."""
        if kinds is not None:
            self.allowed = kinds

    def confirm(self, number: int) -> None:
        """Forgets one update (a webhook took it)."""
        self.pending.pop(number, None)

    def clear(self) -> None:
        """``drop_pending_updates``."""
        self.pending.clear()

    async def poll(self, offset: int, limit: int, seconds: int) -> list[Json]:
        """``getUpdates``: confirms what is before ``offset``, waits if there is nothing.

        Raises 409 in the one who waited when another poller comes, as Telegram does.
        """
        self._forget_before(offset)
        if self.pending or not seconds:
            return self._first(limit)
        self.interrupt(TERMINATED)
        poller: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poller = poller
        self.waited_for.set()
        try:
            reason = await asyncio.wait_for(poller, min(seconds, MAX_TIMEOUT))
        except TimeoutError:
            reason = ""
        finally:
            if self._poller is poller:
                self._poller = None
                self.waited_for.clear()
        if reason:
            raise conflict(reason)
        return self._first(limit)

    async def polled(self) -> None:
        """Returns once a poller waits here, having nothing left to work on."""
        await self.waited_for.wait()

    def interrupt(self, reason: str) -> None:
        """Ends a waiting poll with 409."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(reason)

    def _forget_before(self, offset: int) -> None:
        if offset < 0:
            kept = list(self.pending.items())[offset:]
            self.pending = dict(kept)
        else:
            for number in [each for each in self.pending if each < offset]:
                del self.pending[number]

    def _first(self, limit: int) -> list[Json]:
        return list(self.pending.values())[: min(max(limit, 1), MAX_LIMIT)]


def chat_of_update(update: Json) -> int:
    """Whose update it is: those of one person are delivered one after another."""
    for payload in update.values():
        if isinstance(payload, dict):
            sender = payload.get("from")
            if isinstance(sender, dict):
                return as_number(sender.get("id"))
    return 0

"""Updates from Telegram: durable before they are confirmed, in order for each person, done once.

``getUpdates`` confirms what came before by its next offset, so the next call is made only after
the updates of this one are stored. What a stop or a crash left unhandled is taken up first at the
next start. (aiogram's own polling confirms first and loses running handlers on stop.)
"""

import asyncio
import hmac
import json
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from typing import Any, ClassVar

from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from aiogram.utils.token import TokenValidationError
from aiohttp import web
from pydantic import ValidationError

from bot.listening import listening
from bot.texts import choices, general
from bot.turns import Turns
from core.errors import AssistantError
from core.ports import Clock, StoredUpdate, UnavailableError, UnitOfWork, WorkFactory

log = logging.getLogger(__name__)

ALLOWED = ("message", "callback_query", "my_chat_member")
WAIT_SECONDS = 30
MOST_ATTEMPTS = 3
"""After so many tries during which the program died, an update is given up."""
AT_ONCE = 16
"""How many people's updates are handled at the same time."""
BACKLOG = 1000
"""More than this waiting in memory, and nothing new is taken from Telegram."""
NOTED_WITHIN = 0.1
"""Seconds after which what is handled is noted as such, if no storing of updates did it before. A
crash within them hands the update over once more: its act is refused by its source."""
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STOP_WITHIN = 10.0
PAUSES = (0.2, 1.0, 5.0)
"""Seconds between the first tries while the storage is away; then LONGEST_PAUSE each time."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
MOST_BYTES = 1024 * 1024

UNREAD = frozenset({"reply_markup", "entities", "caption_entities"})
"""What nobody looks at in the message of a pressed button."""

Raw = Mapping[str, Any]
"""An update as Telegram wrote it."""
Feed = Callable[[Raw], Awaitable[None]]
Tell = Callable[[Raw, str], Awaitable[None]]
"""Says a sentence to the person behind an update."""


class WrongTokenError(AssistantError):
    """Telegram does not know the token: nothing can be done without a person."""


class GetUpdates(TelegramMethod[list[dict[str, Any]]]):
    """``getUpdates`` with the updates left as they came, to be kept word for word."""

    __returning__: ClassVar[type] = list[dict[str, Any]]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None = None
    timeout: int = WAIT_SECONDS
    limit: int = 100
    allowed_updates: tuple[str, ...] = ALLOWED


def person_of(update: Raw) -> int:
    """Whose update it is: the order among one person's updates is kept."""
    for kind in ALLOWED:
        sender = (update.get(kind) or {}).get("from") or {}
        if "id" in sender:
            return int(sender["id"])
    return 0


def feed_to(dispatcher: Dispatcher, bot: Bot, turns: Turns) -> Feed:
    """Feeds stored updates to the dispatcher, each in its chat's turn; one that cannot be read is
    logged."""
    async def feed(raw: Raw) -> None:
        try:
            update = Update.model_validate(_as_read(raw), context={"bot": bot})
        except ValidationError as fault:
            log.warning("update %s is not understood: %s", raw.get("update_id"),
                        fault.error_count())
            return
        async with turns.of(person_of(raw)):
            await dispatcher.feed_update(bot, update)
    return feed


def _as_read(raw: Raw) -> Raw:
    """Without ``UNREAD``: to read it takes as long as all the rest."""
    query = raw.get("callback_query") or {}
    message = query.get("message")
    if not message:
        return raw
    kept = {name: value for name, value in message.items() if name not in UNREAD}
    return {**raw, "callback_query": {**query, "message": kept}}


def tell_by(bot: Bot) -> Tell:
    """Tells in the chat of the update; where Telegram refuses, the log has it."""
    async def tell(raw: Raw, sentence: str) -> None:
        query = raw.get("callback_query") or {}
        message = raw.get("message") or query.get("message") or {}
        try:
            await bot.send_message(message["chat"]["id"], escape(sentence))
        except (AiogramError, KeyError, OSError, TimeoutError) as fault:
            log.info("update %s: nobody could be told: %s", raw.get("update_id"), fault)
    return tell


async def _tell_nobody(_: Raw, sentence: str) -> None:
    log.info("%s", sentence)


@dataclass(slots=True)
class UpdateQueue:
    """Keeps updates, then hands them over: one at a time for a person, many people at once.

    A feed that raises UnavailableError is called again with the same update: what was done is not
    done twice, since the update is its source.
    """

    work: WorkFactory
    clock: Clock
    feed: Feed
    tell: Tell = _tell_nobody
    pauses: Sequence[float] = PAUSES
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _lanes: dict[int, deque[tuple[int, Raw]]] = field(default_factory=dict)
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _quiet: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: set[int] = field(default_factory=set)
    """Handled, and not yet noted."""
    _noting: asyncio.Task[None] | None = None
    _waiting: int = 0

    @property
    def stopping(self) -> bool:
        """Whether ``stop`` was called: nothing new is begun."""
        return self._stop.is_set()

    async def resume(self) -> int:
        """Handle what an earlier run left, oldest first; returns how many there were.

        One after another, each try counted beforehand: an update that kills the program is found
        out and given up, the others are not blamed for it.
        """
        async with self.work() as work:
            left = await work.updates.unhandled()
        for stored in left:
            if self._stop.is_set():
                break
            if stored.attempts >= MOST_ATTEMPTS:
                log.error("update %s is given up after %s tries: the program died each time",
                          stored.update_id, stored.attempts)
            else:
                async with self.work() as work:
                    await work.updates.attempt(stored.update_id)
                if not await self._hand_over(stored.update_id, json.loads(stored.payload)):
                    break
            self._ended.add(stored.update_id)
            await self._note()
        return len(left)

    async def accept(self, updates: Sequence[Raw]) -> None:
        """Store in one transaction, then queue those not seen before.

        Raises what the storage raises; then nothing is queued and nothing may be confirmed.
        """
        now = self.clock.now()
        came = {int(one["update_id"]): one for one in updates}
        rows = [StoredUpdate(update_id, json.dumps(one, ensure_ascii=False), now)
                for update_id, one in came.items()]
        ended = frozenset(self._ended)
        async with self.work() as work:
            fresh = await work.updates.store(rows)
            await self._note_in(work, ended)
        self._ended -= ended
        for stored in fresh:
            self._queue(stored.update_id, came[stored.update_id])
        while self._waiting > BACKLOG and not self._stop.is_set():
            self._quiet.clear()
            await self._quiet.wait()

    def _queue(self, update_id: int, raw: Raw) -> None:
        person = person_of(raw)
        self._waiting += 1
        lane = self._lanes.get(person)
        if lane is not None:
            lane.append((update_id, raw))
            return
        self._lanes[person] = deque([(update_id, raw)])
        task = asyncio.get_running_loop().create_task(self._run(person))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, person: int) -> None:
        """One person's updates, one after another."""
        lane = self._lanes[person]
        try:
            while lane and not self._stop.is_set():
                update_id, raw = lane[0]
                async with self._slots:
                    if self._stop.is_set():
                        return
                    if not await self._hand_over(update_id, raw):
                        return
                    self._done(update_id)
                lane.popleft()
                self._waiting -= 1
                self._quiet.set()
        finally:
            self._waiting -= len(lane)
            del self._lanes[person]

    async def _hand_over(self, update_id: int, raw: Raw) -> bool:
        """Until it is handled, well or badly; False where a stop came first.

        Waits as long as the storage is away. Where the storage serves and the update cannot be
        handled nevertheless, it is given up after some tries, and the person told why.
        """
        tries = refused = 0
        while not self._stop.is_set():
            try:
                await self.feed(raw)
            except UnavailableError as trouble:
                refused += await self._serves()
                if refused == MOST_ATTEMPTS:
                    log.exception("update %s is given up", update_id)
                    await self.tell(raw, str(trouble))
                    return True
                if tries == len(self.pauses):
                    log.warning("update %s waits: %s", update_id, trouble)
                    await self.tell(raw, general.WAITING_FOR_STORAGE)
                await self._rest(tries)
                tries += 1
            except Exception:
                log.exception("update %s was not handled", update_id)
                return True
            else:
                return True
        return False

    async def _serves(self) -> bool:
        """Whether the storage answers now."""
        try:
            async with self.work() as work:
                await work.updates.unhandled()
        except AssistantError:
            return False
        return True

    async def _rest(self, tries: int) -> None:
        """Longer each time; a stop ends it."""
        pauses = self.pauses
        pause = pauses[tries] if tries < len(pauses) else LONGEST_PAUSE
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), pause)

    def _done(self, update_id: int) -> None:
        """It will be noted with the next updates that are stored, or else soon: a noting of its
        own would make the next press wait for the disk once more."""
        self._ended.add(update_id)
        if self._noting is None:
            self._noting = asyncio.get_running_loop().create_task(self._note_soon())

    async def _note_soon(self) -> None:
        """What no storing of updates has noted meanwhile."""
        while self._ended:
            await asyncio.sleep(NOTED_WITHIN)
            await self._note()
        self._noting = None

    async def _note(self) -> None:
        """In one transaction; a storage that is away is waited for, until a stop."""
        tries = 0
        while ended := frozenset(self._ended):
            try:
                async with self.work() as work:
                    await self._note_in(work, ended)
                self._ended -= ended
            except AssistantError as trouble:
                if self._stop.is_set():
                    log.warning("what is handled will be handed over again: %s", trouble)
                    return
                await self._rest(tries)
                tries += 1

    async def _note_in(self, work: UnitOfWork, ended: Collection[int]) -> None:
        for update_id in ended:
            await work.updates.handled(update_id, self.clock.now())

    async def idle(self) -> None:
        """Until everything that was queued is handled, and noted."""
        while self._running:
            await asyncio.wait(set(self._running))
        await self._note()

    async def stop(self, within: float = STOP_WITHIN) -> None:
        """Begin nothing new, let what runs finish for at most ``within`` seconds.

        What did not finish stays unhandled in the database and is taken up at the next start.
        """
        self._stop.set()
        self._quiet.set()
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=within)
            for task in late:
                task.cancel()
            if late:
                log.warning("%s handlers did not finish in time; their updates are kept",
                            len(late))
                await asyncio.wait(late)
        if self._noting is not None:
            self._noting.cancel()
        await self._note()


async def poll(bot: Bot, queue: UpdateQueue) -> None:
    """Long polling for ever; cancel it, then ``await queue.stop()``. Raises WrongTokenError.

    409, 429, 5xx pages, cut lines and a storage that is away are waited out, longer each time.
    """
    await _patiently(lambda: bot.delete_webhook(drop_pending_updates=False))
    await queue.resume()
    offset: int | None = None
    faults = 0
    while not queue.stopping:
        try:
            updates = await bot(GetUpdates(offset=offset),
                                request_timeout=WAIT_SECONDS + 15)
            if updates:
                await queue.accept(updates)
                await asyncio.sleep(0)  # they are begun before the next are asked for
                offset = max(int(one["update_id"]) for one in updates) + 1
            faults = 0
        except (AiogramError, AssistantError, TimeoutError, OSError) as fault:
            faults += 1
            await asyncio.sleep(_pause(fault, faults))


async def _patiently(call: Callable[[], Awaitable[object]]) -> None:
    """Make a first call until Telegram answers it."""
    faults = 0
    while True:
        try:
            await call()
        except (AiogramError, TimeoutError, OSError) as fault:
            faults += 1
            await asyncio.sleep(_pause(fault, faults))
        else:
            return


def _pause(fault: Exception, faults: int) -> float:
    """How long to wait after so many faults in a row; raises WrongTokenError."""
    if isinstance(fault, TelegramUnauthorizedError | TelegramNotFound | TokenValidationError):
        raise WrongTokenError(general.WRONG_TOKEN) from fault
    if isinstance(fault, TelegramRetryAfter):
        return float(fault.retry_after)
    growing = float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(faults, 10)))
    pause = growing * random.uniform(0.75, 1.0)  # noqa: S311 - spreads the retries
    if isinstance(fault, TelegramConflictError):
        log.warning(general.OTHER_POLLER)
        return max(pause, 3.0)
    why = fault if isinstance(fault, AssistantError) else type(fault).__name__
    log.warning("no updates for now (%s), next try in %.1f s", why, pause)
    return pause


Page = Callable[[web.Application], None]
"""Hangs another page into the web server."""


def webhook_app(queue: UpdateQueue, secret: str, path: str, page: Page | None = None
                ) -> web.Application:
    """The web server's side of the webhook: stored first, then 200.

    A call without the secret gets 404; the secret is compared in constant time. Where storing
    fails the answer is 503 and Telegram calls again.
    """
    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=404)
        try:
            update = json.loads(await request.read())
            update_id = int(update["update_id"])
        except (ValueError, KeyError, TypeError):
            return web.Response(status=400)
        try:
            await queue.accept([update])
        except AssistantError as fault:
            log.warning("update %s is not stored, Telegram will call again: %s", update_id, fault)
            return web.Response(status=503)
        return web.Response()

    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_post(path, take)
    if page is not None:
        page(app)
    return app


async def serve_webhook(bot: Bot, queue: UpdateQueue, *, url: str, secret: str, path: str,
                        host: str, port: int, page: Page | None = None) -> None:
    """Listen on ``host:port``, tell Telegram the public ``url``, until cancelled.

    ``secret`` is 1-256 letters, digits, «_», «-» (Bot API, ``setWebhook``).
    """
    if not secret:
        raise AssistantError(choices.NO_SECRET)
    await queue.resume()
    runner = web.AppRunner(webhook_app(queue, secret, path, page), access_log=None)
    await runner.setup()
    try:
        await listening(web.TCPSite(runner, host, port), "WEBHOOK_LISTEN")
        await _patiently(lambda: bot.set_webhook(
            url, secret_token=secret, allowed_updates=list(ALLOWED)))
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()

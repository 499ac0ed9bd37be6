"""Delivery of updates to the bot's own address, as after ``setWebhook``."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from bot.sandbox.spec import Json
from bot.sandbox.updates import UpdateQueue, chat_of_update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
ANSWER_SECONDS = 60
LONGEST_PAUSE = 60.0

Answered = Callable[[aiohttp.ClientResponse], Awaitable[None]]
"""What to do with a good answer: it may carry a method call."""


@dataclass
class WebhookState:
    """Where updates go and how it went. Plain http and any port, as a local Bot API server."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error: str = ""

    def info(self, queue: UpdateQueue) -> Json:
        """``WebhookInfo``."""
        said: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(queue.pending),
        }
        if self.url:
            said["max_connections"] = self.max_connections
        if self.last_error_date:
            said["last_error_date"] = self.last_error_date
            said["last_error_message"] = self.last_error
        if queue.allowed:
            said["allowed_updates"] = list(queue.allowed)
        return said


@dataclass
class WebhookDelivery:
    """Posts updates: in parallel for different people, in order for one; retries on failure."""

    queue: UpdateQueue
    clock: Callable[[], float]
    answered: Answered
    first_pause: float = 1.0
    state: WebhookState = field(default_factory=WebhookState)
    _runner: asyncio.Task[None] | None = None
    _busy: set[int] = field(default_factory=set)

    def start(self, state: WebhookState) -> None:
        """Begins delivering to the new address; the old delivery must have been stopped."""
        self.state = state
        self._busy = set()
        self._runner = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Stops delivering; what was not confirmed stays in the queue."""
        self.state = WebhookState()
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
            self._runner = None

    async def _run(self) -> None:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)) as session,
            asyncio.TaskGroup() as group,
        ):
            while True:
                self.queue.arrived.clear()
                for update in self._ready():
                    self._busy.add(chat_of_update(update))
                    group.create_task(self._deliver(session, update))
                await self.queue.arrived.wait()

    def _ready(self) -> list[Json]:
        """The oldest update of each person who has none on the way."""
        first: dict[int, Json] = {}
        for update in self.queue.pending.values():
            first.setdefault(chat_of_update(update), update)
        room = max(self.state.max_connections - len(self._busy), 0)
        return [update for chat, update in first.items() if chat not in self._busy][:room]

    async def _deliver(self, session: aiohttp.ClientSession, update: Json) -> None:
        number = update["update_id"]
        pause = self.first_pause
        while number in self.queue.pending:
            trouble = await self._post(session, update)
            if not trouble:
                self.queue.confirm(int(str(number)))
                break
            self.state.last_error = trouble
            self.state.last_error_date = int(self.clock())
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self._busy.discard(chat_of_update(update))
        self.queue.arrived.set()

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> str:
        """Why the bot did not take the update; empty if it did."""
        headers = {SECRET_HEADER: self.state.secret} if self.state.secret else {}
        try:
            async with session.post(self.state.url, json=update, headers=headers) as response:
                if not 200 <= response.status <= 299:
                    return f"Wrong response from the webhook: {response.status} {response.reason}"
                await self.answered(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"{error}" or "Read timeout expired"
        return ""

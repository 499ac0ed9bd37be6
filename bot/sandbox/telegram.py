"""The embedded Telegram: a Bot API server and a page on which one speaks for any person.

The very same bot program runs against it by its ``TELEGRAM_API_URL``. Everything is kept in
memory; a bot that was killed gets its unconfirmed updates again.
"""

import time
from collections.abc import Callable, Sequence

import aiohttp
from aiohttp import web

from bot.sandbox.acts import PersonActs
from bot.sandbox.limits import Fault, Faults, RateLimits
from bot.sandbox.methods import Methods
from bot.sandbox.page import Page
from bot.sandbox.refusals import TelegramRefusalError
from bot.sandbox.server import BotApiServer, CheckedQueue, Record, Refusal, Violation, refused
from bot.sandbox.spec import Json, packaged_spec
from bot.sandbox.store import SandboxPerson, Store
from bot.sandbox.webhook import WebhookDelivery

__all__ = ["Fault", "Refusal", "SandboxPerson", "TelegramSandbox", "Violation"]

CALLBACK_SECONDS = 15.0
"""Life of a callback query; Telegram does not publish it, 5-20 s were observed."""


class TelegramSandbox:
    """A running sandbox. Make it with ``start``, end it with ``stop``."""

    def __init__(
        self,
        people: Sequence[SandboxPerson],
        token: str,
        bot_username: str,
        *,
        clock: Callable[[], float],
        callback_seconds: float,
        webhook_pause: float,
    ) -> None:
        bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Ракурс",
            "username": bot_username,
        }
        self.links: list[tuple[str, str]] = []
        """Titles and addresses shown at the top of the page."""
        spec = packaged_spec()
        self._record = Record()
        self.limits = RateLimits(time.monotonic)
        self.store = Store(people, clock)
        self._queue = CheckedQueue(spec, self._record)
        self._webhook = WebhookDelivery(self._queue, clock, self._answered, webhook_pause)
        methods = Methods(self.store, bot, self._queue, self._webhook, self.limits)
        self._api = BotApiServer(token, spec, methods, self._record)
        acts = PersonActs(self.store, bot, self._queue, callback_seconds, token)
        self._page = Page(acts, self._record, self.links)
        self._runner: web.AppRunner | None = None
        self.url = ""
        self.page_url = ""

    @classmethod
    async def start(
        cls,
        people: Sequence[SandboxPerson],
        *,
        token: str,
        bot_username: str = "rakurs_bot",
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.time,
        callback_seconds: float = CALLBACK_SECONDS,
        webhook_pause: float = 1.0,
    ) -> "TelegramSandbox":
        """Listens on ``host:port`` (0: the system picks one).

        ``token`` is «number:secret», the number becomes the bot's id. ``clock`` gives Unix
        seconds. Raises ``OSError`` if the port is taken, ``ValueError`` for a malformed token.
        """
        sandbox = cls(
            people,
            token,
            bot_username,
            clock=clock,
            callback_seconds=callback_seconds,
            webhook_pause=webhook_pause,
        )
        await sandbox._listen(host, port)
        return sandbox

    async def _listen(self, host: str, port: int) -> None:
        app = web.Application(client_max_size=1024**3)
        self._api.add_routes(app)
        self._page.add_routes(app)
        app.router.add_route("*", "/{anything:.*}", _nothing_here)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        real_port = self._runner.addresses[0][1]
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{real_port}"
        self.page_url = f"{self.url}/sandbox/"
        self._page.serve_as({f"{shown}:{real_port}", f"localhost:{real_port}"})

    async def stop(self) -> None:
        """Stops listening; waiting requests are cut."""
        await self._webhook.stop()
        self._queue.interrupt("terminated by close request")
        self._page.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def faults(self) -> Faults:
        """Where a test orders faults."""
        return self._api.faults

    @property
    def violations(self) -> list[Violation]:
        """Where the described interface was broken, by the bot or by the sandbox."""
        return self._record.violations

    @property
    def refusals(self) -> list[Refusal]:
        """Every call that was answered with an error, violations among them."""
        return self._record.refusals

    @property
    def calls(self) -> dict[str, int]:
        """How many times each method was called."""
        return self._record.calls

    @property
    def pending_updates(self) -> int:
        """Updates that the bot has not confirmed."""
        return len(self._queue.pending)

    async def polled(self) -> None:
        """Returns once the bot waits for updates: it runs and has fetched all there was."""
        await self._queue.polled()

    async def _answered(self, response: aiohttp.ClientResponse) -> None:
        await self._api.webhook_answered(response)


async def _nothing_here(_: web.Request) -> web.Response:
    return refused(TelegramRefusalError(404, "Not Found"))

"""How fast we may speak to Telegram: the limits of the Bot API FAQ, and the pauses it asks for."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import (
    SendDocument,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.methods.base import Response, TelegramType

OVERALL: Final = 30
"""Messages a second (Bot API FAQ, «My bot is hitting limits»)."""
PER_CHAT: Final = 1
PER_GROUP: Final = 20
"""Messages a minute in one group; a group's id is negative."""
WINDOW: Final = 1.05
"""Seconds: a little more than the limit's, for clocks and lines that waver."""
MINUTES: Final = 60.0
"""Windows in the window of a group."""
SHORT_WAIT: Final = 5
"""A pause of so many seconds asked by Telegram is simply waited out."""

_taken: ContextVar[int | None] = ContextVar("taken", default=None)
"""The chat in which this task has taken room for what it sends next."""


@dataclass(slots=True)
class Pace:
    """30 messages a second overall, one a second in a chat, 20 a minute in a group.

    Room is taken when it is found, so that senders side by side never share it. A person who
    pressed a button is answered at once: his chat is not made to wait, only all of them together.
    """

    overall: int = OVERALL
    per_chat: int = PER_CHAT
    per_group: int = PER_GROUP
    window: float = WINDOW
    _recent: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)

    async def wait(self, chat_id: int) -> None:
        """Until a message might go to that chat; takes no room."""
        await self._until(chat_id, 1)

    async def room(self, chat_id: int, messages: int = 1) -> None:
        """Wait until that many messages may go to that chat, and take the room for them."""
        await self._until(chat_id, messages)
        self._take(chat_id, messages)
        _taken.set(chat_id)

    async def answer(self, chat_id: int, messages: int = 1) -> None:
        """As ``room``, for an answer: only all chats together, and groups, are waited for."""
        if _taken.get() == chat_id:
            _taken.set(None)
            return
        await self._until(chat_id if chat_id < 0 else None, messages)
        self._take(chat_id, messages)

    async def _until(self, chat_id: int | None, messages: int) -> None:
        pause = self._pause(chat_id, messages)
        if pause > 0:
            await asyncio.sleep(pause)
            await self._until(chat_id, messages)

    def _take(self, chat_id: int, messages: int) -> None:
        now = asyncio.get_running_loop().time()
        self._recent.extend([now] * messages)
        self._chats.setdefault(chat_id, deque()).append(now)

    def _pause(self, chat_id: int | None, messages: int) -> float:
        now = asyncio.get_running_loop().time()
        pauses = [0.0]
        for recent, allowed, more, window in self._limits(chat_id, messages):
            while recent and recent[0] <= now - window:
                recent.popleft()
            over = len(recent) + more - allowed
            if over > 0 and recent:
                pauses.append(recent[min(over, len(recent)) - 1] + window - now)
        self._forget(now)
        return max(pauses)

    def _limits(self, chat_id: int | None, messages: int
                ) -> Iterator[tuple[deque[float], int, int, float]]:
        yield self._recent, self.overall, messages, self.window
        if chat_id is not None and chat_id in self._chats:
            group = chat_id < 0
            yield (self._chats[chat_id], self.per_group if group else self.per_chat,
                   messages if group else 1, self.window * (MINUTES if group else 1))

    def _forget(self, now: float) -> None:
        """Chats that have been silent for long take no memory."""
        if len(self._chats) > 2 * self.overall:
            self._chats = {one: recent for one, recent in self._chats.items()
                           if recent and recent[-1] > now - self.window * (
                               MINUTES if one < 0 else 1)}


class Paced(BaseRequestMiddleware):
    """Keeps everything that is sent to the pace, and waits out the short pauses that Telegram
    asks for."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    async def __call__(self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot,
                       method: TelegramMethod[TelegramType]) -> Response[TelegramType]:
        """Send one request."""
        while True:
            if isinstance(method, SendMessage | SendPhoto | SendDocument | SendMediaGroup):
                count = len(method.media) if isinstance(method, SendMediaGroup) else 1
                await self.pace.answer(int(method.chat_id), count)
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as pause:
                if pause.retry_after > SHORT_WAIT:
                    raise
                await asyncio.sleep(pause.retry_after)

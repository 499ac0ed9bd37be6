"""How fast we may speak to Telegram: the limits of the Bot API FAQ, and the pauses it asks for.

When Telegram counts a message nobody here can see: some time between our writing it and its
answer. So a message takes its room before it is written and gives it back a second after the
answer came. Whatever is late on the way, at our end or at theirs, no second holds too much.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
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
WINDOW: Final = 1.0
"""Seconds."""
MINUTES: Final = 60.0
"""Windows in the window of a group."""
SPREAD: Final = 0.75
"""Of a window, over which as many messages as it allows are begun at the quickest: in a bunch each
would wait for the answers to those before it."""
SHORT_WAIT: Final = 5
"""A pause of so many seconds asked by Telegram is simply waited out."""

_patient: ContextVar[bool] = ContextVar("patient", default=False)


@contextmanager
def patiently() -> Iterator[None]:
    """What is sent inside keeps to the pace of its chat too: nobody waits for it there."""
    token = _patient.set(True)
    try:
        yield
    finally:
        _patient.reset(token)


@dataclass(slots=True)
class Room:
    """How many messages may be said within a window, and what was said in it."""

    allowed: int
    window: float
    under_way: int = 0
    answered: deque[float] = field(default_factory=deque)

    def pause(self, now: float, more: int) -> float:
        """Seconds until so many more may be said; infinite where an answer must come first."""
        answered = self.answered
        while answered and answered[0] <= now - self.window:
            answered.popleft()
        over = self.under_way + len(answered) + more - self.allowed
        if over <= 0 or not (self.under_way or answered):
            return 0.0
        if self.under_way and over > len(answered):
            return math.inf
        return answered[min(over, len(answered)) - 1] + self.window - now

    def begin(self, messages: int) -> None:
        """They are about to be written."""
        self.under_way += messages

    def end(self, now: float, messages: int) -> None:
        """Telegram has answered, or will not any more."""
        self.under_way -= messages
        self.answered.extend([now] * messages)

    def silent(self, now: float) -> bool:
        """Whether nothing was said for a window."""
        return not self.under_way and self.pause(now, self.allowed) <= 0


@dataclass(slots=True)
class Pace:
    """30 messages a second overall, one a second in a chat, 20 a minute in a group.

    A person who pressed a button is answered at once: his chat is not made to wait, only all of
    them together.
    """

    overall: int = OVERALL
    per_chat: int = PER_CHAT
    per_group: int = PER_GROUP
    window: float = WINDOW
    _all: Room = field(init=False)
    _chats: dict[int, Room] = field(default_factory=dict)
    _answer: asyncio.Event = field(default_factory=asyncio.Event)
    _line: asyncio.Lock = field(default_factory=asyncio.Lock)
    """First come, first served."""
    _next_at: float = 0.0

    def __post_init__(self) -> None:
        """Nothing was said yet."""
        self._all = Room(self.overall, self.window)

    async def wait(self, chat_id: int) -> None:
        """Until a message might go to that chat; takes no room."""
        await self._until(self._chat(chat_id), 1)
        await self._until(self._all, 1)

    @asynccontextmanager
    async def saying(self, chat_id: int, messages: int = 1, *, patient: bool = False
                     ) -> AsyncIterator[None]:
        """Room for these messages, from before they are written until after the answer.

        Not ``patient``: only all chats together, and groups, are waited for.
        """
        calls = messages if chat_id < 0 else 1
        patient = patient or chat_id < 0
        while True:
            if patient:
                await self._until(self._chat(chat_id), calls)
            async with self._line:
                await asyncio.sleep(max(0.0, self._next_at - _now()))
                await self._until(self._all, messages)
                chat = self._chat(chat_id)
                if not patient or chat.pause(_now(), calls) <= 0:
                    self._next_at = _now() + messages * SPREAD * self.window / self.overall
                    self._all.begin(messages)
                    chat.begin(calls)
                    break
        try:
            yield
        finally:
            self._all.end(_now(), messages)
            chat.end(_now(), calls)
            self._answer.set()

    async def _until(self, room: Room, messages: int) -> None:
        while (pause := room.pause(_now(), messages)) > 0:
            if pause < math.inf:
                await asyncio.sleep(pause)
            else:
                self._answer.clear()
                await self._answer.wait()

    def _chat(self, chat_id: int) -> Room:
        """Chats that have been silent for long take no memory."""
        if len(self._chats) > 2 * self.overall:
            now = _now()
            self._chats = {one: room for one, room in self._chats.items() if not room.silent(now)}
        group = chat_id < 0
        return self._chats.setdefault(chat_id, Room(
            self.per_group if group else self.per_chat, self.window * (MINUTES if group else 1)))


def _now() -> float:
    return asyncio.get_running_loop().time()


class Paced(BaseRequestMiddleware):
    """Keeps everything that is sent to the pace, and waits out the short pauses that Telegram
    asks for."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    async def __call__(self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot,
                       method: TelegramMethod[TelegramType]) -> Response[TelegramType]:
        """Send one request."""
        while True:
            try:
                async with self._room(method):
                    return await make_request(bot, method)
            except TelegramRetryAfter as pause:
                if pause.retry_after > SHORT_WAIT:
                    raise
                await asyncio.sleep(pause.retry_after)

    def _room(self, method: TelegramMethod[TelegramType]) -> AbstractAsyncContextManager[None]:
        """Only what says something takes room."""
        if not isinstance(method, SendMessage | SendPhoto | SendDocument | SendMediaGroup):
            return nullcontext()
        count = len(method.media) if isinstance(method, SendMediaGroup) else 1
        return self.pace.saying(int(method.chat_id), count, patient=_patient.get())

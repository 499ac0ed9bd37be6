"""Who is acting, what they were asked, and the answer to a pressed button.

No permissions here: the lifecycle table has them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message, TelegramObject, Update

from bot.handlers.asking import ASK
from bot.handlers.tools import Tools
from bot.texts import general
from core.people import Actor
from core.ports import Prompt

log = logging.getLogger(__name__)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

GONE = frozenset({ChatMemberStatus.KICKED, ChatMemberStatus.LEFT})
"""So Telegram calls the bot in a chat whose owner has shut it out."""
GROUP_SILENCE = 10.0
"""Seconds between two answers in a group, whatever is asked there: 20 a minute are allowed."""
ANSWER_WITHIN = 2.0
"""Seconds until a press is answered even if the work goes on; queries die in 5-20 s."""


@dataclass(slots=True)
class Toast:
    """The one answer that a pressed button may get: a line above the chat, or an alert."""

    query: CallbackQuery
    text: str = ""
    answered: bool = False

    async def give(self, text: str = "", *, alert: bool = False) -> bool:
        """Answer, once; True if the person saw ``text`` by it. A dead query is no fault."""
        if self.answered:
            return False
        self.answered = True
        try:
            await self.query.answer((text or self.text)[:200] or None, show_alert=alert)
        except TelegramAPIError as gone:
            log.info("the press could not be answered: %s", gone)
            return False
        return True

    @asynccontextmanager
    async def meanwhile(self, text: str) -> AsyncIterator[None]:
        """Say ``text`` while something else is done."""
        giving = asyncio.ensure_future(self.give(text))
        await asyncio.sleep(0)  # on the line first
        try:
            yield
        finally:
            await giving


class Answering(BaseMiddleware):
    """Answers every press: with the outcome if it is quick, else at once and with a message.

    A fault leaves the answer to ``bot.errors``, which shows it as an alert.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]
                       ) -> Any:
        """Wrap the handling of one update."""
        query = event.callback_query if isinstance(event, Update) else None
        if query is None:
            return await handler(event, data)
        toast = data["toast"] = Toast(query)
        late: list[asyncio.Task[bool]] = []
        watch = asyncio.get_running_loop().call_later(
            ANSWER_WITHIN, lambda: late.append(asyncio.ensure_future(toast.give())))
        try:
            result = await handler(event, data)
        finally:
            watch.cancel()
            if late:
                await asyncio.wait(late)
        await toast.give()
        return result


class Acting(BaseMiddleware):
    """Puts ``actor`` (and ``prompt`` for a message) beside the update; strangers go no further."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._groups: dict[int, float] = {}
        """When each group was answered last."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]
                       ) -> Any:
        """Find the person behind one update."""
        user, chat = data.get("event_from_user"), data.get("event_chat")
        if not isinstance(event, Update) or user is None or chat is None or user.is_bot:
            return None
        if chat.type != ChatType.PRIVATE:
            return await self._in_public(event)
        if event.my_chat_member is not None:
            out = event.my_chat_member.new_chat_member.status in GONE
            await self._tools.enrolment.lost(user.id, lost=out)
            return None
        actor = await self._tools.enrolment.actor(user.id, f"tg:{event.update_id}")
        if actor is None:
            return await self._stranger(handler, event, data)
        data["actor"] = actor
        if event.message is not None:
            data["prompt"] = await self._asked(event.message, actor)
        return await handler(event, data)

    async def _asked(self, message: Message, actor: Actor) -> Prompt | None:
        async with self._tools.office.work() as work:
            replied = message.reply_to_message
            found = (await work.prompts.find(message.chat.id, replied.message_id) if replied
                     else await work.prompts.find_purpose(message.chat.id, ASK))
        return found if found is not None and found.person_id == actor.person_id else None

    async def _in_public(self, event: Update) -> None:
        """In a group nothing is said about cases; a command learns where to go."""
        message = event.message
        if message is None or not (message.text or "").startswith("/"):
            return
        now = asyncio.get_running_loop().time()
        if now - self._groups.get(message.chat.id, -GROUP_SILENCE) >= GROUP_SILENCE:
            self._groups[message.chat.id] = now
            await message.answer(general.ONLY_PRIVATE)

    async def _stranger(self, handler: Handler, event: Update, data: dict[str, Any]) -> Any:
        if event.message is not None and (event.message.text or "").startswith("/start "):
            return await handler(event, data)
        if event.message is not None:
            await event.message.answer(general.STRANGER)
        elif (toast := data.get("toast")) is not None:
            await toast.give(general.STRANGER, alert=True)
        return None

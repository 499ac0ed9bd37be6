"""The commands that Telegram offers: to each member of staff those of the own role.

What was told of whom is kept, so that a start tells nothing anew and a role that changed, an
account that moved to another telephone and a person who was blocked are each put right once.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from zlib import crc32

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from bot.texts.help import STRANGERS, commands_of
from core.bell import Ear
from core.errors import AssistantError
from core.people import Directory, Person
from core.usecases.office import Office

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""Between looks, if the bell does not ring: another process may have changed the directory."""
GONE = (TelegramBadRequest, TelegramForbiddenError)


def mark_of(person: Person) -> str:
    """Which list was told to which account; empty where there must be none."""
    if not person.active or person.telegram_id is None:
        return ""
    names = " ".join(f"{name}={what}" for name, what in commands_of(person))
    return f"{person.telegram_id}:{crc32(names.encode()):08x}"


@dataclass(slots=True)
class Introduction:
    """Keeps the lists right for as long as the bot runs."""

    bot: Bot
    office: Office
    _seen: Directory | None = field(default=None, init=False)

    async def run(self, ear: Ear) -> None:
        """For ever; Telegram being away must not keep the bot from its work."""
        introduced = False
        while True:
            try:
                if not introduced:
                    await self.introduce()
                    introduced = True
                await self.refresh()
            except (TelegramAPIError, AssistantError, OSError, TimeoutError) as fault:
                log.info("commands are not set yet: %s", type(fault).__name__)
            await ear.wait(LOOK_SECONDS)

    async def introduce(self) -> None:
        """What strangers and groups are offered."""
        await self.bot.set_my_commands(_as_commands(STRANGERS),
                                       scope=BotCommandScopeAllPrivateChats())
        await self.bot.delete_my_commands(scope=BotCommandScopeAllGroupChats())

    async def refresh(self) -> int:
        """Tell what changed; returns how many people it concerned."""
        async with self.office.work() as work:
            directory = await work.people.directory()
            if directory is self._seen:
                return 0
            told = await work.people.commands()
        behind = [one for one in directory.people.values()
                  if mark_of(one) != told.get(one.id, "")]
        for one in behind:
            await self._tell(one, told.get(one.id, ""))
        self._seen = directory
        return len(behind)

    async def _tell(self, person: Person, before: str) -> None:
        account, mark = before.partition(":")[0], mark_of(person)
        if account and account != mark.partition(":")[0]:
            await self._set(int(account), ())
        if person.telegram_id is not None and mark:
            await self._set(person.telegram_id, commands_of(person))
        async with self.office.work() as work:
            await work.people.set_commands(person.id, mark)

    async def _set(self, chat_id: int, commands: Sequence[tuple[str, str]]) -> None:
        """One chat's list; none: back to that of strangers. A chat that is gone needs none."""
        scope = BotCommandScopeChat(chat_id=chat_id)
        try:
            if commands:
                await self.bot.set_my_commands(_as_commands(commands), scope=scope)
            else:
                await self.bot.delete_my_commands(scope=scope)
        except GONE as refusal:
            log.info("the commands of a chat were not set: %s", refusal.message)


def _as_commands(commands: Sequence[tuple[str, str]]) -> list[BotCommand]:
    return [BotCommand(command=name, description=what) for name, what in commands]

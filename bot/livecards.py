"""Cards that stand in chats are edited as their cases move, so that nobody looks at an old one.

In each chat one card of a case lives, the newest: it follows the case whoever moves it and by
whatever way (a colleague's button, a letter, МСЭД's notice). The one before it shrinks to a line
that points down. Telegram alone has cards; who works by e-mail gets letters.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
)
from aiogram.types import InlineKeyboardMarkup

from bot import cards
from bot.keyboards.case import case_buttons
from bot.texts import general
from bot.turns import Turns
from core import access
from core.bell import Ear
from core.cards import CaseCard
from core.errors import AssistantError
from core.people import Actor, Channel
from core.ports import ShownCard, UnitOfWork
from core.usecases.lookups import Lookups
from core.usecases.office import Office

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""Between looks, if the bell does not ring: a letter may be taken in by another process."""
SETTLE = 0.5
"""Seconds after the bell: who pressed a button is shown the card by its own answer."""
TURN_SECONDS = 0.5
"""How long to wait for the turn in a chat; meanwhile the cards of all the others wait."""
AT_ONCE = 30
GONE = (TelegramForbiddenError, TelegramNotFound)


def look_of(text: str, markup: InlineKeyboardMarkup | None) -> str:
    """A short mark of what a message looks like."""
    said = f"{text}\n{markup.model_dump_json(exclude_none=True) if markup else ''}"
    return blake2b(said.encode(), digest_size=10).hexdigest()


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as it was just sent or edited into a message; ``head`` stands above it."""

    card: CaseCard
    text: str
    markup: InlineKeyboardMarkup | None
    head: str = ""

    def at(self, chat_id: int, message_id: int, person_id: int) -> ShownCard:
        """What is kept of it."""
        return ShownCard(chat_id, message_id, person_id, self.card.id, self.card.version,
                         self.card.stamp, self.head, look_of(self.text, self.markup))


async def remember(bot: Bot, office: Office, shown: Shown, place: ShownCard) -> None:
    """This message shows the case in its chat from now on; the one before it points here.

    Not one in which its reader is choosing.
    """
    async with office.work() as work:
        before = await work.shown.put(place, office.clock.now())
    if before is None or before.choosing:
        return
    below = place.message_id > before.message_id
    try:
        await bot.edit_message_text(
            general.card_elsewhere(before.head, shown.card.number, below=below),
            chat_id=before.chat_id, message_id=before.message_id)
    except TelegramAPIError as refusal:
        log.info("an old card was left as it is: %s", refusal)


@dataclass(frozen=True, slots=True)
class LiveCards:
    """Brings the cards up to date."""

    bot: Bot
    office: Office
    lookups: Lookups
    camera: str = ""
    """The address of the camera's page, where there is one."""
    settle: float = SETTLE
    turns: Turns = field(default_factory=Turns)
    """Shared with the handlers."""
    _acting: dict[int, int] = field(default_factory=dict, init=False)
    """Who did whose part at the last look: cards name them and give them the buttons."""

    async def run(self, ear: Ear) -> None:
        """For ever, woken by the bell."""
        while True:
            try:
                if await self.refresh() < AT_ONCE:
                    await ear.wait(LOOK_SECONDS)
                    await asyncio.sleep(self.settle)
            except (AssistantError, TelegramAPIError, OSError, TimeoutError) as fault:
                log.warning("cards will be brought up to date later: %s", fault)
                await asyncio.sleep(LOOK_SECONDS)

    async def refresh(self) -> int:
        """Edit the cards whose cases have moved; returns how many were behind."""
        async with self.office.work() as work:
            acting = (await work.people.directory()).acting
            await self._handed_over(work, acting)
            behind = await work.shown.behind(AT_ONCE)
        self._acting.clear()
        self._acting.update(acting)
        for one in behind:
            await self._in_turn(one)
        return len(behind)

    async def _handed_over(self, work: UnitOfWork, acting: Mapping[int, int]) -> None:
        """Absences begin and end by the calendar: the cases stand still, their cards do not."""
        moved = acting.items() ^ self._acting.items()
        for absent in {person for person, _ in moved}:
            cases = await work.cases.with_person(absent)
            await work.shown.renew([one.id for one in cases],
                                   {absent, *(by for person, by in moved if person == absent)})

    async def _in_turn(self, old: ShownCard) -> None:
        """Where its reader is being answered for long, the next look will see to it."""
        turn = self.turns.of(old.chat_id)
        try:
            await asyncio.wait_for(turn.acquire(), TURN_SECONDS)
        except TimeoutError:
            return
        try:
            await self._refresh(old)
        finally:
            turn.release()

    async def _refresh(self, old: ShownCard) -> None:
        async with self.office.work() as work:
            if not await work.shown.still(old):
                return  # its reader has just pressed a button and was answered in it
            directory = await work.people.directory()
            case = await work.cases.get(old.case_id)
            person = directory.people.get(old.person_id)
            reads = person is not None and access.may_read(case, person, directory)
            actor = Actor(Channel.TELEGRAM, f"card:{old.chat_id}:{old.message_id}", person)
            card = await self.lookups.card_in(work, actor, case) if reads else None
        if card is None:
            await self._forget(old, case.number)
            return
        if old.choosing and card.stamp == old.stamp:
            await self._keep(old, replace(old, case_version=case.version))
            return  # what its reader is choosing can still be done
        head = old.head if card.stamp == old.stamp else ""
        zone = self.office.calendar.zone
        said = cards.noticed(head, card, zone) if head else cards.card(card, zone)
        markup = case_buttons(card, shortened=said.shortened, camera=self.camera)
        new = Shown(card, said.text, markup, head).at(old.chat_id, old.message_id, old.person_id)
        edited = new.look == old.look or await self._edit(new, said.text, markup)
        if edited and not await self._keep(old, new):  # another message took over meanwhile
            await self._edit(new, general.card_elsewhere(head, card.number, below=True), None)

    async def _forget(self, old: ShownCard, number: str) -> None:
        """The reader has no part in the case any more: the card goes, its number stays (4.1)."""
        if await self._edit(old, general.not_yours(number), None):
            async with self.office.work() as work:
                await work.shown.forget(old)

    async def _edit(self, card: ShownCard, text: str, markup: InlineKeyboardMarkup | None) -> bool:
        """Whether the message is done with; one that cannot be edited is a card no more."""
        try:
            await self.bot.edit_message_text(
                text, chat_id=card.chat_id, message_id=card.message_id, reply_markup=markup)
        except TelegramBadRequest as refusal:
            if "not modified" in refusal.message:
                return True
            log.info("a card cannot be edited any more: %s", refusal.message)
        except GONE as gone:
            log.info("a card cannot be edited any more: %s", gone)
        else:
            return True
        async with self.office.work() as work:
            await work.shown.forget(card)
        return False

    async def _keep(self, old: ShownCard, new: ShownCard) -> bool:
        async with self.office.work() as work:
            return await work.shown.caught_up(old, new)

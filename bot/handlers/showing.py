"""Putting cards and lists before people: edited in place where there is a place."""

import logging
from html import escape

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot import cards
from bot.handlers.asking import close, put_away
from bot.handlers.tools import Tools
from bot.keyboards.case import case_buttons
from bot.livecards import Shown, remember
from bot.middlewares import Toast
from bot.texts import general
from core.cards import CaseCard
from core.errors import NotFoundError, StaleCardError
from core.people import Actor
from core.ports import Prompt
from core.usecases.office import CaseRef

log = logging.getLogger(__name__)

Place = CallbackQuery | Message
"""A pressed button (its message is edited) or a person's message (answered by a new one)."""


async def put(place: Place, text: str, markup: InlineKeyboardMarkup | None = None
              ) -> Message | None:
    """Show a text: in the message of the button if it can be edited, else in a new one."""
    if isinstance(place, Message):
        return await place.answer(text, reply_markup=markup)
    seen = place.message
    if isinstance(seen, Message) and seen.text is not None:
        try:
            edited = await seen.edit_text(text, reply_markup=markup)
        except TelegramBadRequest as refusal:
            if "not modified" in refusal.message:
                return seen
            log.info("a card could not be edited, so it is sent anew: %s", refusal.message)
        else:
            return edited if isinstance(edited, Message) else seen
    if seen is None or place.bot is None:
        return None
    return await place.bot.send_message(seen.chat.id, text, reply_markup=markup)


async def offer(place: Place, tools: Tools, text: str, markup: InlineKeyboardMarkup
                ) -> Message | None:
    """A step of a choice in place of the card, which is not edited over until it ends."""
    seen = place.message if isinstance(place, CallbackQuery) else None
    if seen is not None:
        async with tools.office.work() as work:
            await work.shown.choose(seen.chat.id, seen.message_id)
    return await put(place, text, markup)


async def show(place: Place, tools: Tools, actor: Actor, case_id: int, said: str = "") -> None:
    """The case as it is now; ``said`` where this person may not see it any more."""
    try:
        card = await tools.lookups.card(actor, case_id)
    except NotFoundError:
        if not said:
            raise
        await put(place, escape(said))
        return
    await show_card(place, tools, actor, card)


async def show_done(query: CallbackQuery, tools: Tools, actor: Actor, case_id: int, said: str,
                    toast: Toast) -> None:
    """What was done is said while the case is read and shown: neither waits for the other."""
    async with toast.meanwhile(said):
        await show(query, tools, actor, case_id, said)


async def show_card(place: Place, tools: Tools, actor: Actor, card: CaseCard) -> None:
    """A card that was just read; it follows its case from now on."""
    shown = cards.card(card, tools.office.calendar.zone)
    markup = case_buttons(card, shortened=shown.shortened, camera=tools.camera)
    sent = await put(place, shown.text, markup)
    if sent is not None and place.bot is not None and actor.person_id is not None:
        living = Shown(card, shown.text, markup)
        await remember(place.bot, tools.office, living,
                       living.at(sent.chat.id, sent.message_id, actor.person_id))


async def answered(message: Message, bot: Bot, tools: Tools, actor: Actor, prompt: Prompt,
                   said: str) -> None:
    """A question is answered: it is closed, its card put away, the case shown as it is now."""
    await close(tools, prompt)
    await put_away(bot, prompt)
    await show(message, tools, actor, prompt.case_id or 0, said)


async def edit(bot: Bot, chat_id: int, message_id: int, text: str,
               markup: InlineKeyboardMarkup | None) -> None:
    """Change a message of ours; one that is gone or the same already is no fault."""
    try:
        await bot.edit_message_text(text, chat_id=chat_id, message_id=message_id,
                                    reply_markup=markup)
    except TelegramBadRequest as refusal:
        log.info("a message was not edited: %s", refusal.message)


async def fresh(tools: Tools, actor: Actor, ref: CaseRef) -> CaseCard:
    """The card, if the button was pressed on its present state; raises StaleCardError if not."""
    card = await tools.lookups.card(actor, ref.case_id)
    if ref.stamp and card.stamp != ref.stamp:
        raise StaleCardError(general.OLD_BUTTON)
    return card


def near(query: CallbackQuery) -> Message:
    """The message of the button, to write beside; one that is too old stands for its chat."""
    seen = query.message
    if isinstance(seen, Message):
        return seen
    raise NotFoundError("Это сообщение слишком старое. Откройте карточку заново: /my")

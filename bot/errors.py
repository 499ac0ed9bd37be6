"""What went wrong, told to the person: our own refusals in their words, the rest by a code."""

import logging
import secrets
from html import escape

from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import CallbackQuery, ErrorEvent, Message

from bot import words
from bot.handlers.asking import close
from bot.handlers.showing import show
from bot.handlers.tools import Tools
from bot.keyboards.callbacks import CaseAct, Choice, Look, Page
from bot.middlewares import Toast
from bot.texts import general, outcomes
from core.errors import AlreadyDoneError, AssistantError, NotFoundError, StaleCardError
from core.people import Actor
from core.ports import Prompt, UnavailableError

log = logging.getLogger(__name__)

router = Router(name="errors")

ABOUT_CASES = (CaseAct, Page, Look, Choice)


def case_of(query: CallbackQuery | None, prompt: Prompt | None) -> int | None:
    """The case that a button or an answered question was about."""
    if prompt is not None:
        return prompt.case_id
    data = query.data or "" if query else ""
    for kind in ABOUT_CASES:
        if data.startswith(f"{kind.__prefix__}:"):
            return int(kind.unpack(data).case)
    return None


@router.errors(ExceptionTypeFilter(StaleCardError, AlreadyDoneError))
async def moved_on(event: ErrorEvent, tools: Tools, actor: Actor, toast: Toast | None = None,
                   prompt: Prompt | None = None) -> None:
    """Nothing is done twice: what happened is said, and the card shown as it is now."""
    query, message = event.update.callback_query, event.update.message
    if prompt is not None and message is not None:
        await close(tools, prompt)
    case_id = case_of(query, prompt)
    text = await _what_happened(tools, actor, case_id)
    await _say(text, message, query, toast)
    place = query or message
    if place is not None and case_id is not None:
        await show(place, tools, actor, case_id, text)


async def _what_happened(tools: Tools, actor: Actor, case_id: int | None) -> str:
    """The last line of the history, for who may see it."""
    if case_id is None:
        return general.OLD_BUTTON
    try:
        lines = await tools.lookups.history(actor, case_id)
    except NotFoundError:
        return outcomes.stale("", "", "")
    last = lines[-1] if lines else None
    if last is None:
        return outcomes.stale("", "", "")
    return outcomes.stale(last.what, last.who, words.moment(last.at, tools.office.calendar.zone))


@router.errors(ExceptionTypeFilter(UnavailableError))
async def later(event: ErrorEvent) -> None:
    """The storage is away: whoever handed the update over will do so again."""
    raise event.exception


@router.errors(ExceptionTypeFilter(AssistantError))
async def refused(event: ErrorEvent, toast: Toast | None = None) -> None:
    """A rule, a right or a file stood in the way: its own sentence."""
    update = event.update
    await _say(str(event.exception), update.message, update.callback_query, toast)


@router.errors(ExceptionTypeFilter(AiogramError))
async def not_shown(event: ErrorEvent, toast: Toast | None = None) -> None:
    """Telegram would not take our answer; what was to be done is done and saved."""
    update = event.update
    log.warning("the answer to update %s was not taken: %s", update.update_id, event.exception)
    await _say(general.NOT_SHOWN, update.message, update.callback_query, toast)


@router.errors()
async def unexpected(event: ErrorEvent, bot: Bot, toast: Toast | None = None) -> None:
    """A fault of ours: the log gets all of it, the person a code."""
    code = secrets.token_hex(3)
    log.error("update %s failed, code %s", event.update.update_id, code,
              exc_info=event.exception)
    update = event.update
    await _say(outcomes.unexpected(code), update.message, update.callback_query, toast)


async def _say(text: str, message: Message | None, query: CallbackQuery | None,
               toast: Toast | None) -> None:
    """As an alert while the press can be answered and the text fits, else as a message."""
    if message is not None:
        await message.reply(escape(text))
        return
    short = len(text) <= 200
    if toast is not None and short and await toast.give(text, alert=True):
        return
    if toast is not None:
        await toast.give()
    if query is not None and query.message is not None and query.bot is not None:
        await query.bot.send_message(query.message.chat.id, escape(text))

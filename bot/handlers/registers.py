"""Dispatch registers printed on demand: whose, for which period (5¶4, R36)."""

import re
from datetime import date, timedelta

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.courier import send_files
from bot.handlers.asking import Asked, Asks, ask, close
from bot.handlers.days import read_day
from bot.handlers.showing import Place, near, put
from bot.handlers.start import person_of
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import RegisterAct, Span
from bot.texts import general, questions
from core.access import WHOLE_OFFICE
from core.errors import MoveNotAllowedError, NotAcceptedError, NotFoundError
from core.people import Actor, Person
from core.ports import Prompt
from core.regulation.terms import Role
from core.usecases.registers import Registers, Sender

router = Router(name="registers")

SENDER = "sender"
_BETWEEN = re.compile(r"\s*(?:–|—|\s-\s|\bпо\b|\.\.)\s*")


def has_registers(person: Person) -> bool:
    """Whether a register is this person's matter."""
    return bool(person.all_offices & {*WHOLE_OFFICE, Role.CLERK})


@router.message(Command("register"))
async def command(message: Message, actor: Actor, tools: Tools) -> None:
    """``/register``."""
    await show_registers(message, actor, tools)


async def show_registers(place: Place, actor: Actor, tools: Tools) -> None:
    """Whose register; where there is but one, for which period."""
    senders = await Registers(tools.office).senders(person_of(actor))
    if not senders:
        raise MoveNotAllowedError(general.NO_REGISTERS)
    if len(senders) == 1:
        await _spans(place, senders[0])
        return
    await put(place, general.WHICH_REGISTER, lists.registers(senders))


async def _spans(place: Place, sender: Sender) -> None:
    await put(place, general.which_span(sender.name), lists.register_spans(sender.id))


@router.callback_query(RegisterAct.filter(F.span == Span.CHOOSE))
async def whose(query: CallbackQuery, callback_data: RegisterAct, actor: Actor, tools: Tools
                ) -> None:
    """The sender is chosen."""
    senders = await Registers(tools.office).senders(person_of(actor))
    sender = next((one for one in senders if one.id == callback_data.sender), None)
    if sender is None:
        raise NotFoundError(general.OLD_BUTTON)
    await _spans(query, sender)


@router.callback_query(RegisterAct.filter(F.span == Span.OTHER))
async def ask_period(query: CallbackQuery, callback_data: RegisterAct, actor: Actor, tools: Tools
                     ) -> None:
    """«Другой период»."""
    await ask(tools, actor, near(query), Asks.REGISTER_PERIOD, questions.REGISTER_PERIOD,
              facts={SENDER: str(callback_data.sender)})


@router.callback_query(RegisterAct.filter())
async def of_span(query: CallbackQuery, callback_data: RegisterAct, actor: Actor, tools: Tools,
                  bot: Bot) -> None:
    """One of the usual periods."""
    today = tools.office.calendar.local_date(tools.office.clock.now())
    first, last = days_of(callback_data.span, today)
    await _print(near(query), bot, actor, tools, callback_data.sender, first, last)


@router.message(Asked(Asks.REGISTER_PERIOD), F.text)
async def of_period(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools
                    ) -> None:
    """A period in the person's own words."""
    first, last = read_period(message.text or "")
    await _print(message, bot, actor, tools, int(prompt.facts[SENDER]), first, last)
    await close(tools, prompt)


async def _print(beside: Message, bot: Bot, actor: Actor, tools: Tools, sender_id: int,
                 first: date, last: date) -> None:
    document = await Registers(tools.office).document(
        person_of(actor), sender_id, first, last)
    files = await tools.registers.register(document)
    await send_files(bot, beside.chat.id, files)
    await beside.answer(general.register_made(document))


def days_of(span: Span, today: date) -> tuple[date, date]:
    """The first and the last day of one of the usual periods."""
    month = today.replace(day=1)
    match span:
        case Span.YESTERDAY:
            return today - timedelta(days=1), today - timedelta(days=1)
        case Span.WEEK:
            return today - timedelta(days=today.weekday()), today
        case Span.MONTH:
            return month, today
        case Span.LAST_MONTH:
            last = month - timedelta(days=1)
            return last.replace(day=1), last
        case _:
            return today, today


def read_period(text: str) -> tuple[date, date]:
    """«01.11.2026 – 30.11.2026» or one day; raises NotAcceptedError."""
    words = [one for one in _BETWEEN.split(text.strip().removeprefix("с ")) if one]
    if len(words) not in {1, 2}:
        raise NotAcceptedError(general.BAD_PERIOD)
    first, last = read_day(words[0]), read_day(words[-1])
    if last < first:
        raise NotAcceptedError(general.BAD_PERIOD)
    return first, last

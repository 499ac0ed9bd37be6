"""Joining by invitation, help, settings, and taking a question back."""

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import Message

from bot.handlers.asking import cancel
from bot.handlers.tools import Tools
from bot.texts import general
from bot.texts.help import help_text
from core.errors import UnknownPersonError
from core.people import Actor, Person

router = Router(name="start")


@router.message(CommandStart(deep_link=True))
async def join(message: Message, command: CommandObject, tools: Tools,
               actor: Actor | None = None) -> None:
    """``/start CODE``: link the account to the invited person, once."""
    user = message.from_user
    person = await tools.enrolment.join(command.args or "", user.id) if user else None
    if person is None and (actor is None or actor.person is None):
        await message.answer(general.BAD_INVITATION)
        return
    await _greet(message, tools, person or person_of(actor))


@router.message(CommandStart())
async def start(message: Message, tools: Tools, actor: Actor) -> None:
    """``/start`` of somebody who has joined."""
    await _greet(message, tools, person_of(actor))


async def _greet(message: Message, tools: Tools, person: Person) -> None:
    await message.answer(f"{general.welcome(person)}\n\n{help_text(person)}")


@router.message(Command("help"))
async def help_(message: Message, actor: Actor) -> None:
    """``/help``."""
    await message.answer(help_text(person_of(actor)))


@router.message(Command("cancel"))
async def take_back(message: Message, tools: Tools) -> None:
    """``/cancel``: close every open question."""
    count = await cancel(tools, message.chat.id)
    await message.answer(general.CANCELLED if count else general.NOTHING_TO_CANCEL)


def person_of(actor: Actor | None) -> Person:
    """The person behind the account; the middleware lets nobody else through."""
    if actor is None or actor.person is None:
        raise UnknownPersonError(general.STRANGER)
    return actor.person

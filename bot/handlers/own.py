"""``/settings``: who this person is here, quiet hours, the hour of the digest."""

from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.handlers.showing import Place, put
from bot.handlers.start import person_of
from bot.handlers.tools import Tools
from bot.keyboards import own as keys
from bot.keyboards.own import Own, OwnAct
from bot.middlewares import Toast
from bot.texts import own as texts
from core.people import Actor, Quiet
from core.usecases.control import is_desk

router = Router(name="own")


@router.message(Command("settings"))
async def settings(message: Message, actor: Actor, tools: Tools) -> None:
    """``/settings``."""
    await _show(message, actor, tools)


@router.callback_query(OwnAct.filter(F.do == Own.SHOW))
async def back(query: CallbackQuery, actor: Actor, tools: Tools) -> None:
    """«Назад»."""
    await _show(query, actor, tools)


async def _show(place: Place, actor: Actor, tools: Tools) -> None:
    directory = await tools.lookups.directory()
    person = directory.person(person_of(actor).id)
    await put(place, texts.settings(person, directory, tools.office.rules), keys.settings())


@router.callback_query(OwnAct.filter(F.do == Own.QUIET))
async def quiet(query: CallbackQuery, actor: Actor, tools: Tools) -> None:
    """«Тихие часы»."""
    usual = tools.office.rules.quiet
    await put(query, texts.quiet(person_of(actor), usual), keys.quiet(person_of(actor), usual))


@router.callback_query(OwnAct.filter(F.do.in_({Own.QUIET_IS, Own.DAYS_OFF})))
async def be_quiet(query: CallbackQuery, callback_data: OwnAct, actor: Actor, tools: Tools,
                   toast: Toast) -> None:
    """The hours were chosen, or the days off turned."""
    usual = tools.office.rules.quiet
    now = person_of(actor).quiet or usual
    wish: Quiet | None
    if callback_data.do is Own.DAYS_OFF:
        wish = replace(now, days_off=bool(callback_data.arg))
    elif callback_data.arg:
        start, _, end = callback_data.arg.partition("-")
        wish = replace(now, start=int(start), end=int(end))
    else:
        wish = None
    person = await tools.wishes.be_quiet(actor, wish)
    toast.text = texts.SAVED
    await put(query, texts.quiet(person, usual), keys.quiet(person, usual))


@router.callback_query(OwnAct.filter(F.do == Own.DIGEST))
async def digest(query: CallbackQuery, actor: Actor, tools: Tools) -> None:
    """«Время сводки»."""
    person = person_of(actor)
    await put(query, texts.digest(person, tools.office.rules), keys.digest(desk=is_desk(person)))


@router.callback_query(OwnAct.filter(F.do == Own.DIGEST_AT))
async def digest_at(query: CallbackQuery, callback_data: OwnAct, actor: Actor, tools: Tools,
                    toast: Toast) -> None:
    """The hour was chosen."""
    minute = int(callback_data.arg) if callback_data.arg else None
    person = await tools.wishes.digest_at(actor, minute)
    toast.text = texts.SAVED
    await put(query, texts.digest(person, tools.office.rules), keys.digest(desk=is_desk(person)))

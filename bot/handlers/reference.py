"""The reference data of the bodies, confirmed once a year (2.1¶2, R4)."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.asking import Asked, Asks, ask, close
from bot.handlers.showing import near, put
from bot.handlers.start import person_of
from bot.handlers.tools import Tools
from bot.keyboards import staff as keys
from bot.keyboards.staff import Keep, KeepAct
from bot.middlewares import Toast
from bot.texts import staff as texts
from core.people import Actor
from core.ports import Prompt
from core.regulation.terms import Role
from core.usecases import reference
from core.usecases.staff import require_office

router = Router(name="reference")

BODY = "body"


@router.callback_query(KeepAct.filter(F.do == Keep.REFERENCE))
async def all_bodies(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools
                     ) -> None:
    """«Справочные данные»: those to be confirmed first."""
    require_office(person_of(actor), Role.ADMIN)
    directory = await tools.lookups.directory()
    stale = tools.reference.stale(directory)
    others = sorted((one for one in directory.bodies.values() if one not in stale),
                    key=lambda one: one.name.casefold())
    await put(query, texts.reference(len(stale)), keys.reference(
        (*stale, *others), frozenset(one.id for one in stale), callback_data.page))


@router.callback_query(KeepAct.filter(F.do == Keep.BODY))
async def one_body(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools
                   ) -> None:
    """The data of one body."""
    body = await tools.reference.body(actor, callback_data.id)
    await put(query, texts.body(body), keys.body(body.id))


@router.callback_query(KeepAct.filter(F.do == Keep.CONFIRM))
async def confirm(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools,
                  toast: Toast) -> None:
    """«Всё верно»."""
    body = await tools.reference.confirm(actor, callback_data.id)
    toast.text = texts.CONFIRMED
    await put(query, texts.body(body))


@router.callback_query(KeepAct.filter(F.do == Keep.MEND))
async def ask_data(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools
                   ) -> None:
    """«Исправить»."""
    body = await tools.reference.body(actor, callback_data.id)
    await ask(tools, actor, near(query), Asks.REFERENCE, texts.WRITE_REFERENCE,
              facts={BODY: str(body.id)})


@router.message(Asked(Asks.REFERENCE), F.text)
async def mend(message: Message, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """Four lines; mended is confirmed."""
    data = reference.read(message.text or "")
    body = await tools.reference.confirm(actor, int(prompt.facts[BODY]), data)
    await close(tools, prompt)
    await put(message, texts.body(body))

"""«Лист согласования»: who will approve and in what order, changed before it starts (4.6¶9)."""

from collections.abc import Callable

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.showing import fresh, offer
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.approval_list import list_buttons
from bot.keyboards.callbacks import CaseAct, Do, Page
from bot.texts import approval_list as texts
from core.errors import NotAcceptedError, NotFoundError
from core.mailcommands import asks_all_at_once
from core.people import Actor
from core.usecases import approval_list
from core.usecases.approval_list import ApprovalLists
from core.usecases.office import Act, CaseRef

router = Router(name="approval_list")


@router.message(F.text.func(asks_all_at_once))
async def not_all_at_once(_: Message) -> None:
    """Typed instead of pressed, with a question open or without: refused by the clause (4.6¶9)."""
    raise NotAcceptedError(approval_list.ONE_BY_ONE)


async def _screen(query: CallbackQuery, tools: Tools, actor: Actor, ref: CaseRef) -> None:
    card = await fresh(tools, actor, ref)
    lines = await ApprovalLists(tools.office).plan(actor, ref)
    await offer(query, tools, texts.the_list(card.number, lines, tools.office.rules.approval_days),
              list_buttons(card, lines))


@router.callback_query(CaseAct.filter(F.do == Do.APPROVERS))
async def open_list(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                    ) -> None:
    """The list as it will go."""
    await _screen(query, tools, actor, callback_data.ref)


@router.callback_query(CaseAct.filter((F.do == Do.APPROVER_ADD) & ~F.arg))
async def whom_to_add(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                      ) -> None:
    """«Добавить»: who?"""
    await _candidates(query, actor, tools, callback_data.ref, 0)


@router.callback_query(Page.filter(F.do == Do.APPROVER_ADD))
async def turn(query: CallbackQuery, callback_data: Page, actor: Actor, tools: Tools) -> None:
    """Another page of people."""
    await _candidates(query, actor, tools, callback_data.ref, callback_data.page)


async def _candidates(query: CallbackQuery, actor: Actor, tools: Tools, ref: CaseRef, page: int
                      ) -> None:
    card = await fresh(tools, actor, ref)
    people = await ApprovalLists(tools.office).candidates(actor, ref)
    if not people:
        raise NotFoundError(texts.NOBODY_TO_ADD)
    items = [(str(one.id), f"{one.short_name}, {one.post}") for one in people]
    await offer(query, tools, texts.whom_to_add(card.number), lists.choose(
        Do.APPROVER_ADD, ref, items, page))


def _changing(do: Do, deed: Callable[[Act, int], None]) -> None:
    async def pressed(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                      ) -> None:
        await tools.office.do(actor, callback_data.ref, deed, int(callback_data.arg))
        await _screen(query, tools, actor, callback_data.ref)

    router.callback_query.register(pressed, CaseAct.filter((F.do == do) & F.arg))


_changing(Do.APPROVER_ADD, approval_list.add)
_changing(Do.APPROVER_REMOVE, approval_list.remove)
_changing(Do.APPROVER_UP, approval_list.move_up)


@router.callback_query(CaseAct.filter(F.do == Do.APPROVERS_RESET))
async def reset(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools) -> None:
    """«По справочнику»."""
    await tools.office.do(actor, callback_data.ref, approval_list.as_in_directory)
    await _screen(query, tools, actor, callback_data.ref)

"""The desk and the chief of staff: register, route, forward, duplicates, returns (section 3)."""

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.asking import Asked, Asks, ask, ref_of
from bot.handlers.showing import answered, fresh, near, offer, show_done
from bot.handlers.taps import tap, tap_and_say, tap_choice
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import CaseAct, Do, Page
from bot.middlewares import Toast
from bot.texts import choices, general, outcomes, questions
from core.case import CitizenMessage
from core.errors import NotFoundError
from core.people import Actor, Directory
from core.ports import Prompt
from core.regulation.terms import BodyKind, Role
from core.usecases import dispatch, execution, returns, routing
from core.usecases.kindred import Kindred
from core.usecases.office import Act, CaseRef

router = Router(name="desk")

ANOTHER = "no"
"""«Дубликат» of a message that is not among those shown."""
OUTSIDE = frozenset({BodyKind.STATE, BodyKind.AUTHORITY, BodyKind.OUTSIDE})


def note_citizen_return(act: Act, text: str) -> None:
    """A return that came by another way than МСЭД, noted by the desk."""
    returns.citizen_return(act, CitizenMessage(act.case.message.portal_number, text.strip()))


tap(router, Do.REGISTER, routing.register, outcomes.REGISTERED)
tap(router, Do.ESCALATE, routing.escalate, outcomes.ESCALATED)
tap(router, Do.TO_OPERATOR, returns.refer_to_operator, outcomes.TO_OPERATOR)
tap(router, Do.TO_COMMISSION, returns.refer_to_commission, outcomes.TO_COMMISSION)
tap(router, Do.CLOSE, returns.close, outcomes.CLOSED)
tap(router, Do.PUBLISHED, dispatch.publish, outcomes.PUBLISHED)
tap_choice(router, Do.ROUTE, routing.route, outcomes.ROUTED)
tap_choice(router, Do.ROUTE_USUAL, routing.route, outcomes.ROUTED)
tap_choice(router, Do.REDIRECT, routing.redirect, outcomes.REDIRECTED)
tap_choice(router, Do.ALLOW_DECLINE, execution.allow_decline, outcomes.DECLINE_ALLOWED)
tap_and_say(router, Do.CLOSE_BY_DECISION, Asks.CLOSE, questions.closing_decision, returns.close,
            outcomes.CLOSED)
tap_and_say(router, Do.REWORK, Asks.REWORK, questions.what_decided, returns.decide_rework,
            outcomes.REWORK_DECIDED)
tap_and_say(router, Do.NOT_TAKEN, Asks.NOT_TAKEN, questions.why_not_taken, dispatch.refuse,
            outcomes.NOT_TAKEN)
tap_and_say(router, Do.CITIZEN_RETURN, Asks.CITIZEN_RETURN, questions.what_citizen_says,
            note_citizen_return, outcomes.RETURN_NOTED)


@router.callback_query(CaseAct.filter(F.do.in_({Do.ROUTE_OTHER, Do.REDIRECT})))
async def whom_to(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                  ) -> None:
    """«Выбрать другого», «Переадресовать»: whom to choose from."""
    await _offer(query, actor, tools, callback_data.do, callback_data.ref, 0)


@router.callback_query(Page.filter(F.do.in_({Do.ROUTE, Do.REDIRECT})))
async def turn(query: CallbackQuery, callback_data: Page, actor: Actor, tools: Tools) -> None:
    """Another page of officials or bodies."""
    await _offer(query, actor, tools, callback_data.do, callback_data.ref, callback_data.page)


async def _offer(query: CallbackQuery, actor: Actor, tools: Tools, do: Do, ref: CaseRef, page: int
                 ) -> None:
    card = await fresh(tools, actor, ref)
    directory = await tools.lookups.directory()
    redirecting = do is Do.REDIRECT
    items = bodies(directory, OUTSIDE) if redirecting else officials(directory)
    if not items:
        raise NotFoundError(general.NO_ONE_TO_CHOOSE)
    await offer(query, tools, choices.choose_for(card.number, redirecting=redirecting),
                lists.choose(Do.REDIRECT if redirecting else Do.ROUTE, ref, items, page))


def officials(directory: Directory) -> tuple[lists.Item, ...]:
    """Everyone who lays resolutions."""
    return tuple((str(one.id), f"{one.short_name}, {one.post}")
                 for one in directory.holding(Role.OFFICIAL))


def bodies(directory: Directory, kinds: frozenset[BodyKind]) -> tuple[lists.Item, ...]:
    """Bodies of these kinds, by name."""
    found = sorted((one for one in directory.bodies.values() if one.kind in kinds),
                   key=lambda one: one.name.casefold())
    return tuple((str(one.id), one.name) for one in found)


@router.callback_query(CaseAct.filter((F.do == Do.DUPLICATE) & (F.arg == ANOTHER)))
async def ask_duplicate(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                        ) -> None:
    """Of which message, by its number?"""
    card = await fresh(tools, actor, callback_data.ref)
    await ask(tools, actor, near(query), Asks.DUPLICATE, questions.which_duplicate(card.number),
              ref=callback_data.ref)


@router.callback_query(CaseAct.filter((F.do == Do.DUPLICATE) & F.arg))
async def mark_shown(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                     toast: Toast) -> None:
    """One of those that look alike."""
    first = await tools.lookups.card(actor, int(callback_data.arg))
    await Kindred(tools.office).mark(actor, callback_data.ref, first.number)
    await show_done(query, tools, actor, callback_data.case, outcomes.DUPLICATE_MARKED, toast)


@router.callback_query(CaseAct.filter(F.do == Do.DUPLICATE))
async def offer_kin(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                    ) -> None:
    """«Дубликат»: those that look alike in one tap, any other by its number."""
    card = await fresh(tools, actor, callback_data.ref)
    if not card.kin:
        await ask_duplicate(query, callback_data, actor, tools)
        return
    items = tuple((str(one.id), f"{one.number}: {one.why}") for one in card.kin)
    await offer(query, tools, choices.duplicate_of(card), lists.choose(
        Do.DUPLICATE, callback_data.ref, (*items, (ANOTHER, choices.ANOTHER_NUMBER))))


@router.message(Asked(Asks.DUPLICATE), F.text)
async def mark_duplicate(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools
                         ) -> None:
    """The earlier message must be here; each still gets its own answer (R24)."""
    earlier = await tools.lookups.find(actor, message.text or "")
    await Kindred(tools.office).mark(actor, ref_of(prompt), earlier.number)
    await answered(message, bot, tools, actor, prompt, outcomes.DUPLICATE_MARKED)

"""Executors: accept, decline, pass on, report; the lead's word on materials (4.4-4.6)."""


from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.asking import Asked, Asks, ask, ref_of
from bot.handlers.days import chosen_day, office_days
from bot.handlers.showing import answered, fresh, near, offer, show_done
from bot.handlers.start import person_of
from bot.handlers.taps import tap, tap_and_say, tap_choice
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.calendar import Days
from bot.keyboards.callbacks import CaseAct, Do, Page
from bot.middlewares import Toast
from bot.texts import choices, general, outcomes, questions
from core.cards import CaseCard
from core.errors import NotFoundError
from core.people import Actor
from core.ports import Prompt
from core.usecases import execution, kindred
from core.usecases.office import CaseRef

router = Router(name="assignments")

tap(router, Do.ACCEPT, execution.accept, outcomes.ACCEPTED)
tap_and_say(router, Do.DECLINE, Asks.DECLINE, questions.why_not_ours, execution.decline,
            outcomes.DECLINED)
tap_and_say(router, Do.REPORT, Asks.REPORT, questions.what_done, execution.submit_materials,
            outcomes.REPORTED, binding=False)
tap(router, Do.FROM_FIRST, kindred.take_photos, outcomes.PHOTOS_TAKEN)
tap_choice(router, Do.MATERIALS_OK, execution.accept_materials, outcomes.MATERIALS_OK)

PART = "part"


@router.callback_query(CaseAct.filter(F.do == Do.MATERIALS_BACK))
async def ask_what_is_missing(query: CallbackQuery, callback_data: CaseAct, actor: Actor,
                              tools: Tools) -> None:
    """«Вернуть материал»: what is missing?"""
    card = await fresh(tools, actor, callback_data.ref)
    await ask(tools, actor, near(query), Asks.MATERIALS_BACK, questions.what_missing(card.number),
              ref=callback_data.ref, facts={PART: callback_data.arg})


@router.message(Asked(Asks.MATERIALS_BACK), F.text)
async def return_materials(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools
                           ) -> None:
    """The co-executor learns what to add (4.6¶1)."""
    await tools.office.do(actor, ref_of(prompt), execution.return_materials,
                          int(prompt.facts[PART]), message.text or "")
    await answered(message, bot, tools, actor, prompt, outcomes.MATERIALS_BACK)


@router.callback_query(CaseAct.filter((F.do == Do.DELEGATE) & F.arg.contains(".")))
async def delegate(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                   toast: Toast) -> None:
    """Passed on, by the day chosen (4.5)."""
    person, _, code = callback_data.arg.partition(".")
    card = await fresh(tools, actor, callback_data.ref)
    day = chosen_day(code, _own_days(tools, card), "4.5")
    await tools.office.do(actor, callback_data.ref, execution.delegate, int(person), day)
    await show_done(query, tools, actor, callback_data.case, outcomes.DELEGATED, toast)


@router.callback_query(CaseAct.filter((F.do == Do.DELEGATE) & F.arg))
async def by_when(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                  ) -> None:
    """By when: not later than one's own date."""
    card = await fresh(tools, actor, callback_data.ref)
    days = _own_days(tools, card)
    await offer(query, tools, choices.by_when(card.number, days.last),
              lists.days(callback_data.ref, Do.DELEGATE, callback_data.arg, days))


def _own_days(tools: Tools, card: CaseCard) -> Days:
    """Up to one's own date."""
    if card.mine is None:
        raise NotFoundError(general.OLD_BUTTON)
    return office_days(tools, card.mine.due_on)


@router.callback_query(CaseAct.filter(F.do == Do.DELEGATE))
async def to_whom(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                  ) -> None:
    """«Поручить»: to whom of one's own body?"""
    await _staff(query, actor, tools, callback_data.ref, 0)


@router.callback_query(Page.filter(F.do == Do.DELEGATE))
async def turn(query: CallbackQuery, callback_data: Page, actor: Actor, tools: Tools) -> None:
    """Another page of one's staff."""
    await _staff(query, actor, tools, callback_data.ref, callback_data.page)


async def _staff(query: CallbackQuery, actor: Actor, tools: Tools, ref: CaseRef, page: int
                 ) -> None:
    card, me = await fresh(tools, actor, ref), person_of(actor)
    directory = await tools.lookups.directory()
    staff = tuple((str(one.id), f"{one.short_name}, {one.post}")
                  for one in directory.people.values()
                  if one.active and one.body_id == me.body_id and one.id != me.id)
    if not staff:
        raise NotFoundError(choices.NO_STAFF)
    await offer(query, tools, choices.to_whom(card.number),
                lists.choose(Do.DELEGATE, ref, staff, page))

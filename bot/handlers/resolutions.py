"""The official's resolution: as proposed in one tap, or changed in any part (4.2, R10)."""

from collections.abc import Mapping
from dataclasses import replace

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.asking import MAKING, Asked, Asks, ask, close
from bot.handlers.days import chosen_day, office_days
from bot.handlers.making import Making
from bot.handlers.showing import Place, edit, fresh, near, offer, show_done
from bot.handlers.taps import tap, tap_and_say
from bot.handlers.tools import Tools
from bot.keyboards import resolution as keys
from bot.keyboards.calendar import Days
from bot.keyboards.callbacks import CaseAct, Choice, Do, Step
from bot.middlewares import Toast
from bot.texts import choices, general, outcomes, questions
from core.cards import CaseCard, Load
from core.errors import StaleCardError
from core.people import Actor, Directory
from core.ports import Prompt
from core.regulation.deadlines import BY_CODE
from core.regulation.terms import Role
from core.usecases import resolutions
from core.usecases.office import CaseRef

router = Router(name="resolutions")

tap(router, Do.AS_PROPOSED, resolutions.as_proposed, outcomes.RESOLVED)
tap_and_say(router, Do.HAND_BACK, Asks.HAND_BACK, questions.why_hand_back, resolutions.hand_back,
            outcomes.HANDED_BACK)

PERSON = "person"
MESSAGE = "message"
NOT_EXECUTORS = frozenset({Role.DESK, Role.DESK_HEAD, Role.CHIEF_OF_STAFF, Role.HEAD_OF_DISTRICT,
                           Role.ADMIN})


@router.callback_query(CaseAct.filter(F.do == Do.CHANGE))
async def begin(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools) -> None:
    """«Изменить»: the proposal, if there is one, is where the choice begins."""
    card = await fresh(tools, actor, callback_data.ref)
    route = await tools.lookups.proposal(actor, card.id)
    making = Making(card.stamp, card.number, route.lead_id, route.co_executor_ids,
                    reason=route.reason) if route else await _by_precedent(tools, actor, card)
    prompt = Prompt(near(query).chat.id, near(query).message_id, actor.person_id or 0, MAKING,
                    card.id, facts=making.facts())
    async with tools.office.work() as work:
        await work.prompts.put(prompt, tools.office.clock.now())
    await _show(query, tools, actor, prompt, Step.SUMMARY if making.lead else Step.LEADS)


async def _by_precedent(tools: Tools, actor: Actor, card: CaseCard) -> Making:
    """Where the directory is silent, the choice begins with whom such messages went to."""
    found = await tools.lookups.suggestion(actor, card.id)
    if found is None:
        return Making(card.stamp, card.number)
    return Making(card.stamp, card.number, found.lead_id,
                  reason=choices.by_precedent(found.certainty))


async def _made(query: CallbackQuery, tools: Tools) -> Prompt:
    """The resolution in the making on the button's message."""
    async with tools.office.work() as work:
        prompt = await work.prompts.find(near(query).chat.id, near(query).message_id)
    if prompt is None or prompt.purpose != MAKING:
        raise StaleCardError(general.OLD_BUTTON)
    return prompt


async def _keep(tools: Tools, prompt: Prompt, making: Making) -> Prompt:
    kept = replace(prompt, facts=making.facts())
    async with tools.office.work() as work:
        await work.prompts.update(kept)
    return kept


@router.callback_query(Choice.filter(F.step.in_({Step.LEADS, Step.HELPERS, Step.SUMMARY})))
async def step(query: CallbackQuery, callback_data: Choice, actor: Actor, tools: Tools) -> None:
    """A list of people, or the resolution as it stands."""
    prompt = await _made(query, tools)
    await _show(query, tools, actor, prompt, callback_data.step, callback_data.arg)


@router.callback_query(Choice.filter(F.step == Step.LEAD))
async def lead(query: CallbackQuery, callback_data: Choice, actor: Actor, tools: Tools) -> None:
    """The responsible executor is named; on to the co-executors."""
    prompt = await _made(query, tools)
    making = Making.read(prompt.facts).with_lead(callback_data.arg)
    await _show(query, tools, actor, await _keep(tools, prompt, making), Step.HELPERS)


@router.callback_query(Choice.filter(F.step == Step.HELPER))
async def helper(query: CallbackQuery, callback_data: Choice, actor: Actor, tools: Tools) -> None:
    """A co-executor more, or one less."""
    prompt = await _made(query, tools)
    making = Making.read(prompt.facts).toggled(callback_data.arg)
    await _show(query, tools, actor, await _keep(tools, prompt, making), Step.HELPERS,
                int(callback_data.on or 0))


@router.callback_query(Choice.filter(F.step == Step.PERSON))
async def person(query: CallbackQuery, callback_data: Choice, actor: Actor, tools: Tools) -> None:
    """One executor's date, by a calendar, and task."""
    prompt = await _made(query, tools)
    making, who = Making.read(prompt.facts), callback_data.arg
    days, clause = await _days(tools, actor, prompt, who)
    name = (await tools.lookups.directory()).person(who).short_name
    text = choices.executor(f"{making.number}. {name}", making.days.get(who),
                            making.scopes.get(who, ""), days.last, clause)
    await offer(query, tools, text, keys.person(callback_data.case, who, days))


async def _days(tools: Tools, actor: Actor, prompt: Prompt, who: int) -> tuple[Days, str]:
    """The days for this executor, and the clause of the limit: 6 working days, or 4 in them, and
    not after the lead."""
    making = Making.read(prompt.facts)
    usual = await tools.lookups.limits(actor, prompt.case_id or 0)
    limits = usual.under(making.days.get(making.lead or 0))
    if who == making.lead:
        latest, clause = limits.lead, BY_CODE["draft"].clause
    else:
        latest = limits.co_executor
        clause = BY_CODE["coexecutor"].clause if limits == usual else "4.6¶1"
    return office_days(tools, latest, making.days.get(who, latest)), clause


@router.callback_query(Choice.filter(F.step == Step.DATE))
async def by_when(query: CallbackQuery, callback_data: Choice, actor: Actor, tools: Tools) -> None:
    """A day of the calendar, or the regulation's last one."""
    prompt = await _made(query, tools)
    days, clause = await _days(tools, actor, prompt, callback_data.arg)
    making = Making.read(prompt.facts).with_day(
        callback_data.arg, chosen_day(callback_data.on, days, clause))
    await _show(query, tools, actor, await _keep(tools, prompt, making), Step.SUMMARY)


@router.callback_query(Choice.filter(F.step == Step.SCOPE))
async def ask_scope(query: CallbackQuery, callback_data: Choice, actor: Actor, tools: Tools
                    ) -> None:
    """«Задача»: what is this executor to do?"""
    prompt = await _made(query, tools)
    name = (await tools.lookups.directory()).person(callback_data.arg).short_name
    await ask(tools, actor, near(query), Asks.SCOPE, questions.task_scope(name),
              ref=CaseRef(callback_data.case), facts={
                  PERSON: str(callback_data.arg), MESSAGE: str(prompt.message_id)})


@router.message(Asked(Asks.SCOPE), F.text)
async def scope(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """The choice goes on in a new message, below the answer."""
    async with tools.office.work() as work:
        made = await work.prompts.find(message.chat.id, int(prompt.facts[MESSAGE]))
        await work.prompts.close(prompt.chat_id, prompt.message_id)
    if made is None or made.purpose != MAKING:
        raise StaleCardError(general.OLD_BUTTON)
    making = Making.read(made.facts).with_scope(int(prompt.facts[PERSON]), message.text or "")
    kept = replace(made, facts=making.facts())
    sent = await _show(message, tools, actor, kept, Step.SUMMARY)
    if sent is not None:
        async with tools.office.work() as work:
            await work.prompts.close(made.chat_id, made.message_id)
            await work.prompts.put(replace(kept, message_id=sent.message_id),
                                   tools.office.clock.now())
            await work.shown.go_on(made.chat_id, made.message_id, sent.message_id)
        await edit(bot, made.chat_id, made.message_id, choices.GOES_ON_BELOW, None)


@router.callback_query(Choice.filter(F.step == Step.IMPOSE))
async def impose(query: CallbackQuery, callback_data: Choice, actor: Actor, tools: Tools,
                 toast: Toast) -> None:
    """«Утвердить резолюцию», as changed."""
    prompt = await _made(query, tools)
    making = Making.read(prompt.facts)
    await tools.office.do(actor, CaseRef(callback_data.case, making.stamp),
                          resolutions.impose, making.tasks())
    await close(tools, prompt)
    await show_done(query, tools, actor, callback_data.case, outcomes.RESOLVED, toast)


async def _show(place: Place, tools: Tools, actor: Actor, prompt: Prompt, at: Step, page: int = 0
                ) -> Message | None:
    """The resolution in the making, or a list of people to choose from with their load."""
    making, case = Making.read(prompt.facts), prompt.case_id or 0
    directory = await tools.lookups.directory()
    if at is Step.SUMMARY and making.lead is not None:
        chosen = [(one, directory.person(one).short_name) for one in making.everyone]
        limits = await tools.lookups.limits(actor, case)
        text = choices.resolution(making.number, making.tasks(), directory, limits, making.reason)
        return await offer(place, tools, text, keys.summary(case, chosen))
    names = executors(directory, await tools.lookups.loads())
    if at is Step.HELPERS and making.lead is not None:
        others = [one for one in names if one[0] != making.lead]
        return await offer(place, tools, choices.who_helps(making.number), keys.people(
            case, others, page, pick=Step.HELPER, turn=Step.HELPERS,
            marked=lambda one: one in making.helpers))
    return await offer(place, tools, choices.who_leads(making.number), keys.people(
        case, names, page, pick=Step.LEAD, turn=Step.LEADS,
        marked=lambda one: one == making.lead, led=making.lead is not None))


def executors(directory: Directory, loads: Mapping[int, Load]) -> tuple[keys.Named, ...]:
    """Who may be named: those of the routing table first, then everyone else by name."""
    usual = {one for route in directory.routes for one in (route.lead_id, *route.co_executor_ids)}
    people = [one for one in directory.people.values()
              if one.active and directory.may_execute(one) and (
                  one.id in usual or not one.offices & NOT_EXECUTORS)]
    people.sort(key=lambda one: (one.id not in usual, one.name.casefold()))
    return tuple((one.id, choices.executor_of(one, directory.body_of(one), loads.get(one.id)))
                 for one in people)

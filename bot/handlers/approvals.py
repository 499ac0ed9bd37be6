"""Approvers: agree in one tap, or say what to mend, in two taps or in own words (4.6¶9-10)."""

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.asking import ASK, Asked, Asks, ask, close, question_of, ref_of
from bot.handlers.showing import answered, fresh, near, offer, show_done
from bot.handlers.taps import tap
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import CaseAct, Do
from bot.middlewares import Toast
from bot.texts import choices, outcomes, questions
from core.people import Actor
from core.ports import Prompt
from core.usecases import approvals

router = Router(name="approvals")

tap(router, Do.APPROVE, approvals.approve, outcomes.APPROVED)


@router.callback_query(CaseAct.filter((F.do == Do.REMARK) & F.arg.in_(set(choices.REASONS))))
async def remark_by_tap(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                        toast: Toast) -> None:
    """A reason of those that come up every day."""
    await tools.office.do(actor, callback_data.ref, approvals.remark,
                          choices.REASONS[callback_data.arg])
    await _no_words_needed(query, tools, callback_data.case)
    await show_done(query, tools, actor, callback_data.case, outcomes.REMARKED, toast)


async def _no_words_needed(query: CallbackQuery, tools: Tools, case_id: int) -> None:
    """The question beside the reasons is answered by the tap."""
    async with tools.office.work() as work:
        prompt = await work.prompts.find_purpose(near(query).chat.id, ASK)
    if prompt is not None and prompt.case_id == case_id and question_of(prompt) is Asks.REMARK:
        await close(tools, prompt)


@router.callback_query(CaseAct.filter(F.do == Do.REMARK))
async def ask_remark(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                     ) -> None:
    """«Замечание»: the usual reasons in place of the card, and a question for own words."""
    card = await fresh(tools, actor, callback_data.ref)
    await offer(query, tools, choices.why_remark(card.number),
              lists.choose(Do.REMARK, callback_data.ref, choices.short_reasons()))
    await ask(tools, actor, near(query), Asks.REMARK, questions.what_remark(card.number),
              ref=callback_data.ref)


@router.message(Asked(Asks.REMARK), F.text)
async def remark(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """In the approver's own words."""
    await tools.office.do(actor, ref_of(prompt), approvals.remark_in_words,
                          message.text or "")
    await answered(message, bot, tools, actor, prompt, outcomes.REMARKED)

"""A draft's text that Telegram has cut: the second half is awaited for a while, and no longer."""

import re
from datetime import datetime, timedelta

from aiogram import F, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.handlers.asking import Asks, put_question, question_of
from bot.handlers.menu import CASE_NUMBER
from bot.handlers.showing import near, put
from bot.handlers.tools import Tools
from bot.keyboards.callbacks import CaseAct, Do
from bot.keyboards.case import whole_text
from bot.middlewares import Toast
from bot.texts import questions
from core.ports import Prompt

router = Router(name="halves")

FULL_MESSAGE = 4000
"""Telegram cuts what a person writes at 4096: a text this long may have a second half."""
GOES_ON_FOR = timedelta(minutes=5)
"""The halves of one text come at once: what is written later is no part of it."""
GOES_ON_UNTIL = "goes_on_until"


class GoesOn(Filter):
    """Lets through the second half of a text that Telegram has cut; a case's number is none."""

    async def __call__(self, message: Message, tools: Tools, prompt: Prompt | None = None) -> bool:
        """Whether it may be one: a reply to the question, or what comes soon after the first."""
        text = message.text or ""
        if prompt is None or question_of(prompt) is not Asks.DRAFT_GOES_ON or text.startswith("/"):
            return False
        if message.reply_to_message is not None:
            return True
        until = prompt.facts.get(GOES_ON_UNTIL, "")
        return bool(until) and not re.fullmatch(CASE_NUMBER, text) and (
            tools.office.clock.now() <= datetime.fromisoformat(until))


def joined(first: str, second: str) -> str:
    """Two messages of one text: Telegram may have cut it within a sentence."""
    ends = first.rstrip().endswith((".", "!", "?", ":", ";", "»", ")"))
    return f"{first.rstrip()}{chr(10) if ends else ' '}{second.lstrip()}"


async def ask_for_rest(message: Message, prompt: Prompt, tools: Tools) -> None:
    """How the text ends here, and for how long the rest of it is awaited."""
    until = tools.office.clock.now() + GOES_ON_FOR
    case_id = prompt.case_id or 0
    sent = await message.answer(
        questions.draft_goes_on(message.text or "", until, tools.office.calendar.zone),
        reply_markup=whole_text(case_id))
    facts = {**prompt.facts, "what": Asks.DRAFT_GOES_ON.value, "card": "",
             GOES_ON_UNTIL: until.isoformat()}
    async with tools.office.work() as work:
        await put_question(work, Prompt(
            prompt.chat_id, sent.message_id, prompt.person_id, prompt.purpose, prompt.case_id,
            facts=facts), tools.office.clock.now())


@router.callback_query(CaseAct.filter(F.do == Do.WHOLE_TEXT))
async def that_was_all(query: CallbackQuery, tools: Tools, toast: Toast) -> None:
    """«Это весь текст»: nothing is added to it any more."""
    asked = near(query)
    async with tools.office.work() as work:
        await work.prompts.close(asked.chat.id, asked.message_id)
    toast.text = questions.WHOLE_TEXT
    await put(query, questions.WHOLE_TEXT)

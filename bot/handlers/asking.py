"""Questions of the bot that wait for a text or a file; kept as Prompts, so a restart loses none.

A question is answered by a reply to it, or, if it is the newest of the chat, by the next text.
An older one can still be answered by a reply.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Filter
from aiogram.types import Message

from bot.handlers.tools import Tools
from bot.keyboards.lists import question as reply_wanted
from core.people import Actor
from core.ports import Prompt, UnitOfWork
from core.usecases.office import CaseRef

ASK = "ask"
"""The newest question of a chat."""
ASKED = "asked"
"""A question with a newer one after it."""
PHOTOS = "photos"
"""«Фото работ»: files are awaited, not a text."""
ASSIGNMENT = "assignment"
"""A card of an assignment: files in reply to it belong to it."""
MAKING = "resolution"
"""A resolution in the making, on the message of its buttons."""
CANCELLED_BY_COMMAND = (ASK, ASKED, PHOTOS, MAKING)

WHAT = "what"
STAMP = "stamp"
CARD = "card"


class Asks(StrEnum):
    """What a question is about."""

    HAND_BACK = "hand_back"
    DECLINE = "decline"
    REMARK = "remark"
    REFUSE = "refuse"
    SIGNATURE_FILE = "signature_file"
    SEND_BACK = "send_back"
    REPORT = "report"
    MATERIALS_BACK = "materials_back"
    DUPLICATE = "duplicate"
    REWORK = "rework"
    CLOSE = "close"
    CITIZEN_RETURN = "citizen_return"
    NOT_TAKEN = "not_taken"
    PHOTO_KEEP = "photo_keep"
    DRAFT = "draft"
    DRAFT_GOES_ON = "draft_goes_on"
    INSIST = "insist"
    INTERIM_DATE = "interim_date"
    LETTER = "letter"
    SCAN = "scan"
    ATTACH = "attach"
    REGISTER_PERIOD = "register_period"
    SCOPE = "scope"
    REPORT_FIX = "report_fix"
    ABSENCE_DAYS = "absence_days"
    PERSON_NAME = "person_name"
    DIRECTORY = "directory"
    REFERENCE = "reference"
    MAIL_CASE = "mail_case"


FILES_ASKED_FOR = frozenset({Asks.SCAN, Asks.ATTACH})
"""Where the answer is a scan, not words."""
LONG_WRITING = frozenset({Asks.DRAFT, Asks.DRAFT_GOES_ON, Asks.LETTER})
"""While such a text is written the card may be looked at again: the question stays."""


class Asked(Filter):
    """Lets through the answer to a question of this kind."""

    def __init__(self, *what: Asks) -> None:
        self._what = what

    async def __call__(self, message: Message, prompt: Prompt | None = None) -> bool:
        """Whether the message answers such a question; commands never do."""
        if (message.text or "").startswith("/"):
            return False
        return question_of(prompt) in self._what


def question_of(prompt: Prompt | None) -> Asks | None:
    """What the question is about; None where none waits for words."""
    if prompt is None or prompt.purpose not in {ASK, ASKED}:
        return None
    what = prompt.facts.get(WHAT, "")
    return Asks(what) if what in set(Asks) else None


async def ask(tools: Tools, actor: Actor, near: Message, what: Asks, text: str, *,
              ref: CaseRef | None = None, facts: Mapping[str, str] | None = None) -> None:
    """Ask, and keep the question; ``near`` is the card under which the button was pressed."""
    sent = await near.answer(text, reply_markup=reply_wanted())
    known = {WHAT: what.value, STAMP: ref.stamp if ref else "", CARD: str(near.message_id)}
    prompt = Prompt(near.chat.id, sent.message_id, actor.person_id or 0, ASK,
                    ref.case_id if ref else None, facts={**known, **(facts or {})})
    async with tools.office.work() as work:
        await put_question(work, prompt, tools.office.clock.now())


async def put_question(work: UnitOfWork, prompt: Prompt, now: datetime) -> None:
    """Keep a question as the newest of its chat."""
    before = await work.prompts.find_purpose(prompt.chat_id, ASK)
    if before is not None:
        await work.prompts.update(replace(before, purpose=ASKED))
    await work.prompts.put(prompt, now)


def ref_of(prompt: Prompt) -> CaseRef:
    """The case the question is about, as its card showed it."""
    return CaseRef(prompt.case_id or 0, prompt.facts.get(STAMP, ""))


async def close(tools: Tools, prompt: Prompt) -> None:
    """The question is answered; a choice that led to it gives its place back to the card."""
    card = card_message(prompt)
    async with tools.office.work() as work:
        await work.prompts.close(prompt.chat_id, prompt.message_id)
        if card is not None:
            await work.shown.chosen(prompt.chat_id, card)


async def withdraw(tools: Tools, card: Message) -> bool:
    """«Назад»: the newest question is taken back if a choice on this message asked it; whether it
    was. The next words must not become a decision that the person has turned away from."""
    async with tools.office.work() as work:
        prompt = await work.prompts.find_purpose(card.chat.id, ASK)
        if prompt is None or card_message(prompt) != card.message_id or (
                question_of(prompt) in LONG_WRITING):
            return False
        await work.prompts.close(prompt.chat_id, prompt.message_id)
    return True


async def cancel(tools: Tools, chat_id: int) -> int:
    """Take back every question and choice of the chat; returns how many. Cards stay findable."""
    async with tools.office.work() as work:
        count = await work.shown.chosen(chat_id)
        for purpose in CANCELLED_BY_COMMAND:
            while (found := await work.prompts.find_purpose(chat_id, purpose)) is not None:
                await work.prompts.close(chat_id, found.message_id)
                count += 1
    tools.office.bell.ring()
    return count


def card_message(prompt: Prompt) -> int | None:
    """The message with the card whose button asked."""
    number = prompt.facts.get(CARD, "")
    return int(number) if number.isdigit() else None


async def put_away(bot: Bot, prompt: Prompt) -> None:
    """Take the buttons off the card that was left behind; the new card stands below."""
    number = card_message(prompt)
    if number is None:
        return
    try:
        await bot.edit_message_reply_markup(
            chat_id=prompt.chat_id, message_id=number, reply_markup=None)
    except TelegramAPIError:
        return

"""The status of photos that were sent: «сравниваю…», brought up to date as verdicts come.

The bot's note of it lies among its questions, under the message's number with a minus: the message
itself may be a question already.
"""

import logging
from collections.abc import Sequence

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.keyboards.case import sending_photos
from bot.texts import outcomes
from core.cards import CaseCard
from core.ports import Prompt
from core.usecases.office import Office

log = logging.getLogger(__name__)

COMPRESSED = "compressed"


def _purpose(case_id: int) -> str:
    return f"judging:{case_id}"


def judging_note(chat_id: int, message_id: int, person_id: int, case_id: int, *,
                 compressed: bool) -> Prompt:
    """That this message says what becomes of the photos."""
    facts = {COMPRESSED: "1"} if compressed else {}
    return Prompt(chat_id, -message_id, person_id, _purpose(case_id), case_id, facts=facts)


def status_text(card: CaseCard, *, compressed: bool) -> tuple[str, bool]:
    """What the status says now, and whether a photo is still being compared."""
    verdicts = [one.verdict for one in card.mine.photos] if card.mine else []
    return outcomes.photos_taken(card.number, verdicts, compressed=compressed), not all(verdicts)


async def bring_up_to_date(bot: Bot, office: Office, chat_id: int, card: CaseCard) -> None:
    """Edit every status about the case's photos in the chat; forget them when all are judged."""
    notes = await _take_notes(office, chat_id, card)
    for note in notes:
        compressed = COMPRESSED in note.facts
        text, _ = status_text(card, compressed=compressed)
        try:
            await bot.edit_message_text(text, chat_id=chat_id, message_id=-note.message_id,
                                        reply_markup=sending_photos(
                                            card.id, again=compressed))
        except AiogramError as refusal:
            log.info("a status was not edited: %s", refusal)


async def _take_notes(office: Office, chat_id: int, card: CaseCard) -> Sequence[Prompt]:
    notes: list[Prompt] = []
    _, judging = status_text(card, compressed=False)
    async with office.work() as work:
        while (note := await work.prompts.find_purpose(chat_id, _purpose(card.id))) is not None:
            notes.append(note)
            await work.prompts.close(chat_id, note.message_id)
        for note in notes if judging else ():
            await work.prompts.put(note, office.clock.now())
    return notes

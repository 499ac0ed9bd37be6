"""Letters outside МСЭД: written, signed by hand, scanned back, registered (5¶3-4)."""

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot import downloads
from bot.handlers.asking import Asked, Asks, ask, close
from bot.handlers.desk import bodies
from bot.handlers.showing import fresh, near, offer, put
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import CaseAct, Do, LetterAct, LetterDo, Page
from bot.texts import choices, general, questions
from core.errors import NotAcceptedError, NotFoundError
from core.people import Actor
from core.photos.formats import SCANS
from core.ports import Prompt
from core.usecases.letters import MAY_GET_LETTERS
from core.usecases.office import CaseRef

router = Router(name="letters")

TO = "to"
LETTER = "letter"


@router.callback_query(CaseAct.filter((F.do == Do.LETTER) & F.arg))
async def ask_text(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                   ) -> None:
    """The addressee is chosen; now the text."""
    card = await fresh(tools, actor, callback_data.ref)
    directory = await tools.lookups.directory()
    body = directory.bodies.get(int(callback_data.arg))
    if body is None:
        raise NotFoundError(general.NO_ONE_TO_CHOOSE)
    await ask(tools, actor, near(query), Asks.LETTER,
              questions.letter_text(card.number, body.name),
              ref=CaseRef(card.id), facts={TO: callback_data.arg})


@router.callback_query(CaseAct.filter(F.do == Do.LETTER))
async def to_whom(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                  ) -> None:
    """«Письмо»: to which organisation outside МСЭД?"""
    await _addressees(query, actor, tools, callback_data.ref, 0)


@router.callback_query(Page.filter(F.do == Do.LETTER))
async def turn(query: CallbackQuery, callback_data: Page, actor: Actor, tools: Tools) -> None:
    """Another page of organisations."""
    await _addressees(query, actor, tools, callback_data.ref, callback_data.page)


async def _addressees(query: CallbackQuery, actor: Actor, tools: Tools, ref: CaseRef, page: int
                      ) -> None:
    card = await fresh(tools, actor, ref)
    items = bodies(await tools.lookups.directory(), MAY_GET_LETTERS)
    if not items:
        raise NotFoundError(general.NO_ONE_TO_CHOOSE)
    await offer(query, tools, choices.which_addressee(card.number), lists.choose(
        Do.LETTER, ref, items, page))


@router.message(Asked(Asks.LETTER), F.text)
async def write(message: Message, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """The first line is the subject, the rest the text."""
    subject, _, text = (message.text or "").strip().partition("\n")
    if not text.strip():
        raise NotAcceptedError(choices.LETTER_TWO_PARTS)
    await tools.letters.draft(actor, prompt.case_id or 0, int(prompt.facts[TO]), subject, text)
    await close(tools, prompt)
    await message.answer(general.LETTER_MADE)


@router.callback_query(LetterAct.filter(F.do == LetterDo.SCAN))
async def ask_scan(query: CallbackQuery, callback_data: LetterAct, actor: Actor, tools: Tools
                   ) -> None:
    """«Скан подписанного»."""
    async with tools.office.work() as work:
        letter = await work.letters.get(callback_data.letter)
    await tools.lookups.card(actor, letter.case_id)
    await ask(tools, actor, near(query), Asks.SCAN, questions.scan_wanted(letter.case_number),
              ref=CaseRef(letter.case_id), facts={LETTER: str(letter.id)})


@router.message(Asked(Asks.SCAN), F.document | F.photo)
async def take_scan(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools
                    ) -> None:
    """The hand-signed original is in; the registering side is asked."""
    sent = downloads.sent_file(message)
    if sent is None:
        raise NotAcceptedError(general.FILE_WANTED)
    scan = await downloads.take(bot, tools.office.files, sent, SCANS,
                                general.SCAN_TYPES)
    await tools.letters.signed_by_hand(actor, int(prompt.facts[LETTER]), scan)
    await close(tools, prompt)
    await message.answer(general.SCAN_TAKEN)


@router.callback_query(LetterAct.filter(F.do == LetterDo.REGISTER))
async def register(query: CallbackQuery, callback_data: LetterAct, actor: Actor, tools: Tools
                   ) -> None:
    """Registered in the right register, and sent (5¶4)."""
    letter = await tools.letters.register(actor, callback_data.letter)
    await put(query, choices.letter_registered(letter.case_number, letter.number))

"""The draft: its kind, its text, a date for an interim one, a preview, and on to approval."""

import asyncio
import logging
from html import escape

from aiogram import Bot, F, Router
from aiogram.filters import or_f
from aiogram.types import BufferedInputFile, CallbackQuery, Document, Message

from bot import cards, downloads, words
from bot.courier import send_files
from bot.dictation import LONGEST_SECONDS
from bot.downloads import Sent
from bot.handlers.asking import Asked, Asks, ask, close, ref_of
from bot.handlers.days import read_day
from bot.handlers.halves import FULL_MESSAGE, GoesOn, ask_for_rest, joined
from bot.handlers.showing import answered, fresh, near, offer, show_done
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import CaseAct, Do
from bot.keyboards.findings import findings_buttons
from bot.middlewares import Toast
from bot.texts import choices, findings, general, outcomes, questions
from core.cards import CaseCard, DraftView
from core.documents import patterns, reading
from core.documents.errors import BadTemplateError
from core.documents.house import BUILT_IN
from core.errors import NotAcceptedError, NotFoundError
from core.people import Actor
from core.ports import Prompt
from core.regulation.terms import AnswerKind
from core.usecases.answers import Answers
from core.usecases.office import CaseRef

log = logging.getLogger(__name__)

router = Router(name="drafts")

KIND = "kind"
UNTIL = "until"
WORD = (".docx", ".doc", ".odt", ".rtf")
"""Names of text files: all go to the reader, which says what it cannot open."""


def looks_like_word(document: Document | None) -> bool:
    """By its name alone: what is inside is seen when it is read."""
    return document is not None and (document.file_name or "").casefold().endswith(WORD)


@router.callback_query(CaseAct.filter((F.do == Do.DRAFT) & F.arg))
async def ask_text(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                   ) -> None:
    """The kind is chosen; now the text."""
    card = await fresh(tools, actor, callback_data.ref)
    kind = AnswerKind(callback_data.arg)
    await _give_pattern(near(query), tools, kind, card)
    if card.first is not None and (known := card.first.answer or "\n".join(card.first.reports)):
        await near(query).answer(questions.from_first(card.first.number))
        for piece in cards.plain(known):
            await near(query).answer(piece)
    await ask(tools, actor, near(query), Asks.DRAFT, _wanted(tools, card, kind),
              ref=CaseRef(card.id), facts={KIND: kind.value})


@router.callback_query(CaseAct.filter(F.do == Do.DRAFT))
async def choose_kind(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                      ) -> None:
    """«Подготовить ответ»: what will it say? (4.6¶4)"""
    card = await fresh(tools, actor, callback_data.ref)
    await offer(query, tools, choices.which_kind(card.number),
              lists.choose(Do.DRAFT, callback_data.ref, lists.kinds()))


@router.callback_query(CaseAct.filter(F.do == Do.INTERIM))
async def ask_date(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                   ) -> None:
    """«Промежуточный ответ»: first its exact date (4.6¶5)."""
    card = await fresh(tools, actor, callback_data.ref)
    latest = await Answers(tools.office).latest_promise(actor, CaseRef(card.id))
    await ask(tools, actor, near(query), Asks.INTERIM_DATE,
              questions.promised_date(card.number, latest), ref=CaseRef(card.id))


@router.message(Asked(Asks.INTERIM_DATE), F.text)
async def take_date(message: Message, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """The date is understood and possible; now the text."""
    until = read_day(message.text or "")
    await Answers(tools.office).accept_promise(actor, ref_of(prompt), until)
    card = await tools.lookups.card(actor, prompt.case_id or 0)
    await close(tools, prompt)
    kind = AnswerKind.INTERIM
    await _give_pattern(message, tools, kind, card, f"{until:%d.%m.%Y}")
    await ask(tools, actor, message, Asks.DRAFT, _wanted(tools, card, kind),
              ref=CaseRef(card.id), facts={KIND: kind.value, UNTIL: f"{until:%d.%m.%Y}"})


@router.callback_query(CaseAct.filter(F.do == Do.EDIT))
async def edit(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools) -> None:
    """«Править»: the text so far, to be copied, and the question."""
    card = await fresh(tools, actor, callback_data.ref)
    draft = card.draft
    if draft is None:
        raise NotFoundError(general.NO_PREVIEW)
    await _give_text(near(query), card.number, draft)
    until = f"{draft.promised_on:%d.%m.%Y}" if draft.promised_on else ""
    await ask(tools, actor, near(query), Asks.DRAFT,
              questions.corrected_draft(card.number, draft.kind.label), ref=CaseRef(card.id),
              facts={KIND: draft.kind.value, UNTIL: until})


def _wanted(tools: Tools, card: CaseCard, kind: AnswerKind) -> str:
    return questions.draft_text(card.number, kind.label, voice=bool(tools.dictation.command))


async def _give_pattern(beside: Message, tools: Tools, kind: AnswerKind, card: CaseCard,
                        until: str = "") -> None:
    """How such an answer begins, in a block that Telegram copies by one tap.

    The office's own pattern, if it is sound: a slip in it must not hold up the answer.
    """
    known = patterns.Known(card.place, card.topic, until)
    try:
        text = await asyncio.to_thread(patterns.begin, tools.reporting.templates, kind, known)
    except BadTemplateError as error:
        log.warning("the built-in pattern is given instead of the office's: %s", error)
        text = patterns.begin(BUILT_IN, kind, known)
    await beside.answer(f"<code>{escape(words.cut(text, cards.PIECE))}</code>")


async def _give_text(beside: Message, number: str, draft: DraftView) -> None:
    """The text to be copied; one that Telegram would not carry back whole, as a Word file."""
    pieces = cards.plain(draft.text)
    if len(pieces) == 1:
        await beside.answer(pieces[0])
        return
    content = await asyncio.to_thread(reading.text_docx, draft.text)
    await beside.answer_document(
        BufferedInputFile(content, f"{number}, текст ответа, версия {draft.version}.docx"),
        caption=questions.EDIT_AND_SEND_BACK)


@router.message(or_f(Asked(Asks.DRAFT), GoesOn()), F.text)
async def save(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """A new version; a text cut by Telegram may go on in the next message."""
    await _save(message, bot, prompt, actor, tools, message.text or "")
    if len(message.text or "") >= FULL_MESSAGE:
        await ask_for_rest(message, prompt, tools)


@router.message(or_f(Asked(Asks.DRAFT), GoesOn()), F.document.func(looks_like_word))
async def save_word(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools
                    ) -> None:
    """The text written in a word processor and sent as a file (4.6¶8)."""
    sent = downloads.sent_file(message)
    if sent is None:
        raise NotAcceptedError(general.WORD_WANTED)
    content = await downloads.fetch(bot, sent)
    executor = actor.person.name if actor.person else ""
    text = await asyncio.to_thread(reading.answer_text, content, sent.name, executor)
    await _save(message, bot, prompt, actor, tools, text)


@router.message(or_f(Asked(Asks.DRAFT), GoesOn()), F.voice)
async def save_voice(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools
                     ) -> None:
    """Dictated, where the office has a recogniser; what was heard is shown to be checked."""
    voice = message.voice
    if voice is None or not tools.dictation.command:
        raise NotAcceptedError(general.NO_DICTATION)
    if voice.duration > LONGEST_SECONDS:
        raise NotAcceptedError(general.VOICE_TOO_LONG)
    sound = await downloads.fetch(bot, Sent(voice.file_id, "голос.ogg", voice.file_size or 0))
    text = await tools.dictation.text_of(sound)
    for piece in words.pages(outcomes.heard(text), cards.PIECE):
        await message.reply(piece)
    await _save(message, bot, prompt, actor, tools, text)


async def _save(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools, text: str
                ) -> None:
    until, case_id = prompt.facts.get(UNTIL, ""), prompt.case_id or 0
    if prompt.facts["what"] == Asks.DRAFT_GOES_ON:
        draft = (await tools.lookups.card(actor, case_id)).draft
        text = joined(draft.text, text) if draft else text
    await Answers(tools.office).save(actor, CaseRef(case_id), AnswerKind(prompt.facts[KIND]),
                                     text, read_day(until) if until else None)
    await answered(message, bot, tools, actor, prompt, outcomes.DRAFT_SAVED)


@router.callback_query(CaseAct.filter(F.do == Do.SUBMIT))
async def submit(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                 toast: Toast) -> None:
    """«На согласование»: what the checks find comes first; a clean draft goes on at once."""
    answers = Answers(tools.office)
    draft = await answers.findings(actor, callback_data.ref)
    if draft.findings and not draft.insisted:
        card = await fresh(tools, actor, callback_data.ref)
        await offer(query, tools, findings.before_approval(card.number, draft),
                  findings_buttons(card, draft.findings))
        return
    await answers.submit(actor, callback_data.ref)
    await show_done(query, tools, actor, callback_data.case, outcomes.SUBMITTED, toast)


@router.callback_query(CaseAct.filter(F.do == Do.INSIST))
async def ask_why(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                  ) -> None:
    """«Направить с пояснением»: the words that the approvers will see."""
    card = await fresh(tools, actor, callback_data.ref)
    await ask(tools, actor, near(query), Asks.INSIST, questions.why_all_the_same(card.number),
              ref=callback_data.ref)


@router.message(Asked(Asks.INSIST), F.text)
async def insist(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """On to approval with the comment (R25)."""
    await Answers(tools.office).submit(actor, ref_of(prompt), message.text or "")
    await answered(message, bot, tools, actor, prompt, outcomes.SUBMITTED)


@router.callback_query(CaseAct.filter(F.do == Do.PREVIEW))
async def preview(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                  bot: Bot) -> None:
    """«Предпросмотр»: the draft as the citizen will get it."""
    files = await tools.preview.answer(actor, callback_data.case)
    if not files:
        raise NotFoundError(general.NO_PREVIEW)
    await send_files(bot, near(query).chat.id, files)

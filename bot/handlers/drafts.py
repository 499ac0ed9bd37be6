"""The draft: its kind, its text, a date for an interim one, a preview, and on to approval."""

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot import cards
from bot.courier import send_files
from bot.handlers.asking import Asked, Asks, ask, close, put_question, ref_of
from bot.handlers.days import read_day
from bot.handlers.showing import answered, fresh, near, put, show
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import CaseAct, Do
from bot.keyboards.findings import findings_buttons
from bot.middlewares import Toast
from bot.texts import choices, findings, general, outcomes, questions
from core.errors import NotFoundError
from core.people import Actor
from core.ports import Prompt
from core.regulation.terms import AnswerKind
from core.usecases.answers import Answers
from core.usecases.office import CaseRef

router = Router(name="drafts")

KIND = "kind"
UNTIL = "until"
FULL_MESSAGE = 4000
"""Telegram cuts what a person writes at 4096: a text this long may have a second half."""


@router.callback_query(CaseAct.filter((F.do == Do.DRAFT) & F.arg))
async def ask_text(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                   ) -> None:
    """The kind is chosen; now the text."""
    card = await fresh(tools, actor, callback_data.ref)
    kind = AnswerKind(callback_data.arg)
    if card.first is not None and (known := card.first.answer or "\n".join(card.first.reports)):
        await near(query).answer(questions.from_first(card.first.number))
        for piece in cards.plain(known):
            await near(query).answer(piece)
    await ask(tools, actor, near(query), Asks.DRAFT, questions.draft_text(card.number, kind.label),
              ref=CaseRef(card.id), facts={KIND: kind.value})


@router.callback_query(CaseAct.filter(F.do == Do.DRAFT))
async def choose_kind(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                      ) -> None:
    """«Подготовить ответ»: what will it say? (4.6¶4)"""
    card = await fresh(tools, actor, callback_data.ref)
    await put(query, choices.which_kind(card.number),
              lists.choose(Do.DRAFT, callback_data.ref, lists.kinds()))


@router.callback_query(CaseAct.filter(F.do == Do.INTERIM))
async def ask_date(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                   ) -> None:
    """«Промежуточный ответ»: first its exact date (4.6¶5)."""
    card = await fresh(tools, actor, callback_data.ref)
    await ask(tools, actor, near(query), Asks.INTERIM_DATE, questions.promised_date(card.number),
              ref=CaseRef(card.id))


@router.message(Asked(Asks.INTERIM_DATE), F.text)
async def take_date(message: Message, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """The date is understood; now the text."""
    until = read_day(message.text or "")
    card = await tools.lookups.card(actor, prompt.case_id or 0)
    await close(tools, prompt)
    kind = AnswerKind.INTERIM
    await ask(tools, actor, message, Asks.DRAFT, questions.draft_text(card.number, kind.label),
              ref=CaseRef(card.id), facts={KIND: kind.value, UNTIL: f"{until:%d.%m.%Y}"})


@router.callback_query(CaseAct.filter(F.do == Do.EDIT))
async def edit(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools) -> None:
    """«Править»: the text so far, to be copied, and the question."""
    card = await fresh(tools, actor, callback_data.ref)
    draft = card.draft
    if draft is None:
        raise NotFoundError(general.NO_PREVIEW)
    for piece in cards.plain(draft.text):
        await near(query).answer(piece)
    until = f"{draft.promised_on:%d.%m.%Y}" if draft.promised_on else ""
    await ask(tools, actor, near(query), Asks.DRAFT,
              questions.corrected_draft(card.number, draft.kind.label), ref=CaseRef(card.id),
              facts={KIND: draft.kind.value, UNTIL: until})


@router.message(Asked(Asks.DRAFT, Asks.DRAFT_GOES_ON), F.text)
async def save(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """A new version; a text cut by Telegram may go on in the next message."""
    text, until = message.text or "", prompt.facts.get(UNTIL, "")
    case_id = prompt.case_id or 0
    if prompt.facts["what"] == Asks.DRAFT_GOES_ON:
        draft = (await tools.lookups.card(actor, case_id)).draft
        text = f"{draft.text}{JOIN}{text}" if draft else text
    await Answers(tools.office).save(actor, CaseRef(case_id), AnswerKind(prompt.facts[KIND]),
                                     text, read_day(until) if until else None)
    await answered(message, bot, tools, actor, prompt, outcomes.DRAFT_SAVED)
    if len(message.text or "") >= FULL_MESSAGE:
        await _goes_on(message, prompt, tools)


JOIN = "\n"


async def _goes_on(message: Message, prompt: Prompt, tools: Tools) -> None:
    sent = await message.answer(questions.DRAFT_GOES_ON)
    facts = {**prompt.facts, "what": Asks.DRAFT_GOES_ON.value, "card": ""}
    async with tools.office.work() as work:
        await put_question(work, Prompt(
            prompt.chat_id, sent.message_id, prompt.person_id, prompt.purpose, prompt.case_id,
            facts=facts), tools.office.clock.now())


@router.callback_query(CaseAct.filter(F.do == Do.SUBMIT))
async def submit(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                 toast: Toast) -> None:
    """«На согласование»: what the checks find comes first; a clean draft goes on at once."""
    answers = Answers(tools.office)
    draft = await answers.findings(actor, callback_data.ref)
    if draft.findings and not draft.insisted:
        card = await fresh(tools, actor, callback_data.ref)
        await put(query, findings.before_approval(card.number, draft),
                  findings_buttons(card, draft.findings))
        return
    await answers.submit(actor, callback_data.ref)
    toast.text = outcomes.SUBMITTED
    await show(query, tools, actor, callback_data.case, outcomes.SUBMITTED)


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

"""The desk's mail that the program could not read, and deliveries in trouble."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot import cards, words
from bot.handlers.asking import Asked, Asks, ask, close
from bot.handlers.showing import Place, near, put, show
from bot.handlers.start import person_of
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import MailAct, MailAnswer, MailDo, RowAct, RowDo
from bot.middlewares import Toast
from bot.texts import general, questions
from core.errors import NotFoundError
from core.people import Actor
from core.ports import Prompt

router = Router(name="mailroom")

MAIL = "mail"
"""The fact of a question that names the letter."""


async def show_mail(place: Place, actor: Actor, tools: Tools, page: int = 0) -> None:
    """Letters that a person must look at."""
    mails = await tools.lookups.unclear_mail(person_of(actor))
    zone = tools.office.calendar.zone
    text = cards.mail_list(mails, page, lambda one: words.moment(one.received_at, zone))
    await put(place, text, lists.mail_list(mails, page))


@router.callback_query(MailAct.filter(F.do == MailDo.REGISTER))
async def register(query: CallbackQuery, callback_data: MailAct, actor: Actor, tools: Tools
                   ) -> None:
    """A case is made of the letter."""
    case = await tools.mailroom.register(actor, callback_data.mail)
    await show(query, tools, actor, case.id)


@router.callback_query(MailAct.filter(F.do == MailDo.DISMISS))
async def dismiss(query: CallbackQuery, callback_data: MailAct, actor: Actor, tools: Tools,
                  toast: Toast) -> None:
    """The letter does not concern the desk; it stays kept."""
    await tools.mailroom.dismiss(actor, callback_data.mail)
    toast.text = general.MAIL_DISMISSED
    await show_mail(query, actor, tools)


@router.callback_query(MailAct.filter(F.do == MailDo.ANSWER))
async def to_which(query: CallbackQuery, callback_data: MailAct, actor: Actor, tools: Tools
                   ) -> None:
    """An organisation's answer without its key: to which of our letters?"""
    await _awaiting(query, actor, tools, callback_data.mail, 0)


@router.callback_query(MailAnswer.filter(F.letter == 0))
async def turn(query: CallbackQuery, callback_data: MailAnswer, actor: Actor, tools: Tools
               ) -> None:
    """Another page of our letters."""
    await _awaiting(query, actor, tools, callback_data.mail, callback_data.page)


async def _awaiting(query: CallbackQuery, actor: Actor, tools: Tools, mail: int, page: int
                    ) -> None:
    letters = await tools.lookups.awaiting_answer(person_of(actor), mail)
    if not letters:
        raise NotFoundError(general.NO_LETTER_AWAITS)
    await put(query, general.WHICH_LETTER, lists.answered_letters(mail, letters, page))


@router.callback_query(MailAnswer.filter())
async def join(query: CallbackQuery, callback_data: MailAnswer, actor: Actor, tools: Tools,
               toast: Toast) -> None:
    """The letter joins the case as the answer; its executors are told."""
    toast.text = await tools.mailroom.answers(
        actor, callback_data.mail, callback_data.letter)
    await show_mail(query, actor, tools)


@router.callback_query(MailAct.filter(F.do == MailDo.JOIN))
async def ask_case(query: CallbackQuery, callback_data: MailAct, actor: Actor, tools: Tools
                   ) -> None:
    """It belongs to a message, whether or not a letter of ours awaits it: to which?"""
    await ask(tools, actor, near(query), Asks.MAIL_CASE, questions.WHICH_CASE_OF_MAIL,
              facts={MAIL: str(callback_data.mail)})


@router.message(Asked(Asks.MAIL_CASE), F.text)
async def to_case(message: Message, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """The letter joins the message; its lead is told."""
    case = await tools.lookups.find(actor, message.text or "")
    said = await tools.mailroom.joins(
        actor, int(prompt.facts[MAIL]), case.number)
    await close(tools, prompt)
    await message.answer(said)


@router.callback_query(RowAct.filter())
async def decide(query: CallbackQuery, callback_data: RowAct, actor: Actor, tools: Tools) -> None:
    """Send again, or let it be."""
    again = callback_data.do is RowDo.AGAIN
    await tools.delivery.decide(actor, callback_data.row, repeat=again)
    await put(query, general.ROW_AGAIN if again else general.ROW_LEFT)

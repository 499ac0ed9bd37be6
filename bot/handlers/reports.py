"""``/report``: the digest, reports on demand, and what is done with those that were made."""

import asyncio

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot import cards, digest, reports
from bot.courier import send_files
from bot.handlers.asking import Asked, Asks, ask, close
from bot.handlers.showing import Place, near, put
from bot.handlers.start import person_of
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import Section
from bot.middlewares import Toast
from bot.reports import ReportAct, ReportDo, ReportMake
from bot.texts import general
from core.access import WHOLE_OFFICE
from core.errors import MoveNotAllowedError
from core.notices import NoticeKind
from core.outbound import LetterFile
from core.people import Actor, Person
from core.ports import Prompt
from core.regulation.terms import Role
from core.reports import files
from core.reports.book import Report, Standing
from core.usecases.reports import KINDS

router = Router(name="reports")

LATEST = 4
"""Reports that ``/report`` names."""
REPORT = "report"
SAID = {Standing.SENT: reports.CONFIRMED, Standing.CONFIRMED: reports.LATER}
"""What became of a report that was confirmed; any other standing means a new version."""


def may_see_report(person: Person) -> bool:
    """The digest names every case, so it is for those who see every case (4.1)."""
    return bool(person.all_offices & WHOLE_OFFICE)


def _require(actor: Actor) -> None:
    if not may_see_report(person_of(actor)):
        raise MoveNotAllowedError(general.ONLY_OFFICE_REPORT)


@router.message(Command("report"))
async def report(message: Message, actor: Actor, tools: Tools) -> None:
    """``/report``."""
    await show_report(message, actor, tools)


async def show_report(place: Place, actor: Actor, tools: Tools) -> None:
    """The digest as it stands this moment, and the reports."""
    _require(actor)
    today = await tools.control.digest()
    async with tools.office.work() as work:
        latest = await work.reports.latest(LATEST)
    desk = bool(person_of(actor).offices & {Role.DESK, Role.DESK_HEAD})
    known = digest.buttons(today, desk=desk)
    rows = [*(known.inline_keyboard if known else []), *reports.makers(),
            *reports.latest(latest)]
    await put(place, digest.text(today), InlineKeyboardMarkup(inline_keyboard=rows))


async def show_listed(place: Place, actor: Actor, tools: Tools, section: Section, page: int
                      ) -> None:
    """A list of the digest, the whole of it in pages, as it stands this moment."""
    _require(actor)
    found = next(one for one in digest.lists(await tools.control.digest())
                 if one.section is section)
    await put(place, cards.case_list(f"{found.mark} {found.title}", found.lines, page,
                                     general.list_is_empty(found.title)),
              lists.case_list(section, found.lines, page))


@router.callback_query(ReportMake.filter(F.kind.in_(KINDS)))
async def make(query: CallbackQuery, callback_data: ReportMake, actor: Actor, tools: Tools,
               bot: Bot) -> None:
    """A report of the period that goes on, for whoever sees every case."""
    _require(actor)
    title, _ = KINDS[callback_data.kind]
    card = near(query)
    waiting = await card.answer(reports.MAKING.format(title=title))
    office = tools.office
    today = office.calendar.local_date(office.clock.now())
    made = await tools.reporting.reports.make(callback_data.kind, today)
    drawn = await asyncio.to_thread(files.pictures, made)
    papers = await asyncio.to_thread(files.documents, made, drawn, tools.reporting.templates)
    await send_files(bot, card.chat.id, (*drawn, *papers))
    await card.answer(reports.on_demand(made))
    await waiting.delete()


@router.callback_query(ReportAct.filter(F.do == ReportDo.LOOK))
async def look(query: CallbackQuery, callback_data: ReportAct, actor: Actor, tools: Tools,
               bot: Bot) -> None:
    """A report that was made, with its files."""
    _require(actor)
    async with tools.office.work() as work:
        found = await work.reports.get(callback_data.report)
        directory = await work.people.directory()
    content = tuple([LetterFile(one.name, one.media_type, await tools.office.files.get(one))
                     for one in found.files])
    card = near(query)
    await send_files(bot, card.chat.id, content)
    kind = (NoticeKind.REPORT if found.standing is Standing.SENT else NoticeKind.REPORT_READY)
    mine = tools.reporting.may_confirm(actor, found, directory)
    await card.answer(
        reports.notice(kind, found, directory),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=reports.own(found))
        if mine and found.standing in {Standing.READY, Standing.SENT} else None)


@router.callback_query(ReportAct.filter(F.do == ReportDo.CONFIRM))
async def confirm(query: CallbackQuery, callback_data: ReportAct, actor: Actor, tools: Tools,
                  toast: Toast) -> None:
    """«Утвердить отчёт»."""
    found = await tools.reporting.confirm(actor, callback_data.report)
    toast.text = SAID.get(found.standing, reports.REMADE)
    await _put_away(query, found, toast.text)


@router.callback_query(ReportAct.filter(F.do == ReportDo.CORRECT))
async def ask_correction(query: CallbackQuery, callback_data: ReportAct, actor: Actor,
                         tools: Tools) -> None:
    """«Исправить»: what?"""
    _require(actor)
    await ask(tools, actor, near(query), Asks.REPORT_FIX, reports.WHAT_TO_CORRECT,
              facts={REPORT: str(callback_data.report)})


@router.message(Asked(Asks.REPORT_FIX), F.text)
async def correct(message: Message, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """The words of the correction."""
    await tools.reporting.correct(actor, int(prompt.facts[REPORT]), message.text or "")
    await close(tools, prompt)
    await message.answer(reports.NEW_VERSION)


async def _put_away(query: CallbackQuery, found: Report, said: str) -> None:
    """The card of the version without its buttons, saying what became of it."""
    text = f"{reports.head(found.title, found.label, found.said)}\n\n<b>{said}</b>"
    await put(query, text, None)

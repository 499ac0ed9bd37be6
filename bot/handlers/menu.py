"""The menu, lists, search, and looking at a case: nothing is changed here."""

import re
from collections.abc import Mapping
from html import unescape

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot import cards
from bot.courier import send_files
from bot.handlers.asking import FILES_ASKED_FOR, question_of, withdraw
from bot.handlers.mailroom import show_mail
from bot.handlers.registers import has_registers, show_registers
from bot.handlers.reports import may_see_report, show_listed, show_report
from bot.handlers.showing import Place, near, offer, put, show, show_card
from bot.handlers.start import person_of
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import Below, Go, Look, Section, View
from bot.keyboards.case import case_buttons, photo_buttons
from bot.middlewares import Toast
from bot.texts import general
from bot.texts.help import help_text
from bot.texts.ladder import ladder
from core.cards import Queue
from core.errors import NotFoundError
from core.files import handed_on
from core.mailcommands import says_nothing
from core.outbound import LetterFile
from core.people import Actor
from core.ports import Prompt
from core.regulation.terms import Role

router = Router(name="menu")
search_router = Router(name="search")
"""After every question: a number may be an answer."""

CASE_NUMBER = r"(?i)^\s*(№\s*)?(\d{1,9}|ЕКЖ-\d{4}-\d{1,9})\s*$"
FILES_AT_ONCE = 10
"""An album; so many are held in memory."""
WHOLE_MESSAGES = 5
"""What would take more messages than that is sent as a text file."""
SHORTEST = 3
"""Letters of a place that are worth a search."""
BY_WORD: Mapping[str, Section] = {
    "меню": Section.MENU, "мои дела": Section.MINE, "просроченные": Section.OVERDUE,
    "сводка": Section.REPORT, "отчет": Section.REPORT, "отчеты": Section.REPORT,
    "справка": Section.HELP, "помощь": Section.HELP}
"""Sections that are asked for in words: small letters, «е» for «ё»."""
SEARCH = "search"
"""A list that was searched for; its words lie in the Prompt on its message."""
QUERY = "query"


@router.message(Command("menu"))
async def menu(message: Message, actor: Actor, tools: Tools) -> None:
    """``/menu``: by role, with counters."""
    await show_menu(message, actor, tools)


@router.callback_query(Go.filter(F.to == Section.MENU))
async def back_to_menu(query: CallbackQuery, actor: Actor, tools: Tools) -> None:
    """«Меню»."""
    await show_menu(query, actor, tools)


async def show_menu(place: Place, actor: Actor, tools: Tools) -> None:
    """The menu with its counters."""
    person = person_of(actor)
    waiting = await tools.lookups.waiting(person)
    overdue = await tools.lookups.overdue(person)
    desk = person.all_offices & {Role.DESK, Role.DESK_HEAD}
    mail = len(await tools.lookups.unclear_mail(person)) if desk else None
    reports = await tools.reporting.to_confirm(actor)
    await put(place, general.menu(person, sum(waiting.values()), reports), lists.menu(
        waiting, len(overdue), mail, report=may_see_report(person),
        registers=has_registers(person), directory=Role.ADMIN in person.offices))


@router.message(Command("my"))
async def my(message: Message, actor: Actor, tools: Tools) -> None:
    """``/my``: what waits for this person."""
    await show_section(message, actor, tools, Section.MINE, 0)


@router.message(Command("overdue"))
async def overdue(message: Message, actor: Actor, tools: Tools) -> None:
    """``/overdue``: what this person may see of it."""
    await show_section(message, actor, tools, Section.OVERDUE, 0)


@router.callback_query(Below.filter())
async def below(query: CallbackQuery, callback_data: Below, actor: Actor, tools: Tools) -> None:
    """A section in a message of its own."""
    await show_section(near(query), actor, tools, callback_data.to, 0)


@router.callback_query(Go.filter())
async def turn(query: CallbackQuery, callback_data: Go, actor: Actor, tools: Tools) -> None:
    """A section of the menu, or another page of it."""
    await show_section(query, actor, tools, callback_data.to, callback_data.page)


async def show_section(place: Place, actor: Actor, tools: Tools, section: Section, page: int
                       ) -> None:
    """A section of the menu."""
    match section:
        case Section.DUE_TODAY | Section.AT_RISK | Section.CAME_BACK | Section.UNANSWERED:
            await show_listed(place, actor, tools, section, page)
        case Section.MAIL:
            await show_mail(place, actor, tools, page)
        case Section.REPORT:
            await show_report(place, actor, tools)
        case Section.LETTERS:
            await show_registers(place, actor, tools)
        case Section.FOUND:
            await turn_found(place, actor, tools, page)
        case Section.MENU | Section.HELP:
            await put(place, help_text(person_of(actor)))
        case _:
            await _show_own(place, actor, tools, section, page)


async def _show_own(place: Place, actor: Actor, tools: Tools, section: Section, page: int
                    ) -> None:
    """A list of cases, by what they wait for."""
    person = person_of(actor)
    if section is Section.MINE:
        reports = await tools.reporting.to_confirm(actor)
        title = "Ждут вас"
        empty = f"{general.reports_wait(reports)}." if reports else general.NOTHING_MINE
        lines = await tools.lookups.mine(person)
    elif section is Section.OVERDUE:
        title, empty = "Просрочено", general.NOTHING_OVERDUE
        lines = await tools.lookups.overdue(person)
    else:
        queue = Queue(section.value)
        title, empty = general.QUEUES[queue], general.NOTHING_MINE
        lines = await tools.lookups.in_queue(person, queue)
    await put(place, cards.case_list(title, lines, page, empty),
              lists.case_list(section, lines, page))


@router.message(Command("case"))
async def case(message: Message, command: CommandObject, actor: Actor, tools: Tools) -> None:
    """``/case N``."""
    if not command.args:
        await message.answer(general.WHICH_CASE)
        return
    await look_for(message, actor, tools, command.args)


@search_router.message(F.text, ~F.text.startswith("/"), ~F.reply_to_message)
async def search(message: Message, actor: Actor, tools: Tools, prompt: Prompt | None = None
                 ) -> None:
    """A bare number, or words of a place; thanks and greetings are neither."""
    asked = message.text or ""
    section = BY_WORD.get(asked.casefold().replace("ё", "е").strip(" .!?"))
    if section is Section.MENU:
        await show_menu(message, actor, tools)
        return
    if section and (section is not Section.REPORT or may_see_report(person_of(actor))):
        await show_section(message, actor, tools, section, 0)
        return
    waits_for_file = question_of(prompt) in FILES_ASKED_FOR
    if says_nothing(asked) and not any(map(str.isdigit, asked)):
        await message.answer(general.FILE_WANTED if waits_for_file else general.NOTHING_ASKED)
        return
    await look_for(message, actor, tools, asked,
                   otherwise=general.FILE_WANTED if waits_for_file else "")


async def look_for(message: Message, actor: Actor, tools: Tools, asked: str, otherwise: str = ""
                   ) -> None:
    """A number opens its card; words of a place give the cases there, one of them its card.

    ``otherwise`` is said where nothing was found.
    """
    words = " ".join(asked.split())
    if re.fullmatch(CASE_NUMBER, words):
        card = await tools.lookups.find(actor, words.strip(" №"))
        await show_card(message, tools, actor, card)
        return
    lines = await tools.lookups.named(actor, words)
    if not lines and len(words) >= SHORTEST:
        lines = await tools.lookups.at_place(person_of(actor), words)
    if len(lines) == 1:
        await show(message, tools, actor, lines[0].id)
        return
    sent = await put(message, cards.case_list(general.found(words), lines, 0,
                                              otherwise or general.nothing_found(words)),
                     lists.case_list(Section.FOUND, lines, 0) if lines else None)
    if sent is not None and len(lines) > cards.LINES_ON_PAGE:
        prompt = Prompt(sent.chat.id, sent.message_id, actor.person_id or 0, SEARCH,
                        facts={QUERY: words})
        async with tools.office.work() as work:
            await work.prompts.put(prompt, tools.office.clock.now())


async def turn_found(place: Place, actor: Actor, tools: Tools, page: int) -> None:
    """Another page of what was searched for; the words lie with the message."""
    seen = near(place) if isinstance(place, CallbackQuery) else place
    async with tools.office.work() as work:
        prompt = await work.prompts.find(seen.chat.id, seen.message_id)
    if prompt is None or prompt.purpose != SEARCH:
        raise NotFoundError(general.OLD_BUTTON)
    query = prompt.facts[QUERY]
    lines = await tools.lookups.at_place(person_of(actor), query)
    await put(place, cards.case_list(general.found(query), lines, page,
                                     general.nothing_found(query)),
              lists.case_list(Section.FOUND, lines, page))


@router.callback_query(Look.filter(F.view == View.CARD))
async def card(query: CallbackQuery, callback_data: Look, actor: Actor, tools: Tools,
               toast: Toast) -> None:
    """The card as it is now; a question that was asked beside it is taken back."""
    if isinstance(query.message, Message) and await withdraw(tools, query.message):
        toast.text = general.QUESTION_WITHDRAWN
    await show(query, tools, actor, callback_data.case)


@router.callback_query(Look.filter(F.view == View.BELOW))
async def card_below(query: CallbackQuery, callback_data: Look, actor: Actor, tools: Tools
                     ) -> None:
    """A case of a list: the list remains."""
    await show(near(query), tools, actor, callback_data.case)


@router.callback_query(Look.filter(F.view == View.HISTORY))
async def history(query: CallbackQuery, callback_data: Look, actor: Actor, tools: Tools) -> None:
    """What happened, with clauses."""
    shown = await tools.lookups.card(actor, callback_data.case)
    lines = await tools.lookups.history(actor, callback_data.case)
    for text in cards.history(shown.number, lines, tools.office.calendar.zone):
        await near(query).answer(text)


@router.callback_query(Look.filter(F.view == View.NOTICES))
async def notices(query: CallbackQuery, callback_data: Look, actor: Actor, tools: Tools) -> None:
    """Who was told what, and how far it got."""
    lines = await tools.lookups.notices(actor, callback_data.case)
    shown = await tools.lookups.card(actor, callback_data.case)
    await near(query).answer(ladder(shown.number, lines, tools.office.calendar.zone))


@router.callback_query(Look.filter(F.view == View.WHOLE))
async def whole(query: CallbackQuery, callback_data: Look, actor: Actor, tools: Tools) -> None:
    """What the card had to shorten."""
    shown = await tools.lookups.card(actor, callback_data.case)
    pieces = cards.whole(shown)
    if len(pieces) > WHOLE_MESSAGES:
        await near(query).answer_document(BufferedInputFile(
            unescape("\n".join(pieces)).encode(), f"{shown.number}.txt"))
        return
    for text in pieces:
        await near(query).answer(text)


@router.callback_query(Look.filter(F.view == View.FILES))
async def files(query: CallbackQuery, callback_data: Look, actor: Actor, tools: Tools, bot: Bot
                ) -> None:
    """The citizen's files, the photos of the work, and the scans beside the draft."""
    shown = await tools.lookups.card(actor, callback_data.case)
    kept = [*handed_on(shown.files), *(one.file for part in shown.parts for one in part.photos),
            *(shown.draft.files if shown.draft else ())]
    for start in range(0, len(kept), FILES_AT_ONCE):
        found = [await tools.lookups.file(actor, shown.id, one.sha256)
                 for one in kept[start:start + FILES_AT_ONCE]]
        await send_files(bot, near(query).chat.id, [
            LetterFile(one.name, one.media_type, content) for one, content in found])
    if not kept:
        await near(query).answer(general.NO_FILES if not shown.files else general.ONLY_PROGRAMS)


@router.callback_query(Look.filter(F.view == View.ROUNDS))
async def rounds(query: CallbackQuery, callback_data: Look, actor: Actor, tools: Tools, bot: Bot
                 ) -> None:
    """«Прежние ответы»: answers, photos and the citizen's words side by side (R46)."""
    files = await tools.preview.returned(actor, callback_data.case)
    await send_files(bot, near(query).chat.id, files)


@router.callback_query(Look.filter(F.view == View.PHOTOS))
async def photos(query: CallbackQuery, callback_data: Look, actor: Actor, tools: Tools) -> None:
    """The reader's own photos with their verdicts."""
    shown = await tools.lookups.card(actor, callback_data.case)
    mine = shown.mine
    markup = photo_buttons(shown, mine.photos) if mine else case_buttons(
        shown, camera=tools.camera)
    await offer(query, tools, cards.photo_list(shown), markup)

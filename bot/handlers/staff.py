"""The administrator's directory in the bot: people, roles, invitations, the workbook (R2, R9)."""

from aiogram import Bot, F, Router
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot import workbooks
from bot.downloads import fetch, sent_file
from bot.handlers.asking import Asked, Asks, ask, close
from bot.handlers.showing import Place, near, put
from bot.handlers.start import person_of
from bot.handlers.tools import Tools
from bot.invitations import link_to, picture_of
from bot.keyboards import people as people_keys
from bot.keyboards import staff as keys
from bot.keyboards.staff import Keep, KeepAct
from bot.middlewares import Toast
from bot.texts import staff as texts
from core.directory_table import COLUMNS, Plan
from core.directory_table import read as read_plan
from core.errors import NotFoundError
from core.files import FileRef
from core.people import Actor, Directory
from core.ports import Prompt
from core.regulation.terms import Role
from core.usecases.enrolment import INVITATION_LIVES
from core.usecases.importing import sheets_of
from core.usecases.staff import require_office

router = Router(name="staff")

BOOK, BOOK_NAME, BOOK_BYTES = "book", "name", "bytes"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.callback_query(KeepAct.filter(F.do == Keep.HOME))
async def home(query: CallbackQuery, actor: Actor, tools: Tools) -> None:
    """«Справочник»."""
    await show_home(query, actor, tools)


async def show_home(place: Place, actor: Actor, tools: Tools) -> None:
    """The first page of the directory."""
    directory = await _directory(actor, tools)
    await put(place, texts.home(directory), keys.home(stale=len(tools.reference.stale(directory))))


async def _directory(actor: Actor, tools: Tools) -> Directory:
    """For the administrator alone: who was one may still hold an old button."""
    require_office(person_of(actor), Role.ADMIN)
    return await tools.lookups.directory()


@router.callback_query(KeepAct.filter(F.do == Keep.PEOPLE))
async def people(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools
                 ) -> None:
    """«Сотрудники»."""
    directory = await _directory(actor, tools)
    found = sorted(directory.people.values(), key=lambda one: (not one.active, one.name))
    await put(query, texts.people(len(found)), keys.people(found, callback_data.page))


@router.callback_query(KeepAct.filter(F.do == Keep.FIND))
async def ask_name(query: CallbackQuery, actor: Actor, tools: Tools) -> None:
    """«Найти»."""
    await _directory(actor, tools)
    await ask(tools, actor, near(query), Asks.PERSON_NAME, texts.WRITE_NAME)


@router.message(Asked(Asks.PERSON_NAME), F.text)
async def find(message: Message, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """By the beginning of any part of the name; one alone opens the card."""
    directory = await _directory(actor, tools)
    wanted = (message.text or "").strip().casefold()
    found = [one for one in directory.people.values()
             if any(word.startswith(wanted) for word in one.name.casefold().split())]
    if not found:
        raise NotFoundError(texts.NOBODY)
    await close(tools, prompt)
    if len(found) == 1:
        await _show(message, actor, tools, found[0].id)
        return
    await put(message, texts.people(len(found)), keys.people(found, 0))


@router.callback_query(KeepAct.filter(F.do == Keep.PERSON))
async def person(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools
                 ) -> None:
    """The card of a person."""
    await _show(query, actor, tools, callback_data.id)


async def _show(place: Place, actor: Actor, tools: Tools, person_id: int) -> None:
    directory = await _directory(actor, tools)
    one = directory.person(person_id)
    held = await tools.staff.open_work(person_id)
    away = [each for each in directory.absences
            if each.person_id == person_id and each.last >= tools.absences.today]
    await put(place, texts.person(one, directory, away, held), keys.person(one, held=held))


@router.callback_query(KeepAct.filter(F.do == Keep.INVITE))
async def invite(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools,
                 bot: Bot) -> None:
    """«Пригласить»: the link, and its picture to be shown from the screen."""
    directory = await _directory(actor, tools)
    one = directory.working(callback_data.id)
    code = await tools.enrolment.invite(one.code, actor)
    link = link_to(await bot.me(), code)
    picture = BufferedInputFile(picture_of(link), "invitation.png")
    await near(query).answer_photo(
        picture, caption=f"{texts.invitation(one, INVITATION_LIVES.days)}\n{link}")


@router.callback_query(KeepAct.filter(F.do == Keep.ROLES))
async def roles(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools) -> None:
    """«Роли»."""
    one = (await _directory(actor, tools)).person(callback_data.id)
    await put(query, f"{one.name}\n{texts.ROLES}", keys.roles(one))


@router.callback_query(KeepAct.filter(F.do == Keep.ROLE))
async def turn_role(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools
                    ) -> None:
    """A role given or taken."""
    await tools.staff.turn_office(actor, callback_data.id, keys.role_of(callback_data.arg))
    one = (await tools.lookups.directory()).person(callback_data.id)
    await put(query, f"{one.name}\n{texts.ROLES}", keys.roles(one))


@router.callback_query(KeepAct.filter((F.do == Keep.MOVE) & F.arg))
async def move(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools,
               toast: Toast) -> None:
    """Moved to the body chosen."""
    await tools.staff.move(actor, callback_data.id, int(callback_data.arg))
    toast.text = texts.MOVED
    await _show(query, actor, tools, callback_data.id)


@router.callback_query(KeepAct.filter(F.do == Keep.MOVE))
async def where_to(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools
                   ) -> None:
    """«Перевести»: where to?"""
    directory = await _directory(actor, tools)
    here = directory.person(callback_data.id).body_id
    found = sorted((one for one in directory.bodies.values() if one.id != here),
                   key=lambda one: one.name.casefold())
    await put(query, texts.WHERE_TO, keys.bodies(found, callback_data.page, callback_data.id))


@router.callback_query(KeepAct.filter(F.do.in_({Keep.BLOCK, Keep.UNBLOCK})))
async def block(query: CallbackQuery, callback_data: KeepAct, actor: Actor, tools: Tools,
                toast: Toast) -> None:
    """«Заблокировать» and back; what is left of the work is offered to be handed over."""
    blocked = callback_data.do is Keep.BLOCK
    await tools.staff.block(actor, callback_data.id, blocked=blocked)
    toast.text = texts.BLOCKED if blocked else texts.UNBLOCKED
    held = await tools.staff.open_work(callback_data.id)
    if not blocked:
        await _show(query, actor, tools, callback_data.id)
        return
    one = (await tools.lookups.directory()).person(callback_data.id)
    await put(query, texts.sure_to_block(one, held),
              people_keys.heir(one.id) if held else keys.person(one, held=0))


@router.callback_query(KeepAct.filter(F.do == Keep.SAVE))
async def save(query: CallbackQuery, actor: Actor, tools: Tools) -> None:
    """«Выгрузить XLSX»: the directory as it is, to be mended and loaded again."""
    directory = await _directory(actor, tools)
    async with tools.office.work() as work:
        addresses = await work.people.addresses()
    book = workbooks.write(COLUMNS, sheets_of(directory, addresses))
    await near(query).answer_document(BufferedInputFile(book, "Справочник.xlsx"))


@router.callback_query(KeepAct.filter(F.do == Keep.LOAD))
async def ask_book(query: CallbackQuery, actor: Actor, tools: Tools) -> None:
    """«Загрузить XLSX»."""
    await _directory(actor, tools)
    await ask(tools, actor, near(query), Asks.DIRECTORY, texts.SEND_BOOK)


@router.message(Asked(Asks.DIRECTORY), F.document)
async def preview(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """The workbook is read, kept, and what it would change is shown."""
    sent = sent_file(message)
    if sent is None:
        return
    content = await fetch(bot, sent)
    changes = await tools.importing.preview(actor, _plan(content, sent.name))
    kept = await tools.office.files.put(content, sent.name, XLSX)
    shown = await message.answer(texts.changes(changes), reply_markup=keys.sure_to_load(
        kept.sha256[:12]))
    await close(tools, prompt)
    async with tools.office.work() as work:
        await work.prompts.put(Prompt(
            message.chat.id, shown.message_id, actor.person_id or 0, BOOK, facts={
                BOOK: kept.sha256, BOOK_NAME: sent.name, BOOK_BYTES: str(kept.size)}),
            tools.office.clock.now())


def _plan(content: bytes, name: str) -> Plan:
    return read_plan(workbooks.read(content, name))


@router.message(Asked(Asks.DIRECTORY))
async def not_a_book(message: Message) -> None:
    """A text or a picture where the workbook is awaited."""
    await message.answer(texts.BOOK_WANTED)


@router.callback_query(KeepAct.filter(F.do == Keep.LOAD_SURE))
async def load(query: CallbackQuery, actor: Actor, tools: Tools) -> None:
    """«Загрузить»: the kept workbook, once."""
    seen = near(query)
    async with tools.office.work() as work:
        prompt = await work.prompts.find(seen.chat.id, seen.message_id)
    if prompt is None or prompt.purpose != BOOK or prompt.person_id != actor.person_id:
        raise NotFoundError(texts.OLD_BOOK)
    facts = prompt.facts
    book = FileRef(facts[BOOK], facts[BOOK_NAME], XLSX, int(facts[BOOK_BYTES]))
    plan = _plan(await tools.office.files.get(book), facts[BOOK_NAME])
    changes = await tools.importing.run(actor, plan)
    await close(tools, prompt)
    await put(query, texts.loaded(changes))

"""Absences with a substitute, and handing over everything open of who has left."""

import re
from datetime import date, datetime

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.asking import Asked, Asks, ask, close
from bot.handlers.days import read_day
from bot.handlers.showing import Place, near, put
from bot.handlers.start import person_of
from bot.handlers.tools import Tools
from bot.keyboards import people as keys
from bot.keyboards.own import Own, OwnAct
from bot.keyboards.people import Away, AwayAct, Hand
from bot.middlewares import Toast
from bot.texts import people as texts
from core.errors import NotAcceptedError, NotFoundError
from core.people import Absence, Actor, Directory, Person
from core.ports import Prompt
from core.usecases.absences import may_note
from core.usecases.staff import MAY_HAND_OVER, require_office

router = Router(name="absences")

WHOM, TO = "whom", "to"
_BETWEEN = re.compile(r"\s*[—–-]\s*(?=\d{1,2}[./]\d{1,2}[./]\d{4}\s*$)|\s+по\s+")


@router.callback_query(AwayAct.filter(F.do == Away.SHOW))
async def show_absences(query: CallbackQuery, callback_data: AwayAct, actor: Actor, tools: Tools
                        ) -> None:
    """«Отсутствие»: what is noted."""
    await _show(query, actor, tools, callback_data.whom)


async def _show(place: Place, actor: Actor, tools: Tools, whom: int) -> None:
    me, directory = person_of(actor), await tools.lookups.directory()
    person = directory.person(whom) if whom else me
    today = tools.absences.today
    found = [one for one in directory.absences
             if one.person_id == person.id and one.last >= today]
    staff = any(may_note(me, one) for one in directory.people.values() if one.id != me.id)
    await put(place, texts.absences(person, found, directory),
              keys.absences(found, whom, AwayAct(do=Away.STAFF) if whom else OwnAct(do=Own.SHOW),
                            staff=staff))


@router.callback_query(AwayAct.filter(F.do == Away.STAFF))
async def whose(query: CallbackQuery, callback_data: AwayAct, actor: Actor, tools: Tools) -> None:
    """«Отсутствие сотрудника»: whose?"""
    me, directory = person_of(actor), await tools.lookups.directory()
    staff = [one for one in directory.people.values()
             if one.active and one.id != me.id and may_note(me, one)]
    await put(query, texts.WHOSE_ABSENCE, keys.people(
        staff, callback_data.page, keys.pick_staff, AwayAct(do=Away.SHOW)))


@router.callback_query(AwayAct.filter(F.do == Away.WHO))
async def who_stands_in(query: CallbackQuery, callback_data: AwayAct, actor: Actor, tools: Tools
                        ) -> None:
    """«Отметить отсутствие»: who stands in? First those of the same body."""
    directory, whom = await tools.lookups.directory(), callback_data.whom
    person = directory.person(whom) if whom else person_of(actor)
    found = deputies(person, directory)
    if not found:
        raise NotFoundError(texts.NOBODY_TO_STAND_IN)
    await put(query, texts.WHO_STANDS_IN, keys.people(
        found, callback_data.page, keys.pick_deputy(whom), AwayAct(do=Away.SHOW, whom=whom)))


def deputies(person: Person, directory: Directory) -> tuple[Person, ...]:
    """Everyone at work but the person, those of the same body first."""
    found = [one for one in directory.people.values() if one.active and one.id != person.id]
    return tuple(sorted(found, key=lambda one: (one.body_id != person.body_id, one.name)))


@router.callback_query(AwayAct.filter(F.do == Away.DAYS))
async def which_days(query: CallbackQuery, callback_data: AwayAct, tools: Tools) -> None:
    """From when to when?"""
    await put(query, texts.WHICH_DAYS, keys.days(
        callback_data.whom, callback_data.to, tools.absences.today))


@router.callback_query(AwayAct.filter(F.do == Away.NOTE))
async def note(query: CallbackQuery, callback_data: AwayAct, actor: Actor, tools: Tools,
               toast: Toast) -> None:
    """The days were chosen."""
    first, _, last = callback_data.on.partition("-")
    await _note(actor, tools, callback_data.whom, callback_data.to, _day(first), _day(last))
    toast.text = texts.NOTED
    await _show(query, actor, tools, callback_data.whom)


def _day(code: str) -> date:
    return datetime.strptime(code, keys.DAY).date()  # noqa: DTZ007


async def _note(actor: Actor, tools: Tools, whom: int, to: int, first: date, last: date) -> None:
    await tools.absences.note(actor, Absence(whom or person_of(actor).id, to, first, last))


@router.callback_query(AwayAct.filter(F.do == Away.OTHER))
async def ask_days(query: CallbackQuery, callback_data: AwayAct, actor: Actor, tools: Tools
                   ) -> None:
    """«Другие даты»."""
    await ask(tools, actor, near(query), Asks.ABSENCE_DAYS, texts.WRITE_DAYS, facts={
        WHOM: str(callback_data.whom), TO: str(callback_data.to)})


@router.message(Asked(Asks.ABSENCE_DAYS), F.text)
async def note_days(message: Message, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """The days were written."""
    first, last = read_days(message.text or "")
    whom, to = int(prompt.facts[WHOM]), int(prompt.facts[TO])
    await _note(actor, tools, whom, to, first, last)
    await close(tools, prompt)
    await _show(message, actor, tools, whom)


def read_days(text: str) -> tuple[date, date]:
    """«01.12.2026 — 14.12.2026», or one day; raises NotAcceptedError."""
    days = [one for one in _BETWEEN.split(text.strip().removeprefix("с ")) if one]
    try:
        read = [read_day(one) for one in days]
    except NotAcceptedError:
        read = []
    if not 1 <= len(read) <= 2:
        raise NotAcceptedError(texts.BAD_DAYS)
    return read[0], read[-1]


@router.callback_query(AwayAct.filter(F.do == Away.CANCEL))
async def cancel(query: CallbackQuery, callback_data: AwayAct, actor: Actor, tools: Tools,
                 toast: Toast) -> None:
    """«Отменить»."""
    await tools.absences.cancel(actor, callback_data.to)
    toast.text = texts.CANCELLED
    await _show(query, actor, tools, callback_data.whom)


@router.callback_query(Hand.filter())
async def hand_over(query: CallbackQuery, callback_data: Hand, actor: Actor, tools: Tools
                    ) -> None:
    """«Передать дела»: to whom, are you sure, done."""
    directory, whom = await tools.lookups.directory(), callback_data.whom
    person = directory.person(whom)
    require_office(person_of(actor), *MAY_HAND_OVER)
    if not callback_data.to:
        await put(query, texts.TO_WHOM, keys.people(
            deputies(person, directory), callback_data.page, keys.pick_heir(whom),
            Hand(whom=whom)))
        return
    to = directory.person(callback_data.to)
    if not callback_data.sure:
        count = await tools.staff.open_work(whom)
        await put(query, texts.sure_to_hand_over(person.short_name, to.short_name, count),
                  keys.sure_to_hand_over(whom, to.id))
        return
    done = await tools.staff.hand_over(actor, whom, to.id)
    await put(query, texts.handed_over(to.short_name, done),
              keys.heir(whom) if done.kept else None)

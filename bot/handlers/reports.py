"""The digest on demand."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from bot import digest
from bot.handlers.showing import Place, put
from bot.handlers.start import person_of
from bot.handlers.tools import Tools
from bot.texts import general
from core.access import WHOLE_OFFICE
from core.errors import MoveNotAllowedError
from core.people import Actor, Person
from core.regulation.terms import Role

router = Router(name="reports")


def may_see_report(person: Person) -> bool:
    """The digest names every case, so it is for those who see every case (4.1)."""
    return bool(person.all_offices & WHOLE_OFFICE)


@router.message(Command("report"))
async def report(message: Message, actor: Actor, tools: Tools) -> None:
    """``/report``."""
    await show_report(message, actor, tools)


async def show_report(place: Place, actor: Actor, tools: Tools) -> None:
    """The digest as it stands this moment."""
    if not may_see_report(person_of(actor)):
        raise MoveNotAllowedError(general.ONLY_OFFICE_REPORT)
    today = await tools.control.digest()
    desk = bool(person_of(actor).offices & {Role.DESK, Role.DESK_HEAD})
    await put(place, digest.text(today), digest.buttons(today, desk=desk))

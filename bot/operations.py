"""What a console command does in the office, each in one call; the program runs for that long."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot import app
from bot.settings import Settings
from core.directory_table import Plan
from core.documents.house import Templates
from core.errors import AssistantError
from core.people import Actor, Channel
from core.regulation.terms import Role
from core.usecases import audit
from core.usecases.enrolment import INVITATION_LIVES
from core.usecases.registers import Registers

if TYPE_CHECKING:
    from core.usecases.labels import Collected


async def import_directory(settings: Settings, plan: Plan) -> None:
    """Replace the directory by the plan, in one transaction."""
    async with app.program(settings) as program, program.office.work() as work:
        await work.people.import_all(plan.bodies, plan.people, plan.routes, plan.approvals,
                                     plan.addresses)


async def found(settings: Settings, plan: Plan, people: Sequence[str]) -> dict[str, str]:
    """A made-up office in one go: its directory, and invitation codes for these people."""
    async with app.program(settings) as program:
        async with program.office.work() as work:
            await work.people.import_all(plan.bodies, plan.people, plan.routes, plan.approvals,
                                         plan.addresses)
        return {one: await program.enrolment.invite(one) for one in people}


async def invite(settings: Settings, person_code: str) -> tuple[str, str]:
    """A one-time link, or what to send the bot where its name cannot be asked now; and what to
    do with it."""
    async with app.program(settings, create=False) as program:
        code = await program.enrolment.invite(person_code)
    days = f"Действует {INVITATION_LIVES.days} дней, один раз."
    try:
        me = await app.ask_telegram(settings)
    except AssistantError as trouble:
        return (f"/start {code}",
                f"Имя бота узнать не удалось ({trouble}): пусть сотрудник откроет чат с ботом и "
                f"отправит ему строку выше. {days}")
    return (f"https://t.me/{me.username}?start={code}",
            f"Перешлите ссылку сотруднику. {days}")


async def export_case(settings: Settings, number: str, out: Path) -> str:
    """The whole file of a case as a ZIP at ``out``; returns the case's number (R50)."""
    from core.usecases.casefile import CaseFile
    async with app.program(settings, create=False) as program:
        moment = program.office.clock.now().isoformat()
        actor = Actor(Channel.CONSOLE, f"export:{moment}", speaks_for=frozenset({Role.SYSTEM}))
        case = await CaseFile(program.office, program.papers).write(actor, number, out)
        return case.number


async def write_report(settings: Settings, kind: str, day: date | None,
                       run: tuple[date, date] | None, folder: Path) -> list[Path]:
    """A report of section 6 as files in ``folder``; the paths of what was written."""
    from core.reports import files, periods
    from core.usecases.reports import Reports
    async with app.program(settings, create=False) as program:
        today = program.office.calendar.local_date(program.office.clock.now())
        made = await Reports(program.office).make(
            kind, day or today, periods.between(*run) if run else None)

    def write() -> list[Path]:
        drawn = files.pictures(made)
        written = [*files.documents(made, drawn, Templates(settings.templates_dir)), *drawn]
        return _written(folder, {one.name: one.content for one in written})
    return await asyncio.to_thread(write)


async def print_registers(settings: Settings, first: date | None, last: date | None,
                          sender: str, folder: Path) -> list[Path]:
    """The dispatch registers of a period as files in ``folder``; their paths (R36).

    ``sender`` is a body's code, ``desk``, or empty for all who sent anything.
    """
    async with app.program(settings, create=False) as program:
        registers = Registers(program.office)
        today = program.office.calendar.local_date(program.office.clock.now())
        last = last or today
        first = first or last.replace(day=1)
        chosen = await registers.named(sender) if sender else await registers.used(first, last)
        made: dict[str, bytes] = {}
        for one in chosen:
            document = await registers.document(None, one.id, first, last)
            made |= {f"{one.name} — {file.name}".replace("/", "-"): file.content
                     for file in await program.papers.register(document)}
    return _written(folder, made)


def _written(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


async def collect_photos(settings: Settings, folder: Path) -> "Collected":
    """The compared photos of all cases into a folder, to be labelled (R17)."""
    from core.usecases.labels import collect
    async with app.program(settings, create=False) as program:
        return await collect(program.office, folder)


def first_journal_break(settings: Settings) -> int | None:
    """The first entry of the journal that was tampered with, if any."""
    async def look() -> int | None:
        async with app.program(settings, create=False) as program:
            return await audit.first_break(program.office.work)
    return asyncio.run(look())

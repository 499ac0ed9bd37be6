"""A small office with three months behind it, in a database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from core.bell import Bell
from core.calendar import MOSCOW
from core.case import CitizenMessage
from core.inbound import Applicant
from core.outbound import Delivery
from core.people import Body, Channel, Person
from core.ports import UnitOfWork
from core.regulation.terms import BodyKind, Role, State
from core.secret import Secret
from core.usecases.office import Office, Rules
from core.usecases.reporting import Reporting
from storage.database import Database, open_database
from storage.template import open_fresh
from tests.builders import kept_case
from tests.reports.history import CALENDAR, LEADS, ORGANS, STAFF, Chance

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=MOSCOW)
CASES = 120
OFFICES = {1: Role.DESK, 2: Role.DESK_HEAD, 3: Role.CHIEF_OF_STAFF, 4: Role.OFFICIAL,
           5: Role.HEAD_OF_DISTRICT}


class Clock:
    """Stands where it is set."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)


_kept: list[bytes] = []
"""The database once it was made: every further test gets a copy."""


async def _with_history(folder: Path) -> bytes:
    """The database with three months in it."""
    if not _kept:
        made = await open_fresh(folder)
        async with made.work() as work:
            await _people(work)
            await _history(work)
        await made.close()
        _kept.append(_read(folder))
    return _kept[0]


def _read(folder: Path) -> bytes:
    return (folder / "rakurs.db").read_bytes()


def _write(folder: Path, content: bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "rakurs.db").write_bytes(content)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    _write(tmp_path, await _with_history(tmp_path / "history"))
    database = await open_database(f"sqlite://{tmp_path / 'rakurs.db'}", tmp_path)
    yield _office(database)
    await database.close()


def _is_there(folder: Path) -> bool:
    return folder.exists()


def _office(database: Database) -> Office:
    return Office(database.work, Clock(), CALENDAR,
                  Rules(office_addresses=("dobrodel@gorod.test",)), database.files, Bell(),
                  Secret(b"k" * 32))


@pytest.fixture(scope="module")
def aside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the office with its reports is kept once it was made."""
    return tmp_path_factory.mktemp("aside") / "office"


@pytest.fixture
async def office_with_reports(tmp_path: Path, aside: Path) -> AsyncIterator[Office]:
    """The same office on the morning of NOW: its reports are made, the notices have gone."""
    if not _is_there(aside):
        fresh = tmp_path / "fresh"
        _write(fresh, await _with_history(tmp_path / "history"))
        made = await open_database(f"sqlite://{fresh / 'rakurs.db'}", fresh)
        office = _office(made)
        await Reporting(office).tick()
        async with office.work() as work:
            for channel in (Channel.TELEGRAM, Channel.EMAIL):
                while rows := await work.outbox.claim(channel, NOW, NOW, 100):
                    for row in rows:
                        await work.outbox.settle(row.id, Delivery.SENT, NOW)
        await made.close()
        copytree(fresh, aside)
    copytree(aside, tmp_path / "office")
    database = await open_database(f"sqlite://{tmp_path / 'office' / 'rakurs.db'}",
                                   tmp_path / "office")
    yield _office(database)
    await database.close()


async def _people(work: UnitOfWork) -> None:
    bodies = [Body(number, f"b{number}", name, BodyKind.DEPARTMENT)
              for number, name in ORGANS.items()]
    people = [Person(number, f"p{number}", name, "сотрудник", LEADS.get(number, 1),
                     frozenset({OFFICES[number]} if number in OFFICES else ()),
                     telegram_id=1000 + number, email=f"p{number}@gorod.test")
              for number, name in STAFF.items()]
    await work.people.import_all(bodies, people, (), ())


async def _history(work: UnitOfWork) -> None:
    facts = [one for one in Chance(7).month(CASES) if one.at < NOW]
    last = {one.case_id: one.after for one in facts if one.subject == "case"}
    numbers = {}
    for case_id in sorted(filter(None, last)):
        case = await kept_case(work, CitizenMessage("", "текст"), Applicant("", ""), NOW)
        await work.cases.save(replace(case, state=State(last[case_id])))
        numbers[case_id] = case.id
    directory = await work.people.directory()
    people = {int(one.code[1:]): one.id for one in directory.people.values()}
    bodies = {int(one.code[1:]): one.id for one in directory.bodies.values()}

    def ids(text: str, known: dict[int, int]) -> str:
        return " ".join(str(known[int(one)]) for one in text.split())

    await work.journal.append([replace(
        one, case_id=numbers[one.case_id or 0], actor_id=people.get(one.actor_id or 0),
        details={name: ids(text, people if name == "people" else bodies)
                 if name in {"people", "bodies"} else text
                 for name, text in one.details.items()}) for one in facts])

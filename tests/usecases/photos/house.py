"""A small office on a real database, for stories of ``builders``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from core.bell import Bell
from core.case import Case
from core.inbound import Applicant
from core.notices import Notice, NoticeKind, OutboxRow
from core.outbound import Delivery
from core.people import Actor, Channel, Directory, Person
from core.regulation.terms import Role
from core.secret import Secret
from core.usecases.intake import Intake
from core.usecases.letters import Letters
from core.usecases.office import Office
from core.usecases.replies import Replies
from storage.database import Database
from storage.template import open_fresh
from tests.builders import CALENDAR, MONDAY, RULES, Story, a_directory, kept_case

SECRET = Secret(b"k" * 32)


class SetClock:
    """Stands where it is set."""

    def __init__(self, moment: datetime = MONDAY) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The moment."""
        return self.moment


@dataclass
class House:
    """The office of ``builders`` with its database; ids of people are those of ``builders``."""

    database: Database
    clock: SetClock
    office: Office
    letters: Letters
    intake: Intake
    _sources: int = field(default=0)
    _letters: int = field(default=0)

    def actor(self, person_id: int | None = None, speaks_for: frozenset[Role] = frozenset()
              ) -> Actor:
        """Somebody, acting by a thing that came just now."""
        self._sources += 1
        person = a_directory().person(person_id) if person_id is not None else None
        return Actor(Channel.TELEGRAM if person else Channel.MSED, f"test:{self._sources}", person,
                     speaks_for)

    def next_uid(self) -> int:
        """The next letter's place in the mailbox."""
        self._letters += 1
        return self._letters

    async def keep(self, story: Story) -> Case:
        """Put a story's case into the database and go on at its moment."""
        self.clock.moment = story.now
        async with self.office.work() as work:
            case = await kept_case(work, story.case.message, Applicant("И", "8"), story.now)
            return await work.cases.save(replace(
                story.case, id=case.id, number=case.number, version=case.version))

    async def case(self, case_id: int) -> Case:
        """The case as it stands."""
        async with self.office.work() as work:
            return await work.cases.get(case_id)

    async def queued(self, kind: NoticeKind) -> list[Notice]:
        """What waits to be told of that kind; everything is taken off the queue."""
        return [row.notice for row in await self.taken_off() if row.notice.kind is kind]

    async def taken_off(self) -> list[OutboxRow]:
        """The whole queue as it would be sent: each claim gives one row for each recipient."""
        found: list[OutboxRow] = []
        async with self.office.work() as work:
            for channel in (Channel.TELEGRAM, Channel.EMAIL):
                while rows := await work.outbox.claim(
                        channel, self.clock.now(), self.clock.now() + timedelta(minutes=1), 1000):
                    for row in rows:
                        await work.outbox.settle(row.id, Delivery.SENT, self.clock.now())
                    found += rows
        return found


def _numbered(directory: Directory) -> tuple[Person, ...]:
    """The people, with nobodies between them: so the database gives them the same numbers."""
    return tuple(directory.people.get(number) or Person(
        number, f"nobody{number}", "Никто", "", next(iter(directory.bodies)))
        for number in range(1, max(directory.people) + 1))


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    """An office in ``folder`` with the directory of ``builders``."""
    database = await open_fresh(folder)
    clock = SetClock()
    office = Office(database.work, clock, CALENDAR, RULES, database.files, Bell(), SECRET)
    letters = Letters(office)
    usual = a_directory()
    async with database.work() as work:
        await work.people.import_all(tuple(usual.bodies.values()), _numbered(usual), usual.routes,
                                     usual.approvals)
    try:
        yield House(database, clock, office, letters,
                    Intake(office, letters, Replies(office, letters)))
    finally:
        await database.close()

"""The core's intake over a real database, for the tests of the bridge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from core.bell import Bell
from core.calendar import WorkingCalendar
from core.inbound import InboundMail, MailPlace
from core.people import Actor, Channel
from core.ports import StoredMail
from core.secret import Secret
from core.usecases.intake import Intake
from core.usecases.letters import Letters
from core.usecases.mailroom import Mailroom
from core.usecases.office import Office, Rules
from core.usecases.replies import Replies
from mail.reading import read_mail
from mail.rules import MailRules
from storage.template import open_fresh
from tests.bot import city

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
RULES = MailRules("bot@gorod.test", msed_senders=("msed.example",))


class _Clock:
    def now(self) -> datetime:
        return MONDAY


class Desk:
    """The intake, and what the desk sees of it."""

    def __init__(self, office: Office) -> None:
        letters = Letters(office)
        self.office = office
        self.mailroom = Mailroom(office, letters)
        self.intake = Intake(office, letters, Replies(office, letters))
        self.uid = 0

    def letter(self, table: str, *, uid: int = 0, rules: MailRules = RULES) -> InboundMail:
        """A letter of МСЭД with a CSV table."""
        self.uid = uid or self.uid + 1
        raw = (
            f"From: export@msed.example\r\nMessage-ID: <{self.uid}@msed.example>\r\n"
            "Subject: export\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n"
            "see the file\r\n--x\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n"
            f"{table}\r\n--x--\r\n"
        ).encode()
        return read_mail(raw, MailPlace("INBOX", 7, self.uid), MONDAY, rules)

    async def numbers(self) -> list[str]:
        """Portal numbers of all cases that a person of the desk could see, oldest first."""
        async with self.office.work() as work:
            return [one.message.portal_number for one in await work.cases.open_cases()]

    async def waiting(self) -> list[StoredMail]:
        """Letters that a person must look at."""
        async with self.office.work() as work:
            return list(await work.mailbox.unclear())

    def clerk(self, source: str = "tg:1") -> Actor:
        """Somebody of the desk."""
        person = next(one for one in city.PEOPLE if one.id == city.DESK)
        return Actor(Channel.TELEGRAM, source, person)


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    """A desk on a fresh database."""
    database = await open_fresh(folder)
    try:
        async with database.work() as work:
            await work.people.import_all(city.BODIES, city.PEOPLE, city.ROUTES, city.APPROVALS)
        yield Desk(Office(
            database.work, _Clock(), WorkingCalendar.official(), Rules(), database.files, Bell(),
            Secret(b"k" * 32)))  # fmt: skip
    finally:
        await database.close()

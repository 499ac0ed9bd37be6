"""A whole office over a real database and real files; only the world outside is made up."""

import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from core.bell import Bell
from core.calendar import MOSCOW, WorkingCalendar
from core.cards import Digest
from core.case import Case
from core.documents.values import RegisterDocument
from core.files import FileRef
from core.inbound import Attachment, InboundMail, MailPlace, MessageCard, NewMessage, Reading
from core.journal import Entry
from core.letters import Letter
from core.notices import NoticeKind
from core.outbound import DeliveryError, LetterFile
from core.people import Actor, Channel, Directory
from core.ports import StoredMail
from core.regulation.terms import AnswerKind
from core.secret import Secret
from core.usecases import approvals, dispatch, execution, resolutions, routing
from core.usecases.control import Control
from core.usecases.delivery import Delivery
from core.usecases.enrolment import Enrolment
from core.usecases.intake import MSED_SPEAKS_FOR, SYSTEM, Intake
from core.usecases.letters import Letters
from core.usecases.lookups import Lookups
from core.usecases.mailroom import Mailroom
from core.usecases.office import Act, CaseRef, Office, Rules
from core.usecases.parcels import Leaving, Packer, Papers, Parcel, at_once
from core.usecases.replies import Replies
from storage.database import Database
from tests.bot import city

P = ParamSpec("P")

BY_MAIL_ALONE = frozenset({city.HELPER, city.STATE})
"""These never joined the bot."""

ENOUGH = "Яма на проезде заделана, асфальт уложен 25 ноября."


def moscow(day: int, hour: int = 10, minute: int = 0, month: int = 11, year: int = 2026
           ) -> datetime:
    """A moment of the office."""
    return datetime(year, month, day, hour, minute, tzinfo=MOSCOW)


class StillClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = moscow(23)

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)


class RecordingCourier:
    """Carries everything at once, but for the fates ordered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.carried: list[Parcel] = []
        self.fates: deque[DeliveryError | None] = deque()
        self.always: DeliveryError | None = None

    async def deliver(self, parcel: Parcel, leaving: Leaving = at_once) -> str:
        await leaving()
        fate = self.fates.popleft() if self.fates else self.always
        if fate is not None:
            raise fate
        self.carried.append(parcel)
        return f"<{self.name}.{parcel.row_id}@gorod.test>"

    def of(self, kind: NoticeKind) -> list[Parcel]:
        return [one for one in self.carried if one.kind is kind]


class NoPapers:
    """Documents of a few bytes: the real ones have tests of their own."""

    async def answer(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        return (LetterFile("Ответ.pdf", "application/pdf", b"%PDF"),)

    async def returned(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        return (LetterFile("Возврат.pdf", "application/pdf", b"%PDF"),)

    async def closing(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        return (LetterFile("Ответы.pdf", "application/pdf", b"%PDF"),)

    async def letter(self, letter: Letter, directory: Directory) -> tuple[LetterFile, ...]:
        return (LetterFile("Письмо.pdf", "application/pdf", b"%PDF"),)

    async def register(self, register: RegisterDocument) -> tuple[LetterFile, ...]:
        return (LetterFile("Реестр.pdf", "application/pdf", b"%PDF"),
                LetterFile("Реестр.xlsx", "application/octet-stream", b"PK"))

    async def digest(self, digest: Digest) -> tuple[LetterFile, ...]:
        return (LetterFile("Сводка.xlsx", "application/octet-stream", b"PK"),)


@dataclass(frozen=True)
class Row:
    """A row of the outbox as it lies in the database."""

    id: int
    kind: NoticeKind
    channel: str
    person_id: int | None
    address: str
    case_id: int | None
    facts: str
    state: str
    attempts: int
    last_error: str
    key: str


RULES = Rules(msed_address="msed@gorod.test", operator_address="operator@gorod.test",
              office_addresses=("dobrodel@gorod.test",))


@dataclass
class House:
    """The office and its people."""

    database: Database
    clock: StillClock
    office: Office
    letters: Letters
    lookups: Lookups
    control: Control
    enrolment: Enrolment
    intake: Intake
    telegram: RecordingCourier
    email: RecordingCourier
    delivery: Delivery
    _sources: int = field(default=0)
    _uid: int = field(default=0)

    @classmethod
    async def open(cls, database: Database, clock: StillClock | None = None,
                   rules: Rules = RULES, papers: Papers | None = None) -> "House":
        """A process of the program over the database: opening again is a restart."""
        clock = clock or StillClock()
        calendar = WorkingCalendar.official()
        database.lives_by(lambda: calendar.local_date(clock.now()))
        office = Office(database.work, clock, calendar, rules, database.files,
                        Bell(), Secret(b"k" * 32))
        letters, lookups, control = Letters(office), Lookups(office), Control(office)
        telegram, email = RecordingCourier("telegram"), RecordingCourier("email")
        delivery = Delivery(office, {Channel.TELEGRAM: telegram, Channel.EMAIL: email},
                            Packer(office, lookups, control, papers or NoPapers()), letters)
        return cls(database, clock, office, letters, lookups, control, Enrolment(office),
                   Intake(office, letters, Replies(office, letters)), telegram, email, delivery)

    async def restarted(self) -> "House":
        """The program killed and started again over the same database."""
        return await House.open(self.database, self.clock, self.office.rules,
                                self.delivery.packer.papers)

    @property
    def mailroom(self) -> Mailroom:
        """What the desk does with unclear mail."""
        return Mailroom(self.office, self.letters)

    # The world outside

    async def settle_in(self, by_mail_alone: Collection[int] = BY_MAIL_ALONE) -> None:
        """The directory, with everyone but a few in the bot."""
        staff = [replace(one, telegram_id=None if one.id in by_mail_alone
                         else city.telegram_id(one.id)) for one in city.PEOPLE]
        async with self.office.work() as work:
            await work.people.import_all(city.BODIES, staff, city.ROUTES, city.APPROVALS)

    def mail(self, reading: Reading, sender: str = "msed@gorod.test", *, message_id: str = "",
             text: str = "", subject: str = "", attachments: tuple[Attachment, ...] = (),
             raw: bytes = b"", answers: str = "") -> InboundMail:
        """A letter in the mailbox, at the next place."""
        self._uid += 1
        return InboundMail(
            MailPlace("INBOX", 7, self._uid), raw or f"letter {self._uid}".encode(),
            self.clock.now(), message_id or f"<in.{self._uid}@gorod.test>", sender,
            subject or f"Письмо {self._uid}", text, reading, attachments, in_reply_to=answers)

    async def arrives(self, card: MessageCard | None = None,
                      attachments: tuple[Attachment, ...] = ()) -> Case:
        """A message of the portal comes from МСЭД."""
        await self.intake.accept(self.mail(NewMessage(card or city.message()),
                                           attachments=attachments))
        row = (await self.letters_in())[-1]
        assert row.case_id is not None, row.outcome
        return await self.case(row.case_id)

    # People

    async def actor(self, person_id: int, channel: Channel = Channel.TELEGRAM) -> Actor:
        """The person, acting once more."""
        self._sources += 1
        directory = await self.lookups.directory()
        return Actor(channel, f"test:{self._sources}", directory.person(person_id))

    def msed(self) -> Actor:
        """МСЭД, speaking once more."""
        self._sources += 1
        return Actor(Channel.MSED, f"msed:{self._sources}", speaks_for=MSED_SPEAKS_FOR)

    def system(self) -> Actor:
        """The program itself, acting once more."""
        self._sources += 1
        return Actor(Channel.SYSTEM, f"system:{self._sources}", speaks_for=SYSTEM)

    async def do(self, person_id: int, case_id: int, deed: Callable[Concatenate[Act, P], None],
                 *args: P.args, **kwargs: P.kwargs) -> Case:
        """A deed of a person on the case."""
        return await self.office.do(await self.actor(person_id), CaseRef(case_id), deed,
                                    *args, **kwargs)

    async def carry(self) -> int:
        """Everything that is due goes out; how many rows that were."""
        carried = 0
        while taken := sum([await self.delivery.carry(one)
                            for one in (Channel.TELEGRAM, Channel.EMAIL)]):
            carried += taken
        return carried

    # A case on its way

    async def registered(self, card: MessageCard | None = None) -> Case:
        """Arrived and registered."""
        case = await self.arrives(card)
        return await self.do(city.DESK, case.id, routing.register)

    async def at_work(self, card: MessageCard | None = None, *tasks: resolutions.Task,
                      attachments: tuple[Attachment, ...] = ()) -> Case:
        """In the hands of its executors, everything told."""
        case = await self.arrives(card, attachments)
        await self.do(city.DESK, case.id, routing.register)
        await self.do(city.DESK, case.id, routing.route, city.OFFICIAL)
        await self.do(city.OFFICIAL, case.id, resolutions.impose,
                      tasks or (resolutions.Task(city.LEAD),))
        await self.carry()
        return await self.case(case.id)

    async def drafted(self, case: Case, kind: AnswerKind = AnswerKind.SOLVED,
                      text: str = ENOUGH) -> Case:
        """The lead's draft goes to approval."""
        await self.do(city.LEAD, case.id, execution.save_draft, kind, text)
        return await self.do(city.LEAD, case.id, execution.submit_draft)

    async def signed(self, case: Case) -> Case:
        """Drafted, approved by all, signed."""
        await self.drafted(case)
        await self.do(city.APPROVER, case.id, approvals.approve)
        await self.do(city.STATE, case.id, approvals.approve)
        return await self.do(city.SIGNATORY, case.id, approvals.sign)

    async def sent(self, case: Case) -> Case:
        """Signed, registered, on its way to the operator."""
        await self.signed(case)
        await self.do(city.DESK, case.id, dispatch.confirm_form)
        return await self.do(city.DESK, case.id, dispatch.dispatch)

    # What one can look at afterwards

    async def case(self, case_id: int) -> Case:
        async with self.office.work() as work:
            return await work.cases.get(case_id)

    async def journal(self, case_id: int) -> Sequence[Entry]:
        async with self.office.work() as work:
            return await work.journal.of_case(case_id)

    async def letters_in(self) -> list[StoredMail]:
        """Every letter that came, oldest first."""
        ids = [one["id"] for one in self.table("mail")]
        async with self.office.work() as work:
            return [await work.mailbox.get(one) for one in ids]

    async def keep(self, content: bytes = b"scan", name: str = "скан.pdf",
                   media_type: str = "application/pdf") -> FileRef:
        """A file in the store."""
        return await self.office.files.put(content, name, media_type)

    def rows(self, *kinds: NoticeKind) -> list[Row]:
        """The outbox, oldest first."""
        names = ("id", "kind", "channel", "person_id", "address", "case_id", "facts", "state",
                 "attempts", "last_error", "key")
        found = [Row(**{name: one[name] for name in names}) for one in self.table("outbox")]
        found = [replace(one, kind=NoticeKind(one.kind)) for one in found]
        return [one for one in found if not kinds or one.kind in kinds]

    def table(self, name: str) -> list[dict[str, Any]]:
        """A table of the database file, read beside the program."""
        assert self.database.path is not None
        with sqlite3.connect(Path(self.database.path)) as line:
            line.row_factory = sqlite3.Row
            found = line.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()  # noqa: S608
        line.close()
        return [dict(one) for one in found]

    def told(self, kind: NoticeKind) -> list[int | None]:
        """Who was told of that, in order."""
        return [one.person_id for one in self.rows(kind)]

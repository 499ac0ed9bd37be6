"""The whole outside world of the core, as protocols; adapters satisfy them structurally."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from core.case import Case, CitizenMessage
from core.errors import AssistantError
from core.files import FileRef
from core.inbound import Applicant
from core.journal import Entry, Fact
from core.letters import Letter
from core.notices import Notice, OutboxRow
from core.outbound import Delivery
from core.people import ApprovalRule, Body, Channel, Directory, Person, Route
from core.regulation.terms import State


class UnavailableError(AssistantError):
    """The database or the disk cannot serve now; nothing was done, another try may succeed."""


class Clock(Protocol):
    """The only source of the present moment."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class FileStore(Protocol):
    """Content-addressed files: the same bytes are kept once. Never inside a unit of work."""

    async def put(self, content: bytes, name: str, media_type: str) -> FileRef:
        """Keep the bytes (write aside, fsync, rename) and return their reference."""
        ...

    async def get(self, file: FileRef) -> bytes:
        """The bytes; raises NotFoundError where the file is gone."""
        ...


class Cases(Protocol):
    """Whole cases. ``save`` compares the version: a case that moved on raises StaleCardError."""

    async def get(self, case_id: int) -> Case:
        """The case; raises NotFoundError."""
        ...

    async def find(self, number: str) -> Case | None:
        """By our number, its digits alone, or the portal's number (the newest of that)."""
        ...

    async def add(self, message: CitizenMessage, applicant: Applicant, at: datetime) -> Case:
        """A new case with the next number of its year, «ЕКЖ-2026-000123»."""
        ...

    async def save(self, case: Case) -> Case:
        """Write the case over the version it was read at; returns it with the next version."""
        ...

    async def open_cases(self) -> Sequence[Case]:
        """Every case that is neither final nor resting (published), for the control scan."""
        ...

    async def open_versions(self) -> Mapping[int, int]:
        """Id and version of each of the same cases, oldest first; cheap, no case is read."""
        ...

    async def several(self, case_ids: Sequence[int]) -> Sequence[Case]:
        """Those of these cases that are there, oldest first."""
        ...

    async def with_person(self, person_id: int) -> Sequence[Case]:
        """Open cases in which the person has a part (official, executor, approver, signatory)."""
        ...

    async def in_states(self, *states: State) -> Sequence[Case]:
        """Open cases in these states, oldest first."""
        ...

    async def applicant(self, case_id: int) -> Applicant:
        """The citizen's name and contacts; kept apart from the case (4.1)."""
        ...


class Letters(Protocol):
    """Letters outside МСЭД. ``save`` compares the version as ``Cases.save`` does."""

    async def add(self, letter: Letter) -> Letter:
        """Keep a new letter (its ``id`` is given here)."""
        ...

    async def get(self, letter_id: int) -> Letter:
        """The letter; raises NotFoundError."""
        ...

    async def save(self, letter: Letter) -> Letter:
        """Write over the version it was read at."""
        ...

    async def of_case(self, case_id: int) -> Sequence[Letter]:
        """All letters of a case, oldest first."""
        ...

    async def registered_between(self, start: datetime, end: datetime) -> Sequence[Letter]:
        """Letters registered in the period: the dispatch register (5¶4)."""
        ...

    async def next_number(self, series: str, year: int) -> int:
        """The next number of a register, from 1 each year, without gaps."""
        ...


class People(Protocol):
    """The directory and who joined the bot."""

    async def directory(self) -> Directory:
        """The whole directory; cached by its revision, so asking again is cheap."""
        ...

    async def import_all(self, bodies: Sequence[Body], people: Sequence[Person],
                         routes: Sequence[Route], approvals: Sequence[ApprovalRule]) -> None:
        """Replace what the file names, keyed by ``code``; ids inside refer to positions in the
        given sequences' own ids. People left out become inactive; accounts are kept."""
        ...

    async def by_telegram(self, telegram_id: int) -> Person | None:
        """The active person of that account."""
        ...

    async def by_email(self, address: str) -> Person | None:
        """The active person of that address, letters' case ignored."""
        ...

    async def add_invitation(self, person_id: int, code_hash: str, expires_at: datetime) -> None:
        """Keep a one-time invitation by the hash of its code."""
        ...

    async def use_invitation(self, code_hash: str, telegram_id: int, now: datetime
                             ) -> Person | None:
        """Link the account and use the invitation up; None if unknown, used or expired.

        An account linked to somebody else before is unlinked there."""
        ...


class Journal(Protocol):
    """The journal of facts: appended to, never changed; each entry chained to the one before."""

    async def append(self, facts: Sequence[Fact]) -> None:
        """Add facts in order."""
        ...

    async def of_case(self, case_id: int) -> Sequence[Entry]:
        """The history of one case, oldest first."""
        ...

    async def count(self, event: str, start: datetime, end: datetime) -> int:
        """How many facts of that event lie in [start, end)."""
        ...

    async def first_break(self) -> int | None:
        """The id of the first entry whose chain does not hold, or None (``audit-check``)."""
        ...


class Outbox(Protocol):
    """What is to be told, and how far it got."""

    async def put(self, notices: Sequence[tuple[Notice, Channel]], now: datetime) -> None:
        """Queue; a notice whose key is there already is passed over in silence."""
        ...

    async def claim(self, channel: Channel, now: datetime, until: datetime, limit: int,
                    busy: Collection[int] = ()) -> Sequence[OutboxRow]:
        """Take due rows (queued, not_before reached, not claimed), oldest first.

        They stay QUEUED: a claim that runs out frees them. One row for each recipient, none for
        the recipients of the rows ``busy``, so that each recipient's rows keep their order.
        """
        ...

    async def leave(self, row: OutboxRow, until: datetime) -> bool:
        """Mark a claimed row SENDING; from here on a crash leaves it in doubt.

        False if the claim ran out and another has taken the row: then nothing may be sent.
        """
        ...

    async def hold(self, row_ids: Collection[int], until: datetime) -> None:
        """Work on them goes on: their claims last until then."""
        ...

    async def claimed_and_lost(self, now: datetime) -> Sequence[OutboxRow]:
        """Rows SENDING whose claim ran out: the process died between sending and settling."""
        ...

    async def settle(self, row_id: int, state: Delivery, now: datetime, *, message_ref: str = "",
                     error: str = "", not_before: datetime | None = None) -> None:
        """How it ended; QUEUED with ``not_before`` puts it back for another try."""
        ...

    async def by_message_ref(self, message_ref: str) -> OutboxRow | None:
        """The row sent as that Message-ID (for bounces and replies)."""
        ...

    async def troubled(self) -> Sequence[OutboxRow]:
        """Rows FAILED, BOUNCED or IN_DOUBT that nobody has dealt with (for the digest)."""
        ...

    async def dealt_with(self, row_id: int, now: datetime) -> None:
        """A person has seen to a troubled row; ``troubled`` names it no more."""
        ...

    async def count(self, state: Delivery) -> int:
        """How many rows are in that state."""
        ...


class Sources(Protocol):
    """Which incoming updates and letters have been acted on: each exactly once."""

    async def mark(self, source: str, now: datetime) -> None:
        """Mark as done in this transaction; raises AlreadyDoneError if it was."""
        ...


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """A Telegram update kept before it was confirmed; ``person_key`` orders one user's updates."""

    update_id: int
    payload: str = field(repr=False)
    received_at: datetime
    attempts: int = 0


class Updates(Protocol):
    """Telegram updates: durable before they are confirmed, handled in order."""

    async def store(self, updates: Sequence[StoredUpdate]) -> Sequence[StoredUpdate]:
        """Keep those not seen before and return them."""
        ...

    async def unhandled(self) -> Sequence[StoredUpdate]:
        """Kept and not yet handled, in order: what a restart must take up again."""
        ...

    async def handled(self, update_id: int, now: datetime) -> None:
        """Done with it, well or badly."""
        ...

    async def attempt(self, update_id: int) -> None:
        """Count one try, so that an update that kills the process is given up in the end."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget those handled before that moment; returns how many."""
        ...


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A letter that came: ``outcome`` says what was made of it; ``handled`` is false while a
    person must look."""

    id: int
    mailbox: str
    uidvalidity: int
    uid: int
    message_id: str
    sender: str
    subject: str
    text: str = field(repr=False)
    received_at: datetime
    raw: FileRef
    kind: str
    outcome: str
    handled: bool
    case_id: int | None = None
    files: tuple[FileRef, ...] = ()


class Mailbox(Protocol):
    """Incoming mail, each letter once (by place, by Message-ID)."""

    async def cursor(self, mailbox: str) -> tuple[int, int] | None:
        """UIDVALIDITY and the last UID taken in."""
        ...

    async def move_cursor(self, mailbox: str, uidvalidity: int, uid: int) -> None:
        """Note how far the mailbox has been read."""
        ...

    async def seen(self, mail: StoredMail) -> bool:
        """Whether that place, or a letter of that Message-ID and content, is here already."""
        ...

    async def add(self, mail: StoredMail) -> StoredMail:
        """Keep the row (its ``id`` is given here)."""
        ...

    async def get(self, mail_id: int) -> StoredMail:
        """The row; raises NotFoundError."""
        ...

    async def settle(self, mail_id: int, outcome: str, case_id: int | None) -> None:
        """A person has dealt with it."""
        ...

    async def of_case(self, case_id: int) -> Sequence[StoredMail]:
        """Every letter that came about a case, oldest first."""
        ...

    async def unclear(self) -> Sequence[StoredMail]:
        """What a person must still look at, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """What an unguessable token in a Reply-To stands for (bound to person, case and act)."""

    purpose: str
    case_id: int | None = None
    person_id: int | None = None
    letter_id: int | None = None
    case_version: int = 0
    single_use: bool = False


class Tokens(Protocol):
    """Tokens of outgoing letters, kept by hash."""

    async def add(self, token_hash: str, token: Token, now: datetime) -> None:
        """Keep a token by its hash."""
        ...

    async def find(self, token_hash: str) -> Token | None:
        """What it stands for; None if unknown or used up."""
        ...

    async def use_up(self, token_hash: str) -> None:
        """A single-use token has served."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget the used ones made before that moment; returns how many."""
        ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question of the bot that waits for a text or file: which chat, which message, for what.

    Kept in the database, so that a restart in the middle loses nothing. ``purpose`` is a code of
    the bot; ``facts`` its small values.
    """

    chat_id: int
    message_id: int
    person_id: int
    purpose: str
    case_id: int | None = None
    case_version: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


class Prompts(Protocol):
    """Open questions of the bot."""

    async def put(self, prompt: Prompt, now: datetime) -> None:
        """Keep a question."""
        ...

    async def find(self, chat_id: int, message_id: int | None) -> Prompt | None:
        """The question replied to, or the newest open one of the chat."""
        ...

    async def find_purpose(self, chat_id: int, purpose: str) -> Prompt | None:
        """The newest open question of that purpose in the chat."""
        ...

    async def close(self, chat_id: int, message_id: int) -> None:
        """The question is answered or cancelled."""
        ...

    async def close_all(self, chat_id: int) -> None:
        """Everything asked in the chat is cancelled."""
        ...

    async def update(self, prompt: Prompt) -> None:
        """Write its facts anew."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget those asked before that moment; returns how many."""
        ...


class Routines(Protocol):
    """Which duties of section 6 were done for which period."""

    async def done(self, routine: str, period: str) -> bool:
        """Whether it was."""
        ...

    async def mark(self, routine: str, period: str, now: datetime) -> None:
        """It is now."""
        ...


class PhotoKind(StrEnum):
    """Whose photo it is."""

    CITIZEN = "citizen"
    EXECUTOR = "executor"


@dataclass(frozen=True, slots=True)
class PhotoPrint:
    """What is remembered of one photo of a case: its perceptual fingerprint (160 bytes).

    An executor's photo is remembered once it was compared with all that came before it.
    """

    sha256: str
    case_id: int
    kind: PhotoKind
    fingerprint: bytes = field(repr=False)
    id: int = 0


class Fingerprints(Protocol):
    """The photos of all cases, to notice one that is used again (R17)."""

    async def add(self, photo: PhotoPrint) -> None:
        """Remember; a photo that is remembered already is passed over in silence."""
        ...

    async def after(self, last_id: int, limit: int) -> Sequence[PhotoPrint]:
        """The next ones in the order in which they were added."""
        ...

    async def get(self, ids: Sequence[int]) -> Sequence[PhotoPrint]:
        """Those of these ids, in any order."""
        ...

    async def of_cases(self, case_ids: Sequence[int]) -> Sequence[PhotoPrint]:
        """Those of these cases."""
        ...


class UnitOfWork(Protocol):
    """One transaction and the repositories inside it. Leaving normally commits."""

    cases: Cases
    letters: Letters
    people: People
    journal: Journal
    outbox: Outbox
    sources: Sources
    updates: Updates
    mailbox: Mailbox
    tokens: Tokens
    prompts: Prompts
    routines: Routines
    fingerprints: Fingerprints

    async def __aenter__(self) -> Self:
        """Begin (BEGIN IMMEDIATE on SQLite)."""
        ...

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        """Commit, or roll back where an error passes through."""
        ...


class WorkFactory(Protocol):
    """Makes a unit of work: ``async with self.work() as work``."""

    def __call__(self) -> UnitOfWork:
        """A fresh unit of work."""
        ...

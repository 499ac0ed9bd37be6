"""What waits: notices to send, updates and letters to take in, each exactly once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.files import FileRef
from core.notices import Notice, NoticeKind, OutboxRow
from core.outbound import Delivery
from core.people import Channel


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

    async def claim_with(self, row: OutboxRow, kinds: Collection[NoticeKind], now: datetime,
                         until: datetime) -> Sequence[OutboxRow]:
        """Take what else of these kinds is due for the same person by the same channel.

        Only where, with ``row``, there are three at least; at most fifty, oldest first.
        """
        ...

    async def leave(self, row: OutboxRow, until: datetime, sent: FileRef | None = None) -> bool:
        """Mark a claimed row SENDING; from here on a crash leaves it in doubt.

        ``sent`` is the letter as it goes. False if the claim ran out and another has taken the
        row: then nothing may be sent.
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

    async def by_key(self, key: str) -> OutboxRow | None:
        """The row of that key, if it was ever queued."""
        ...

    async def of_case(self, case_id: int, kinds: Collection[NoticeKind]) -> Sequence[OutboxRow]:
        """Rows of these kinds about a case, oldest first."""
        ...

    async def letters_of_case(self, case_id: int) -> Sequence[OutboxRow]:
        """Letters about a case as they went (``sent``), one for each sending, oldest first."""
        ...

    async def queued_since(self, kind: NoticeKind, person_id: int, since: datetime) -> int:
        """How many rows of that kind were queued for the person from that moment on."""
        ...

    async def opened(self, person_id: int, now: datetime) -> None:
        """The person has acted in the chat: what Telegram brought before is opened."""
        ...

    async def unopened(self, kinds: Collection[NoticeKind], since: datetime
                       ) -> Sequence[OutboxRow]:
        """Of these kinds, what Telegram brought since then and nobody has opened, oldest first."""
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

    async def fresh(self, mails: Sequence[StoredMail]) -> Sequence[bool]:
        """Of each letter: whether neither its place nor one of its Message-ID and content is here
        already, or comes before it in the sequence."""
        ...

    async def add(self, *mails: StoredMail) -> Sequence[StoredMail]:
        """Keep the rows (their ``id`` is given here)."""
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

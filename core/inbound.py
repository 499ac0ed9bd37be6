"""What a letter from the mailbox says, as plain values: the mail bridge reads, the core acts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from core.files import Content


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a letter, as it came."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    place: tuple[int, int] | None = field(default=None, compare=False, repr=False)
    """From which byte of the letter to which it stands in base64; None if it has to be kept."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """The citizen: personal data (4.1). Never leaves for Telegram, a log or a notice."""

    name: str = field(default="", repr=False)
    contacts: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MessageCard:
    """The card of a portal message as МСЭД exports it.

    ``number`` is the portal's or МСЭД's own number; ``repeat_of`` the number of the message
    that the citizen sent back for rework (2.1), empty for a new one.
    """

    number: str
    text: str
    category: str = ""
    topic: str = ""
    place: str = ""
    sent_on: date | None = None
    public: bool = False
    repeat_of: str = ""
    applicant: Applicant = Applicant()


class NoticeKind(StrEnum):
    """What МСЭД or the operator can tell about a document we sent or they hold."""

    APPROVED = "approved"
    REMARKED = "remarked"
    SIGNED = "signed"
    REGISTERED = "registered"
    PUBLISHED = "published"
    RETURNED = "returned"
    RECEIVED = "receipt"


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A portal message that was not here before, or a citizen's return (``card.repeat_of``).

    ``where`` are latitude and longitude, where the citizen's photo tells them.
    """

    card: MessageCard
    where: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class NewMessages:
    """A table of messages: one file, many cases; each row stands or falls by itself.

    ``places`` say in Russian where each of ``cards`` stands («выгрузка.xlsx, строка 5»), one for
    each; ``problems`` name the rows that could not be read; ``notes`` say what was rightly
    passed over.
    """

    cards: tuple[MessageCard, ...]
    places: tuple[str, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MsedNotice:
    """A notice of МСЭД about a case, named by our number or by the portal's."""

    kind: NoticeKind
    case_number: str
    document_number: str = ""
    person: str = ""
    reason: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonReply:
    """A person's answer to one of our letters: ``token`` says who, which case, which act.

    ``text`` is what the person wrote, without the quotation and the signature.
    """

    token: str
    text: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A letter of ours that did not arrive (RFC 3464): which one, for whom, why."""

    message_id: str
    recipient: str
    status: str
    reason: str
    permanent: bool = True


@dataclass(frozen=True, slots=True)
class Delivered:
    """The addressee's server has confirmed a letter of ours (RFC 3464, «delivered»)."""

    message_id: str
    recipient: str


@dataclass(frozen=True, slots=True)
class AutoReply:
    """An automatic answer (RFC 3834): recorded, never acted on, never answered."""

    token: str = ""


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """Mail that a person must look at; ``reason`` says in Russian why the program could not.

    ``keyless``: it was read well and has no key; it may be an answer that went past its key.
    """

    reason: str
    keyless: bool = False


Reading = (NewMessage | NewMessages | MsedNotice | PersonReply | Bounce | Delivered | AutoReply
           | Unrecognised)


@dataclass(frozen=True, slots=True)
class MailPlace:
    """Where a letter lies: the key under which it is taken in exactly once."""

    mailbox: str
    uidvalidity: int
    uid: int


class MailboxEvent(StrEnum):
    """What the office should know of its mailbox as a whole."""

    BACKLOG = "backlog"
    CAUGHT_UP = "caught_up"
    FILLING = "filling"


@dataclass(frozen=True, slots=True)
class MailboxNews:
    """``count`` letters wait or were taken in, or so many per cent of the quota are used."""

    event: MailboxEvent
    mailbox: str
    count: int


@dataclass(frozen=True, slots=True)
class InboundMail:
    """One letter, read. ``raw`` is kept as it came; ``problems`` are what was wrong with it.

    ``in_reply_to`` is the identifier of the letter this one answers, if it says so. ``backlog``
    marks one of very many taken in at once: the desk is not told of each.
    """

    place: MailPlace
    raw: Content = field(repr=False)
    received_at: datetime
    message_id: str
    sender: str
    subject: str
    text: str = field(repr=False)
    reading: Reading
    attachments: tuple[Attachment, ...] = ()
    problems: tuple[str, ...] = ()
    in_reply_to: str = ""
    backlog: bool = False

"""What a person sees of a case: plain values, without the citizen's personal data (4.1)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.approval import Decision
from core.assignment import Photo
from core.case import Signature
from core.files import FileRef
from core.notices import NoticeKind
from core.outbound import Delivery
from core.people import Channel
from core.regulation.terms import AnswerKind, Event
from core.textchecks import Finding
from core.textdiff import Piece


@dataclass(frozen=True, slots=True)
class DueLine:
    """A deadline in words' raw form: ``left`` working days (negative: overdue by so many)."""

    code: str
    label: str
    due_on: date
    left: int
    late: bool
    clause: str
    who: str = ""
    """Whose it is, where it is that of one executor among others."""


@dataclass(frozen=True, slots=True)
class PartLine:
    """One executor's part as others see it."""

    key: int
    who: str
    lead: bool
    state: str
    due_on: date
    scope: str
    report: str
    photos: tuple[Photo, ...]
    remark: str = ""
    mine: bool = False
    """The reader's part: held, passed on to the reader's staff, or done for somebody away."""
    held: bool = False
    """The reader is the one named."""
    waits_for_lead: bool = False
    may_go_back: bool = False
    """The reader may return the material that he has accepted (4.6¶1)."""
    may_be_let_go: bool = False
    """The desk head may allow to decline it after the day (4.4¶2)."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """The newest version of the draft, with what the checks found in it (R25)."""

    version: int
    kind: AnswerKind
    text: str
    promised_on: date | None
    files: tuple[FileRef, ...] = ()
    findings: tuple[Finding, ...] = ()
    insisted: str = ""
    seen: int = 0
    """The earlier version that this reader has seen; 0 where there is none."""
    changes: tuple[Piece, ...] = ()
    other_changes: tuple[str, ...] = ()
    """What changed since then beside the text: kind, date, files."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of the approval list."""

    who: str
    decision: Decision | None
    at: datetime | None
    remark: str
    current: bool
    version: int = 0
    """The earlier version that was decided on, where the decision still counts (R30)."""


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark to an earlier version of this round's draft (4.6¶10)."""

    version: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """What the routing table proposes, and why (R6).

    The dates are the last that a resolution may give; None beyond the official calendar.
    """

    official: str
    official_id: int
    lead: str
    co_executors: str
    reason: str
    lead_until: date | None
    co_executors_until: date | None


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """What past cases say where the directory is silent, for a person to weigh (R6).

    ``certainty``: the share of such guesses that were right when they were checked, 0..1.
    """

    official: str
    official_id: int
    lead: str
    certainty: float
    cases: int


@dataclass(frozen=True, slots=True)
class Load:
    """How much an executor has in hand: parts at work, and those of them past their date."""

    parts: int
    late: int


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """The answer of an earlier round, with the citizen's return (R46)."""

    round: int
    number: str
    text: str
    returned_at: datetime


@dataclass(frozen=True, slots=True)
class KinLine:
    """An earlier message that looks like this one, and in what (R24)."""

    id: int
    number: str
    state: str
    place: str
    why: str


@dataclass(frozen=True, slots=True)
class FirstLine:
    """The message that this one is a duplicate of: how far it is, and what it can give.

    ``photos`` of the work that are not in the reader's own part yet; ``reports`` of its
    executors; ``answer`` is its newest draft, for who may read it.
    """

    id: int
    number: str
    state: str
    photos: int
    reports: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case as this person may see it, with what this person may do now (``actions``)."""

    id: int
    number: str
    stamp: str
    state: str
    state_label: str
    round: int
    returns: int
    topic: str
    category: str
    place: str
    text: str
    received_at: datetime
    sent_on: date | None
    files: tuple[FileRef, ...]
    dues: tuple[DueLine, ...]
    holder: str
    parts: tuple[PartLine, ...] = ()
    draft: DraftView | None = None
    sheet: tuple[SheetLine, ...] = ()
    remarks: tuple[RemarkLine, ...] = ()
    answer_number: str = ""
    signer: str = ""
    signature: Signature | None = None
    promised_on: date | None = None
    rework_reason: str = ""
    given_back: str = ""
    duplicate_of: str = ""
    proposal: ProposalLine | None = None
    earlier: tuple[EarlierAnswer, ...] = ()
    actions: tuple[Event, ...] = ()
    my_part: int | None = None
    needs_approval: bool = True
    attached_bytes: int = 0
    """Of everything that goes with the answer (4.6¶6)."""
    sees_notices: bool = False
    """Whether this reader may see how far each notice got (6¶1)."""
    version: int = 0
    suggestion: SuggestionLine | None = None
    kin: tuple[KinLine, ...] = ()
    first: FirstLine | None = None
    duplicates: tuple[str, ...] = ()

    @property
    def mine(self) -> PartLine | None:
        """The part in this person's hands."""
        return next((part for part in self.parts if part.mine), None)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list, most urgent deadline with it."""

    id: int
    number: str
    state_label: str
    topic: str
    place: str
    due: DueLine | None
    holder: str


class Queue(StrEnum):
    """What a case waits for from a person: the sections of the menu."""

    REGISTER = "register"
    ROUTE = "route"
    DECIDE = "decide"
    RESOLVE = "resolve"
    EXECUTE = "execute"
    APPROVE = "approve"
    SIGN = "sign"
    CHECK = "check"
    DISPATCH = "dispatch"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice about a case: to whom, by what, and how far it got."""

    kind: NoticeKind
    to: str
    channel: Channel
    state: Delivery
    settled_at: datetime | None
    opened_at: datetime | None
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the case's history."""

    at: datetime
    who: str
    what: str
    clause: str
    details: str


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """Of the answers due by ``until``, ``late`` are expected to be late; ``likely`` among them."""

    until: date
    late: int
    likely: tuple[CaseLine, ...]


@dataclass(frozen=True, slots=True)
class Expiry:
    """Something that ends by itself: what it is, and its last day."""

    what: str
    on: date


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter outside МСЭД that nobody has answered for so many working days."""

    case_id: int
    case_number: str
    number: str
    to: str
    sent_on: date
    waits: int


CALENDAR_WARNS_MONTHS = 3
"""The decree on the next year's days off comes in autumn: earlier there is nothing to renew."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The office's day (R39): figures and the lists behind them, most urgent first.

    ``arrived``, ``answered`` and ``returned`` are counted since the moment ``since``. Of the
    ``troubled`` deliveries ``in_doubt`` may have arrived. ``forecast`` is None while too little
    is known of the office's pace; ``expiring`` names what ends within a month. ``letters`` of
    open cases wait for an answer, the longest first.
    """

    on: date
    arrived: int
    answered: int
    open: int
    due_today: tuple[CaseLine, ...]
    at_risk: tuple[CaseLine, ...]
    overdue: tuple[CaseLine, ...]
    returned: tuple[CaseLine, ...]
    unclear_mail: int
    troubled: int
    calendar_months_left: int
    since: datetime | None = None
    in_doubt: int = 0
    forecast: ForecastLine | None = None
    expiring: tuple[Expiry, ...] = ()
    unreachable: tuple[str, ...] = ()
    """Who has shut the bot out, by name."""
    letters: tuple[LetterLine, ...] = ()
    room_left: int | None = None
    """Bytes left on the disk with the data, where they are too few; else None."""

    @property
    def calendar_ends(self) -> bool:
        """Whether it is time to renew the official calendar."""
        return self.calendar_months_left < CALENDAR_WARNS_MONTHS

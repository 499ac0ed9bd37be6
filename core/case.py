"""The case: one portal message as a unit of work, through all its rounds."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from core import lifecycle
from core.approval import ApprovalSheet
from core.assignment import Assignment, Milestone, Photo
from core.draft import Draft
from core.errors import MoveNotAllowedError, NotFoundError
from core.files import FileRef
from core.regulation.guards import Situation
from core.regulation.lifecycle import ASSIGNMENT_LIFECYCLE, AT_WORK, LIFECYCLE, Move
from core.regulation.limits import CATEGORY_WITHOUT_APPROVAL
from core.regulation.terms import AnswerKind, AssignmentState, Event, Role, State
from core.signatures.proof import Proof


@dataclass(frozen=True, slots=True)
class CitizenMessage:
    """What the citizen wrote, without who wrote it (4.1: the applicant is kept apart).

    ``named``: where, in characters [start, end), the text itself names the applicant.
    """

    portal_number: str
    text: str
    category: str = ""
    topic: str = ""
    place: str = ""
    sent_on: date | None = None
    public: bool = False
    files: tuple[FileRef, ...] = ()
    named: tuple[tuple[int, int], ...] = ()

    @property
    def photos(self) -> tuple[FileRef, ...]:
        """The citizen's pictures: the reference for «с того же ракурса» (4.6¶2)."""
        return tuple(one for one in self.files if one.media_type.startswith("image/"))


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed and how we know: a detached signature file or МСЭД's notice (R32).

    ``at`` is when we learned of it. ``documents`` are the very files that were handed over;
    ``proof`` what ``file`` proves of them, ``note`` why it proves nothing.
    """

    signer: str
    at: datetime
    file: FileRef | None = None
    through: str = ""
    documents: tuple[FileRef, ...] = ()
    proof: Proof | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given: an interim one is followed by others in its round (4.6¶5)."""

    answer: Draft
    number: str
    registered_at: datetime | None
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class PastRound:
    """A round that ended with the citizen's return: the answer given then (R46).

    ``registered_at`` and ``signature`` are of that answer.
    """

    number: int
    answer: Draft | None
    answer_number: str
    returned_at: datetime
    message: CitizenMessage
    parts: tuple[Assignment, ...]
    official_id: int | None
    registered_at: datetime | None = None
    signature: Signature | None = None
    sheets: tuple[ApprovalSheet, ...] = ()
    drafts: tuple[Draft, ...] = ()
    given: tuple[Given, ...] = ()
    received_at: datetime | None = None

    @property
    def answers(self) -> tuple[Given, ...]:
        """Every answer given in the round, interim ones first."""
        if self.answer is None:
            return self.given
        return (*self.given, Given(self.answer, self.answer_number, self.registered_at,
                                   self.signature))


@dataclass(frozen=True, slots=True)
class Case:
    """The whole of a case. ``version`` grows with every act; a card carries it.

    ``answers`` counts the answers registered in all rounds, interim ones too.
    ``returns`` counts the citizen's returns; ``round`` is that plus one. ``history`` holds the
    milestones of the current round only; the journal of facts has them all. ``sheets`` are the
    approval lists of earlier versions of this round's draft, with their remarks; ``approvers``
    whom the lead chose to ask, empty where the directory's list holds; ``to_sign`` the document
    as it was handed over for signature. ``duplicates`` are the numbers of later messages about
    the same, each with an answer of its own (R24). ``lighten_for``: who asked by letter for
    lighter photos and is not answered yet. ``given`` are this round's interim answers.
    """

    id: int
    number: str
    version: int
    message: CitizenMessage
    received_at: datetime
    state: State = State.RECEIVED
    round: int = 1
    returns: int = 0
    official_id: int | None = None
    signatory_id: int | None = None
    parts: tuple[Assignment, ...] = ()
    drafts: tuple[Draft, ...] = ()
    sheet: ApprovalSheet | None = None
    signature: Signature | None = None
    answer_number: str = ""
    answers: int = 0
    promised_on: date | None = None
    redirected_to_id: int | None = None
    duplicate_of: str = ""
    rework_reason: str = ""
    history: tuple[Milestone, ...] = ()
    past: tuple[PastRound, ...] = ()
    sheets: tuple[ApprovalSheet, ...] = ()
    duplicates: tuple[str, ...] = ()
    approvers: tuple[int, ...] = ()
    to_sign: tuple[FileRef, ...] = ()
    lighten_for: int | None = None
    given: tuple[Given, ...] = ()
    photo_kin: tuple[int, ...] = ()
    """Earlier messages with a citizen's photo like one of this message's (R24)."""
    given_back: str = ""
    """Who gave the case back as not theirs, and why, until the next resolution (4.4¶2)."""

    @property
    def needs_approval(self) -> bool:
        """Every category but «Иное» (4.6¶9)."""
        return self.message.category.strip().casefold() != CATEGORY_WITHOUT_APPROVAL.casefold()

    @property
    def draft(self) -> Draft | None:
        """The newest version of the draft."""
        return self.drafts[-1] if self.drafts else None

    def version_seen_by(self, person_id: int | None) -> Draft | None:
        """The newest earlier version of the draft that came before this person's eyes.

        An approver sees what he decided on; the signatory what all had approved.
        """
        for sheet in reversed(self.sheets):
            seen = sheet.version_decided_by(person_id)
            if sheet.left == 0 and sheet.remarked is None and person_id == self.signatory_id:
                seen = seen or sheet.draft_version
            if 0 < seen < len(self.drafts):
                return self.drafts[seen - 1]
        return None

    @property
    def lead(self) -> Assignment | None:
        """The first-named executor's part (4.6¶1)."""
        return next((part for part in self.parts
                     if part.is_lead and part.state is not AssignmentState.DECLINED), None)

    @property
    def photos(self) -> tuple[Photo, ...]:
        """All photos of the work, the lead's first; not those of an executor who declined."""
        return tuple(photo for part in self.parts if part.state is not AssignmentState.DECLINED
                     for photo in part.photos)

    @property
    def attachments(self) -> tuple[FileRef, ...]:
        """All that goes beside the answer: photos of the work, scans of the draft (4.6¶6)."""
        return (*(photo.file for photo in self.photos), *(self.draft.files if self.draft else ()))

    def part(self, key: int) -> Assignment:
        """The executor's part of that key."""
        for part in self.parts:
            if part.key == key:
                return part
        raise NotFoundError("Этого поручения в сообщении уже нет. Откройте карточку заново.")

    def part_of(self, person_id: int | None) -> Assignment | None:
        """The live part that this person has a hand in; the lead's before others."""
        return next((part for part in self.parts if person_id in part.people
                     and part.state is not AssignmentState.DECLINED), None)

    def with_part(self, changed: Assignment) -> "Case":
        """The case with that part replaced."""
        return replace(self, parts=tuple(
            changed if part.key == changed.key else part for part in self.parts))

    def moment_of(self, *events: Event) -> datetime | None:
        """When the first of ``events`` happened in this round."""
        return next((one.at for one in self.history if one.event in events), None)

    def last_moment_of(self, *events: Event) -> datetime | None:
        """When the last of ``events`` happened in this round."""
        return next((one.at for one in reversed(self.history) if one.event in events), None)

    @property
    def registered_at(self) -> datetime | None:
        """The registration of this round."""
        return self.moment_of(Event.REGISTER)

    def situation(self, *, may_decline: bool = False, within_own_deadline: bool = True
                  ) -> Situation:
        """What the conditions of the table may look at."""
        return Situation(
            needs_approval=self.needs_approval,
            leads_named=sum(part.is_lead for part in self.parts),
            approvals_left=self.sheet.left if self.sheet else 0,
            answer_kind=self.draft.kind if self.draft else None,
            returns=self.returns,
            may_decline=may_decline,
            within_own_deadline=within_own_deadline,
        )

    def apply(self, event: Event, roles: Collection[Role], at: datetime, now: Situation
              ) -> tuple["Case", Move[State]]:
        """The case after ``event``, and the row of the table that allowed it.

        Raises MoveNotAllowedError with the reason.
        """
        row = lifecycle.choose(LIFECYCLE, self.state, event, roles, now)
        return replace(self, state=row.to, history=(*self.history, Milestone(event, at))), row

    def apply_part(self, key: int, event: Event, roles: Collection[Role], at: datetime,
                   now: Situation) -> tuple["Case", Move[AssignmentState]]:
        """The same for one executor's part; only while the case is at work."""
        if self.state not in AT_WORK:
            raise MoveNotAllowedError(
                f"Сейчас состояние «{self.state.label}»: исполнители уже не работают с этим "
                "сообщением.")
        part = self.part(key)
        row = lifecycle.choose(ASSIGNMENT_LIFECYCLE, part.state, event, roles, now)
        moved = replace(part, state=row.to, history=(*part.history, Milestone(event, at)))
        return self.with_part(moved), row

    @property
    def is_interim(self) -> bool:
        """The newest draft is an interim answer (4.6¶5)."""
        return self.draft is not None and self.draft.kind is AnswerKind.INTERIM


def born(case_id: int, number: str, message: CitizenMessage, at: datetime) -> Case:
    """A case that has just arrived (2.1¶5)."""
    return Case(id=case_id, number=number, version=1, message=message, received_at=at,
                history=(Milestone(Event.RECEIVE, at),))


def new_round(case: Case, message: CitizenMessage, at: datetime) -> Case:
    """The case after the citizen sent it back: the round is closed, the next begins (2.1¶2)."""
    ended = PastRound(
        number=case.round, answer=case.draft, answer_number=case.answer_number, returned_at=at,
        message=case.message, parts=case.parts, official_id=case.official_id,
        registered_at=case.last_moment_of(Event.CONFIRM_FORM), signature=case.signature,
        sheets=(*case.sheets, *((case.sheet,) if case.sheet else ())), drafts=case.drafts,
        given=case.given, received_at=case.received_at)
    return replace(
        case, message=message, returns=case.returns + 1, round=case.round + 1, parts=(),
        drafts=(), sheet=None, sheets=(), approvers=(), to_sign=(), signature=None,
        answer_number="", lighten_for=None, given=(), given_back="",
        promised_on=None, rework_reason="", received_at=at, past=(*case.past, ended),
        history=(Milestone(Event.RECEIVE, at),))


def start_again(case: Case, at: datetime) -> Case:
    """The same round from the start, after the operator or the commission decided so (R47)."""
    return replace(case, parts=(), drafts=(), sheet=None, sheets=(), approvers=(), to_sign=(),
                   signature=None, answer_number="", promised_on=None, rework_reason="",
                   lighten_for=None, given=(), given_back="",
                   history=(Milestone(Event.RECEIVE, at),))

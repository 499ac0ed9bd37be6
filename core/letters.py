"""A letter to an organisation outside МСЭД, with a life of its own beside the case (5¶3-4)."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.assignment import Milestone
from core.files import FileRef
from core.regulation.terms import BodyKind, Event, LetterForm, LetterState


@dataclass(frozen=True, slots=True)
class Letter:
    """``number`` is empty until registered; ``scan`` is the hand-signed original (R34)."""

    id: int
    version: int
    case_id: int
    case_number: str
    addressee_id: int
    form: LetterForm
    subject: str
    text: str
    author_id: int
    body_id: int
    state: LetterState = LetterState.DRAFTED
    number: str = ""
    registered_by_id: int | None = None
    scan: FileRef | None = None
    answer: str = ""
    answer_files: tuple[FileRef, ...] = ()
    history: tuple[Milestone, ...] = ()

    def moment_of(self, event: Event) -> datetime | None:
        """When ``event`` happened last."""
        return next((one.at for one in reversed(self.history) if one.event is event), None)

    @property
    def delivered(self) -> bool:
        """Whether the addressee's server has confirmed the last sending."""
        told = {Event.SEND_LETTER, Event.LETTER_DELIVERED}
        last = next((one.event for one in reversed(self.history) if one.event in told), None)
        return last is Event.LETTER_DELIVERED

    def after(self, event: Event, state: LetterState, at: datetime) -> "Letter":
        """The letter with one more step of its life."""
        return replace(self, state=state, history=(*self.history, Milestone(event, at)))


def form_for(kind: BodyKind) -> LetterForm:
    """On whose form: the body's own to a subordinate organisation, else the administration's."""
    return LetterForm.BODY if kind is BodyKind.SUBORDINATE else LetterForm.ADMINISTRATION

"""One executor's part of a case: the lead's or a co-executor's (4.3, 4.5, 4.6¶1-2)."""

from dataclasses import dataclass
from datetime import date, datetime

from core.files import FileRef
from core.regulation.terms import AssignmentState, Event, Role


@dataclass(frozen=True, slots=True)
class Milestone:
    """That an event happened, and when (UTC). Deadlines are computed from these."""

    event: Event
    at: datetime


@dataclass(frozen=True, slots=True)
class Delegation:
    """A head passed the part to a member of staff, with a narrower deadline or scope (4.5)."""

    to_id: int
    by_id: int
    at: datetime
    due_on: date
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of the work, with what the judge said of it (4.6¶2, 4.6¶6).

    ``verdict`` is a code of the photo judge or empty while it is being compared; ``without_exif``
    marks a photo that the messenger compressed; ``override`` is the reason a person gave for
    keeping a photo against the verdict. ``original`` is the HEIC file of which ``file`` was made;
    ``used_in`` the case in which the photo was used before, where that is another one;
    ``by_camera``: shot on the program's own camera page, which wrote the shooting data.
    """

    file: FileRef
    by_id: int
    at: datetime
    source: str
    without_exif: bool = False
    verdict: str = ""
    confidence: float = 0.0
    advice: str = ""
    findings: tuple[str, ...] = ()
    reference: FileRef | None = None
    picture: FileRef | None = None
    override: str = ""
    original: FileRef | None = None
    used_in: int | None = None
    by_camera: bool = False


_BY_OTHERS = frozenset({Event.IMPOSE_RESOLUTION, Event.ALLOW_DECLINE})
"""What happens to a part without its executor knowing of it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A part of a case. ``key`` is its place in the resolution; 0 is the lead's."""

    key: int
    executor_id: int
    role: Role
    due_on: date
    given_at: datetime
    scope: str = ""
    state: AssignmentState = AssignmentState.GIVEN
    chain: tuple[Delegation, ...] = ()
    photos: tuple[Photo, ...] = ()
    report: str = ""
    remark: str = ""
    decline_reason: str = ""
    late_decline_allowed: bool = False
    history: tuple[Milestone, ...] = ()

    @property
    def holder_id(self) -> int:
        """Who has it in hand now: the last in the chain, else the executor named."""
        return self.chain[-1].to_id if self.chain else self.executor_id

    @property
    def people(self) -> frozenset[int]:
        """Everyone the part went through; all of them see it."""
        return frozenset({self.executor_id, *(link.to_id for link in self.chain)})

    @property
    def told(self) -> tuple[int, ...]:
        """Who hears news of the part: the executor named and who has it in hand (4.5)."""
        return tuple(dict.fromkeys((self.executor_id, self.holder_id)))

    @property
    def own_due(self) -> date:
        """The date the holder works to: narrowed by each delegation."""
        return self.chain[-1].due_on if self.chain else self.due_on

    @property
    def is_lead(self) -> bool:
        """The first-named executor, who answers for the whole (4.6¶1)."""
        return self.role is Role.LEAD

    @property
    def reached_at(self) -> datetime | None:
        """When it reached the executor: delivered, or the executor's first act on it (4.4¶1)."""
        return next((one.at for one in self.history if one.event not in _BY_OTHERS), None)

"""What the ledger knows of a case as it follows its facts, and the marks that it makes."""

from datetime import date, datetime

import msgspec

from core.regulation.lifecycle import FINAL, RESTING
from core.regulation.terms import State
from core.reports.facts import Executor

DONE = frozenset(one.value for one in FINAL | RESTING)
ELSEWHERE = frozenset({State.AT_OPERATOR.value, State.AT_COMMISSION.value})
"""Here no answer of the administration is due."""


class Mark(msgspec.Struct, frozen=True, gc=False):
    """One thing that counts for ``figure``; ``fact_id`` is the fact behind it.

    A year has a million, so they are no burden for the garbage collector. ``label`` tells apart
    within a figure (reason, stage, verdict); ``value`` is 1 or, for times, working days.
    """

    figure: str
    at: datetime
    fact_id: int
    case_id: int
    body_id: int | None
    person_id: int | None
    topic: str
    label: str = ""
    value: float = 1.0


class Standing(msgspec.Struct, gc=False):
    """A case as its facts have it so far."""

    case_id: int
    topic: str = ""
    state: str = ""
    stage: str = ""
    since: datetime | None = None
    since_days: float | None = None
    """``since`` in working days, where it has been worked out."""
    registered_at: datetime | None = None
    resolution_due: datetime | None = None
    answer_due: datetime | None = None
    answered: bool = False
    breached: bool = False
    drafted: bool = False
    draft_due: datetime | None = None
    promised_due: datetime | None = None
    promises: date | None = None
    interim: bool = False
    due_fact: int = 0
    executors: tuple[Executor, ...] = ()
    lead_id: int | None = None
    lead_body: int | None = None
    given_at: datetime | None = None
    submitted: frozenset[str] = frozenset()

    def enter(self, stage: str, at: datetime, days: float | None = None) -> None:
        """A stage begins; ``days``: that moment in working days, where it is worked out."""
        self.stage, self.since, self.since_days = stage, at, days

    @property
    def lead(self) -> Executor:
        """Who answers for it (4.6¶1)."""
        return self.executors[0] if self.executors else NOBODY

    @property
    def open(self) -> bool:
        """Neither published nor ended."""
        return self.state not in DONE

    @property
    def due(self) -> datetime | None:
        """By when the answer that is now awaited must go out."""
        if self.answered or not self.open or self.state in ELSEWHERE:
            return None
        return self.promised_due or self.answer_due


NOBODY = Executor(0, None, None)
OF_ROUND = tuple(name for name in Standing.__struct_fields__
                 if name not in {"case_id", "topic", "state"})
"""What the citizen's return makes void."""

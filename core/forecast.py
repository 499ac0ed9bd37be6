"""What will become late if the office goes on at its present pace (R39).

For every stage the office's own past says how long a case takes from entering it to the answer
(working days); cases still on their way count for as long as they have taken by now (Kaplan and
Meier 1958, doi:10.1080/01621459.1958.10501452). The past of the lead's body is used where there is
enough of it, else that of the whole administration.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate
from operator import mul

from core.calendar import WorkingCalendar
from core.case import Case
from core.due import Due
from core.journal import Passage
from core.people import Directory
from core.regulation.lifecycle import FINAL, LIFECYCLE
from core.regulation.terms import Event, State

ENOUGH = 30
"""Answers of one body from one stage, below which the whole administration's past is used; and of
the whole administration, below which nothing is said."""


@dataclass(frozen=True, slots=True)
class Way:
    """How long a case went, or has gone so far, from entering ``stage`` to the answer.

    ``days`` are working days; ``ended`` is false for a case still on its way.
    """

    stage: str
    body_id: int | None
    days: float
    ended: bool


class Curve:
    """The share of cases that are still on their way after so many working days."""

    def __init__(self, ways: Iterable[tuple[float, bool]]) -> None:
        """``ways``: working days, and whether the case got there (else it was lost sight of)."""
        known = sorted(ways)
        self.ended = sum(ended for _, ended in known)
        gone = sorted({days for days, ended in known if ended})
        all_days = [days for days, _ in known]
        ends = sorted(days for days, ended in known if ended)
        shares = []
        for days in gone:
            at_risk = len(all_days) - bisect_left(all_days, days)
            arrived = bisect_right(ends, days) - bisect_left(ends, days)
            shares.append(1 - arrived / at_risk)
        self._gone = gone
        self._left = list(accumulate(shares, mul))

    def left_after(self, days: float) -> float:
        """The share (0..1) that takes longer than ``days``."""
        place = bisect_right(self._gone, days)
        return self._left[place - 1] if place else 1.0

    def chance(self, days: float, spent: float) -> float:
        """That a case takes longer than ``days`` when it has taken ``spent`` (0..1).

        Where nobody's way was so long, it is not known: half.
        """
        still = self.left_after(spent)
        if days <= spent:
            return 1.0
        return self.left_after(days) / still if still else 0.5


@dataclass(slots=True)
class Pace:
    """The office's past as curves, by stage and body."""

    _ways: dict[tuple[str, int | None], list[tuple[float, bool]]] = field(
        default_factory=lambda: defaultdict(list))
    _curves: dict[tuple[str, int | None], Curve] = field(default_factory=dict)

    @classmethod
    def of(cls, ways: Iterable[Way]) -> "Pace":
        """Learned from these."""
        pace = cls()
        for one in ways:
            for body_id in {one.body_id, None}:
                pace._ways[one.stage, body_id].append((one.days, one.ended))
        return pace

    def chance_of_late(self, stage: str, body_id: int | None, spent: float, days: float
                       ) -> float | None:
        """That a case in ``stage`` for ``spent`` working days is not answered ``days`` after it
        entered the stage; None where too little is known."""
        for place in dict.fromkeys(((stage, body_id), (stage, None))):
            curve = self._curve(place)
            if curve.ended >= ENOUGH:
                return curve.chance(days, spent)
        return None

    def _curve(self, place: tuple[str, int | None]) -> Curve:
        if place not in self._curves:
            self._curves[place] = Curve(self._ways.get(place, []))
        return self._curves[place]


def ways(passages: Iterable[Passage], now: float, time_of: Callable[[datetime], float],
         body_of: Callable[[int | None], int | None]) -> Iterator[Way]:
    """The ways of these cases to the first answer of each round.

    ``time_of`` gives working days (``WorkingCalendar.working_time``), ``now`` among them; the
    body is that of who handed the draft on. A round that ended otherwise is lost sight of there.
    """
    rounds: dict[tuple[int, int], list[Passage]] = defaultdict(list)
    for one in passages:
        rounds[one.case_id, one.round].append(one)
    for steps in rounds.values():
        answered = next((one for one in steps if one.event == Event.DISPATCH.value), None)
        stop = answered or next((one for one in steps if one.state in _ELSEWHERE), None)
        end = time_of(stop.at) if stop else now
        body_id = next((body_of(one.actor_id) for one in steps
                        if one.event == Event.SUBMIT_DRAFT.value), None)
        for step in steps:
            if step is stop:
                break
            yield Way(step.state, body_id, end - time_of(step.at), answered is not None)


_ELSEWHERE = frozenset({
    one.value for one in (*FINAL, State.AT_OPERATOR, State.AT_COMMISSION, State.RETURNED_THRICE)})


def entered_at(case: Case) -> datetime:
    """When the case came into its present state from another."""
    into = {row.event for row in LIFECYCLE if row.to is case.state and row.state is not case.state}
    return next((one.at for one in reversed(case.history) if one.event in into),
                case.received_at)


def chance_of_late(case: Case, duties: Iterable[Due], directory: Directory, pace: Pace,
                   calendar: WorkingCalendar, now: datetime, until: date) -> float | None:
    """That the answer will be late by the end of ``until`` (0..1); ``duties`` are its open ones.

    None where its time does not end by then, has ended already, or too little is known.
    """
    answer = next((one for one in duties if one.row.code == "answer"), None)
    if answer is None or answer.due_on > until or answer.late_at(now):
        return None
    lead = directory.people.get(case.lead.holder_id) if case.lead else None
    since = calendar.working_time(entered_at(case))
    return pace.chance_of_late(
        case.state.value, lead.body_id if lead else None,
        spent=calendar.working_time(now) - since,
        days=calendar.working_time(answer.due_at) - since)

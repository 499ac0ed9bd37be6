"""Upfront control (6¶1-2): which marks of a deadline are reached, and who is told of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core import access
from core.calendar import WorkingCalendar
from core.case import Case
from core.debtors import debtors
from core.due import Due
from core.notices import Notice, NoticeKind
from core.people import Directory, Person
from core.regulation.escalation import ESCALATION, Rung
from core.regulation.terms import Role

LAST_HOURS = timedelta(hours=2)
"""What is due the very day it starts is reminded of in its last hours."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How many working days before a deadline its debtor is reminded, and who else is told when.

    ``of_deadline`` has the marks of a deadline (by its code) where they differ from ``usual``.
    """

    usual: tuple[int, ...] = (2, 1, 0)
    of_deadline: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    ladder: tuple[Rung, ...] = ESCALATION

    def of(self, code: str) -> tuple[int, ...]:
        """The marks of that deadline."""
        return self.of_deadline.get(code, self.usual)

    def at_risk(self, one: Due, left: int) -> bool:
        """Whether so few working days are left that its debtor has been reminded."""
        return left <= max(self.of(one.row.code), default=0)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the deadlines of a case at the moment ``now``."""

    marks: Marks
    calendar: WorkingCalendar
    directory: Directory
    now: datetime

    @property
    def today(self) -> date:
        """The office's date."""
        return self.calendar.local_date(self.now)

    def notices(self, case: Case, one: Due) -> Iterator[Notice]:
        """What is to be told of one deadline; the keys make each mark heard once.

        A mark is keyed by case, round, deadline, its date and the mark itself: a date that moves
        arms the marks anew, a restart repeats none. The debtor hears of what is overdue once a
        day, each superior once.
        """
        left = self.calendar.working_days_left(self.now, one.due_on)
        owing = debtors(case, one, self.directory)
        late = one.late_at(self.now)
        reached = f"overdue:{self.today}" if late else self._reached(one, left)
        if reached:
            kind = NoticeKind.OVERDUE if late else NoticeKind.REMINDER
            for person_id in self.directory.told(owing):
                yield self._notice(kind, reached, case, one, person_id, {"left": str(left)})
        names = self.directory.names_today(owing)
        for rung in self._rungs(one, left, late=late):
            for superior in self._superiors(rung.superior, case, owing):
                facts = {"left": str(left), "late": "1" if late else "", "debtor": names}
                yield self._notice(NoticeKind.ESCALATION, rung.superior.value, case, one,
                                   superior.id, facts)

    def _notice(self, kind: NoticeKind, mark: str, case: Case, one: Due, person_id: int,
                facts: Mapping[str, str]) -> Notice:
        key = f"{kind}:{case.id}:{case.round}:{one.row.code}:{one.part}:{one.due_on}:{mark}"
        return Notice(
            kind, f"{key}:{person_id}", person_id, case_id=case.id,
            facts={"deadline": one.row.code, "label": one.row.label, "clause": one.row.clause,
                   "due_on": one.due_on.isoformat(), **facts},
            expires_at=self.calendar.end_of_work(self.today) + timedelta(hours=1))

    def _at_start(self, one: Due) -> int:
        return self.calendar.working_days_left(one.started_at, one.due_on)

    def _reached(self, one: Due, left: int) -> str:
        """The latest mark reached since the clock started; none that was reached at its start."""
        at_start = self._at_start(one)
        if at_start <= 0:
            return "left:0" if self.now >= one.due_at - LAST_HOURS else ""
        mark = min((mark for mark in self.marks.of(one.row.code) if left <= mark < at_start),
                   default=None)
        return "" if mark is None else f"left:{mark}"

    def _rungs(self, one: Due, left: int, *, late: bool) -> Iterator[Rung]:
        """The rungs reached; one of the last day or earlier only if it was ahead at the start."""
        at_start = self._at_start(one)
        for rung in self.marks.ladder:
            if left <= rung.left and (rung.left < at_start or late):
                yield rung

    def _superiors(self, role: Role, case: Case, owing: Sequence[int]) -> Iterator[Person]:
        """Those above the debtors who may see the case (4.1), the debtors left out."""
        for person in self._holding(role, case, owing):
            if person.id not in owing and access.may_read(case, person, self.directory):
                yield person

    def _holding(self, role: Role, case: Case, owing: Sequence[int]) -> tuple[Person, ...]:
        everyone = self.directory.holding(role)
        if role is Role.OFFICIAL:
            return tuple(one for one in everyone if one.id == case.official_id)
        if role is Role.HEAD_OF_BODY:
            bodies = {self.directory.people[one].body_id for one in owing
                      if one in self.directory.people}
            return tuple(one for one in everyone if one.body_id in bodies)
        return everyone

"""The ledger: facts in, marks out; one place where it is decided what counts as what.

Facts of a case are fed in the order in which they happened. A mark is made at once from what is
known by then; only the breach of a deadline is noticed with the next fact, or at the end, and
dated by the moment at which the deadline passed. What each fact means: :mod:`core.reports.deeds`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from core.calendar import WorkingCalendar
from core.due import reckon
from core.errors import BeyondCalendarError
from core.regulation.deadlines import BY_CODE
from core.reports.deeds import DEEDS
from core.reports.facts import Executor, FactRow
from core.reports.standing import Mark, Standing

NEXT_DAYS = 2
NOON = time(12)
"""Deadlines of days are the same whatever the hour at which they start."""


@dataclass(slots=True)
class Ledger:
    """Counts for the period [start, cut), and for those that follow it.

    ``body_of`` knows the directory's bodies by person. Of ``figures``, if they are given, alone.
    """

    start: datetime
    cut: datetime
    calendar: WorkingCalendar
    body_of: Mapping[int, int]
    with_stages: bool = False
    figures: Collection[str] | None = None
    marks: list[Mark] = field(default_factory=list)
    cases: dict[int, Standing] = field(default_factory=dict)
    _dues: dict[tuple[str, date], datetime | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Moments of facts are in UTC, and moments of one zone are compared at once."""
        self.start, self.cut = self.start.astimezone(UTC), self.cut.astimezone(UTC)

    def feed(self, rows: Iterable[FactRow]) -> None:
        """Take in facts; those of one case in their order."""
        deeds, cases = DEEDS, self.cases
        for row in rows:
            case = cases.get(row.case_id)
            if case is None:
                case = cases[row.case_id] = Standing(row.case_id)
            due = case.promised_due or case.answer_due
            if due is not None and due < row.at and not case.breached:
                self._passes(case, row.at)
            deed = deeds.get(row.event)
            if deed is not None:
                deed(self, case, row)
            if row.subject == "case":
                case.state = row.after

    def follow(self, cut: datetime) -> None:
        """Go on to the period that follows, up to ``cut``; its marks are a list of their own."""
        self.start, self.cut, self.marks = self.cut, cut.astimezone(UTC), []

    def finish(self) -> None:
        """The end of the period: what has passed by then, and how every case stands."""
        soon = self._end(self.calendar.local_date(self.cut - timedelta(microseconds=1)), NEXT_DAYS)
        for case in self.cases.values():
            self._passes(case, self.cut)
            if not case.open or not case.state:
                continue
            self._stands("in_work", case)
            due = case.due
            if due is not None and due < self.cut:
                self._stands("overdue", case)
            elif due is not None and soon is not None and due <= soon:
                self._stands("due_next", case)

    def _stands(self, figure: str, case: Standing) -> None:
        if self.figures is None or figure in self.figures:
            self.marks.append(Mark(figure, case.due or self.cut, case.due_fact, case.case_id,
                                   case.lead_body, case.lead_id, case.topic))

    def _end(self, day: date, working_days: int) -> datetime | None:
        try:
            return self.calendar.end_of_work(self.calendar.add_working_days(day, working_days))
        except BeyondCalendarError:
            return None

    # Deadlines

    def due(self, code: str, started_at: datetime) -> datetime | None:
        """By when, for a deadline that started then; None beyond the known calendar."""
        return self.due_of(code, self.calendar.local_date(started_at))

    def due_of(self, code: str, day: date) -> datetime | None:
        """The same by the office's day on which the deadline started."""
        if (code, day) not in self._dues:
            try:
                noon = datetime.combine(day, NOON, self.calendar.zone)
                due = reckon(BY_CODE[code], noon, self.calendar)[1]
                self._dues[code, day] = due.astimezone(UTC)
            except BeyondCalendarError:
                self._dues[code, day] = None
        return self._dues[code, day]

    def end_of(self, day: date) -> datetime | None:
        """The end of that day's work."""
        if ("", day) not in self._dues:
            try:
                self._dues["", day] = self.calendar.end_of_work(day).astimezone(UTC)
            except BeyondCalendarError:
                self._dues["", day] = None
        return self._dues["", day]

    def narrowed(self, due: datetime | None, day: date | None) -> datetime | None:
        """The resolution may set an earlier day (4.2)."""
        own = self.end_of(day) if day is not None else None
        return min(one for one in (due, own) if one is not None) if due or own else None

    def _passes(self, case: Standing, now: datetime) -> None:
        """Note the deadline that passed before ``now`` (6¶5)."""
        due = case.due
        if due is not None and due < now and not case.breached:
            case.breached = True
            self.for_lead("breached", case, due, case.due_fact)

    # Marks

    def note(self, figure: str, case: Standing, at: datetime, fact_id: int,
             body_id: int | None = None, person_id: int | None = None, label: str = "",
             value: float = 1.0) -> None:
        """A mark, if it lies in the period."""
        if self.start <= at < self.cut and (self.figures is None or figure in self.figures):
            self.marks.append(Mark(figure, at, fact_id, case.case_id, body_id, person_id,
                                   case.topic, label, value))

    def for_lead(self, figure: str, case: Standing, at: datetime, fact_id: int, label: str = "",
                 ) -> None:
        """A mark of the lead's."""
        self.note(figure, case, at, fact_id, case.lead_body, case.lead_id, label)

    def led_by(self, case: Standing, executors: tuple[Executor, ...]) -> None:
        """These work on it from now on, the lead first."""
        case.executors = executors
        case.lead_body, case.lead_id = self._body(case.lead), case.lead.person_id or None

    def by_actor(self, figure: str, case: Standing, row: FactRow) -> None:
        """A mark of who did it."""
        actor_id = row.actor_id
        self.note(figure, case, row.at, row.id, self.body_of.get(actor_id or 0), actor_id)

    def _body(self, one: Executor) -> int | None:
        return one.body_id if one.body_id is not None else self.body_of.get(one.person_id)

    def for_co_executor(self, figure: str, case: Standing, row: FactRow, one: Executor) -> None:
        """A mark of a co-executor's."""
        self.note(figure, case, row.at, row.id, self._body(one), one.person_id or None)

    def stage(self, case: Standing, row: FactRow, following: str) -> None:
        """A stage ends, the next begins."""
        passed = None
        if self.with_stages and case.stage and case.since and row.at >= self.start:
            begun = case.since_days
            if begun is None:
                begun = self.calendar.working_time(case.since)
            passed = self.calendar.working_time(row.at)
            self.note("stage_days", case, row.at, row.id, case.lead_body, case.lead_id,
                      case.stage, passed - begun)
        case.enter(following, row.at, passed)

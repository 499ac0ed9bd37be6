"""Deadlines computed from facts and the working calendar on each look; never stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.assignment import Assignment
from core.calendar import WorkingCalendar
from core.case import Case
from core.regulation.deadlines import BY_CODE, DEADLINES, Counting, Deadline, Scope
from core.regulation.lifecycle import FINAL
from core.regulation.terms import AssignmentState, Event


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline of one case: ``due_at`` is the moment (with zone) by which it must be met.

    ``part`` is the key of the executor's part for deadlines of that scope; ``met_at`` the moment
    it was met, if it was.
    """

    row: Deadline
    started_at: datetime
    due_on: date
    due_at: datetime
    part: int | None = None
    met_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Still to be met."""
        return self.met_at is None

    def late_at(self, now: datetime) -> bool:
        """Met after the moment, or not met and the moment has passed."""
        return (self.met_at or now) > self.due_at


def reckon(row: Deadline, started_at: datetime, calendar: WorkingCalendar,
           promised_on: date | None = None) -> tuple[date, datetime]:
    """The date and the moment by which ``row`` must be met when it started at ``started_at``.

    Raises BeyondCalendarError where the official calendar is not known.
    """
    if row.counting is Counting.SAME_DAY:
        moment = calendar.registration_due(started_at)
        return calendar.local_date(moment), moment
    day = calendar.local_date(started_at)
    if row.counting is Counting.WORKING_DAYS:
        due_on = calendar.add_working_days(day, row.days)
    elif row.counting is Counting.PROMISED and promised_on is not None:
        due_on = promised_on
    else:
        due_on = day + timedelta(days=row.days)
    return due_on, calendar.end_of_work(due_on)


def of_case(case: Case, calendar: WorkingCalendar) -> tuple[Due, ...]:
    """Every deadline of the case's current round that has started, in the order of the table."""
    return tuple(_of_case(case, calendar))


def _of_case(case: Case, calendar: WorkingCalendar) -> Iterator[Due]:
    for row in DEADLINES:
        if row.scope is Scope.ASSIGNMENT:
            for part in case.parts:
                due = _of_part(row, case, part, calendar)
                if due is not None:
                    yield due
            continue
        start = case.moment_of(row.counted_from)
        if start is None or (row.counting is Counting.PROMISED and case.promised_on is None):
            continue
        due_on, due_at = reckon(row, start, calendar, case.promised_on)
        yield Due(row, start, due_on, due_at, None, _met(row, case, start))


def _met(row: Deadline, case: Case, start: datetime) -> datetime | None:
    if row.met_by[0] is Event.DELIVER:
        return case.lead.moment_of(*row.met_by) if case.lead else None
    return next((one.at for one in case.history
                 if one.event in row.met_by and one.at >= start), None)


def _of_part(row: Deadline, case: Case, part: Assignment, calendar: WorkingCalendar
             ) -> Due | None:
    if row.whose is not part.role and row.binding:
        return None
    start = part.moment_of(row.counted_from) or (
        part.given_at if row.counted_from is Event.IMPOSE_RESOLUTION else None)
    if start is None:
        return None
    due_on, due_at = reckon(row, start, calendar)
    if row.binding:
        due_on = min(due_on, part.own_due)
        due_at = calendar.end_of_work(due_on)
    met_at = part.moment_of(*row.met_by)
    if part.state is AssignmentState.RETURNED:
        met_at = None
    return Due(row, start, due_on, due_at, part.key, met_at)


def open_duties(case: Case, calendar: WorkingCalendar) -> tuple[Due, ...]:
    """What must still be met, nearest first; rights that merely lapse are left out."""
    if case.state in FINAL:
        return ()
    open_ = [due for due in of_case(case, calendar) if due.open and due.row.binding]
    return tuple(sorted(open_, key=lambda due: due.due_at))


def latest_part_due(registered_at: datetime, given_at: datetime, calendar: WorkingCalendar
                    ) -> date:
    """The last date a resolution may give a co-executor: 4 days, within the draft's 6 (R18)."""
    own, _ = reckon(BY_CODE["coexecutor"], given_at, calendar)
    draft, _ = reckon(BY_CODE["draft"], registered_at, calendar)
    return min(own, draft)


def latest_draft_due(registered_at: datetime, calendar: WorkingCalendar) -> date:
    """The last date for the lead's draft (4.6¶3)."""
    return reckon(BY_CODE["draft"], registered_at, calendar)[0]


def may_decline(part: Assignment, now: datetime, calendar: WorkingCalendar) -> bool:
    """Within one working day of delivery, or allowed later by the desk head (4.4¶2, R13)."""
    if part.late_decline_allowed:
        return True
    start = part.moment_of(Event.DELIVER, Event.ACCEPT) or now
    return now <= reckon(BY_CODE["misroute_return"], start, calendar)[1]

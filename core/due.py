"""Deadlines computed from facts and the working calendar on each look; never stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.assignment import Assignment, Milestone
from core.calendar import WorkingCalendar
from core.case import Case
from core.errors import BeyondCalendarError
from core.regulation.deadlines import BY_CODE, DEADLINES, Counting, Deadline, Scope
from core.regulation.lifecycle import AT_WORK, FINAL
from core.regulation.terms import AssignmentState, Event, State


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
    """Every deadline of the case's current round that has started, in the order of the table.

    One that would fall beyond the official calendar is left out, so that a single case does not
    stop the control of all the others; the calendar's end is announced months ahead.
    """
    return tuple(due for row in DEADLINES for due in _of_row(row, case, calendar))


def _of_row(row: Deadline, case: Case, calendar: WorkingCalendar, *, only_open: bool = False
            ) -> Iterator[Due]:
    """``only_open`` leaves out what was met before its date is worked out: that takes the time."""
    if row.scope is Scope.APPROVAL:
        yield from _of_turn(row, case, calendar)
        return
    parts = case.parts if row.scope is Scope.ASSIGNMENT else (None,)
    for part in parts:
        try:
            due = (_of_case(row, case, calendar, only_open=only_open) if part is None
                   else _of_part(row, part, calendar, only_open=only_open))
        except BeyondCalendarError:
            continue
        if due is not None:
            yield due


def _of_case(row: Deadline, case: Case, calendar: WorkingCalendar, *, only_open: bool
             ) -> Due | None:
    start, met_at = _clock(row, case.history)
    if start is None or (row.counting is Counting.PROMISED and case.promised_on is None):
        return None
    if Event.DELIVER in row.met_by:
        met_at = met_at or _all_reached(case)
    if only_open and met_at is not None:
        return None
    due_on, due_at = reckon(row, start, calendar, case.promised_on)
    if row.code == "draft" and case.lead is not None:
        due_on, due_at = _narrowed(case.lead, due_on, calendar)
    return Due(row, start, due_on, due_at, None, met_at)


def _of_turn(row: Deadline, case: Case, calendar: WorkingCalendar) -> Iterator[Due]:
    """The approver whose turn it is has the days of the list, since the turn came (4.6¶9)."""
    start = case.last_moment_of(row.counted_from, *row.reopened_by)
    if case.state is not State.APPROVING or case.sheet is None or start is None:
        return
    try:
        due_on, due_at = reckon(replace(row, days=case.sheet.days), start, calendar)
    except BeyondCalendarError:
        return
    yield Due(row, start, due_on, due_at)


def _of_part(row: Deadline, part: Assignment, calendar: WorkingCalendar, *, only_open: bool
             ) -> Due | None:
    if row.whose is not part.role and row.binding:
        return None
    given = Milestone(Event.IMPOSE_RESOLUTION, part.given_at)
    known = any(one.event is given.event for one in part.history)
    start, met_at = _clock(row, part.history if known else (given, *part.history))
    if row.counted_from is Event.DELIVER:
        start = part.reached_at
    if start is None or (only_open and met_at is not None):
        return None
    due_on, due_at = reckon(row, start, calendar)
    if row.binding:
        due_on, due_at = _narrowed(part, due_on, calendar)
    return Due(row, start, due_on, due_at, part.key, met_at)


def _clock(row: Deadline, history: Sequence[Milestone]
           ) -> tuple[datetime | None, datetime | None]:
    """When the time of ``row`` began, and when it was met, as the facts stand now."""
    start: datetime | None = None
    met: list[datetime] = []
    for one in history:
        if start is None:
            start = one.at if one.event is row.counted_from else None
        elif one.event in row.reopened_by:
            start = one.at if row.counted_anew else start
            del met[-1:]
        elif one.event in row.met_by:
            met.append(one.at)
    return start, met[0] if met else None


def _narrowed(part: Assignment, due_on: date, calendar: WorkingCalendar
              ) -> tuple[date, datetime]:
    """The resolution and the heads of bodies may set an earlier date (4.2, 4.5)."""
    earliest = min(due_on, part.own_due)
    return earliest, calendar.end_of_work(earliest)


def _all_reached(case: Case) -> datetime | None:
    """When the last of the executors got the assignment; a draft shows that the lead has (4.4)."""
    moments = []
    for part in case.parts:
        if part.state is AssignmentState.DECLINED:
            continue
        drafted = [one.at for one in case.history if part.is_lead and one.at >= part.given_at
                   and one.event in {Event.SAVE_DRAFT, Event.SUBMIT_DRAFT}]
        moments.append(part.reached_at or min(drafted, default=None))
    known = [one for one in moments if one is not None]
    return max(known) if known and len(known) == len(moments) else None


def open_duties(case: Case, calendar: WorkingCalendar) -> tuple[Due, ...]:
    """What must still be met, nearest first; rights that merely lapse are left out.

    So are the executors' own deadlines while the case is not with them: nobody can be reminded
    of what the lifecycle does not let him do.
    """
    if case.state in FINAL:
        return ()
    rows = (row for row in DEADLINES if row.binding
            and (row.scope is not Scope.ASSIGNMENT or case.state in AT_WORK))
    open_ = [due for row in rows for due in _of_row(row, case, calendar, only_open=True)]
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


@dataclass(frozen=True, slots=True)
class Limits:
    """The last days that a resolution laid now may give (R18, R19); never before today."""

    lead: date
    co_executor: date

    def under(self, lead_due: date | None) -> "Limits":
        """The same where the lead has ``lead_due``, None for the last day: the materials are his
        to write the draft from, so they do not come after it (4.6¶1)."""
        return replace(self, co_executor=min(self.co_executor, lead_due or self.lead))


def limits(case: Case, at: datetime, calendar: WorkingCalendar) -> Limits:
    """For a resolution on this case laid at that moment."""
    registered_at, today = case.registered_at or at, calendar.local_date(at)
    return Limits(max(latest_draft_due(registered_at, calendar), today),
                  max(latest_part_due(registered_at, at, calendar), today))


def may_decline(part: Assignment, now: datetime, calendar: WorkingCalendar) -> bool:
    """Within one working day of delivery, or allowed later by the desk head (4.4¶2, R13)."""
    if part.late_decline_allowed:
        return True
    start = part.reached_at or now
    return now <= reckon(BY_CODE["misroute_return"], start, calendar)[1]

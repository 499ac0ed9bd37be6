"""The office's day (R39): what is read of it, and the lists that are made of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import due
from core.calendar import WorkingCalendar
from core.cards import CaseLine, Digest, ForecastLine, LetterLine
from core.case import Case
from core.due import Due
from core.letters import Letter
from core.marks import Marks
from core.notices import OutboxRow
from core.outbound import Delivery
from core.people import Directory
from core.ports import UnitOfWork
from core.regulation.terms import Event
from core.usecases.casecards import make_line
from core.usecases.forecasting import Forecaster

PATIENCE = 3
"""Working days after which a letter without an answer is named: a call may still help before the
case's own answer is due (3¶3)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the digest is made of, as it stood at ``now``; counts since ``since``."""

    now: datetime
    since: datetime
    cases: Sequence[Case]
    directory: Directory
    arrived: int
    answered: int
    unclear: int
    troubled: Sequence[OutboxRow]
    unanswered: Sequence[Letter]


async def standing(work: UnitOfWork, since: datetime, now: datetime) -> Standing:
    """Read it all in the caller's transaction."""
    cases = await work.cases.open_cases()
    return Standing(
        now, since, cases, await work.people.directory(),
        arrived=await work.journal.count(Event.RECEIVE.value, since, now),
        answered=await work.journal.count(Event.DISPATCH.value, since, now),
        unclear=len(await work.mailbox.unclear()), troubled=await work.outbox.troubled(),
        unanswered=await work.letters.unanswered())


def digest(known: Standing, calendar: WorkingCalendar, marks: Marks, forecaster: Forecaster
           ) -> Digest:
    """The day's figures and lists, most urgent first."""
    now, today = known.now, calendar.local_date(known.now)
    watched = [(case, due.open_duties(case, calendar)) for case in known.cases]
    late, due_today, risky = _by_urgency(watched, calendar, marks, now)

    def line(case: Case, duties: Sequence[Due] | None = None) -> CaseLine:
        return make_line(case, known.directory, calendar, now, duties)

    def lines(chosen: Sequence[tuple[Case, Sequence[Due]]]) -> tuple[CaseLine, ...]:
        made = [line(case, duties) for case, duties in chosen]
        return tuple(sorted(made, key=lambda one: one.due.left if one.due else 0))

    ahead = forecaster.look_ahead(watched, known.directory, now)
    return Digest(
        on=today, arrived=known.arrived, answered=known.answered, open=len(known.cases),
        due_today=lines(due_today), at_risk=lines(risky), overdue=lines(late),
        returned=lines([one for one in watched
                        if one[0].returns and one[0].received_at >= known.since]),
        unclear_mail=known.unclear, troubled=len(known.troubled),
        in_doubt=sum(one.state is Delivery.IN_DOUBT for one in known.troubled),
        calendar_months_left=calendar.months_left(today), since=known.since,
        unreachable=tuple(one.short_name for one in known.directory.people.values()
                          if one.active and one.unreachable_since is not None),
        forecast=None if ahead is None else ForecastLine(
            ahead.until, ahead.late, tuple(line(case) for case in ahead.likely)),
        letters=_letters(known, calendar))


Watched = list[tuple[Case, tuple[Due, ...]]]


def _by_urgency(watched: Watched, calendar: WorkingCalendar, marks: Marks, now: datetime
                ) -> tuple[Watched, Watched, Watched]:
    """Overdue, due today, at risk: by the nearest duty of each case."""
    late: Watched = []
    due_today: Watched = []
    risky: Watched = []
    today = calendar.local_date(now)
    for case, duties in watched:
        for nearest in duties[:1]:
            if nearest.late_at(now):
                late.append((case, duties))
            elif nearest.due_on == today:
                due_today.append((case, duties))
            elif marks.at_risk(nearest, calendar.working_days_left(now, nearest.due_on)):
                risky.append((case, duties))
    return late, due_today, risky


def _letters(known: Standing, calendar: WorkingCalendar) -> tuple[LetterLine, ...]:
    """Letters outside that nobody has answered, the longest waiting first (5¶3)."""
    today = calendar.local_date(known.now)
    found = []
    for letter in known.unanswered:
        sent_at = letter.moment_of(Event.SEND_LETTER)
        sent_on = calendar.local_date(sent_at or known.now)
        waits = calendar.working_days_between(sent_on, today)
        if waits >= PATIENCE:
            body = known.directory.bodies.get(letter.addressee_id)
            found.append(LetterLine(letter.case_id, letter.case_number, letter.number,
                                    body.name if body else "", sent_on, waits))
    return tuple(sorted(found, key=lambda one: (-one.waits, one.case_id)))

"""The ledger: facts in, marks out; one place where it is decided what counts as what.

Facts of a case are fed in the order in which they happened. A mark is made at once from what is
known by then; only the breach of a deadline is noticed with the next fact, or at the end, and
dated by the moment at which the deadline passed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from core.calendar import WorkingCalendar
from core.due import reckon
from core.errors import BeyondCalendarError
from core.regulation.deadlines import BY_CODE
from core.regulation.lifecycle import FINAL, RESTING
from core.regulation.terms import AnswerKind, Event, State
from core.reports import facts
from core.reports.facts import Executor, FactRow, executors_of

DONE = frozenset(one.value for one in FINAL | RESTING)
THRICE, APPROVING, DEFERRED = (
    one.value for one in (State.RETURNED_THRICE, State.APPROVING, State.DEFERRED))
INTERIM = AnswerKind.INTERIM.value
ELSEWHERE = frozenset({State.AT_OPERATOR.value, State.AT_COMMISSION.value})
"""Here no answer of the administration is due."""
NEXT_DAYS = 2
NOON = time(12)
"""Deadlines of days are the same whatever the hour at which they start."""


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
        deeds, cases = _DEEDS, self.cases
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


Deed = Callable[[Ledger, Standing, FactRow], None]


def _begin(case: Standing, row: FactRow) -> None:
    """A round begins: nothing is due, nobody is named."""
    if case.state:
        fresh = Standing(case.case_id)
        for name in OF_ROUND:
            setattr(case, name, getattr(fresh, name))
    case.topic = row.details.get("topic", case.topic)


def _receive(ledger: Ledger, case: Standing, row: FactRow) -> None:
    _begin(case, row)
    ledger.note("arrived", case, row.at, row.id)
    ledger.stage(case, row, "registration")


def _return(ledger: Ledger, case: Standing, row: FactRow) -> None:
    case.topic = row.details.get("topic", case.topic)
    ledger.for_lead("returned", case, row.at, row.id)
    if row.after == THRICE:
        ledger.for_lead("returned_thrice", case, row.at, row.id)
    _begin(case, row)
    case.enter("registration", row.at)


def _begin_again(ledger: Ledger, case: Standing, row: FactRow) -> None:
    _begin(case, row)
    case.enter("registration", row.at)


def _register(ledger: Ledger, case: Standing, row: FactRow) -> None:
    ledger.by_actor("registered", case, row)
    due = _registration_due(ledger, case)
    if due is not None and row.at > due:
        ledger.by_actor("registered_late", case, row)
    case.registered_at, case.due_fact = row.at, row.id
    day = ledger.calendar.local_date(row.at)
    case.answer_due = ledger.due_of("answer", day)
    case.draft_due = ledger.due_of("draft", day)
    case.resolution_due = ledger.due_of("resolution", day)
    ledger.stage(case, row, "resolution")


def _registration_due(ledger: Ledger, case: Standing) -> datetime | None:
    if case.stage != "registration" or case.since is None:
        return None
    try:
        return ledger.calendar.registration_due(case.since)
    except BeyondCalendarError:
        return None


def _redirect(ledger: Ledger, case: Standing, row: FactRow) -> None:
    ledger.by_actor("redirected", case, row)
    case.answered = True
    ledger.stage(case, row, "")


def _hand_back(ledger: Ledger, case: Standing, row: FactRow) -> None:
    case.resolution_due = ledger.due("resolution", row.at)


def _impose(ledger: Ledger, case: Standing, row: FactRow) -> None:
    ledger.by_actor("resolutions", case, row)
    if case.resolution_due is not None and row.at > case.resolution_due:
        ledger.by_actor("resolutions_late", case, row)
    ledger.led_by(case, executors_of(row.details))
    case.given_at = row.at
    case.submitted = frozenset()
    ledger.for_lead("assigned", case, row.at, row.id)
    ledger.stage(case, row, "execution")


def _decline(ledger: Ledger, case: Standing, row: FactRow) -> None:
    if row.subject != "case":
        return
    ledger.for_lead("declined", case, row.at, row.id)
    ledger.led_by(case, ())
    case.given_at = None
    case.resolution_due = ledger.due("resolution", row.at)
    ledger.stage(case, row, "resolution")


def _materials(ledger: Ledger, case: Standing, row: FactRow) -> None:
    one = _part(case, row)
    if one is None or case.given_at is None:
        return
    ledger.for_co_executor("materials", case, row, one)
    due = ledger.narrowed(ledger.due("coexecutor", case.given_at), one.due_on)
    if row.subject not in case.submitted and due is not None and row.at > due:
        ledger.for_co_executor("materials_late", case, row, one)
    case.submitted |= {row.subject}


def _part(case: Standing, row: FactRow) -> Executor | None:
    _, _, key = row.subject.partition(":")
    if not key.isdecimal() or int(key) >= len(case.executors):
        return None
    return case.executors[int(key)]


def _submit(ledger: Ledger, case: Standing, row: FactRow) -> None:
    if not case.executors and row.actor_id is not None:
        ledger.led_by(case, (Executor(row.actor_id, None, None),))
    if not case.drafted:
        case.drafted = True
        ledger.for_lead("drafts", case, row.at, row.id)
        due = ledger.narrowed(case.draft_due, case.lead.due_on)
        if due is not None and row.at > due:
            ledger.for_lead("drafts_late", case, row.at, row.id)
    case.interim = row.details.get("kind", "") == INTERIM
    ledger.stage(case, row, "approval" if row.after == APPROVING else "signing")


def _rework(ledger: Ledger, case: Standing, row: FactRow) -> None:
    ledger.for_lead("reworked", case, row.at, row.id, row.event)
    ledger.stage(case, row, "rework")


def _refuse(ledger: Ledger, case: Standing, row: FactRow) -> None:
    _rework(ledger, case, row)
    case.answered = False
    due = case.promised_due or case.answer_due
    if due is not None and due < row.at and not case.breached:
        case.breached = True
        ledger.for_lead("breached", case, row.at, row.id)


def _sign(ledger: Ledger, case: Standing, row: FactRow) -> None:
    ledger.stage(case, row, "sending")


def _dispatch(ledger: Ledger, case: Standing, row: FactRow) -> None:
    due = case.promised_due or case.answer_due
    ledger.for_lead("answers", case, row.at, row.id)
    if due is not None and row.at > due:
        ledger.for_lead("answers_late", case, row.at, row.id)
    if case.interim or row.details.get("kind", "") == INTERIM:
        case.interim = True
        ledger.for_lead("interim", case, row.at, row.id)
        promised = row.details.get("promised", "")
        case.promises = date.fromisoformat(promised) if promised else None
    case.answered = True
    ledger.stage(case, row, "")


def _publish(ledger: Ledger, case: Standing, row: FactRow) -> None:
    ledger.for_lead("published", case, row.at, row.id)
    if row.after == DEFERRED:
        case.answered, case.breached, case.interim = False, False, False
        if case.promises is not None:
            case.promised_due = ledger.end_of(case.promises)
        elif case.registered_at is not None:
            case.promised_due = ledger.due("interim_limit", case.registered_at)
        case.due_fact = row.id
        case.enter("execution", row.at)


def _close(ledger: Ledger, case: Standing, row: FactRow) -> None:
    ledger.for_lead("closed", case, row.at, row.id)


def _judged(ledger: Ledger, case: Standing, row: FactRow) -> None:
    _photo(ledger, case, row, "photos")


def _kept(ledger: Ledger, case: Standing, row: FactRow) -> None:
    _photo(ledger, case, row, "photos_kept")


def _photo(ledger: Ledger, case: Standing, row: FactRow, figure: str) -> None:
    one = _part(case, row) or case.lead
    ledger.note(figure, case, row.at, row.id,
                one.body_id if one.body_id is not None else ledger.body_of.get(one.person_id),
                one.person_id or None, row.details.get("verdict", ""))


_DEEDS: dict[str, Deed] = {
    Event.RECEIVE.value: _receive, Event.CITIZEN_RETURN.value: _return,
    Event.DECIDE_REWORK.value: _begin_again, Event.REGISTER.value: _register,
    Event.REDIRECT.value: _redirect, Event.HAND_BACK.value: _hand_back,
    Event.IMPOSE_RESOLUTION.value: _impose, Event.DECLINE.value: _decline,
    Event.SUBMIT_MATERIALS.value: _materials, Event.SUBMIT_DRAFT.value: _submit,
    Event.REMARK.value: _rework, Event.REFUSE_SIGNATURE.value: _rework,
    Event.SEND_BACK.value: _rework, Event.REFUSE.value: _refuse, Event.SIGN.value: _sign,
    Event.DISPATCH.value: _dispatch, Event.PUBLISH.value: _publish, Event.CLOSE.value: _close,
    facts.PHOTO_JUDGED: _judged, facts.PHOTO_KEPT: _kept,
}

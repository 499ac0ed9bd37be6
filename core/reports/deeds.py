"""What each fact of a case means for the figures: one function a fact, one table of them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from core.errors import BeyondCalendarError
from core.regulation.terms import AnswerKind, Event, State
from core.reports import facts
from core.reports.facts import Executor, FactRow, executors_of
from core.reports.standing import OF_ROUND, Standing

if TYPE_CHECKING:
    from core.reports.ledger import Ledger

THRICE, APPROVING, DEFERRED = (
    one.value for one in (State.RETURNED_THRICE, State.APPROVING, State.DEFERRED))
INTERIM = AnswerKind.INTERIM.value

Deed = Callable[["Ledger", Standing, FactRow], None]


def _begin(case: Standing, row: FactRow) -> None:
    """A round begins: nothing is due, nobody is named."""
    if case.state:
        fresh = Standing(case.case_id)
        for name in OF_ROUND:
            setattr(case, name, getattr(fresh, name))
    case.topic = row.details.get("topic", case.topic)


def _receive(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    _begin(case, row)
    ledger.note("arrived", case, row.at, row.id)
    ledger.stage(case, row, "registration")


def _return(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    case.topic = row.details.get("topic", case.topic)
    ledger.for_lead("returned", case, row.at, row.id)
    if row.after == THRICE:
        ledger.for_lead("returned_thrice", case, row.at, row.id)
    _begin(case, row)
    case.enter("registration", row.at)


def _begin_again(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    _begin(case, row)
    case.enter("registration", row.at)


def _register(ledger: "Ledger", case: Standing, row: FactRow) -> None:
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


def _registration_due(ledger: "Ledger", case: Standing) -> datetime | None:
    if case.stage != "registration" or case.since is None:
        return None
    try:
        return ledger.calendar.registration_due(case.since)
    except BeyondCalendarError:
        return None


def _redirect(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    ledger.by_actor("redirected", case, row)
    case.answered = True
    ledger.stage(case, row, "")


def _hand_back(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    case.resolution_due = ledger.due("resolution", row.at)


def _impose(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    ledger.by_actor("resolutions", case, row)
    if case.resolution_due is not None and row.at > case.resolution_due:
        ledger.by_actor("resolutions_late", case, row)
    ledger.led_by(case, executors_of(row.details))
    case.given_at = row.at
    case.submitted = frozenset()
    ledger.for_lead("assigned", case, row.at, row.id)
    ledger.stage(case, row, "execution")


def _decline(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    if row.subject != "case":
        return
    ledger.for_lead("declined", case, row.at, row.id)
    ledger.led_by(case, ())
    case.given_at = None
    case.resolution_due = ledger.due("resolution", row.at)
    ledger.stage(case, row, "resolution")


def _materials(ledger: "Ledger", case: Standing, row: FactRow) -> None:
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


def _submit(ledger: "Ledger", case: Standing, row: FactRow) -> None:
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


def _rework(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    ledger.for_lead("reworked", case, row.at, row.id, row.event)
    ledger.stage(case, row, "rework")


def _refuse(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    _rework(ledger, case, row)
    case.answered = False
    due = case.promised_due or case.answer_due
    if due is not None and due < row.at and not case.breached:
        case.breached = True
        ledger.for_lead("breached", case, row.at, row.id)


def _sign(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    ledger.stage(case, row, "sending")


def _dispatch(ledger: "Ledger", case: Standing, row: FactRow) -> None:
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


def _publish(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    ledger.for_lead("published", case, row.at, row.id)
    if row.after == DEFERRED:
        case.answered, case.breached, case.interim = False, False, False
        if case.promises is not None:
            case.promised_due = ledger.end_of(case.promises)
        elif case.registered_at is not None:
            case.promised_due = ledger.due("interim_limit", case.registered_at)
        case.due_fact = row.id
        case.enter("execution", row.at)


def _close(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    ledger.for_lead("closed", case, row.at, row.id)


def _judged(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    _photo(ledger, case, row, "photos")


def _kept(ledger: "Ledger", case: Standing, row: FactRow) -> None:
    _photo(ledger, case, row, "photos_kept")


def _photo(ledger: "Ledger", case: Standing, row: FactRow, figure: str) -> None:
    one = _part(case, row) or case.lead
    ledger.note(figure, case, row.at, row.id,
                one.body_id if one.body_id is not None else ledger.body_of.get(one.person_id),
                one.person_id or None, row.details.get("verdict", ""))


DEEDS: dict[str, Deed] = {
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
"""By the event of the fact; any other fact means nothing for the figures."""

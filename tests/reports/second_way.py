"""Every figure counted a second way: slowly, by the words of ``docs/figures.md``."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from core.journal import Fact
from tests.reports.history import CALENDAR, rounds
from tests.reports.history import LEADS as LEADS_OF_OFFICE

Count = Counter[tuple[str, int | None]]
"""How many, by figure and body."""

BODIES = {1: 1, 4: 1, 8: 1, 9: 1, **LEADS_OF_OFFICE}


def after_working_days(start: date, days: int) -> date:
    """The so-manieth working day after that day, counted one by one."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= CALENDAR.is_working(day)
    return day


def evening(day: date) -> datetime:
    return CALENDAR.end_of_work(day)


def day_of(moment: datetime) -> date:
    return moment.astimezone(CALENDAR.zone).date()


def count(facts: list[Fact], start: datetime, cut: datetime) -> Count:
    """All figures of [start, cut), from the facts before ``cut``."""
    found: Count = Counter()
    for history in rounds([one for one in facts if one.at < cut]):
        for figure, at, body in (*_simple(history), *_deadlines(history, cut)):
            if start <= at < cut:
                found[figure, body] += 1
        found += _standing(history, cut)
    return found


def _lead(before: Sequence[Fact]) -> int | None:
    """The body named first in the last resolution of the round, unless it was declined since."""
    for one in reversed(before):
        if one.event in {"citizen_return", "receive", "decide_rework"}:
            return None
        if one.event == "decline" and one.subject == "case":
            return None
        if one.event == "impose_resolution":
            return int(one.details["bodies"].split()[0])
    return None


LEADS = {"dispatch": "answers", "publish": "published", "remark": "reworked",
         "send_back": "reworked", "refuse": "reworked", "refuse_signature": "reworked",
         "citizen_return": "returned", "decline": "declined"}
ACTORS = {"register": "registered", "redirect": "redirected", "impose_resolution": "resolutions"}

Found = Iterator[tuple[str, datetime, int | None]]


def _simple(history: list[Fact]) -> Found:
    """Figures that are a number of facts."""
    for place, one in enumerate(history):
        before = history[:place]
        on_case = one.subject == "case"
        if on_case and one.event in ACTORS:
            yield ACTORS[one.event], one.at, BODIES[one.actor_id or 0]
        if on_case and one.event in LEADS:
            yield LEADS[one.event], one.at, _lead(before)
        yield from _special(one, _lead(before), _lead(history[:place + 1]),
                            _photographer(one, before))


def _special(one: Fact, lead: int | None, named: int | None, photographer: int | None) -> Found:
    found: dict[str, tuple[bool, int | None]] = {
        "arrived": (one.event == "receive", None),
        "assigned": (one.event == "impose_resolution", named),
        "interim": (one.event == "dispatch" and one.details["kind"] == "interim", lead),
        "returned_thrice": (one.event == "citizen_return" and one.after == "returned_thrice",
                            lead),
        "materials": (one.event == "submit_materials", BODIES.get(one.actor_id or 0)),
        "closed": (one.event == "close", lead),
        "photos": (one.event == "photo_judged", photographer),
        "photos_kept": (one.event == "keep_photo", photographer),
    }
    yield from ((figure, one.at, body) for figure, (holds, body) in found.items() if holds)


def _photographer(one: Fact, before: Sequence[Fact]) -> int | None:
    """The body of the executor to whose part the photo belongs."""
    if not one.subject.startswith("part:"):
        return None
    given = [fact for fact in before if fact.event == "impose_resolution"]
    bodies = given[-1].details["bodies"].split() if given else []
    return int(bodies[int(one.subject[5:])]) if bodies else None


STAGES = {"register": "resolution", "impose_resolution": "execution", "decline": "resolution",
          "remark": "rework", "send_back": "rework", "refuse": "rework",
          "refuse_signature": "rework", "sign": "sending", "dispatch": "", "redirect": ""}
"""What follows when an event ends a stage."""


def stages(facts: list[Fact], start: datetime, cut: datetime) -> dict[str, list[float]]:
    """Working days of every stage that ended in [start, cut)."""
    found: dict[str, list[float]] = {}
    for history in rounds([one for one in facts if one.at < cut]):
        for stage, began, ended in _stages(history):
            if ended >= start:
                found.setdefault(stage, []).append(worked(began, ended))
    return found


def _stages(history: list[Fact]) -> Iterator[tuple[str, datetime, datetime]]:
    stage, since = "", history[0].at
    for one in history:
        if one.event in {"receive", "citizen_return"}:
            stage, since = "registration", one.at
        elif one.event == "publish" and one.after == "deferred":
            stage, since = "execution", one.at
        elif one.event == "submit_draft" or (one.event in STAGES and one.subject == "case"):
            if stage:
                yield stage, since, one.at
            stage = ("approval" if one.after == "approving" else "signing") if (
                one.event == "submit_draft") else STAGES[one.event]
            since = one.at


def worked(began: datetime, ended: datetime) -> float:
    """Working days between, each day's by its hours, counted one by one."""
    found, day = 0.0, day_of(began)
    while day <= day_of(ended):
        if CALENDAR.is_working(day):
            opens, closes = CALENDAR.start_of_work(day), CALENDAR.end_of_work(day)
            part = min(ended, closes) - max(began, opens)
            found += max(part / (closes - opens), 0.0)
        day += timedelta(days=1)
    return found


def _split(history: list[Fact]) -> Iterator[list[Fact]]:
    """Rounds: each begins with an arrival or a return."""
    current: list[Fact] = []
    for one in history:
        if one.event in {"receive", "citizen_return"} and current:
            yield current
            current = []
        current.append(one)
    yield current


def _deadlines(history: list[Fact], cut: datetime) -> Found:
    for one in _split(history):
        yield from _registered_late(one)
        yield from _resolved_late(one)
        yield from _drafts(one)
        yield from _materials_late(one)
        yield from _answers(one, cut)


def _registered_late(one: list[Fact]) -> Found:
    for fact in one:
        if fact.event == "register" and fact.at > CALENDAR.registration_due(one[0].at):
            yield "registered_late", fact.at, BODIES[fact.actor_id or 0]


def _resolved_late(one: list[Fact]) -> Found:
    start = None
    for fact in one:
        if fact.event == "register" or (fact.event == "decline" and fact.subject == "case"):
            start = fact.at
        if fact.event == "impose_resolution" and start is not None and (
                fact.at > evening(after_working_days(day_of(start), 1))):
            yield "resolutions_late", fact.at, BODIES[fact.actor_id or 0]


def _drafts(one: list[Fact]) -> Found:
    place = next((at for at, fact in enumerate(one) if fact.event == "submit_draft"), None)
    registered = next((fact for fact in one if fact.event == "register"), None)
    if place is None or registered is None:
        return
    resolution = [fact for fact in one[:place] if fact.event == "impose_resolution"][-1]
    own = date.fromisoformat(resolution.details["days"].split()[0])
    due = min(own, after_working_days(day_of(registered.at), 6))
    yield "drafts", one[place].at, _lead(one[:place])
    if one[place].at > evening(due):
        yield "drafts_late", one[place].at, _lead(one[:place])


def _materials_late(one: list[Fact]) -> Found:
    for place, fact in enumerate(one):
        if fact.event == "submit_materials":
            given = [old for old in one[:place] if old.event == "impose_resolution"][-1]
            own = date.fromisoformat(given.details["days"].split()[1])
            if fact.at > evening(min(own, after_working_days(day_of(given.at), 4))):
                yield "materials_late", fact.at, BODIES[fact.actor_id or 0]


def _terms(one: list[Fact]) -> Iterator[tuple[datetime, list[Fact]]]:
    """By when an answer was due, and the facts while it was: the first term, then the promise."""
    registered = next((at for at, fact in enumerate(one) if fact.event == "register"), None)
    if registered is None or any(fact.event == "redirect" for fact in one):
        return
    deferred = next((at for at, fact in enumerate(one) if fact.after == "deferred"), len(one))
    yield (evening(after_working_days(day_of(one[registered].at), 8)), one[registered:deferred])
    if deferred < len(one):
        interim = next(fact for fact in one if fact.details.get("promised"))
        yield evening(date.fromisoformat(interim.details["promised"])), one[deferred:]


def _answers(one: list[Fact], cut: datetime) -> Found:
    for due, facts in _terms(one):
        for fact in facts:
            if fact.event == "dispatch" and fact.at > due:
                yield "answers_late", fact.at, _lead(one[:one.index(fact)])
        broken = _broken(due, facts, cut)
        if broken is not None:
            yield "breached", broken, _lead([fact for fact in one if fact.at < broken])


def _broken(due: datetime, facts: list[Fact], cut: datetime) -> datetime | None:
    """The first moment after the term at which no answer is with the operator."""
    by_then = [fact.event for fact in facts
               if fact.at <= due and fact.event in {"dispatch", "refuse"}]
    if by_then[-1:] != ["dispatch"]:
        return due if cut > due else None
    return next((fact.at for fact in facts if fact.event == "refuse" and fact.at > due), None)


def _standing(history: list[Fact], cut: datetime) -> Count:
    found: Count = Counter()
    one = list(_split(history))[-1]
    state = [fact.after for fact in one if fact.subject == "case"][-1]
    if state in {"published", "closed", "redirected"}:
        return found
    found["in_work", _lead(one)] += 1
    last = None
    for due, facts in _terms(one):
        events = [fact.event for fact in facts if fact.event in {"dispatch", "refuse"}]
        last = due if not events or events[-1] == "refuse" else None
    if last is not None and last < cut:
        found["overdue", _lead(one)] += 1
    elif last is not None and last <= evening(after_working_days(
            day_of(cut - timedelta(seconds=1)), 2)):
        found["due_next", _lead(one)] += 1
    return found

"""The tables against the paper and against themselves."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import TypeVar

import pytest

from core import lifecycle
from core.calendar import LATE_INTAKE
from core.errors import MoveNotAllowedError
from core.regulation import guards
from core.regulation.clauses import CLAUSES
from core.regulation.deadlines import DEADLINES, Scope
from core.regulation.escalation import ESCALATION
from core.regulation.guards import Guard, Situation
from core.regulation.lifecycle import (
    ASSIGNMENT_BIRTH,
    ASSIGNMENT_FINAL,
    ASSIGNMENT_LIFECYCLE,
    AT_WORK,
    BIRTH,
    FINAL,
    HOLDER,
    LETTER_BIRTH,
    LETTER_FINAL,
    LETTER_LIFECYCLE,
    LIFECYCLE,
    RESTING,
    Move,
)
from core.regulation.limits import EVENING_HOUR, LIMITS, MISROUTE_WORKING_DAYS
from core.regulation.page import lifecycle_page
from core.regulation.routines import ROUTINES
from core.regulation.terms import (
    AnswerKind,
    AssignmentState,
    Event,
    LetterForm,
    LetterState,
    Role,
    State,
    Term,
)

ROOT = Path(__file__).resolve().parents[3]
PAPER = " ".join((ROOT / "docs" / "regulation.txt").read_text(encoding="utf-8").split())

S = TypeVar("S", bound=Term)

BIRTH_EVENTS = {Event.RECEIVE, Event.DRAFT_LETTER}

OUTSIDE_THE_TABLES = {
    "R2": "the directory: core/people.py",
    "R3": "publicity: a field of the message",
    "R9": "who sees what: core/access.py, core/privacy.py",
    "R11": "two or more executors: the shape of a resolution, with e-mail for each",
    "R20": "the kinds of answer: terms.AnswerKind",
    "R23": "photos that need editing: the photo judge",
    "R25": "undated promises: the check of the text",
    "R28": "the electronic form: the document templates",
    "R38": "views of control: core/usecases/lookups.py",
    "R49": "remote work: no office network is needed",
}
"""Rows of the requirements that are no state, move, deadline, routine or limit."""


def every_situation() -> Iterator[Situation]:
    """Every combination of what conditions look at, impossible ones included."""
    for values in product((True, False), (0, 1, 2), (0, 1, 2), (None, *AnswerKind), range(6),
                          (True, False), (True, False), (None, *LetterForm)):
        yield Situation(*values)


SITUATIONS = tuple(every_situation())


def possible(now: Situation, event: Event) -> bool:
    """Situations that the event presupposes: an approval list in turn, a draft that was sent, a
    letter on some form."""
    if event is Event.APPROVE:
        return now.approvals_left > 0
    if event is Event.PUBLISH:
        return now.answer_kind is not None
    if event is Event.REGISTER_LETTER:
        return now.letter_form is not None
    return True


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_quote_stands_word_for_word_in_the_regulation(clause: str) -> None:
    assert CLAUSES[clause] in PAPER


def used_clauses() -> set[str]:
    rows = [row.clause for table in (LIFECYCLE, ASSIGNMENT_LIFECYCLE, LETTER_LIFECYCLE)
            for row in table]
    rows += [row.clause for row in DEADLINES]
    rows += [row.clause for row in ROUTINES]
    rows += [row.clause for row in ESCALATION]
    return {*rows, *(row.clause for row in LIMITS)}


def used_requirements() -> set[str]:
    rows = [row.requirement for table in (LIFECYCLE, ASSIGNMENT_LIFECYCLE, LETTER_LIFECYCLE)
            for row in table]
    rows += [row.requirement for row in DEADLINES]
    rows += [row.requirement for row in ROUTINES]
    return {*rows, *(row.requirement for row in LIMITS)}


def test_every_row_cites_a_clause_that_is_quoted() -> None:
    assert used_clauses() <= CLAUSES.keys()


def test_every_requirement_is_a_row_of_some_table_or_stands_apart_for_a_reason() -> None:
    births = {"R1"}
    everything = {f"R{number}" for number in range(1, 51)}
    assert not used_requirements() & OUTSIDE_THE_TABLES.keys()
    assert used_requirements() | births | OUTSIDE_THE_TABLES.keys() == everything


@pytest.mark.parametrize(("table", "birth", "states"), [
    (LIFECYCLE, BIRTH, State), (ASSIGNMENT_LIFECYCLE, ASSIGNMENT_BIRTH, AssignmentState),
    (LETTER_LIFECYCLE, LETTER_BIRTH, LetterState)], ids=["case", "assignment", "letter"])
def test_every_state_is_reached_from_the_beginning(
        table: Sequence[Move[State]], birth: State, states: type[State]) -> None:
    reached = {birth}
    while new := {row.to for row in table if row.state in reached} - reached:
        reached |= new
    assert reached == set(states)


@pytest.mark.parametrize(("table", "final", "states"), [
    (LIFECYCLE, FINAL, State), (ASSIGNMENT_LIFECYCLE, ASSIGNMENT_FINAL, AssignmentState),
    (LETTER_LIFECYCLE, LETTER_FINAL, LetterState)], ids=["case", "assignment", "letter"])
def test_every_state_but_the_final_ones_can_be_left_and_leads_to_an_end(
        table: Sequence[Move[State]], final: frozenset[State], states: type[State]) -> None:
    left = {row.state for row in table if row.to is not row.state}
    assert left == set(states) - final
    accepted_materials = AssignmentState.DONE.label
    ends = {*final, *(state for state in states if state.label == accepted_materials)}
    while new := {row.state for row in table if row.to in ends} - ends:
        ends |= new
    assert ends == set(states)


@pytest.mark.parametrize("table", [LIFECYCLE, ASSIGNMENT_LIFECYCLE, LETTER_LIFECYCLE],
                         ids=["case", "assignment", "letter"])
def test_where_a_move_forks_exactly_one_way_is_open(table: Sequence[Move[State]]) -> None:
    ways: dict[tuple[State, Event, Role], list[Guard]] = defaultdict(list)
    for row in table:
        for role in row.by:
            ways[row.state, row.event, role].append(row.provided)
    forks = {key: found for key, found in ways.items() if len(found) > 1}
    assert forks or table is not LIFECYCLE
    for (state, event, role), found in forks.items():
        for now in SITUATIONS:
            open_ways = sum(guard.holds(now) for guard in found)
            wanted = 1 if possible(now, event) else 0
            assert open_ways == wanted, (state, event, role, now)


def test_the_letter_is_registered_by_the_side_whose_form_it_is_on() -> None:
    rows = [row for row in LETTER_LIFECYCLE if row.event is Event.REGISTER_LETTER]
    for form in LetterForm:
        now = Situation(letter_form=form)
        able = {role for row in rows if row.provided.holds(now) for role in row.by}
        assert (Role.CLERK in able) is (form is LetterForm.BODY)
        assert (Role.DESK in able) is (form is LetterForm.ADMINISTRATION)


def assert_all_else_is_refused(table: Sequence[Move[S]], states: type[S]) -> None:
    allowed = {(row.state, row.event, role) for row in table for role in row.by}
    now = Situation()
    for state, event, role in product(states, Event, Role):
        if (state, event, role) in allowed:
            continue
        with pytest.raises(MoveNotAllowedError) as refusal:
            lifecycle.choose(table, state, event, {role}, now)
        assert state.label in str(refusal.value)
        assert event.label in str(refusal.value)


def test_whatever_is_not_in_the_table_of_cases_is_refused_with_a_reason() -> None:
    assert_all_else_is_refused(LIFECYCLE, State)


def test_whatever_is_not_in_the_table_of_assignments_is_refused_with_a_reason() -> None:
    assert_all_else_is_refused(ASSIGNMENT_LIFECYCLE, AssignmentState)


def test_whatever_is_not_in_the_table_of_letters_is_refused_with_a_reason() -> None:
    assert_all_else_is_refused(LETTER_LIFECYCLE, LetterState)


def test_an_actor_without_any_role_can_do_nothing_at_all() -> None:
    for state, event in product(State, Event):
        with pytest.raises(MoveNotAllowedError):
            lifecycle.choose(LIFECYCLE, state, event, frozenset(), Situation())
    assert all(lifecycle.offered(LIFECYCLE, state, frozenset(), Situation()) == ()
               for state in State)


def test_a_refusal_names_who_may_or_the_condition_that_fails() -> None:
    with pytest.raises(MoveNotAllowedError, match="выполняет: подписывающий, уведомление МСЭД"):
        lifecycle.choose(LIFECYCLE, State.SIGNING, Event.SIGN, {Role.LEAD}, Situation())
    with pytest.raises(MoveNotAllowedError, match="не истёк один рабочий день"):
        lifecycle.choose(LIFECYCLE, State.ASSIGNED, Event.DECLINE, {Role.LEAD}, Situation())


def test_what_is_offered_is_what_is_not_refused() -> None:
    situations = (Situation(), Situation(approvals_left=1, answer_kind=AnswerKind.SOLVED),
                  Situation(needs_approval=False, may_decline=True, returns=4, leads_named=1,
                            approvals_left=2, answer_kind=AnswerKind.INTERIM))
    for state, role, now in product(State, Role, situations):
        offered = set(lifecycle.offered(LIFECYCLE, state, {role}, now))
        for event in Event:
            if event in offered:
                assert lifecycle.choose(LIFECYCLE, state, event, {role}, now).event is event
            else:
                with pytest.raises(MoveNotAllowedError):
                    lifecycle.choose(LIFECYCLE, state, event, {role}, now)


def test_every_deadline_starts_and_ends_at_an_event_of_the_tables() -> None:
    happening = BIRTH_EVENTS | {row.event for row in LIFECYCLE} | {
        row.event for row in ASSIGNMENT_LIFECYCLE}
    for row in DEADLINES:
        assert {row.counted_from, *row.met_by, *row.reopened_by} <= happening, row.code
        assert row.met_by


def test_every_deadline_can_be_met_after_it_has_started() -> None:
    """From wherever the start leads, some path of the case comes to an event that meets it."""
    for row in (one for one in DEADLINES if one.scope is Scope.CASE):
        reached = {move.to for move in LIFECYCLE if move.event is row.counted_from} or {BIRTH}
        while new := {move.to for move in LIFECYCLE if move.state in reached} - reached:
            reached |= new
        assert any(move.event in row.met_by for move in LIFECYCLE if move.state in reached) or (
            Event.DELIVER in row.met_by)


def test_every_event_happens_in_some_table() -> None:
    happening = {row.event for row in LIFECYCLE} | {row.event for row in ASSIGNMENT_LIFECYCLE} | {
        row.event for row in LETTER_LIFECYCLE}
    assert happening | BIRTH_EVENTS == set(Event)


def test_somebody_has_the_ball_in_every_state_that_is_not_final() -> None:
    assert HOLDER.keys() == set(State) - FINAL


def test_only_in_states_where_it_is_not_the_offices_turn_can_the_holder_do_nothing() -> None:
    for state, holder in HOLDER.items():
        able = {role for row in LIFECYCLE if row.state is state for role in row.by}
        assert holder in able, state


def test_nothing_of_the_office_is_due_where_a_case_rests() -> None:
    assert all(HOLDER[state] is Role.CITIZEN for state in RESTING)


def test_executors_work_where_the_lead_has_the_ball() -> None:
    assert {state for state, holder in HOLDER.items() if holder is Role.LEAD} == AT_WORK


def test_state_body_words_and_the_calendar_agree_with_the_limits() -> None:
    assert LATE_INTAKE.hour == EVENING_HOUR
    misroute = next(row for row in DEADLINES if row.code == "misroute_return")
    assert misroute.days == MISROUTE_WORKING_DAYS


def test_codes_and_labels_are_not_used_twice() -> None:
    for rows in (DEADLINES, ROUTINES, LIMITS):
        codes = [row.code for row in rows]
        assert len(codes) == len(set(codes))
    for terms in (State, AssignmentState, LetterState, Event, Role, AnswerKind):
        labels = [term.label for term in terms]
        assert len(labels) == len(set(labels))


def test_every_guard_is_used_by_a_row() -> None:
    named = {value for value in vars(guards).values() if isinstance(value, Guard)}
    used = {row.provided for row in LIFECYCLE} | {row.provided for row in ASSIGNMENT_LIFECYCLE} | {
        row.provided for row in LETTER_LIFECYCLE}
    assert named == used


def test_the_page_for_the_office_is_up_to_date() -> None:
    written = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    assert written == lifecycle_page(), "run: python -m core.regulation"


def test_the_diagrams_show_every_state_and_every_move_by_a_russian_label() -> None:
    page = lifecycle_page()
    for state in State:
        assert f'state "{state.label}" as {state.value}' in page
    for row in LIFECYCLE:
        if row.state is not row.to:
            assert f"{row.state.value} --> {row.to.value} : {row.event.label}" in page
    arrows = [line.split(" : ", 1)[1] for line in page.splitlines()
              if " --> " in line and " : " in line]
    assert arrows
    assert not [label for label in arrows if set(label) & set(';:"{}#')]

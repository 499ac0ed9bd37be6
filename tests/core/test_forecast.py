"""The forecast: how long cases take, learned from the answered and from those on their way."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import MOSCOW, WorkingCalendar
from core.forecast import ENOUGH, Curve, Pace, Way, ways
from core.journal import Passage

CALENDAR = WorkingCalendar.official()

FREIREICH = [(6, True), (6, True), (6, True), (6, False), (7, True), (9, False), (10, True),
             (10, False), (11, False), (13, True), (16, True), (17, False), (19, False),
             (20, False), (22, True), (23, True), (25, False), (32, False), (32, False),
             (34, False), (35, False)]
"""Remission in weeks under 6-MP (Freireich et al. 1963, Blood 21): the textbooks' example."""


@pytest.mark.parametrize(("weeks", "left"), [
    (5, 1.0), (6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538),
    (23, 0.448), (40, 0.448)])
def test_the_curve_is_that_of_the_textbooks(weeks: int, left: float) -> None:
    assert Curve(FREIREICH).left_after(weeks) == pytest.approx(left, abs=5e-4)


days = st.integers(0, 200).map(lambda one: one / 10)


@given(st.lists(days, min_size=1), days)
def test_where_all_have_ended_it_is_the_plain_share(took: list[float], after: float) -> None:
    curve = Curve([(one, True) for one in took])
    assert curve.left_after(after) == pytest.approx(
        sum(one > after for one in took) / len(took))


@given(st.lists(st.tuples(days, st.booleans()), min_size=1), days, days, days)
def test_a_chance_is_a_share_and_more_time_makes_it_no_greater(
        known: list[tuple[float, bool]], spent: float, first: float, second: float) -> None:
    curve = Curve(known)
    soon, late = sorted((first, second))
    assert 0 <= curve.chance(late, spent) <= curve.chance(soon, spent) <= 1


def test_a_body_with_a_past_of_its_own_is_judged_by_it() -> None:
    slow = [Way("assigned", 1, 9.0, ended=True)] * ENOUGH
    quick = [Way("assigned", 2, 2.0, ended=True)] * ENOUGH
    pace = Pace.of([*slow, *quick])
    assert pace.chance_of_late("assigned", 1, spent=1.0, days=6.0) == 1.0
    assert pace.chance_of_late("assigned", 2, spent=1.0, days=6.0) == 0.0
    assert pace.chance_of_late("assigned", 3, spent=1.0, days=6.0) == 0.5, "the whole city's"
    assert pace.chance_of_late("signing", 1, spent=1.0, days=6.0) is None, "nothing is known"


def test_too_short_a_past_says_nothing() -> None:
    pace = Pace.of([Way("assigned", 1, 9.0, ended=True)] * (ENOUGH - 1))
    assert pace.chance_of_late("assigned", 1, spent=0.0, days=1.0) is None


def moment(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=MOSCOW)


def passage(event: str, state: str, at: datetime, *, case: int = 1, actor: int | None = None
            ) -> Passage:
    return Passage(case, 1, event, state, at, actor)


def test_a_way_is_counted_in_working_days_from_each_stage_to_the_answer() -> None:
    friday, monday = moment(20), moment(23)
    found = list(ways([
        passage("receive", "received", friday),
        passage("register", "registered", moment(20, 18)),
        passage("submit_draft", "approving", monday, actor=7),
        passage("dispatch", "dispatched", moment(23, 18)),
        passage("publish", "published", moment(24)),
    ], CALENDAR.working_time(moment(27)), CALENDAR.working_time,
        lambda one: 3 if one == 7 else None))
    assert [(one.stage, one.body_id, one.days, one.ended) for one in found] == [
        ("received", 3, 2.0, True), ("registered", 3, 1.0, True), ("approving", 3, 1.0, True)]


def test_a_case_on_its_way_counts_for_as_long_as_it_has_taken() -> None:
    now = CALENDAR.working_time(moment(25))
    found = list(ways([
        passage("receive", "received", moment(23)),
        passage("receive", "received", moment(20), case=2),
        passage("redirect", "redirected", moment(23), case=2)],
        now, CALENDAR.working_time, lambda _: None))
    assert [(one.days, one.ended) for one in found] == [(2.0, False), (1.0, False)]


def test_working_time_stands_still_at_night_and_on_days_off() -> None:
    assert CALENDAR.working_time(moment(23, 9)) == CALENDAR.working_time(moment(20, 18))
    assert CALENDAR.working_time(moment(21, 12)) == CALENDAR.working_time(moment(22, 23))
    half = CALENDAR.working_time(moment(23, 9) + timedelta(hours=4, minutes=30))
    assert half - CALENDAR.working_time(moment(23)) == 0.5


@given(st.integers(0, 330 * 24 * 60), st.integers(0, 400))
def test_so_much_working_time_later_is_so_much_working_time_later(minutes: int, tenths: int
                                                                  ) -> None:
    at = datetime(2026, 1, 1, tzinfo=MOSCOW) + timedelta(minutes=minutes)
    later = CALENDAR.after_working_time(at, tenths / 10)
    assert CALENDAR.working_time(later) - CALENDAR.working_time(at) == pytest.approx(
        tenths / 10, abs=1e-6)

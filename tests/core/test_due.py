"""Deadlines over the facts of a case: open, met, late, narrowed, begun anew."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from core import due
from core.calendar import MOSCOW
from core.due import Due
from core.errors import BeyondCalendarError
from core.regulation.deadlines import DEADLINES
from core.regulation.terms import AnswerKind, Event, State
from core.usecases import approvals, dispatch, execution, resolutions, returns, routing
from core.usecases.resolutions import Task
from tests import builders as b
from tests.builders import CALENDAR, MSED, SYSTEM, Story, a_case, a_message


def all_of(story: Story) -> dict[str, Due]:
    """The deadlines by code; an executor's own with the key of the part."""
    return {one.row.code if one.part is None else f"{one.row.code}:{one.part}": one
            for one in due.of_case(story.case, CALENDAR)}


def still_open(story: Story) -> list[str]:
    return [one.row.code if one.part is None else f"{one.row.code}:{one.part}"
            for one in due.open_duties(story.case, CALENDAR)]


def on(day: int, hour: int = 12, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=MOSCOW)


def sent(kind: AnswerKind = AnswerKind.SOLVED) -> Story:
    story = Story().at_work()
    story.draft(kind, on(14))
    story.submit()
    story.approve()
    story.sign()
    story.confirm()
    story.dispatch()
    return story


def test_a_message_that_arrived_is_to_be_registered_that_day() -> None:
    story = Story()
    assert still_open(story) == ["registration"]
    one = all_of(story)["registration"]
    assert one.due_at == datetime(2026, 11, 23, 18, tzinfo=MOSCOW)
    assert not one.late_at(datetime(2026, 11, 23, 18, tzinfo=MOSCOW))
    assert one.late_at(datetime(2026, 11, 23, 18, 1, tzinfo=MOSCOW))


def test_a_message_of_the_evening_is_to_be_registered_in_the_first_hours_of_the_next_day() -> None:
    story = Story(case=a_case(at=datetime(2026, 11, 27, 19, tzinfo=MOSCOW)))
    assert all_of(story)["registration"].due_at == datetime(2026, 11, 30, 11, tzinfo=MOSCOW)


def test_registration_meets_one_deadline_and_starts_the_others() -> None:
    story = Story()
    story.register()
    found = all_of(story)
    assert found["registration"].met_at == b.MONDAY
    assert {code: one.due_on for code, one in found.items() if one.open} == {
        "resolution": date(2026, 11, 24), "delivery": date(2026, 11, 25),
        "draft": date(2026, 12, 1), "answer": date(2026, 12, 3),
        "interim_limit": date(2026, 12, 23)}
    assert still_open(story) == ["resolution", "delivery", "draft", "answer"]


def test_a_late_registration_stays_late_and_is_no_longer_open() -> None:
    story = Story().later(24)
    story.register()
    one = all_of(story)["registration"]
    assert not one.open
    assert one.late_at(b.MONDAY)


def test_delivery_is_met_when_the_last_executor_has_the_assignment() -> None:
    story = Story()
    story.register()
    story.route()
    story.resolve(Task(b.LEAD), Task(b.CO))
    act = story.act(speaks_for=SYSTEM)
    execution.delivered(act, 0)
    story.done(act)
    assert "delivery" in still_open(story)
    story.later(24)
    act = story.act(b.CO)
    execution.accept(act)
    story.done(act)
    assert all_of(story)["delivery"].met_at == on(24, 10, 11)


def test_delivery_does_not_wait_for_who_declined_and_a_draft_shows_that_the_lead_has_it() -> None:
    story = Story()
    story.register()
    story.route()
    story.resolve(Task(b.LEAD), Task(b.CO))
    act = story.act(b.CO)
    execution.decline(act, "не наше")
    story.done(act)
    assert "delivery" in still_open(story)
    story.draft()
    assert "delivery" not in still_open(story)


def test_a_co_executors_deadline_is_his_own_and_capped_by_what_he_was_given() -> None:
    story = Story().at_work(Task(b.LEAD), Task(b.CO, due_on=date(2026, 11, 25)))
    assert all_of(story)["coexecutor:1"].due_on == date(2026, 11, 25)
    act = story.act(b.CO)
    execution.delegate(act, b.CO_STAFF, date(2026, 11, 24))
    story.done(act)
    one = all_of(story)["coexecutor:1"]
    assert one.due_at == datetime(2026, 11, 24, 18, tzinfo=MOSCOW)
    assert "coexecutor:0" not in all_of(story)


def test_materials_meet_the_deadline_and_their_return_opens_it_again() -> None:
    story = Story().with_co_executor().later(26)
    act = story.act(b.CO)
    execution.submit_materials(act, "Сделано.")
    story.done(act)
    assert not all_of(story)["coexecutor:1"].late_at(on(30))
    act = story.act(b.LEAD)
    execution.return_materials(act, 1, "нет фото")
    story.done(act)
    one = all_of(story)["coexecutor:1"]
    assert (one.open, one.due_on) == (True, date(2026, 11, 27))
    story.later(30)
    act = story.act(b.CO)
    execution.submit_materials(act, "Сделано с фото.")
    story.done(act)
    one = all_of(story)["coexecutor:1"]
    assert one.met_at == on(30, 10, 11)
    assert one.late_at(on(30))


def test_who_declined_owes_nothing() -> None:
    story = Story().with_co_executor()
    act = story.act(b.CO)
    execution.decline(act, "не наше")
    story.done(act)
    assert "coexecutor:1" not in still_open(story)


def test_executors_owe_nothing_while_the_case_is_not_with_them() -> None:
    story = Story().with_co_executor()
    story.draft(AnswerKind.INTERIM, on(14))
    assert "coexecutor:1" in still_open(story)
    story.submit()
    assert story.case.state is State.APPROVING
    assert "coexecutor:1" not in still_open(story)


def test_the_resolution_may_narrow_the_date_of_the_draft() -> None:
    story = Story().at_work(Task(b.LEAD, due_on=date(2026, 11, 27)))
    assert all_of(story)["draft"].due_on == date(2026, 11, 27)
    act = story.act(b.LEAD)
    execution.delegate(act, b.LEAD_STAFF, date(2026, 11, 26))
    story.done(act)
    assert all_of(story)["draft"].due_on == date(2026, 11, 26)
    assert all_of(story)["answer"].due_on == date(2026, 12, 3)


def test_a_handed_back_message_gives_the_next_official_a_day_of_his_own() -> None:
    story = Story()
    story.register()
    story.route()
    story.later(24)
    act = story.act(b.OFFICIAL)
    resolutions.hand_back(act, "не моё")
    story.done(act)
    one = all_of(story)["resolution"]
    assert (one.open, one.due_on) == (True, date(2026, 11, 25))
    assert all_of(story)["delivery"].due_on == date(2026, 11, 25)


def test_a_misrouted_case_needs_a_resolution_and_a_delivery_again() -> None:
    story = Story().at_work()
    assert all_of(story)["resolution"].met_at is not None
    story.later(24)
    act = story.act(b.LEAD)
    execution.decline(act, "не наше")
    story.done(act)
    found = all_of(story)
    assert (found["resolution"].open, found["resolution"].due_on) == (True, date(2026, 11, 25))
    assert found["delivery"].open
    story.route()
    story.resolve(Task(b.CO))
    assert not all_of(story)["resolution"].open


def test_the_draft_is_met_when_handed_on_and_stays_so_through_rework() -> None:
    story = Story().at_work()
    story.draft()
    assert "draft" in still_open(story)
    story.submit()
    first = story.case.history[-1].at
    act = story.act(b.ROADS_HEAD)
    approvals.remark(act, "нет даты")
    story.done(act)
    assert all_of(story)["draft"].met_at == first
    assert still_open(story) == ["answer"]


def test_the_answer_is_met_by_its_dispatch_and_opened_again_by_the_operators_refusal() -> None:
    story = sent()
    assert still_open(story) == []
    act = story.act(speaks_for=MSED)
    dispatch.refuse(act, "нет вложения")
    story.done(act)
    one = all_of(story)["answer"]
    assert (one.open, one.due_on) == (True, date(2026, 12, 3))


def test_forwarding_outside_ends_every_deadline() -> None:
    story = Story()
    story.register()
    act = story.act(b.DESK)
    routing.redirect(act, b.RAILWAY)
    story.done(act)
    assert still_open(story) == []
    assert not [code for code, one in all_of(story).items() if one.open]


def test_an_interim_answer_meets_the_eight_days_and_puts_its_own_date_under_control() -> None:
    story = sent(AnswerKind.INTERIM)
    assert "deferred" not in all_of(story)
    story.publish()
    assert still_open(story) == ["deferred"]
    one = all_of(story)["deferred"]
    assert one.due_at == datetime(2026, 12, 14, 18, tzinfo=MOSCOW)
    assert not one.late_at(on(14, 17))
    assert one.late_at(on(15))


def test_only_the_dispatch_of_the_final_answer_keeps_the_promise() -> None:
    story = Story()
    frozen = story.now
    story.at_work()
    story.answer(AnswerKind.INTERIM, on(14))
    at_once = tuple(replace(one, at=frozen) for one in story.case.history)
    assert all_of(Story(case=replace(story.case, history=at_once)))["deferred"].open
    story.later(10, month=12)
    story.draft()
    assert still_open(story) == ["deferred"]
    story.submit()
    story.approve()
    story.sign()
    story.confirm()
    story.dispatch()
    assert still_open(story) == []
    act = story.act(speaks_for=MSED)
    dispatch.refuse(act, "нет вложения")
    story.done(act)
    assert still_open(story) == ["deferred"]


def test_a_citizens_return_arms_every_deadline_anew() -> None:
    story = Story().at_work()
    story.answer()
    story.later(7, month=12)
    act = story.act(speaks_for=MSED)
    returns.citizen_return(act, a_message(text="Не сделано."))
    story.done(act)
    assert still_open(story) == ["registration"]
    assert all_of(story)["registration"].due_on == date(2026, 12, 7)
    story.register()
    assert all_of(story)["answer"].due_on == date(2026, 12, 17)


def test_the_right_to_return_a_misroute_is_shown_and_nobody_owes_it() -> None:
    story = Story().with_co_executor()
    found = all_of(story)
    assert {found[f"misroute_return:{key}"].due_on for key in (0, 1)} == {date(2026, 11, 24)}
    assert not [code for code in still_open(story) if code.startswith("misroute")]


def test_open_duties_come_nearest_first() -> None:
    story = Story().with_co_executor()
    moments = [one.due_at for one in due.open_duties(story.case, CALENDAR)]
    assert moments == sorted(moments)
    assert still_open(story)[0] == "coexecutor:1"


def test_a_deadline_beyond_the_calendar_does_not_hide_the_others() -> None:
    story = Story(case=a_case(at=datetime(2027, 12, 24, 10, tzinfo=MOSCOW)),
                  now=datetime(2027, 12, 24, 10, tzinfo=MOSCOW))
    story.register()
    found = all_of(story)
    assert found["resolution"].due_on == date(2027, 12, 27)
    assert "answer" not in found
    with pytest.raises(BeyondCalendarError):
        due.latest_draft_due(datetime(2027, 12, 29, 10, tzinfo=MOSCOW), CALENDAR)


def test_every_row_of_the_table_shows_itself_in_some_life_of_a_case() -> None:
    story = Story().with_co_executor()
    seen = {one.row.code for one in due.of_case(story.case, CALENDAR)}
    approving = Story().at_work()
    approving.draft()
    approving.submit()
    seen |= {one.row.code for one in due.of_case(approving.case, CALENDAR)}
    other = sent(AnswerKind.INTERIM)
    other.publish()
    seen |= {one.row.code for one in due.of_case(other.case, CALENDAR)}
    assert seen == {row.code for row in DEADLINES}
    assert other.case.history[-1].event is Event.PUBLISH

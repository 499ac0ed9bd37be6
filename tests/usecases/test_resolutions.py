"""4.2-4.5: the resolution, the return of what is not ours, sub-assignment."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import (
    MoveNotAllowedError,
    NotAcceptedError,
    NotFoundError,
    UnknownPersonError,
)
from core.notices import NoticeKind
from core.regulation.terms import AssignmentState, Event, Role, State
from core.usecases import approvals, execution, resolutions, routing
from core.usecases.resolutions import Task
from tests import builders as b
from tests.builders import SYSTEM, Story


def routed() -> Story:
    story = Story()
    story.register()
    story.route()
    return story


def test_the_first_named_is_the_lead_and_the_others_give_him_materials() -> None:
    story = routed()
    case = story.resolve(Task(b.LEAD, "заделать яму"), Task(b.CO), Task(b.CO_STAFF))
    assert case.state is State.ASSIGNED
    assert [part.role for part in case.parts] == [
        Role.LEAD, Role.CO_EXECUTOR, Role.CO_EXECUTOR]
    assert case.lead is not None
    assert (case.lead.executor_id, case.lead.scope) == (b.LEAD, "заделать яму")
    assert story.told(NoticeKind.ASSIGNMENT) == {b.LEAD, b.CO, b.CO_STAFF}


def test_by_default_the_lead_has_six_working_days_and_a_co_executor_four() -> None:
    case = routed().resolve(Task(b.LEAD), Task(b.CO))
    assert [part.due_on for part in case.parts] == [date(2026, 12, 1), date(2026, 11, 27)]


def test_a_co_executor_named_late_works_to_the_drafts_date() -> None:
    case = routed().later(26).resolve(Task(b.LEAD), Task(b.CO))
    assert [part.due_on for part in case.parts] == [date(2026, 12, 1), date(2026, 12, 1)]


def test_the_official_may_set_earlier_dates_and_no_later_ones() -> None:
    story = routed()
    case = story.resolve(Task(b.LEAD, due_on=date(2026, 11, 27)),
                         Task(b.CO, due_on=date(2026, 11, 25)))
    assert [part.due_on for part in case.parts] == [date(2026, 11, 27), date(2026, 11, 25)]
    for tasks, words in (
            ((Task(b.LEAD, due_on=date(2026, 12, 2)),), "позже 01.12.2026.*шесть рабочих дней"),
            ((Task(b.LEAD), Task(b.CO, due_on=date(2026, 11, 30))),
             "позже 27.11.2026.*четыре рабочих дня"),
            ((Task(b.LEAD, due_on=date(2026, 11, 22)),), "уже прошёл")):
        with pytest.raises(NotAcceptedError, match=words):
            resolutions.impose(routed().act(b.OFFICIAL), tasks)


def test_a_co_executor_gives_the_materials_no_later_than_the_lead_is_to_write_the_draft() -> None:
    soon = date(2026, 11, 25)
    case = routed().resolve(Task(b.LEAD, due_on=soon), Task(b.CO))
    assert [part.due_on for part in case.parts] == [soon, soon]
    with pytest.raises(NotAcceptedError, match=r"позже 25.11.2026.*срока ответственного"):
        resolutions.impose(routed().act(b.OFFICIAL), [
            Task(b.LEAD, due_on=soon), Task(b.CO, due_on=date(2026, 11, 26))])


@pytest.mark.parametrize("tasks", [
    (Task(b.STATE_APPROVER),), (Task(b.LEAD), Task(b.STATE_APPROVER))])
def test_nobody_outside_the_administration_and_its_organisations_is_made_an_executor(
        tasks: tuple[Task, ...]) -> None:
    with pytest.raises(NotAcceptedError, match=r"подведомственной организации \(п. 4.2, 4.3\)"):
        resolutions.impose(routed().act(b.OFFICIAL), tasks)


def test_a_resolution_laid_too_late_can_still_be_laid_and_is_due_at_once() -> None:
    case = routed().later(10, month=12).resolve(Task(b.LEAD), Task(b.CO))
    assert [part.due_on for part in case.parts] == [date(2026, 12, 10), date(2026, 12, 10)]


def test_a_resolution_names_somebody_once_and_somebody_who_works() -> None:
    story = routed()
    with pytest.raises(NotAcceptedError, match="ответственного"):
        resolutions.impose(story.act(b.OFFICIAL), [])
    with pytest.raises(NotAcceptedError, match="дважды"):
        resolutions.impose(story.act(b.OFFICIAL), [Task(b.LEAD), Task(b.LEAD)])
    with pytest.raises(UnknownPersonError):
        resolutions.impose(story.act(b.OFFICIAL), [Task(999)])
    story.directory.people[b.CO] = replace(story.directory.people[b.CO], active=False)
    with pytest.raises(UnknownPersonError, match="больше не работает"):
        resolutions.impose(story.act(b.OFFICIAL), [Task(b.LEAD), Task(b.CO)])


def test_another_official_can_not_lay_the_resolution() -> None:
    for other in (b.OTHER_OFFICIAL, b.DESK, b.LEAD):
        with pytest.raises(MoveNotAllowedError, match="должностное лицо"):
            resolutions.impose(routed().act(other), [Task(b.LEAD)])


def test_one_tap_accepts_the_proposal() -> None:
    story = routed()
    act = story.act(b.OFFICIAL)
    resolutions.as_proposed(act)
    assert [part.executor_id for part in story.done(act).parts] == [b.LEAD, b.CO]


def test_the_official_hands_back_what_is_not_his_with_a_reason() -> None:
    story = routed()
    with pytest.raises(NotAcceptedError):
        resolutions.hand_back(story.act(b.OFFICIAL), "  ")
    act = story.act(b.OFFICIAL)
    resolutions.hand_back(act, "вопрос ЖКХ")
    case = story.done(act)
    assert (case.state, case.official_id) == (State.REGISTERED, None)
    assert story.told(NoticeKind.HANDED_BACK) == {b.DESK, b.DESK_HEAD}
    assert story.route(b.OTHER_OFFICIAL).official_id == b.OTHER_OFFICIAL


def test_the_lead_returns_what_is_not_his_within_one_working_day() -> None:
    story = Story().with_co_executor().later(24, 17)
    act = story.act(b.LEAD)
    execution.decline(act, "дорога областная")
    case = story.done(act)
    assert (case.state, case.official_id, case.parts) == (State.REGISTERED, None, ())
    assert story.told(NoticeKind.ASSIGNMENT_DECLINED) == {b.DESK_HEAD, b.OFFICIAL}
    assert [fact.event for fact in act.facts] == ["decline", "decline"]
    assert {fact.role for fact in act.facts} == {"lead"}


def said(story: Story, person_id: int) -> str:
    """What the last act said to that person."""
    assert story.last is not None
    (sentence,) = [notice.facts["said"] for notice, _ in story.last.notices
                   if notice.kind is NoticeKind.REPLY and notice.person_id == person_id]
    return sentence


def test_the_leads_return_frees_the_co_executors_who_are_told() -> None:
    story = Story().at_work(resolutions.Task(b.LEAD), resolutions.Task(b.CO),
                            resolutions.Task(b.ROADS_HEAD))
    act = story.act(b.CO)
    execution.delegate(act, b.CO_STAFF)
    story.done(act)
    act = story.act(b.ROADS_HEAD)
    execution.decline(act, "не наше")
    story.done(act)
    act = story.act(b.LEAD)
    execution.decline(act, "дорога областная")
    story.done(act)
    assert story.told(NoticeKind.REPLY) == {b.CO, b.CO_STAFF}
    assert "Поручение снято: Дорожный С.К." in said(story, b.CO_STAFF)


def test_after_the_return_the_desk_may_forward_outside_or_route_anew() -> None:
    story = Story().at_work()
    act = story.act(b.LEAD)
    execution.decline(act, "пути железной дороги")
    story.done(act)
    act = story.act(b.DESK)
    routing.redirect(act, b.RAILWAY)
    assert story.done(act).state is State.REDIRECTED


def test_return_is_not_allowed_twice_nor_where_the_lead_could_not_return_any_more() -> None:
    story = Story().at_work().later(25)
    act = story.act(b.DESK_HEAD)
    execution.allow_decline(act, 0)
    story.done(act)
    with pytest.raises(NotAcceptedError, match="уже разрешён"):
        execution.allow_decline(story.act(b.DESK_HEAD), 0)
    reworking = replace(Story().at_work(Task(b.LEAD), Task(b.CO)).case, state=State.REWORKING)
    with pytest.raises(NotAcceptedError, match="«на доработке»"):
        execution.allow_decline(Story(reworking).act(b.DESK_HEAD), 0)
    execution.allow_decline(Story(reworking).act(b.DESK_HEAD), 1)


def test_after_the_working_day_the_return_is_refused_unless_the_desk_head_allows_it() -> None:
    story = Story().at_work().later(25)
    with pytest.raises(MoveNotAllowedError, match="не истёк один рабочий день"):
        execution.decline(story.act(b.LEAD), "не наше")
    for other in (b.DESK, b.OFFICIAL, b.LEAD):
        with pytest.raises(MoveNotAllowedError, match="руководитель подразделения"):
            execution.allow_decline(story.act(other), 0)
    act = story.act(b.DESK_HEAD)
    execution.allow_decline(act, 0)
    story.done(act)
    assert story.told(NoticeKind.REPLY) == {b.LEAD}
    assert "разрешено вернуть" in said(story, b.LEAD)
    act = story.act(b.LEAD)
    execution.decline(act, "не наше")
    assert story.done(act).state is State.REGISTERED


def test_the_day_runs_from_delivery_and_over_the_weekend() -> None:
    story = Story(now=b.MONDAY)
    story.register()
    story.route()
    story.resolve()
    story.later(27)
    act = story.act(speaks_for=SYSTEM)
    execution.delivered(act, 0)
    story.done(act)
    story.later(30, 17)
    act = story.act(b.LEAD)
    execution.decline(act, "не наше")
    assert story.done(act).state is State.REGISTERED


def test_an_executor_who_began_to_work_has_received_the_assignment() -> None:
    story = routed()
    story.resolve()
    act = story.act(b.LEAD)
    execution.add_photo(act, b.a_file())
    story.done(act)
    with pytest.raises(MoveNotAllowedError, match="не истёк"):
        execution.decline(story.later(26).act(b.LEAD), "не наше")


def test_a_return_needs_a_reason() -> None:
    with pytest.raises(NotAcceptedError, match="почему"):
        execution.decline(Story().at_work().act(b.LEAD), " ")


def test_a_co_executors_return_leaves_the_case_with_the_lead_who_is_told() -> None:
    story = Story().with_co_executor()
    act = story.act(b.CO)
    execution.decline(act, " не наша территория ")
    case = story.done(act)
    assert case.state is State.ASSIGNED
    assert case.part(1).state is AssignmentState.DECLINED
    assert case.part(1).decline_reason == "не наша территория"
    assert story.told(NoticeKind.ASSIGNMENT_DECLINED) == {b.DESK_HEAD, b.OFFICIAL, b.LEAD}
    with pytest.raises(NotFoundError):
        execution.accept(story.act(b.CO))


def test_a_return_is_for_the_first_day_and_not_for_rework() -> None:
    story = Story().at_work()
    story.draft()
    story.submit()
    act = story.act(b.ROADS_HEAD)
    approvals.remark(act, "нет адреса")
    story.done(act)
    with pytest.raises(MoveNotAllowedError, match="на доработке"):
        execution.decline(story.act(b.LEAD), "не наше")


def test_a_head_passes_the_part_to_staff_with_an_earlier_or_equal_date() -> None:
    story = Story().at_work()
    act = story.act(b.LEAD)
    execution.delegate(act, b.LEAD_STAFF, date(2026, 11, 27), "ямочный ремонт")
    case = story.done(act)
    lead = case.lead
    assert lead is not None
    assert (lead.holder_id, lead.own_due, lead.due_on) == (
        b.LEAD_STAFF, date(2026, 11, 27), date(2026, 12, 1))
    assert [(link.by_id, link.to_id, link.scope) for link in lead.chain] == [
        (b.LEAD, b.LEAD_STAFF, "ямочный ремонт")]
    assert story.told(NoticeKind.ASSIGNMENT) == {b.LEAD_STAFF}


def test_a_member_of_staff_can_not_be_given_more_time_than_the_head_has() -> None:
    story = Story().at_work(Task(b.LEAD, due_on=date(2026, 11, 27)))
    with pytest.raises(MoveNotAllowedError, match="не позже собственного срока"):
        execution.delegate(story.act(b.LEAD), b.LEAD_STAFF, date(2026, 11, 30))
    with pytest.raises(NotAcceptedError, match="уже прошёл"):
        execution.delegate(story.act(b.LEAD), b.LEAD_STAFF, date(2026, 11, 20))


def test_narrowing_goes_on_down_the_chain_and_everybody_in_it_sees_the_part() -> None:
    story = Story().at_work()
    act = story.act(b.LEAD)
    execution.delegate(act, b.LEAD_STAFF, date(2026, 11, 27))
    story.done(act)
    with pytest.raises(MoveNotAllowedError, match="собственного срока"):
        execution.delegate(story.act(b.LEAD_STAFF), b.CLERK, date(2026, 11, 30))
    act = story.act(b.LEAD_STAFF)
    execution.delegate(act, b.CLERK)
    lead = story.done(act).lead
    assert lead is not None
    assert lead.people == {b.LEAD, b.LEAD_STAFF, b.CLERK}
    assert (lead.holder_id, lead.own_due) == (b.CLERK, date(2026, 11, 27))


@pytest.mark.parametrize("to", [b.CO, b.LEAD, b.STRANGER])
def test_a_part_is_passed_only_within_ones_own_body(to: int) -> None:
    with pytest.raises(NotAcceptedError, match="своего органа"):
        execution.delegate(Story().at_work().act(b.LEAD), to)


def test_a_part_is_not_passed_to_who_has_it_nor_to_who_has_left() -> None:
    story = Story().at_work()
    act = story.act(b.LEAD)
    execution.delegate(act, b.LEAD_STAFF)
    story.done(act)
    with pytest.raises(NotAcceptedError, match="уже у этого сотрудника"):
        execution.delegate(story.act(b.LEAD), b.LEAD_STAFF)
    story.directory.people[b.CLERK] = replace(story.directory.people[b.CLERK], active=False)
    with pytest.raises(UnknownPersonError):
        execution.delegate(story.act(b.LEAD), b.CLERK)


def test_a_delivery_told_twice_is_noted_once() -> None:
    story = Story().at_work()
    act = story.act(speaks_for=SYSTEM)
    execution.delivered(act, 0)
    story.done(act)
    assert act.facts == []
    assert [one.event for one in story.case.part(0).history] == [
        Event.IMPOSE_RESOLUTION, Event.DELIVER]

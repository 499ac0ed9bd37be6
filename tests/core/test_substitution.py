"""Who does whose part while somebody is away, and never more than that part (4.1, 4.5)."""

from dataclasses import replace
from datetime import date

import pytest

from core import access, substitution
from core.debtors import debtors
from core.due import open_duties
from core.errors import AssistantError, NotAcceptedError, NotYourTurnError
from core.marks import Look, Marks
from core.notices import FOR, NoticeKind
from core.people import Absence, Directory
from core.regulation.terms import AnswerKind, Event, Role, State
from core.silence import Listening
from core.usecases import approvals, execution, resolutions
from core.usecases.casecards import make_card
from core.usecases.handover import hand_over, holds, in_rules
from core.usecases.office import address
from tests import builders as b
from tests.builders import CALENDAR, Story, a_directory

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def away(*pairs: tuple[int, int], first: date = MONDAY, last: date = FRIDAY) -> Directory:
    """The office with these people away, each with a substitute."""
    return substitution.on_day(a_directory(absences=tuple(
        Absence(one, other, first, last, number) for number, (one, other) in enumerate(pairs, 1))),
        MONDAY)


def story(*pairs: tuple[int, int]) -> Story:
    return Story(directory=away(*pairs))


def test_a_substitute_lays_resolutions_in_the_absent_officials_cases_alone() -> None:
    told = story((b.OFFICIAL, b.STRANGER))
    told.register()
    told.route(b.OTHER_OFFICIAL)
    act = told.act(b.STRANGER)
    assert not access.may_read(told.case, told.directory.person(b.STRANGER), told.directory)
    assert access.offered(told.case, act.actor, may_decline=False) == ()
    act = told.act(b.OTHER_OFFICIAL)
    resolutions.hand_back(act, "не моё")
    told.done(act)
    told.route()
    assert told.last is not None
    (sent,) = [one for one, _ in told.last.notices if one.kind is NoticeKind.TO_RESOLVE]
    assert (sent.person_id, sent.facts[FOR]) == (b.STRANGER, "Замов И.И.")
    act = told.act(b.STRANGER)
    resolutions.impose(act, [resolutions.Task(b.LEAD)])
    told.done(act)
    fact = act.facts[-1]
    assert fact.actor == "Чужой П.П. (замещает: Замов И.И.)"
    assert (fact.actor_id, fact.details["for"]) == (b.STRANGER, "Замов И.И.")


def test_running_the_program_is_not_handed_on() -> None:
    directory = away((b.ADMIN, b.STRANGER))
    assert Role.ADMIN not in directory.person(b.STRANGER).all_offices


def test_who_is_back_has_his_part_and_the_substitute_has_not() -> None:
    absences = (Absence(b.LEAD, b.STRANGER, MONDAY, FRIDAY, 1),)
    told = Story().at_work()
    there = substitution.on_day(a_directory(absences=absences), FRIDAY)
    after = substitution.on_day(a_directory(absences=absences), date(2026, 11, 28))
    assert access.may_read(told.case, there.person(b.STRANGER), there)
    assert not access.may_read(told.case, after.person(b.STRANGER), after)


def test_the_part_is_worked_on_for_the_absent_and_the_card_says_who_has_the_ball() -> None:
    told = story((b.LEAD, b.STRANGER)).at_work()
    act = told.act(b.STRANGER)
    card = make_card(told.case, act.actor, told.directory, CALENDAR, told.now, mask_contacts=True)
    assert card.mine is not None
    assert card.holder == card.mine.who == "Дорожный С.К. (замещает Чужой П.П.)"
    assert {Event.ACCEPT, Event.ADD_PHOTO, Event.SAVE_DRAFT} <= set(card.actions)
    execution.accept(act)
    told.done(act)
    assert act.facts[-1].details["for"] == "Дорожный С.К."
    act = told.act(b.STRANGER)
    execution.save_draft(act, AnswerKind.SOLVED, b.ENOUGH)
    told.done(act)
    assert act.facts[-1].actor == "Чужой П.П. (замещает: Дорожный С.К.)"


def test_an_approvers_substitute_decides_in_his_turn_and_no_earlier() -> None:
    told = story((b.STATE_APPROVER, b.STRANGER)).at_work()
    told.draft()
    told.submit()
    with pytest.raises(NotYourTurnError):
        approvals.approve(told.act(b.STRANGER))
    told.approve(b.ROADS_HEAD)
    assert told.told(NoticeKind.TO_APPROVE) == {b.STRANGER}
    told.approve(b.STRANGER)
    sheet = told.case.sheet
    assert sheet is not None
    assert [(one.approver_id, one.by_id) for one in sheet.steps] == [
        (b.ROADS_HEAD, None), (b.STATE_APPROVER, b.STRANGER)]
    assert told.last is not None
    assert told.last.facts[-1].details["for"] == "Министров И.Л."
    assert told.case.state is State.SIGNING


def test_a_chain_of_substitutes_ends_at_the_first_who_is_at_work() -> None:
    directory = away((b.LEAD, b.LEAD_STAFF), (b.LEAD_STAFF, b.STRANGER))
    assert directory.acting == {b.LEAD: b.STRANGER, b.LEAD_STAFF: b.STRANGER}
    assert [one.id for one in directory.person(b.STRANGER).stands_for] == [b.LEAD, b.LEAD_STAFF]
    assert directory.person(b.LEAD_STAFF).stands_for == ()


def test_a_circle_of_substitutes_or_one_who_has_left_stands_in_for_nobody() -> None:
    assert away((b.LEAD, b.CO), (b.CO, b.LEAD)).acting == {}
    gone = a_directory(absences=(Absence(b.LEAD, b.CO, MONDAY, FRIDAY, 1),))
    gone.people[b.CO] = replace(gone.people[b.CO], active=False)
    assert substitution.on_day(gone, MONDAY).acting == {}


@pytest.mark.parametrize(("absence", "why"), [
    (Absence(b.LEAD, b.LEAD, MONDAY, FRIDAY), "самого себя"),
    (Absence(b.LEAD, b.CO, FRIDAY, MONDAY), "раньше первого"),
    (Absence(b.LEAD, b.CO, date(2026, 11, 2), date(2026, 11, 20)), "уже прошли"),
    (Absence(b.LEAD, b.CO, MONDAY, date(2028, 1, 1)), "дольше года"),
    (Absence(b.CO, b.LEAD, MONDAY, MONDAY), "уже отмечено"),
    (Absence(b.LEAD, b.CO, MONDAY, FRIDAY), "сам отсутствует"),
    (Absence(b.LEAD, 404, MONDAY, FRIDAY), "нет в справочнике"),
])
def test_an_absence_that_cannot_be_is_refused_in_words(absence: Absence, why: str) -> None:
    directory = away((b.CO, b.LEAD))
    with pytest.raises(AssistantError, match=why):
        substitution.accept(absence, directory, MONDAY)


def test_an_absence_whose_chain_leads_to_somebody_at_work_is_accepted() -> None:
    substitution.accept(Absence(b.LEAD, b.CO, MONDAY, FRIDAY), away((b.CO, b.STRANGER)), MONDAY)


def test_whoever_is_told_already_hears_nothing_twice_for_somebody_away() -> None:
    directory = away((b.LEAD, b.CO), (b.OFFICIAL, b.STRANGER), (b.CLERK, b.STRANGER))
    assert directory.told((b.LEAD, b.CO, b.OFFICIAL, b.CLERK, None)) == (b.CO, b.OFFICIAL)


def test_reminders_of_the_absent_come_to_the_substitute_and_name_both() -> None:
    told = story((b.LEAD, b.STRANGER)).at_work().later(25)
    one = next(due for due in open_duties(told.case, CALENDAR) if due.row.code == "draft")
    assert debtors(told.case, one, told.directory) == (b.LEAD,)
    look = Look(Marks(), CALENDAR, told.directory, told.now.replace(day=30))
    sent = [address(notice, told.directory)[0] for notice in look.notices(told.case, one)]
    overdue = [one for one in sent if one.kind in {NoticeKind.REMINDER, NoticeKind.OVERDUE}]
    assert [(one.person_id, one.facts[FOR]) for one in overdue] == [
        (b.STRANGER, "Дорожный С.К.")]


def test_the_silence_of_a_substitute_is_heard_under_both_names() -> None:
    told = story((b.LEAD, b.STRANGER)).at_work().later(24)
    heard = list(Listening(CALENDAR, told.directory, told.now.replace(hour=12)).notices(told.case))
    sent = [address(one, told.directory)[0] for one in heard]
    assert {one.person_id for one in sent} == {b.STRANGER, b.ROADS_HEAD}
    assert all(one.facts["holder"] == "Дорожный С.К. (замещает Чужой П.П.)" for one in sent)


def test_an_approver_who_leaves_while_a_draft_waits_hands_his_turn_over() -> None:
    told = Story().at_work()
    told.draft()
    told.submit()
    told.directory.people[b.ROADS_HEAD] = replace(
        told.directory.people[b.ROADS_HEAD], active=False)
    assert holds(told.case, b.ROADS_HEAD)
    act = told.act(b.DESK_HEAD)
    hand_over(act, b.ROADS_HEAD, b.CLERK)
    told.done(act)
    assert told.told(NoticeKind.TO_APPROVE) == {b.CLERK}
    assert not holds(told.case, b.ROADS_HEAD)
    told.approve(b.CLERK, b.STATE_APPROVER)
    assert told.case.state is State.SIGNING


def test_approval_of_the_state_is_handed_over_to_the_state_alone() -> None:
    told = Story().at_work()
    told.draft()
    told.submit()
    with pytest.raises(NotAcceptedError, match="не сотрудник ЦИОГВ"):
        hand_over(told.act(b.DESK_HEAD), b.STATE_APPROVER, b.CLERK)
    act = told.act(b.DESK_HEAD)
    hand_over(act, b.STATE_APPROVER, b.STRANGER)
    told.done(act)
    told.approve(b.ROADS_HEAD, b.STRANGER)
    assert told.case.state is State.SIGNING


def test_a_lead_who_leaves_hands_over_the_part_with_its_date_and_the_chain_stays() -> None:
    told = Story().with_co_executor()
    due_on = told.case.part(0).own_due
    act = told.act(b.DESK_HEAD)
    hand_over(act, b.LEAD, b.LEAD_STAFF)
    told.done(act)
    part = told.case.part(0)
    assert (part.executor_id, part.holder_id, part.own_due) == (b.LEAD, b.LEAD_STAFF, due_on)
    assert told.told(NoticeKind.ASSIGNMENT) == {b.LEAD_STAFF}
    with pytest.raises(NotAcceptedError, match="уже исполняет другую часть"):
        hand_over(told.act(b.DESK_HEAD), b.LEAD_STAFF, b.CO)


def test_only_an_official_takes_over_a_resolution_and_only_a_signatory_a_signature() -> None:
    told = Story()
    told.register()
    told.route()
    with pytest.raises(NotAcceptedError, match="не накладывает резолюции"):
        hand_over(told.act(b.DESK_HEAD), b.OFFICIAL, b.LEAD)
    with pytest.raises(NotAcceptedError, match="не подписывает"):
        hand_over(told.act(b.DESK_HEAD), b.SIGNATORY, b.LEAD)
    act = told.act(b.DESK_HEAD)
    hand_over(act, b.OFFICIAL, b.OTHER_OFFICIAL)
    told.done(act)
    assert told.told(NoticeKind.TO_RESOLVE) == {b.OTHER_OFFICIAL}
    assert told.case.official_id == b.OTHER_OFFICIAL


def test_rules_name_the_heir_where_he_may_take_the_place() -> None:
    directory = a_directory()
    routes, approvals_ = in_rules(directory, b.ROADS_HEAD, directory.person(b.LEAD_STAFF))
    assert approvals_[0].approver_ids == (b.STATE_APPROVER, b.LEAD_STAFF)
    routes, approvals_ = in_rules(directory, b.STATE_APPROVER, directory.person(b.LEAD_STAFF))
    assert approvals_ == directory.approvals
    routes, _ = in_rules(directory, b.OFFICIAL, directory.person(b.LEAD_STAFF))
    assert routes == directory.routes
    routes, _ = in_rules(directory, b.LEAD, directory.person(b.LEAD_STAFF))
    assert routes[0].lead_id == b.LEAD_STAFF

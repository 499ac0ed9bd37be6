"""4.6¶9-11: the approval list before it starts, its deadlines, what a remark leaves standing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core import due
from core.errors import MoveNotAllowedError, NotAcceptedError, NotYourTurnError
from core.marks import Look, Marks
from core.notices import NoticeKind
from core.people import ApprovalRule
from core.regulation.terms import State
from core.usecases import approval_list, approvals
from core.usecases.approval_list import planned
from core.usecases.office import Act, Rules
from core.usecases.returns import citizen_return
from tests import builders as b
from tests.builders import CALENDAR, Story, a_case, a_directory, a_message

KEEPING = replace(b.RULES, keep_approvals=True)
THREE = ApprovalRule("", (b.ROADS_HEAD, b.OFFICIAL, b.STATE_APPROVER))


def drafted(rules: Rules = b.RULES) -> Story:
    """A draft that has not gone on yet; two heads and the ministry are to approve."""
    story = Story(directory=a_directory(approvals=(THREE,)), rules=rules).at_work()
    story.draft()
    return story


def lead(story: Story, deed: Callable[..., None], *args: object) -> Act:
    """The lead changes the list."""
    act = story.act(b.LEAD)
    deed(act, *args)
    story.done(act)
    return act


def order(story: Story) -> list[int]:
    """Who will be asked, or is being asked."""
    steps = story.case.sheet.steps if story.case.sheet else planned(story.case, story.directory)
    return [step.approver_id for step in steps]


def test_the_lead_adds_a_head_and_the_ministry_stays_last() -> None:
    story = drafted()
    act = lead(story, approval_list.add, b.CHIEF)
    assert order(story) == [b.ROADS_HEAD, b.OFFICIAL, b.CHIEF, b.STATE_APPROVER]
    assert [(one.event, one.clause) for one in act.facts] == [("approval_list", "4.6¶9")]
    story.submit()
    assert order(story) == [b.ROADS_HEAD, b.OFFICIAL, b.CHIEF, b.STATE_APPROVER]
    assert story.told(NoticeKind.TO_APPROVE) == {b.ROADS_HEAD}


def test_the_lead_changes_the_order_of_the_heads_but_not_of_the_ministry() -> None:
    story = drafted()
    lead(story, approval_list.move_up, b.OFFICIAL)
    assert order(story) == [b.OFFICIAL, b.ROADS_HEAD, b.STATE_APPROVER]
    with pytest.raises(NotAcceptedError, match="последними"):
        approval_list.move_up(story.act(b.LEAD), b.STATE_APPROVER)
    lead(story, approval_list.as_in_directory)
    assert order(story) == [b.ROADS_HEAD, b.OFFICIAL, b.STATE_APPROVER]


def test_the_last_head_and_the_last_of_the_ministry_stay_in_the_list() -> None:
    story = drafted()
    lead(story, approval_list.remove, b.OFFICIAL)
    for person, whom in ((b.ROADS_HEAD, "руководитель органа"), (b.STATE_APPROVER, "ЦИОГВ")):
        with pytest.raises(NotAcceptedError, match=whom):
            approval_list.remove(story.act(b.LEAD), person)
    assert order(story) == [b.ROADS_HEAD, b.STATE_APPROVER]


def test_who_made_a_remark_is_asked_again_whatever_the_lead_would_like() -> None:
    story = drafted()
    story.submit()
    act = story.act(b.ROADS_HEAD)
    approvals.remark(act, "укажите дату")
    story.done(act)
    with pytest.raises(NotAcceptedError, match="повторно"):
        approval_list.remove(story.act(b.LEAD), b.ROADS_HEAD)
    lead(story, approval_list.remove, b.OFFICIAL)
    story.draft()
    story.submit()
    assert order(story) == [b.ROADS_HEAD, b.STATE_APPROVER]


def test_only_the_lead_changes_the_list_and_only_before_it_starts() -> None:
    story = drafted()
    with pytest.raises(MoveNotAllowedError, match="ответственный исполнитель"):
        approval_list.add(story.act(b.DESK), b.CHIEF)
    with pytest.raises(NotAcceptedError, match="собственный"):
        approval_list.add(story.act(b.LEAD), b.LEAD)
    story.submit()
    with pytest.raises(MoveNotAllowedError, match="уже идёт"):
        approval_list.add(story.act(b.LEAD), b.CHIEF)


def test_a_category_without_approval_has_no_list_to_change() -> None:
    story = Story(case=a_case(a_message(category="Иное"))).at_work()
    story.draft()
    with pytest.raises(MoveNotAllowedError, match="без согласования"):
        approval_list.add(story.act(b.LEAD), b.CHIEF)


def test_asking_everybody_at_once_is_refused_with_the_clause() -> None:
    with pytest.raises(NotAcceptedError, match=r"последовательно.*п\. 4\.6, абз\. 9"):
        approval_list.refuse_parallel(drafted().act(b.LEAD))


def test_the_list_is_given_by_names_as_a_letter_gives_it() -> None:
    story = drafted()
    lead(story, approval_list.choose, "Министров И.Л., Управов Пётр Сергеевич; Замов")
    assert order(story) == [b.CHIEF, b.OFFICIAL, b.STATE_APPROVER]
    for names, refusal in (("Никто Н.Н.", "нет среди"), ("Замов И.И.", "ЦИОГВ"), (" ", "ЦИОГВ")):
        with pytest.raises(NotAcceptedError, match=refusal):
            approval_list.choose(story.act(b.LEAD), names)


def test_a_new_round_begins_with_the_list_of_the_directory() -> None:
    story = drafted()
    lead(story, approval_list.remove, b.OFFICIAL)
    story.submit()
    story.approve(b.ROADS_HEAD, b.STATE_APPROVER)
    story.sign()
    story.confirm()
    story.dispatch()
    story.publish()
    act = story.act(speaks_for=b.MSED)
    citizen_return(act, a_message(portal_number="ДД-1002", text="Яма на месте."))
    story.done(act)
    assert story.case.approvers == ()


def test_a_remark_may_leave_the_approvals_before_it_standing() -> None:
    story = drafted(KEEPING)
    story.submit()
    story.approve(b.ROADS_HEAD)
    act = story.act(b.OFFICIAL)
    approvals.remark(act, "укажите дату")
    story.done(act)
    story.draft(text="Яма на проезде у дома 12 заделана 25 ноября.")
    story.submit()
    assert story.told(NoticeKind.TO_APPROVE) == {b.OFFICIAL}
    sheet = story.case.sheet
    assert sheet is not None
    assert [(step.approver_id, step.version) for step in sheet.steps if step.decision] == [
        (b.ROADS_HEAD, 1)]
    seen = story.case.version_seen_by(b.ROADS_HEAD)
    assert seen is not None
    assert seen.version == 1
    story.approve(b.OFFICIAL, b.STATE_APPROVER)
    assert story.case.state is State.SIGNING


def test_after_the_signatory_sends_it_back_everybody_approves_anew() -> None:
    story = drafted(KEEPING)
    story.submit()
    story.approve(b.ROADS_HEAD, b.OFFICIAL, b.STATE_APPROVER)
    act = story.act(b.SIGNATORY)
    approvals.refuse_signature(act, "не тот адрес")
    story.done(act)
    story.draft()
    story.submit()
    assert story.told(NoticeKind.TO_APPROVE) == {b.ROADS_HEAD}


def test_each_approver_has_the_days_of_the_office_from_the_day_the_turn_came() -> None:
    story = drafted(replace(b.RULES, approval_days=2))
    story.submit()

    def whose() -> tuple[int, int]:
        assert story.case.sheet is not None
        assert story.case.sheet.current is not None
        one = next(one for one in due.open_duties(story.case, CALENDAR)
                   if one.row.code == "approval")
        return story.case.sheet.current.approver_id, one.due_on.day
    assert whose() == (b.ROADS_HEAD, 25)
    story.later(24)
    story.approve(b.ROADS_HEAD)
    assert whose() == (b.OFFICIAL, 26)
    story.later(27)
    look = Look(Marks(), CALENDAR, story.directory, story.now)
    late = next(one for one in due.open_duties(story.case, CALENDAR) if one.row.code == "approval")
    told = {(notice.kind, notice.person_id) for notice in look.notices(story.case, late)}
    assert (NoticeKind.OVERDUE, b.OFFICIAL) in told
    story.approve(b.OFFICIAL, b.STATE_APPROVER)
    assert "approval" not in {one.row.code for one in due.open_duties(story.case, CALENDAR)}


@pytest.mark.parametrize("named", ["", "Министров И.Л.", "И. Л. Министров", "Министров Игорь"])
def test_a_notice_of_msed_is_the_word_of_the_ministry_whose_turn_it_is(named: str) -> None:
    story = drafted()
    story.submit()
    people = story.directory
    with pytest.raises(NotYourTurnError, match="Начальников"):
        approvals.approver_in_msed(story.case, named, None, people, CALENDAR)
    story.approve(b.ROADS_HEAD, b.OFFICIAL)
    found = approvals.approver_in_msed(story.case, named, None, people, CALENDAR)
    assert found is not None
    assert found.id == b.STATE_APPROVER


def test_a_notice_of_msed_about_an_earlier_version_is_not_counted() -> None:
    story = drafted()
    story.later(25)
    story.submit()
    story.approve(b.ROADS_HEAD, b.OFFICIAL)
    with pytest.raises(NotAcceptedError, match="прежней версии"):
        approvals.approver_in_msed(story.case, "", b.MONDAY.date(), story.directory, CALENDAR)

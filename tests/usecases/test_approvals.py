"""4.6¶9-11: approval one after another, remarks, the signature."""

from dataclasses import replace

import pytest

from core.approval import Decision
from core.errors import (
    MoveNotAllowedError,
    NotAcceptedError,
    NotYourTurnError,
    UnknownPersonError,
)
from core.files import FileRef
from core.notices import NoticeKind
from core.people import ApprovalRule
from core.regulation.terms import Event, State
from core.usecases import approvals, execution
from tests import builders as b
from tests.builders import MSED, Story, a_case, a_directory, a_message


def submitted() -> Story:
    story = Story().at_work()
    story.draft()
    story.submit()
    return story


def order(story: Story) -> list[int]:
    assert story.case.sheet is not None
    return [step.approver_id for step in story.case.sheet.steps]


def test_the_state_body_approves_last_whatever_the_order_of_the_directory() -> None:
    story = submitted()
    assert story.directory.approvals[0].approver_ids == (b.STATE_APPROVER, b.ROADS_HEAD)
    assert order(story) == [b.ROADS_HEAD, b.STATE_APPROVER]
    assert story.told(NoticeKind.TO_APPROVE) == {b.ROADS_HEAD}


def test_heads_of_bodies_keep_the_order_of_the_directory() -> None:
    rule = ApprovalRule("", (b.OFFICIAL, b.STATE_APPROVER, b.ROADS_HEAD, b.OFFICIAL, b.CHIEF))
    story = Story(directory=a_directory(approvals=(rule,))).at_work()
    story.draft()
    story.submit()
    assert order(story) == [b.OFFICIAL, b.ROADS_HEAD, b.CHIEF, b.STATE_APPROVER]


def test_the_turn_goes_on_and_after_the_state_body_the_draft_is_at_the_signatory() -> None:
    story = submitted()
    case = story.approve(b.ROADS_HEAD)
    assert case.state is State.APPROVING
    assert story.told(NoticeKind.TO_APPROVE) == {b.STATE_APPROVER}
    case = story.approve(b.STATE_APPROVER)
    assert case.state is State.SIGNING
    assert story.told(NoticeKind.TO_SIGN) == {b.SIGNATORY}
    assert case.sheet is not None
    assert [step.decision for step in case.sheet.steps] == [Decision.APPROVED] * 2


def test_approval_out_of_turn_is_refused() -> None:
    story = submitted()
    for deed in (approvals.approve, lambda act: approvals.remark(act, "не то")):
        with pytest.raises(NotYourTurnError, match="последовательно"):
            deed(story.act(b.STATE_APPROVER))


def test_nobody_approves_twice_nor_instead_of_another() -> None:
    story = submitted()
    story.approve(b.ROADS_HEAD)
    for person in (b.ROADS_HEAD, b.LEAD, b.DESK_HEAD, b.STRANGER):
        with pytest.raises(MoveNotAllowedError):
            approvals.approve(story.act(person))


def test_a_remark_by_any_approver_sends_the_draft_to_rework_and_needs_a_text() -> None:
    for approved in ((), (b.ROADS_HEAD,)):
        story = submitted()
        if approved:
            story.approve(*approved)
        who = b.STATE_APPROVER if approved else b.ROADS_HEAD
        with pytest.raises(NotAcceptedError, match="замечание"):
            approvals.remark(story.act(who), "  ")
        act = story.act(who)
        approvals.remark(act, " укажите дату ")
        case = story.done(act)
        assert (case.state, case.rework_reason) == (State.REWORKING, "укажите дату")
        assert story.told(NoticeKind.REMARK) == {b.LEAD}


def test_after_rework_everybody_approves_anew_on_a_fresh_sheet() -> None:
    story = submitted()
    story.approve(b.ROADS_HEAD)
    act = story.act(b.STATE_APPROVER)
    approvals.remark(act, "укажите дату")
    story.done(act)
    with pytest.raises(NotAcceptedError, match="не изменён"):
        execution.submit_draft(story.act(b.LEAD))
    story.draft()
    case = story.submit()
    assert case.sheet is not None
    assert case.sheet.draft_version == 2
    assert [step.decision for step in case.sheet.steps] == [None, None]
    assert case.rework_reason == ""
    with pytest.raises(NotYourTurnError):
        approvals.approve(story.act(b.STATE_APPROVER))
    assert story.approve().state is State.SIGNING


def test_the_category_other_goes_straight_to_signature_however_it_is_written() -> None:
    for category in ("Иное", " иное "):
        story = Story(case=a_case(a_message(category=category))).at_work()
        story.draft()
        case = story.submit()
        assert (case.state, case.sheet) == (State.SIGNING, None)
        assert story.told(NoticeKind.TO_SIGN) == {b.SIGNATORY}


def test_a_category_of_its_own_has_its_own_list_and_the_others_the_default() -> None:
    rules = (ApprovalRule("", (b.STATE_APPROVER,)), ApprovalRule("Дороги ", (b.CHIEF,)))
    for category, expected in ((" дороги", [b.CHIEF]), ("ЖКХ", [b.STATE_APPROVER]),
                               ("", [b.STATE_APPROVER])):
        story = Story(case=a_case(a_message(category=category)),
                      directory=a_directory(approvals=rules)).at_work()
        story.draft()
        story.submit()
        assert order(story) == expected


def test_without_approvers_the_draft_does_not_slip_past_approval() -> None:
    story = Story(directory=a_directory(approvals=())).at_work()
    story.draft()
    with pytest.raises(NotAcceptedError, match="не указаны согласующие"):
        execution.submit_draft(story.act(b.LEAD))


def test_an_approver_who_has_left_is_named_before_the_draft_waits_for_him() -> None:
    story = Story().at_work()
    story.draft()
    people = story.directory.people
    people[b.STATE_APPROVER] = replace(people[b.STATE_APPROVER], active=False)
    with pytest.raises(UnknownPersonError, match=r"Министров И\.Л\. больше не работает"):
        execution.submit_draft(story.act(b.LEAD))


def test_approving_what_is_not_being_approved_is_refused_with_the_state() -> None:
    story = Story().at_work()
    for deed in (approvals.approve, lambda act: approvals.remark(act, "нет")):
        with pytest.raises(MoveNotAllowedError, match="на исполнении"):
            deed(story.act(b.ROADS_HEAD))


def test_the_signatory_signs_with_the_file_of_the_signature() -> None:
    story = submitted()
    story.approve()
    proof = FileRef("5" * 64, "answer.sig", "application/pgp-signature", 900)
    act = story.act(b.SIGNATORY)
    approvals.sign(act, file=proof)
    case = story.done(act)
    assert case.state is State.CHECKING
    assert case.signature is not None
    assert (case.signature.signer, case.signature.file, case.signature.through) == (
        "Подписов Ю.Ю.", proof, "telegram")
    assert story.told(NoticeKind.TO_CHECK) == {b.DESK, b.DESK_HEAD}


def test_a_notice_of_msed_counts_as_the_signature() -> None:
    story = submitted()
    story.approve()
    act = story.act(speaks_for=MSED)
    approvals.sign(act, signer="Подписов Ю.Ю.")
    case = story.done(act)
    assert case.signature is not None
    assert (case.signature.signer, case.signature.through) == ("Подписов Ю.Ю.", "msed")


@pytest.mark.parametrize("person", [b.LEAD, b.DESK, b.OFFICIAL, b.STATE_APPROVER])
def test_nobody_else_signs(person: int) -> None:
    story = submitted()
    story.approve()
    with pytest.raises(MoveNotAllowedError, match="подписывающий"):
        approvals.sign(story.act(person))


def test_where_no_signatory_is_named_everyone_authorised_is_asked() -> None:
    story = submitted()
    story.case = replace(story.case, signatory_id=None)
    story.approve()
    assert story.told(NoticeKind.TO_SIGN) == {b.SIGNATORY}
    assert story.sign().state is State.CHECKING


def test_the_signatory_sends_the_draft_back_with_a_reason() -> None:
    story = submitted()
    story.approve()
    with pytest.raises(NotAcceptedError, match="почему"):
        approvals.refuse_signature(story.act(b.SIGNATORY), "")
    act = story.act(b.SIGNATORY)
    approvals.refuse_signature(act, "не тот адрес")
    case = story.done(act)
    assert (case.state, case.rework_reason, case.signature) == (
        State.REWORKING, "не тот адрес", None)
    assert story.told(NoticeKind.REWORK) == {b.LEAD}
    assert case.history[-1].event is Event.REFUSE_SIGNATURE

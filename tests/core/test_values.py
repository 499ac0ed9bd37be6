"""Small values: letters' forms, people, approval lists, drafts, the case itself."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.approval import ApprovalSheet, ApprovalStep, Decision, make_sheet
from core.case import born, start_again
from core.draft import accept_promise
from core.errors import NotAcceptedError, NotFoundError, NotYourTurnError, UnknownPersonError
from core.letters import Letter, form_for
from core.people import Actor, Body, Channel
from core.regulation.terms import BodyKind, Event, LetterForm, LetterState, Role, State
from tests import builders as b
from tests.builders import MONDAY, Story, a_case, a_directory, a_message


@pytest.mark.parametrize(("kind", "form"), [
    (BodyKind.AUTHORITY, LetterForm.ADMINISTRATION), (BodyKind.OUTSIDE, LetterForm.ADMINISTRATION),
    (BodyKind.SUBORDINATE, LetterForm.BODY)])
def test_a_letter_to_a_subordinate_is_on_the_bodys_own_form(
        kind: BodyKind, form: LetterForm) -> None:
    assert form_for(kind) is form


def test_a_letter_remembers_when_a_thing_happened_last() -> None:
    letter = Letter(1, 1, 1, "ЕКЖ-2026-000001", b.RAILWAY, LetterForm.ADMINISTRATION, "О путях",
                    "Прошу…", b.LEAD, b.ROADS)
    first, second = datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC)
    sent = letter.after(Event.SEND_LETTER, LetterState.SENT, first).after(
        Event.LETTER_BOUNCED, LetterState.UNDELIVERED, first).after(
        Event.SEND_LETTER, LetterState.SENT, second)
    assert sent.moment_of(Event.SEND_LETTER) == second
    assert sent.moment_of(Event.LETTER_ANSWERED) is None
    assert sent.state is LetterState.SENT


def test_a_person_is_named_briefly() -> None:
    directory = a_directory()
    assert directory.person(b.LEAD).short_name == "Дорожный С.К."
    assert replace(directory.person(b.LEAD), name="Дорожный").short_name == "Дорожный"
    assert replace(directory.person(b.LEAD), name="").short_name == ""
    assert directory.names([b.LEAD, 999, b.CO]) == "Дорожный С.К., Парков И.И."


def test_the_directory_knows_who_holds_an_office_and_works() -> None:
    directory = a_directory()
    assert [one.id for one in directory.holding(Role.DESK, Role.DESK_HEAD)] == [
        b.DESK, b.DESK_HEAD]
    directory.people[b.DESK] = replace(directory.people[b.DESK], active=False)
    assert [one.id for one in directory.holding(Role.DESK)] == []
    assert not directory.is_working(b.DESK)
    assert not directory.is_working(None)
    assert directory.is_working(b.LEAD)
    body = directory.body_of(directory.person(b.LEAD))
    assert isinstance(body, Body)
    assert body.name == "Управление дорог"
    with pytest.raises(UnknownPersonError, match="нет в справочнике"):
        directory.person(999)


def test_an_actor_is_named_by_the_person_or_the_system_behind_it() -> None:
    person = a_directory().person(b.LEAD)
    assert Actor(Channel.EMAIL, "m", person).name == "Дорожный С.К."
    assert Actor(Channel.MSED, "m").name == "МСЭД"
    assert Actor(Channel.SYSTEM, "m").name == "Ракурс"
    assert Actor(Channel.SYSTEM, "m").person_id is None


def test_a_list_is_decided_strictly_in_order() -> None:
    sheet = make_sheet(1, (b.STATE_APPROVER, b.ROADS_HEAD), a_directory())
    assert sheet == ApprovalSheet(1, (
        ApprovalStep(b.ROADS_HEAD), ApprovalStep(b.STATE_APPROVER, state_body=True)))
    with pytest.raises(NotYourTurnError):
        sheet.decide(a_directory().people[b.STATE_APPROVER], Decision.APPROVED, MONDAY)
    sheet = sheet.decide(a_directory().people[b.ROADS_HEAD], Decision.APPROVED, MONDAY)
    assert sheet.left == 1
    sheet = sheet.decide(
        a_directory().people[b.STATE_APPROVER], Decision.REMARK, MONDAY, "нет даты")
    assert (sheet.current, sheet.left) == (None, 0)
    with pytest.raises(NotYourTurnError):
        sheet.decide(a_directory().people[b.STATE_APPROVER], Decision.APPROVED, MONDAY)


def test_a_remark_ends_the_round_of_approval_for_everybody() -> None:
    sheet = make_sheet(1, (b.ROADS_HEAD, b.STATE_APPROVER), a_directory())
    sheet = sheet.decide(a_directory().people[b.ROADS_HEAD], Decision.REMARK, MONDAY, "нет")
    assert sheet.current is None
    with pytest.raises(NotYourTurnError):
        sheet.decide(a_directory().people[b.STATE_APPROVER], Decision.APPROVED, MONDAY)


@pytest.mark.parametrize(("promised", "fits"), [
    (date(2026, 11, 25), False), (date(2026, 11, 24), False), (date(2026, 11, 26), True),
    (date(2026, 12, 23), True), (date(2026, 12, 24), False)])
def test_a_promise_lies_ahead_and_within_thirty_days_of_registration(
        promised: date, *, fits: bool) -> None:
    registered, today = date(2026, 11, 23), date(2026, 11, 25)
    if fits:
        assert accept_promise(promised, registered, today) == promised
    else:
        with pytest.raises(NotAcceptedError):
            accept_promise(promised, registered, today)


def test_the_citizens_pictures_are_the_reference_and_other_files_are_not() -> None:
    paper = replace(b.a_file("a.pdf"), media_type="application/pdf")
    message = a_message(files=(b.a_file("a.jpg"), paper))
    assert message.photos == (b.a_file("a.jpg"),)


def test_a_case_is_born_received_in_its_first_round() -> None:
    case = born(7, "ЕКЖ-2026-000007", a_message(), MONDAY)
    assert (case.state, case.round, case.returns, case.version) == (State.RECEIVED, 1, 0, 1)
    assert case.moment_of(Event.RECEIVE) == MONDAY
    assert case.registered_at is None
    assert case.lead is None
    assert case.draft is None
    assert not case.is_interim
    with pytest.raises(NotFoundError):
        case.part(0)


def test_starting_again_keeps_the_rounds_and_their_answers() -> None:
    story = Story().at_work()
    story.answer()
    again = start_again(replace(story.case, returns=3, round=4), MONDAY)
    assert (again.round, again.returns, again.parts, again.drafts, again.answer_number) == (
        4, 3, (), (), "")
    assert [one.event for one in again.history] == [Event.RECEIVE]


@pytest.mark.parametrize(("category", "needed"), [
    ("Иное", False), ("ИНОЕ ", False), ("Дороги", True), ("", True),
    ("Иное благоустройство", True)])
def test_every_category_but_other_needs_approval(category: str, *, needed: bool) -> None:
    assert a_case(a_message(category=category)).needs_approval is needed

"""Who may see and do what: the default is no (4.1, R9)."""

from dataclasses import replace

import pytest

from core import access
from core.approval import make_sheet
from core.errors import NotFoundError
from core.people import Actor, Channel
from core.regulation.lifecycle import HOLDER
from core.regulation.terms import OFFICES, AnswerKind, Event, Role, State
from core.usecases import approvals, execution, resolutions, returns
from core.usecases.casecards import make_card
from tests import builders as b
from tests.builders import MSED, Story, a_case, a_directory, a_file, a_message


def being_approved() -> Story:
    """Lead with staff, a co-executor, an official, approvers and a signatory: everyone is in."""
    story = Story().with_co_executor()
    act = story.act(b.LEAD)
    execution.delegate(act, b.LEAD_STAFF)
    story.done(act)
    story.draft(AnswerKind.INTERIM, b.MONDAY.replace(month=12, day=14))
    story.submit()
    return story


READERS = {b.DESK, b.DESK_HEAD, b.CHIEF, b.HEAD_OF_DISTRICT, b.OFFICIAL, b.SIGNATORY, b.LEAD,
           b.LEAD_STAFF, b.CO, b.ROADS_HEAD, b.STATE_APPROVER, b.CLERK}


@pytest.mark.parametrize("person_id", sorted(a_directory().people))
def test_a_case_is_seen_by_the_office_and_by_who_has_a_part_in_it(person_id: int) -> None:
    story = being_approved()
    person = story.directory.person(person_id)
    may = access.may_read(story.case, person, story.directory)
    assert may is (person_id in READERS)
    assert not access.may_read(story.case, replace(person, active=False), story.directory)


def may_read_draft(story: Story, person_id: int) -> bool:
    return access.may_read_draft(story.case, Actor(
        Channel.TELEGRAM, "test", story.directory.person(person_id)))


@pytest.mark.parametrize("person_id", sorted(a_directory().people))
def test_the_draft_is_seen_by_readers_of_the_case_but_the_co_executors(person_id: int) -> None:
    assert may_read_draft(being_approved(), person_id) is (person_id in READERS - {b.CO})


def test_a_co_executor_who_also_approves_or_sits_at_the_desk_sees_the_draft() -> None:
    story = Story().at_work(resolutions.Task(b.LEAD), resolutions.Task(b.ROADS_HEAD),
                            resolutions.Task(b.DESK))
    assert not may_read_draft(story, b.ROADS_HEAD)  # a head who is a co-executor is one of them
    assert may_read_draft(story, b.DESK)
    story.draft()
    assert make_card(story.case, Actor(Channel.TELEGRAM, "t", story.directory.person(
        b.ROADS_HEAD)), story.directory, b.CALENDAR, story.now, mask_contacts=True).draft is None
    story.case = replace(story.case, sheet=make_sheet(
        1, (b.ROADS_HEAD, b.STATE_APPROVER), story.directory))
    assert may_read_draft(story, b.ROADS_HEAD)


def test_a_co_executor_who_declined_or_was_one_before_sees_no_draft() -> None:
    story = Story().with_co_executor()
    act = story.act(b.CO)
    execution.decline(act, "не наше")
    story.done(act)
    story.draft()
    assert not may_read_draft(story, b.CO)


@pytest.mark.parametrize("office", sorted(OFFICES))
def test_an_office_alone_opens_a_case_to_the_desk_and_the_heads_of_the_administration(
        office: Role) -> None:
    story = Story().at_work()
    newcomer = replace(story.directory.person(b.STRANGER), offices=frozenset({office}))
    assert access.may_read(story.case, newcomer, story.directory) is (
        office in {Role.DESK, Role.DESK_HEAD, Role.CHIEF_OF_STAFF, Role.HEAD_OF_DISTRICT})


@pytest.mark.parametrize("office", [None, *sorted(OFFICES)])
def test_the_applicant_is_for_the_desk_alone(office: Role | None) -> None:
    person = replace(a_directory().person(b.STRANGER),
                     offices=frozenset({office} if office else ()))
    assert access.may_read_applicant(person) is (office in {Role.DESK, Role.DESK_HEAD})
    assert not access.may_read_applicant(replace(person, active=False))


def test_a_stranger_learns_only_that_there_is_no_such_case() -> None:
    story = Story().at_work()
    for actor in (Actor(Channel.TELEGRAM, "tg:1", story.directory.person(b.STRANGER)),
                  Actor(Channel.TELEGRAM, "tg:2")):
        with pytest.raises(NotFoundError, match="Такого сообщения нет"):
            access.require_read(story.case, actor, story.directory)
    access.require_read(story.case, Actor(Channel.MSED, "m", speaks_for=MSED), story.directory)


def test_heads_and_clerks_see_only_what_their_body_works_on() -> None:
    story = Story().at_work()
    people = story.directory.people
    people[b.CO] = replace(people[b.CO], offices=frozenset({Role.HEAD_OF_BODY}))
    assert access.may_read(story.case, people[b.ROADS_HEAD], story.directory)
    assert access.may_read(story.case, people[b.CLERK], story.directory)
    assert not access.may_read(story.case, people[b.CO], story.directory)


def test_an_executor_no_longer_in_the_directory_breaks_nothing() -> None:
    story = Story().at_work()
    del story.directory.people[b.LEAD]
    assert not access.may_read(
        story.case, story.directory.people[b.CLERK], story.directory)


def test_the_earlier_executor_still_sees_the_case_after_the_citizens_return() -> None:
    story = Story().at_work()
    story.answer()
    act = story.act(speaks_for=MSED)
    returns.citizen_return(act, a_message(text="снова"))
    story.done(act)
    assert access.may_read(story.case, story.directory.person(b.LEAD), story.directory)
    assert not access.may_read(story.case, story.directory.person(b.CO), story.directory)


def test_a_case_without_a_named_signatory_is_open_to_all_signatories_when_it_is_to_be_signed(
        ) -> None:
    story = Story(case=a_case(a_message(category="Иное"))).at_work()
    story.case = replace(story.case, signatory_id=None)
    signatory = story.directory.person(b.SIGNATORY)
    assert not access.may_read(story.case, signatory, story.directory)
    story.draft()
    story.submit()
    assert access.may_read(story.case, signatory, story.directory)
    assert access.holder_ids(story.case, story.directory) == (b.SIGNATORY,)


def test_roles_come_from_the_case_and_not_from_the_office_alone() -> None:
    story = being_approved()

    def roles(person_id: int) -> set[Role]:
        return set(access.roles_in(story.case, story.act(person_id).actor))

    assert roles(b.OFFICIAL) == {Role.OFFICIAL}
    assert roles(b.OTHER_OFFICIAL) == set()
    assert roles(b.LEAD) == roles(b.LEAD_STAFF) == {Role.LEAD}
    assert roles(b.CO) == set()
    assert roles(b.STATE_APPROVER) == {Role.APPROVER}
    assert roles(b.ROADS_HEAD) == {Role.APPROVER, Role.HEAD_OF_BODY}
    assert roles(b.STRANGER) == set()
    assert set(access.roles_in_part(story.case, 1, story.act(b.CO).actor)) == {Role.CO_EXECUTOR}
    assert set(access.roles_in_part(story.case, 1, story.act(b.LEAD).actor)) == {Role.LEAD}
    assert set(access.roles_in_part(story.case, 0, story.act(b.CO).actor)) == set()
    assert set(access.roles_in_part(story.case, 1, story.act(b.DESK_HEAD).actor)) == {
        Role.DESK_HEAD}


def offered(story: Story, person_id: int, *, may_decline: bool = False) -> set[Event]:
    return set(access.offered(story.case, story.act(person_id).actor, may_decline=may_decline))


def test_the_card_offers_what_the_person_may_do_now() -> None:
    story = Story()
    assert offered(story, b.DESK) == {Event.REGISTER}
    assert offered(story, b.OFFICIAL) == set()
    story.register()
    assert offered(story, b.DESK) == {
        Event.ROUTE, Event.REDIRECT, Event.ESCALATE, Event.MARK_DUPLICATE}
    story.route()
    assert offered(story, b.OFFICIAL) == {Event.IMPOSE_RESOLUTION, Event.HAND_BACK}
    assert offered(story, b.DESK) == set()


def test_decline_is_offered_on_the_first_day_and_never_in_rework() -> None:
    story = Story().at_work()
    assert Event.DECLINE in offered(story, b.LEAD, may_decline=True)
    assert Event.DECLINE not in offered(story, b.LEAD)
    story.draft()
    story.submit()
    act = story.act(b.ROADS_HEAD)
    approvals.remark(act, "нет даты")
    story.done(act)
    assert Event.DECLINE not in offered(story, b.LEAD, may_decline=True)


def test_a_co_executor_may_decline_whatever_the_lead_does() -> None:
    story = Story().with_co_executor()
    assert Event.DECLINE in offered(story, b.CO, may_decline=True)


def test_approval_is_offered_to_whose_turn_it_is() -> None:
    story = being_approved()
    assert offered(story, b.ROADS_HEAD) == {Event.APPROVE, Event.REMARK}
    assert offered(story, b.STATE_APPROVER) == set()
    story.approve(b.ROADS_HEAD)
    assert offered(story, b.ROADS_HEAD) == set()
    assert offered(story, b.STATE_APPROVER) == {Event.APPROVE, Event.REMARK}


def test_a_card_stays_good_through_its_own_delivery_and_the_persons_own_photos() -> None:
    story = Story()
    story.register()
    story.route()
    story.resolve()
    shown = access.card_stamp(story.case, story.directory.person(b.LEAD))
    act = story.act(speaks_for=b.SYSTEM)
    execution.delivered(act, 0)
    story.done(act)
    act = story.act(b.LEAD)
    execution.add_photo(act, a_file())
    story.done(act)
    assert access.card_stamp(story.case, story.directory.person(b.LEAD)) == shown
    act = story.act(b.LEAD)
    execution.accept(act)
    story.done(act)
    assert access.card_stamp(story.case, story.directory.person(b.LEAD)) != shown


def test_a_colleagues_report_does_not_make_the_leads_card_stale() -> None:
    story = Story().with_co_executor()
    shown = access.card_stamp(story.case, story.directory.person(b.LEAD))
    act = story.act(b.CO)
    execution.submit_materials(act, "Сделано.")
    story.done(act)
    assert access.card_stamp(story.case, story.directory.person(b.LEAD)) == shown


def test_a_card_from_before_a_misroute_is_stale_though_the_state_is_the_same_again() -> None:
    story = Story()
    story.register()
    shown = access.card_stamp(story.case, story.directory.person(b.DESK))
    story.route()
    story.resolve()
    act = story.act(b.LEAD)
    execution.decline(act, "не наше")
    story.done(act)
    assert story.case.state is State.REGISTERED
    assert access.card_stamp(story.case, story.directory.person(b.DESK)) != shown


def test_passing_the_part_on_or_a_return_of_materials_makes_the_old_card_stale() -> None:
    story = Story().with_co_executor()
    shown = access.card_stamp(story.case, story.directory.person(b.CO))
    act = story.act(b.CO)
    execution.delegate(act, b.CO_STAFF)
    story.done(act)
    second = access.card_stamp(story.case, story.directory.person(b.CO))
    assert second != shown
    for deed in ("submit", "return", "submit"):
        act = story.act(b.LEAD if deed == "return" else b.CO_STAFF)
        if deed == "return":
            execution.return_materials(act, 1, "ещё фото")
        else:
            execution.submit_materials(act, "Сделано.")
        story.done(act)
        assert access.card_stamp(story.case, story.directory.person(b.CO)) not in {shown, second}


def test_materials_wait_for_the_leads_word_only_while_the_case_is_at_work() -> None:
    story = Story().with_co_executor()
    assert access.submitted_parts(story.case) == ()
    act = story.act(b.CO)
    execution.submit_materials(act, "Сделано.")
    story.done(act)
    assert access.submitted_parts(story.case) == (1,)
    assert access.submitted_parts(replace(story.case, state=State.APPROVING)) == ()


def test_somebody_by_name_has_the_ball_in_every_state_of_the_office() -> None:
    story = being_approved()
    expected = {
        State.AWAITING_RESOLUTION: {b.OFFICIAL}, State.ASSIGNED: {b.LEAD_STAFF},
        State.REWORKING: {b.LEAD_STAFF}, State.DEFERRED: {b.LEAD_STAFF},
        State.APPROVING: {b.ROADS_HEAD}, State.SIGNING: {b.SIGNATORY},
        State.ESCALATED: {b.CHIEF}, State.RETURNED_THRICE: {b.DESK_HEAD},
        State.RECEIVED: {b.DESK}, State.REGISTERED: {b.DESK}, State.CHECKING: {b.DESK},
        State.ANSWER_REGISTERED: {b.DESK},
    }
    for state, role in HOLDER.items():
        holders = set(access.holder_ids(replace(story.case, state=state), story.directory))
        if role in {Role.OPERATOR, Role.COMMISSION, Role.CITIZEN}:
            assert holders == set()
        else:
            assert holders == expected[state], state

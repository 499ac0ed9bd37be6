"""Section 3: registration, routing, forwarding outside, the chief of staff."""

from dataclasses import replace

import pytest

from core.errors import MoveNotAllowedError, NotAcceptedError, UnknownPersonError
from core.notices import NoticeKind
from core.people import Route
from core.regulation.terms import Event, State
from core.usecases import resolutions, routing
from tests import builders as b
from tests.builders import Story, a_directory, a_message


def test_the_desk_registers_and_routes_to_the_official_who_is_told() -> None:
    story = Story()
    assert story.register().state is State.REGISTERED
    case = story.route()
    assert case.state is State.AWAITING_RESOLUTION
    assert (case.official_id, case.signatory_id) == (b.OFFICIAL, b.SIGNATORY)
    assert story.told(NoticeKind.TO_RESOLVE) == {b.OFFICIAL}


def test_every_act_is_noted_with_its_role_and_clause() -> None:
    story = Story()
    story.register()
    assert story.last is not None
    fact = story.last.facts[0]
    assert (fact.event, fact.role, fact.before, fact.after, fact.clause, fact.requirement) == (
        "register", "desk", "received", "registered", "3¶1", "R5")


@pytest.mark.parametrize("stranger", [b.LEAD, b.OFFICIAL, b.ADMIN, b.HEAD_OF_DISTRICT])
def test_only_the_desk_registers(stranger: int) -> None:
    with pytest.raises(MoveNotAllowedError, match="выполняет: руководитель подразделения"):
        routing.register(Story().act(stranger))


def test_someone_who_has_left_can_do_nothing() -> None:
    directory = a_directory()
    directory.people[b.DESK] = replace(directory.people[b.DESK], active=False)
    with pytest.raises(MoveNotAllowedError):
        routing.register(Story(directory=directory).act(b.DESK))


def test_a_message_is_routed_only_to_an_official_who_still_works() -> None:
    story = Story()
    story.register()
    with pytest.raises(NotAcceptedError, match="не накладывает резолюции"):
        routing.route(story.act(b.DESK), b.LEAD)
    story.directory.people[b.OTHER_OFFICIAL] = replace(
        story.directory.people[b.OTHER_OFFICIAL], active=False)
    with pytest.raises(UnknownPersonError, match="больше не работает"):
        routing.route(story.act(b.DESK), b.OTHER_OFFICIAL)


def test_forwarding_outside_takes_the_whole_file_to_the_competent_body() -> None:
    story = Story()
    story.register()
    act = story.act(b.DESK)
    routing.redirect(act, b.RAILWAY)
    case = story.done(act)
    assert case.state is State.REDIRECTED
    assert case.redirected_to_id == b.RAILWAY
    assert story.letters() == ["rail@example.ru"]


@pytest.mark.parametrize(("body", "words"), [
    (b.ROADS, "вне администрации"), (b.PARKS, "вне администрации"),
    (b.UTILITY, "нет электронного адреса"), (99, "вне администрации")])
def test_forwarding_to_our_own_or_to_nowhere_is_refused(body: int, words: str) -> None:
    story = Story()
    story.register()
    with pytest.raises(NotAcceptedError, match=words):
        routing.redirect(story.act(b.DESK), body)


def test_a_difficult_case_is_decided_by_the_chief_of_staff_alone() -> None:
    story = Story()
    story.register()
    act = story.act(b.DESK)
    routing.escalate(act)
    assert story.done(act).state is State.ESCALATED
    assert story.told(NoticeKind.TO_DECIDE) == {b.CHIEF}
    with pytest.raises(MoveNotAllowedError, match="начальник Управления делами"):
        routing.route(story.act(b.DESK), b.OFFICIAL)
    act = story.act(b.CHIEF)
    routing.route(act, b.OTHER_OFFICIAL)
    assert story.done(act).official_id == b.OTHER_OFFICIAL


def test_the_chief_of_staff_may_forward_outside() -> None:
    story = Story()
    story.register()
    act = story.act(b.DESK)
    routing.escalate(act)
    story.done(act)
    act = story.act(b.CHIEF)
    routing.redirect(act, b.MINISTRY)
    assert story.done(act).state is State.REDIRECTED


def test_a_duplicate_is_linked_and_still_goes_its_own_way() -> None:
    story = Story()
    story.register()
    act = story.act(b.DESK)
    routing.mark_duplicate(act, " ЕКЖ-2026-000007 ")
    case = story.done(act)
    assert (case.duplicate_of, case.state) == ("ЕКЖ-2026-000007", State.REGISTERED)
    with pytest.raises(NotAcceptedError, match="самого себя"):
        routing.mark_duplicate(story.act(b.DESK), case.number)
    with pytest.raises(NotAcceptedError, match="Укажите номер"):
        routing.mark_duplicate(story.act(b.DESK), "  ")


ROUTES = (
    Route("", "", 1, 100), Route("", "Перловка", 2, 100), Route("Дороги", "", 3, 100),
    Route("Дороги", "Перловка", 4, 100), Route("Дороги и дворы", "", 5, 100),
    Route("Освещение", "ул. Мира", 6, 100), Route("Освещение", "ул. Мира, 12", 7, 100),
)


@pytest.mark.parametrize(("topic", "place", "official"), [
    ("", "", 1), ("Вода", "", 1), ("Вода", "мкр. Перловка", 2), ("", "мкр. Перловка", 2),
    ("ДОРОГИ", "Мытищи", 3), ("Дороги и дворы", "Мытищи", 5),
    ("Дороги и дворы", "мкр. ПЕРЛОВКА, 3", 4), ("Освещение", "ул. Мира, 3", 6),
    ("Освещение", "ул. Мира, 12", 7), ("Освещение", "ул. Ленина", 1)])
def test_the_closest_line_of_the_routing_table_is_proposed(
        topic: str, place: str, official: int) -> None:
    people = {n: replace(a_directory().people[b.LEAD], id=n) for n in (1, 2, 3, 4, 5, 6, 7, 100)}
    directory = a_directory(routes=ROUTES, people=people)
    found = routing.propose(a_message(topic=topic, category="", place=place), directory)
    assert found is not None
    assert found.official_id == official


def test_the_proposal_says_why() -> None:
    directory = a_directory(routes=(
        Route("Дороги", "Мира", b.OFFICIAL, b.LEAD), Route("", "", b.OTHER_OFFICIAL, b.LEAD)))
    found = routing.propose(a_message(), directory)
    assert found is not None
    assert found.reason == "тема «Дороги» и территория «Мира»"
    by_category = routing.propose(a_message(topic="Тротуары", category="Дороги"), directory)
    assert by_category is not None
    assert by_category.reason == "категория «Дороги» и территория «Мира»"
    general = routing.propose(a_message(topic="Вода", category="ЖКХ"), directory)
    assert general is not None
    assert general.reason == "общее правило справочника"


def test_without_a_fitting_line_nothing_is_proposed() -> None:
    directory = a_directory(routes=(Route("Дороги", "", b.OFFICIAL, b.LEAD),))
    assert routing.propose(a_message(topic="", category=""), directory) is None
    story = Story(directory=a_directory(routes=()))
    story.register()
    story.route()
    with pytest.raises(NotAcceptedError, match="нет правила"):
        resolutions.as_proposed(story.act(b.OFFICIAL))


def test_people_who_have_left_are_not_proposed() -> None:
    directory = a_directory(routes=(
        Route("Дороги", "Мира", b.OFFICIAL, b.LEAD_STAFF, (b.CO,)),
        Route("Дороги", "", b.OFFICIAL, b.LEAD, (b.CO, b.CO_STAFF, b.LEAD, b.CO), b.SIGNATORY)))
    for gone in (b.LEAD_STAFF, b.CO, b.SIGNATORY):
        directory.people[gone] = replace(directory.people[gone], active=False)
    found = routing.propose(a_message(), directory)
    assert found is not None
    assert found.lead_id == b.LEAD
    assert found.co_executor_ids == (b.CO_STAFF,)
    assert found.signatory_id is None


def test_the_desk_can_not_decide_twice() -> None:
    story = Story()
    story.register()
    story.route()
    for deed in (lambda act: routing.route(act, b.OFFICIAL), routing.escalate, routing.register):
        with pytest.raises(MoveNotAllowedError, match="на резолюции"):
            deed(story.act(b.DESK))
    assert [one.event for one in story.case.history] == [
        Event.RECEIVE, Event.REGISTER, Event.ROUTE]

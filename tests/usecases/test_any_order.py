"""Whatever the office tries in whatever order, the case stays whole and every refusal is said."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random

from core import access, due
from core.errors import AssistantError, MoveNotAllowedError
from core.regulation.lifecycle import AT_WORK, FINAL, LIFECYCLE
from core.regulation.terms import AnswerKind, AssignmentState, Event, Role, State
from core.usecases import approvals, dispatch, execution, resolutions, returns, routing
from core.usecases.office import Act
from core.usecases.photos import judged
from core.usecases.resolutions import Task
from tests import builders as b
from tests.builders import CALENDAR, ENOUGH, MSED, SYSTEM, Story, a_file, a_message

Deed = Callable[[Act], None]

def interim_draft(act: Act) -> None:
    execution.save_draft(act, AnswerKind.INTERIM, ENOUGH, act.today + timedelta(days=5))


BY_PEOPLE: dict[Event, Deed] = {
    Event.REGISTER: routing.register,
    Event.ROUTE: lambda act: routing.route(act, b.OFFICIAL),
    Event.REDIRECT: lambda act: routing.redirect(act, b.RAILWAY),
    Event.ESCALATE: routing.escalate,
    Event.MARK_DUPLICATE: lambda act: routing.mark_duplicate(act, "ЕКЖ-2026-000099"),
    Event.HAND_BACK: lambda act: resolutions.hand_back(act, "не моё"),
    Event.IMPOSE_RESOLUTION: lambda act: resolutions.impose(act, [Task(b.LEAD), Task(b.CO)]),
    Event.SAVE_DRAFT: lambda act: execution.save_draft(act, AnswerKind.SOLVED, ENOUGH),
    Event.SUBMIT_DRAFT: execution.submit_draft,
    Event.APPROVE: approvals.approve,
    Event.REMARK: lambda act: approvals.remark(act, "нет даты"),
    Event.SIGN: approvals.sign,
    Event.REFUSE_SIGNATURE: lambda act: approvals.refuse_signature(act, "не тот адрес"),
    Event.CONFIRM_FORM: dispatch.confirm_form,
    Event.SEND_BACK: lambda act: dispatch.send_back(act, "нет герба"),
    Event.DISPATCH: dispatch.dispatch,
    Event.REFUSE: lambda act: dispatch.refuse(act, "нет вложения"),
    Event.PUBLISH: dispatch.publish,
    Event.CITIZEN_RETURN: lambda act: returns.citizen_return(act, a_message(text="снова")),
    Event.REFER_TO_OPERATOR: returns.refer_to_operator,
    Event.REFER_TO_COMMISSION: returns.refer_to_commission,
    Event.DECIDE_REWORK: lambda act: returns.decide_rework(act, "проверить"),
    Event.CLOSE: lambda act: returns.close(act, "закрыть"),
    Event.ACCEPT: execution.accept,
    Event.DECLINE: lambda act: execution.decline(act, "не наше"),
    Event.DELEGATE: lambda act: execution.delegate(
        act, b.LEAD_STAFF if act.actor.person_id == b.LEAD else b.CO_STAFF),
    Event.ADD_PHOTO: lambda act: execution.add_photo(act, a_file(f"{act.actor.source}.jpg")),
    Event.SUBMIT_MATERIALS: lambda act: execution.submit_materials(
        act, "Сделано.", judged=False),
}
OTHERS: tuple[Deed, ...] = (
    lambda act: execution.accept_materials(act, 1),
    lambda act: execution.return_materials(act, 1, "ещё"),
    lambda act: execution.allow_decline(act, 0),
    interim_draft,
    resolutions.as_proposed,
)
EVERYONE = (b.DESK, b.DESK_HEAD, b.CHIEF, b.OFFICIAL, b.LEAD, b.LEAD_STAFF, b.CO, b.CO_STAFF,
            b.ROADS_HEAD, b.STATE_APPROVER, b.SIGNATORY, b.STRANGER)
REFUSED_BY_SUBSTANCE = {Event.SUBMIT_DRAFT, Event.DELEGATE, Event.SUBMIT_MATERIALS}
"""Offered, and yet refused where the draft, the photos or the addressee are not right."""


def assert_whole(story: Story) -> None:
    """What is true of every case at every moment."""
    case = story.case
    assert case.round == len(case.past) + 1 <= case.returns + 1
    assert (case.state in AT_WORK) <= (case.lead is not None)
    assert (case.state is State.APPROVING) <= (
        case.sheet is not None and case.sheet.current is not None)
    assert (case.state is State.CHECKING) <= (case.signature is not None)
    assert (case.state is State.DISPATCHED) <= bool(case.answer_number)
    assert (case.state is State.DEFERRED) <= (case.promised_on is not None)
    assert sum(part.is_lead for part in case.parts) <= 1
    assert len({part.key for part in case.parts}) == len(case.parts)
    duties = due.open_duties(case, CALENDAR)
    assert (case.state in FINAL) <= (not duties)
    assert (case.state in {State.DISPATCHED, State.PUBLISHED}) <= (
        not [one for one in duties if one.row.code == "answer"])
    holders = access.holder_ids(case, story.directory)
    assert holders or case.state in FINAL | {
        State.DISPATCHED, State.PUBLISHED, State.AT_OPERATOR, State.AT_COMMISSION}
    assert all(access.may_read(case, story.directory.person(one), story.directory)
               for one in holders)


def tried(story: Story, act: Act, deed: Deed) -> AssistantError | None:
    """The deed done, or the refusal; a refusal must leave no trace."""
    refusal: AssistantError | None = None
    try:
        deed(act)
    except AssistantError as said:
        refusal = said
    else:
        story.done(act)
    assert refusal is None or str(refusal).strip()
    return refusal


RARE = {Event.REDIRECT, Event.DECLINE, Event.HAND_BACK, Event.ESCALATE, Event.CLOSE,
        Event.MARK_DUPLICATE, Event.ADD_PHOTO, Event.DELEGATE, Event.REMARK,
        Event.REFUSE_SIGNATURE, Event.SEND_BACK, Event.REFUSE}
"""They end or hold up a story; taken seldom, so that stories get far."""


def chosen(dice: Random, choices: Sequence[tuple[int, Event]]) -> tuple[int, Event]:
    weights = [1 if event in RARE else 12 for _, event in choices]
    return dice.choices(choices, weights)[0]


def walk(seed: int, seen: set[State]) -> None:
    """A long story in which people do what their cards offer, and sometimes something else."""
    dice = Random(seed)
    category, returned = dice.choice(("Дороги", "Иное")), dice.choice((0, 2))
    story = Story(case=replace(b.a_case(a_message(category=category)), returns=returned))
    for _ in range(100):
        choices: list[tuple[int, Event]] = []
        for person_id in EVERYONE:
            act = story.act(person_id)
            choices += [(person_id, event) for event in access.offered(
                story.case, act.actor, may_decline=act.may_decline())]
        assert choices or story.case.state in FINAL
        if not choices:
            break
        person_id, event = chosen(dice, choices)
        interim = event is Event.SAVE_DRAFT and dice.random() < 0.4
        refusal = tried(story, story.act(person_id),
                        interim_draft if interim else BY_PEOPLE[event])
        if event not in REFUSED_BY_SUBSTANCE:
            assert not isinstance(refusal, MoveNotAllowedError), (event, refusal)
        if dice.random() < 0.2:
            tried(story, story.act(dice.choice(EVERYONE)), dice.choice(OTHERS))
        follow_up(story)
        assert_whole(story)
        seen.add(story.case.state)


def follow_up(story: Story) -> None:
    """Assignments are delivered, photos judged, materials accepted."""
    if story.case.state not in AT_WORK:
        return
    for part in story.case.parts:
        if part.state is AssignmentState.GIVEN:
            tried(story, story.act(speaks_for=SYSTEM), partial(execution.delivered, key=part.key))
        for photo in part.photos:
            if not photo.verdict:
                fit = replace(photo, verdict="same_angle")
                tried(story, story.act(speaks_for=SYSTEM), partial(
                    judged, key=part.key, photo=fit))
        if part.state is AssignmentState.SUBMITTED:
            tried(story, story.act(b.LEAD), partial(execution.accept_materials, key=part.key))


def test_what_the_cards_offer_can_be_done_and_keeps_the_case_whole() -> None:
    seen: set[State] = set()
    for seed in range(60):
        walk(seed, seen)
    assert seen >= set(State) - {State.RECEIVED}, "the walks must get everywhere"


def test_acts_by_anybody_at_any_time_are_done_or_refused_in_words() -> None:
    refusals = 0
    for seed in range(40):
        dice, story = Random(seed), Story().with_co_executor()
        for _ in range(100):
            before, person_id = story.case, dice.choice((*EVERYONE, None))
            act = story.act(person_id) if person_id else story.act(speaks_for=MSED)
            if tried(story, act, dice.choice((*BY_PEOPLE.values(), *OTHERS))) is not None:
                refusals += 1
                assert story.case is before
            if person_id == b.STRANGER:
                assert story.case is before
            assert_whole(story)
    assert refusals


def test_every_event_a_card_can_offer_has_a_deed() -> None:
    spoken = {Event.ALLOW_DECLINE, Event.ACCEPT_MATERIALS, Event.RETURN_MATERIALS,
              Event.ACKNOWLEDGE}
    offered = {row.event for row in LIFECYCLE if set(row.by) - {Role.MSED, Role.OPERATOR}}
    assert offered - spoken <= BY_PEOPLE.keys()

"""Section 5 and 2.1: form, registration, operator, publication; the citizen's returns."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from core.calendar import MOSCOW
from core.errors import MoveNotAllowedError, NotAcceptedError
from core.notices import NoticeKind
from core.regulation.terms import AnswerKind, Event, State
from core.usecases import dispatch, execution, returns, routing
from core.usecases.office import Rules
from tests import builders as b
from tests.builders import MSED, Story, a_file, a_message

UNTIL = datetime(2026, 12, 14, tzinfo=MOSCOW)


def signed() -> Story:
    story = Story().at_work()
    story.draft()
    story.submit()
    story.approve()
    story.sign()
    return story


def sent() -> Story:
    story = signed()
    story.confirm()
    story.dispatch()
    return story


def come_back(story: Story, text: str = "Яма осталась.", sent_on: date | None = None) -> None:
    act = story.act(speaks_for=MSED)
    returns.citizen_return(act, a_message(text=text, files=(), sent_on=sent_on))
    story.done(act)


def returned(times: int) -> Story:
    """A case that the citizen sent back so many times, each time after an answer."""
    story = Story()
    for number in range(times):
        story.at_work()
        story.answer(text=f"Ответ {number + 1}: яма заделана ещё раз полностью.")
        come_back(story)
    return story


def test_the_desk_checks_the_form_registers_and_sends_to_msed() -> None:
    story = signed()
    case = story.confirm()
    assert (case.state, case.answer_number) == (State.ANSWER_REGISTERED, "ЕКЖ-2026-000001/1")
    case = story.dispatch()
    assert case.state is State.DISPATCHED
    assert story.letters() == ["msed@example.ru"]
    assert story.told(NoticeKind.DISPATCHED) == {b.LEAD}


def test_the_number_of_msed_is_kept_where_it_is_given() -> None:
    story = signed()
    act = story.act(b.DESK)
    dispatch.confirm_form(act, " 12/3456 ")
    assert story.done(act).answer_number == "12/3456"


def test_an_answer_is_not_sent_into_the_void() -> None:
    story = signed()
    story.confirm()
    story.rules = Rules()
    with pytest.raises(NotAcceptedError, match="MSED_ADDRESS"):
        dispatch.dispatch(story.act(b.DESK))


def test_a_wrong_form_goes_back_to_the_executor_before_and_after_registration() -> None:
    for step in ("checking", "registered"):
        story = signed()
        if step == "registered":
            story.confirm()
        with pytest.raises(NotAcceptedError):
            dispatch.send_back(story.act(b.DESK), " ")
        act = story.act(b.DESK)
        dispatch.send_back(act, "бланк без герба")
        case = story.done(act)
        assert (case.state, case.signature, case.rework_reason) == (
            State.REWORKING, None, "бланк без герба")
        with pytest.raises(NotAcceptedError, match="не изменён"):
            execution.submit_draft(story.act(b.LEAD))
        story.draft()
        assert story.submit().state is State.APPROVING


def test_only_the_desk_checks_and_sends() -> None:
    story = signed()
    for person in (b.LEAD, b.SIGNATORY, b.OFFICIAL, b.STATE_APPROVER):
        with pytest.raises(MoveNotAllowedError):
            dispatch.confirm_form(story.act(person))


def test_the_notices_of_msed_follow_the_answer_to_publication() -> None:
    story = sent()
    act = story.act(speaks_for=MSED)
    dispatch.acknowledge(act, "ОГ-77")
    assert story.done(act).state is State.DISPATCHED
    case = story.publish()
    assert case.state is State.PUBLISHED
    assert story.told(NoticeKind.PUBLISHED) == {b.LEAD}


def test_the_desk_notes_a_publication_whose_notice_was_lost() -> None:
    story = sent()
    act = story.act(b.DESK)
    dispatch.publish(act)
    assert story.done(act).state is State.PUBLISHED
    with pytest.raises(MoveNotAllowedError):
        dispatch.publish(sent().act(b.LEAD))


def test_an_answer_the_operator_refuses_is_reworked_and_gets_the_next_number() -> None:
    story = sent()
    act = story.act(speaks_for=MSED)
    dispatch.refuse(act, "")
    case = story.done(act)
    assert case.state is State.REWORKING
    assert case.rework_reason == "Причина в уведомлении не указана"
    assert story.told(NoticeKind.REWORK) == {b.LEAD, b.DESK, b.DESK_HEAD}
    story.draft()
    story.submit()
    story.approve()
    story.sign()
    assert story.confirm().answer_number == "ЕКЖ-2026-000001/2"


def test_a_published_interim_answer_keeps_the_case_under_control_until_the_final_one() -> None:
    story = Story().at_work()
    case = story.answer(AnswerKind.INTERIM, UNTIL)
    assert (case.state, case.promised_on) == (State.DEFERRED, date(2026, 12, 14))
    assert story.told(NoticeKind.DEFERRED) == {b.LEAD}
    story.later(10, month=12)
    with pytest.raises(NotAcceptedError, match="уже опубликован"):
        story.draft(AnswerKind.INTERIM, datetime(2026, 12, 20, tzinfo=MOSCOW))
    with pytest.raises(NotAcceptedError, match="уже опубликован"):
        execution.submit_draft(story.act(b.LEAD))
    case = story.answer()
    assert case.state is State.PUBLISHED
    assert case.answer_number == "ЕКЖ-2026-000001/2"


def test_rework_of_the_final_answer_does_not_let_a_second_interim_one_through() -> None:
    story = Story().at_work()
    story.answer(AnswerKind.INTERIM, UNTIL)
    story.draft()
    story.submit()
    story.approve()
    story.sign()
    act = story.act(b.DESK)
    dispatch.send_back(act, "нет подписи")
    story.done(act)
    with pytest.raises(NotAcceptedError, match="уже опубликован"):
        story.draft(AnswerKind.INTERIM, datetime(2026, 12, 20, tzinfo=MOSCOW))


def test_a_published_answer_is_filed_by_the_desk() -> None:
    story = sent()
    story.publish()
    act = story.act(b.DESK)
    returns.close(act)
    assert story.done(act).state is State.CLOSED


def test_a_citizens_return_opens_the_next_round_and_tells_the_earlier_executor() -> None:
    story = Story().at_work()
    story.answer()
    come_back(story, sent_on=date(2026, 12, 5))
    case = story.case
    assert (case.state, case.round, case.returns) == (State.RECEIVED, 2, 1)
    assert story.told(NoticeKind.CITIZEN_RETURN) == {b.LEAD}
    assert b.DESK in story.told(NoticeKind.NEW_MESSAGE)
    assert (case.message.text, case.message.sent_on) == ("Яма осталась.", date(2026, 12, 5))
    assert case.message.files == (a_file("citizen.jpg"),)
    assert (case.parts, case.drafts, case.sheet, case.signature, case.answer_number) == (
        (), (), None, None, "")
    past = case.past[0]
    assert past.answer is not None
    assert (past.number, past.answer.text, past.answer_number) == (
        1, b.ENOUGH, "ЕКЖ-2026-000001/1")
    assert past.parts[0].executor_id == b.LEAD


def test_the_next_round_is_worked_like_the_first_and_numbered_after_it() -> None:
    story = Story().at_work()
    story.answer()
    come_back(story)
    story.at_work()
    story.answer()
    assert (story.case.state, story.case.answer_number) == (
        State.PUBLISHED, "ЕКЖ-2026-000001/2")


def test_a_return_of_an_interim_answer_is_counted_and_ends_the_promise() -> None:
    story = Story().at_work()
    story.answer(AnswerKind.INTERIM, UNTIL)
    come_back(story)
    assert (story.case.returns, story.case.promised_on, story.case.state) == (
        1, None, State.RECEIVED)


def test_a_return_shows_that_the_answer_was_published_though_the_notice_was_lost() -> None:
    story = sent()
    come_back(story)
    assert (story.case.state, story.case.returns) == (State.RECEIVED, 1)


def test_a_return_before_there_is_an_answer_is_refused() -> None:
    for story in (Story(), Story().at_work(), signed()):
        with pytest.raises(MoveNotAllowedError):
            returns.citizen_return(story.act(speaks_for=MSED), a_message(text="ещё раз"))


def test_two_returns_go_to_work_and_the_third_to_the_desk_head() -> None:
    assert returned(2).case.state is State.RECEIVED
    story = returned(3)
    assert (story.case.state, story.case.returns) == (State.RETURNED_THRICE, 3)
    assert story.told(NoticeKind.THIRD_RETURN) == {b.DESK_HEAD}
    assert [past.number for past in story.case.past] == [1, 2, 3]
    assert story.told(NoticeKind.NEW_MESSAGE) == set(), "the third is not the desk's to register"
    with pytest.raises(MoveNotAllowedError, match="руководитель подразделения"):
        routing.register(story.act(b.DESK))
    act = story.act(b.DESK_HEAD)
    routing.register(act)
    assert story.done(act).state is State.REGISTERED


def test_after_the_third_return_the_desk_head_sends_all_answers_to_the_operator() -> None:
    story = returned(3)
    for person in (b.DESK, b.CHIEF, b.LEAD):
        with pytest.raises(MoveNotAllowedError):
            returns.refer_to_operator(story.act(person))
    act = story.act(b.DESK_HEAD)
    returns.refer_to_operator(act)
    case = story.done(act)
    assert case.state is State.AT_OPERATOR
    assert story.letters() == ["operator@example.ru"]
    assert len([past for past in case.past if past.answer is not None]) == 3


def test_the_commission_hears_only_what_came_back_more_than_three_times() -> None:
    with pytest.raises(MoveNotAllowedError, match="возвратов больше трёх"):
        returns.refer_to_commission(returned(3).act(b.DESK_HEAD))
    story = returned(4)
    assert (story.case.state, story.case.returns) == (State.RETURNED_THRICE, 4)
    act = story.act(b.DESK_HEAD)
    returns.refer_to_commission(act)
    assert story.done(act).state is State.AT_COMMISSION
    assert story.letters() == ["operator@example.ru"]


def test_without_the_operators_address_nothing_is_referred() -> None:
    story = returned(4)
    story.rules = replace(story.rules, operator_address="")
    for deed in (returns.refer_to_operator, returns.refer_to_commission):
        with pytest.raises(NotAcceptedError, match="OPERATOR_ADDRESS"):
            deed(story.act(b.DESK_HEAD))


@pytest.mark.parametrize("where", ["operator", "commission"])
def test_the_operator_or_the_commission_closes_the_case_or_asks_for_more(where: str) -> None:
    def referred() -> Story:
        story = returned(4)
        act = story.act(b.DESK_HEAD)
        deed = (returns.refer_to_operator if where == "operator"
                else returns.refer_to_commission)
        deed(act)
        story.done(act)
        return story

    story = referred()
    act = story.act(b.DESK_HEAD)
    returns.close(act, "закрыть: ответы объективны")
    assert story.done(act).state is State.CLOSED
    assert act.facts[0].details["decision"] == "закрыть: ответы объективны"
    story = referred()
    with pytest.raises(NotAcceptedError, match="решение"):
        returns.decide_rework(story.act(b.DESK_HEAD), "")
    act = story.act(b.DESK_HEAD)
    returns.decide_rework(act, "проверить ещё раз")
    case = story.done(act)
    assert (case.state, case.rework_reason, case.returns) == (
        State.RECEIVED, "проверить ещё раз", 4)
    assert [one.event for one in case.history] == [Event.RECEIVE]
    assert len(case.past) == 4
    story.at_work()
    assert story.answer().state is State.PUBLISHED


def test_nothing_leads_out_of_a_closed_case() -> None:
    story = sent()
    story.publish()
    act = story.act(b.DESK)
    returns.close(act)
    story.done(act)
    with pytest.raises(MoveNotAllowedError, match="закрыто"):
        returns.citizen_return(story.act(speaks_for=MSED), a_message(text="снова"))

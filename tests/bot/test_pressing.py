"""Buttons pressed twice, late, by the wrong person, and answered by a restarted program."""

import pytest

from bot.keyboards.callbacks import CaseAct, Do
from bot.sandbox.limits import Fault
from core.people import Actor, Channel
from core.regulation.terms import State
from core.usecases import approvals, routing
from core.usecases.office import CaseRef
from tests.bot import city
from tests.bot.house import House
from tests.bot.test_story import ANSWER, report_and_draft


async def events(house: House, case_id: int) -> list[str]:
    """What the journal has, in order."""
    async with house.tools.office.work() as work:
        return [one.fact.event for one in await work.journal.of_case(case_id)]


async def test_second_press_answers_what_happened_and_does_nothing(house: House) -> None:
    await house.join(city.DESK)
    case = await house.arrives()
    card = await house[city.DESK].awaits("Новое сообщение", since=0)
    await house[city.DESK].presses("Зарегистрировать", card)
    late = await house[city.DESK].presses("Зарегистрировать", card)
    assert late.alert
    assert late.text == ("Уже решено: регистрация — Соколова М.И., 23.11 в 10:00. "
                         "Показана текущая карточка.")
    assert (await events(house, case.id)).count("register") == 1
    shown = await house.last(city.DESK)
    assert "зарегистрировано" in shown.text
    assert "➡️ Направить" in shown.labels


async def test_colleague_who_was_faster_makes_the_other_card_stale(house: House) -> None:
    await house.join(city.DESK)
    case = await house.arrives()
    colleague = (await house.tools.lookups.directory()).person(city.HEAD)
    await house.tools.office.do(Actor(Channel.EMAIL, "mail:1", colleague), CaseRef(case.id),
                                routing.register)
    answer = await house[city.DESK].presses("Зарегистрировать")
    assert answer.text.startswith("Уже решено: регистрация — Орлов П.А.")


async def test_approver_out_of_turn_has_no_button_and_no_say(house: House) -> None:
    await house.join(city.APPROVER, city.STATE)
    case_id = await report_and_draft(house)
    await house.press(city.LEAD, "На согласование")
    person = (await house.tools.lookups.directory()).person(city.STATE)
    card = await house.tools.lookups.card(Actor(Channel.TELEGRAM, "", person), case_id)
    await house.say(city.STATE, card.number)
    assert not {"✅ Согласовать", "💬 Замечание"} & set((await house.last(city.STATE)).labels)
    data = CaseAct(do=Do.APPROVE, case=card.id, stamp=card.stamp).pack()
    await house.queue.accept([{
        "update_id": 6, "callback_query": {
            "id": "1", "chat_instance": "1", "data": data,
            "from": {"id": city.telegram_id(city.STATE), "is_bot": False, "first_name": "В"},
            "message": {"message_id": 1, "date": 0, "chat": {
                "id": city.telegram_id(city.STATE), "type": "private"}}}}])
    await house.queue.idle()
    assert "очередь другого" in (await house.last(city.STATE)).text
    assert (await house.case(case_id)).state is State.APPROVING


async def test_answer_to_a_question_about_a_case_that_moved_on_is_not_taken(house: House) -> None:
    await house.join(city.APPROVER, city.STATE, city.SIGNATORY)
    case_id = await report_and_draft(house)
    await house.press(city.LEAD, "На согласование")
    await house.press(city.APPROVER, "Замечание")
    approver = (await house.tools.lookups.directory()).person(city.APPROVER)
    await house.tools.office.do(Actor(Channel.EMAIL, "mail:2", approver), CaseRef(case_id),
                                approvals.approve)
    await house.answer(city.APPROVER, "Исправьте дату.")
    case = await house.case(case_id)
    assert (case.state, case.rework_reason) == (State.APPROVING, "")
    await house[city.APPROVER].awaits("Уже решено: согласование", since=0)


async def test_older_question_is_answered_by_reply_and_the_newer_by_a_plain_text(
        house: House) -> None:
    case = await house.at_work()
    await house.press(city.HELPER, "Отчёт")
    older = await house.question(city.HELPER)
    await house.press(city.HELPER, "Не моё")
    await house.say(city.HELPER, "Светильник включён, яма видна.", older)
    assert (await house.case(case.id)).part(1).report == "Светильник включён, яма видна."


async def test_cancel_takes_every_question_back(house: House) -> None:
    case = await house.at_work()
    await house.press(city.HELPER, "Отчёт")
    await house.say(city.HELPER, "/cancel")
    await house.say(city.HELPER, "Светильник включён, яма видна.")
    assert (await house.case(case.id)).part(1).report == ""
    assert "ничего не нашлось" in (await house.last(city.HELPER)).text


async def test_question_survives_a_restart(house: House) -> None:
    case = await house.at_work()
    await house.press(city.HELPER, "Отчёт")
    again = await House.open(house.sandbox, house.database)
    house.polling.cancel()
    again.hands = house.hands
    await again.answer(city.HELPER, "Светильник включён, яма видна.")
    assert (await again.case(case.id)).part(1).report == "Светильник включён, яма видна."
    again.hands = {}
    await again.close()


async def test_update_fed_again_after_a_crash_is_acted_on_once(house: House) -> None:
    case = await house.at_work()
    await house.press(city.HELPER, "Отчёт")
    question = await house.question(city.HELPER)
    said = {"update_id": 77, "message": {
        "message_id": 5000, "date": 0, "text": "Светильник включён.",
        "chat": {"id": city.telegram_id(city.HELPER), "type": "private"},
        "from": {"id": city.telegram_id(city.HELPER), "is_bot": False, "first_name": "А"},
        "reply_to_message": {"message_id": question.id, "date": 0, "chat": {
            "id": city.telegram_id(city.HELPER), "type": "private"}}}}
    for _ in range(2):
        await house.queue.feed(said)
    assert (await events(house, case.id)).count("submit_materials") == 1


async def test_long_draft_cut_by_telegram_is_joined(house: House) -> None:
    case = await house.at_work()
    await house.press(city.LEAD, "Подготовить ответ")
    await house.press(city.LEAD, "Вопрос решён")
    first = (ANSWER + " ") * 57
    await house.answer(city.LEAD, first[:4090])
    await house.say(city.LEAD, "Конец ответа, благодарим за сообщение.")
    draft = (await house.case(case.id)).draft
    assert draft is not None
    assert draft.text == f"{first[:4090].strip()} Конец ответа, благодарим за сообщение."


async def test_whole_text_comes_in_further_messages(house: House) -> None:
    await house.join(city.DESK)
    text = " ".join(f"слово{number}" for number in range(1500))
    await house.arrives(city.message("MO-9", text=text))
    await house.press(city.DESK, "Показать полностью")
    pieces = [one.text for one in await house[city.DESK].messages() if "слово" in one.text][1:]
    assert len(pieces) > 2
    assert " ".join(pieces).split()[-1500:] == text.split()


async def test_card_that_telegram_would_not_show_is_said_to_be_opened_again(house: House) -> None:
    await house.join(city.DESK)
    case = await house.arrives()
    house.sandbox.faults.order("editMessageText", Fault.FLOOD, retry_after=60)
    assert await house.press(city.DESK, "Зарегистрировать") == "Зарегистрировано."
    assert (await house.last(city.DESK)).text == (
        "Telegram не дал показать карточку. Откройте её ещё раз: /my")
    assert (await house.case(case.id)).state is State.REGISTERED


async def test_fault_of_ours_is_told_by_a_code_that_the_log_has(
        house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    await house.join(city.DESK)
    await house.arrives()

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret of the works")

    monkeypatch.setattr("bot.cards.card", broken)
    await house[city.DESK].presses("Зарегистрировать")
    await house.queue.idle()
    said = (await house.last(city.DESK)).text
    code = said.split("код ")[1].split(".")[0]
    assert "secret" not in said
    assert f"code {code}" in caplog.text


async def test_unknown_button_is_answered(house: House) -> None:
    await house.join(city.DESK)
    await house.arrives()
    card = await house[city.DESK].awaits("Новое сообщение", since=0)
    raw = {"update_id": 8, "callback_query": {
        "id": "1", "chat_instance": "1", "data": "zz:1",
        "from": {"id": city.telegram_id(city.DESK), "is_bot": False, "first_name": "М"},
        "message": {"message_id": card.id, "date": 0, "chat": {
            "id": city.telegram_id(city.DESK), "type": "private"}}}}
    await house.queue.accept([raw])
    await house.queue.idle()
    async with house.tools.office.work() as work:
        assert [one.update_id for one in await work.updates.unhandled()] == []


async def test_group_hears_nothing_about_cases(house: House) -> None:
    await house.join(city.DESK)
    case = await house.arrives()
    calls = dict(house.sandbox.calls)
    raw = {"update_id": 9, "message": {
        "message_id": 1, "date": 0, "text": case.number,
        "chat": {"id": -5, "type": "group", "title": "Чат"},
        "from": {"id": city.telegram_id(city.DESK), "is_bot": False, "first_name": "М"}}}
    await house.queue.accept([raw])
    await house.queue.idle()
    assert house.sandbox.calls.get("sendMessage") == calls.get("sendMessage")

"""Approvers between meetings: the pictures at once, a remark in two taps or in own words."""

from dataclasses import replace

import pytest

from core.regulation.terms import AssignmentState, State
from tests.bot import city
from tests.bot.house import House
from tests.bot.pictures import picture
from tests.bot.test_story import report_and_draft


async def asked(house: House) -> int:
    """The draft has come to its first approver."""
    await house.join(city.APPROVER, city.STATE)
    case_id = await report_and_draft(house)
    await house.press(city.LEAD, "На согласование")
    return case_id


async def test_usual_remark_takes_two_taps(house: House) -> None:
    case_id = await asked(house)
    await house.press(city.APPROVER, "Замечание")
    reasons = await house[city.APPROVER].awaits("выберите замечание", since=0)
    assert not any("…" in one for one in reasons.labels), "no reason is cut"
    said = await house.press(city.APPROVER, "Назовите точные сроки работ")
    assert said == "Замечание передано исполнителю."
    case = await house.case(case_id)
    assert (case.state, case.rework_reason) == (
        State.REWORKING, "Назовите точные сроки работ (п. 4.6, абз. 7).")
    await house[city.LEAD].awaits("Назовите точные сроки работ", since=0)
    await house.say(city.APPROVER, "Мира 5")
    assert (await house.last(city.APPROVER)).text.startswith(case.number), (
        "the question beside the reasons is closed: words are a search again")


async def test_remark_is_written_in_own_words_just_as_well(house: House) -> None:
    case_id = await asked(house)
    await house.press(city.APPROVER, "Замечание")
    await house.answer(city.APPROVER, "Укажите площадь ремонта.")
    assert (await house.case(case_id)).rework_reason == "Укажите площадь ремонта."


async def test_remark_that_the_approver_turned_away_from_is_not_made_of_the_next_words(
        house: House) -> None:
    case_id = await asked(house)
    await house.press(city.APPROVER, "Замечание")
    assert await house.press(city.APPROVER, "Назад") == "Вопрос снят, ничего не изменено."
    await house.say(city.APPROVER, "Укажите площадь ремонта.")
    assert (await house.case(case_id)).state is State.APPROVING


@pytest.mark.parametrize(("words", "advice"), [
    ("Согласовано.", "нажмите «Согласовать»"), ("Замечаний нет", "нажмите «Согласовать»"),
    ("Не согласовано", "что исправить"), ("ок", "что исправить")])
async def test_words_that_name_nothing_to_mend_are_no_remark(house: House, words: str, advice: str
                                                            ) -> None:
    case_id = await asked(house)
    await house.press(city.APPROVER, "Замечание")
    await house.answer(city.APPROVER, words)
    assert advice in (await house.last(city.APPROVER)).text
    assert (await house.case(case_id)).state is State.APPROVING
    await house.answer(city.APPROVER, "Укажите площадь ремонта.")
    assert (await house.case(case_id)).rework_reason == "Укажите площадь ремонта."


@pytest.mark.parametrize("person", [city.STATE, city.LEAD])
async def test_reason_on_a_card_left_behind_and_in_wrong_hands_does_nothing(
        house: House, person: int) -> None:
    case_id = await asked(house)
    await house.press(city.APPROVER, "Замечание")
    reasons = await house[city.APPROVER].awaits("выберите замечание", since=0)
    data = next(one.data for row in reasons.buttons for one in row if "ошибки" in one.text)
    await house.press(city.APPROVER, "Назад")
    await house.press(city.APPROVER, "Согласовать")
    late = await house[city.APPROVER].presses(data, reasons)
    assert late.alert
    query = {"id": "5", "chat_instance": "1", "data": data,
             "from": {"id": city.telegram_id(person), "is_bot": False, "first_name": "Н"},
             "message": {"message_id": reasons.id, "date": 0, "chat": {
                 "id": city.telegram_id(person), "type": "private"}}}
    await house.queue.accept([{"update_id": 66_000 + person, "callback_query": query}])
    await house.queue.idle()
    case = await house.case(case_id)
    assert (case.state, case.rework_reason) == (State.APPROVING, "")


async def test_accepted_material_may_be_returned_when_the_remark_is_about_it(house: House) -> None:
    case_id = await asked(house)
    await house.press(city.APPROVER, "Замечание")
    await house.answer(city.APPROVER, "Добавьте, сколько фонарей заменено.")
    await house.press(city.LEAD, "Вернуть материал")
    await house.answer(city.LEAD, "Сколько фонарей заменено?")
    assert (await house.case(case_id)).part(1).state is AssignmentState.RETURNED
    await house.press(city.HELPER, "Отчёт")
    await house.answer(city.HELPER, "Заменено два фонаря.")
    await house.press(city.LEAD, "Принять материал")
    assert (await house.case(case_id)).part(1).state is AssignmentState.DONE


async def test_before_and_after_come_with_the_card(house: House) -> None:
    await house.join(city.APPROVER)
    case_id = await report_and_draft(house)
    await house[city.LEAD].sends([("work.jpg", picture())])
    await house.handled()
    kept = await house.tools.office.files.put(picture("#123"), "comparison.jpg", "image/jpeg")
    async with house.tools.office.work() as work:
        case = await work.cases.get(case_id)
        part = case.parts[0]
        photo = replace(part.photos[0], verdict="same_angle", picture=kept)
        await work.cases.save(case.with_part(replace(part, photos=(photo,))))
    await house.carry()
    await house.press(city.LEAD, "На согласование")
    card = await house[city.APPROVER].awaits("Вам на согласование", since=0)
    assert "фото 1: ✅" in card.text
    sent = [one for message in await house[city.APPROVER].messages() if message.id < card.id
            for one in message.files]
    assert sent[0].kind == "photo", "the picture first, then the documents"
    assert [one.name for one in sent[1:]] == ["Ответ.pdf"]

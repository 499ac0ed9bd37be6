"""R11, R29: what an answer may do, what is asked back, and that machines never act nor loop."""

import pytest

from core import mailcommands
from core.inbound import Unrecognised
from core.notices import NoticeKind
from core.regulation.terms import AssignmentState, State
from core.usecases import approval_list, approvals, execution
from core.usecases.replies import MOST_REPLIES
from core.usecases.tokens import token_hash
from tests.bot import city
from tests.usecases.office.house import House, moscow
from tests.usecases.office.test_replies import (
    HELPER,
    PHOTO,
    STATE,
    reply,
    token,
    with_helper,
    with_materials,
)


async def approving(house: House) -> str:
    """A draft before the ЦИОГВ who works by mail; the key of that letter."""
    await house.at_work()
    await house.drafted(await house.case(1))
    await house.do(city.APPROVER, 1, approvals.approve)
    await house.carry()
    return token(house, NoticeKind.TO_APPROVE, city.STATE)


def last_reply(house: House) -> str:
    return house.email.of(NoticeKind.REPLY)[-1].facts["said"]


async def waiting(house: House) -> list[str]:
    """What of the mail the desk must look at."""
    return [one.outcome for one in await house.letters_in() if not one.handled]


@pytest.mark.parametrize("text", ["", "Ок", "Спасибо, получил.", "Да", "Добрый день!",
                                  "Не согласовано", "Против."])
async def test_an_approvers_unclear_word_is_asked_back_and_is_no_remark(
        house: House, text: str) -> None:
    key = await approving(house)
    assert "«Согласовано»" in await reply(house, key, text, STATE)
    assert (await house.case(1)).state is State.APPROVING
    assert await waiting(house) == []
    again = house.email.of(NoticeKind.REPLY)[-1].token
    assert await reply(house, again, "Согласовано", STATE) == "Согласование принято."
    assert (await house.case(1)).state is State.SIGNING


@pytest.mark.parametrize("by_the_question", [True, False], ids=["question", "first letter"])
async def test_what_stays_unclear_goes_to_the_desk(house: House, by_the_question: bool) -> None:
    key = await approving(house)
    await reply(house, key, "Ок", STATE)
    if by_the_question:
        key = house.email.of(NoticeKind.REPLY)[-1].token
    said = await reply(house, key, "Понятно", STATE)
    assert said == ("Ответ сотрудника (Министрова В.П.) не удалось понять и после уточнения: "
                    "«Понятно».")
    assert await waiting(house) == [said]
    assert "передан в подразделение" in last_reply(house)
    await house.carry()
    told = house.telegram.of(NoticeKind.UNCLEAR_MAIL)[-1]
    assert (told.person and told.person.id, told.case and told.case.id) == (city.DESK, 1)


async def test_an_answer_is_a_decision_once(house: House) -> None:
    key = await approving(house)
    assert await reply(house, key, "Согласовано", STATE) == "Согласование принято."
    async with house.office.work() as work:
        found = await work.tokens.find(token_hash(key))
    assert found is not None
    assert (found.purpose, found.person_id, found.used) == ("approval:1", city.STATE, True)
    assert "уже согласовали" in await reply(house, key, "Согласовано", STATE)
    assert "уже согласовали" in await reply(house, key, "Исправьте дату.", STATE)
    assert (await house.case(1)).state is State.SIGNING


async def test_a_leads_decision_on_materials_is_taken_once(house: House) -> None:
    key = await with_materials(house)
    await reply(house, key, "Принято")
    assert "решение уже принято" in await reply(house, key, "Вернуть: нет фото")
    assert (await house.case(1)).part(1).state is AssignmentState.DONE


async def test_an_answer_about_the_work_decides_nothing_on_the_draft(house: House) -> None:
    """The letter with the assignment is no letter of approval, though one person got both."""
    key = await with_helper(house)
    await reply(house, key, "Опора осмотрена, замена не нужна.")
    await house.do(city.LEAD, 1, execution.accept_materials, 1)
    await house.do(city.LEAD, 1, approval_list.add, city.HELPER)
    await house.drafted(await house.case(1))
    await house.do(city.APPROVER, 1, approvals.approve)
    await house.carry()
    await reply(house, key, "Согласовано")
    sheet = (await house.case(1)).sheet
    assert sheet is not None
    assert sheet.current is not None
    assert sheet.current.approver_id == city.HELPER


@pytest.mark.parametrize("text", ["Фонарь включён, лампа заменена.", "Не моё: не наш участок"])
async def test_a_late_answer_hears_that_nothing_is_asked_any_more(house: House, text: str) -> None:
    key = await with_helper(house)
    await house.do(city.LEAD, 1, execution.decline, "Дорога областная.")
    said = await reply(house, key, text)
    assert "от вас по нему больше ничего не требуется" in said


async def test_a_reminder_to_an_approver_may_be_answered_like_the_letter_itself(
        house: House) -> None:
    await approving(house)
    house.clock.moment = moscow(1, 10, month=12)
    await house.control.scan()
    await house.carry()
    kinds = [one for one in house.email.carried if one.person and one.person.id == city.STATE
             and one.kind in {NoticeKind.REMINDER, NoticeKind.OVERDUE}]
    assert kinds, "the approver is reminded"
    assert await reply(house, kinds[-1].token, "Согласовано", STATE) == "Согласование принято."


@pytest.mark.parametrize("text", ["Спасибо", "А где это?", "Согласовано", ""])
async def test_an_executors_word_without_work_is_no_report(house: House, text: str) -> None:
    key = await with_helper(house)
    assert "нет ни слов о сделанном" in await reply(house, key, text)
    part = (await house.case(1)).part(1)
    assert (part.state, part.report) == (AssignmentState.DELIVERED, "")


async def test_who_writes_that_he_is_away_learns_how_to_name_a_substitute(house: House) -> None:
    key = await with_helper(house)
    assert "замещает Иванов И.И." in await reply(house, key, "Я в отпуске до 10 декабря.")
    part = (await house.case(1)).part(1)
    assert (part.state, part.report) == (AssignmentState.DELIVERED, "")


async def test_thanks_beside_a_photo_are_just_the_photo(house: House) -> None:
    key = await with_helper(house)
    assert await reply(house, key, "Спасибо!", HELPER, PHOTO) == (
        "Приложено фотографий: 1. Когда работа будет сделана, ответьте, что сделано.")
    assert (await house.case(1)).part(1).state is not AssignmentState.SUBMITTED


async def test_two_machines_do_not_write_to_each_other_for_ever(house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "Сделано: мусор вывезен.")
    for _ in range(30):
        await reply(house, key, "Ваше сообщение очень важно для нас!")
    answers = len(house.email.of(NoticeKind.REPLY))
    assert answers == 20
    assert "Похоже на автоответчик" in (await waiting(house))[-1]
    house.clock.moment = moscow(23, 12)
    await reply(house, key, "Сделано ещё раз.")
    assert len(house.email.of(NoticeKind.REPLY)) == answers + 1


async def test_a_stranger_with_the_key_or_the_number_changes_nothing(house: House) -> None:
    key = await approving(house)
    said = await reply(house, key, "Согласовано", "stranger@example.test")
    assert said == "Письмо с ключом другого сотрудника."
    assert await waiting(house) == [said]
    assert (await house.case(1)).state is State.APPROVING


# An answer to ``From`` instead of ``Reply-To`` ------------------------------------------------

async def keyless(house: House, sender: str, text: str = "Согласовано") -> str:
    """An answer to the newest letter about approval that came without its key."""
    ours = next(one["message_ref"] for one in house.table("outbox")
                if one["kind"] == "to_approve" and one["channel"] == "email")
    await house.intake.accept(house.mail(
        Unrecognised("Не понято.", keyless=True), sender, text=text, answers=ours))
    said = (await house.letters_in())[-1].outcome
    await house.carry()
    return said


async def test_an_answer_that_went_past_its_key_decides_nothing_but_is_asked_for_again(
        house: House) -> None:
    await approving(house)
    assert await keyless(house, STATE) == (
        "Ответ сотрудника (Министрова В.П.) пришёл без ключа: его попросили прислать ответ "
        "ещё раз.")
    assert (await house.case(1)).state is State.APPROVING
    assert await waiting(house) == []
    asked = house.email.of(NoticeKind.REPLY)[-1]
    assert asked.address == STATE
    assert await reply(house, asked.token, "Согласовано", STATE) == "Согласование принято."


async def test_who_only_names_our_letter_gets_no_key(house: House) -> None:
    await approving(house)
    assert await keyless(house, HELPER) == "Не понято."
    assert await waiting(house) == ["Не понято."]
    assert house.email.of(NoticeKind.REPLY) == []


async def test_past_the_key_of_a_letter_that_is_answered_already_nothing_is_decided_twice(
        house: House) -> None:
    key = await approving(house)
    await reply(house, key, "Согласовано", STATE)
    await keyless(house, STATE)
    asked = house.email.of(NoticeKind.REPLY)[-1]
    assert "уже согласовали" in await reply(house, asked.token, "Согласовано", STATE)


async def test_two_machines_that_pass_over_the_key_end_too(house: House) -> None:
    await approving(house)
    for _ in range(30):
        await keyless(house, STATE)
    assert len(house.email.of(NoticeKind.REPLY)) == MOST_REPLIES
    assert await waiting(house) == ["Не понято."] * 10


@pytest.mark.parametrize(("text", "nothing"), [
    ("Спасибо!", True), ("ок", True), ("", True), ("Да, хорошо", True),
    ("Заделано", False), ("Спасибо, но исправьте дату", False)])
def test_what_says_nothing(text: str, nothing: bool) -> None:
    assert mailcommands.says_nothing(text) is nothing

"""R11, R29, R30: letters as people write them - greeted, signed, misspelt, with files."""

import pytest

from core.inbound import Attachment
from core.notices import NoticeKind
from core.regulation.terms import AnswerKind, AssignmentState, State
from core.usecases import execution, notnow
from tests.bot import city
from tests.usecases.office.house import ENOUGH, House
from tests.usecases.office.test_replies import (
    HELPER,
    PHOTO,
    STATE,
    led_by_mail,
    reply,
    with_helper,
)
from tests.usecases.office.test_unclear_replies import approving, last_reply, waiting

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EDITS = Attachment("правки.docx", WORD, b"PK edits")
SIGNED = "\n\nМинистрова Вера Павловна\nэксперт Министерства транспорта\nтел. 8 (495) 000-00-00"


@pytest.mark.parametrize("text", [
    "Добрый день!\nСогласовано.", "Коллеги, согласовано", f"Согласовано{SIGNED}",
    "Здравствуйте, Марина Игоревна! Проект ответа согласован.", "Согласовано. Министрова В.П.",
    "Добрый день! Согласовано. Эксперт Министерства транспорта области Министрова В.П."])
async def test_a_polite_agreement_is_no_remark(house: House, text: str) -> None:
    key = await approving(house)
    assert await reply(house, key, text, STATE) == "Согласование принято."
    assert (await house.case(1)).state is State.SIGNING


async def test_the_executor_gets_the_remark_without_the_signature_under_it(house: House) -> None:
    key = await approving(house)
    await reply(house, key, f"Укажите срок.{SIGNED}", STATE)
    told = house.telegram.of(NoticeKind.REMARK)[-1]
    assert told.facts["remark"] == "Укажите срок."


@pytest.mark.parametrize("text", [
    "Сагласовано", "Принято к сведению", "Согласовано с замечаниями", "Принято",
    "Замечания во вложении"])
async def test_what_may_be_meant_either_way_is_asked_back(house: House, text: str) -> None:
    key = await approving(house)
    assert "Не удалось понять ответ" in await reply(house, key, text, STATE, EDITS)
    assert (await house.case(1)).state is State.APPROVING
    assert ("файлы исполнителю не передаются" in last_reply(house)) is ("вложении" in text)
    assert await waiting(house) == []


async def test_an_approver_learns_that_files_beside_a_remark_are_not_passed_on(
        house: House) -> None:
    key = await approving(house)
    logo = Attachment("image001.png", "image/png", b"\x89PNG logo")
    said = await reply(house, key, "Укажите срок.", STATE, EDITS, logo)
    assert said.startswith("Принято замечание: «Укажите срок.».")
    assert "файлы ему не передаются: «правки.docx». Если" in said


@pytest.mark.parametrize("text", ["Принято к сведению", "Принято в роботу", "Отчёт во вложении"])
async def test_what_tells_of_no_work_is_no_report(house: House, text: str) -> None:
    key = await with_helper(house)
    said = await reply(house, key, text)
    part = (await house.case(1)).part(1)
    assert (part.state, part.report) == (AssignmentState.DELIVERED, "")
    assert "что сделано" in said


async def test_a_report_that_is_only_a_file_is_asked_for_in_words(house: House) -> None:
    key = await with_helper(house)
    said = await reply(house, key, "Отчёт во вложении", HELPER, EDITS)
    assert "Не приложено: «правки.docx»" in said
    assert said.endswith("Что сделано, напишите в самом письме.")


async def test_the_answer_to_the_citizen_has_no_greeting_and_no_signature(house: House) -> None:
    key = await led_by_mail(house)
    await reply(house, key, f"Добрый день!\nРешено: {ENOUGH}\nНа согласование\n\n"
                            "Светлова Анна\nинженер\n8 916 000-00-00")
    draft = (await house.case(1)).draft
    assert draft is not None
    assert (draft.kind, draft.text) == (AnswerKind.SOLVED, ENOUGH)


async def test_the_first_word_tells_the_kind_of_an_answer_without_a_colon_too(
        house: House) -> None:
    key = await led_by_mail(house)
    text = "Запланировано устройство тротуара вдоль дома 5, работы завершатся до 01.06.2027."
    assert "(сроки и меры запланированы)" in await reply(house, key, text)
    draft = (await house.case(1)).draft
    assert draft is not None
    assert (draft.kind, draft.text) == (AnswerKind.PLANNED, text)


async def test_a_misspelt_word_does_not_replace_the_draft(house: House) -> None:
    key = await led_by_mail(house)
    await reply(house, key, f"Решено: {ENOUGH}")
    assert "ответьте «На согласование»" in await reply(house, key, "На соглосование")
    draft = (await house.case(1)).draft
    assert draft is not None
    assert (draft.version, draft.text) == (1, ENOUGH)


async def test_a_photo_beside_a_scan_that_came_too_early_is_not_lost(house: House) -> None:
    key = await led_by_mail(house)
    scan = Attachment("акт.pdf", "application/pdf", b"%PDF-1.7")
    said = await reply(house, key, "", HELPER, PHOTO, scan)
    assert "Приложено фотографий: 1. Не приложено: «акт.pdf»" in said
    assert "сначала пришлите его текст" in said
    assert [one.file.name for one in (await house.case(1)).photos] == ["work.jpg"]


async def test_who_may_not_send_the_draft_on_yet_learns_every_finding_and_what_to_answer(
        house: House) -> None:
    key = await led_by_mail(house)
    await reply(house, key, f"Решено: {ENOUGH} В ближайшее время уложим второй слой.")
    said = await reply(house, key, "На согласование")
    assert said.startswith("Не выполнено. Проект ответа не направлен.")
    assert "— нет ни фотографии, ни скана. Приложите" in said
    assert "«В ближайшее время уложим второй слой.»" in said
    assert "ответьте «На согласование с пояснением:»" in said


async def test_what_is_done_already_is_said_in_plain_words(house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "Принято")
    assert "уже принято, повторять не нужно" in await reply(house, key, "Принято")
    await reply(house, key, "Фонарь заменён.")
    said = await reply(house, key, "Ещё убрали мусор.")
    assert "попросите вернуть отчёт (Дорохов С.И.)" in said
    await house.do(city.LEAD, 1, execution.accept_materials, 1)
    assert "больше от вас ничего не требуется" in await reply(house, key, "Ещё убрали мусор.")


async def test_the_lead_learns_why_the_draft_cannot_be_changed_now(house: House) -> None:
    key = await led_by_mail(house)
    await reply(house, key, f"Решено: {ENOUGH}")
    await reply(house, key, "На согласование с пояснением: фото не нужны")
    said = await reply(house, key, f"Решено: {ENOUGH} И ещё.")
    assert said.startswith("Не выполнено. Проект ответа на согласовании")
    assert "придёт письмо" in said


@pytest.mark.parametrize("state", notnow.OF_CASE)
def test_no_refusal_of_a_letter_speaks_of_states_and_events(state: State) -> None:
    assert "состояние" not in notnow.OF_CASE[state]
    assert "предусмотрен" not in notnow.OF_CASE[state]


async def test_an_answer_to_a_letter_of_a_finished_case_is_told_that_nothing_is_to_be_done(
        house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "Фонарь заменён.")
    await house.do(city.LEAD, 1, execution.accept_materials, 1)
    await house.sent(await house.case(1))
    assert "делать по сообщению ничего не нужно" in await reply(house, key, "Сделали ещё раз.")


async def test_a_colleague_with_a_key_that_is_not_theirs_learns_what_to_answer(
        house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "Принято", STATE)
    await reply(house, "unknownunknown12", "Принято", STATE)
    assert ["на последнее письмо Ракурса" in one.facts["said"]
            for one in house.email.of(NoticeKind.REPLY)] == [True, True]
    assert (await house.case(1)).part(1).state is AssignmentState.DELIVERED

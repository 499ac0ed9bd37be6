"""Who has no Telegram does the whole of their part by answering letters (R11, R29)."""

import json
from dataclasses import replace

import pytest

from core.inbound import Attachment, PersonReply
from core.notices import NoticeKind
from core.regulation.terms import AnswerKind, AssignmentState, State
from core.usecases import approvals, execution
from core.usecases.office import CaseRef
from core.usecases.photos import judged
from core.usecases.resolutions import Task
from tests.bot import city
from tests.usecases.office.house import ENOUGH, House

HELPER, STATE = f"p{city.HELPER}@gorod.test", f"p{city.STATE}@gorod.test"
PHOTO = Attachment("work.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 one")
ANOTHER = Attachment("again.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 two")
THIRD = Attachment("third.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 three")
IPHONE = Attachment("IMG_1.HEIC", "image/heif", b"\x00\x00\x00\x24ftypheic one")


def token(house: House, kind: NoticeKind, person_id: int) -> str:
    """The key in the newest letter of that kind to the person."""
    letters = [one for one in house.email.of(kind) if one.person and one.person.id == person_id]
    return letters[-1].token


async def reply(house: House, key: str, text: str, sender: str = HELPER,
                *attachments: Attachment) -> str:
    """The person answers; what the program says it understood (or kept for the desk)."""
    await house.intake.accept(house.mail(PersonReply(key, text), sender, text=text,
                                         attachments=attachments))
    said = (await house.letters_in())[-1].outcome
    await house.carry()
    return said


async def with_helper(house: House) -> str:
    """A case with the co-executor who works by mail; the key of their assignment."""
    await house.at_work(None, Task(city.LEAD), Task(city.HELPER))
    return token(house, NoticeKind.ASSIGNMENT, city.HELPER)


async def led_by_mail(house: House) -> str:
    """A case whose lead works by mail alone."""
    await house.at_work(None, Task(city.HELPER))
    return token(house, NoticeKind.ASSIGNMENT, city.HELPER)


async def verdict(house: House, key: int, verdict: str = "different_angle", at: int = -1) -> str:
    """The judge has spoken of a photo of the part, the newest; the key of that letter."""
    case = await house.case(1)
    photo = replace(case.part(key).photos[at], verdict=verdict, advice="Станьте левее.")
    await house.office.do(house.system(), CaseRef(1), judged, key, photo)
    await house.carry()
    return token(house, NoticeKind.PHOTO_VERDICT, case.part(key).holder_id)


async def test_the_assignment_is_taken_on_by_one_word(house: House) -> None:
    key = await with_helper(house)
    assert await reply(house, key, "Принято. Спасибо!") == "Поручение принято к исполнению."
    assert (await house.case(1)).part(1).state is AssignmentState.ACCEPTED


async def test_every_reply_is_answered_with_what_was_understood(house: House) -> None:
    key = await with_helper(house)
    said = await reply(house, key, "Принято")
    answer = house.email.of(NoticeKind.REPLY)[-1]
    assert answer.facts["said"] == said
    assert answer.facts["in_reply_to"] == (await house.letters_in())[-1].message_id
    assert answer.address == HELPER


async def test_what_breaks_a_rule_is_answered_and_changes_nothing(house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "Принято")
    said = await reply(house, key, "Принято")
    assert said.startswith("Не выполнено.")
    assert house.email.of(NoticeKind.REPLY)[-1].facts["said"] == said
    assert house.told(NoticeKind.UNCLEAR_MAIL) == []


@pytest.mark.parametrize("sender", ["stranger@else.test", STATE, "p5@gorod.test", ""])
async def test_only_the_person_of_the_key_is_believed(house: House, sender: str) -> None:
    key = await with_helper(house)
    await reply(house, key, "Принято", sender)
    assert (await house.case(1)).part(1).state is AssignmentState.DELIVERED
    assert not (await house.letters_in())[-1].handled
    told = [(one.address, one.case, one.token) for one in house.email.of(NoticeKind.REPLY)]
    colleague = sender in {STATE, "p5@gorod.test"}
    assert told == ([(sender, None, "")] if colleague else []), "a stranger is told nothing"


async def test_the_case_of_letters_in_an_address_does_not_matter(house: House) -> None:
    key = await with_helper(house)
    assert "принято" in await reply(house, key, "Принято", HELPER.upper())


async def test_two_people_of_one_mailbox_are_told_apart_by_the_key(house: House) -> None:
    staff = [replace(one, email=HELPER if one.id in {city.HELPER, city.WORKER} else one.email)
             for one in city.PEOPLE]
    async with house.office.work() as work:
        await work.people.import_all(city.BODIES, staff, city.ROUTES, city.APPROVALS)
    key = await with_helper(house)
    await reply(house, key, "Принято")
    assert (await house.case(1)).part(1).state is AssignmentState.ACCEPTED


async def test_who_has_left_is_not_believed_any_more(house: House) -> None:
    key = await with_helper(house)
    staff = [replace(one, active=one.id != city.HELPER) for one in city.PEOPLE]
    async with house.office.work() as work:
        await work.people.import_all(city.BODIES, staff, city.ROUTES, city.APPROVALS)
    await reply(house, key, "Принято")
    assert (await house.case(1)).part(1).state is AssignmentState.DELIVERED


async def test_an_assignment_is_declined_with_its_reason(house: House) -> None:
    key = await led_by_mail(house)
    assert "возвращено" in await reply(house, key, "Не моё: это дорога области")
    case = await house.case(1)
    assert case.state is State.REGISTERED
    facts = [json.loads(one.facts) for one in house.rows(NoticeKind.ASSIGNMENT_DECLINED)]
    assert {one["reason"] for one in facts} == {"это дорога области"}


async def test_declining_without_a_reason_is_asked_again(house: House) -> None:
    key = await led_by_mail(house)
    assert "почему" in await reply(house, key, "Не моё")
    assert (await house.case(1)).state is State.ASSIGNED


async def test_a_report_with_photos_in_one_letter(house: House) -> None:
    key = await with_helper(house)
    said = await reply(house, key, "Мусор вывезен.", HELPER, PHOTO, ANOTHER)
    assert said == "Приложено фотографий: 2. Отчёт передан ответственному исполнителю."
    part = (await house.case(1)).part(1)
    assert (part.state, part.report, len(part.photos)) == (
        AssignmentState.SUBMITTED, "Мусор вывезен.", 2)
    assert await house.office.files.get(part.photos[0].file) == PHOTO.content


async def test_a_picture_that_comes_with_every_letter_stops_nothing(house: House) -> None:
    key = await with_helper(house)
    logo = Attachment("logo.png", "image/png", b"\x89PNG\r\n\x1a\n logo")
    assert "Приложено фотографий: 1." in await reply(house, key, "", HELPER, PHOTO, logo)
    assert await reply(house, key, "Убрано.", HELPER, PHOTO, logo) == (
        "Отчёт передан ответственному исполнителю.")
    assert [one.file.name for one in (await house.case(1)).part(1).photos] == ["work.jpg"]


async def test_a_file_that_is_no_photo_is_named_not_dropped_in_silence(house: House) -> None:
    key = await with_helper(house)
    act = Attachment("Акт.pdf", "application/pdf", b"%PDF-1.7")
    said = await reply(house, key, "Работы приняты по акту.", HELPER, act)
    assert "Не приложено: «Акт.pdf»" in said


async def test_the_leads_documents_go_with_the_draft(house: House) -> None:
    key = await led_by_mail(house)
    act = Attachment("Акт.pdf", "application/pdf", b"%PDF-1.7")
    await reply(house, key, f"Решено: {ENOUGH}", HELPER, act)
    draft = (await house.case(1)).draft
    assert draft is not None
    assert [one.name for one in draft.files] == ["Акт.pdf"]


async def test_the_lead_does_it_all_by_mail(house: House) -> None:
    key = await led_by_mail(house)
    said = await reply(house, key, f"Запланировано: {ENOUGH}", HELPER,
                       Attachment("Акт.pdf", "application/pdf", b"%PDF-1.4 act"))
    assert said.startswith("Проект ответа сохранён")
    draft = (await house.case(1)).draft
    assert draft is not None
    assert (draft.kind, draft.text) == (AnswerKind.PLANNED, ENOUGH)
    assert await reply(house, key, "На согласование") == "Проект ответа направлен дальше."
    assert (await house.case(1)).state is State.APPROVING


async def test_an_interim_answer_by_mail_carries_its_date(house: House) -> None:
    key = await led_by_mail(house)
    await reply(house, key, f"Промежуточный ответ до 14.12.2026: {ENOUGH}")
    draft = (await house.case(1)).draft
    assert draft is not None
    assert (draft.kind, str(draft.promised_on)) == (AnswerKind.INTERIM, "2026-12-14")
    assert "30 дней" in await reply(house, key, f"Промежуточный ответ до 14.02.2027: {ENOUGH}")


async def approving(house: House) -> str:
    """The turn has come to the approver who works by mail."""
    await house.drafted(await house.at_work())
    await house.do(city.APPROVER, 1, approvals.approve)
    await house.carry()
    return token(house, NoticeKind.TO_APPROVE, city.STATE)


async def test_an_approver_agrees_by_mail(house: House) -> None:
    key = await approving(house)
    assert await reply(house, key, "Согласовано", STATE) == "Согласование принято."
    assert (await house.case(1)).state is State.SIGNING


@pytest.mark.parametrize("remark", [
    "Укажите дату.", "Решено: но где дата?", "Не моё: пусть согласует ГАДН",
    "Согласовано, но исправьте дату"])
async def test_an_approvers_remark_is_kept_word_for_word(house: House, remark: str) -> None:
    key = await approving(house)
    assert remark in await reply(house, key, remark, STATE)
    case = await house.case(1)
    assert (case.state, case.rework_reason) == (State.REWORKING, remark)


async def test_an_empty_letter_of_an_approver_is_no_approval(house: House) -> None:
    key = await approving(house)
    assert "что в нём исправить" in await reply(house, key, "", STATE)
    assert (await house.case(1)).state is State.APPROVING


async def test_agreeing_twice_is_answered_kindly(house: House) -> None:
    key = await approving(house)
    await reply(house, key, "Согласовано", STATE)
    assert "уже согласовали" in await reply(house, key, "Согласовано", STATE)


async def test_an_answer_to_an_old_version_counts_for_nothing(house: House) -> None:
    old = await approving(house)
    await reply(house, old, "Укажите дату.", STATE)
    await house.do(city.LEAD, 1, execution.save_draft, AnswerKind.SOLVED, f"{ENOUGH} Точно.")
    await house.do(city.LEAD, 1, execution.submit_draft)
    await house.do(city.APPROVER, 1, approvals.approve)
    await house.carry()
    assert "последнее" in await reply(house, old, "Согласовано", STATE)
    assert (await house.case(1)).state is State.APPROVING
    new = token(house, NoticeKind.TO_APPROVE, city.STATE)
    await reply(house, new, "Согласовано", STATE)
    assert (await house.case(1)).state is State.SIGNING


async def test_before_their_turn_an_approver_is_asked_to_wait(house: House) -> None:
    old = await approving(house)
    await reply(house, old, "Укажите дату.", STATE)
    assert "замечание уже передано" in await reply(house, old, "Согласовано", STATE)


# A photo the judge does not like -------------------------------------------------------------

async def test_a_photo_is_replaced_by_answering_its_verdict(house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "", HELPER, PHOTO)
    about = await verdict(house, 1)
    assert await reply(house, about, "", HELPER, ANOTHER) == "Фотография заменена."
    photos = (await house.case(1)).part(1).photos
    assert [one.file.name for one in photos] == ["again.jpg"]


async def test_a_new_photo_with_the_report_takes_the_place_of_the_one_that_failed(
        house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "", HELPER, PHOTO)
    await verdict(house, 1)
    assert await reply(house, key, "Фонарь заменён.", HELPER, ANOTHER, PHOTO) == (
        "Приложено фотографий: 1 (вместо не прошедших проверку: 1). Отчёт передан ответственному "
        "исполнителю.")
    part = (await house.case(1)).part(1)
    assert [one.file.name for one in part.photos] == ["again.jpg"]
    assert (part.state, part.report) == (AssignmentState.SUBMITTED, "Фонарь заменён.")


async def test_a_new_photo_takes_no_place_of_one_that_is_good_or_kept_with_a_reason(
        house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "", HELPER, PHOTO)
    await reply(house, await verdict(house, 1), "Оставить: мешает забор")
    assert (await reply(house, key, "", HELPER, ANOTHER)).startswith("Приложено фотографий: 1. К")
    await verdict(house, 1, "same_angle")
    await reply(house, key, "", HELPER, THIRD)
    assert [one.file.name for one in (await house.case(1)).part(1).photos] == [
        "work.jpg", "again.jpg", "third.jpg"]


async def test_where_it_is_not_clear_which_photo_is_replaced_the_answer_says_how(
        house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "", HELPER, PHOTO, ANOTHER)
    first, _ = await verdict(house, 1, at=0), await verdict(house, 1)
    said = await reply(house, key, "Фонарь заменён.", HELPER, THIRD)
    assert said.startswith("Не выполнено. Фото 1 не прошло проверку. Станьте левее.")
    assert said.endswith(
        "Пришлите сразу столько новых снимков, сколько не прошло проверку, — они займут их место, "
        "— или ответьте на письмо о сравнении снимка «Оставить:» и причину либо «Убрать».")
    assert [one.file.name for one in (await house.case(1)).part(1).photos] == [
        "work.jpg", "again.jpg"]
    await reply(house, first, "Убрать")
    assert "Отчёт передан" in await reply(house, key, "Фонарь заменён.", HELPER, THIRD)
    assert [one.file.name for one in (await house.case(1)).part(1).photos] == ["third.jpg"]


async def test_a_lead_is_told_how_to_replace_the_own_photo_before_the_draft_goes_on(
        house: House) -> None:
    key = await led_by_mail(house)
    await reply(house, key, f"Решено: {ENOUGH}", HELPER, PHOTO)
    await verdict(house, 0)
    assert "займут их место" in await reply(house, key, "На согласование")
    await reply(house, key, "", HELPER, ANOTHER)
    await verdict(house, 0, "same_angle")
    assert await reply(house, key, "На согласование") == "Проект ответа направлен дальше."


async def test_a_photo_of_an_iphone_replaces_one_too_and_a_jpeg_is_not_said_to_be_converted(
        house: House) -> None:
    key = await with_helper(house)
    assert "HEIC" not in await reply(house, key, "", HELPER, PHOTO)
    about = await verdict(house, 1)
    assert await reply(house, about, "", HELPER, IPHONE) == (
        "Фотография заменена. Снимки HEIC переводятся в JPG, сведения о съёмке в них сохраняются.")


async def test_a_photo_is_kept_with_a_reason_by_mail(house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "", HELPER, PHOTO)
    about = await verdict(house, 1)
    assert "увидят согласующие" in await reply(house, about, "Оставить: мешает забор")
    assert (await house.case(1)).part(1).photos[0].override == "мешает забор"
    assert "Отчёт передан" in await reply(house, key, "Убрано.")


async def test_a_photo_is_taken_back_by_mail(house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "", HELPER, PHOTO)
    about = await verdict(house, 1)
    assert await reply(house, about, "Убрать.") == "Фотография убрана."
    assert (await house.case(1)).part(1).photos == ()


async def test_an_unclear_answer_to_a_verdict_is_answered_with_the_choices(house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, "", HELPER, PHOTO)
    about = await verdict(house, 1)
    said = await reply(house, about, "Спасибо")
    assert "Оставить" in said
    assert "Убрать" in said
    assert "почему" in await reply(house, about, "Оставить")


# A lead without Telegram and the materials of others -----------------------------------------

async def with_materials(house: House) -> str:
    """The co-executor's report has come to the lead who works by mail; the key of that letter."""
    await house.at_work(None, Task(city.HELPER), Task(city.LEAD))
    await house.do(city.LEAD, 1, execution.submit_materials, "Мусор вывезен.")
    await house.carry()
    return token(house, NoticeKind.MATERIALS_SUBMITTED, city.HELPER)


async def test_the_lead_takes_materials_by_mail(house: House) -> None:
    key = await with_materials(house)
    assert await reply(house, key, "Принято") == "Материал соисполнителя принят."
    assert (await house.case(1)).part(1).state is AssignmentState.DONE


async def test_the_lead_returns_materials_by_mail_with_a_remark(house: House) -> None:
    key = await with_materials(house)
    assert "«нет фото»" in await reply(house, key, "Вернуть: нет фото")
    part = (await house.case(1)).part(1)
    assert (part.state, part.remark) == (AssignmentState.RETURNED, "нет фото")


async def test_an_unclear_word_on_materials_is_asked_again(house: House) -> None:
    key = await with_materials(house)
    assert "Вернуть" in await reply(house, key, "Хорошо")
    assert "что нужно доработать" in await reply(house, key, "Вернуть")
    assert (await house.case(1)).draft is None, "a word on materials is no draft"


async def test_the_lead_by_mail_sets_the_approval_list_but_not_all_at_once(house: House) -> None:
    key = await led_by_mail(house)
    await reply(house, key, f"Решено: {ENOUGH}", HELPER,
                Attachment("Акт.pdf", "application/pdf", b"%PDF-1.4 act"))
    said = await reply(house, key, "На согласование всем сразу")
    assert "последовательно" in said
    assert "п. 4.6, абз. 9" in said
    said = await reply(house, key, "Лист согласования: Громова И.Л., Министрова")
    assert said == "Лист согласования изменён, порядок такой: Громова И.Л., Министрова В.П."
    await reply(house, key, "На согласование")
    sheet = (await house.case(1)).sheet
    assert sheet is not None
    assert [step.approver_id for step in sheet.steps] == [city.CHIEF, city.STATE]


async def test_a_file_that_only_calls_itself_a_pdf_is_named(house: House) -> None:
    key = await led_by_mail(house)
    files = (Attachment("Акт.pdf", "application/pdf", b"PK not a pdf"),
             Attachment("Акт.docx", "application/msword", b"PK"))
    said = await reply(house, key, f"Решено: {ENOUGH}", HELPER, *files)
    assert "Не приложено: «Акт.pdf», «Акт.docx»" in said
    assert "Проект ответа сохранён" in said
    act = Attachment("Акт.pdf", "application/pdf", b"%PDF-1.7")
    await reply(house, key, "На согласование", HELPER, act)
    case = await house.case(1)
    assert case.state is State.APPROVING
    assert case.draft is not None
    assert [one.name for one in case.draft.files] == ["Акт.pdf"]

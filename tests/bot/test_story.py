"""The whole way of a message through Telegram, each label of the contract pressed as it comes."""

from dataclasses import replace

from core.people import Actor, Channel
from core.regulation.terms import AnswerKind, AssignmentState, State
from core.usecases import dispatch
from core.usecases.intake import MSED_SPEAKS_FOR
from core.usecases.office import CaseRef
from tests.bot import city
from tests.bot.house import House

ANSWER = "Яма у дома 5 по улице Мира заделана 23 ноября 2026 года, асфальт уложен."


async def report_and_draft(house: House) -> int:
    """The co-executor reports, the lead takes it and writes the draft."""
    case = await house.at_work()
    await house.press(city.HELPER, "Принять")
    await house.press(city.HELPER, "Отчёт")
    await house.answer(city.HELPER, "Светильник над ямой включён.")
    await house.press(city.LEAD, "Принять")
    await house.press(city.LEAD, "Принять материал")
    await house.press(city.LEAD, "Подготовить ответ")
    await house.press(city.LEAD, "Вопрос решён")
    await house.answer(city.LEAD, ANSWER)
    await house.attach(city.LEAD)
    return case.id


async def approved(house: House) -> int:
    """The draft has gone through its approvers."""
    await house.join(city.APPROVER, city.STATE, city.SIGNATORY)
    case_id = await report_and_draft(house)
    await house.press(city.LEAD, "На согласование")
    await house.press(city.APPROVER, "Согласовать")
    await house.press(city.STATE, "Согласовать")
    return case_id


async def test_executors_work_goes_to_the_lead_and_into_a_draft(house: House) -> None:
    case_id = await report_and_draft(house)
    case = await house.case(case_id)
    assert [part.state for part in case.parts] == [AssignmentState.ACCEPTED, AssignmentState.DONE]
    assert case.draft is not None
    assert (case.draft.text, case.draft.kind) == (ANSWER, AnswerKind.SOLVED)
    card = await house[city.LEAD].awaits(lambda one: "На согласование" in str(one.labels), since=0)
    assert {"Править", "Предпросмотр"} <= {label.split(" ", 1)[1] for label in card.labels}


async def test_lead_returns_the_material_with_a_word(house: House) -> None:
    case = await house.at_work()
    await house.press(city.HELPER, "Отчёт")
    await house.answer(city.HELPER, "Сделано.")
    await house.press(city.LEAD, "Вернуть материал")
    await house.answer(city.LEAD, "Приложите фотографию.")
    part = (await house.case(case.id)).part(1)
    assert (part.state, part.remark) == (AssignmentState.RETURNED, "Приложите фотографию.")
    await house[city.HELPER].awaits("Приложите фотографию.", since=0)


async def test_preview_brings_the_document(house: House) -> None:
    await report_and_draft(house)
    await house.press(city.LEAD, "Предпросмотр")
    sent = await house[city.LEAD].awaits(lambda one: bool(one.files), since=0)
    assert sent.files[0].name == "Проект ответа.pdf"


async def test_edited_draft_is_the_next_version(house: House) -> None:
    case_id = await report_and_draft(house)
    await house.press(city.LEAD, "Править")
    copied = await house[city.LEAD].awaits(lambda one: one.text == ANSWER, since=0)
    assert copied.text == ANSWER
    await house.answer(city.LEAD, f"{ANSWER} Приносим извинения.")
    case = await house.case(case_id)
    assert [draft.version for draft in case.drafts] == [1, 2]
    assert case.drafts[-1].text.endswith("извинения.")


async def test_remark_by_any_approver_sends_draft_to_rework(house: House) -> None:
    await house.join(city.APPROVER, city.STATE, city.SIGNATORY)
    case_id = await report_and_draft(house)
    await house.press(city.LEAD, "На согласование")
    await house.press(city.APPROVER, "Замечание")
    await house.answer(city.APPROVER, "Укажите площадь ремонта.")
    case = await house.case(case_id)
    assert (case.state, case.rework_reason) == (State.REWORKING, "Укажите площадь ремонта.")
    card = await house[city.LEAD].awaits("Укажите площадь ремонта.", since=0)
    assert "💬 Замечание, Рыбаков О.И." in card.text


async def test_answer_is_signed_checked_and_sent(house: House) -> None:
    case_id = await approved(house)
    assert (await house.case(case_id)).state is State.SIGNING
    await house.press(city.SIGNATORY, "Подписано")
    assert await house.press(city.DESK, "Оформление верно") == "Ответ зарегистрирован."
    await house.press(city.DESK, "Отправить оператору")
    case = await house.case(case_id)
    assert (case.state, case.answer_number) == (State.DISPATCHED, f"{case.number}/1")
    await house[city.LEAD].awaits("направлен оператору", since=0)


async def test_signatory_returns_with_a_reason(house: House) -> None:
    case_id = await approved(house)
    await house.press(city.SIGNATORY, "Вернуть")
    await house.answer(city.SIGNATORY, "Нет фотографий.")
    assert (await house.case(case_id)).rework_reason == "Нет фотографий."


async def test_desk_returns_what_is_ill_formed(house: House) -> None:
    case_id = await approved(house)
    await house.press(city.SIGNATORY, "Подписано")
    await house.press(city.DESK, "Вернуть")
    await house.answer(city.DESK, "Не тот бланк.")
    case = await house.case(case_id)
    assert (case.state, case.rework_reason) == (State.REWORKING, "Не тот бланк.")


async def test_interim_answer_takes_its_date_and_then_its_text(house: House) -> None:
    case = await house.at_work()
    await house.press(city.LEAD, "Промежуточный ответ")
    await house.answer(city.LEAD, "скоро")
    assert "Дата не понята" in (await house.last(city.LEAD)).text
    await house.answer(city.LEAD, "14.12.2026")
    await house.answer(city.LEAD, "Ремонт будет завершён до 14 декабря 2026 года включительно.")
    draft = (await house.case(case.id)).draft
    assert draft is not None
    assert (draft.kind, str(draft.promised_on)) == (AnswerKind.INTERIM, "2026-12-14")


async def sent_to_operator(house: House) -> int:
    """The answer has gone out."""
    case_id = await approved(house)
    await house.press(city.SIGNATORY, "Подписано")
    await house.press(city.DESK, "Оформление верно")
    await house.press(city.DESK, "Отправить оператору")
    return case_id


async def published(house: House) -> int:
    """The answer is on the portal."""
    case_id = await sent_to_operator(house)
    msed = Actor(Channel.MSED, "mail:published", speaks_for=MSED_SPEAKS_FOR)
    await house.tools.office.do(msed, CaseRef(case_id), dispatch.publish)
    await house.carry()
    return case_id


async def test_citizens_third_return_goes_to_the_operator_by_the_desk_head(house: House) -> None:
    await house.join(city.HEAD)
    case_id = await published(house)
    await house.say(city.DESK, (await house.case(case_id)).number)
    await house.press(city.DESK, "Возврат пользователем")
    await house.answer(city.DESK, "Яма снова на месте!")
    case = await house.case(case_id)
    assert (case.returns, case.state) == (1, State.RECEIVED)
    card = await house[city.DESK].awaits("Ответ 1-го круга", since=0)
    assert "Пользователь вернул ответ, возврат № 1. Зарегистрируйте его" in card.text
    assert "Яма снова на месте!" in card.text
    await house.press(city.DESK, "Прежние ответы")
    sheet = await house[city.DESK].awaits(lambda one: bool(one.files), since=0)
    assert sheet.files[0].name == "Возврат 1.pdf"
    async with house.tools.office.work() as work:
        await work.cases.save(replace(case, returns=3, state=State.RETURNED_THRICE))
    await house.say(city.HEAD, "/my")
    await house.press(city.HEAD, case.number)
    await house.press(city.HEAD, "Оператору на закрытие")
    assert (await house.case(case_id)).state is State.AT_OPERATOR
    await house.press(city.HEAD, "На комиссию")
    assert (await house.case(case_id)).state is State.AT_COMMISSION
    await house.press(city.HEAD, "Продолжить работу")
    await house.answer(city.HEAD, "Комиссия поручила повторный ремонт.")
    assert (await house.case(case_id)).state is State.RECEIVED


async def test_desk_notes_by_hand_what_a_lost_notice_would_have_told(house: House) -> None:
    case_id = await sent_to_operator(house)
    await house.press(city.DESK, "Оператор не принял")
    await house.answer(city.DESK, "Не читается приложение.")
    case = await house.case(case_id)
    assert (case.state, case.rework_reason) == (State.REWORKING, "Не читается приложение.")
    async with house.tools.office.work() as work:
        await work.cases.save(replace(case, state=State.DISPATCHED))
    await house.say(city.DESK, case.number)
    assert await house.press(city.DESK, "Опубликован") == "Отмечено: ответ опубликован."
    assert (await house.case(case_id)).state is State.PUBLISHED


async def test_published_case_is_filed_in_one_tap(house: House) -> None:
    case_id = await published(house)
    case = await house.case(case_id)
    await house.say(city.DESK, case.number)
    await house.press(city.DESK, "В дело")
    assert (await house.case(case_id)).state is State.CLOSED

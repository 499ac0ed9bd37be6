"""The checks of a draft in a whole office, by Telegram and by letter (R20–R27, 4.6¶4–7)."""

from dataclasses import replace

import pytest

from core.case import Case
from core.errors import NotAcceptedError
from core.files import FileRef
from core.notices import NoticeKind
from core.people import Actor
from core.regulation.terms import AnswerKind, State
from core.textchecks import Code
from core.usecases import approvals, resolutions
from core.usecases.answers import Answers
from core.usecases.attachments import detach
from core.usecases.office import CaseRef
from tests.bot import city
from tests.usecases.office.house import ENOUGH, House, moscow
from tests.usecases.office.test_replies import reply, token

REPORT = ("Яма на проезжей части улицы Мира у дома 5 заделана 25.11.2026 горячей смесью, швы "
          "пролиты битумом, площадь ремонта 6 кв. м, фотографии до и после прилагаются.")


async def lead(house: House) -> Actor:
    return await house.actor(city.LEAD)


async def found(house: House, case_id: int, text: str, kind: AnswerKind = AnswerKind.SOLVED,
                **more: object) -> list[Code]:
    case = await Answers(house.office).save(
        await lead(house), CaseRef(case_id), kind, text, **more)  # type: ignore[arg-type]
    assert case.draft is not None
    return [one.code for one in case.draft.findings]


def a_paper(letter: str = "a") -> FileRef:
    return FileRef(letter * 64, "Акт.pdf", "application/pdf", 100)


async def confirmed(house: House, case: Case, paper: FileRef | None = None) -> Case:
    """A first draft with a scan beside it."""
    answers = Answers(house.office)
    await answers.save(await lead(house), CaseRef(case.id), AnswerKind.SOLVED, ENOUGH)
    return await answers.attach(await lead(house), CaseRef(case.id), paper or a_paper())


async def test_each_rule_of_the_paper_is_checked_when_the_draft_is_saved(house: House) -> None:
    case = await house.at_work()
    assert await found(house, case.id, REPORT) == [Code.UNCONFIRMED]
    await confirmed(house, case)
    assert await found(house, case.id, REPORT) == []
    assert await found(house, case.id, "Сообщение о яме рассмотрено комиссией отдела.") == [
        Code.NO_RESULT]
    assert await found(house, case.id, "Светильник у третьего подъезда заменён.") == [
        Code.OFF_SUBSTANCE]
    assert await found(house, case.id, f"{REPORT} Гр. Сидорову А.П. вручено уведомление.") == [
        Code.PERSONAL_DATA]
    assert await found(
        house, case.id, "Яму на улице Мира заделают до 10.12.2026.", AnswerKind.INTERIM,
        promised_on=moscow(11, month=12).date()) == [Code.WRONG_DATE]
    assert await found(
        house, case.id, "Яма на улице Мира относится к ведению АО «Теплосеть».",
        AnswerKind.IMPOSSIBLE) == [Code.NOT_OUR_MATTER, Code.NO_RESULT]


async def test_answer_of_another_message_is_known_again_but_not_its_pattern(house: House
                                                                            ) -> None:
    answers = Answers(house.office)
    first = await house.at_work()
    await confirmed(house, first, a_paper("a"))
    await answers.save(await lead(house), CaseRef(first.id), AnswerKind.SOLVED, REPORT)
    await answers.submit(await lead(house), CaseRef(first.id))
    second = await house.at_work(replace(city.message("MO-2"), place="ул. Мира, 5"))
    await confirmed(house, second, a_paper("b"))
    assert await found(house, second.id, f"{REPORT} Спасибо.") == [Code.REUSED_TEXT]
    await found(house, second.id, "Яма на улице Мира у дома 5 заделана 27.11.2026, место убрано.")
    draft = (await answers.attach(await lead(house), CaseRef(second.id), a_paper("a"))).draft
    assert draft is not None
    assert [one.code for one in draft.findings] == [Code.REUSED_FILE]
    await house.do(city.LEAD, second.id, detach, "a" * 12)
    other = REPORT.replace("Мира у дома 5", "Лесной у дома 14").replace("6 кв. м", "2 кв. м")
    assert await found(house, second.id, other.replace("25.11", "26.11")) == []


async def test_insisting_lasts_until_something_new_is_found(house: House) -> None:
    answers = Answers(house.office)
    case = await house.at_work()
    await confirmed(house, case)
    vague = "Яма на улице Мира осмотрена. Асфальт уложат в ближайшее время."
    await answers.save(await lead(house), CaseRef(case.id), AnswerKind.PLANNED, vague)
    with pytest.raises(NotAcceptedError, match="обещание без точной даты"):
        await answers.submit(await lead(house), CaseRef(case.id))
    await answers.submit(await lead(house), CaseRef(case.id), "Дату назовёт подрядчик.")
    assert (await house.case(case.id)).state is State.APPROVING
    await house.do(city.APPROVER, case.id, approvals.remark, "Добавьте адрес.")
    await answers.save(await lead(house), CaseRef(case.id), AnswerKind.PLANNED,
                       f"По адресу: улица Мира, 5. {vague}")
    draft = (await house.case(case.id)).draft
    assert draft is not None
    assert draft.insisted == "Дату назовёт подрядчик."
    await answers.save(await lead(house), CaseRef(case.id), AnswerKind.PLANNED,
                       f"{vague} Тротуар вымостят позднее.")
    with pytest.raises(NotAcceptedError):
        await answers.submit(await lead(house), CaseRef(case.id))


async def test_lead_without_telegram_is_told_and_insists_by_letter(house: House) -> None:
    case = await house.at_work(None, resolutions.Task(city.HELPER))
    key = token(house, NoticeKind.ASSIGNMENT, city.HELPER)
    said = await reply(house, key, "Запланировано: Яму на улице Мира заделают скоро.")
    assert "обещание без точной даты: «Яму на улице Мира заделают скоро.»" in said
    assert "Не выполнено" in await reply(house, key, "На согласование")
    said = await reply(house, key, "На согласование с пояснением: дату назовёт подрядчик.")
    assert "с вашим пояснением" in said
    draft = (await house.case(case.id)).draft
    assert draft is not None
    assert draft.insisted == "дату назовёт подрядчик"


async def test_answer_without_photo_or_scan_is_spoken_for_or_completed(house: House) -> None:
    answers = Answers(house.office)
    case = await house.at_work()
    await answers.save(await lead(house), CaseRef(case.id), AnswerKind.SOLVED, ENOUGH)
    with pytest.raises(NotAcceptedError, match="нет ни фотографии, ни скана"):
        await answers.submit(await lead(house), CaseRef(case.id))
    kept = await answers.attach(await lead(house), CaseRef(case.id), a_paper())
    assert [(one.version, one.files) for one in kept.drafts] == [(1, (a_paper(),))]
    with pytest.raises(NotAcceptedError, match="уже приложен"):
        await answers.attach(await lead(house), CaseRef(case.id), a_paper())
    await answers.submit(await lead(house), CaseRef(case.id))
    await house.do(city.APPROVER, case.id, approvals.remark, "Замените акт.")
    kept = await house.do(city.LEAD, case.id, detach, "a" * 12)
    assert [one.version for one in kept.drafts] == [1, 2], "the first was seen by an approver"
    await answers.submit(await lead(house), CaseRef(case.id), "Работы скрыты под землёй.")
    assert (await house.case(case.id)).state is State.APPROVING

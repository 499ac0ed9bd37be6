"""The checks inside the draft's dialog: told before a person would send the answer back."""

from core.regulation.terms import Event, State
from tests.bot import city
from tests.bot.house import House
from tests.bot.test_story import ANSWER

VAGUE = "Яма у дома 5 осмотрена.\nАсфальт будет уложен в ближайшее время."


async def drafted(house: House, text: str, *, scan: bool = True) -> int:
    """The lead alone has written a draft."""
    await house.join(city.APPROVER)
    case = await house.at_work()
    await house.press(city.HELPER, "Отчёт")
    await house.answer(city.HELPER, "Светильник над ямой включён.")
    await house.press(city.LEAD, "Принять материал")
    await house.press(city.LEAD, "Подготовить ответ")
    await house.press(city.LEAD, "Вопрос решён")
    await house.answer(city.LEAD, text)
    if scan:
        await house.attach(city.LEAD)
    return case.id


async def test_draft_goes_on_only_mended_or_with_a_word_to_the_approvers(house: House) -> None:
    case_id = await drafted(house, VAGUE)
    card = await house[city.LEAD].awaits("Проверка текста", since=0)
    assert "обещание без точной даты" in card.text

    await house.press(city.LEAD, "На согласование")
    told = await house[city.LEAD].awaits("проверка нашла 1 замечание", since=0)
    assert "Асфальт будет уложен в ближайшее время." in told.text
    assert "п. 4.6, абз. 7, строка 2" in told.text
    assert "точную дату" in told.text
    assert (await house.case(case_id)).state is State.ASSIGNED

    await house.press(city.LEAD, "Направить с пояснением")
    await house.answer(city.LEAD, "Дату назовёт подрядчик, контракт подписан.")
    case = await house.case(case_id)
    assert case.state is State.APPROVING
    seen = await house[city.APPROVER].awaits("Пояснение исполнителя", since=0)
    assert "Дату назовёт подрядчик, контракт подписан." in seen.text
    assert "обещание без точной даты" in seen.text
    async with house.tools.office.work() as work:
        journal = await work.journal.of_case(case_id)
    fact = next(one.fact for one in journal if one.fact.event == Event.SUBMIT_DRAFT.value)
    assert fact.details["findings"] == "undated_promise"
    assert fact.details["reason"] == "Дату назовёт подрядчик, контракт подписан."


async def test_mended_draft_goes_on_at_once(house: House) -> None:
    case_id = await drafted(house, VAGUE)
    await house.press(city.LEAD, "На согласование")
    await house.press(city.LEAD, "Править")
    await house.answer(city.LEAD, ANSWER)
    await house.press(city.LEAD, "На согласование")
    case = await house.case(case_id)
    assert (case.state, case.draft and case.draft.findings) == (State.APPROVING, ())


async def test_another_organisations_matter_offers_to_write_to_it(house: House) -> None:
    await drafted(house, "Яма на проезде у дома 5 относится к ведению АО «Теплосеть».")
    await house.press(city.LEAD, "На согласование")
    told = await house[city.LEAD].awaits("проверка нашла", since=0)
    assert any("Письмо" in label for label in told.labels)
    await house.press(city.LEAD, "Письмо")
    await house[city.LEAD].awaits("кому письмо?", since=0)


async def test_approver_sees_what_changed_since_the_version_he_saw(house: House) -> None:
    await house.join(city.STATE)
    await drafted(house, ANSWER)
    await house.press(city.LEAD, "На согласование")
    old = await house[city.APPROVER].awaits("Вам на согласование", since=0)
    await house.press(city.APPROVER, "Замечание")
    await house.answer(city.APPROVER, "Уложен 24-го и <не асфальт>.")
    await house.press(city.LEAD, "Править")
    mended = ANSWER.replace("23 ноября", "24 ноября")
    await house.answer(city.LEAD, f"{mended} Швы & края пролиты.")
    await house.press(city.LEAD, "На согласование")
    card = await house[city.APPROVER].awaits("Изменилось с версии 1, которую вы видели", since=0)
    assert "заделана 23 24 ноября" in card.text
    assert "Швы & края пролиты." in card.text

    answer = await house[city.APPROVER].presses("Согласовать", old)
    assert "Уже решено" in answer.text

    await house.press(city.APPROVER, "Согласовать")
    first_time = await house[city.STATE].awaits("Вам на согласование", since=0)
    assert "Изменилось" not in first_time.text

"""«Лист согласования» in the draft's card: the lead sees who will be asked and changes it."""

from core.regulation.terms import State
from tests.bot import city
from tests.bot.house import House
from tests.bot.test_findings import drafted
from tests.bot.test_story import ANSWER


async def test_the_lead_changes_the_list_before_it_starts(house: House) -> None:
    await house.join(city.CHIEF)
    case_id = await drafted(house, ANSWER)
    await house.press(city.LEAD, "Лист согласования")
    shown = await house[city.LEAD].awaits("каждый по очереди", since=0)
    assert "1. Рыбаков О.И.," in shown.text
    assert "2. Министрова В.П., эксперт · ЦИОГВ" in shown.text
    assert "1 рабочий день" in shown.text
    assert not any("Рыбаков" in label or "Министрова" in label for label in shown.labels)

    await house.press(city.LEAD, "Добавить")
    await house.press(city.LEAD, "Громова И.Л., начальник УД")
    shown = await house[city.LEAD].awaits("2. Громова И.Л.", since=0)
    assert "3. Министрова В.П." in shown.text
    await house.press(city.LEAD, "Выше: Громова И.Л.")
    await house[city.LEAD].awaits("1. Громова И.Л.", since=0)
    await house.press(city.LEAD, "Убрать: Рыбаков О.И.")
    await house[city.LEAD].awaits("2. Министрова В.П.", since=0)

    await house.press(city.LEAD, "На согласование")
    case = await house.case(case_id)
    assert case.sheet is not None
    assert [step.approver_id for step in case.sheet.steps] == [city.CHIEF, city.STATE]
    await house[city.CHIEF].awaits("Вам на согласование", since=0)
    await house.press(city.CHIEF, "Согласовать")
    assert (await house.case(case_id)).state is State.APPROVING


async def test_asking_all_at_once_is_refused_with_the_clause_and_is_no_text_of_the_answer(
        house: House) -> None:
    case_id = await drafted(house, ANSWER)
    for typed in ("На согласование всем сразу", "направить всем на согласование одновременно"):
        await house.say(city.LEAD, typed)
        said = await house.last(city.LEAD)
        assert "последовательно" in said.text
        assert "п. 4.6, абз. 9" in said.text
    await house.press(city.LEAD, "Править")
    await house.answer(city.LEAD, "На согласование параллельно")
    assert "последовательно" in (await house.last(city.LEAD)).text
    case = await house.case(case_id)
    assert case.draft is not None
    assert case.draft.text == ANSWER
    assert case.state is State.ASSIGNED

"""Every role's main path in Telegram, by real buttons over the Bot API."""

from core.regulation.terms import State
from tests.bot import city
from tests.bot.house import House


async def test_stranger_learns_only_that_the_bot_is_for_staff(house: House) -> None:
    from bot.sandbox.people import Hand
    async with Hand(house.sandbox.page_url, city.STRANGER) as hand:
        await hand.starts()
        said = await hand.awaits("для сотрудников")
        await hand.says("/case 1")
        again = await hand.awaits("для сотрудников")
    assert said.text == again.text


async def test_desk_registers_and_routes_in_two_taps(house: House) -> None:
    await house.join(city.DESK, city.OFFICIAL)
    case = await house.arrives()
    card = await house[city.DESK].awaits("Новое сообщение", since=0)
    assert "8 (916)" not in card.text
    assert "Гражданинова" not in card.text
    assert await house.press(city.DESK, "Зарегистрировать") == "Зарегистрировано."
    assert await house.press(city.DESK, "Направить") == "Направлено."
    assert (await house.case(case.id)).state is State.AWAITING_RESOLUTION
    asked = await house[city.OFFICIAL].awaits("на резолюцию", since=0)
    assert "Дорохов С.И." in asked.text


async def test_official_approves_the_proposed_resolution_in_one_tap(house: House) -> None:
    case = await house.at_work()
    assert case.state is State.ASSIGNED
    assert [part.executor_id for part in case.parts] == [city.LEAD, city.HELPER]
    await house[city.LEAD].awaits("Вам поручено", since=0)
    await house[city.HELPER].awaits("Вам поручено", since=0)

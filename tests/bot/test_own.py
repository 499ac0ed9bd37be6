"""``/settings``: quiet hours, the own hour of the digest, and several notices in one message."""

from datetime import timedelta

from core.people import Quiet
from tests.bot import city
from tests.bot.house import House


async def test_the_night_is_quiet_and_the_morning_brings_it_all_in_one_message(
        house: House) -> None:
    await house.join(city.DESK)
    house.clock.moment += timedelta(hours=12)
    for number in ("MO-1", "MO-2", "MO-3"):
        await house.arrives(city.message(number))
    before = len(await house[city.DESK].messages())
    assert not any("ЕКЖ-" in one.text for one in await house[city.DESK].messages())
    house.clock.moment += timedelta(hours=10)
    await house.carry()
    messages = await house[city.DESK].messages()
    assert len(messages) == before + 1
    said = messages[-1]
    assert said.text.startswith("3 извещения\n\n📨 Новые: зарегистрируйте: 3\n• ЕКЖ-2026-000001")
    assert said.labels == ("ЕКЖ-2026-000001", "ЕКЖ-2026-000002", "ЕКЖ-2026-000003", "📋 Мои дела")
    async with house.tools.office.work() as work:
        assert not await work.outbox.troubled()
    await house.press(city.DESK, "ЕКЖ-2026-000002")
    assert (await house.last(city.DESK)).text.startswith("ЕКЖ-2026-000002 · поступило")


async def test_two_notices_stay_two_messages(house: House) -> None:
    await house.join(city.DESK)
    house.clock.moment += timedelta(hours=12)
    for number in ("MO-1", "MO-2"):
        await house.arrives(city.message(number))
    before = len(await house[city.DESK].messages())
    house.clock.moment += timedelta(hours=10)
    await house.carry()
    assert len(await house[city.DESK].messages()) == before + 2


async def quiet_of(house: House, person: int) -> Quiet | None:
    return (await house.tools.lookups.directory()).person(person).quiet


async def test_quiet_hours_are_chosen_turned_over_days_off_and_given_back(house: House) -> None:
    await house.join(city.LEAD)
    await house.say(city.LEAD, "/settings")
    assert "🌙 Тихие часы: с 21:00 до 08:00" in (await house.last(city.LEAD)).text
    await house.press(city.LEAD, "Тихие часы")
    chosen = await house.last(city.LEAD)
    await house.press(city.LEAD, "22:00 — 07:00")
    await house.press(city.LEAD, "В выходные не присылать")
    assert await quiet_of(house, city.LEAD) == Quiet(22 * 60, 7 * 60, days_off=True)
    shown = await house.last(city.LEAD)
    assert "Сейчас: с 22:00 до 07:00 и в выходные." in shown.text
    await house.press(city.LEAD, "Присылать всегда")
    await house.press(city.LEAD, "В выходные присылать")
    assert await quiet_of(house, city.LEAD) == Quiet(0, 0)
    await house[city.LEAD].presses("Как в отделе", chosen)
    again = await house[city.LEAD].presses("Как в отделе", chosen)
    assert not again.alert, "a wish said twice is the same wish"
    assert await quiet_of(house, city.LEAD) is None
    assert "(как в отделе)" in (await house.last(city.LEAD)).text
    await house.press(city.LEAD, "Назад")
    assert "🗞 Сводка: не присылается" in (await house.last(city.LEAD)).text


async def test_an_executor_has_the_own_day_at_the_own_hour_once(house: House) -> None:
    case = await house.at_work()
    await house.say(city.LEAD, "/settings")
    await house.press(city.LEAD, "Время сводки")
    assert "Сейчас: не присылается." in (await house.last(city.LEAD)).text
    await house.press(city.LEAD, "08:30")
    control = house.tools.control
    assert await control.own_digests_if_due() == 1
    await house.carry()
    said = await house.last(city.LEAD)
    assert said.text.startswith("🗞 Сегодня ждут вас: 1")
    assert case.number in said.labels
    assert await control.own_digests_if_due() == 0
    house.clock.moment += timedelta(hours=21)
    assert await control.own_digests_if_due() == 0, "seven in the morning is before half past 8"
    house.clock.moment += timedelta(hours=2)
    assert await control.own_digests_if_due() == 1
    await house.press(city.LEAD, "Не присылать")
    house.clock.moment += timedelta(days=1)
    assert await control.own_digests_if_due() == 0


async def test_the_desks_digest_comes_at_the_hour_chosen_instead_of_the_offices(
        house: House) -> None:
    await house.join(city.DESK, city.HEAD)
    await house.say(city.DESK, "/settings")
    await house.press(city.DESK, "Время сводки")
    assert "в 09:00 (как в отделе)" in (await house.last(city.DESK)).text
    await house.press(city.DESK, "10:00")
    control = house.tools.control
    await control.digest_if_due()
    await control.own_digests_if_due()
    await house.carry()
    for person in (city.DESK, city.HEAD):
        digests = [one for one in await house[person].messages() if "Сводка на" in one.text]
        assert len(digests) == 1

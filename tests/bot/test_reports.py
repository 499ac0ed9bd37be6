"""Reports in Telegram: asked for, confirmed, corrected; seen by those alone who see every case."""

from datetime import UTC, datetime

from core.notices import NoticeKind
from core.people import Channel
from tests.bot import city
from tests.bot.house import House


async def reported(house: House) -> None:
    """Monday's cases, and Tuesday morning with its daily report."""
    await house.join(city.DESK, city.HEAD, city.CHIEF)
    await house.arrives()
    house.clock.moment = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert await house.tools.reporting.tick() == 1
    await house.carry()


async def test_desk_head_confirms_the_daily_report_and_the_chief_of_staff_gets_it(
        house: House) -> None:
    await reported(house)
    shown = await house.last(city.HEAD)
    assert "Отчёт по исполнительской дисциплине" in shown.text
    assert "за 23 ноября 2026 г." in shown.text
    assert "Поступило: 1" in shown.text
    assert shown.labels == ("✅ Утвердить отчёт", "✏️ Исправить")
    files = [file for one in await house[city.HEAD].messages() for file in one.files]
    assert {one.name.rsplit(".", 1)[-1] for one in files} == {"pdf", "xlsx"}
    assert "направляется" in await house.press(city.HEAD, "Утвердить отчёт")
    up = await house.last(city.CHIEF)
    assert "Отчёт утверждён и направлен вам" in up.text
    assert "Утвердил: Орлов П.А." in up.text
    assert up.labels == ()
    async with house.tools.office.work() as work:
        letters = await work.outbox.claim(
            Channel.EMAIL, house.clock.now(), house.clock.now(), 10)
    assert [one.notice.kind for one in letters] == [NoticeKind.REPORT]


async def test_menu_and_my_work_name_the_report_that_waits_for_its_confirmation(
        house: House) -> None:
    await reported(house)
    for command in ("/menu", "/my"):
        await house.say(city.HEAD, command)
        assert "1 отчёт ждёт вашего утверждения (/report)" in (await house.last(city.HEAD)).text
        await house.say(city.CHIEF, command)
        assert "ас ничего не ждёт" in (await house.last(city.CHIEF)).text
    await house.press(city.HEAD, "Утвердить отчёт")
    await house.say(city.HEAD, "/menu")
    assert "сейчас вас ничего не ждёт" in (await house.last(city.HEAD)).text


async def test_correction_comes_as_a_new_version_with_the_words_of_the_desk_head(
        house: House) -> None:
    await reported(house)
    await house.press(city.HEAD, "Исправить")
    await house.answer(city.HEAD, "Сообщение принято за выходные.")
    shown = await house.last(city.HEAD)
    assert "Версия 2" in shown.text
    assert "Исправлено: Сообщение принято за выходные." in shown.text
    assert "Показатели не изменились" in shown.text
    assert shown.labels == ("✅ Утвердить отчёт", "✏️ Исправить")


async def test_report_on_demand_is_counted_up_to_this_moment(house: House) -> None:
    await reported(house)
    await house.say(city.CHIEF, "/report")
    menu = await house.last(city.CHIEF)
    assert {"📊 За день", "📊 За месяц", "📊 Премирование"} <= set(menu.labels)
    assert any("ждёт утверждения" in label for label in menu.labels)
    await house.press(city.CHIEF, "За месяц")
    made = await house.last(city.CHIEF)
    assert "за ноябрь 2026 г. (на 24.11.2026" in made.text
    assert "не утверждён" in made.text


async def test_desk_head_is_reminded_of_all_reports_in_one_message_and_opens_each(
        house: House) -> None:
    await reported(house)
    for day in (25, 26):
        house.clock.moment = datetime(2026, 11, day, 7, 0, tzinfo=UTC)
        await house.tools.reporting.tick()
        await house.carry()
    asked = [one for one in await house[city.HEAD].messages() if "Ждут утверждения" in one.text]
    assert len(asked) == 1
    assert "Ждут утверждения: 2 отчёта" in asked[0].text
    assert asked[0].labels == ("За день 23 ноября 2026 г. · ждёт утверждения",
                               "За день 24 ноября 2026 г. · ждёт утверждения")
    await house.press(city.HEAD, "За день 23 ноября")
    shown = await house.last(city.HEAD)
    assert "за 23 ноября 2026 г." in shown.text
    assert shown.labels == ("✅ Утвердить отчёт", "✏️ Исправить")


async def test_who_has_no_part_in_every_case_sees_no_report(house: House) -> None:
    await reported(house)
    await house.join(city.LEAD)
    await house.say(city.LEAD, "/report")
    assert "📊 За день" not in (await house.last(city.LEAD)).labels


async def test_the_digest_warns_before_the_disk_is_full(house: House) -> None:
    await house.join(city.DESK)
    await house.say(city.DESK, "/report")
    assert "На диске" not in (await house.last(city.DESK)).text
    house.tools.control.little_room = lambda: 429_496_729
    await house.say(city.DESK, "/report")
    assert "💾 На диске мало места: 0,4 Гб." in (await house.last(city.DESK)).text


async def test_every_line_of_the_digest_opens_its_case_and_the_digest_stays(house: House) -> None:
    await house.join(city.DESK)
    for number in range(1, 11):
        await house.arrives(city.message(f"MO-{number}"))
    await house.say(city.DESK, "/report")
    digest = await house.last(city.DESK)
    assert "🟡 Срок сегодня: 10" in digest.text
    assert "и ещё 5" in digest.text
    await house.press(city.DESK, "Срок сегодня: все (10)")
    listed = await house.last(city.DESK)
    await house.press(city.DESK, "›")
    assert (await house.message(city.DESK, listed.id)).labels[:2] == (
        "ЕКЖ-2026-000009", "ЕКЖ-2026-000010")
    await house.press(city.DESK, "ЕКЖ-2026-000010")
    assert (await house.last(city.DESK)).text.startswith("ЕКЖ-2026-000010 · поступило")
    assert await house.message(city.DESK, digest.id) == digest
    house.clock.moment = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    await house[city.DESK].presses("Срок сегодня: все (10)", digest)
    assert (await house.last(city.DESK)).text == (
        "Список «Срок сегодня» уже пуст. Сводка на сейчас — /report")

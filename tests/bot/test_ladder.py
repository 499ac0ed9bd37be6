"""Each notice has one ladder: queued, delivered, opened; else by e-mail, else the superior."""

from datetime import timedelta

from core.notices import NoticeKind
from core.people import Channel
from core.usecases.ladder import Ladder
from tests.bot import city
from tests.bot.house import House
from tests.bot.test_story import report_and_draft


async def rows(house: House, kind: NoticeKind) -> list[tuple[int | None, str, str]]:
    async with house.tools.office.work() as work:
        return [(one.notice.person_id, one.channel.value, one.state.value)
                for one in await work.outbox.of_case(1, [kind])]


async def on_approval(house: House) -> int:
    """The draft waits for the first approver; the officials and the desk have seen theirs."""
    await house.join(city.APPROVER, city.STATE, city.CLERK)
    case_id = await report_and_draft(house)
    await house.press(city.LEAD, "На согласование")
    return case_id


async def test_an_unopened_notice_goes_by_mail_after_half_a_day_and_up_after_a_whole_one(
        house: House) -> None:
    await on_approval(house)
    await house.join(city.HEAD)
    ladder = Ladder(house.tools.office)
    assert await ladder.climb() == 0
    house.clock.moment += timedelta(hours=5)
    assert await ladder.climb() == 1
    assert await ladder.climb() == 0
    assert await Ladder(house.tools.office).climb() >= 0, "a restart repeats nothing"
    assert await rows(house, NoticeKind.TO_APPROVE) == [
        (city.APPROVER, "telegram", "sent"), (city.APPROVER, "email", "queued")]
    house.clock.moment += timedelta(hours=19)
    await ladder.climb()
    await house.carry()
    told = await house.last(city.HEAD)
    assert told.text.startswith(
        "🔕 Рабочий день прошёл, а извещение «на согласование» не открыто\n"
        "Сотрудник: Рыбаков О.И.")
    assert await rows(house, NoticeKind.NOT_OPENED) == [(city.HEAD, "telegram", "sent")]


async def test_whoever_acts_in_the_chat_has_opened_it_and_nobody_is_told(house: House) -> None:
    await on_approval(house)
    await house.say(city.APPROVER, "/help")
    house.clock.moment += timedelta(hours=24)
    assert await Ladder(house.tools.office).climb() == 0
    assert len(await rows(house, NoticeKind.TO_APPROVE)) == 1


async def test_a_ball_that_has_moved_on_climbs_no_further(house: House) -> None:
    await on_approval(house)
    await house.press(city.APPROVER, "Согласовать")
    house.clock.moment += timedelta(hours=5)
    ladder = Ladder(house.tools.office)
    assert await ladder.climb() == 1, "the state's approver has the ball now"
    assert (city.APPROVER, "email", "queued") not in await rows(house, NoticeKind.TO_APPROVE)


async def test_the_desk_reads_how_far_each_notice_got_and_an_executor_does_not(
        house: House) -> None:
    case_id = await on_approval(house)
    await house.say(city.DESK, str(case_id))
    await house.press(city.DESK, "Извещения")
    said = (await house.last(city.DESK)).text
    for line in ("✅ Соколова М.И. — новое сообщение, Telegram: доставлено 23.11 в 10:00, открыто",
                 "📨 Рыбаков О.И. — на согласование, Telegram: доставлено 23.11 в 10:00, не отк"):
        assert line in said
    await house.say(city.LEAD, str(case_id))
    shown = await house.last(city.LEAD)
    assert "📨 Извещения" not in shown.labels
    assert "Извещения видит подразделение" in await house.forge(city.LEAD, f"o:{case_id}:ntc")


async def test_who_shuts_the_bot_out_is_written_to_by_mail_and_the_desk_is_told_once(
        house: House) -> None:
    await house.join(city.HEAD)
    case = await house.at_work()
    await house[city.HELPER].blocks()
    await house.handled()
    lost = "📵 Светлова А.Ю. не получает сообщений бота"
    told = [one for one in await house[city.DESK].messages() if one.text.startswith(lost)]
    assert len(told) == 1
    assert "Извещения ему идут на почту" in told[0].text
    person = (await house.tools.lookups.directory()).person(city.HELPER)
    assert person.unreachable_since is not None
    await house.press(city.LEAD, "Не моё")
    await house.answer(city.LEAD, "Дорога областная.")
    assert (city.HELPER, "email", "queued") in await rows(house, NoticeKind.REPLY)
    again = [one for one in await house[city.DESK].messages() if one.text.startswith(lost)]
    assert len(again) == 1
    await house.say(city.DESK, "/report")
    assert "📵 Бот не достаёт, извещения идут на почту: Светлова А.Ю." in (
        await house.last(city.DESK)).text
    await house[city.HELPER].starts()
    await house.handled()
    person = (await house.tools.lookups.directory()).person(city.HELPER)
    assert person.unreachable_since is None
    assert case.id == 1


async def test_a_refused_notice_is_itself_the_sign_that_somebody_is_gone(house: House) -> None:
    await house.at_work()
    async with house.tools.office.work() as work:
        person = (await work.people.directory()).person(city.OFFICIAL)
    chat = house.sandbox
    assert chat is not None
    await house[city.OFFICIAL].blocks()
    async with house.tools.office.work() as work:
        await work.people.reached(person.id, None)
    await house.press(city.LEAD, "Не моё")
    await house.answer(city.LEAD, "Дорога областная.")
    sent = await rows(house, NoticeKind.ASSIGNMENT_DECLINED)
    assert (city.OFFICIAL, Channel.EMAIL.value, "queued") in sent
    async with house.tools.office.work() as work:
        assert not await work.outbox.troubled(), "the letter is on its way, nothing to decide"

"""The outbox: nothing lost, nothing that leaves sent twice, trouble shown to the desk."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.bell import Bell
from core.errors import AlreadyDoneError, NotFoundError
from core.inbound import Attachment
from core.notices import NoticeKind, OutboxRow
from core.outbound import InDoubtError, RefusedError, TryLaterError
from core.people import Channel
from core.ports import UnitOfWork
from core.regulation.terms import AssignmentState, Event
from core.usecases import dispatch, resolutions, routing
from core.usecases.delivery import ATTEMPTS, CLAIM, LONGEST_WAIT
from core.usecases.office import Act
from core.usecases.resolutions import Task
from tests.bot import city
from tests.usecases.office.house import House, moscow

TROUBLE = NoticeKind.DELIVERY_TROUBLE


async def with_assignment(house: House, *tasks: Task) -> int:
    """A case whose assignments wait in the outbox."""
    case = await house.registered()
    await house.do(city.DESK, case.id, routing.route, city.OFFICIAL)
    await house.carry()
    await house.do(city.OFFICIAL, case.id, resolutions.impose, tasks or (Task(city.LEAD),))
    return case.id


async def test_a_delivered_assignment_moves_the_case(house: House) -> None:
    case_id = await with_assignment(house)
    assert (await house.case(case_id)).part(0).state is AssignmentState.GIVEN
    await house.carry()
    case = await house.case(case_id)
    assert case.part(0).state is AssignmentState.DELIVERED
    delivered = [one.fact for one in await house.journal(case_id)
                 if one.fact.event == Event.DELIVER.value]
    assert [(one.clause, one.channel) for one in delivered] == [("4.4¶1", "system")]
    assert {one.state for one in house.rows()} == {"sent"}


async def test_nothing_is_told_of_an_act_that_was_rolled_back(house: House) -> None:
    case = await house.arrives()
    before = house.rows()

    def crash(act: Act) -> None:
        routing.register(act)
        act.tell(NoticeKind.TO_DECIDE, [city.CHIEF])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await house.do(city.DESK, case.id, crash)
    assert house.rows() == before
    assert (await house.case(case.id)).registered_at is None


async def test_a_notice_is_there_once_the_act_is_saved_even_if_the_program_dies(house: House
                                                                                ) -> None:
    case = await house.registered()
    await house.do(city.DESK, case.id, routing.route, city.OFFICIAL)
    again = await house.restarted()
    await again.carry()
    assert [one.person.id for one in again.telegram.of(NoticeKind.TO_RESOLVE) if one.person] == [
        city.OFFICIAL]


async def test_what_could_not_be_sent_now_is_tried_again_later_and_later(house: House) -> None:
    await with_assignment(house)
    house.telegram.always = TryLaterError("нет связи")
    waits = []
    for _ in range(ATTEMPTS - 1):
        assert await house.delivery.carry(Channel.TELEGRAM) == 1
        assert await house.delivery.carry(Channel.TELEGRAM) == 0
        until = _not_before(house)
        waits.append((until - house.clock.now()).total_seconds())
        house.clock.moment = until
    assert waits == sorted(waits)
    assert waits[0] >= 5
    assert waits[-1] <= LONGEST_WAIT
    house.telegram.always = None
    await house.carry()
    assert len(house.telegram.of(NoticeKind.ASSIGNMENT)) == 1


async def test_after_the_last_try_it_goes_by_mail_and_the_desk_is_told(house: House) -> None:
    case_id = await with_assignment(house)
    house.telegram.fates.extend([TryLaterError("нет связи")] * ATTEMPTS)
    for _ in range(ATTEMPTS):
        await house.delivery.carry(Channel.TELEGRAM)
        house.clock.moment += timedelta(seconds=LONGEST_WAIT)
    await house.carry()
    assert [one.address for one in house.email.of(NoticeKind.ASSIGNMENT)] == [
        f"p{city.LEAD}@gorod.test"]
    assert house.told(TROUBLE) == [city.DESK]
    assert (await house.case(case_id)).part(0).reached_at is not None


async def test_telegrams_own_pause_is_kept(house: House) -> None:
    await with_assignment(house)
    house.telegram.fates.append(TryLaterError("медленнее", 77.0))
    await house.delivery.carry(Channel.TELEGRAM)
    assert (_not_before(house) - house.clock.now()).total_seconds() == 77


async def test_a_blocked_bot_means_a_letter_instead(house: House) -> None:
    case_id = await with_assignment(house)
    house.telegram.fates.append(RefusedError("Сотрудник заблокировал бота."))
    await house.carry()
    rows = house.rows(NoticeKind.ASSIGNMENT)
    assert [(one.channel, one.state) for one in rows] == [
        ("telegram", "failed"), ("email", "sent")]
    assert (await house.case(case_id)).part(0).state is AssignmentState.DELIVERED
    assert "заблокировал" in json.loads(house.rows(TROUBLE)[0].facts)["reason"]


async def test_a_letter_to_staff_that_is_refused_is_shown_to_the_desk(house: House) -> None:
    await with_assignment(house, Task(city.LEAD), Task(city.HELPER))
    house.email.fates.append(RefusedError("550 нет ящика"))
    await house.carry()
    assert house.told(TROUBLE) == [city.DESK]
    assert [one.state for one in house.rows(NoticeKind.ASSIGNMENT)] == ["sent", "failed"]


async def test_a_letter_is_tried_again_with_the_same_key(house: House) -> None:
    await with_assignment(house, Task(city.LEAD), Task(city.HELPER))
    house.email.fates.append(TryLaterError("421 занят"))
    await house.carry()
    house.clock.moment += timedelta(minutes=1)
    await house.carry()
    letters = house.email.of(NoticeKind.ASSIGNMENT)
    assert len(letters) == 1
    assert letters[0].token
    assert len(house.table("tokens")) == 1


async def test_an_answer_in_doubt_is_never_repeated_silently(house: House) -> None:
    await house.signed(await house.at_work())
    await house.carry()
    await _dispatch(house)
    house.email.fates.append(InDoubtError("ответа сервера не было"))
    await house.carry()
    for _ in range(3):
        house.clock.moment += timedelta(hours=1)
        await house.carry()
        await house.delivery.recover(Channel.EMAIL)
    assert house.email.of(NoticeKind.ANSWER_PACKAGE) == []
    row = house.rows(NoticeKind.ANSWER_PACKAGE)[0]
    assert row.state == "in_doubt"
    assert house.told(TROUBLE) == [city.DESK]
    await house.delivery.decide(await house.actor(city.DESK), row.id, repeat=True)
    await house.carry()
    sent = house.email.of(NoticeKind.ANSWER_PACKAGE)
    assert [one.row_id for one in sent] == [row.id], "the very same letter goes again"


async def test_the_desk_may_let_a_letter_in_doubt_be(house: House) -> None:
    await house.signed(await house.at_work())
    await house.carry()
    await _dispatch(house)
    house.email.fates.append(InDoubtError("?"))
    await house.carry()
    row = house.rows(NoticeKind.ANSWER_PACKAGE)[0]
    with pytest.raises(NotFoundError, match="подразделение"):
        await house.delivery.decide(await house.actor(city.LEAD), row.id, repeat=True)
    tap = await house.actor(city.DESK)
    await house.delivery.decide(tap, row.id, repeat=False)
    with pytest.raises(AlreadyDoneError):
        await house.delivery.decide(tap, row.id, repeat=False)
    with pytest.raises(NotFoundError, match="решение уже принято"):
        await house.delivery.decide(await house.actor(city.DESK), row.id, repeat=True)
    await house.carry()
    assert house.email.of(NoticeKind.ANSWER_PACKAGE) == []
    [settled] = house.rows(NoticeKind.ANSWER_PACKAGE)
    assert (settled.state, settled.last_error) == ("sent", "решение сотрудника")
    assert (await house.control.digest()).troubled == 0


async def test_a_card_perhaps_sent_is_repeated_once_and_says_so(house: House) -> None:
    await with_assignment(house)
    house.telegram.fates.extend([InDoubtError("502")])
    await house.carry()
    cards = house.telegram.of(NoticeKind.ASSIGNMENT)
    assert [one.repeated for one in cards] == [True]


async def test_a_card_in_doubt_twice_is_for_the_desk(house: House) -> None:
    await with_assignment(house)
    house.telegram.fates.extend([InDoubtError("502"), InDoubtError("502")])
    await house.carry()
    house.clock.moment += timedelta(hours=1)
    await house.carry()
    assert house.telegram.of(NoticeKind.ASSIGNMENT) == []
    assert house.told(TROUBLE) == [city.DESK]


async def test_a_reminder_in_doubt_is_not_repeated(house: House) -> None:
    await house.at_work()
    house.clock.moment = moscow(27)
    await house.control.scan()
    house.telegram.fates.append(InDoubtError("502"))
    await house.carry()
    assert house.telegram.of(NoticeKind.REMINDER) == []
    assert house.told(TROUBLE) == []


async def _leave(work: UnitOfWork, house: House, rows: Sequence[OutboxRow]) -> None:
    """They begin to leave, as just before the line to Telegram or SMTP is used."""
    for row in rows:
        assert await work.outbox.leave(row, house.clock.now() + CLAIM)


@pytest.mark.parametrize("away", [timedelta(seconds=5), CLAIM * 2])
async def test_a_card_claimed_when_the_program_died_arrives_after_the_restart(
        house: House, away: timedelta) -> None:
    await with_assignment(house)
    async with house.office.work() as work:
        taken = await work.outbox.claim(Channel.TELEGRAM, house.clock.now(),
                                        house.clock.now() + CLAIM, 20)
        await _leave(work, house, taken)
    assert len(taken) == 1
    house.clock.moment += away
    again = await house.restarted()
    await _lives(again, Channel.TELEGRAM, CLAIM * 2)
    assert [one.repeated for one in again.telegram.of(NoticeKind.ASSIGNMENT)] == [True]


@pytest.mark.parametrize("away", [timedelta(seconds=5), CLAIM * 2])
async def test_an_answer_claimed_when_the_program_died_is_in_doubt(house: House,
                                                                   away: timedelta) -> None:
    await house.signed(await house.at_work())
    await house.carry()
    await _dispatch(house)
    await house.delivery.carry(Channel.TELEGRAM)
    async with house.office.work() as work:
        taken = await work.outbox.claim(
            Channel.EMAIL, house.clock.now(), house.clock.now() + CLAIM, 1)
        await _leave(work, house, taken)
    house.clock.moment += away
    again = await house.restarted()
    await _lives(again, Channel.EMAIL, CLAIM * 2)
    assert again.rows(NoticeKind.ANSWER_PACKAGE)[0].state == "in_doubt"
    assert again.email.of(NoticeKind.ANSWER_PACKAGE) == []
    assert again.told(TROUBLE) == [city.DESK]


async def test_trouble_with_a_notice_of_trouble_makes_no_further_trouble(house: House) -> None:
    await with_assignment(house)
    house.telegram.always = house.email.always = RefusedError("нет")
    await house.carry()
    about = [json.loads(one.facts)["what"] for one in house.rows(TROUBLE)]
    assert set(about) == {NoticeKind.ASSIGNMENT.value}
    assert len(about) == 4, "the card's and the letter's, each by Telegram, then by mail"


async def test_who_has_neither_telegram_nor_an_address_is_named_to_the_desk(house: House) -> None:
    await with_assignment(house)
    house.telegram.fates.append(RefusedError("нет"))
    house.email.fates.append(RefusedError("нет"))
    await house.carry()
    facts = [json.loads(one.facts) for one in house.rows(TROUBLE)]
    assert {one["to"] for one in facts} == {"Дорохов С.И."}


async def test_who_has_left_gets_no_card_any_more(house: House) -> None:
    await with_assignment(house)
    await _leaves(house, city.LEAD)
    await house.carry()
    assert house.telegram.of(NoticeKind.ASSIGNMENT) == []
    assert house.email.of(NoticeKind.ASSIGNMENT) == []
    assert set(house.told(TROUBLE)) == {city.DESK}


def _not_before(house: House) -> datetime:
    row = next(one for one in house.table("outbox") if one["state"] == "queued")
    moment = datetime.fromisoformat(row["not_before"])
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _dispatch(house: House) -> None:
    await house.do(city.DESK, 1, dispatch.confirm_form)
    await house.do(city.DESK, 1, dispatch.dispatch)


async def _leaves(house: House, person_id: int) -> None:
    staff = [replace(one, active=one.id != person_id) for one in city.PEOPLE]
    async with house.office.work() as work:
        await work.people.import_all(city.BODIES, staff, city.ROUTES, city.APPROVALS)


async def _lives(house: House, channel: Channel, how_long: timedelta) -> None:
    """The delivery's own loop runs for so long of the office's time."""
    bell = Bell()
    loop = asyncio.create_task(house.delivery.run(channel, bell.another()))
    for _ in range(8):
        for _ in range(3):
            await asyncio.sleep(0.02)
            bell.ring()
        house.clock.moment += how_long
    loop.cancel()
    await asyncio.wait([loop])


async def test_a_program_among_the_citizens_files_goes_to_no_other_organisation(house: House
                                                                                ) -> None:
    case = await house.arrives(attachments=(
        Attachment("яма.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 photo"),
        Attachment("счёт.exe", "application/octet-stream", b"MZ")))
    await house.do(city.DESK, case.id, routing.register)
    await house.do(city.DESK, case.id, routing.redirect, city.HEAT)
    await house.carry()
    (parcel,) = house.email.of(NoticeKind.REDIRECTED)
    assert [one.name for one in parcel.files] == ["яма.jpg"]
    assert "счёт.exe" in [one.name for one in (await house.case(case.id)).message.files]

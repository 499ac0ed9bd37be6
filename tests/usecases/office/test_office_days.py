"""The routines of section 6 keep to the office's days: holidays, working Saturdays, year borders,
hours that summer time moves, and the program's own absence."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import due
from core.calendar import MOSCOW, WorkingCalendar
from core.notices import NoticeKind
from core.usecases.control import Control
from core.usecases.housekeeping import Housekeeping
from tests.bot import city
from tests.usecases.office.house import House, moscow

BERLIN = ZoneInfo("Europe/Berlin")
"""A zone whose summer time begins on 29 March and ends on 25 October 2026, both Sundays."""


async def days_with_a_digest(house: House, first: date, last: date, hour: int = 10) -> list[date]:
    """The days on which the office got its digest when the program ran all the time."""
    found, day = [], first
    while day <= last:
        house.clock.moment = datetime(day.year, day.month, day.day, hour, tzinfo=MOSCOW)
        found += [day] if await house.control.digest_if_due() else []
        day += timedelta(days=1)
    return found


async def test_the_new_year_holidays_have_no_digest_and_the_first_working_day_has(
        house: House) -> None:
    found = await days_with_a_digest(house, date(2026, 12, 29), date(2027, 1, 12))
    assert found == [date(2026, 12, 29), date(2026, 12, 30), date(2027, 1, 11),
                     date(2027, 1, 12)]
    assert (await house.control.digest()).since == moscow(11, 9, month=1, year=2027)


async def test_a_working_saturday_is_a_working_day_and_the_monday_it_gave_is_none(
        house: House) -> None:
    found = await days_with_a_digest(house, date(2027, 2, 19), date(2027, 2, 24))
    assert found == [date(2027, 2, 19), date(2027, 2, 20), date(2027, 2, 24)]


async def test_what_came_over_the_holidays_stands_in_the_first_digest_after_them(
        house: House) -> None:
    house.clock.moment = moscow(3, 12, month=1, year=2027)
    await house.arrives()
    house.clock.moment = moscow(11, 9, month=1, year=2027)
    digest = await house.control.digest()
    assert (digest.arrived, digest.since) == (1, moscow(30, 9, month=12))


async def test_a_program_that_was_away_over_several_days_sends_the_present_digest_alone(
        house: House) -> None:
    house.clock.moment = moscow(23, 9)
    assert await house.control.digest_if_due()
    again = await house.restarted()
    again.clock.moment = moscow(27, 18, 5)
    assert await again.control.digest_if_due()
    assert [one.facts for one in again.rows(NoticeKind.DIGEST)][-1] == '{"on":"2026-11-27"}'
    assert len({one.facts for one in again.rows(NoticeKind.DIGEST)}) == 2


async def test_two_processes_that_wake_at_the_same_moment_send_one_digest(house: House) -> None:
    other = await house.restarted()
    house.clock.moment = moscow(24, 9)
    sent = await asyncio.gather(*(one.control.digest_if_due() for one in (house, other) * 3))
    assert sum(sent) == 1
    tidied = await asyncio.gather(*(
        Housekeeping(one.office).tidy_if_due() for one in (house, other)))
    assert sum(one is not None for one in tidied) == 1


def in_berlin(house: House) -> House:
    """The same office in a zone with summer time."""
    house.office = replace(house.office, calendar=WorkingCalendar.official(zone=BERLIN))
    house.control = Control(house.office)
    return house


@pytest.mark.parametrize(("day", "hour"), [
    (date(2026, 3, 27), 8), (date(2026, 3, 30), 7), (date(2026, 10, 23), 7),
    (date(2026, 10, 26), 8)], ids=["winter", "summer began", "summer", "winter began"])
async def test_the_digest_keeps_its_hour_by_the_clock_on_the_wall(
        house: House, day: date, hour: int) -> None:
    in_berlin(house)
    house.clock.moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(
        seconds=1)
    assert not await house.control.digest_if_due()
    house.clock.moment += timedelta(seconds=1)
    assert await house.control.digest_if_due()


async def test_a_deadline_over_the_change_of_the_clocks_ends_with_the_work_of_its_day(
        house: House) -> None:
    in_berlin(house)
    house.clock.moment = datetime(2026, 3, 25, 9, tzinfo=BERLIN)  # Wednesday
    case = await house.at_work()
    calendar = house.office.calendar
    answer = next(one for one in due.of_case(case, calendar) if one.row.code == "answer")
    assert answer.due_at == datetime(2026, 4, 6, 16, tzinfo=UTC), "18:00 by summer time"
    delivered = next(one for one in due.open_duties(case, calendar) if one.row.code == "draft")
    assert delivered.due_at == datetime(2026, 4, 2, 16, tzinfo=UTC)
    friday, monday = (datetime(2026, 3, one, 12, tzinfo=BERLIN) for one in (27, 30))
    assert calendar.working_time(monday) - calendar.working_time(friday) == pytest.approx(1.0)
    assert calendar.after_working_time(friday, 1.0) == monday.astimezone(UTC)


@pytest.mark.parametrize(("zone", "hour", "number"), [
    ("Europe/Berlin", 22, "ЕКЖ-2026-000001"), ("Europe/Moscow", 22, "ЕКЖ-2027-000001"),
    ("Asia/Vladivostok", 14, "ЕКЖ-2027-000001"), ("Europe/Moscow", 14, "ЕКЖ-2026-000001")])
async def test_year_of_a_number_is_the_year_of_the_office(house: House, zone: str, hour: int,
                                                          number: str) -> None:
    """The evening of the 31st of December by Greenwich: it is next year in the east."""
    calendar = WorkingCalendar.official(zone=ZoneInfo(zone))
    house.intake = replace(house.intake, office=replace(house.office, calendar=calendar))
    house.clock.moment = datetime(2026, 12, 31, hour, 30, tzinfo=UTC)
    assert (await house.arrives()).number == number


async def test_each_mark_is_told_once_over_the_change_of_the_clocks(house: House) -> None:
    in_berlin(house)
    house.clock.moment = datetime(2026, 10, 21, 9, tzinfo=BERLIN)
    await house.at_work()
    moment = datetime(2026, 10, 26, 0, tzinfo=UTC)
    while moment < datetime(2026, 10, 31, 0, tzinfo=UTC):
        house.clock.moment = moment
        await house.control.scan()
        moment += timedelta(minutes=30)
    draft = [one.facts for one in house.rows(NoticeKind.REMINDER)
             if one.person_id == city.LEAD and '"draft"' in one.facts]
    assert len(draft) == len(set(draft)) == 3, "two days, one day, the last day"

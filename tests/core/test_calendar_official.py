"""The calendar against the paper: decrees on moved days off, Labour Code art. 95 and 112.

Expected days are typed in from the government's decrees (number and date beside each), not taken
from the package that the calendar is built on.
"""

from datetime import date, datetime, timedelta

import pytest

from core.calendar import (
    FIRST_OFFICIAL_YEAR,
    LAST_OFFICIAL_YEAR,
    MOSCOW,
    SHORT_DAYS,
    WorkingCalendar,
)

CALENDAR = WorkingCalendar.official()

MOVED = {
    # year: [(the day off given up, the working day that became a day off)]
    2019: ["05.01>02.05", "06.01>03.05", "23.02>10.05"],  # 01.10.2018 № 1163
    2020: ["04.01>04.05", "05.01>05.05"],  # 10.07.2019 № 875
    2021: ["02.01>05.11", "03.01>31.12", "20.02>22.02"],  # 10.10.2020 № 1648
    2022: ["01.01>03.05", "02.01>10.05", "05.03>07.03"],  # 16.09.2021 № 1564
    2023: ["01.01>24.02", "08.01>08.05"],  # 29.08.2022 № 1505
    2024: ["06.01>10.05", "07.01>31.12", "27.04>29.04", "02.11>30.04", "28.12>30.12"],
    # ^ 10.08.2023 № 1314
    2025: ["04.01>02.05", "05.01>31.12", "23.02>08.05", "08.03>13.06", "01.11>03.11"],
    # ^ 04.10.2024 № 1335
    2026: ["03.01>09.01", "04.01>31.12"],  # 24.09.2025 № 1466
    2027: ["20.02>22.02", "02.01>05.11", "03.01>31.12"],  # the decree of 2026
}
HOURS_OF_40_HOUR_WEEK = {
    # Working time of the year as the published production calendars print it.
    2019: 1970, 2020: 1979, 2021: 1972, 2022: 1973, 2023: 1973,
    2024: 1979, 2025: 1972, 2026: 1972,
}  # fmt: skip
HOLIDAYS = ["23.02", "08.03", "01.05", "09.05", "12.06", "04.11"]  # Labour Code, art. 112
HOLIDAYS += [f"0{day}.01" for day in range(1, 9)]


def day_of(text: str, year: int) -> date:
    day, month = text.split(".")
    return date(year, int(month), int(day))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year, 12, 31) - first).days + 1)]


def working_days_by_the_law(year: int) -> set[date]:
    """Art. 112: weekends, holidays, a holiday on a weekend moves on, but for January; decrees."""
    holidays = {day_of(text, year) for text in HOLIDAYS}
    off = {day for day in days_of(year) if day.weekday() >= 5} | holidays
    moved = [tuple(day_of(text, year) for text in move.split(">")) for move in MOVED[year]]
    given_up = {source for source, _ in moved}
    for holiday in sorted(holidays):
        if holiday.month > 1 and holiday.weekday() >= 5 and holiday not in given_up:
            off.add(next(d for d in days_of(year) if d > holiday and d not in off))
    off -= given_up - holidays
    off |= {target for _, target in moved}
    return set(days_of(year)) - off


@pytest.mark.parametrize("year", MOVED)
def test_each_day_of_the_year_is_as_the_law_and_the_decree_say(year: int) -> None:
    assert {d for d in days_of(year) if CALENDAR.is_working(d)} == working_days_by_the_law(year)


@pytest.mark.parametrize(("year", "hours"), HOURS_OF_40_HOUR_WEEK.items())
def test_working_hours_of_the_year_are_the_published_ones(year: int, hours: int) -> None:
    working = [day for day in days_of(year) if CALENDAR.is_working(day)]
    assert sum(7 if CALENDAR.is_short(day) else 8 for day in working) == hours


@pytest.mark.parametrize("year", MOVED)
def test_short_days_are_eves_of_holidays_or_the_saturdays_worked_for_them(year: int) -> None:
    holidays = {day_of(text, year) for text in HOLIDAYS[:6]} | {date(year + 1, 1, 1)}
    eves = {day - timedelta(1) for day in holidays}
    worked_for = {
        day_of(source, year)
        for source, target in (move.split(">") for move in MOVED[year])
        if day_of(target, year) in eves
    }
    expected = {day for day in eves | worked_for if CALENDAR.is_working(day)}
    assert {day for day in days_of(year) if CALENDAR.is_short(day)} == expected


def test_tables_cover_every_official_year() -> None:
    years = list(range(FIRST_OFFICIAL_YEAR, LAST_OFFICIAL_YEAR + 1))
    assert list(SHORT_DAYS) == years
    assert list(MOVED) == years


@pytest.mark.parametrize(
    "saturday", ["2024-04-27", "2024-11-02", "2024-12-28", "2025-11-01", "2027-02-20"]
)
def test_working_saturdays_are_worked(saturday: str) -> None:
    day = date.fromisoformat(saturday)
    assert day.weekday() == 5
    assert CALENDAR.is_working(day)
    assert not CALENDAR.is_working(day + timedelta(1))


def test_new_year_holidays_of_2026_last_to_the_11th_of_january() -> None:
    assert CALENDAR.is_working(date(2025, 12, 30))
    off = [date(2025, 12, 31), *(date(2026, 1, n) for n in range(1, 12))]
    assert not any(CALENDAR.is_working(day) for day in off)
    assert CALENDAR.next_working(date(2025, 12, 30)) == date(2026, 1, 12)


def test_holidays_of_march_and_may_2026_on_weekends_move_to_mondays() -> None:
    off = ["2026-03-09", "2026-05-01", "2026-05-11"]
    assert not any(CALENDAR.is_working(date.fromisoformat(day)) for day in off)
    assert all(CALENDAR.is_working(date(2026, 5, n)) for n in (4, 5, 6, 7, 8, 12))


def test_eight_working_days_over_the_may_holidays_of_2026() -> None:
    # Registered on Wednesday 29 April: 30, 4, 5, 6, 7, 8, 12, 13 May.
    assert CALENDAR.add_working_days(date(2026, 4, 29), 8) == date(2026, 5, 13)


def test_eight_working_days_over_the_new_year_of_2026() -> None:
    # Registered on Friday 26 December: 29, 30, then 12, 13, 14, 15, 16, 19 January.
    assert CALENDAR.add_working_days(date(2025, 12, 26), 8) == date(2026, 1, 19)


def test_eight_working_days_over_the_working_saturday_of_november_2025() -> None:
    # Registered on Wednesday 29 October: 30, 31, Saturday 1, 5, 6, 7, 10, 11 November.
    assert CALENDAR.add_working_days(date(2025, 10, 29), 8) == date(2025, 11, 11)


def test_work_ends_an_hour_earlier_on_the_eve_of_a_holiday() -> None:
    assert CALENDAR.end_of_work(date(2026, 6, 11)) == datetime(2026, 6, 11, 17, tzinfo=MOSCOW)
    assert CALENDAR.end_of_work(date(2026, 6, 10)) == datetime(2026, 6, 10, 18, tzinfo=MOSCOW)

"""Working-day arithmetic: laws that hold for any day, the 18:00 rule, the admin's overlay."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.calendar import (
    FIRST_OFFICIAL_YEAR,
    LAST_OFFICIAL_YEAR,
    MOSCOW,
    Overlay,
    WorkingCalendar,
    WorkingHours,
)
from core.errors import BadTableError, BeyondCalendarError

CALENDAR = WorkingCalendar.official()
FIRST, LAST = date(FIRST_OFFICIAL_YEAR, 1, 1), date(LAST_OFFICIAL_YEAR, 12, 31)
DAYS = st.dates(FIRST, LAST)
COUNTS = st.integers(1, 250)


def roomy(start: date, n: int) -> bool:
    """Whether the n-th working day surely lies within the calendar (no run off exceeds 12)."""
    return start + timedelta(n * 3 + 30) <= LAST


@given(start=DAYS, n=COUNTS)
def test_counting_back_what_was_added_gives_the_same_number(start: date, n: int) -> None:
    assume(roomy(start, n))
    due = CALENDAR.add_working_days(start, n)
    assert CALENDAR.is_working(due)
    assert CALENDAR.working_days_between(start, due) == n
    assert CALENDAR.working_days_between(due, start) == -n


@given(start=DAYS, n=COUNTS)
def test_adding_equals_stepping_day_by_day(start: date, n: int) -> None:
    assume(roomy(start, n))
    day = start
    for _ in range(n):
        day += timedelta(1)
        while not CALENDAR.is_working(day):
            day += timedelta(1)
    assert CALENDAR.add_working_days(start, n) == day


@given(start=DAYS, a=COUNTS, b=COUNTS)
def test_adding_in_two_parts_is_adding_at_once(start: date, a: int, b: int) -> None:
    assume(roomy(start, a + b))
    at_once = CALENDAR.add_working_days(start, a + b)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, a), b) == at_once


@given(start=DAYS, n=COUNTS)
def test_taking_away_undoes_adding_from_a_working_day(start: date, n: int) -> None:
    assume(roomy(start, n) and CALENDAR.is_working(start))
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, n), -n) == start


@given(a=DAYS, b=DAYS, n=COUNTS)
def test_a_later_start_is_never_due_earlier(a: date, b: date, n: int) -> None:
    assume(roomy(max(a, b), n))
    early, late = sorted((a, b))
    assert CALENDAR.add_working_days(early, n) <= CALENDAR.add_working_days(late, n)


@given(a=DAYS, b=DAYS, c=DAYS)
def test_spans_of_working_days_add_up(a: date, b: date, c: date) -> None:
    between = CALENDAR.working_days_between
    assert between(a, b) + between(b, c) == between(a, c)


@given(year=st.integers(FIRST_OFFICIAL_YEAR, LAST_OFFICIAL_YEAR - 1), n=st.integers(1, 15))
def test_the_year_border_is_crossed_past_the_new_year_holidays(year: int, n: int) -> None:
    due = CALENDAR.add_working_days(date(year, 12, 31), n)
    assert due > date(year + 1, 1, 8)
    assert CALENDAR.working_days_between(date(year + 1, 1, 8), due) == n


@given(day=DAYS)
def test_a_deadline_on_a_day_off_moves_to_the_next_working_day_and_no_further(day: date) -> None:
    assume(day < date(LAST_OFFICIAL_YEAR, 12, 30))
    moved = CALENDAR.moved_from_day_off(day)
    assert CALENDAR.is_working(moved)
    assert not any(CALENDAR.is_working(day + timedelta(n)) for n in range((moved - day).days))


@given(day=st.one_of(st.dates(max_value=FIRST - timedelta(1)), st.dates(LAST + timedelta(1))))
def test_every_question_about_an_unknown_year_is_refused(day: date) -> None:
    noon = datetime.combine(day, time(12), MOSCOW) if 1 < day.year < 9999 else None
    for ask in (
        CALENDAR.is_working,
        CALENDAR.is_short,
        CALENDAR.next_working,
        CALENDAR.moved_from_day_off,
        CALENDAR.start_of_work,
        CALENDAR.end_of_work,
        lambda d: CALENDAR.add_working_days(d, 0),
        lambda d: CALENDAR.working_days_between(FIRST, d),
        lambda d: CALENDAR.working_days_between(d, FIRST),
    ):
        with pytest.raises(BeyondCalendarError):
            ask(day)
    if noon:
        with pytest.raises(BeyondCalendarError):
            CALENDAR.registration_due(noon)


def test_a_deadline_that_would_fall_past_the_known_years_is_refused_in_one_sentence() -> None:
    with pytest.raises(BeyondCalendarError, match=r"^Срок приходится на 2028 год .* 2019–2027"):
        CALENDAR.add_working_days(date(2027, 12, 24), 8)
    with pytest.raises(BeyondCalendarError, match=r"^Дата 10\.01\.2028 .* обновите программу"):
        CALENDAR.is_working(date(2028, 1, 10))
    with pytest.raises(BeyondCalendarError, match="проверьте дату"):
        CALENDAR.add_working_days(date(2019, 1, 9), -1)


@pytest.mark.parametrize(
    ("today", "months"),
    [("2026-10-01", 14), ("2027-06-30", 6), ("2027-12-01", 0), ("2029-01-01", 0)],
)
def test_doctor_learns_how_many_months_of_calendar_are_left(today: str, months: int) -> None:
    assert CALENDAR.months_left(date.fromisoformat(today)) == months


def test_friday_is_not_counted_when_registered_on_friday() -> None:
    # Civil Code, art. 191: the count starts the day after. Friday 16.10.2026 + 1 = Monday.
    assert CALENDAR.add_working_days(date(2026, 10, 16), 1) == date(2026, 10, 19)


def test_working_days_left_are_counted_at_the_office_not_in_utc() -> None:
    due = date(2026, 10, 16)
    late_utc_evening = datetime(2026, 10, 13, 21, 30, tzinfo=UTC)  # 00:30 on the 14th in Moscow
    assert CALENDAR.local_date(late_utc_evening) == date(2026, 10, 14)
    assert CALENDAR.working_days_left(late_utc_evening, due) == 2
    assert CALENDAR.working_days_left(datetime(2026, 10, 16, 23, tzinfo=MOSCOW), due) == 0
    assert CALENDAR.working_days_left(datetime(2026, 10, 18, 12, tzinfo=MOSCOW), due) == 0
    assert CALENDAR.working_days_left(datetime(2026, 10, 20, 9, tzinfo=MOSCOW), due) == -2


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        CALENDAR.local_date(datetime(2026, 10, 16, 12))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-10-14T10:00", "2026-10-14T18:00"),
        ("2026-10-14T18:00", "2026-10-14T18:00"),
        ("2026-10-14T18:01", "2026-10-15T11:00"),
        ("2026-10-14T03:00", "2026-10-14T18:00"),
        ("2026-10-16T19:00", "2026-10-19T11:00"),  # Friday evening -> Monday
        ("2026-10-17T12:00", "2026-10-19T11:00"),  # Saturday noon -> Monday
        ("2026-11-03T16:30", "2026-11-03T17:00"),  # short day
        ("2026-11-03T17:30", "2026-11-05T11:00"),  # work is over, the 4th is a holiday
        ("2024-11-02T12:00", "2024-11-02T17:00"),  # working Saturday
    ],
)
def test_registration_is_due_the_same_day_or_in_the_first_hours_of_the_next(
    received: str, due: str
) -> None:
    moment = datetime.fromisoformat(received).replace(tzinfo=MOSCOW)
    assert CALENDAR.registration_due(moment) == datetime.fromisoformat(due).replace(tzinfo=MOSCOW)
    assert CALENDAR.registration_due(moment.astimezone(UTC)) == CALENDAR.registration_due(moment)


@given(st.datetimes(datetime(2019, 1, 1), datetime(2027, 12, 25)))  # noqa: DTZ001
def test_registration_is_never_due_before_the_message_came(moment: datetime) -> None:
    received = moment.replace(tzinfo=MOSCOW)
    due = CALENDAR.registration_due(received)
    assert due >= received
    assert CALENDAR.is_working(due.date())


def test_the_office_may_keep_other_hours_and_live_in_another_zone() -> None:
    hours = WorkingHours(time(8, 30), time(17, 30))
    samara = WorkingCalendar.official(hours=hours, zone=ZoneInfo("Europe/Samara"))
    due = samara.registration_due(datetime(2026, 10, 14, 13, 31, tzinfo=UTC))  # 17:31 local
    assert due.isoformat() == "2026-10-15T10:30:00+04:00"
    with pytest.raises(BadTableError, match="WORKDAY_START"):
        WorkingHours(time(18), time(9))


def overlay(folder: Path, text: str) -> Overlay:
    path = folder / "calendar.toml"
    path.write_text(text, encoding="utf-8")
    return Overlay.read(path)


def test_the_admin_adds_days_off_working_days_and_short_days(tmp_path: Path) -> None:
    extra = overlay(
        tmp_path,
        """
        [days_off]
        2026-04-21 = "Радоница"
        "2026-05-04..2026-05-08" = "Указ Президента о нерабочих днях"
        [working_days]
        2026-05-16 = "отработка за 8 мая"
        [short_days]
        2026-05-16 = "распоряжение"
        """,
    )
    calendar = WorkingCalendar.official(extra)
    assert not calendar.is_working(date(2026, 4, 21))
    assert extra.days_off[date(2026, 5, 6)] == "Указ Президента о нерабочих днях"
    # 30 April is day 1, then 12, 13, 14, 15 May, Saturday 16 May, 18, 19 May.
    assert calendar.add_working_days(date(2026, 4, 29), 8) == date(2026, 5, 19)
    assert calendar.end_of_work(date(2026, 5, 16)).hour == 17
    assert not calendar.is_short(date(2026, 5, 8)), "an official short day that became a day off"
    assert CALENDAR.is_working(date(2026, 4, 21)), "the official calendar itself stays as it was"


def test_an_empty_overlay_changes_nothing(tmp_path: Path) -> None:
    assert overlay(tmp_path, "# ничего\n") == Overlay()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[days_off]\n21.04.2026 = "Радоница"', "нужна дата вида 2026-04-21"),
        ('[days_off]\n2026-02-30 = "?"', "2026-02-30: такой даты нет"),
        ('[days_off]\n"2026-05-08..2026-05-04" = "указ"', "первый день промежутка позже"),
        ('[days_off]\n2031-05-08 = "указ"', "2031-05-08: день вне официального календаря"),
        ("[days_off]\n2026-04-21 = 1", "2026-04-21: после знака = нужна причина"),
        ('[days_of]\n2026-04-21 = "Радоница"', "неизвестный раздел «days_of»"),
        ("days_off = 5", "days_off должен быть разделом"),
        ('[days_off]\n2026-04-21 = "a"\n2026-04-21 = "b"\n', "строка 3: .* один раз"),
        ('[days_off]\n2026-05-04="a"\n"2026-05-03..2026-05-05"="b"', "04.05.2026 указан дважды"),
        ("[days_off\n", "строка 1"),
        ('[days_off]\n2026-05-04="a"\n[working_days]\n2026-05-04="b"', "и в days_off, и в work"),
    ],
)
def test_a_bad_line_of_the_overlay_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(BadTableError, match=complaint):
        overlay(tmp_path, text)


def test_all_bad_lines_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadTableError, match=r"2026-13-01.*2026-04-21"):
        overlay(tmp_path, '[days_off]\n2026-13-01 = "x"\n[short_days]\n2026-04-21 = ""')


def test_a_day_off_cannot_be_short() -> None:
    with pytest.raises(BadTableError, match=r"17\.10\.2026 — выходной"):
        WorkingCalendar.official(Overlay(short_days={date(2026, 10, 17): "распоряжение"}))


def test_an_unreadable_overlay_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadTableError, match="Нет файла"):
        Overlay.read(tmp_path / "nowhere.toml")
    (tmp_path / "cp1251.toml").write_bytes('[days_off]\n2026-04-21 = "Радоница"'.encode("cp1251"))
    with pytest.raises(BadTableError, match="UTF-8"):
        Overlay.read(tmp_path / "cp1251.toml")

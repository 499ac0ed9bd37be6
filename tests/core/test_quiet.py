"""Quiet hours: what waits until the morning, and what does not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core import quiet
from core.calendar import MOSCOW
from core.notices import Notice, NoticeKind
from core.people import Quiet
from tests import builders as b
from tests.builders import CALENDAR, a_directory

NIGHT = Quiet(21 * 60, 8 * 60)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MOSCOW)


@pytest.mark.parametrize(("hours", "now", "ends"), [
    (NIGHT, at(23, 10), None),
    (NIGHT, at(23, 20, 59), None),
    (NIGHT, at(23, 21), at(24, 8)),
    (NIGHT, at(24, 7, 59), at(24, 8)),
    (NIGHT, at(24, 8), None),
    (Quiet(13 * 60, 14 * 60), at(24, 13, 30), at(24, 14)),
    (Quiet(13 * 60, 14 * 60), at(24, 14), None),
    (Quiet(0, 0), at(24, 3), None),
    (replace(NIGHT, days_off=True), at(28, 12), at(30, 8)),
    (replace(NIGHT, days_off=True), at(27, 22), at(30, 8)),
    (replace(NIGHT, days_off=True), at(26, 22), at(27, 8)),
    (replace(NIGHT, days_off=True), at(30, 12, month=12), None),
    (Quiet(0, 0, days_off=True), at(28, 12), at(30, 0)),
    (Quiet(0, 0, days_off=True), at(30, 12), None),
])
def test_quiet_lasts_until_its_end_and_over_the_days_off_where_wished(
        hours: Quiet, now: datetime, ends: datetime | None) -> None:
    assert quiet.quiet_until(hours, CALENDAR, now) == ends


def held(notice: Notice, own: Quiet | None = None) -> datetime | None:
    person = replace(a_directory().person(b.LEAD), quiet=own)
    return quiet.until(notice, person, NIGHT, CALENDAR, at(23, 22))


def test_the_urgent_and_the_awaited_go_through_and_the_rest_waits() -> None:
    waits = {kind for kind in NoticeKind if held(Notice(kind, "k", facts={"left": "1"}))}
    assert waits == set(NoticeKind) - {
        NoticeKind.PHOTO_VERDICT, NoticeKind.REPLY, NoticeKind.OVERDUE}
    assert held(Notice(NoticeKind.REMINDER, "k", facts={"left": "0"})) is None


def test_what_would_be_worthless_in_the_morning_is_said_at_once() -> None:
    soon = Notice(NoticeKind.ESCALATION, "k", expires_at=at(23, 22) + timedelta(hours=1))
    assert held(soon) is None
    assert held(replace(soon, expires_at=at(24, 19))) == at(24, 8)


def test_a_persons_own_hours_go_before_the_offices() -> None:
    assert held(Notice(NoticeKind.ASSIGNMENT, "k"), Quiet(0, 0)) is None
    assert held(Notice(NoticeKind.ASSIGNMENT, "k"), Quiet(20 * 60, 9 * 60)) == at(24, 9)

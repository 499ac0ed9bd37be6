"""Reports make themselves, are confirmed by who answers for them, and go up with their files."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.calendar import MOSCOW, Overlay, WorkingCalendar
from core.errors import MoveNotAllowedError, NotAcceptedError, StaleCardError
from core.journal import Fact
from core.notices import Notice, NoticeKind, OutboxRow
from core.outbound import LetterFile
from core.people import Actor, Channel
from core.reports import files
from core.reports.book import Report, Standing
from core.reports.periods import Span
from core.reports.values import Made
from core.usecases.office import Office
from core.usecases.reporting import Reporting
from core.usecases.reports import Reports
from tests.core.documents.opening import pdf_text
from tests.reports.conftest import Clock

HEAD, CHIEF, DISTRICT = "p2", "p3", "p5"
_make = Reports.make


@pytest.fixture
def reporting(office: Office) -> Reporting:
    return Reporting(office)


@pytest.fixture
def made(office_with_reports: Office) -> Office:
    """The office on Monday morning, its reports made and their notices gone out."""
    return office_with_reports


def moved(office: Office, moment: datetime) -> None:
    assert isinstance(office.clock, Clock)
    office.clock.moment = moment


async def actor(office: Office, code: str, source: str = "tg:1") -> Actor:
    async with office.work() as work:
        directory = await work.people.directory()
    person = next(one for one in directory.people.values() if one.code == code)
    return Actor(Channel.TELEGRAM, source, person)


async def kept(office: Office, *standings: Standing) -> list[Report]:
    async with office.work() as work:
        return list(await work.reports.standing(*(standings or tuple(Standing))))


async def queued(office: Office) -> list[OutboxRow]:
    found: list[OutboxRow] = []
    async with office.work() as work:
        for channel in (Channel.TELEGRAM, Channel.EMAIL):
            busy: list[int] = []
            while rows := await work.outbox.claim(
                    channel, office.clock.now(), office.clock.now() + timedelta(hours=1), 100):
                busy += [one.id for one in rows]
                found += rows
    return found


def told(rows: list[OutboxRow], kind: NoticeKind) -> list[tuple[Notice, Channel]]:
    return [(one.notice, one.channel) for one in rows if one.notice.kind is kind]


async def the(office: Office, routine: str) -> Report:
    return next(one for one in await kept(office) if one.routine == routine
                and one.standing is not Standing.REPLACED)


async def test_on_monday_morning_every_finished_period_has_its_report_once(
        office: Office, reporting: Reporting) -> None:
    """The 2nd of November 2026: Monday, the first working day of the month."""
    assert await reporting.tick() == 6
    assert {(one.routine, one.period) for one in await kept(office)} == {
        ("daily", "2026-10-30"), ("weekly", "2026-W44"), ("monthly", "2026-10"),
        ("public", "2026-10"), ("programmes", "2026-10"), ("bonus", "2026-10")}
    assert await reporting.tick() == 0
    notices = told(await queued(office), NoticeKind.REPORT_READY)
    by_report = {(await _routine(office, one)): one.person_id for one, _ in notices}
    chief, head = await actor(office, CHIEF), await actor(office, HEAD)
    assert by_report.pop("weekly") == chief.person_id, "6¶4: the chief of staff himself"
    assert set(by_report.values()) == {head.person_id}


async def _routine(office: Office, notice: Notice) -> str:
    async with office.work() as work:
        return (await work.reports.get(int(notice.facts["report"]))).routine


@pytest.mark.parametrize("moment", [
    datetime(2026, 11, 2, 8, 59, tzinfo=MOSCOW),
    datetime(2026, 11, 1, 12, 0, tzinfo=MOSCOW),
    datetime(2026, 11, 4, 12, 0, tzinfo=MOSCOW),
])
async def test_nothing_is_made_before_its_hour_nor_on_a_day_off(
        office: Office, reporting: Reporting, moment: datetime) -> None:
    moved(office, moment)
    assert await reporting.tick() == 0


async def test_after_a_stop_missed_days_are_made_up_for(office: Office, reporting: Reporting
                                                        ) -> None:
    await reporting.tick()
    moved(office, datetime(2026, 11, 9, 15, 0, tzinfo=MOSCOW))
    await reporting.tick()
    daily = [one.period for one in await kept(office) if one.routine == "daily"]
    assert daily == ["2026-10-30", "2026-11-02", "2026-11-03", "2026-11-05", "2026-11-06"]
    holiday = next(one for one in await kept(office) if one.period == "2026-11-03")
    assert (holiday.first, holiday.last) == (date(2026, 11, 3), date(2026, 11, 4))


async def test_first_working_day_of_the_year_closes_december_and_its_last_day(
        office: Office, reporting: Reporting) -> None:
    moved(office, datetime(2027, 1, 11, 9, 0, tzinfo=MOSCOW))
    await reporting.tick()
    periods = {one.routine: (one.period, one.last) for one in await kept(office)}
    assert periods["monthly"] == ("2026-12", date(2026, 12, 31))
    assert periods["daily"] == ("2026-12-30", date(2027, 1, 10))
    assert periods["weekly"][0] == "2027-W01"


@pytest.mark.parametrize(("moment", "made"), [
    (datetime(2026, 10, 26, 7, 59, tzinfo=UTC), 0), (datetime(2026, 10, 26, 8, 0, tzinfo=UTC), 2),
    (datetime(2026, 10, 23, 6, 59, tzinfo=UTC), 0), (datetime(2026, 10, 23, 7, 0, tzinfo=UTC), 6),
], ids=["winter, 8:59", "winter, 9:00", "summer, 8:59", "summer, 9:00"])
async def test_reports_keep_their_hour_by_the_clock_on_the_wall(
        office: Office, moment: datetime, made: int) -> None:
    """In Berlin summer time ends on Sunday, the 25th of October."""
    berlin = WorkingCalendar.official(zone=ZoneInfo("Europe/Berlin"))
    reporting = Reporting(replace(office, calendar=berlin))
    if made != 6:
        moved(office, datetime(2026, 10, 23, 12, 0, tzinfo=UTC))
        await reporting.tick()
    moved(office, moment)
    assert await reporting.tick() == made
    if made == 2:
        weekend = next(one for one in await kept(office) if one.period == "2026-10-23")
        assert (weekend.first, weekend.last) == (date(2026, 10, 23), date(2026, 10, 25))


async def test_office_without_messages_is_left_in_peace(office: Office, reporting: Reporting
                                                        ) -> None:
    moved(office, datetime(2026, 9, 1, 9, 0, tzinfo=MOSCOW))
    assert await reporting.tick() == 0


async def test_confirmed_report_goes_up_by_telegram_and_mail_with_its_files(made: Office
                                                                            ) -> None:
    office, reporting = made, Reporting(made)
    report = await the(office, "daily")
    sent = await reporting.confirm(await actor(office, HEAD), report.id)
    assert sent.standing is Standing.SENT
    notices = told(await queued(office), NoticeKind.REPORT)
    chief = await actor(office, CHIEF)
    assert {(one.person_id, channel) for one, channel in notices} == {
        (chief.person_id, Channel.TELEGRAM), (chief.person_id, Channel.EMAIL)}
    pdf = next(one for one in sent.files if one.media_type == "application/pdf")
    words = pdf_text(await office.files.get(pdf))
    assert "Утвердил" in words
    assert "П. А. Орлов" in words or "П.А. Орлов" in words
    assert {Path(one.name).suffix for one in sent.files} >= {".pdf", ".xlsx"}
    async with office.work() as work:
        assert await work.journal.first_break() is None


async def test_weekly_account_goes_to_the_head_of_the_district(made: Office) -> None:
    office, reporting = made, Reporting(made)
    report = await the(office, "weekly")
    with pytest.raises(MoveNotAllowedError, match="начальник Управления делами"):
        await reporting.confirm(await actor(office, HEAD), report.id)
    await reporting.confirm(await actor(office, CHIEF, "tg:2"), report.id)
    district = await actor(office, DISTRICT)
    notices = told(await queued(office), NoticeKind.REPORT)
    assert {one.person_id for one, _ in notices} == {district.person_id}


async def test_confirming_twice_says_that_it_is_done(made: Office) -> None:
    office, reporting = made, Reporting(made)
    report = await the(office, "daily")
    await reporting.confirm(await actor(office, HEAD), report.id)
    with pytest.raises(MoveNotAllowedError, match="уже утверждён"):
        await reporting.confirm(await actor(office, HEAD, "tg:2"), report.id)


async def test_unconfirmed_reports_are_asked_for_once_each_working_day_in_one_message(
        made: Office) -> None:
    office, reporting = made, Reporting(made)
    moved(office, datetime(2026, 11, 3, 9, 5, tzinfo=MOSCOW))
    await reporting.tick()
    await reporting.tick()
    waits = {one.person_id: one for one, _ in told(
        await queued(office), NoticeKind.REPORT_WAITS)}
    head, chief = await actor(office, HEAD), await actor(office, CHIEF)
    assert waits.keys() == {head.person_id, chief.person_id}
    async with office.work() as work:
        named = {(await work.reports.get(int(one))).routine
                 for one in waits[head.person_id].facts["report"].split()}
    assert named == {"daily", "monthly", "public", "programmes", "bonus"}
    assert waits[chief.person_id].facts["report"] == str((await the(office, "weekly")).id)
    moved(office, datetime(2026, 11, 5, 9, 5, tzinfo=MOSCOW))
    await reporting.tick()
    again = [one.person_id for one, _ in told(await queued(office), NoticeKind.REPORT_WAITS)
             if one.key.endswith("2026-11-05")]
    assert sorted(filter(None, again)) == sorted(filter(None, waits)), (
        "the 4th is a holiday; on the 5th each once more")


async def test_report_that_cannot_be_made_is_told_once_and_delays_no_other(
        office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The office spoiled a template: the weekly account cannot be typeset until it is mended."""
    reporting = Reporting(office)
    tries = []

    async def make(self: Reports, kind: str, day: date, span: Span | None = None) -> Made:
        if kind == "weekly":
            tries.append(office.clock.now())
            raise NotAcceptedError("Шаблон испорчен.")
        return await _make(self, kind, day, span)

    with monkeypatch.context() as patched:
        patched.setattr(Reports, "make", make)
        assert await reporting.tick() == 5
        for minute in range(3, 60, 4):
            moved(office, datetime(2026, 11, 2, 9, 30, tzinfo=MOSCOW) + timedelta(minutes=minute))
            assert await reporting.tick() == 0
    assert len(tries) == 4, "after 5 minutes, 10 and 20 more, and no oftener"
    told_of = told(await queued(office), NoticeKind.REPORT_TROUBLE)
    desk, head = await actor(office, "p1"), await actor(office, HEAD)
    assert {one.person_id for one, _ in told_of} == {desk.person_id, head.person_id}
    assert {one.facts["why"] for one, _ in told_of} == {"Шаблон испорчен."}
    assert told_of[0][0].facts["named"] == (
        "доклад о работе органов администрации с 26 октября по 1 ноября 2026 г.")
    moved(office, datetime(2026, 11, 2, 11, 30, tzinfo=MOSCOW))
    assert await reporting.tick() == 1
    assert (await the(office, "weekly")).period == "2026-W44"


async def test_day_whose_report_failed_is_made_up_for_behind_later_ones(
        office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    reporting = Reporting(office)
    await reporting.tick()

    async def make(self: Reports, kind: str, day: date, span: Span | None = None) -> Made:
        if day == date(2026, 11, 2):
            raise ValueError
        return await _make(self, kind, day, span)

    with monkeypatch.context() as patched:
        patched.setattr(Reports, "make", make)
        moved(office, datetime(2026, 11, 6, 9, 30, tzinfo=MOSCOW))
        await reporting.tick()
    done = [one.period for one in await kept(office) if one.routine == "daily"]
    assert done == ["2026-10-30", "2026-11-03", "2026-11-05"]
    moved(office, datetime(2026, 11, 6, 9, 40, tzinfo=MOSCOW))
    await reporting.tick()
    done = [one.period for one in await kept(office) if one.routine == "daily"]
    assert done == ["2026-10-30", "2026-11-03", "2026-11-05", "2026-11-02"]


async def test_confirmed_report_whose_files_fail_stays_confirmed_and_goes_later(
        made: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office, reporting = made, Reporting(made)
    report = await the(office, "daily")
    with monkeypatch.context() as patched:
        patched.setattr(files, "documents", _spoiled)
        seen = await reporting.confirm(await actor(office, HEAD), report.id)
    assert seen.standing is Standing.CONFIRMED
    moved(office, datetime(2026, 11, 2, 9, 36, tzinfo=MOSCOW))
    assert await reporting.tick() == 1
    assert (await the(office, "daily")).standing is Standing.SENT


def _spoiled(*_: object) -> tuple[LetterFile, ...]:
    raise OSError("no space left")


async def test_correction_is_a_new_version_that_says_what_changed(made: Office) -> None:
    office, reporting = made, Reporting(made)
    first = await the(office, "monthly")
    await reporting.confirm(await actor(office, HEAD), first.id)
    late = datetime(2026, 10, 20, 12, 0, tzinfo=MOSCOW)
    async with office.work() as work:
        case = (await work.cases.open_cases())[0]
        await work.journal.append([Fact(
            late, "case", "receive", "", "msed", "late", case.id, 1, after="received",
            details={"topic": "Дороги"})])
    await queued(office)
    replaced = await reporting.correct(
        await actor(office, HEAD, "tg:2"), first.id, "Учтено сообщение, пришедшее с опозданием.")
    assert replaced.standing is Standing.REPLACED
    second = await the(office, "monthly")
    assert (second.version, second.standing) == (2, Standing.READY)
    was, now = int(first.figures["arrived"]), int(first.figures["arrived"]) + 1
    assert f"Поступило сообщений: было {was}, стало {now}" in second.changes
    pdf = next(one for one in second.files if one.media_type == "application/pdf")
    words = pdf_text(await office.files.get(pdf))
    assert "Версия 2, заменяет версию 1." in words
    assert "Учтено сообщение, пришедшее с опозданием." in words
    await reporting.confirm(await actor(office, HEAD, "tg:3"), second.id)
    assert len(told(await queued(office), NoticeKind.REPORT)) == 2
    with pytest.raises(MoveNotAllowedError, match="новая версия"):
        await reporting.confirm(await actor(office, HEAD, "tg:4"), first.id)


async def test_what_has_changed_since_it_was_shown_is_not_sent_up_unseen(made: Office) -> None:
    """The administrator corrects the calendar: a week of October was off after all."""
    office = made
    report = await the(office, "monthly")
    calendar = WorkingCalendar.official(Overlay(days_off={
        date(2026, 10, day): "поправка" for day in (12, 13, 14, 15, 16)}))
    other = Reporting(replace(office, calendar=calendar))
    seen = await other.confirm(await actor(office, HEAD), report.id)
    assert seen.standing is Standing.REPLACED
    fresh = await the(office, "monthly")
    assert fresh.version == 2
    assert any("опозданием" in one or "Нарушен" in one for one in fresh.changes)
    assert not [one for one in await queued(office) if one.notice.kind is NoticeKind.REPORT]


async def test_correction_needs_words(made: Office) -> None:
    office, reporting = made, Reporting(made)
    report = await the(office, "daily")
    with pytest.raises(NotAcceptedError, match="что исправлено"):
        await reporting.correct(await actor(office, HEAD), report.id, "  ")


async def test_crash_between_confirming_and_sending_is_made_good_by_a_beat(made: Office
                                                                           ) -> None:
    office, reporting = made, Reporting(made)
    report = await the(office, "daily")
    head = await actor(office, HEAD)
    async with office.work() as work:
        await reporting.confirm_in(work, head, report.id)
    assert (await the(office, "daily")).standing is Standing.CONFIRMED
    assert await Reporting(office).tick() == 1
    assert (await the(office, "daily")).standing is Standing.SENT


async def test_two_hands_on_one_report_do_not_both_win(made: Office) -> None:
    office = made
    report = await the(office, "daily")
    async with office.work() as work:
        await work.reports.save(report, Standing.READY)
        with pytest.raises(StaleCardError):
            await work.reports.save(report, Standing.SENT)

"""The reports as people get them: they agree with one another and with what is in their files."""

import io
import os
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from PIL import Image

from core.addresses import Address
from core.calendar import WorkingCalendar
from core.case import CitizenMessage
from core.documents.wording import cell
from core.errors import NotAcceptedError
from core.inbound import Applicant
from core.journal import Fact
from core.outbound import LetterFile
from core.reports import bonus, files, periods, public
from core.reports.figures import BY_CODE, Kind
from core.reports.values import Bars, Made
from core.usecases.office import Office
from core.usecases.reports import KINDS, Reports
from tests.builders import kept_case
from tests.core.documents.opening import keep_pages, pdf_text

DAY = date(2026, 10, 15)


async def made(office: Office, kind: str) -> Made:
    return await Reports(office).make(kind, DAY)


async def test_all_reports_of_a_month_agree_about_every_figure(office: Office) -> None:
    reports = Reports(office)
    month = await reports.make("monthly", DAY)
    for kind in ("public", "bonus"):
        other = await reports.make(kind, DAY)
        shared = month.figures.keys() & other.figures.keys()
        assert len(shared) > 5
        assert {code: month.figures[code] for code in shared} == {
            code: other.figures[code] for code in shared}
    span = periods.between(date(2026, 10, 1), date(2026, 10, 31))
    analysis = await reports.make("programmes", DAY, span)
    assert analysis.figures == {code: month.figures[code] for code in ("arrived", "returned")}


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Europe/Berlin"])
async def test_parts_of_a_month_add_up_to_the_monthly_report(office: Office, zone: str) -> None:
    """The 25th of October is an hour longer in Berlin."""
    calendar = WorkingCalendar.official(zone=ZoneInfo(zone))
    reports = Reports(replace(office, calendar=calendar))
    parts = [await reports.make("daily", DAY, periods.between(date(2026, 10, first),
                                                              date(2026, 10, last)))
             for first, last in ((1, 9), (10, 10), (11, 31))]
    month = (await reports.make("monthly", DAY)).figures
    flows = {code for code in parts[0].figures.keys() | parts[2].figures.keys()
             if BY_CODE[code.split(":")[0]].kind is Kind.FLOW}
    assert len(flows) > 20
    for code in flows:
        assert sum(one.figures.get(code, 0) for one in parts) == month[code], code


@pytest.mark.parametrize(("kind", "days"), [
    ("weekly", 7), ("monthly", 30), ("public", 30), ("daily", 1)])
async def test_period_stands_beside_the_one_before_it_with_the_figures_of_its_own_report(
        office: Office, kind: str, days: int) -> None:
    reports = Reports(office)
    here = (await reports.make(kind, DAY)).document.sections[0]
    before = (await reports.make(kind, DAY - timedelta(days=days))).document.sections[0]
    assert [row[2] for row in here.rows] == [row[1] for row in before.rows]


async def test_quarter_stands_beside_as_many_days_before_it(office: Office) -> None:
    reports = Reports(office)
    quarter = await reports.make("monthly", DAY, periods.between(
        date(2026, 10, 1), date(2026, 10, 31)))
    heads = [one.title for one in quarter.document.sections[0].columns]
    assert heads == ["Показатель", "За период", "За столько же дней ранее"]
    september = await reports.make("monthly", DAY, periods.between(
        date(2026, 8, 31), date(2026, 9, 30)))
    flows = slice(0, 10)
    assert [row[2] for row in quarter.document.sections[0].rows[flows]] == [
        row[1] for row in september.document.sections[0].rows[flows]]


@pytest.mark.parametrize("kind", KINDS)
async def test_files_say_what_was_counted(office: Office, kind: str) -> None:
    report = await made(office, kind)
    drawn = files.pictures(report)
    pdf, xlsx = files.documents(report, drawn)
    words = pdf_text(pdf.content).replace("-\n", "")
    book = openpyxl.load_workbook(io.BytesIO(xlsx.content))
    sections = [*report.document.sections, *report.proof]
    assert report.document.title in words
    assert len(book.worksheets) == len(sections) + 1
    for sheet, section in zip(book.worksheets, sections, strict=False):
        written = {_plain(one) for row in sheet.iter_rows(values_only=True) for one in row}
        assert sheet.freeze_panes is not None
        charts = sheet._charts  # type: ignore[attr-defined]  # openpyxl shows them nowhere else
        assert len(charts) == (section.chart is not None and bool(section.rows))
        for row in (*section.rows, *((section.total,) if section.total else ())):
            assert {_plain(value) for value in row if value is not None} <= written
    for section in report.document.sections[:2]:
        for row in section.rows:
            for value, column in zip(row, section.columns, strict=True):
                assert cell(value, column.kind).split()[0] in words
    _keep(kind, pdf, drawn)


def _plain(value: object) -> object:
    """A cell as both sides have it: Excel keeps moments without zone, and no whole floats."""
    match value:
        case datetime():
            return value.replace(tzinfo=None, microsecond=0)
        case date():
            return datetime.combine(value, time())
        case int() | float():
            return round(float(value), 6)
        case _:
            return value


def _keep(kind: str, pdf: LetterFile, drawn: tuple[LetterFile, ...]) -> None:
    """Pages and pictures for people to look at."""
    keep_pages(pdf.content, f"report-{kind}")
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        for number, one in enumerate(drawn, 1):
            (Path(folder) / f"report-{kind}-chart-{number}.png").write_bytes(one.content)


@pytest.mark.parametrize("kind", ["weekly", "monthly", "bonus", "programmes"])
async def test_picture_fits_a_telephone(office: Office, kind: str) -> None:
    for one in files.pictures(await made(office, kind)):
        picture = Image.open(io.BytesIO(one.content))
        assert picture.width == 1080
        assert picture.height < 2400
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 3


async def test_one_bar_is_a_number_and_no_picture(office: Office) -> None:
    async with office.work() as work:
        directory = await work.people.directory()
    assert len(directory.bodies) > 1
    quiet = await Reports(office).make("daily", date(2026, 8, 20))
    assert quiet.chart is None
    assert files.pictures(quiet) == ()


async def test_every_number_of_a_bonus_stands_on_its_facts(office: Office) -> None:
    report = await made(office, "bonus")
    bodies, people = report.document.sections
    facts = [row for sheet in report.proof for row in sheet.rows]
    answers = [row for row in facts if row[2] == "Направлено ответов"]
    by_person = {row[0]: row[3] for row in people.rows}
    for name, count in by_person.items():
        assert sum(row[4] == name for row in answers) == count
    async with office.work() as work:
        for row in answers[:20]:
            case = await work.cases.find(str(row[3]))
            assert case is not None
            events = {entry.id: entry.fact.event
                      for entry in await work.journal.of_case(case.id)}
            assert events[int(str(row[0]))] == "dispatch"
    body = next(row for row in bodies.rows if row[2] and row[3])
    answers_, late, back = (float(str(body[place])) for place in (2, 3, 5))
    assert body[-1] == round(max(0.0, (answers_ - late) / answers_ * (1 - back / answers_)), 2)
    assert bonus.FORMULA in report.document.notes


def test_small_numbers_cannot_be_told_from_public_statistics() -> None:
    shown = public.without_small({"Дороги": 40, "Дворы": 9, "Свет": 4, "Лифты": 3, "Парки": 1})
    assert shown == {"Дороги": 40, "Дворы": 9, "Прочие": 8}
    alone = public.without_small({"Дороги": 40, "Дворы": 9, "Свет": 2})
    assert alone == {"Дороги": 40, "Прочие": 11}
    assert public.without_small({"Дороги": 2}) == {}


async def test_public_statistics_name_nobody(office: Office) -> None:
    report = await made(office, "public")
    pdf, xlsx = files.documents(report, files.pictures(report))
    book = openpyxl.load_workbook(io.BytesIO(xlsx.content))
    said = pdf_text(pdf.content) + " ".join(
        str(one) for sheet in book for row in sheet.iter_rows(values_only=True) for one in row)
    async with office.work() as work:
        directory = await work.people.directory()
    assert not [one.name for one in directory.people.values() if one.name.split()[0] in said]
    assert "ЕКЖ-" not in said
    assert "ул. Мира" not in said


async def test_map_shows_what_photos_tell_and_messages_about_the_same_address(office: Office
                                                                              ) -> None:
    """An executor's photo places its message; two more came of that address, one of another."""
    at = datetime(2026, 10, 31, 12, tzinfo=UTC)
    async with office.work() as work:
        first, second, third, fourth = [
            await kept_case(work, CitizenMessage("", "текст"), Applicant(), at) for _ in range(4)]
        places = {first.id: "ул. Новая, 1", second.id: "ул. Новая, 1", third.id: "УЛ. НОВАЯ, 1",
                  fourth.id: "ул. Новая, 2"}
        await work.journal.append([Fact(
            at, "case", "receive", "", "msed", "x", case_id, 1, after="received",
            details={"topic": "Дороги", "place": place}) for case_id, place in places.items()])
        await work.journal.append([Fact(
            at + timedelta(hours=1), "part:0", "photo_judged", "", "system", "x", second.id, 1,
            details={"verdict": "same_angle", "latitude": "55.5", "longitude": "37.5"})])
    report = await Reports(office).make("programmes", DAY, periods.between(
        date(2026, 10, 1), date(2026, 10, 31)))
    (chart,) = report.maps
    assert sum(one.weight for one in chart.spots if one.latitude == 55.5) == 3
    mapped = sum(one.weight for one in chart.spots)
    assert f"На карте: {mapped} из {mapped + 1}." in report.said


async def test_map_takes_the_directorys_addresses_where_no_photo_tells(office: Office) -> None:
    at = datetime(2026, 10, 31, 12, tzinfo=UTC)
    async with office.work() as work:
        cases = [await kept_case(work, CitizenMessage("", "текст"), Applicant(), at)
                 for _ in range(4)]
        said = (("ул. Новая, 1", {"latitude": "55.5", "longitude": "37.5"}),
                *[("ул. Старая, д. 3", dict[str, str]())] * 3)
        await work.journal.append([Fact(
            at, "case", "receive", "", "msed", "x", case.id, 1, after="received",
            details={"topic": "Дороги", "place": place, **where})
            for case, (place, where) in zip(cases, said, strict=True)])
        await work.people.import_all((), (), (), (), [
            Address("", "Новая улица", "", 55.7, 37.7),
            Address("", "Старая ул.", "3", 55.61239, 37.6)])
    report = await Reports(office).make("programmes", DAY, periods.between(
        date(2026, 10, 1), date(2026, 10, 31)))
    (chart,) = report.maps
    assert {(one.latitude, one.longitude): one.weight for one in chart.spots
            if one.label in {"ул. Новая, 1", "ул. Старая, д. 3"}} == {
        (55.5, 37.5): 1, (55.612, 37.6): 3}
    repeated = next(one for one in report.document.sections
                    if one.heading == "Повторяющиеся места")
    assert repeated.columns[-1].title == "Координаты"
    assert [row[-1] for row in repeated.rows if row[0] == "ул. Старая, д. 3"] == ["55.612, 37.6"]


async def test_small_numbers_are_not_told_above_the_table_either(office: Office) -> None:
    """What «менее 5» hides in the table, the sentence before it must not tell."""
    few = 0
    for day in range(1, 32):
        span = periods.between(date(2026, 10, day), date(2026, 10, day))
        report = await Reports(office).make("public", DAY, span)
        for line, code in zip(report.said, ("arrived", "answers"), strict=True):
            small = 0 < report.figures[code] < public.FEWEST
            few += small
            assert ("менее 5" in line) is small
            assert not (small and "%" in line)
    assert few > 5


async def test_period_that_has_not_begun_is_refused_with_advice(office: Office) -> None:
    with pytest.raises(NotAcceptedError, match="ещё не начался"):
        await Reports(office).make("monthly", date(2026, 12, 1))


async def test_report_of_today_says_until_when_it_counts(office: Office) -> None:
    report = await Reports(office).make("daily", date(2026, 11, 2))
    assert report.document.period == "за 2 ноября 2026 г. (на 02.11.2026 09:30)"
    assert isinstance((await made(office, "weekly")).chart, Bars)

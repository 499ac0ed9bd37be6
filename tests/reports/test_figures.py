"""Every figure is what its definition says, counted a second way; periods add up."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from zoneinfo import ZoneInfo

import pytest

from core.calendar import MOSCOW, WorkingCalendar
from core.journal import Fact
from core.regulation.clauses import CLAUSES
from core.reports.facts import COUNTED, PHOTOS, FactRow, place_of
from core.reports.figures import FIGURES, STAGES, Kind
from core.reports.ledger import Ledger
from core.reports.page import figures_page
from core.reports.places import NOWHERE, territory_of
from core.reports.tally import Tally
from tests.reports import second_way
from tests.reports.history import CALENDAR, START, Chance

ROOT = Path(__file__).resolve().parents[2]
OCTOBER, NOVEMBER = datetime(2026, 10, 1, tzinfo=MOSCOW), datetime(2026, 11, 1, tzinfo=MOSCOW)
COUNTED_APART = {"stage_days"}


def as_rows(facts: list[Fact]) -> list[FactRow]:
    return [FactRow(number, one.at, one.case_id or 0, one.event, one.subject,
                    one.after, one.actor_id, one.details)
            for number, one in enumerate(facts, 1)]


def ledger_of(facts: list[Fact], start: datetime, cut: datetime,
              calendar: WorkingCalendar = CALENDAR) -> Ledger:
    ledger = Ledger(start, cut, calendar, second_way.BODIES)
    ledger.feed(row for row in as_rows(facts) if row.at < cut)
    ledger.finish()
    return ledger


@pytest.fixture(scope="module")
def facts() -> list[Fact]:
    return Chance(7).month(400)


def test_every_figure_comes_out_the_same_when_counted_by_its_words(facts: list[Fact]) -> None:
    ledger = ledger_of(facts, OCTOBER, NOVEMBER)
    counted = Counter((one.figure, one.body_id) for one in ledger.marks)
    assert counted == second_way.count(facts, OCTOBER, NOVEMBER)
    present = {figure for figure, _ in counted}
    wanted = {one.code for one in FIGURES if one.kind is not Kind.SHARE} - COUNTED_APART
    assert present >= wanted


def test_times_of_stages_come_out_the_same_when_their_hours_are_counted(facts: list[Fact]) -> None:
    ledger = Ledger(OCTOBER, NOVEMBER, CALENDAR, second_way.BODIES, with_stages=True)
    ledger.feed(row for row in as_rows(facts) if row.at < NOVEMBER)
    ledger.finish()
    tally, counted = Tally(ledger.marks, NOVEMBER), second_way.stages(facts, OCTOBER, NOVEMBER)
    assert counted.keys() == {*STAGES}
    for stage, days in counted.items():
        assert tally.days(stage) == pytest.approx(
            (len(days), median(days), quantiles(days, n=10, method="inclusive")[-1]))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Vladivostok", "America/Havana"])
def test_figures_are_those_of_their_words_wherever_the_office_is(
        facts: list[Fact], zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Summer time ends on 25 October in Berlin, on 1 November in Havana."""
    calendar = WorkingCalendar.official(zone=ZoneInfo(zone))
    monkeypatch.setattr(second_way, "CALENDAR", calendar)
    start, cut = (datetime(2026, month, 1, tzinfo=calendar.zone) for month in (10, 11))
    ledger = ledger_of(facts, start, cut, calendar)
    counted = Counter((one.figure, one.body_id) for one in ledger.marks)
    assert counted == second_way.count(facts, start, cut)


def test_periods_counted_in_one_go_are_those_counted_one_by_one(facts: list[Fact]) -> None:
    """A case that begins in one period, is late in the next and returned in the third."""
    borders = [datetime(2026, 9, 1, tzinfo=MOSCOW) + timedelta(days=7 * week)
               for week in range(12)]
    together = Ledger(borders[0], borders[0], CALENDAR, second_way.BODIES, with_stages=True)
    rows = as_rows(facts)
    for start, cut in pairwise(borders):
        together.follow(cut)
        together.feed(row for row in rows if start <= row.at < cut)
        together.finish()
        alone = Ledger(start, cut, CALENDAR, second_way.BODIES, with_stages=True)
        alone.feed(row for row in rows if row.at < cut)
        alone.finish()
        assert Counter(map(str, together.marks)) == Counter(map(str, alone.marks))
        assert together.marks


def test_days_add_up_to_the_month(facts: list[Fact]) -> None:
    flows = {one.code for one in FIGURES if one.kind is Kind.FLOW}
    days: Counter[str] = Counter()
    for number in range(31):
        day = OCTOBER + timedelta(days=number)
        marks = ledger_of(facts, day, day + timedelta(days=1)).marks
        days.update(one.figure for one in marks if one.figure in flows)
    month = Counter(one.figure for one in ledger_of(facts, OCTOBER, NOVEMBER).marks
                    if one.figure in flows)
    assert days == month


def test_a_past_period_does_not_change_with_what_came_later(facts: list[Fact]) -> None:
    early = [one for one in facts if one.at < NOVEMBER]
    assert ledger_of(early, OCTOBER, NOVEMBER).marks == ledger_of(
        facts, OCTOBER, NOVEMBER).marks


def test_every_event_that_counts_is_asked_of_the_journal(facts: list[Fact]) -> None:
    wanted = [one for one in facts if one.event in {*COUNTED, *PHOTOS}]
    assert ledger_of(wanted, START, NOVEMBER).marks
    assert Counter((one.figure, one.at) for one in ledger_of(wanted, START, NOVEMBER).marks
                   ) == Counter((one.figure, one.at)
                                for one in ledger_of(facts, START, NOVEMBER).marks)


def test_figures_cite_clauses_that_are_there() -> None:
    assert {one.clause for one in FIGURES} <= CLAUSES.keys()
    assert len({one.code for one in FIGURES}) == len(FIGURES)


def test_page_of_the_definitions_is_as_the_table_says() -> None:
    page = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
    assert page == figures_page(), "выполните python -m core.reports"


@pytest.mark.parametrize(("said", "kept"), [
    ("г. Мытищи, ул. Мира, д. 5, кв. 17", "г. Мытищи, ул. Мира, д. 5"),
    ("ул. Мира, 5, квартира № 3а", "ул. Мира, 5"),
    ("ул. Кварцевая, 7", "ул. Кварцевая, 7"),
    ("ул. Офицерская,  9 , офис 12", "ул. Офицерская, 9"),
])
def test_place_in_the_facts_ends_at_the_building(said: str, kept: str) -> None:
    assert place_of(said) == kept


@pytest.mark.parametrize(("place", "territory"), [
    ("г. Мытищи, ул. Мира, д. 5", "г. Мытищи"), ("Мытищи, ул. Мира, 12", "Мытищи"),
    ("мытищи, олимпийский проспект, 3", "Мытищи"),
    ("Московская область, Мытищи, Новый проезд, 4", "Мытищи"),
    ("141008, Нижнее Лосево, переулок Лесной", "Нижнее Лосево"),
    ("ул. Мира, 5", NOWHERE), ("Двор, ул. Мира", NOWHERE), ("Парк у пруда, ул. Мира", NOWHERE),
    ("Детская площадка, ул. Мира", NOWHERE),
    ("Мира, 5", NOWHERE), ("", NOWHERE)])
def test_territory_is_the_settlement_before_the_street(place: str, territory: str) -> None:
    assert territory_of(place) == territory
    assert territory_of(place, ["Лосево"]) == ("Лосево" if "Лосево" in place else territory)

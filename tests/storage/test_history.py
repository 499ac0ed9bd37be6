"""The made-up history that measurements are taken on is a history as the office writes it."""

from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.calendar import MOSCOW
from core.people import Actor, Channel
from core.regulation.lifecycle import LIFECYCLE
from core.regulation.terms import Role, State
from core.usecases.casecards import make_card
from storage import cases, documents
from storage.database import Database
from tests.benchmarks import history_city as city
from tests.benchmarks import history_courses as courses
from tests.benchmarks.history import NOW, History
from tests.benchmarks.history_mould import Day, mould_of, played, working_days
from tests.benchmarks.history_tables import PostgresTables, SqliteTables
from tests.builders import kept_case

CASES = 160
COLUMNS = ("state", "final", "round", "version", "topic", "category", "place_folded",
           "portal_number_folded", "official_id", "document")
SYSTEM = Actor(Channel.SYSTEM, "test", speaks_for=frozenset({Role.SYSTEM}))
DAYS = working_days(courses.CALENDAR, date(2025, 12, 1), date(2026, 6, 30))
ITSELF = {one: one for one in (
    str(courses.CASE_ID), str(courses.LETTER_ID), courses.NUMBER, courses.EARLIER, courses.PORTAL,
    courses.TEXT, courses.PLACE, courses.LETTER_NUMBER,
    *(f"{courses.SHA}{n:x}" for n in range(16)))}


@pytest.fixture
async def filled(database: Database, migrated_postgres: str | None, tmp_path: Path) -> Database:
    """Three months of a small town."""
    tables = (SqliteTables(tmp_path / "rakurs.db") if migrated_postgres is None
              else await PostgresTables.connect(migrated_postgres))
    await History(tables, a_year=500).fill(CASES)
    return database


async def test_history_reads_back_as_the_core_wrote_it_and_goes_on(filled: Database) -> None:
    async with filled.work() as work:
        assert work._client is not None
        directory = await work.people.directory()
        found = list(await work.cases.several(range(1, CASES + 1)))
        rows = {row["id"]: row for row in await work._client.execute_query_dict(
            "SELECT * FROM cases")}
        entries = [(case, await work.journal.of_case(case.id)) for case in found]
        linked = defaultdict(set)
        for row in await work._client.execute_query_dict("SELECT * FROM case_people"):
            linked[row["case_id"]].add(row["person_id"])
        assert await work.journal.first_break() is None
    assert len(found) == CASES
    assert directory.people == city.directory().people
    for case in found:
        written = cases.columns(case)
        assert {name: written[name] for name in COLUMNS} == {
            name: rows[case.id][name] for name in COLUMNS}
        assert linked[case.id] == cases.participants(case)
        assert make_card(case, SYSTEM, directory, courses.CALENDAR, NOW.astimezone(UTC),
                         mask_contacts=True).number == case.number
    moves = {(row.state.value, row.event.value, row.to.value) for row in LIFECYCLE}
    for case, history in entries:
        steps = [one.fact for one in history if one.fact.subject == "case"]
        assert {(one.before, one.event, one.after) for one in steps[1:]} <= moves
        assert steps[-1].after == case.state.value
        assert all(one.fact.at <= NOW for one in history)
    await _goes_on(filled)


async def _goes_on(filled: Database) -> None:
    """Work goes on upon the history as upon any other."""
    async with filled.work() as work:
        waiting = await work.cases.in_states(State.RECEIVED, State.REGISTERED, State.ASSIGNED)
        case = await kept_case(work, waiting[0].message, await work.cases.applicant(1), NOW)
        await work.cases.save(waiting[0])
        await work.journal.append([(await work.journal.of_case(1))[0].fact])
        year = NOW.year - 1
        letters = await work.letters.registered_between(
            datetime(year, 1, 1, tzinfo=MOSCOW), datetime(year + 1, 1, 1, tzinfo=MOSCOW))
        assert (case.id, case.number[:9]) == (CASES + 1, "ЕКЖ-2026-")
        assert await work.letters.next_number("А", year) == len(letters) + 1
        assert await work.journal.first_break() is None


@pytest.mark.parametrize("course", courses.COURSES, ids=range(len(courses.COURSES)))
def test_mould_filled_for_a_day_is_the_play_of_that_day(course: courses.Course) -> None:
    first = date(2025, 12, 24)
    body = 7
    here = played(course, city.TOPICS[4], body, city.staff_of(body)[3], 1)
    there = played(course, city.TOPICS[4], body, city.staff_of(body)[3], 1, first=first)
    day = Day(DAYS, DAYS.index(first), datetime.isoformat)
    assert mould_of(here).document.fill(ITSELF, day) == documents.write(there.case)
    assert len(here.facts) == len(there.facts)
    for mould, fact in zip(mould_of(here).facts, there.facts, strict=True):
        assert day.moment(mould.at) == fact.at.astimezone(UTC).isoformat()

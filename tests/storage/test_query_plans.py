"""What the office asks all day is found by an index: it costs the same after years of work."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from core.case import CitizenMessage
from core.inbound import Applicant, NewMessage
from core.people import Channel
from core.regulation.terms import Event
from core.reports.facts import COUNTED
from core.usecases import audit
from core.usecases.absences import Absences
from core.usecases.housekeeping import Housekeeping
from core.usecases.letterwatch import LetterWatch
from core.usecases.reference import Reference
from core.usecases.registers import Registers
from core.usecases.staff import Staff
from storage.database import Database
from storage.sqlite import ImmediateTransaction
from tests.benchmarks import history_city as city
from tests.benchmarks.history import NOW, History
from tests.benchmarks.history_costs import questions
from tests.benchmarks.history_tables import PostgresTables, SqliteTables
from tests.bot.city import message
from tests.usecases.office.house import House, StillClock

GROWING = ("cases", "case_people", "case_numbers", "applicants", "letters", "journal", "outbox",
           "sources", "mail", "answer_marks", "fingerprints", "tokens", "shown_cards",
           "sent_letters", "place_words")
"""Tables that grow with the years."""
MADE = re.compile(r"^\s*(SELECT|UPDATE|DELETE|WITH)", re.IGNORECASE)

Asked = list[tuple[str, list[Any]]]


@contextmanager
def listening(client: type[TransactionalDBClient], asked: Asked,
              patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything that is sent to the database meanwhile, each kind of statement once."""
    seen: set[str] = set()

    def heard(query: str, values: Any) -> None:
        shape = re.sub(r"\([?$\d, ]+\)", "(…)", query)
        if shape not in seen and MADE.match(query) and "1=0" not in query:
            seen.add(shape)
            asked.append((query, list(values or ())))

    def wrapped(name: str) -> Callable[..., Awaitable[Any]]:
        original = getattr(client, name)

        async def call(self: Any, query: str, values: Any = None, *rest: Any, **more: Any) -> Any:
            heard(query, values)
            return await original(self, query, values, *rest, **more)
        return call

    with patch.context() as patched:
        if issubclass(client, ImmediateTransaction):
            at_once = client.at_once

            def heard_at_once(self: ImmediateTransaction, query: str, values: Any) -> Any:
                heard(query, values)
                return at_once(self, query, values)

            patched.setattr(client, "at_once", heard_at_once)
        for name in ("execute_query", "execute_query_dict"):
            patched.setattr(client, name, wrapped(name))
        yield


async def a_day(house: House) -> None:
    """Every question that grows old: taps, the minute's beat, the day's routines, letters in."""
    for _, question in await questions(house):
        await question()
    await house.control.scan()
    await house.control.digest()
    await house.control.digest_if_due()
    await house.control.own_digests_if_due()
    await Housekeeping(house.office).tidy_if_due()
    await LetterWatch(house.office).remind()
    await Registers(house.office).hand_out_if_due()
    await Reference(house.office).remind_if_due()
    await Absences(house.office).hand_over_if_due()
    await Staff(house.office).tell_if_left()
    await house.intake.accept(house.mail(NewMessage(message())))
    await house.carry()
    await audit.first_break(house.office.work)
    async with house.office.work() as work:
        case = await work.cases.get(1)
        await work.cases.save(case)
        await work.cases.beside(case, NOW - timedelta(days=60), 200)
        await work.letters.of_case(1)
        await work.mailbox.of_case(1)
        await work.journal.passages([1, 2])
        await work.fingerprints.of_cases([1])
        await work.tokens.find("0" * 64)
        await work.facts.between(COUNTED, NOW - timedelta(days=1), NOW)
        await work.facts.before(COUNTED, [1, 2], NOW)
        await work.facts.open_now()
        await work.facts.turned(NOW - timedelta(days=1))
        await work.facts.turned(NOW - timedelta(days=2), NOW - timedelta(days=1))
        await work.facts.first_at()
        await work.outbox.hold([1], NOW)
        await work.outbox.letters_of_case(1)
        await work.journal.count(Event.DISPATCH.value, NOW - timedelta(days=1), NOW)
        await work.cases.with_person(city.OFFICIALS[0])
        await work.outbox.claim(Channel.TELEGRAM, NOW, NOW, 5)


async def test_no_question_of_the_day_reads_a_table_that_grows_from_end_to_end(
        database: Database, migrated_postgres: str | None, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    tables = (SqliteTables(tmp_path / "rakurs.db") if migrated_postgres is None
              else await PostgresTables.connect(migrated_postgres))
    await History(tables, a_year=500).fill(40)
    clock = StillClock()
    clock.moment = NOW
    house = await House.open(database, clock)
    asked: Asked = []
    async with house.office.work() as work:
        client = getattr(work, "_client")  # noqa: B009
    with listening(type(client), asked, monkeypatch):
        await a_day(house)
    assert len(asked) > 50, "the questions were heard"
    scans = {query: plan for query, values in asked
             if (plan := await whole_reads(database, query, values))}
    assert not scans, "\n".join(f"{plan}: {query}" for query, plan in scans.items())


async def test_messages_of_a_street_are_found_by_its_places_and_not_among_all_that_came_before(
        database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    if database.path is None:
        pytest.skip("the server chooses by what it counts in its tables")
    asked: Asked = []
    async with database.work() as work:
        case, _ = await work.cases.add_all(
            [(CitizenMessage("", "Яма", place="ул. Лётная, 12"), Applicant())] * 2, NOW)
        client = getattr(work, "_client")  # noqa: B009
        with listening(type(client), asked, monkeypatch):
            await work.cases.beside(case, NOW - timedelta(days=60), 200)
        plan = [row["detail"] for query, values in asked for row in
                await client.execute_query_dict(f"EXPLAIN QUERY PLAN {query}", values)]
    read = [one for one in plan if re.match(r"SEARCH (cases|place_words) ", one)]
    assert len(read) == 4
    assert all(re.search(r"\((rowid=|word=|place_folded=)\?", one) for one in read), read


async def whole_reads(database: Database, query: str, values: list[Any]) -> list[str]:
    """The growing tables that a plan reads from end to end, as such or by a whole index.

    PostgreSQL reads a small table whole whatever there is to find it by. It is asked twice:
    forbidden that, and then allowed only what looks something up in an index.
    """
    async with database.work() as work:
        client = getattr(work, "_client")  # noqa: B009
        if database.path is not None:
            rows = await client.execute_query_dict(f"EXPLAIN QUERY PLAN {query}", values)
            return _growing([row["detail"] for row in rows if "SCAN" in row["detail"]])
        least = list(GROWING)
        for forbidden in ("seqscan", "indexscan", "indexonlyscan"):
            await client.execute_query(f"SET LOCAL enable_{forbidden} = off")
            rows = await client.execute_query_dict(f"EXPLAIN {query}", values)
            nodes = "\n".join(row["QUERY PLAN"] for row in rows).split("->")
            least = min(least, _growing([
                one for one in nodes if "Scan" in one and "Index Cond" not in one
                and "Bitmap Heap" not in one]), key=len)
        return least


def _growing(nodes: list[str]) -> list[str]:
    read = re.compile(rf"(?:SCAN|on) ({'|'.join(GROWING)})\b")
    return [match[1] for one in nodes if (match := read.search(one.replace('"', "")))]

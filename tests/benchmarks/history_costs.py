"""What the office's daily questions cost over a long history (``history.py`` makes one).

``python tests/benchmarks/history_costs.py FOLDER [--postgres URL] [--json OUT]`` asks the program
itself, with its clock at the history's end, and prints milliseconds: the best of several, and the
processor's time of the same, which other programs on the machine disturb less (on PostgreSQL the
server's own is not in it). «read open» is the floor: the documents of all open cases, bare.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot import collector  # noqa: E402
from core.cards import Queue  # noqa: E402
from core.people import Channel, Person  # noqa: E402
from core.regulation.terms import Event, State  # noqa: E402
from core.reports import periods  # noqa: E402
from core.textchecks import twins  # noqa: E402
from core.usecases import audit  # noqa: E402
from core.usecases.control import Control  # noqa: E402
from core.usecases.lookups import Lookups  # noqa: E402
from core.usecases.reports import Reports  # noqa: E402
from storage.cases import OPEN  # noqa: E402
from storage.database import open_database  # noqa: E402
from tests.benchmarks import history_city as city  # noqa: E402
from tests.benchmarks.history import NOW  # noqa: E402
from tests.usecases.office.house import House, StillClock  # noqa: E402

TIMES = 5
READ_OPEN = "SELECT document FROM cases WHERE final = {final} AND state IN ({states})"
Question = Callable[[], Awaitable[object]]


@dataclass
class Costs:
    """Milliseconds by name: the best of the clock, and of the processor's time."""

    figures: dict[str, tuple[float, float]] = field(default_factory=dict)

    async def of(self, name: str, question: Question, times: int = TIMES) -> None:
        """Ask so many times."""
        spent, worked = [], []
        for _ in range(times):
            began, before = time.perf_counter(), time.process_time()
            await question()
            worked.append(time.process_time() - before)
            spent.append(time.perf_counter() - began)
        self.figures[name] = (min(spent) * 1000, min(worked) * 1000)
        sys.stderr.write(f"{name:28}{self.figures[name][0]:10.1f}{self.figures[name][1]:10.1f}\n")


async def office(url: str, folder: Path) -> House:
    """The program over the history, at its end."""
    collector.spare()
    clock = StillClock()
    clock.moment = NOW
    return await House.open(await open_database(url, folder), clock)


def _sql(house: House, statement: str) -> Question:
    async def ask() -> None:
        async with house.office.work() as work:
            client = getattr(work, "_client")  # noqa: B009
            await client.execute_query_dict(statement)
    return ask


async def questions(house: House) -> Iterable[tuple[str, Question]]:
    """What is asked every minute, at every tap and once a day."""
    lookups = house.lookups
    people = city.directory()
    desk, official, lead = (people.person(one) for one in (
        city.DESK[0], city.OFFICIALS[0], city.staff_of(3)[0]))
    actor = await house.actor(desk.id)
    async with house.office.work() as work:
        newest = list(await work.cases.open_versions())[-1]
        case = await work.cases.get(newest // 2)
    marks = twins.marks("Во дворе по адресу Мира, 12 выполнен ремонт карусели, работы приняты "
                        "комиссией и фотографии прилагаются к ответу администрации.")
    now: datetime = house.office.clock.now()
    no = "FALSE" if house.database.path is None else "0"

    async def storage(ask: Callable[..., Awaitable[object]]) -> None:
        async with house.office.work() as work:
            await ask(work)

    return (
        ("read open", _sql(house, READ_OPEN.format(
            final=no, states=', '.join(map(repr, OPEN))))),
        ("card", lambda: lookups.card(actor, case.id)),
        ("find our number", lambda: lookups.find(actor, case.number)),
        ("find digits", lambda: lookups.find(actor, str(int(case.number[-6:])))),
        ("find portal number", lambda: lookups.find(actor, case.message.portal_number)),
        ("history of a case", lambda: lookups.history(actor, case.id)),
        ("menu of an executor", lambda: _menu(house, lead)),
        ("menu of an official", lambda: _menu(house, official)),
        ("menu of the desk", lambda: _menu(house, desk)),
        ("queue of the desk", lambda: lookups.in_queue(desk, Queue.REGISTER)),
        ("overdue", lambda: lookups.overdue(desk)),
        ("loads of executors", lookups.loads),
        ("place, common words", lambda: lookups.at_place(desk, "Мира 12")),
        ("place, executor's", lambda: lookups.at_place(lead, "Мира")),
        ("place, nowhere", lambda: lookups.at_place(desk, "Неведомая 999")),
        ("cases at work", lambda: storage(lambda work: work.cases.in_states(State.ASSIGNED))),
        ("open versions", lambda: storage(lambda work: work.cases.open_versions())),
        ("twins of an answer", lambda: storage(
            lambda work: work.answer_marks.cases_with(marks, 8))),
        ("arrived and answered", lambda: storage(lambda work: work.journal.count(
            Event.DISPATCH.value, now - timedelta(days=1), now))),
        ("last answers", lambda: storage(
            lambda work: work.journal.latest_cases(Event.DISPATCH.value, 3000))),
        ("claim of the outbox", lambda: storage(lambda work: work.outbox.claim(
            Channel.EMAIL, now, now, 1))),
        ("deliveries in trouble", lambda: storage(lambda work: work.outbox.troubled())),
        ("lost claims", lambda: storage(lambda work: work.outbox.claimed_and_lost(now))),
        ("reply's letter", lambda: storage(
            lambda work: work.outbox.by_message_ref("<777@gorod.test>"))),
        ("unclear mail", lambda: storage(lambda work: work.mailbox.unclear())),
        ("is a letter known", lambda: storage(lambda work: _seen(house, work))),
        ("letters awaited", lambda: storage(lambda work: work.letters.unanswered())),
        ("dispatch register, month", lambda: storage(
            lambda work: work.letters.registered_between(now - timedelta(days=31), now))),
    )


async def _menu(house: House, person: Person) -> None:
    """What the counters of the menu ask, but for the mail."""
    await house.lookups.waiting(person)
    await house.lookups.overdue(person)


async def _seen(house: House, work: object) -> None:
    mailbox = getattr(work, "mailbox")  # noqa: B009
    await mailbox.fresh([await mailbox.get(1)])


async def measure(url: str, folder: Path) -> Costs:
    """Every question of this history."""
    costs = Costs()
    house = await office(url, folder)
    for name, question in await questions(house):
        await costs.of(name, question)
    await costs.of("overdue after a start",
                   lambda: Lookups(house.office).overdue(city.directory().person(city.DESK[0])), 2)
    await costs.of("first scan of the day", Control(house.office).scan, 1)
    await costs.of("scan after a restart", lambda: Control(house.office).scan(), 2)
    control = Control(house.office)
    await control.scan()
    await costs.of("minute scan", control.scan)
    await costs.of("first digest", lambda: Control(house.office).digest(), 2)
    await control.digest()
    await costs.of("digest", control.digest, 3)
    for name, question in reports(house):
        await costs.of(name, question, 2)
    await costs.of("start of photo memory", lambda: _memory(house), 1)
    if await _entries(house) < 3_000_000:
        await costs.of("journal's chain", lambda: _chain(house), 1)
    await house.database.close()
    return costs


async def measure_reports(url: str, folder: Path) -> Costs:
    """The reports, and the floor."""
    costs = Costs()
    house = await office(url, folder)
    name, floor = next(iter(await questions(house)))
    await costs.of(name, floor)
    for name, question in reports(house):
        await costs.of(name, question, 2)
    await house.database.close()
    return costs


def reports(house: House) -> Iterable[tuple[str, Question]]:
    """The reports of section 6 over the busiest month, December, and over the year before it."""
    made = Reports(house.office)
    december, year = date(2025, 12, 1), periods.between(date(2025, 1, 1), date(2025, 12, 31))
    friday = NOW.date() - timedelta(days=4)
    return (
        ("daily report", lambda: made.make("daily", friday)),
        ("weekly report", lambda: made.make("weekly", friday)),
        ("month report", lambda: made.make("monthly", december)),
        ("public statistics, month", lambda: made.make("public", december)),
        ("bonus figures, month", lambda: made.make("bonus", december)),
        ("year report", lambda: made.make("bonus", december, year)),
        ("analysis of a year", lambda: made.make("programmes", december)),
    )


async def _memory(house: House) -> None:
    from core.usecases.reuse import Memory
    await Memory(house.office).fill()


async def _entries(house: House) -> int:
    async with house.office.work() as work:
        client = getattr(work, "_client")  # noqa: B009
        head = await client.execute_query_dict("SELECT last_id FROM journal_head")
    return int(head[0]["last_id"])


async def _chain(house: House) -> None:
    assert await audit.first_break(house.office.work) is None


def main() -> None:
    """Print the figures; keep them where asked."""
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--reports", action="store_true", help="the reports alone")
    arguments = parser.parse_args()
    url = arguments.postgres or f"sqlite://{arguments.folder / 'rakurs.db'}"
    ask = measure_reports if arguments.reports else measure
    costs = asyncio.run(ask(url, arguments.folder))
    floor = costs.figures["read open"][0]
    for name, (spent, worked) in costs.figures.items():
        sys.stdout.write(f"{name:28}{spent:10.1f} ms{worked:10.1f} ms{spent / floor:9.2f} x\n")
    if arguments.json:
        arguments.json.write_text(json.dumps(costs.figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()

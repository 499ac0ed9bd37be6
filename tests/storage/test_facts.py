"""The journal as the reports read it, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.case import CitizenMessage
from core.inbound import Applicant
from core.journal import Fact
from core.ports import UnitOfWork
from core.regulation.terms import State
from storage.database import Database
from tests.builders import kept_case

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EVENTS = ("receive", "register", "publish")


def fact(case_id: int, event: str, before: str, after: str, hour: float, **details: str) -> Fact:
    return Fact(at=NOON + timedelta(hours=hour), subject="case", event=event, actor="",
                channel="system", source="", case_id=case_id, round=1, before=before, after=after,
                details=details)


async def a_case(work: UnitOfWork, state: State = State.RECEIVED) -> int:
    message = CitizenMessage("", "текст", "Двор", "Дворы", "ул. Мира, 5, кв. 7")
    case = await kept_case(work, message, Applicant("", ""), NOON)
    if state is not case.state:
        await work.cases.save(replace(case, state=state))
    return case.id


async def test_facts_of_a_period_come_in_order_and_only_those_asked_for(database: Database
                                                                        ) -> None:
    async with database.work() as work:
        one = await a_case(work)
        await work.journal.append([
            fact(one, "receive", "", "received", 0, topic="Дороги"),
            fact(one, "save_draft", "assigned", "assigned", 1),
            fact(one, "publish", "dispatched", "published", 2),
            fact(one, "register", "received", "registered", 1),
            fact(one, "register", "received", "registered", 3)])
        rows = await work.facts.between(EVENTS, NOON, NOON + timedelta(hours=3))
        earlier = await work.facts.before(EVENTS, [one, 77], NOON + timedelta(hours=2))
    assert [(row.event, row.at) for row in rows] == [
        ("receive", NOON), ("register", NOON + timedelta(hours=1)),
        ("publish", NOON + timedelta(hours=2))]
    assert rows[0].details == {"topic": "Дороги"}
    assert [row.event for row in earlier] == ["receive", "register"]


async def test_fact_without_details_takes_the_topic_from_its_case(database: Database) -> None:
    async with database.work() as work:
        one = await a_case(work)
        await work.journal.append([fact(one, "receive", "", "received", 0)])
        rows = await work.facts.between(EVENTS, NOON, NOON + timedelta(hours=1))
        numbers = await work.facts.numbers([one])
    assert rows[0].details == {"topic": "Дворы", "category": "Двор", "place": "ул. мира, 5"}
    assert numbers == {one: "ЕКЖ-2026-000001"}


async def test_what_ended_or_came_back_since_tells_who_was_open(database: Database) -> None:
    async with database.work() as work:
        still, since, resting = [await a_case(work) for _ in range(3)]
        answered = await a_case(work, State.PUBLISHED)
        later = await a_case(work)
        await work.journal.append([
            *(fact(one, "receive", "", "received", 0)
              for one in (still, since, resting, answered)),
            fact(resting, "publish", "dispatched", "published", 1),
            fact(answered, "publish", "dispatched", "published", 4),
            fact(since, "register", "received", "registered", 5),
            fact(resting, "citizen_return", "published", "received", 6),
            fact(later, "receive", "", "received", 7)])
        now = await work.facts.open_now()
        since_three = await work.facts.turned(NOON + timedelta(hours=3))
        until_six = await work.facts.turned(NOON + timedelta(hours=3), NOON + timedelta(hours=6))
        first = await work.facts.first_at()
    assert set(now) == {still, since, resting, later}
    assert since_three == {answered: True, resting: False, later: False}
    assert until_six == {answered: True}
    assert first == NOON

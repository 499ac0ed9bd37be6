"""The journal of facts, on either database."""

from dataclasses import replace
from datetime import timedelta

from core.journal import Checked, Fact
from storage.database import Database
from tests.storage.contract.values import MOSCOW, NOW, fact


class TestJournal:
    async def test_history_comes_back_in_order_and_chained(self, database: Database) -> None:
        async with database.work() as work:
            await work.journal.append([fact("receive"), fact("other", case_id=2)])
            await work.journal.append([fact("register")])
            entries = await work.journal.of_case(1)
            assert [one.fact for one in entries] == [fact("receive"), fact("register")]
            assert [one.id for one in entries] == [1, 3]
            other = await work.journal.of_case(2)
            assert entries[1].previous == other[0].digest
            assert other[0].previous == entries[0].digest
            assert await work.journal.first_break() is None

    async def test_facts_of_a_day_are_counted_from_its_first_moment_to_before_its_last(
            self, database: Database) -> None:
        async with database.work() as work:
            await work.journal.append([
                replace(fact(), at=NOW + timedelta(hours=hours)) for hours in (-1, 0, 1, 2)])
            await work.journal.append([fact("dispatch")])
            counted = await work.journal.count(
                "register", NOW.astimezone(MOSCOW), NOW + timedelta(hours=2))
        assert counted == 2

    async def test_the_way_of_a_case_is_its_changes_of_state_in_order(self, database: Database
                                                                      ) -> None:
        def step(case_id: int, event: str, before: str, after: str, hours: int) -> Fact:
            return replace(fact(event), case_id=case_id, subject="case", before=before,
                           after=after, at=NOW + timedelta(hours=hours))

        async with database.work() as work:
            await work.journal.append([
                step(1, "receive", "", "received", 0), step(2, "receive", "", "received", 1),
                step(1, "save_draft", "assigned", "assigned", 2),
                replace(step(1, "deliver", "given", "delivered", 2), subject="part:0"),
                step(1, "dispatch", "answer_registered", "dispatched", 4),
                step(2, "dispatch", "answer_registered", "dispatched", 3)])
            passages = await work.journal.passages([1, 2, 77])
            assert [(one.case_id, one.state, one.at) for one in passages] == [
                (1, "received", NOW), (2, "received", NOW + timedelta(hours=1)),
                (1, "dispatched", NOW + timedelta(hours=4)),
                (2, "dispatched", NOW + timedelta(hours=3))]
            assert await work.journal.latest_cases("dispatch", 2) == [1, 2]
            assert await work.journal.latest_cases("dispatch", 1) == [1]
            assert await work.journal.latest_cases("publish", 5) == []

    async def test_the_chain_is_followed_step_by_step_while_the_journal_grows(
            self, database: Database) -> None:
        checked = Checked()
        for number in range(4):
            async with database.work() as work:
                await work.journal.append([fact(f"step{number}a"), fact(f"step{number}b")])
            async with database.work() as work:
                checked = await work.journal.check(checked, 2)
            assert (checked.last_id, checked.broken, checked.over) == (2 * number + 2, None, False)
        async with database.work() as work:
            assert await work.journal.check(checked, 2) == replace(checked, over=True)
            wrong = replace(checked, digest="0" * 64)
            await work.journal.append([fact("after")])
            assert (await work.journal.check(wrong, 2)).broken == 9

    async def test_appending_nothing_is_nothing(self, database: Database) -> None:
        async with database.work() as work:
            await work.journal.append([])
            assert await work.journal.first_break() is None

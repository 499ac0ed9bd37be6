"""Cards in the chats and what is forgotten in time, on either database."""

from dataclasses import replace
from datetime import timedelta

from core.ports import Prompt, ShownCard, StoredUpdate, Token
from storage.database import Database
from tests.storage.contract.values import MOSCOW, NOW, add_case


class TestShownCards:
    async def test_card_is_behind_once_its_case_has_moved(self, database: Database) -> None:
        async with database.work() as work:
            case = await add_case(work)
            card = ShownCard(70, 5, 1, case.id, case.version, "stamp", "Вам поручено", "look")
            assert await work.shown.put(card, NOW) is None
            assert await work.shown.put(replace(card, look="other"), NOW) is None
            assert await work.shown.behind(9) == []
            moved = await work.cases.save(case)
        async with database.work() as work:
            (old,) = await work.shown.behind(9)
            new = replace(old, case_version=moved.version, head="", look="new")
            assert await work.shown.caught_up(old, new)
            assert await work.shown.behind(9) == []
            newer = replace(new, message_id=6)
            assert await work.shown.put(newer, NOW) == new
            assert not await work.shown.caught_up(new, replace(new, look="late"))
            await work.shown.forget(new)
            assert await work.shown.put(new, NOW) == newer

    async def test_card_edited_past_a_newer_state_is_behind_again(self, database: Database
                                                                  ) -> None:
        async with database.work() as work:
            case = await work.cases.save(await add_case(work))
            old = ShownCard(70, 5, 1, case.id, 1, "stamp", "", "look")
            newest = replace(old, case_version=case.version, look="newest")
            await work.shown.put(newest, NOW)
            await work.shown.caught_up(old, replace(old, case_version=case.version, look="older"))
            (again,) = await work.shown.behind(9)
            assert (again.message_id, again.case_version) == (5, 0)
            assert await work.shown.purge(NOW) == 0
            assert await work.shown.purge(NOW + timedelta(seconds=1)) == 1

    async def test_card_with_an_open_choice_is_marked_until_the_choice_is_over(
            self, database: Database) -> None:
        async with database.work() as work:
            case = await work.cases.save(await add_case(work))
            card = ShownCard(70, 5, 1, case.id, case.version, "stamp", "", "look")
            await work.shown.put(card, NOW)
            await work.shown.choose(70, 4)
            assert await work.shown.still(card), "another message"
            await work.shown.choose(70, 5)
            assert not await work.shown.still(card)
            await work.shown.go_on(70, 5, 6)
            assert await work.shown.behind(9) == []
            assert await work.shown.chosen(70, 5) == 0
            assert await work.shown.chosen(70) == 1
            (again,) = await work.shown.behind(9)
            assert (again.message_id, again.choosing) == (6, False)


class TestPurging:
    async def test_only_what_is_old_and_done_with_is_forgotten(self, database: Database) -> None:
        old, border = NOW - timedelta(days=61), NOW - timedelta(days=60)
        async with database.work() as work:
            await work.prompts.put(Prompt(1, 1, 1, "assignment", 1), old)
            await work.prompts.put(Prompt(1, 2, 1, "album:7", 1), border)
            await work.updates.store([StoredUpdate(one, "{}", old) for one in (1, 2, 3)])
            await work.updates.handled(1, old)
            await work.updates.handled(2, NOW.astimezone(MOSCOW))
            for token in "abc":
                await work.tokens.add(token, Token("case", single_use=True),
                                      NOW if token == "b" else old)
            await work.tokens.use_up("a")
            await work.tokens.use_up("b")
            purged = [await work.prompts.purge(border.astimezone(MOSCOW)),
                      await work.updates.purge(border), await work.tokens.purge(border)]
        assert purged == [1, 1, 1]
        async with database.work() as work:
            assert await work.prompts.find(1, 1) is None
            assert await work.prompts.find(1, 2) is not None
            assert [one.update_id for one in await work.updates.unhandled()] == [3]
            assert await work.updates.store([StoredUpdate(2, "{}", NOW)]) == []
            assert await work.tokens.find("c") is not None
            assert [await one.purge(border) for one in (
                work.prompts, work.updates, work.tokens)] == [0, 0, 0]

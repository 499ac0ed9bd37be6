"""Updates are durable before they are confirmed, handled in order and once, not lost on stop."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiohttp import web

from bot import dispatcher, updates
from bot.courier import Pace
from bot.sandbox.limits import Fault
from bot.sandbox.people import Hand
from bot.sandbox.telegram import TelegramSandbox
from core.cards import CaseCard
from core.errors import AssistantError
from core.people import Actor
from core.ports import StoredUpdate, UnavailableError, UnitOfWork
from core.usecases.lookups import Lookups
from storage.database import Database
from tests.bot import city
from tests.bot.house import TOKEN, House, TestClock

ANNA, BORIS = city.telegram_id(1), city.telegram_id(2)


def update(update_id: int, person: int = ANNA) -> dict[str, Any]:
    """A text of a person."""
    return {"update_id": update_id, "message": {
        "message_id": update_id, "date": 0, "text": str(update_id),
        "chat": {"id": person, "type": "private"},
        "from": {"id": person, "is_bot": False, "first_name": "А"}}}


def queue_of(database: Database, feed: Callable[[updates.Raw], Awaitable[None]]
             ) -> updates.UpdateQueue:
    return updates.UpdateQueue(database.work, TestClock(), feed)


async def unhandled(database: Database) -> list[int]:
    async with database.work() as work:
        return [one.update_id for one in await work.updates.unhandled()]


async def test_one_persons_updates_keep_their_order_while_others_go_on(
        database: Database) -> None:
    seen: list[int] = []
    gate = asyncio.Event()

    async def feed(raw: updates.Raw) -> None:
        if raw["update_id"] == 1:
            await gate.wait()
        seen.append(raw["update_id"])
        if raw["update_id"] == 3:
            gate.set()

    queue = queue_of(database, feed)
    await queue.accept([update(1), update(2), update(3, BORIS), update(4)])
    await queue.idle()
    assert seen == [3, 1, 2, 4]
    assert await unhandled(database) == []


async def test_update_that_comes_again_is_not_fed_again(database: Database) -> None:
    seen: list[int] = []

    async def feed(raw: updates.Raw) -> None:
        seen.append(raw["update_id"])

    queue = queue_of(database, feed)
    await queue.accept([update(1)])
    await queue.accept([update(1), update(2)])
    await queue.idle()
    assert seen == [1, 2]


async def test_stop_waits_for_running_handlers_and_keeps_what_did_not_begin(
        database: Database) -> None:
    seen: list[int] = []
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def feed(raw: updates.Raw) -> None:
        begun.set()
        await may_end.wait()
        seen.append(raw["update_id"])

    queue = queue_of(database, feed)
    await queue.accept([update(1), update(2)])
    await begun.wait()
    stopping = asyncio.ensure_future(queue.stop())
    may_end.set()
    await stopping
    assert (seen, await unhandled(database)) == ([1], [2])
    again = queue_of(database, feed)
    assert await again.resume() == 1
    assert seen == [1, 2]


async def test_handler_that_does_not_end_is_cut_and_its_update_kept(database: Database) -> None:
    begun = asyncio.Event()

    async def feed(raw: updates.Raw) -> None:
        begun.set()
        await asyncio.Event().wait()

    queue = queue_of(database, feed)
    await queue.accept([update(1)])
    await begun.wait()
    await queue.stop(within=0.01)
    assert await unhandled(database) == [1]


async def test_update_that_kills_the_program_is_given_up_after_three_tries(
        database: Database, caplog: pytest.LogCaptureFixture) -> None:
    fed: list[int] = []

    async def deadly(raw: updates.Raw) -> None:
        fed.append(raw["update_id"])
        if raw["update_id"] == 1:
            raise asyncio.CancelledError

    async with database.work() as work:
        await work.updates.store([StoredUpdate(
            one, json.dumps(update(one)), TestClock().now()) for one in (1, 2)])
    for _ in range(3):
        with pytest.raises(asyncio.CancelledError):
            await queue_of(database, deadly).resume()
    assert await queue_of(database, deadly).resume() == 2
    assert fed == [1, 1, 1, 2]
    assert await unhandled(database) == []
    assert "update 1 is given up" in caplog.text


async def test_fault_in_a_handler_does_not_stop_the_next(database: Database) -> None:
    seen: list[int] = []

    async def feed(raw: updates.Raw) -> None:
        if raw["update_id"] == 1:
            raise ZeroDivisionError
        seen.append(raw["update_id"])

    queue = queue_of(database, feed)
    await queue.accept([update(1), update(2)])
    await queue.idle()
    assert (seen, await unhandled(database)) == ([2], [])


async def test_update_waits_for_a_database_that_is_away_and_the_later_ones_wait_behind_it(
        database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "PAUSES", (0.01,))
    fed: list[int] = []
    away = [True, True]

    async def feed(raw: updates.Raw) -> None:
        fed.append(raw["update_id"])
        if away and raw["update_id"] == 1 and away.pop():
            raise UnavailableError("База данных не отвечает.")

    queue = queue_of(database, feed)
    await queue.accept([update(1), update(2)])
    await queue.idle()
    assert fed == [1, 1, 1, 2]
    assert await unhandled(database) == []


async def test_noting_an_update_waits_for_the_database_without_doing_it_again(
        database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "PAUSES", (0.01,))
    fed: list[int] = []
    faults: list[int] = []

    def work() -> UnitOfWork:
        if fed and len(faults) < 9:
            faults.append(len(fed))
            raise UnavailableError("База данных не отвечает.")
        return database.work()

    async def feed(raw: updates.Raw) -> None:
        fed.append(raw["update_id"])

    queue = updates.UpdateQueue(work, TestClock(), feed)
    await queue.accept([update(1)])
    await queue.idle()
    assert (fed, len(faults)) == ([1], 9)
    assert await unhandled(database) == []


async def test_stop_while_the_database_is_away_keeps_the_update(database: Database) -> None:
    tried = asyncio.Event()

    async def feed(raw: updates.Raw) -> None:
        tried.set()
        raise UnavailableError("База данных не отвечает.")

    queue = queue_of(database, feed)
    await queue.accept([update(1)])
    await tried.wait()
    await queue.stop(within=5)
    assert await unhandled(database) == [1]


async def test_update_that_the_storage_always_refuses_does_not_hold_up_the_person_for_ever(
        database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
        ) -> None:
    monkeypatch.setattr(updates, "PAUSES", (0.01,))
    fed: list[int] = []

    async def feed(raw: updates.Raw) -> None:
        fed.append(raw["update_id"])
        if raw["update_id"] == 1:
            raise UnavailableError("Файл в хранилище повреждён.")

    queue = queue_of(database, feed)
    await queue.accept([update(1), update(2)])
    await queue.idle()
    assert fed == [1, 1, 1, 2]
    assert await unhandled(database) == []
    assert "update 1 is given up" in caplog.text


async def test_press_while_the_database_is_away_is_done_once_when_it_is_back(
        house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "PAUSES", (0.05,))
    await house.join(city.DESK)
    case = await house.arrives()
    find, faults = house.tools.lookups.card, []

    async def away_twice(actor: Actor, case_id: int) -> CaseCard:
        if len(faults) < 2:
            faults.append(case_id)
            raise UnavailableError("База данных не отвечает.")
        return await find(actor, case_id)

    monkeypatch.setattr(Lookups, "card", lambda _, actor, case_id: away_twice(actor, case_id))
    said = await house.press(city.DESK, "Зарегистрировать")
    await house.queue.idle()
    assert "не отвечает" in said
    assert "сохранено" in said
    assert faults == [case.id, case.id]
    async with house.database.work() as work:
        events = [one.fact.event for one in await work.journal.of_case(case.id)]
    assert events.count("register") == 1
    assert (await house.case(case.id)).registered_at is not None
    assert await unhandled(house.database) == []


async def polling(sandbox: TelegramSandbox, queue: updates.UpdateQueue) -> tuple[
        Bot, asyncio.Task[None]]:
    bot = dispatcher.connect(TOKEN, Pace(), api_url=sandbox.url)
    return bot, asyncio.ensure_future(updates.poll(bot, queue))


@pytest.mark.parametrize("fault", list(Fault))
async def test_polling_outlives_every_fault_of_the_line(
        sandbox: TelegramSandbox, database: Database, fault: Fault) -> None:
    seen: list[str] = []
    got = asyncio.Event()

    async def feed(raw: updates.Raw) -> None:
        seen.append(raw["message"]["text"])
        got.set()

    sandbox.faults.order("deleteWebhook", fault)
    sandbox.faults.order("getUpdates", fault)
    bot, task = await polling(sandbox, queue_of(database, feed))
    async with Hand(sandbox.page_url, ANNA) as hand:
        await hand.starts()
        await asyncio.wait_for(got.wait(), 15)
    task.cancel()
    await asyncio.wait([task])
    await bot.session.close()
    assert seen == ["/start"]


async def test_nothing_is_confirmed_while_the_storage_is_away(
        sandbox: TelegramSandbox, database: Database) -> None:
    away = True
    tried = asyncio.Event()
    got = asyncio.Event()

    def work() -> UnitOfWork:
        if away and task_runs:
            tried.set()
            raise AssistantError("База данных недоступна.")
        return database.work()

    async def feed(raw: updates.Raw) -> None:
        got.set()

    task_runs = False
    queue = updates.UpdateQueue(work, TestClock(), feed)
    bot, task = await polling(sandbox, queue)
    await sandbox.polled()
    task_runs = True
    async with Hand(sandbox.page_url, ANNA) as hand:
        await hand.starts()
        await asyncio.wait_for(tried.wait(), 10)
        assert sandbox.pending_updates == 1
        away = False
        await asyncio.wait_for(got.wait(), 10)
    await queue.idle()
    task.cancel()
    await asyncio.wait([task])
    await bot.session.close()
    assert await unhandled(database) == []


async def test_wrong_token_is_one_clear_sentence(
        sandbox: TelegramSandbox, database: Database) -> None:
    async def feed(raw: updates.Raw) -> None:
        raise AssertionError(raw)

    bot = dispatcher.connect("1:wrong", Pace(), api_url=sandbox.url)
    with pytest.raises(updates.WrongTokenError, match="BOT_TOKEN"):
        await updates.poll(bot, queue_of(database, feed))
    await bot.session.close()


async def test_webhook_stores_before_it_answers_and_only_with_the_secret(
        database: Database) -> None:
    kept: list[int] = []

    async def feed(raw: updates.Raw) -> None:
        kept.extend(await unhandled(database))

    queue = queue_of(database, feed)
    runner = web.AppRunner(updates.webhook_app(queue, "s3cret", "/hook"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    async with aiohttp.ClientSession() as http:
        async def post(secret: str, body: object) -> int:
            async with http.post(url, json=body, headers={updates.SECRET_HEADER: secret}) as got:
                return got.status
        assert await post("wrong", update(1)) == 404
        assert await post("s3cret", {"no": "update"}) == 400
        assert await post("s3cret", update(1)) == 200
        assert await post("s3cret", update(1)) == 200
    await queue.idle()
    await runner.cleanup()
    assert kept == [1]
    assert await unhandled(database) == []


async def test_update_taken_from_the_sandbox_is_handled_by_the_bot(house: House) -> None:
    await house.join(city.DESK)
    await house.say(city.DESK, "/help")
    assert "/overdue" in (await house.last(city.DESK)).text
    assert await unhandled(house.database) == []

"""Updates are durable before they are confirmed, handled in order and once, not lost on stop."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest
from aiogram import Bot
from aiohttp import web

from bot import dispatcher, updates
from bot.pace import Pace
from bot.sandbox.limits import Fault
from bot.sandbox.people import Hand
from bot.sandbox.telegram import TelegramSandbox
from bot.texts import general
from core.errors import AssistantError
from core.ports import StoredUpdate, UnavailableError, UnitOfWork
from core.regulation.terms import State
from storage.database import Database
from storage.unit_of_work import TortoiseUnitOfWork
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


async def test_what_is_handled_is_noted_with_what_comes_next_or_at_the_stop(
        database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "NOTED_WITHIN", 3600.0)
    fed = asyncio.Event()

    async def feed(raw: updates.Raw) -> None:
        fed.set()

    queue = queue_of(database, feed)
    await queue.accept([update(1)])
    await fed.wait()
    assert await unhandled(database) == [1]
    fed.clear()
    await queue.accept([update(2)])
    await fed.wait()
    assert await unhandled(database) == [2]
    await queue.stop()
    assert await unhandled(database) == []


async def test_what_is_handled_last_is_noted_soon(
        database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "NOTED_WITHIN", 0.0)

    async def feed(raw: updates.Raw) -> None:
        pass

    await queue_of(database, feed).accept([update(1)])
    async with asyncio.timeout(10):
        while await unhandled(database):  # noqa: ASYNC110 (the storage tells nobody)
            await asyncio.sleep(0)


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



class AwayError(UnavailableError):
    """The storage of these tests, switched off."""


@dataclass
class Switch:
    """The storage, which can be away."""

    database: Database
    away: bool = False

    def __call__(self) -> UnitOfWork:
        if self.away:
            raise AwayError("База данных не отвечает.")
        return self.database.work()


async def test_what_came_while_the_storage_went_away_is_handled_when_it_is_back(
        database: Database) -> None:
    """And the person, who need not repeat anything, is told so once."""
    switch, fed, told = Switch(database), list[int](), list[str]()

    async def feed(raw: updates.Raw) -> None:
        fed.append(raw["update_id"])
        switch()

    async def tell(_: updates.Raw, sentence: str) -> None:
        told.append(sentence)
        switch.away = False

    queue = updates.UpdateQueue(switch, TestClock(), feed, tell, pauses=(0.0, 0.0))
    updates_of = [update(1), update(2)]
    async with database.work() as work:
        await work.updates.store([StoredUpdate(
            one["update_id"], json.dumps(one), TestClock().now()) for one in updates_of])
    switch.away = True
    with patch.object(updates, "LONGEST_PAUSE", 0.0):
        await queue._hand_over(1, updates_of[0])
    assert fed == [1, 1, 1, 1]
    assert told == [general.WAITING_FOR_STORAGE]
    queue._done(1)
    await queue.idle()
    assert await unhandled(database) == [2]


async def test_what_the_storage_will_never_take_is_given_up_and_the_person_told_why(
        database: Database) -> None:
    told: list[str] = []

    async def feed(raw: updates.Raw) -> None:
        if raw["update_id"] == 1:
            raise AwayError("На диске закончилось место.")

    async def tell(_: updates.Raw, sentence: str) -> None:
        told.append(sentence)

    queue = updates.UpdateQueue(database.work, TestClock(), feed, tell, pauses=(0.0,) * 5)
    await queue.accept([update(1), update(2)])
    await queue.idle()
    assert told == ["На диске закончилось место."]
    assert await unhandled(database) == []


async def test_a_stop_leaves_what_waits_for_the_storage_to_the_next_start(database: Database
                                                                          ) -> None:
    switch, begun = Switch(database), asyncio.Event()

    async def feed(raw: updates.Raw) -> None:
        switch.away = True
        begun.set()
        switch()

    queue = updates.UpdateQueue(switch, TestClock(), feed)
    await queue.accept([update(1)])
    await begun.wait()
    await queue.stop()
    assert await unhandled(database) == [1]


async def test_a_press_during_which_the_storage_is_away_is_done_by_itself_later(
        house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.join(city.DESK)
    await house.arrives()
    faults: ContextVar[list[AwayError] | None] = ContextVar("faults", default=None)
    begin, feed = TortoiseUnitOfWork.__aenter__, house.queue.feed

    async def flaky(self: TortoiseUnitOfWork) -> TortoiseUnitOfWork:
        if left := faults.get():
            raise left.pop()
        return await begin(self)

    async def with_faults(raw: updates.Raw) -> None:
        faults.set(waiting)
        await feed(raw)

    waiting = [AwayError("База данных не отвечает.")] * 2
    monkeypatch.setattr(TortoiseUnitOfWork, "__aenter__", flaky)
    house.queue.feed, house.queue.pauses = with_faults, (0.0, 0.0, 0.0)
    await house.press(city.DESK, "Зарегистрировать")
    await house.handled()
    assert waiting == []
    assert (await house.case(1)).state is State.REGISTERED


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

"""The bell: every loop hears it, also one that was busy when it rang."""

import asyncio

from core.bell import Bell


async def hears_at_once(waiting: "asyncio.Task[None]") -> bool:
    done, _ = await asyncio.wait([waiting], timeout=5)
    return bool(done)


async def test_every_waiting_loop_is_woken() -> None:
    bell = Bell()
    ears = [bell.another() for _ in range(3)]
    waits = [asyncio.create_task(one.wait(60)) for one in ears]
    await asyncio.sleep(0)
    bell.ring()
    assert all([await hears_at_once(one) for one in waits])


async def test_a_ring_while_the_loop_is_busy_is_heard_at_its_next_wait() -> None:
    bell = Bell()
    ear = bell.another()
    bell.ring()
    bell.ring()
    assert await hears_at_once(asyncio.create_task(ear.wait(60)))
    again = asyncio.create_task(ear.wait(60))
    await asyncio.sleep(0.01)
    assert not again.done(), "two rings before a wait are one"
    again.cancel()


async def test_without_a_ring_the_wait_ends_by_itself() -> None:
    ear = Bell().another()
    started = asyncio.get_running_loop().time()
    await ear.wait(0.02)
    assert asyncio.get_running_loop().time() - started < 5


async def test_a_ring_at_the_very_end_of_a_wait_is_heard_by_the_next() -> None:
    bell = Bell()
    ear = bell.another()
    waiting = asyncio.create_task(ear.wait(0))
    await asyncio.sleep(0)  # it waits
    await asyncio.sleep(0)  # its time is over, it has not woken yet
    assert not waiting.done()
    bell.ring()
    await waiting
    assert await hears_at_once(asyncio.create_task(ear.wait(60)))


async def test_a_bell_without_ears_is_rung_in_vain() -> None:
    Bell().ring()

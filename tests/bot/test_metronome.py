"""The metronome: a failing beat goes on, and none runs twice at once."""

import asyncio
import logging
from contextlib import suppress

import pytest

from bot.metronome import Metronome

BEAT = 0.02


async def ticking(metronome: Metronome, until: asyncio.Event) -> None:
    """Let it tick until that has happened."""
    running = asyncio.create_task(metronome.run())
    try:
        async with asyncio.timeout(10):
            await until.wait()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_beat_that_fails_is_logged_and_beats_again(
        caplog: pytest.LogCaptureFixture) -> None:
    beats, enough = 0, asyncio.Event()

    async def work() -> None:
        nonlocal beats
        beats += 1
        if beats >= 3:
            enough.set()
        raise RuntimeError("нет связи с базой")

    metronome = Metronome()
    metronome.beat("scan", BEAT, work)
    with caplog.at_level(logging.ERROR):
        await ticking(metronome, enough)
    assert beats >= 3
    assert "the beat scan failed" in caplog.text


async def test_a_failing_beat_does_not_stop_the_other() -> None:
    enough = asyncio.Event()

    async def fails() -> None:
        raise RuntimeError

    async def works() -> None:
        enough.set()

    metronome = Metronome()
    metronome.beat("fails", BEAT, fails)
    metronome.beat("works", BEAT * 3, works)
    await ticking(metronome, enough)
    assert enough.is_set()


async def test_a_slow_beat_never_runs_twice_at_once() -> None:
    at_once, most, begun, enough = 0, 0, 0, asyncio.Event()

    async def slow() -> None:
        nonlocal at_once, most, begun
        at_once, begun = at_once + 1, begun + 1
        most = max(most, at_once)
        await asyncio.sleep(BEAT * 4)
        at_once -= 1
        if begun >= 3:
            enough.set()

    metronome = Metronome()
    metronome.beat("slow", BEAT, slow)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    await ticking(metronome, enough)
    assert (most, begun >= 3) == (1, True)


async def test_a_beat_cut_short_by_the_stop_is_no_error(
        caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="bot.metronome")
    begun = asyncio.Event()

    async def long() -> None:
        begun.set()
        await asyncio.Event().wait()

    metronome = Metronome()
    metronome.beat("long", BEAT, long)
    await ticking(metronome, begun)
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()}, timeout=10)
    assert "cut short" in caplog.text
    assert not [one for one in caplog.records if one.levelname == "ERROR"]

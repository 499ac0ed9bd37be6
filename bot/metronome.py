"""APScheduler in memory: ticks the scan and the routines. It knows no business dates."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)


class Metronome:
    """Calls each beat every so many seconds; a missed beat is made up by the next."""

    def __init__(self) -> None:
        """A still metronome."""
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def beat(self, name: str, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        """Call ``work`` every ``seconds``, never twice at once; its failure is logged."""
        async def once() -> None:
            try:
                await work()
            except asyncio.CancelledError:  # the stop; nobody awaits a beat, so nothing is hidden
                log.info("the beat %s was cut short by the stop; the next start makes it up", name)
            except Exception:
                log.exception("the beat %s failed and will be tried again", name)

        self._scheduler.add_job(
            once, IntervalTrigger(seconds=seconds), id=name, coalesce=True, max_instances=1,
            misfire_grace_time=None)

    async def run(self) -> None:
        """Tick until cancelled."""
        self._scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            self._scheduler.shutdown(wait=False)

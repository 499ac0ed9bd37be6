"""Counts periods from the journal, a few days at a time, so that nobody waits long for it.

The journal only grows and the ends of the periods are fixed, so the days need no common
transaction. What a case has behind it is read once for all periods.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.reports.facts import COUNTED, MESSAGES, PHOTO_JUDGED, PHOTOS, FactRow
from core.reports.ledger import Ledger
from core.reports.tally import Tally
from core.usecases.office import Office

WINDOW = timedelta(days=3)
OTHERS_AT_ONCE = 2000
"""Cases whose past is read in one transaction."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Makes tallies."""

    office: Office

    async def count(self, start: datetime, *cuts: datetime, thorough: bool = False,
                    figures: Collection[str] | None = None) -> Sequence[Tally]:
        """The tallies of [start, first cut), [first cut, second cut) and so on.

        ``thorough`` counts photos too, and the stages of the last; of ``figures``, if they are
        given, alone. The last cut may lie in the future: then it is now.
        """
        async with self.office.work() as work:
            directory = await work.people.directory()
        bodies = {one.id: one.body_id for one in directory.people.values()}
        ledger = Ledger(start, start, self.office.calendar, bodies, figures=figures)
        events = (*COUNTED, *PHOTOS) if thorough else COUNTED
        tallies, window = [], start
        for cut in map(self._until, cuts):
            ledger.follow(cut)
            ledger.with_stages = thorough and cut == self._until(cuts[-1])
            while window < cut:
                until = min(window + WINDOW, cut)
                await self._window(ledger, events, window, until)
                window = until
            await self._quiet(ledger, cut)
            await asyncio.to_thread(ledger.finish)
            tallies.append(Tally(ledger.marks, cut, figures))
        return tallies

    async def messages(self, start: datetime, cut: datetime, *, photos: bool = False
                       ) -> Sequence[FactRow]:
        """Arrivals and returns alone: for what the messages are about.

        With ``photos`` also the verdicts on photos, some of which say where a message is about.
        """
        events = (*MESSAGES, PHOTO_JUDGED) if photos else MESSAGES
        found: list[FactRow] = []
        cut, window = self._until(cut), start
        while window < cut:
            until = min(window + WINDOW, cut)
            async with self.office.work() as work:
                found += await work.facts.between(events, window, until)
            window = until
        return found

    def _until(self, cut: datetime) -> datetime:
        """What has happened by now, this moment included."""
        return min(cut, self.office.clock.now() + timedelta(microseconds=1))

    async def _window(self, ledger: Ledger, events: Collection[str], start: datetime,
                      end: datetime) -> None:
        async with self.office.work() as work:
            rows = await work.facts.between(events, start, end)
        began = {row.case_id for row in rows if row.event == MESSAGES[0]}
        older = {row.case_id for row in rows} - began - ledger.cases.keys()
        await self._past(ledger, older, start)
        await asyncio.to_thread(ledger.feed, rows)

    async def _quiet(self, ledger: Ledger, cut: datetime) -> None:
        """Cases to which nothing happened in the period, but which are open at its end."""
        async with self.office.work() as work:
            standing = await work.facts.open_at(cut)
        await self._past(ledger, set(standing) - ledger.cases.keys(), cut)

    async def _past(self, ledger: Ledger, case_ids: Collection[int], end: datetime) -> None:
        listed = sorted(case_ids)
        for first in range(0, len(listed), OTHERS_AT_ONCE):
            async with self.office.work() as work:
                rows = await work.facts.before(
                    COUNTED, listed[first:first + OTHERS_AT_ONCE], end)
            await asyncio.to_thread(ledger.feed, rows)

"""Counts periods from the journal, a few days at a time, so that nobody waits long for it.

The journal only grows and the ends of the periods are fixed, so the days need no common
transaction. What a case has behind it is read once for all periods.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

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
        known = list(map(self._until, cuts))
        tallies, standing = [], await self._standing(known)
        for (begun, cut), open_ids in zip(pairwise([start, *known]), standing, strict=True):
            ledger.follow(cut)
            ledger.with_stages = thorough and cut == known[-1]
            for window, until in _windows(begun, cut):
                await self._window(ledger, events, window, until)
            await self._past(ledger, open_ids - ledger.cases.keys(), cut)
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
        for window, until in _windows(start, self._until(cut)):
            async with self.office.work() as work:
                found += await work.facts.between(events, window, until)
        return found

    def _until(self, cut: datetime) -> datetime:
        return min(cut, self._now())

    def _now(self) -> datetime:
        """The end of what has happened, this moment included."""
        return self.office.clock.now() + timedelta(microseconds=1)

    async def _window(self, ledger: Ledger, events: Collection[str], start: datetime,
                      end: datetime) -> None:
        async with self.office.work() as work:
            rows = await work.facts.between(events, start, end)
        began = {row.case_id for row in rows if row.event == MESSAGES[0]}
        older = {row.case_id for row in rows} - began - ledger.cases.keys()
        await self._past(ledger, older, start)
        await asyncio.to_thread(ledger.feed, rows)

    async def _standing(self, cuts: Sequence[datetime]) -> Sequence[AbstractSet[int]]:
        """The cases open at each of these moments, found from now backwards: what has ended or
        come back since was then as that found it."""
        now = self._now()
        async with self.office.work() as work:
            open_ids = _before(await work.facts.turned(now), set(await work.facts.open_now()))
        found: list[AbstractSet[int]] = []
        for cut, following in reversed(list(pairwise([*cuts, now]))):
            for start, end in reversed(_windows(cut, following)):
                async with self.office.work() as work:
                    open_ids = _before(await work.facts.turned(start, end), open_ids)
            found.insert(0, open_ids)
        return found

    async def _past(self, ledger: Ledger, case_ids: Collection[int], end: datetime) -> None:
        listed = sorted(case_ids)
        for first in range(0, len(listed), OTHERS_AT_ONCE):
            async with self.office.work() as work:
                rows = await work.facts.before(
                    COUNTED, listed[first:first + OTHERS_AT_ONCE], end)
            await asyncio.to_thread(ledger.feed, rows)


def _windows(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """[start, end) in parts, each short enough for one transaction."""
    found = []
    while start < end:
        found.append((start, min(start + WINDOW, end)))
        start += WINDOW
    return found


def _before(turned: Mapping[int, bool], open_ids: AbstractSet[int]) -> AbstractSet[int]:
    """What was open before these turns, of what was open after them."""
    return (open_ids - turned.keys()) | {one for one, was_open in turned.items() if was_open}

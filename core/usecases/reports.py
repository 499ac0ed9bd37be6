"""Makes the reports of section 6 from the journal, for any period."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from core.errors import NotAcceptedError
from core.people import Directory
from core.regulation.routines import Period
from core.reports import bonus, daily, monthly, periods, programmes, public, weekly
from core.reports.figures import FIGURES
from core.reports.periods import Span
from core.reports.places import territory_of
from core.reports.tables import Ground
from core.reports.tally import Tally
from core.reports.values import Made
from core.usecases.counting import Counting
from core.usecases.office import Office

KINDS: Mapping[str, tuple[str, Period]] = {
    "daily": (daily.TITLE, Period.WORKING_DAY),
    "weekly": (weekly.TITLE, Period.WEEK),
    "monthly": (monthly.TITLE, Period.MONTH),
    "public": (public.TITLE, Period.MONTH),
    "programmes": (programmes.TITLE, Period.MONTH),
    "bonus": (bonus.TITLE, Period.MONTH),
}
"""The reports by the code of their routine: title, and the period each covers."""

MONTHS_OF_ANALYSIS = 12


@dataclass(frozen=True, slots=True)
class Reports:
    """Counts and composes; keeps nothing."""

    office: Office

    async def make(self, kind: str, day: date, span: Span | None = None) -> Made:
        """The report of the period in which ``day`` lies, or of ``span``.

        Raises NotAcceptedError for a period that has not begun, BeyondCalendarError.
        """
        calendar = self.office.calendar
        span = span or periods.containing(KINDS[kind][1], day, calendar)
        if span.start(calendar.zone) > self.office.clock.now():
            raise NotAcceptedError(
                f"Период {span.label} ещё не начался. Укажите дату не позже сегодняшней.")
        match kind:
            case "daily":
                return await self._beside_before(daily.make, span, daily.CODES)
            case "monthly":
                return await self._beside_before(monthly.make, span, thorough=True)
            case "weekly":
                return await self._weekly(span)
            case "public":
                return await self._public(span)
            case "programmes":
                return await self._programmes(span)
            case _:
                (tally,) = await self._tallies((span,), bonus.CODES)
                return await asyncio.to_thread(bonus.make, await self._on(span, tally))

    async def _tallies(self, spans: Sequence[Span], figures: Collection[str] | None = None, *,
                       thorough: bool = False) -> Sequence[Tally]:
        """Of spans that follow one another without a gap."""
        zone = self.office.calendar.zone
        if any(one.last + timedelta(days=1) != following.first
               for one, following in pairwise(spans)):
            raise ValueError("the periods do not follow one another")
        return await Counting(self.office).count(
            spans[0].start(zone), *(one.end(zone) for one in spans), thorough=thorough,
            figures=figures)

    async def _on(self, span: Span, tally: Tally) -> Ground:
        named = {one.case_id for one in tally.marks if one.figure in NAMED}
        async with self.office.work() as work:
            directory = await work.people.directory()
            numbers = await work.facts.numbers(named)
        now = self.office.clock.now().astimezone(self.office.calendar.zone)
        return Ground(span, tally, directory, self.office.calendar, numbers, now)

    async def _beside_before(self, make: Callable[[Ground, Tally], Made], span: Span,
                             figures: Collection[str] | None = None, *,
                             thorough: bool = False) -> Made:
        earlier = periods.before(span, self.office.calendar)
        before, tally = await self._tallies((earlier, span), figures, thorough=thorough)
        return await asyncio.to_thread(make, await self._on(span, tally), before)

    async def _weekly(self, span: Span) -> Made:
        spans = [span]
        for _ in range(weekly.WEEKS):
            spans.insert(0, periods.before(spans[0], self.office.calendar))
        *earlier, tally = await self._tallies(spans, weekly.CODES)
        ground = await self._on(span, tally)
        return await asyncio.to_thread(
            weekly.make, ground, list(zip(spans[:-1], earlier, strict=True))[::-1])

    async def _public(self, span: Span) -> Made:
        earlier = periods.before(span, self.office.calendar)
        before, tally = await self._tallies((earlier, span), public.CODES)
        ground = await self._on(span, tally)
        territories = await self._territories(span, ground.directory)
        return await asyncio.to_thread(public.make, ground, before, territories)

    async def _territories(self, span: Span, directory: Directory) -> Mapping[str, int]:
        zone, known = self.office.calendar.zone, [one.territory for one in directory.routes]
        rows = await Counting(self.office).messages(span.start(zone), span.end(zone))
        return Counter(territory_of(row.details.get("place", ""), known) for row in rows
                       if row.event == "receive")

    async def _programmes(self, span: Span) -> Made:
        """Twelve months up to the end of the span; of a span given by days, those."""
        zone = self.office.calendar.zone
        if span.kind is Period.MONTH:
            first = span.first
            for _ in range(MONTHS_OF_ANALYSIS - 1):
                first = (first - timedelta(days=1)).replace(day=1)
            span = periods.between(first, span.last)
        rows = await Counting(self.office).messages(span.start(zone), span.end(zone), photos=True)
        ground = await self._on(span, Tally((), min(span.end(zone), self.office.clock.now())))
        async with self.office.work() as work:
            addresses = await work.people.addresses()
        return await asyncio.to_thread(programmes.make, ground, rows, addresses)


NAMED = frozenset(one.code for one in FIGURES) - {"arrived", "registered", "redirected",
                                                  "resolutions", "published", "stage_days"}
"""Figures whose cases some report names."""

"""The forecast of late answers, learned once a day from the office's own past (R39)."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core import forecast
from core.case import Case
from core.due import Due
from core.errors import BeyondCalendarError
from core.forecast import Pace
from core.journal import Passage
from core.people import Directory
from core.regulation.terms import Event
from core.usecases.office import Office

LATELY = 3000
"""Answers that the office's pace is learned from: the last ones."""
AHEAD = 5
"""Working days that the forecast looks ahead."""
LIKELY = 0.5
"""A case that is late with this chance or a greater one is named."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of the answers due by ``until``, ``late`` of them are expected to be late.

    ``likely`` are those that will rather be late than not, the likeliest first.
    """

    until: date
    late: int
    likely: tuple[Case, ...]


@dataclass(slots=True)
class Forecaster:
    """Keeps the office's pace in memory; after a restart it is learned again."""

    office: Office
    _pace: Pace | None = field(default=None, init=False)
    _learned_on: date | None = field(default=None, init=False)

    async def learn_if_due(self) -> bool:
        """Learn the pace once a day; returns whether it was."""
        now = self.office.clock.now()
        today = self.office.calendar.local_date(now)
        if self._learned_on == today:
            return False
        async with self.office.work() as work:
            directory = await work.people.directory()
            answered = await work.journal.latest_cases(Event.DISPATCH.value, LATELY)
            underway = await work.cases.open_versions()
            passages = await work.journal.passages(
                list(dict.fromkeys((*answered, *underway))))
        self._pace = await asyncio.to_thread(self._learn, passages, directory, now)
        self._learned_on = today
        return True

    def _learn(self, passages: Sequence[Passage], directory: Directory, now: datetime) -> Pace:
        time_of = self.office.calendar.working_time
        bodies = {person.id: person.body_id for person in directory.people.values()}
        return Pace.of(forecast.ways(
            passages, time_of(now), time_of, lambda person_id: bodies.get(person_id or 0)))

    def look_ahead(self, watched: Iterable[tuple[Case, Sequence[Due]]], directory: Directory,
                   now: datetime) -> Forecast | None:
        """What is to be expected of these cases with their open duties; None where too little is
        known."""
        pace, calendar = self._pace, self.office.calendar
        if pace is None:
            return None
        try:
            until = calendar.add_working_days(calendar.local_date(now), AHEAD)
        except BeyondCalendarError:
            return None
        chances = [(case, forecast.chance_of_late(
            case, duties, directory, pace, calendar, now, until)) for case, duties in watched]
        known = [(case, chance) for case, chance in chances if chance is not None]
        if not known:
            return None
        likely = sorted((one for one in known if one[1] >= LIKELY), key=lambda one: -one[1])
        return Forecast(until, round(sum(chance for _, chance in known)),
                        tuple(case for case, _ in likely))

"""Which open cases are overdue, without reading all of them each time that somebody looks."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core import due
from core.case import Case
from core.due import Due
from core.usecases.office import Office

AT_ONCE = 250
"""Cases read in one transaction."""


@dataclass(slots=True)
class Overdue:
    """Remembers of each open case, by its version, when the nearest of its deadlines passes.

    In memory: after a restart, and so after a change of the calendar's overlay, all are read.
    """

    office: Office
    _passes: dict[int, tuple[int, datetime | None]] = field(default_factory=dict)

    async def cases(self) -> Sequence[tuple[Case, Sequence[Due]]]:
        """The overdue ones with their open deadlines, oldest first."""
        async with self.office.work() as work:
            versions = await work.cases.open_versions()
        self._passes = {case_id: seen for case_id, seen in self._passes.items()
                        if versions.get(case_id) == seen[0]}
        async for part in self._read([one for one in versions if one not in self._passes]):
            for case, duties in part:
                self._passes[case.id] = (case.version, duties[0].due_at if duties else None)
        now = self.office.clock.now()
        late = [case_id for case_id in versions
                if (passes := self._passes.get(case_id, (0, None))[1]) and passes < now]
        return [(case, duties) async for part in self._read(late) for case, duties in part
                if any(one.late_at(now) for one in duties)]

    async def _read(self, case_ids: Sequence[int]
                    ) -> AsyncIterator[Sequence[tuple[Case, Sequence[Due]]]]:
        for start in range(0, len(case_ids), AT_ONCE):
            async with self.office.work() as work:
                cases = await work.cases.several(case_ids[start:start + AT_ONCE])
            yield await asyncio.to_thread(self._duties, cases)

    def _duties(self, cases: Iterable[Case]) -> Sequence[tuple[Case, Sequence[Due]]]:
        """Takes its time for hundreds of cases: for a thread."""
        return [(one, due.open_duties(one, self.office.calendar)) for one in cases]

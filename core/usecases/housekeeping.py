"""What is of no use any more is thrown away once a day; no fact of a case is (R9: not kept longer
than needed)."""

from dataclasses import dataclass
from datetime import timedelta

from core.usecases.office import Office

HOUSEKEEPING = "housekeeping"
PROMPTS_KEPT = timedelta(days=60)
"""Longer than any deadline, an interim answer's 30 days included: nobody answers them later."""
UPDATES_KEPT = timedelta(days=30)
"""Telegram itself forgets an update after a day, so none comes again after that."""


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """The daily tidying up."""

    office: Office

    async def tidy_if_due(self) -> int | None:
        """Tidy up, once a day; how many rows went, or None where the day's turn was taken."""
        now = self.office.clock.now()
        today = self.office.calendar.local_date(now).isoformat()
        async with self.office.work() as work:
            if await work.routines.done(HOUSEKEEPING, today):
                return None
            gone = await work.prompts.purge(now - PROMPTS_KEPT)
            gone += await work.updates.purge(now - UPDATES_KEPT)
            gone += await work.shown.purge(now - PROMPTS_KEPT)
            gone += await work.tokens.purge(now - PROMPTS_KEPT)
            await work.routines.mark(HOUSEKEEPING, today, now)
        return gone

"""Where the reports of the office are kept."""

from collections.abc import Sequence
from typing import Protocol

from core.reports.book import Report, Standing


class ReportBook(Protocol):
    """Every version of every report."""

    async def add(self, report: Report) -> Report:
        """Keep a new version (its ``id`` is given here)."""
        ...

    async def get(self, report_id: int) -> Report:
        """The version; raises NotFoundError."""
        ...

    async def save(self, report: Report, was: Standing) -> None:
        """Write over it, if it still stands as it ``was``; raises StaleCardError."""
        ...

    async def newest(self, routine: str, period: str) -> Report | None:
        """The newest version of a report."""
        ...

    async def earliest(self, routine: str) -> str:
        """The earliest period of which that routine made a report; empty if of none."""
        ...

    async def standing(self, *standings: Standing) -> Sequence[Report]:
        """Those that stand so, oldest first."""
        ...

    async def latest(self, limit: int) -> Sequence[Report]:
        """The newest versions of the latest reports, newest first."""
        ...

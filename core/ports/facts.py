"""The journal as the reports read it: by period, and the past of cases that are still open."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.reports.facts import FactRow


class Facts(Protocol):
    """Facts with a case, of given events; what a fact lacks is filled in from its case."""

    async def between(self, events: Collection[str], start: datetime, end: datetime
                      ) -> Sequence[FactRow]:
        """Those of [start, end), in order. The cost follows the period."""
        ...

    async def before(self, events: Collection[str], case_ids: Collection[int], end: datetime
                     ) -> Sequence[FactRow]:
        """Those of these cases before ``end``, in order."""
        ...

    async def open_at(self, moment: datetime) -> Collection[int]:
        """Cases that had come by then and were neither published nor ended.

        The cost follows the open cases and the facts since that moment.
        """
        ...

    async def first_at(self) -> datetime | None:
        """When the first message came; None before any has."""
        ...

    async def numbers(self, case_ids: Collection[int]) -> Mapping[int, str]:
        """The numbers of these cases."""
        ...

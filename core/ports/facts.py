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

    async def open_now(self) -> Collection[int]:
        """Cases that are neither published nor ended."""
        ...

    async def turned(self, start: datetime, end: datetime | None = None) -> Mapping[int, bool]:
        """Cases that came, ended, rested or came back in [start, end), or since ``start``: whether
        each was open before."""
        ...

    async def first_at(self) -> datetime | None:
        """When the first message came; None before any has."""
        ...

    async def numbers(self, case_ids: Collection[int]) -> Mapping[int, str]:
        """The numbers of these cases."""
        ...

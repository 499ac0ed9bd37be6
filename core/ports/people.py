"""Where the directory is kept, and which duties were done for which period."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.people import ApprovalRule, Body, Directory, Person, Route


class People(Protocol):
    """The directory and who joined the bot."""

    async def directory(self) -> Directory:
        """The whole directory; cached by its revision, so asking again is cheap."""
        ...

    async def import_all(self, bodies: Sequence[Body], people: Sequence[Person],
                         routes: Sequence[Route], approvals: Sequence[ApprovalRule]) -> None:
        """Replace what the file names, keyed by ``code``; ids inside refer to positions in the
        given sequences' own ids. People left out become inactive; accounts are kept."""
        ...

    async def by_telegram(self, telegram_id: int) -> Person | None:
        """The active person of that account."""
        ...

    async def by_email(self, address: str) -> Person | None:
        """The active person of that address, letters' case ignored."""
        ...

    async def add_invitation(self, person_id: int, code_hash: str, expires_at: datetime) -> None:
        """Keep a one-time invitation by the hash of its code."""
        ...

    async def use_invitation(self, code_hash: str, telegram_id: int, now: datetime
                             ) -> Person | None:
        """Link the account and use the invitation up; None if unknown, used or expired.

        An account linked to somebody else before is unlinked there."""
        ...


class Routines(Protocol):
    """Which duties of section 6 were done for which period."""

    async def done(self, routine: str, period: str) -> bool:
        """Whether it was."""
        ...

    async def mark(self, routine: str, period: str, now: datetime) -> None:
        """It is now."""
        ...

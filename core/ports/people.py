"""Where the directory is kept, and which duties were done for which period."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from core.addresses import Address, Addresses
from core.people import Absence, ApprovalRule, Body, Directory, Person, Route


class People(Protocol):
    """The directory and who joined the bot."""

    async def directory(self) -> Directory:
        """The whole directory as it is today: who is away, who does whose part.

        Cached by its revision and the day, so asking again is cheap."""
        ...

    async def addresses(self) -> Addresses:
        """The directory's table of coordinates; cached too."""
        ...

    async def import_all(self, bodies: Sequence[Body], people: Sequence[Person],
                         routes: Sequence[Route], approvals: Sequence[ApprovalRule],
                         addresses: Sequence[Address] | None = None) -> None:
        """Replace what the file names, keyed by ``code``; ids inside refer to positions in the
        given sequences' own ids. People left out become inactive; accounts are kept, and so are
        the addresses where none are given."""
        ...

    async def set_rules(self, routes: Sequence[Route], approvals: Sequence[ApprovalRule]) -> None:
        """Replace the routing table and the approval lists."""
        ...

    async def save_person(self, person: Person) -> None:
        """Write body, offices, account, standing and wishes of a person; NotFoundError."""
        ...

    async def save_body(self, body: Body) -> None:
        """Write the reference data of a body; NotFoundError."""
        ...

    async def add_absence(self, absence: Absence) -> None:
        """Keep an absence (its ``id`` is given here)."""
        ...

    async def end_absence(self, absence_id: int, last: date | None) -> None:
        """Let it end on that day; None as if it had never been."""
        ...

    async def reached(self, person_id: int, lost_at: datetime | None) -> None:
        """Note that Telegram takes nothing for the person since then; None: it does again."""
        ...

    async def commands(self) -> Mapping[int, str]:
        """Which list of commands Telegram was told for each person, where it was told any."""
        ...

    async def set_commands(self, person_id: int, mark: str) -> None:
        """Note that it was told; the directory does not change by it."""
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

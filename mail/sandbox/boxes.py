"""Mailboxes and what lies in them, as the servers keep them and the page shows them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

Link = tuple[str, str]
"""Title and address of a page, for the sandbox's common heading."""


@dataclass(frozen=True, slots=True)
class MailUser:
    """A person or an office with a mailbox here; ``note`` is shown on the page."""

    address: str
    password: str = field(repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter in a mailbox."""

    uid: int
    raw: bytes = field(repr=False)
    arrived: datetime


class Boxes(Protocol):
    """What the page needs of the servers."""

    users: tuple[MailUser, ...]
    navigation: tuple[Link, ...]

    @property
    def smtp_url(self) -> str:
        """Where letters are handed in."""
        ...

    def user(self, address: str) -> MailUser:
        """The user with that address. Raises :class:`KeyError`."""
        ...

    def letters(self, address: str) -> tuple[Kept, ...]:
        """The letters of a mailbox, oldest first. Raises :class:`KeyError`."""
        ...

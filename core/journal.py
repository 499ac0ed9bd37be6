"""A fact of the journal: what happened, by whom, when, by which clause. Never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the journal.

    ``subject`` is ``case``, ``part:KEY``, ``letter:ID``, ``access`` or ``directory``; ``event``
    and the states are codes of ``terms``; ``source`` names the update or letter behind the act;
    ``details`` are short strings without personal data of citizens.
    """

    at: datetime
    subject: str
    event: str
    actor: str
    channel: str
    source: str
    case_id: int | None = None
    round: int = 0
    actor_id: int | None = None
    role: str = ""
    before: str = ""
    after: str = ""
    clause: str = ""
    requirement: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact as it stands in the journal: ``digest`` chains it to the entry before (SHA-256)."""

    id: int
    fact: Fact
    digest: str
    previous: str


@dataclass(frozen=True, slots=True)
class Passage:
    """That a case came from one state into ``state``, and by whose act."""

    case_id: int
    round: int
    event: str
    state: str
    at: datetime
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """How far the chain was followed: its last entry that holds, and that one's digest.

    ``broken`` is the first entry that does not hold; ``over`` when nothing is left to look at.
    """

    last_id: int = 0
    digest: str = ""
    broken: int | None = None
    over: bool = False

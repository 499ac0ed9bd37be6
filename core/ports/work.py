"""One transaction over all of them."""

from types import TracebackType
from typing import Protocol, Self

from core.ports.answers import AnswerMarks
from core.ports.cases import Cases, Journal, Letters
from core.ports.dialogue import Prompts, Tokens
from core.ports.facts import Facts
from core.ports.people import People, Routines
from core.ports.photos import Fingerprints
from core.ports.queues import Mailbox, Outbox, Sources, Updates
from core.ports.reports import ReportBook
from core.ports.shown import ShownCards


class UnitOfWork(Protocol):
    """One transaction and the repositories inside it. Leaving normally commits."""

    cases: Cases
    letters: Letters
    people: People
    journal: Journal
    facts: Facts
    outbox: Outbox
    sources: Sources
    updates: Updates
    mailbox: Mailbox
    tokens: Tokens
    prompts: Prompts
    routines: Routines
    reports: ReportBook
    fingerprints: Fingerprints
    answer_marks: AnswerMarks
    shown: ShownCards

    async def __aenter__(self) -> Self:
        """Begin (BEGIN IMMEDIATE on SQLite)."""
        ...

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        """Commit, or roll back where an error passes through."""
        ...


class WorkFactory(Protocol):
    """Makes a unit of work: ``async with self.work() as work``."""

    def __call__(self) -> UnitOfWork:
        """A fresh unit of work."""
        ...

"""One transaction and the repositories inside it."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from tortoise.backends.base.client import TransactionalDBClient

from core import ports
from storage.answers import AnswerMarkRepository
from storage.cases import CaseRepository
from storage.dialogue import PromptRepository, RoutineRepository, TokenRepository
from storage.errors import FOREIGN, as_storage_error
from storage.facts import FactRepository
from storage.fingerprints import FingerprintRepository
from storage.gate import Gate
from storage.intake import MailRepository, SourceRepository, UpdateRepository
from storage.journal import JournalRepository
from storage.letters import LetterRepository
from storage.outbox import OutboxRepository
from storage.people import DirectoryCache, PeopleRepository
from storage.reports import ReportRepository
from storage.shown import ShownCardRepository

REPOSITORIES: Mapping[str, Callable[[TransactionalDBClient], object]] = {
    "cases": CaseRepository, "letters": LetterRepository, "journal": JournalRepository,
    "facts": FactRepository, "outbox": OutboxRepository, "sources": SourceRepository,
    "updates": UpdateRepository, "mailbox": MailRepository, "tokens": TokenRepository,
    "prompts": PromptRepository, "routines": RoutineRepository, "reports": ReportRepository,
    "fingerprints": FingerprintRepository, "answer_marks": AnswerMarkRepository,
    "shown": ShownCardRepository}


class TortoiseUnitOfWork:
    """Implements ``core.ports.UnitOfWork``.

    Works from any task. Do not send, download or wait for other tasks inside: everybody else's
    unit of work waits meanwhile.
    """

    cases: ports.Cases
    letters: ports.Letters
    people: ports.People
    journal: ports.Journal
    facts: ports.Facts
    outbox: ports.Outbox
    sources: ports.Sources
    updates: ports.Updates
    mailbox: ports.Mailbox
    tokens: ports.Tokens
    prompts: ports.Prompts
    routines: ports.Routines
    reports: ports.ReportBook
    fingerprints: ports.Fingerprints
    answer_marks: ports.AnswerMarks
    shown: ports.ShownCards

    def __init__(self, gate: Gate, directory: DirectoryCache) -> None:
        self._gate = gate
        self._directory = directory
        self._client: TransactionalDBClient | None = None

    async def __aenter__(self) -> Self:
        """Begin. Raises StorageError; RuntimeError inside another one of the same task."""
        client = self._client = await self._gate.enter()
        self.people = PeopleRepository(client, self._directory)
        return self

    def __getattr__(self, name: str) -> Any:
        """The other repositories, each when it is first asked for."""
        kind = REPOSITORIES.get(name)
        if kind is None or self._client is None:
            raise AttributeError(name)
        repository = kind(self._client)
        setattr(self, name, repository)
        return repository

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        """Commit, or roll back where an error passes through; a library's error becomes ours."""
        client, self._client = self._client, None
        if client is None:
            raise RuntimeError("the unit of work was not begun")
        await self._gate.leave(client, commit=error is None)
        if isinstance(error, FOREIGN):
            raise as_storage_error(error) from error

"""One transaction and the repositories inside it."""

from types import TracebackType
from typing import Self

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
        self.cases = CaseRepository(client)
        self.letters = LetterRepository(client)
        self.people = PeopleRepository(client, self._directory)
        self.journal = JournalRepository(client)
        self.facts = FactRepository(client)
        self.outbox = OutboxRepository(client)
        self.sources = SourceRepository(client)
        self.updates = UpdateRepository(client)
        self.mailbox = MailRepository(client)
        self.tokens = TokenRepository(client)
        self.prompts = PromptRepository(client)
        self.routines = RoutineRepository(client)
        self.reports = ReportRepository(client)
        self.fingerprints = FingerprintRepository(client)
        self.answer_marks = AnswerMarkRepository(client)
        self.shown = ShownCardRepository(client)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        """Commit, or roll back where an error passes through; a library's error becomes ours."""
        client, self._client = self._client, None
        if client is None:
            raise RuntimeError("the unit of work was not begun")
        await self._gate.leave(client, commit=error is None)
        if isinstance(error, FOREIGN):
            raise as_storage_error(error) from error

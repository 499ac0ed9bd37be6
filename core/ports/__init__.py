"""The whole outside world of the core, as protocols; adapters satisfy them structurally."""

from core.ports.answers import AnswerMarks
from core.ports.basics import Clock, FileStore, UnavailableError
from core.ports.cases import Cases, Journal, Letters
from core.ports.dialogue import Prompt, Prompts, Token, Tokens
from core.ports.facts import Facts
from core.ports.people import People, Routines
from core.ports.photos import Fingerprints, PhotoKind, PhotoPrint
from core.ports.queues import Mailbox, Outbox, Sources, StoredMail, StoredUpdate, Updates
from core.ports.reports import ReportBook
from core.ports.shown import ShownCard, ShownCards
from core.ports.work import UnitOfWork, WorkFactory

__all__ = [
    "AnswerMarks",
    "Cases",
    "Clock",
    "Facts",
    "FileStore",
    "Fingerprints",
    "Journal",
    "Letters",
    "Mailbox",
    "Outbox",
    "People",
    "PhotoKind",
    "PhotoPrint",
    "Prompt",
    "Prompts",
    "ReportBook",
    "Routines",
    "ShownCard",
    "ShownCards",
    "Sources",
    "StoredMail",
    "StoredUpdate",
    "Token",
    "Tokens",
    "UnavailableError",
    "UnitOfWork",
    "Updates",
    "WorkFactory",
]

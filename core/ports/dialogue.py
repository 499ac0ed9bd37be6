"""What is remembered between a question and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Token:
    """What an unguessable token in a Reply-To stands for (bound to person, case and act)."""

    purpose: str
    case_id: int | None = None
    person_id: int | None = None
    letter_id: int | None = None
    case_version: int = 0
    single_use: bool = False
    used: bool = False


class Tokens(Protocol):
    """Tokens of outgoing letters, kept by hash."""

    async def add(self, token_hash: str, token: Token, now: datetime) -> None:
        """Keep a token by its hash."""
        ...

    async def find(self, token_hash: str) -> Token | None:
        """What it stands for, ``used`` if it has served; None if unknown."""
        ...

    async def use_up(self, token_hash: str) -> None:
        """A single-use token has served."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget the used ones made before that moment; returns how many."""
        ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question of the bot that waits for a text or file: which chat, which message, for what.

    Kept in the database, so that a restart in the middle loses nothing. ``purpose`` is a code of
    the bot; ``facts`` its small values.
    """

    chat_id: int
    message_id: int
    person_id: int
    purpose: str
    case_id: int | None = None
    case_version: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


class Prompts(Protocol):
    """Open questions of the bot."""

    async def put(self, prompt: Prompt, now: datetime) -> None:
        """Keep a question."""
        ...

    async def find(self, chat_id: int, message_id: int | None) -> Prompt | None:
        """The question replied to, or the newest open one of the chat."""
        ...

    async def find_purpose(self, chat_id: int, purpose: str) -> Prompt | None:
        """The newest open question of that purpose in the chat."""
        ...

    async def close(self, chat_id: int, message_id: int) -> None:
        """The question is answered or cancelled."""
        ...

    async def close_all(self, chat_id: int) -> None:
        """Everything asked in the chat is cancelled."""
        ...

    async def update(self, prompt: Prompt) -> None:
        """Write its facts anew."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget those asked before that moment; returns how many."""
        ...

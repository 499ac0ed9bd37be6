"""What was asked and who may answer: tokens of letters, questions of the bot, duties done."""

from dataclasses import fields
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.queryset import QuerySet

from core.ports import Prompt, Token
from storage import documents, statements
from storage.fields import utc
from storage.records import PromptRecord, RoutineRecord, TokenRecord


class TokenRepository:
    """Implements ``core.ports.Tokens``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    async def add(self, token_hash: str, token: Token, now: datetime) -> None:
        """Keep a token by its hash."""
        await TokenRecord.create(
            token_hash=token_hash, purpose=token.purpose, case_id=token.case_id,
            person_id=token.person_id, letter_id=token.letter_id,
            case_version=token.case_version, single_use=token.single_use, made_at=now,
            used=False, using_db=self._client)

    async def find(self, token_hash: str) -> Token | None:
        """What it stands for, ``used`` if it has served; None if unknown."""
        row = await TokenRecord.filter(
            token_hash=token_hash).using_db(self._client).get_or_none()
        if row is None:
            return None
        return Token(
            purpose=row.purpose, case_id=row.case_id, person_id=row.person_id,
            letter_id=row.letter_id, case_version=row.case_version, single_use=row.single_use,
            used=row.used)

    async def use_up(self, token_hash: str) -> None:
        """A single-use token has served; a lasting one stays."""
        await TokenRecord.filter(
            token_hash=token_hash, single_use=True).using_db(self._client).update(used=True)

    async def purge(self, before: datetime) -> int:
        """Forget the used ones made before that moment; returns how many."""
        return await TokenRecord.filter(
            used=True, made_at__lt=utc(before)).using_db(self._client).delete()


KEPT = tuple(one.name for one in fields(Prompt))
"""The columns of a question."""


class PromptRepository:
    """Implements ``core.ports.Prompts``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    def _of(self, chat_id: int) -> QuerySet[PromptRecord]:
        return PromptRecord.filter(chat_id=chat_id).using_db(self._client)

    async def put(self, prompt: Prompt, now: datetime) -> None:
        """Keep a question; one on the same message is replaced."""
        await self.close(prompt.chat_id, prompt.message_id)
        await PromptRecord.create(
            chat_id=prompt.chat_id, message_id=prompt.message_id, person_id=prompt.person_id,
            purpose=prompt.purpose, case_id=prompt.case_id, case_version=prompt.case_version,
            facts=documents.write(dict(prompt.facts)), asked_at=now, using_db=self._client)

    async def find(self, chat_id: int, message_id: int | None) -> Prompt | None:
        """The question replied to, or (``message_id`` None) the newest open one of the chat."""
        if message_id is None:
            return await self._newest("chat_id = ?", chat_id)
        return await self._newest("chat_id = ? AND message_id = ?", chat_id, message_id)

    async def find_purpose(self, chat_id: int, purpose: str) -> Prompt | None:
        """The newest open question of that purpose in the chat."""
        return await self._newest("chat_id = ? AND purpose = ?", chat_id, purpose)

    async def _newest(self, condition: str, *values: object) -> Prompt | None:
        found = await statements.rows(
            self._client, f"SELECT {', '.join(KEPT)} FROM prompts "  # noqa: S608
            f"WHERE {condition} ORDER BY id DESC LIMIT 1", *values)
        if not found:
            return None
        row = {name: found[0][name] for name in KEPT}
        return Prompt(**{**row, "facts": documents.read(row["facts"], dict[str, str])})

    async def close(self, chat_id: int, message_id: int) -> None:
        """The question is answered or cancelled."""
        await self._of(chat_id).filter(message_id=message_id).delete()

    async def close_all(self, chat_id: int) -> None:
        """Everything asked in the chat is cancelled."""
        await self._of(chat_id).delete()

    async def update(self, prompt: Prompt) -> None:
        """Write its facts anew; nothing happens if it was closed meanwhile."""
        await self._of(prompt.chat_id).filter(message_id=prompt.message_id).update(
            purpose=prompt.purpose, case_id=prompt.case_id, case_version=prompt.case_version,
            facts=documents.write(dict(prompt.facts)))

    async def purge(self, before: datetime) -> int:
        """Forget those asked before that moment; returns how many."""
        return await PromptRecord.filter(
            asked_at__lt=utc(before)).using_db(self._client).delete()


class RoutineRepository:
    """Implements ``core.ports.Routines``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    async def done(self, routine: str, period: str) -> bool:
        """Whether it was."""
        return await RoutineRecord.filter(
            routine=routine, period=period).using_db(self._client).exists()

    async def mark(self, routine: str, period: str, now: datetime) -> None:
        """It is now; a second mark changes nothing."""
        if not await self.done(routine, period):
            await RoutineRecord.create(
                routine=routine, period=period, done_at=now, using_db=self._client)

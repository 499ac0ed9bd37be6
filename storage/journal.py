"""The journal of facts: a hash chain that shows any change made behind its back."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F

from core.journal import Checked, Entry, Fact, Passage
from storage import documents, statements
from storage.fields import utc
from storage.inserts import insert
from storage.records import JournalHeadRecord, JournalRecord

BEGINNING = "0" * 64
"""What the first entry is chained to."""

PAGE = 1000
"""Entries read at a time when the chain is checked."""

HEAD = 1
"""The id of the one head row."""


STORED = ("subject", "event", "actor", "channel", "source", "role", "before", "after", "clause",
          "requirement", "at", "case_id", "round", "actor_id", "details")
"""The columns of a fact."""

CHAINED = ("id", "previous", "digest", *STORED)


def digest_of(entry_id: int, fact: dict[str, Any], previous: str) -> str:
    """SHA-256 over the entry's number, the fact as canonical JSON, and the digest before."""
    canonical = documents.write({"id": entry_id, "fact": fact, "previous": previous})
    return hashlib.sha256(canonical.encode()).hexdigest()


def columns(fact: Fact) -> dict[str, Any]:
    """A fact as the columns of its row."""
    texts = {name: documents.clean(getattr(fact, name)) for name in (
        "subject", "event", "actor", "channel", "source", "role", "before", "after", "clause",
        "requirement")}
    return {**texts, "at": utc(fact.at), "case_id": fact.case_id, "round": fact.round,
            "actor_id": fact.actor_id, "details": documents.write(dict(fact.details))}


def stored_columns(row: JournalRecord) -> dict[str, Any]:
    """The same columns, read back."""
    return {name: getattr(row, name) for name in STORED}


def entry_of(row: JournalRecord) -> Entry:
    """A row as an entry."""
    values = stored_columns(row)
    at: datetime = values.pop("at")
    details = documents.read(values.pop("details"), dict[str, str])
    return Entry(row.id, Fact(at=at, details=details, **values), row.digest, row.previous)


class JournalRepository:
    """Implements ``core.ports.Journal``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    async def append(self, facts: Sequence[Fact]) -> None:
        """Add facts in order; looks at the head row only, however long the journal is."""
        if not facts:
            return
        (head,) = await statements.rows(
            self._client, "SELECT last_id, digest FROM journal_head WHERE id = ?", HEAD)
        last_id, digest = head["last_id"], head["digest"]
        rows = []
        for fact in facts:
            values, previous = columns(fact), digest
            last_id += 1
            digest = digest_of(last_id, values, previous)
            rows.append({"id": last_id, "previous": previous, "digest": digest, **values})
        await insert(self._client, JournalRecord, rows)
        await statements.change(
            self._client, "UPDATE journal_head SET last_id = ?, digest = ? WHERE id = ?",
            last_id, digest, HEAD)

    async def of_case(self, case_id: int) -> Sequence[Entry]:
        """The history of one case, oldest first."""
        rows = await JournalRecord.filter(case_id=case_id).using_db(self._client).order_by("id")
        return [entry_of(row) for row in rows]

    async def count(self, event: str, start: datetime, end: datetime) -> int:
        """How many facts of that event lie in [start, end)."""
        return await JournalRecord.filter(
            event=event, at__gte=utc(start), at__lt=utc(end)).using_db(self._client).count()

    async def latest_cases(self, event: str, limit: int) -> Sequence[int]:
        """The cases of the last ``limit`` facts of that event, each once."""
        rows = await JournalRecord.filter(event=event, case_id__isnull=False).using_db(
            self._client).order_by("-at", "-id").limit(limit).values_list("case_id")
        return list(dict.fromkeys(case_id for (case_id,) in rows))

    async def passages(self, case_ids: Sequence[int]) -> Sequence[Passage]:
        """Every change of state of these cases, in order."""
        found: list[Passage] = []
        for start in range(0, len(case_ids), PAGE):
            rows = await JournalRecord.filter(
                case_id__in=list(case_ids[start:start + PAGE]), subject="case").exclude(
                before=F("after")).using_db(self._client).order_by("id").values_list(
                "case_id", "round", "event", "after", "at", "actor_id")
            found += [Passage(*row) for row in rows]
        return found

    async def first_break(self) -> int | None:
        """The id of the first entry that was changed, removed or added by another hand."""
        checked = Checked()
        while not checked.over:
            checked = await self.check(checked, PAGE)
        return checked.broken

    async def check(self, so_far: Checked, limit: int) -> Checked:
        """Follow the chain over that many entries more.

        A tail cut off shows by the head row, which remembers the last entry.
        """
        head = await JournalHeadRecord.filter(id=HEAD).using_db(self._client).get_or_none()
        if head is None:
            return Checked(broken=1, over=True)
        last_id, digest = so_far.last_id, so_far.digest or BEGINNING
        rows = await JournalRecord.filter(id__gt=last_id).using_db(
            self._client).order_by("id").limit(limit).values_list(*CHAINED)
        for entry_id, previous, stated, *values in rows:
            if entry_id != last_id + 1 or previous != digest or stated != _digest_of_stored(
                    entry_id, values, previous):
                return Checked(last_id, digest, broken=last_id + 1, over=True)
            last_id, digest = entry_id, stated
        if len(rows) == limit:
            return Checked(last_id, digest)
        head_id: int = head.last_id
        broken = None if head.digest == digest else last_id
        if head_id != last_id:
            broken = min(head_id, last_id) + 1
        return Checked(last_id, digest, broken, over=True)


def _digest_of_stored(entry_id: int, values: list[Any], previous: str) -> str:
    """``digest_of`` for columns read back, which are tidy already: a third of the time."""
    canonical = msgspec.json.encode({
        "id": entry_id, "fact": dict(zip(STORED, values, strict=True)), "previous": previous},
        order="sorted")
    return hashlib.sha256(canonical).hexdigest()

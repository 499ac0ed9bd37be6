"""Filling tables quickly, on SQLite and on PostgreSQL; the columns are those of the records."""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from tortoise.models import Model

from storage import records as r

TABLES: tuple[type[Model], ...] = (
    r.BodyRecord, r.PersonRecord, r.RouteRecord, r.ApprovalRuleRecord, r.CaseRecord,
    r.CasePersonRecord, r.CaseNumberRecord, r.PlaceWordRecord, r.ApplicantRecord, r.LetterRecord,
    r.JournalRecord, r.OutboxRecord, r.SourceRecord, r.MailRecord, r.AnswerMarkRecord,
    r.FingerprintRecord, r.CounterRecord)
"""What a history fills, in an order that the references allow."""

GENERATED = frozenset({r.CasePersonRecord, r.CaseNumberRecord, r.PlaceWordRecord,
                       r.AnswerMarkRecord, r.FingerprintRecord, r.RouteRecord,
                       r.ApprovalRuleRecord, r.CounterRecord})
"""Tables whose rows the database numbers itself."""


def required(record: type[Model]) -> set[str]:
    """Every column that a row must give."""
    return {name for name, one in record._meta.fields_map.items()
            if name in record._meta.db_fields and not one.null and not one.has_db_default()
            and not (name == "id" and record in GENERATED)}


class Tables(Protocol):
    """Where rows go."""

    def moment(self, at: datetime) -> Any:
        """A moment (UTC) as this database takes it."""
        ...

    async def insert(self, record: type[Model], names: Sequence[str],
                     rows: list[tuple[Any, ...]]) -> None:
        """Rows of these columns."""
        ...

    async def done(self, last_entry: int, digest: str) -> None:
        """The head of the journal, the database's own numbers and statistics are set."""
        ...


class SqliteTables:
    """A SQLite file, not safe against a power cut while it is filled.

    ``alone``: nobody else has it open, so that it needs no log of changes meanwhile. Indexes that
    are no constraints are made at the end, sorted, which takes a tenth of the time.
    """

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in (*(("journal_mode = OFF",) if alone else ()), "synchronous = OFF",
                       "cache_size = -2000000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._indexes = self._connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in self._indexes:
            self._connection.execute(f'DROP INDEX "{name}"')

    def moment(self, at: datetime) -> str:
        """As Tortoise writes it."""
        return at.isoformat(" ")

    async def insert(self, record: type[Model], names: Sequence[str],
                     rows: list[tuple[Any, ...]]) -> None:
        """One transaction."""
        await asyncio.to_thread(self._insert, record, names, rows)

    def _insert(self, record: type[Model], names: Sequence[str], rows: list[tuple[Any, ...]]
                ) -> None:
        columns = ", ".join(f'"{one}"' for one in names)
        blanks = ", ".join("?" * len(names))
        self._connection.execute("BEGIN")
        self._connection.executemany(
            f'INSERT INTO "{record._meta.db_table}" ({columns}) VALUES ({blanks})', rows)  # noqa: S608
        self._connection.execute("COMMIT")

    async def done(self, last_entry: int, digest: str) -> None:
        """Set the head. No statistics are gathered: the program gathers none either."""
        self._connection.execute(
            "UPDATE journal_head SET last_id = ?, digest = ? WHERE id = 1", (last_entry, digest))
        for _, made in self._indexes:
            await asyncio.to_thread(self._connection.execute, made)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.close()


class PostgresTables:
    """A PostgreSQL database, by COPY."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    @classmethod
    async def connect(cls, url: str) -> "PostgresTables":
        """To a migrated database."""
        connection = await asyncpg.connect(url)
        await connection.execute("SET synchronous_commit = off")
        return cls(connection)

    def moment(self, at: datetime) -> datetime:
        """As it is."""
        return at

    async def insert(self, record: type[Model], names: Sequence[str],
                     rows: list[tuple[Any, ...]]) -> None:
        """One COPY."""
        await self._connection.copy_records_to_table(
            record._meta.db_table, records=rows, columns=names)

    async def done(self, last_entry: int, digest: str) -> None:
        """Set the head and the sequences; gather statistics as autovacuum would."""
        await self._connection.execute(
            "UPDATE journal_head SET last_id = $1, digest = $2 WHERE id = 1", last_entry, digest)
        for record in TABLES:
            if record in GENERATED or not record._meta.pk.generated:
                continue
            table = record._meta.db_table
            await self._connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608
                f"(SELECT coalesce(max(id), 1) FROM {table}))")
        await self._connection.execute("VACUUM ANALYZE")
        await self._connection.close()


class Pages:
    """Gathers rows and hands them on a page at a time."""

    PAGE = 200_000

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._names: dict[type[Model], tuple[str, ...]] = {}
        self._row: dict[type[Model], Callable[[Mapping[str, Any]], tuple[Any, ...]]] = {}
        self._rows: dict[type[Model], list[tuple[Any, ...]]] = defaultdict(list)
        self._numbers: dict[type[Model], int] = defaultdict(int)

    def add(self, record: type[Model], row: Mapping[str, Any]) -> None:
        """One row by the names of its columns, the same in each; refuses one that lacks any."""
        if record not in self._row:
            names = self._names[record] = tuple(row)
            if lacking := required(record) - set(names):
                raise KeyError(f"{record._meta.db_table} lacks {', '.join(sorted(lacking))}")
            self._row[record] = itemgetter(*names)
        self._rows[record].append(self._row[record](row))

    def number(self, record: type[Model]) -> int:
        """The next id of a table that is numbered here."""
        self._numbers[record] += 1
        return self._numbers[record]

    async def flush(self, least: int = 1) -> None:
        """Write the tables that have so many rows waiting, all in the order of ``TABLES``."""
        if max(map(len, self._rows.values()), default=0) < least:
            return
        for record in TABLES:
            if rows := self._rows.pop(record, []):
                await self._tables.insert(record, self._names[record], rows)

    async def write(self, record: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
        """These rows at once."""
        for row in rows:
            self.add(record, row)
        await self.flush()

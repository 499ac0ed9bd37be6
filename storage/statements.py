"""Short statements in SQL: rows found by an index, without the mapper between.

The mapper builds each statement anew and its rows as objects, which takes many times as long as
finding the row: what every press of a button asks is written out. ``?`` stands for a value on
every database; moments go through ``storage.fields.utc``.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import count
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from storage.sqlite import ImmediateTransaction

Row = Mapping[str, Any]


async def rows(client: BaseDBAsyncClient, query: str, *values: Any) -> Sequence[Row]:
    """What a SELECT or a RETURNING finds."""
    if isinstance(client, ImmediateTransaction):
        found: Sequence[Row] = client.at_once(query, values).fetchall()
        return found
    return await client.execute_query_dict(written(client, query), list(values))


async def long(client: BaseDBAsyncClient, query: str, *values: Any) -> Sequence[Row]:
    """The same for a SELECT that may look at many rows: others work on meanwhile."""
    return await client.execute_query_dict(written(client, query), list(values))


async def change(client: BaseDBAsyncClient, query: str, *values: Any) -> int:
    """How many rows an INSERT, UPDATE or DELETE has changed."""
    if isinstance(client, ImmediateTransaction):
        return client.at_once(query, values).rowcount
    if query.startswith("INSERT"):  # the mapper counts none of its rows
        return len(await rows(client, f"{query} RETURNING 1", *values))
    return (await client.execute_query(written(client, query), list(values)))[0]


def written(client: BaseDBAsyncClient, query: str) -> str:
    """The statement as this database takes it."""
    return query if client.capabilities.dialect == "sqlite" else _numbered(query)


@cache
def marks(many: int) -> str:
    """So many values: ``?, ?, ?``."""
    return ", ".join("?" * many)


@cache
def insert_into(table: str, *columns: str) -> str:
    """The statement for one row."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks(len(columns))})"  # noqa: S608


@cache
def assigned(*columns: str) -> str:
    """``a = ?, b = ?``."""
    return ", ".join(f"{name} = ?" for name in columns)


@lru_cache(maxsize=256)
def _numbered(query: str) -> str:
    """As PostgreSQL wants it."""
    number = count(1)
    return "".join(f"${next(number)}" if one == "?" else one for one in query)

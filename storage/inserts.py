"""Many rows in one statement, past the mapper's objects: a letter makes half a dozen.

The columns and their conversions are the records' own; only the objects and the building of the
same statement again and again are saved (docs/decisions/0011-mail-trustworthy.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from storage import statements

FEW = 20
"""So many rows are inserted in place, more by the connection's thread."""
MOST_PARAMETERS = 30_000
"""SQLite takes 32,766 in one statement, PostgreSQL 32,767."""


async def insert(client: BaseDBAsyncClient, record: type[Model],
                 rows: Sequence[Mapping[str, Any]], *returning: str, known_stay: bool = False
                 ) -> list[tuple[Any, ...]]:
    """Insert the rows, all with the same columns; the ``returning`` columns of each, in no order.

    ``known_stay``: a row that is there already is left alone.
    """
    if not rows:
        return []
    columns = list(rows[0])
    at_once = MOST_PARAMETERS // len(columns)
    returned: list[tuple[Any, ...]] = []
    for first in range(0, len(rows), at_once):
        some = rows[first:first + at_once]
        ask = statements.rows if len(some) <= FEW else statements.long
        found = await ask(
            client, _statement(record, columns, len(some), returning, known_stay=known_stay),
            *(_as_kept(record, name, row[name]) for row in some for name in columns))
        returned += [tuple(one[name] for name in returning) for one in found]
    return returned


def _statement(record: type[Model], columns: Sequence[str], rows: int, returning: Sequence[str],
               *, known_stay: bool) -> str:
    values = ",".join([f"({statements.marks(len(columns))})"] * rows)
    names = ",".join(f'"{name}"' for name in columns)
    wanted = ",".join(f'"{name}"' for name in returning)
    return (f'INSERT INTO "{record._meta.db_table}" ({names}) VALUES {values}'
            + (" ON CONFLICT DO NOTHING" if known_stay else "")
            + (f" RETURNING {wanted}" if wanted else ""))


def _as_kept(record: type[Model], name: str, value: object) -> object:
    """The value as the column keeps it."""
    return record._meta.fields_map[name].to_db_value(value, record)


async def update_each(client: BaseDBAsyncClient, record: type[Model], column: str,
                      values: Mapping[int, Any]) -> None:
    """Set one column of many rows, each to its own value, by id."""
    await client.execute_many(
        statements.written(
            client, f'UPDATE "{record._meta.db_table}" SET "{column}"=? WHERE "id"=?'),
        [[_as_kept(record, column, value), row_id] for row_id, value in values.items()])

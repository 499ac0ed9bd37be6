"""Columns of our own: moments that are always UTC, on every database."""

from datetime import UTC, datetime
from typing import Any

from tortoise.fields import DatetimeField
from tortoise.fields.data import T_DATETIME


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; a naive one is a programming error and refused."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"naive moment {moment!r}: say in which zone")
    return moment.astimezone(UTC)


class MomentField(DatetimeField[T_DATETIME]):
    """A moment in UTC.

    SQLite keeps moments as text and compares them letter by letter, so one zone is a must, in
    columns and in parameters of filters alike.
    """

    def to_db_value(self, value: Any, instance: Any) -> Any:
        """What goes to the database, from an instance or from a filter."""
        return None if value is None else utc(value)

    def to_python_value(self, value: Any) -> datetime | None:
        """What comes from the database: text on SQLite, a moment on PostgreSQL."""
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return utc(moment)

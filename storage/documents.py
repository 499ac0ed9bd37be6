"""Whole values as JSON documents: written and read back without loss."""

import re
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from storage.fields import utc

Value = TypeVar("Value")

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL keeps no NUL; no database keeps half a surrogate pair (both come from bad mail)."""

UNTIDY = re.compile(rb'\\u0000|"\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:\d\d)?"')
"""In JSON: a NUL, or a moment that is not in UTC (which ends in «Z»)."""


def clean(text: str) -> str:
    """The text as every database can keep it."""
    return UNKEEPABLE.sub("\ufffd", text)


def _tidy(value: Any) -> Any:
    """Moments in UTC and texts that can be kept, all the way down."""
    match value:
        case str():
            return clean(value)
        case datetime():
            return utc(value)
        case dict():
            return {_tidy(key): _tidy(one) for key, one in value.items()}
        case list() | tuple():
            return [_tidy(one) for one in value]
    return value


def write(value: object) -> str:
    """The value as JSON text, keys sorted: equal values give equal text."""
    try:
        text = msgspec.json.encode(value, order="sorted")
    except UnicodeEncodeError:
        return _written_tidy(value)
    return _written_tidy(value) if UNTIDY.search(text) else text.decode()


def _written_tidy(value: object) -> str:
    """The same, where something in it may have to be tidied first: four times as slow."""
    plain = _tidy(msgspec.to_builtins(value, builtin_types=(datetime,)))
    return msgspec.json.encode(plain, order="sorted").decode()


def read(text: str, kind: type[Value]) -> Value:
    """The value back from its JSON text."""
    return msgspec.json.decode(text, type=kind)

"""The files inside Outlook's winmail.dat (MS-OXTNEF), and nothing else of it.

Not by a library: tnefparse 1.4, the only kept one, loops once for every property that a parcel
claims, and 44 bytes may claim four billion. Here every step moves on through the bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error as StructError  # noqa: N812
from struct import unpack_from

SIGNATURE = b"\x78\x9f\x3e\x22"
MOST_FILES = 200

_HEADER = 6
_OBJECT = 9
_CHECKSUM = 2
_OF_ATTACHMENT = 2
_BEGINS, _TITLE, _DATA, _PROPERTIES, _CODEPAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_LONG_NAME, _SHORT_NAME, _DATA_OBJECT = 0x3707, 0x3704, 0x3701
_MULTIPLE, _NAMED = 0x1000, 0x8000
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8,
          0x40: 8, 0x48: 16}  # fmt: skip
_VARIABLE = frozenset({0x00, 0x0D, 0x1E, 0x1F, 0x102})
_WIDE = 0x1F


class BadTnefError(ValueError):
    """The parcel is broken."""


def files_of(content: bytes) -> list[tuple[str, bytes]]:
    """Name and bytes of each enclosed file. Raises :class:`BadTnefError`."""
    if not content.startswith(SIGNATURE):
        raise BadTnefError
    try:
        return list(_files(content))[:MOST_FILES]
    except (StructError, LookupError, UnicodeError) as fault:
        raise BadTnefError from fault


@dataclass(slots=True)
class _File:
    """One enclosed file as far as it has been read."""

    title: bytes = b""
    name: str = ""
    data: bytes = b""

    def take(self, kind: int, value: memoryview, codec: str) -> None:
        if kind == _TITLE:
            self.title = bytes(value).rstrip(b"\0")
        elif kind == _DATA:
            self.data = bytes(value)
        elif kind == _PROPERTIES:
            found = dict(_properties(value, codec))
            self.name = _text(found.get(_LONG_NAME) or found.get(_SHORT_NAME))
            self.data = self.data or _object_data(found.get(_DATA_OBJECT))


def _files(content: bytes) -> Iterator[tuple[str, bytes]]:
    codec = "cp1251"
    found: list[_File] = []
    for level, kind, value in _objects(content):
        if kind == _CODEPAGE:
            codec = _codec(unpack_from("<I", value)[0])
        elif level == _OF_ATTACHMENT and kind == _BEGINS:
            found.append(_File())
        elif level == _OF_ATTACHMENT and found:
            found[-1].take(kind, value, codec)
    return ((one.name or one.title.decode(codec, "replace"), one.data)
            for one in found if one.data)  # fmt: skip


def _objects(content: bytes) -> Iterator[tuple[int, int, memoryview]]:
    """Level, kind and bytes of each object; a cut one at the end is left out."""
    view, place = memoryview(content), _HEADER
    while place + _OBJECT + _CHECKSUM <= len(view):
        level, kind, _, length = unpack_from("<BHHI", view, place)
        start = place + _OBJECT
        if start + length > len(view):
            raise BadTnefError
        yield level, kind, view[start : start + length]
        place = start + length + _CHECKSUM


def _properties(data: memoryview, codec: str) -> Iterator[tuple[int, str | bytes]]:
    count, place = unpack_from("<I", data)[0], 4
    while count and place + 4 <= len(data):
        count -= 1
        kind, name = unpack_from("<HH", data, place)
        place += 4
        if name >= _NAMED:
            place = _after_name(data, place)
        values, several = 1, kind & _MULTIPLE
        kind &= ~_MULTIPLE
        if several or kind in _VARIABLE:
            values = unpack_from("<I", data, place)[0]
            place += 4
        if kind in _VARIABLE:
            for _ in range(values):
                length = unpack_from("<I", data, place)[0]
                raw = bytes(data[place + 4 : place + 4 + length])
                yield name, _decoded(raw, kind, codec)
                place += 4 + length + (-length % 4)
        elif kind in _FIXED:
            place += values * _FIXED[kind]
        else:
            raise BadTnefError


def _after_name(data: memoryview, place: int) -> int:
    """The place after the identifier of a named property: a GUID, then a number or a text."""
    kind, length = unpack_from("<II", data, place + 16)
    return place + 24 + (length + (-length % 4) if kind else 0)


def _decoded(raw: bytes, kind: int, codec: str) -> str | bytes:
    if kind == _WIDE:
        return raw.decode("utf-16-le", "replace")
    return raw.decode(codec, "replace") if kind == 0x1E else raw


def _object_data(value: str | bytes | None) -> bytes:
    """The bytes of an enclosed object, without the 16 that name its interface."""
    return value[16:] if isinstance(value, bytes) else b""


def _text(value: str | bytes | None) -> str:
    return value.partition("\0")[0] if isinstance(value, str) else ""


def _codec(number: int) -> str:
    name = f"cp{number}"
    try:
        "".encode(name)
    except LookupError:
        return "cp1251"
    return name

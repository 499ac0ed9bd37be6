"""Header fields as people mean them: encoded words, parameters, addresses, identifiers, dates.

RFC 2047 and RFC 2231 are read generously: words split inside a letter, encoded words inside
quotes, raw 8-bit bytes. A field arrives as Python's ``email`` keeps it: ASCII text in which raw
bytes stand as surrogates.
"""

import binascii
import io
import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import pybase64

from core.files import BLOCK, blocks
from mail.charsets import decode

_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_FOLD = re.compile(r"\r?\n[ \t]*|\r")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[\t\r\n\x85\u2028\u2029]+")
_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>|([^\s<>\"',;:()\[\]]+@[^\s<>\"',;:()\[\]]+)")
_PARAMETER = re.compile(r';\s*([^\s=;]+)\s*=\s*("(?:\\.|[^"\\])*"?|[^;]*)', re.DOTALL)
_SECTION = re.compile(r"^([^*]+)(?:\*(\d+))?(\*)?$")
_IDENTIFIER = re.compile(r"<[^<>\s]+>")
_FRACTION = re.compile(r"(\d:\d\d)\.\d+")
_LONGEST = 65536
"""No field is read beyond this many characters."""


def bytes_of(field: str) -> bytes:
    """The field's bytes as they came."""
    return field.encode("utf-8", "surrogateescape")


def text_of(field: str) -> str:
    """A field as readable text on one line: unfolded, decoded, without control characters."""
    if field.isascii() and field.isprintable() and "=?" not in field:  # as nearly all are
        return field[:_LONGEST].strip()
    unfolded = _FOLD.sub(" ", field[:_LONGEST])
    return _tidy("".join(_readable(unfolded)))


def addresses_of(field: str) -> tuple[tuple[str, str], ...]:
    """(name, address) of every mailbox in an address field."""
    return _addresses(field[:_LONGEST])


@lru_cache(maxsize=64)
def _addresses(field: str) -> tuple[tuple[str, str], ...]:
    """Of most letters they are the same few."""
    found = []
    for name, address in getaddresses([_FOLD.sub(" ", field)]):
        if "@" in address and " " not in address:
            found.append((text_of(name), text_of(address)))
    if found:
        return tuple(found)
    text = text_of(field)
    return tuple(
        (text[: match.start()].strip(" \"'<"), match[1] or match[2])
        for match in _ADDRESS.finditer(text)
    )[:100]


def identifiers_of(field: str) -> tuple[str, ...]:
    """The ``<…@…>`` identifiers of a Message-ID, In-Reply-To or References field."""
    unfolded = _FOLD.sub(" ", field[:_LONGEST])
    found = _IDENTIFIER.findall(unfolded)
    return tuple(text_of(one) for one in found) or tuple(text_of(unfolded).split()[:1])


def moment_of(field: str) -> datetime | None:
    """The moment a date field names, or None where it names none."""
    try:
        moment = parsedate_to_datetime(_FRACTION.sub(r"\1", text_of(field)))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def value_of(field: str) -> str:
    """The first word of a structured field in lower case: ``text/plain``, ``attachment``."""
    return text_of(field.split(";", 1)[0]).strip(" \"'").lower()


def parameters_of(field: str) -> dict[str, str]:
    """The parameters of a structured field, RFC 2231 continuations joined, all decoded."""
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    rest = _FOLD.sub(" ", field[:_LONGEST])
    for name, value in _PARAMETER.findall(rest):
        match = _SECTION.match(name.lower())
        if match:
            number = int(match[2]) if match[2] else -1
            sections.setdefault(match[1], []).append((number, bool(match[3]), _bare(value)))
    return {name: _joined(parts) for name, parts in sections.items()}


def _bare(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        closed = len(value) > 1 and value.endswith('"')
        return re.sub(r'\\(["\\])', r"\1", value[1 : -1 if closed else None])
    return value


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    """One parameter from its sections: an extended form (``*=``) wins over a plain one."""
    extended = [part for part in parts if part[1] or part[0] >= 0]
    if not extended:
        return text_of(parts[0][2])
    ordered = sorted(extended, key=lambda part: part[0])
    if not any(encoded for _, encoded, _ in ordered):
        return text_of("".join(value for _, _, value in ordered))
    charset, data = "", b""
    for index, (_, encoded, value) in enumerate(ordered):
        if encoded and index == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw = bytes_of(value)
        data += unquote_to_bytes(raw) if encoded else raw
    return _tidy(decode(data, charset)[0])


def _tidy(text: str) -> str:
    return _BREAKS.sub(" ", _CONTROLS.sub("", text)).strip()


def _readable(field: str) -> Iterator[str]:
    """Decode encoded words; neighbours of one charset are joined as bytes before decoding."""
    position = 0
    pending, charset = b"", ""
    for match in _WORD.finditer(field):
        between = field[position : match.start()]
        adjacent = not between.strip() and bool(position)
        if pending and not (adjacent and match[1].lower() == charset):
            yield decode(pending, charset)[0]
            pending = b""
        if not adjacent:
            yield _plain(between)
        pending += _word(match[2], match[3])
        charset = match[1].lower()
        position = match.end()
    if pending:
        yield decode(pending, charset)[0]
    yield _plain(field[position:])


def _plain(field: str) -> str:
    return field if field.isascii() else decode(bytes_of(field))[0]


def _word(encoding: str, payload: str) -> bytes:
    data = bytes_of(payload)
    if encoding in "bB":
        return from_base64(data)
    return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


_ALPHABET = string.ascii_letters + string.digits + "+/="
_FOREIGN = bytes(set(range(256)) - set(_ALPHABET.encode()))


def from_base64(data: bytes | memoryview) -> bytes:
    """Base64 read generously: foreign characters skipped, padding mended, the tail kept."""
    sound = sound_base64(data)
    if sound is not None:
        return sound
    out = io.BytesIO()  # hands its bytes over without a copy: a photograph is held once
    rest = b""
    for block in blocks(data):
        rest += bytes(block).translate(None, _FOREIGN)
        *padded, rest = rest.split(b"=")
        for piece in padded:
            out.write(_quads(piece))
        whole = len(rest) // 4 * 4
        out.write(_quads(rest[:whole]))
        rest = rest[whole:]
    out.write(_quads(rest))
    return out.getvalue()


def sound_base64(data: bytes | memoryview) -> bytes | None:
    """What is written by the rules and not too long, as nearly all is: three times as fast."""
    if len(data) > BLOCK:
        return None
    written = bytes(data)
    end = written.find(b"=")
    if end >= 0 and written[end:].strip(b"=\r\n"):
        return None  # something stands behind the padding
    try:
        return pybase64.b64decode(written)
    except binascii.Error:
        return None


def _quads(piece: bytes) -> bytes:
    if len(piece) % 4 == 1:
        piece = piece[:-1]
    return pybase64.b64decode(piece + b"=" * (-len(piece) % 4), validate=True)

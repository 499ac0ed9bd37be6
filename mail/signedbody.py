"""A letter before the check of its signatures: the header for the library, the body by pieces.

dkimpy would hold the body seven times over in memory. So it is given the header alone, and the
body is hashed here as RFC 6376 (3.4.3, 3.4.4) asks, to the letter as the library does it.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

import dkim

from core.files import Content, blocks

MOST_HEADER = 1024 * 1024
"""Bytes; no server lets a longer one pass."""
Tags = dict[bytes, bytes]

_HEADER_ENDS = re.compile(rb"(?:\A|\n)\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_BLANKS_AT_END = re.compile(rb"[\t ]+\r\n")
_BLANKS = re.compile(rb"[\t ]+")


class SignedLetter:
    """The header and the body of a letter. Raises ``dkim.MessageFormatError``."""

    def __init__(self, raw: Content) -> None:
        end = _HEADER_ENDS.search(raw, 0, MOST_HEADER)
        if end is None and len(raw) > MOST_HEADER:
            raise dkim.MessageFormatError("the header has no end")
        body = end.end() if end else len(raw)
        self.header = raw[:body]
        self._body = memoryview(raw)[body:]
        self._hashes: dict[tuple[str, bool], bytes] = {}

    def checker(self, kind: Callable[..., Any], **options: Any) -> Any:
        """The library's object of that kind for this letter, its check of the body replaced."""
        checker = kind(self.header, **options)
        check_header = checker.verify_sig_process

        def check(tags: Tags, *rest: Any) -> Any:
            if b"bh" in tags and not self._is_hashed_in(tags):
                raise dkim.ValidationError("body hash mismatch")
            return check_header({name: one for name, one in tags.items() if name != b"bh"}, *rest)

        checker.verify_sig_process = check
        return checker

    def _is_hashed_in(self, tags: Tags) -> bool:
        """Whether the signature is of the whole body; of a part it proves nothing («l=»)."""
        if b"l" in tags:
            return False
        relaxed = tags.get(b"c", b"").partition(b"/")[2] == b"relaxed"
        wanted = base64.b64decode(b"".join(tags[b"bh"].split()))
        return self._hash(tags[b"a"].rpartition(b"-")[2].decode("ascii"), relaxed) == wanted

    def _hash(self, algorithm: str, relaxed: bool) -> bytes:
        if (algorithm, relaxed) not in self._hashes:
            self._hashes[algorithm, relaxed] = hash_of(self._body, algorithm, relaxed=relaxed)
        return self._hashes[algorithm, relaxed]


def hash_of(body: memoryview, algorithm: str, *, relaxed: bool) -> bytes:
    """The hash of the body in one of the two canonical forms of DKIM."""
    digest = hashlib.new(algorithm)
    rest, ends, empty = b"", 0, True
    for block in blocks(body):
        lines, end, rest = (rest + bytes(block)).rpartition(b"\n")
        ends, empty = _feed(digest, _canonical(lines + end, relaxed), ends, empty)
    _, empty = _feed(digest, _canonical(rest, relaxed), ends, empty)
    digest.update(b"" if empty and relaxed else b"\r\n")
    return digest.digest()


def _canonical(lines: bytes, relaxed: bool) -> bytes:
    lines = _LINE_END.sub(b"\r\n", lines)
    return _BLANKS.sub(b" ", _BLANKS_AT_END.sub(b"\r\n", lines)) if relaxed else lines


def _feed(digest: "hashlib._Hash", lines: bytes, ends: int, empty: bool) -> tuple[int, bool]:
    """Hash the lines but for the empty ones at their end, which count only if more follows.

    ``ends``: so many line ends are owed from before. What is owed now, and whether nothing has
    been hashed yet.
    """
    breaks = lines[len(lines.rstrip(b"\r\n")):]
    pairs = breaks[breaks.rfind(b"\r\r") + 1:] if breaks.endswith(b"\n") else b""
    text = len(lines) - len(pairs)
    if text:
        digest.update(b"\r\n" * ends)
        digest.update(memoryview(lines)[:text])
        ends, empty = 0, False
    return ends + len(pairs) // 2, empty

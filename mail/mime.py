"""The MIME tree of a letter (RFC 2045, 2046), split where its bytes lie and never re-written.

Why not a library: docs/decisions/0002-mail-parsing.md. Total and iterative in what may be deep:
whatever the bytes, there is a tree, at most :data:`DEEPEST` levels of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.files import Content
from mail import headers

DEEPEST = 50
MOST_PARTS = 2000
MULTIPART = "multipart/"
ENCLOSED = frozenset({"message/rfc822", "message/global"})

NOT_SPLIT = "Части письма вложены слишком глубоко или их слишком много, остаток взят как текст."
NO_BOUNDARY = "Не указана граница частей письма."
NO_PARTS = "Письмо названо составным, но частей в нём нет."
TORN = "Письмо оборвано: нет конца последней части."

_LINE = re.compile(rb"([^\r\n]*)(\r\n|\n|\r|\Z)")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_OF_LETTERS = re.compile(
    rb"mime-version|content-.*|message-id|subject|from|to|cc|date|reply-to|in-reply-to|references|"
    rb"received|return-path|user-agent|x-.*",
    re.IGNORECASE,
)
"""Fields that end no body by chance."""
_REST = re.compile(rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


@dataclass(slots=True)
class Part:
    """A letter or a part of one.

    ``fields`` are the header as it came (raw bytes as surrogates); ``body`` the bytes after it,
    transfer encoding and all, which begin at ``start``; ``parts`` what a multipart holds;
    ``unsplit`` marks a multipart whose parts could not be told.
    """

    fields: list[tuple[str, str]]
    body: memoryview = field(repr=False)
    start: int
    media_type: str = "text/plain"
    parts: list["Part"] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def field(self, name: str) -> str:
        """The first field of that (lower-case) name as it came, or an empty string."""
        return next((value for key, value in self.fields if key.lower() == name), "")


def split(raw: Content, start: int = 0) -> Part:
    """The tree of the letter that begins there."""
    return _Splitter(raw).part(start, len(raw), depth=0, default="text/plain")


class _Splitter:
    def __init__(self, raw: Content) -> None:
        self._raw = raw
        self._view = memoryview(raw)
        self._count = 0

    def part(self, start: int, end: int, *, depth: int, default: str) -> Part:
        self._count += 1
        found, body = self._header(start, end)
        part = Part(found, self._view[body:end], body)
        part.media_type = _media_type(part.field("content-type"), default)
        if part.media_type.startswith(MULTIPART):
            self._split_body(part, body, end, depth)
        return part

    def _header(self, start: int, end: int) -> tuple[list[tuple[str, str]], int]:
        """The fields between two places, and where the body begins."""
        fields: list[tuple[str, list[bytes]]] = []
        place = start
        while place < end:
            line = _LINE.match(self._raw, place, end)
            if line is None or not line[1]:
                return _joined(fields), min(line.end() if line else end, end)
            name = _FIELD.match(line[1])
            if name:
                fields.append((name[1].decode("ascii"), [line[1][name.end() :]]))
            elif line[1][:1] in b" \t":
                if fields:  # else a continuation of nothing: passed over
                    fields[-1][1].append(b"\n" + line[1])
            elif not ((place == start and line[1].startswith((b"From ", b">From ")))
                      or (fields and self._goes_on(line.end(), end))):
                break  # no field: the body begins here without an empty line
            place = line.end()
        return _joined(fields), place

    def _goes_on(self, start: int, end: int) -> bool:
        """Whether a field of a letter follows: then the line before it is a spoilt field."""
        line = _LINE.match(self._raw, start, end)
        name = _FIELD.match(line[1]) if line else None
        return bool(name and _OF_LETTERS.fullmatch(name[1]))

    def _split_body(self, part: Part, start: int, end: int, depth: int) -> None:
        boundary = headers.parameters_of(part.field("content-type")).get("boundary", "").rstrip()
        if not boundary:
            part.problems.append(NO_BOUNDARY)
            return
        if depth >= DEEPEST or self._count >= MOST_PARTS:
            part.problems.append(NOT_SPLIT)
            return
        default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
        closed = False
        for first, last, ended in self._sections(headers.bytes_of(boundary), start, end):
            closed = ended
            if self._count >= MOST_PARTS:
                part.problems.append(NOT_SPLIT)
                break
            part.parts.append(self.part(first, last, depth=depth + 1, default=default))
        if not part.parts:
            part.problems.append(NO_PARTS)
        elif not closed:
            part.problems.append(TORN)

    def _sections(self, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Begin and end of each part, and whether a delimiter stood after it."""
        opened = -1
        for first, match in self._delimiters(b"--" + boundary, start, end):
            if opened >= 0:
                yield opened, max(opened, self._before(first)), True
            if match[1]:
                return
            opened = match.end()
        if opened >= 0:
            yield opened, end, False

    def _delimiters(
        self, delimiter: bytes, start: int, end: int
    ) -> Iterator[tuple[int, re.Match[bytes]]]:
        """Where a whole line is the delimiter, and what ends it."""
        place = self._raw.find(delimiter, start, end)
        while place >= 0:
            after = place + len(delimiter)
            match = _REST.match(self._raw, after, end)
            if match and self._raw[max(place - 1, 0) : place] in (b"", b"\r", b"\n"):
                yield place, match
            place = self._raw.find(delimiter, after, end)

    def _before(self, place: int) -> int:
        """The place before the line end that belongs to the delimiter."""
        if self._raw[place - 2 : place] == b"\r\n":
            return place - 2
        return place - 1


def _joined(fields: list[tuple[str, list[bytes]]]) -> list[tuple[str, str]]:
    return [
        (name, b"".join(pieces).strip().decode("ascii", "surrogateescape"))
        for name, pieces in fields
    ]


def _media_type(declared: str, default: str) -> str:
    """The media type; what is no media type at all counts as plain text, as RFC 2045 says."""
    kind = headers.value_of(declared)
    if not kind:
        return default
    if _MEDIA_TYPE.fullmatch(kind):
        return kind
    return "text/html" if kind == "html" else "text/plain"

"""The clock, the files, and the word for "not now"."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.errors import AssistantError
from core.files import FileRef, NewFile


class UnavailableError(AssistantError):
    """The database or the disk cannot serve now; nothing was done, another try may succeed."""

    plain = True
    """The sentence says all there is to know: a log needs no trace of where it happened."""


class Clock(Protocol):
    """The only source of the present moment."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class FileStore(Protocol):
    """Content-addressed files: the same bytes are kept once. Never inside a unit of work."""

    async def put(self, content: bytes, name: str, media_type: str) -> FileRef:
        """Keep the bytes (write aside, fsync, rename) and return their reference."""
        ...

    async def put_all(self, files: Sequence[NewFile]) -> list[FileRef]:
        """The same for many files at once; their references in order.

        What stands in a ``whole`` among them is kept in that alone.
        """
        ...

    async def get(self, file: FileRef) -> bytes:
        """The bytes; raises NotFoundError where the file is gone."""
        ...

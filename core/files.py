"""A reference to a stored file: the content itself lies in the file store under its hash."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from mmap import MADV_DONTNEED, mmap

Content = bytes | mmap
"""What a file holds: in memory, or by way of a file that the system reads as it is needed."""
BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileRef:
    """``sha256`` is the key in the store; ``size`` in bytes."""

    sha256: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is not kept yet."""

    content: Content = field(repr=False)
    name: str
    media_type: str


def blocks(content: Content | memoryview) -> Iterator[memoryview]:
    """The content piece by piece; of one that lies in a file no more than a piece is in memory."""
    view = memoryview(content)
    for start in range(0, len(view), BLOCK):
        yield view[start:start + BLOCK]
        if isinstance(view.obj, mmap):
            view.obj.madvise(MADV_DONTNEED)

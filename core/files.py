"""A reference to a stored file: the content itself lies in the file store under its hash."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from mmap import MADV_DONTNEED, mmap

Content = bytes | mmap
"""What a file holds: in memory, or by way of a file that the system reads as it is needed."""
BLOCK = 1024 * 1024
PROGRAMS = frozenset((
    "apk", "app", "appx", "bat", "chm", "cmd", "com", "cpl", "dll", "docm", "dotm", "exe",
    "gadget", "hta", "inf", "iso", "img", "jar", "js", "jse", "lnk", "msi", "msp", "mst",
    "pif", "potm", "ppsm", "pptm", "ps1", "psm1", "reg", "scf", "scr", "sct", "url", "vb",
    "vbe", "vbs", "vhd", "vhdx", "wsc", "wsf", "wsh", "xlam", "xlsm", "xltm"))
"""Endings of names by which an office computer runs a file, or mounts it, when it is opened."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Where a content stands, written in base64, in a file that is kept: from byte to byte."""

    sha256: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FileRef:
    """``sha256`` is the key in the store; ``size`` in bytes."""

    sha256: str
    name: str
    media_type: str
    size: int
    inside: Inside | None = field(default=None, compare=False, repr=False)
    """An attachment of a kept letter is not kept a second time beside it."""


def is_program(name: str) -> bool:
    """Whether a computer runs what is in the file when a person opens it, judged as it judges."""
    _, dot, ending = name.rstrip(". ").casefold().rpartition(".")
    return bool(dot) and ending in PROGRAMS


def handed_on(files: Iterable[FileRef]) -> tuple[FileRef, ...]:
    """Of files that came from outside those passed on to people; programs are only kept."""
    return tuple(one for one in files if not is_program(one.name))


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is not kept yet."""

    content: Content = field(repr=False)
    name: str
    media_type: str
    whole: "NewFile | None" = field(default=None, repr=False)
    """The file, kept together with this one, in which the content stands in base64 already."""
    place: tuple[int, int] = (0, 0)
    """From which byte of that to which."""


def blocks(content: Content | memoryview) -> Iterator[memoryview]:
    """The content piece by piece; of one that lies in a file no more than a piece is in memory."""
    view = memoryview(content)
    for start in range(0, len(view), BLOCK):
        yield view[start:start + BLOCK]
        if isinstance(view.obj, mmap):
            view.obj.madvise(MADV_DONTNEED)

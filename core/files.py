"""A reference to a stored file: the content itself lies in the file store under its hash."""

from dataclasses import dataclass, field


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

    content: bytes = field(repr=False)
    name: str
    media_type: str

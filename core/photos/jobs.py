"""What the bot's process and a photo worker say to one another: length, then MessagePack."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from core.photos.comparison import Judgement
from core.photos.findings import PhotoContext
from core.photos.metadata import ExifReport


class Task(StrEnum):
    """What a worker can be asked."""

    COMPARE = "compare"
    INSPECT = "inspect"
    EXIF = "exif"
    FINGERPRINT = "fingerprint"
    TO_JPEG = "to_jpeg"
    VIEW = "view"
    LIGHTER = "lighter"


@dataclass(frozen=True)
class Job:
    """One question."""

    task: Task
    new: bytes
    reference: bytes | None = None
    context: PhotoContext | None = None
    picture: bool = False
    elsewhere: bool = False
    """The reference is no photo of this case: only what the new one shows too is drawn of it."""


@dataclass(frozen=True)
class Answer:
    """One answer: what was asked for, or a refusal (code, sentence), or a fault to be logged."""

    judgement: Judgement | None = None
    exif: ExifReport | None = None
    data: bytes | None = None
    refusal: tuple[str, str] | None = None
    fault: str | None = None


LENGTH = 4
"""Bytes of the length before every message, big-endian."""


def packed(message: Job | Answer) -> bytes:
    """A message with its length."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(LENGTH, "big") + body


def unpacked_job(body: bytes) -> Job:
    """Raises ``msgspec.DecodeError`` on anything else."""
    return msgspec.msgpack.decode(body, type=Job)


def unpacked_answer(body: bytes) -> Answer:
    """Raises ``msgspec.DecodeError`` on anything else."""
    return msgspec.msgpack.decode(body, type=Answer)

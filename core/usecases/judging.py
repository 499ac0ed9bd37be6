"""What the photo judge is asked and answers, as the use cases see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.errors import AssistantError
from core.usecases.whereabouts import Where

REUSED = "reused_photo"
SAME_ANGLE = "same_angle"


class UnreadableReferenceError(AssistantError):
    """The citizen's picture cannot be opened: nobody's photo is worse for that."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the photo judge says: a verdict code, 0..1, advice in Russian, and a picture (JPEG)."""

    verdict: str
    confidence: float
    advice: str
    findings: tuple[str, ...] = ()
    picture: bytes = b""


class Judge(Protocol):
    """The photo judge in its worker process.

    Each raises JudgeBusyError (later), and JudgeFailedError where the worker crashed or ran out of
    time.
    """

    async def compare(self, reference: bytes, new: bytes, arrived_at: datetime, now: datetime, *,
                      elsewhere: bool = False, address: Where | None = None) -> Judgement:
        """The executor's photo against the citizen's, or against one used ``elsewhere``.

        ``address`` serves where the citizen's photo does not say where it was taken. Raises
        UnreadableReferenceError where that other one cannot be opened.
        """
        ...

    async def inspect(self, new: bytes, arrived_at: datetime, now: datetime, *,
                      address: Where | None = None) -> Judgement:
        """The executor's photo alone, where the citizen sent none."""
        ...

    async def fingerprint(self, data: bytes) -> bytes:
        """What the index remembers; raises PhotoNotReadError."""
        ...

    async def to_jpeg(self, data: bytes) -> bytes:
        """A HEIC photo as JPEG, its EXIF kept; raises PhotoNotReadError."""
        ...

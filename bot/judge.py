"""The photo judge's worker process behind the port of the core."""

from datetime import datetime

from core.photos.comparison import Judgement as Answer
from core.photos.findings import PhotoContext
from core.photos.workers import FAULTS, JudgeFailedError, PhotoJudge
from core.usecases.judging import Judgement, UnreadableReferenceError
from core.usecases.whereabouts import Where

REFERENCE_REFUSED = "reference_refused"
"""The photo check's own word for a citizen's file that is no picture (core.photos.comparison)."""


class Judge:
    """Implements ``core.usecases.photos.Judge``."""

    def __init__(self, workers: PhotoJudge) -> None:
        self._workers = workers

    async def compare(self, reference: bytes, new: bytes, arrived_at: datetime, now: datetime, *,
                      elsewhere: bool = False, address: Where | None = None) -> Judgement:
        """The executor's photo against the citizen's, or against one used ``elsewhere``."""
        answer = await self._workers.compare(
            reference, new, _context(arrived_at, now, address), elsewhere=elsewhere)
        if REFERENCE_REFUSED in answer.comparison.reasons:
            raise UnreadableReferenceError(answer.comparison.advice)
        return _plain(answer)

    async def inspect(self, new: bytes, arrived_at: datetime, now: datetime, *,
                      address: Where | None = None) -> Judgement:
        """The executor's photo alone."""
        return _plain(await self._workers.inspect(new, _context(arrived_at, now, address)))

    async def fingerprint(self, data: bytes) -> bytes:
        """What the index remembers of a photo."""
        return await self._workers.fingerprint(data)

    async def to_jpeg(self, data: bytes) -> bytes:
        """A HEIC photo as JPEG."""
        return await self._workers.to_jpeg(data)

    async def lighter(self, data: bytes) -> bytes:
        """The same photo in fewer bytes."""
        return await self._workers.lighter(data)


def _context(arrived_at: datetime, now: datetime, address: Where | None) -> PhotoContext:
    latitude, longitude = address or (None, None)
    return PhotoContext(arrived_at, now, latitude, longitude)


def _plain(said: Answer) -> Judgement:
    comparison = said.comparison
    if FAULTS & set(comparison.reasons):
        raise JudgeFailedError
    return Judgement(
        comparison.verdict.value, comparison.confidence, comparison.advice,
        tuple(one.text for one in comparison.objections), said.picture or b"")

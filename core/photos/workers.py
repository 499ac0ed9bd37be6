"""The photo judge for the bot: asyncio in front, worker processes behind.

A photo is decoded only in a worker, which has limits of time and memory: a crash in a codec costs
one answer. The event loop only copies bytes. No image library is imported here.
"""

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from core.errors import AssistantError
from core.photos.comparison import Comparison, Judgement
from core.photos.findings import PhotoContext
from core.photos.jobs import LENGTH, Answer, Job, Task, packed, unpacked_answer
from core.photos.metadata import ExifReport
from core.photos.rules import Parameters, Scores, Verdict

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_SENT = 50 * 1024 * 1024 + 1
"""Bytes of a file that travel to a worker: one more than R22 allows is refused there as it is."""

_JOBS_PER_WORKER = 300
"""A worker is replaced after so many jobs, so that no leak of a codec adds up."""

_FAILED = (
    "Проверить снимок не удалось. Отправьте его ещё раз; "
    "если не поможет, ракурс оценит согласующий."
)


class JudgeBusyError(AssistantError):
    """Too many photos are waiting; the sender is asked to try later."""

    def __init__(self) -> None:
        super().__init__("Сейчас проверяется много снимков. Отправьте фото ещё раз через минуту.")


class JudgeFailedError(AssistantError):
    """A worker crashed, ran out of time or answered nonsense; worth another try."""

    def __init__(self) -> None:
        super().__init__(_FAILED)


class PhotoNotReadError(AssistantError):
    """A file could not be converted or remembered; ``code`` is a verdict ``reject_*``."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass
class _Worker:
    process: Process
    jobs: int = 0

    async def ask(self, job: Job) -> Answer:
        """One question; ``EOFError`` when the worker died of it."""
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise EOFError
        self.jobs += 1
        try:
            stdin.write(packed(job))
            await stdin.drain()
            head = await stdout.readexactly(LENGTH)
            body = await stdout.readexactly(int.from_bytes(head, "big"))
            return unpacked_answer(body)
        except (ConnectionError, asyncio.IncompleteReadError, msgspec.MsgspecError) as gone:
            raise EOFError from gone

    async def end(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


class PhotoJudge:
    """Judges photos in at most ``workers`` processes, started when first needed.

    ``waiting`` bounds the queue: above it callers get ``JudgeBusyError`` at once.
    ``seconds`` is the time limit of one job, counted from when a worker takes it up. ``model`` is
    an office's own, instead of the one that comes with the program.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        waiting: int = 100,
        seconds: float = 30.0,
        model: Parameters | None = None,
    ) -> None:
        self._arguments = (model.to_json({}),) if model else ()
        self._seats = asyncio.Semaphore(workers)
        self._room = workers + waiting
        self._taken = 0
        self._seconds = seconds
        self._idle: list[_Worker] = []
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def compare(
        self,
        reference: bytes,
        new: bytes,
        context: PhotoContext | None = None,
        picture: bool = True,
        elsewhere: bool = False,
    ) -> Judgement:
        """The executor's photo against the citizen's; raises only ``JudgeBusyError``.

        ``elsewhere``: against a photo of another case, of which the picture shows no more than
        the new photo does.
        """
        return await self._judgement(
            Job(Task.COMPARE, new[:_SENT], reference[:_SENT], context, picture, elsewhere)
        )

    async def inspect(self, new: bytes, context: PhotoContext | None = None) -> Judgement:
        """A photo for a case whose citizen sent none; raises only ``JudgeBusyError``."""
        return await self._judgement(Job(Task.INSPECT, new[:_SENT], None, context))

    async def exif(self, data: bytes) -> ExifReport:
        """What the file says of itself; never raises on bad files."""
        answer = await self._ask(Job(Task.EXIF, data[:_SENT]))
        return answer.exif or ExifReport(error=_FAILED)

    async def fingerprint(self, data: bytes) -> bytes:
        """``Fingerprint.to_bytes`` for the reuse index.

        Raises ``PhotoNotReadError``, ``JudgeFailedError``, ``JudgeBusyError``.
        """
        return self._data(await self._ask(Job(Task.FINGERPRINT, data[:_SENT])))

    async def to_jpeg(self, data: bytes) -> bytes:
        """HEIC as JPEG with its EXIF kept; raises as ``fingerprint`` does."""
        return self._data(await self._ask(Job(Task.TO_JPEG, data[:_SENT])))

    async def view(self, data: bytes) -> bytes:
        """Any accepted photo as a small upright JPEG without EXIF; raises as ``fingerprint``."""
        return self._data(await self._ask(Job(Task.VIEW, data[:_SENT])))

    async def lighter(self, data: bytes) -> bytes:
        """The same photo in fewer bytes, EXIF kept; raises as ``fingerprint`` does."""
        return self._data(await self._ask(Job(Task.LIGHTER, data[:_SENT])))

    async def close(self) -> None:
        """End the workers; jobs under way are answered as failed."""
        self._closed = True
        while self._idle:
            await self._idle.pop().end()

    async def _judgement(self, job: Job) -> Judgement:
        answer = await self._ask(job)
        return answer.judgement or Judgement(failed(answer.fault or "judge_failed"), None)

    @staticmethod
    def _data(answer: Answer) -> bytes:
        if answer.refusal is not None:
            raise PhotoNotReadError(*answer.refusal)
        if answer.data is None:
            raise JudgeFailedError
        return answer.data

    async def _ask(self, job: Job) -> Answer:
        if self._taken >= self._room:
            raise JudgeBusyError
        self._taken += 1
        try:
            async with self._seats:
                return await self._ask_worker(job)
        finally:
            self._taken -= 1

    async def _ask_worker(self, job: Job) -> Answer:
        worker = self._idle.pop() if self._idle else await _started(self._arguments)
        keep = False
        try:
            async with asyncio.timeout(self._seconds):
                answer = await worker.ask(job)
            keep = worker.jobs < _JOBS_PER_WORKER and not self._closed
        except TimeoutError:
            answer = Answer(fault="judge_timeout")
        except EOFError:
            answer = Answer(fault="judge_crashed")
        finally:  # a cancelled job leaves its answer in the pipe: that worker is of no more use
            if keep:
                self._idle.append(worker)
            else:
                await asyncio.shield(worker.end())
        if answer.fault:
            log.warning("a photo was not judged (%s): %s", job.task, answer.fault)
        return answer


async def _started(arguments: tuple[str, ...]) -> _Worker:
    """A new worker process, in a session of its own so that Ctrl-C reaches only the bot."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return _Worker(
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "core.photos.worker",
            *arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": path, **dict.fromkeys(_ONE_THREAD, "1")},
        )
    )


_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


FAULTS = frozenset({"judge_timeout", "judge_crashed", "judge_failed"})
"""Reasons of a verdict that is none: the photo was not looked at."""


def failed(fault: str) -> Comparison:
    """The answer where there is none: people decide."""
    code = fault if fault in FAULTS else "judge_failed"
    return Comparison(
        Verdict.UNSURE,
        0.0,
        _FAILED,
        (code,),
        Scores(0.0, 0.0, 0.0),
        None,
        None,
        ExifReport(error=_FAILED),
        (),
        0.0,
    )

"""A photo worker's process: ``python -m core.photos.worker``, jobs on stdin, answers on stdout.

It owns its limits and ends with its parent: when the parent dies, stdin closes.
"""

import os
import sys
from typing import BinaryIO

from core.photos.jobs import LENGTH, Answer, Job, Task, packed, unpacked_job
from core.photos.rules import Parameters

MEMORY = 1536 * 1024 * 1024
"""Address space, bytes: a 120-megapixel progressive JPEG fits, a bomb does not."""


def main() -> int:
    """Answer jobs until stdin closes; an office's own model may be the only argument, as JSON."""
    _restrain()
    model = Parameters.from_json(sys.argv[1]) if sys.argv[1:] else None
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a codec prints must not mix with the answers
    while (job := next_job(source)) is not None:
        sink.write(packed(answered(job, model)))
        sink.flush()
    return 0


def _restrain() -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(5)


def next_job(source: BinaryIO) -> Job | None:
    """The next question; None when the pipe ended, even in the middle of one."""
    head = source.read(LENGTH)
    if len(head) < LENGTH:
        return None
    size = int.from_bytes(head, "big")
    body = source.read(size)
    return unpacked_job(body) if len(body) == size else None


def answered(job: Job, model: Parameters | None = None) -> Answer:
    """The answer to one question; never raises."""
    from core.photos.files import PhotoRefusedError

    try:
        return _done(job, model)
    except PhotoRefusedError as refusal:
        return Answer(refusal=(refusal.code, str(refusal)))
    except Exception as fault:  # one answer is lost, the worker lives on
        return Answer(fault=repr(fault)[:500])


def _done(job: Job, model: Parameters | None) -> Answer:
    from core.photos import exif, files, judge

    if job.task is Task.EXIF:
        return Answer(exif=exif.read(job.new))
    if job.task is Task.FINGERPRINT:
        return Answer(data=judge.fingerprint(job.new).to_bytes())
    if job.task is Task.TO_JPEG:
        return Answer(data=files.to_jpeg(job.new))
    if job.task is Task.VIEW:
        return Answer(data=files.view(job.new))
    if job.task is Task.LIGHTER:
        from core.photos.lighter import lighter
        return Answer(data=lighter(job.new))
    if job.reference is None:
        return Answer(judgement=judge.inspected(job.new, job.context))
    return Answer(
        judgement=judge.judge(
            job.reference, job.new, job.context, model, draw=job.picture, elsewhere=job.elsewhere
        )
    )


if __name__ == "__main__":
    sys.exit(main())

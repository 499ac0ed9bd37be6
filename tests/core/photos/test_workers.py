"""The judge's processes: answers, limits, crashes, and the event loop that never waits."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.photos import worker
from core.photos.jobs import Job, Task, packed, unpacked_job
from core.photos.rules import Logistic, Parameters, Verdict, shipped_parameters
from core.photos.samples import Camera
from core.photos.workers import JudgeBusyError, PhotoJudge, PhotoNotReadError, failed
from tests.core.photos.scenes import jpeg, noise, shot

BACK = Camera(x=0.5, z=0.3, yaw=2.0, roll=-1.5)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
async def photo_judge() -> AsyncIterator[PhotoJudge]:
    async with PhotoJudge() as one:
        yield one


def worker_of(judge: PhotoJudge) -> int:
    return judge._idle[0].process.pid


async def test_a_worker_gives_the_verdict_with_its_picture(photo_judge: PhotoJudge) -> None:
    told = await photo_judge.compare(shot(), shot(BACK, repaired=True))
    assert told.comparison.verdict is Verdict.SAME_ANGLE
    assert told.picture is not None
    assert told.picture.startswith(b"\xff\xd8")


async def test_an_office_s_own_model_judges_in_the_worker() -> None:
    never = Parameters("never", Logistic({}, -30.0, 0.5), shipped_parameters().place)
    async with PhotoJudge(model=never) as judge:
        told = await judge.compare(shot(), shot(BACK, repaired=True), picture=False)
    assert told.comparison.verdict is Verdict.DIFFERENT_ANGLE


async def test_every_question_is_answered_by_the_same_worker(photo_judge: PhotoJudge) -> None:
    assert (await photo_judge.inspect(shot())).comparison.verdict is Verdict.SAME_ANGLE
    first = worker_of(photo_judge)
    assert (await photo_judge.exif(shot())).format == "JPEG"
    assert len(await photo_judge.fingerprint(shot())) % 8 == 0
    assert (await photo_judge.to_jpeg(shot())).startswith(b"\xff\xd8")
    assert 0 < len(await photo_judge.lighter(shot())) <= len(shot())
    assert worker_of(photo_judge) == first


async def test_a_refused_file_is_an_answer_and_not_a_failure(photo_judge: PhotoJudge) -> None:
    told = await photo_judge.compare(shot(), b"text")
    assert told.comparison.verdict is Verdict.REJECT_NOT_IMAGE
    with pytest.raises(PhotoNotReadError) as refused:
        await photo_judge.fingerprint(b"")
    assert refused.value.code == "reject_corrupt"


async def test_a_file_over_the_limit_is_refused(photo_judge: PhotoJudge) -> None:
    told = await photo_judge.compare(shot(), shot() + bytes(60 * 1024 * 1024))
    assert told.comparison.verdict is Verdict.REJECT_TOO_LARGE


async def test_no_worker_is_started_before_it_is_needed() -> None:
    async with PhotoJudge(workers=2) as judge:
        assert judge._idle == []


async def test_a_crashed_worker_costs_one_answer(photo_judge: PhotoJudge) -> None:
    await photo_judge.exif(shot())
    pid = worker_of(photo_judge)
    os.kill(pid, signal.SIGSTOP)
    asking = asyncio.ensure_future(photo_judge.compare(shot(), shot()))
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGKILL)
    lost = await asking
    assert lost.comparison.verdict is Verdict.UNSURE
    assert lost.comparison.reasons == ("judge_crashed",)
    again = await photo_judge.compare(shot(), shot())
    assert again.comparison.verdict is Verdict.REUSED_PHOTO


async def test_a_job_that_takes_too_long_is_given_up_and_said_so() -> None:
    async with PhotoJudge(seconds=0.05) as judge:
        told = await judge.compare(shot(), shot())
    assert told.comparison.reasons == ("judge_timeout",)
    assert told.comparison.verdict is Verdict.UNSURE


async def test_a_cancelled_job_does_not_answer_the_next(photo_judge: PhotoJudge) -> None:
    await photo_judge.exif(shot())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await photo_judge.compare(shot(), shot())
    assert (await photo_judge.exif(b"text")).error is not None


async def test_a_full_queue_refuses_at_once_with_a_sentence() -> None:
    async with PhotoJudge(workers=1, waiting=1) as judge:
        first = asyncio.ensure_future(judge.exif(shot()))
        second = asyncio.ensure_future(judge.exif(shot()))
        await asyncio.sleep(0)
        with pytest.raises(JudgeBusyError, match="через минуту"):
            await judge.exif(shot())
        assert {(await first).format, (await second).format} == {"JPEG"}


async def test_the_event_loop_never_stalls_while_photos_are_judged(
    photo_judge: PhotoJudge,
) -> None:
    big = jpeg(noise(3000, 2000), quality=97)
    await photo_judge.exif(shot())
    stalls = []

    async def watch() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0.005)
            stalls.append(time.perf_counter() - start - 0.005)

    started = time.perf_counter()
    watching = asyncio.ensure_future(watch())
    await asyncio.gather(*(photo_judge.compare(big, big, picture=False) for _ in range(3)))
    watching.cancel()
    one_comparison = (time.perf_counter() - started) / 3  # a stall, if made in the loop
    assert len(big) > 4_000_000
    assert len(stalls) > 20
    assert max(stalls) < one_comparison / 2


def test_the_bot_s_process_loads_no_image_library() -> None:
    code = (
        "import sys, core.photos.workers; "
        "print([m for m in ('cv2', 'numpy', 'PIL', 'pillow_heif') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


PARENT = """
import asyncio, sys
from core.photos.workers import PhotoJudge
async def main():
    judge = PhotoJudge()
    await judge.exif(b"")
    print(judge._idle[0].process.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


def test_a_worker_does_not_outlive_a_killed_bot() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE) as bot:
        assert bot.stdout is not None
        worker = int(bot.stdout.readline())
        os.kill(worker, 0)
        bot.kill()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{worker}").exists() and time.monotonic() < deadline:
        if "Z" in Path(f"/proc/{worker}/stat").read_text().split()[2]:
            break
        time.sleep(0.02)
    else:
        assert not Path(f"/proc/{worker}").exists()


def test_a_job_survives_the_pipe() -> None:
    job = Job(Task.COMPARE, b"new", b"reference", None, picture=True)
    assert unpacked_job(packed(job)[4:]) == job


def test_a_worker_s_own_fault_is_told_and_logged() -> None:
    told = worker.answered(Job(Task.COMPARE, shot(), shot(), context="nonsense"))  # type: ignore[arg-type]
    assert told.fault is not None
    assert "AttributeError" in told.fault
    assert failed(told.fault).reasons == ("judge_failed",)


@pytest.mark.parametrize("task", [Task.EXIF, Task.FINGERPRINT, Task.TO_JPEG, Task.INSPECT])
def test_a_worker_answers_every_kind_of_question(task: Task) -> None:
    good = worker.answered(Job(task, shot()))
    assert (good.exif or good.data or good.judgement) is not None
    bad = worker.answered(Job(task, b"text"))
    refused = bad.refusal or bad.exif or bad.judgement
    assert refused is not None


def test_a_worker_stops_where_the_questions_stop() -> None:
    whole = packed(Job(Task.EXIF, b"text"))
    assert worker.next_job(io.BytesIO(whole)) == Job(Task.EXIF, b"text")
    assert worker.next_job(io.BytesIO(whole[:-1])) is None
    assert worker.next_job(io.BytesIO(b"")) is None

"""The photo desk: every photo ends with a verdict that a person can act on (R17, R23)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from bot.judge import Judge as WorkersJudge
from core.addresses import Address
from core.errors import NotAcceptedError
from core.inbound import Attachment
from core.notices import NoticeKind
from core.photos.workers import JudgeFailedError, PhotoJudge
from core.regulation.terms import AssignmentState
from core.usecases import execution
from core.usecases.judging import Judgement, UnreadableReferenceError
from core.usecases.photos import PhotoDesk
from core.usecases.resolutions import Task
from core.usecases.whereabouts import Where
from tests.bot import city
from tests.bot.pictures import picture
from tests.usecases.office.house import House

BEFORE = Attachment("before.jpg", "image/jpeg", b"before")
BESIDE = Attachment("beside.jpg", "image/jpeg", b"beside")

Answer = Callable[[bytes, bytes], Judgement]


class RecordingJudge:
    """Says what it was told to say of each pair."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[tuple[bytes, bytes]] = []
        self.addresses: list[Where | None] = []

    async def compare(self, reference: bytes, new: bytes, arrived_at: datetime, now: datetime, *,
                      elsewhere: bool = False, address: Where | None = None) -> Judgement:
        self.asked.append((reference, new))
        self.addresses.append(address)
        return self.answer(reference, new)

    async def inspect(self, new: bytes, arrived_at: datetime, now: datetime, *,
                      address: Where | None = None) -> Judgement:
        self.asked.append((b"", new))
        self.addresses.append(address)
        return self.answer(b"", new)

    async def fingerprint(self, data: bytes) -> bytes:
        raise AssertionError("these photos have their fingerprints")

    async def to_jpeg(self, data: bytes) -> bytes:
        raise AssertionError("these photos are JPEG")


def always(verdict: str, advice: str = "", picture: bytes = b"") -> RecordingJudge:
    return RecordingJudge(lambda *_: Judgement(verdict, 0.9, advice, (), picture))


def desk(house: House, judge: RecordingJudge) -> PhotoDesk:
    return PhotoDesk(house.office, judge, house.office.bell.another())


async def with_photo(house: House, *attachments: Attachment, content: bytes = b"after") -> str:
    """A case at work with one photo of the lead; its hash."""
    await house.at_work(attachments=attachments or (BEFORE,))
    return await add(house, content)


async def add(house: House, content: bytes, person: int = city.LEAD) -> str:
    file = await house.keep(content, "work.jpg", "image/jpeg")
    await house.do(person, 1, execution.add_photo, file)
    return file.sha256


async def test_the_verdict_is_written_beside_the_photo_and_told(house: House) -> None:
    sha = await with_photo(house)
    judge = always("different_angle", "Станьте левее.", b"jpeg")
    assert await desk(house, judge).judge_pending() == 1
    photo = (await house.case(1)).photos[0]
    assert (photo.verdict, photo.advice) == ("different_angle", "Станьте левее.")
    assert photo.picture is not None
    assert await house.office.files.get(photo.picture) == b"jpeg"
    assert judge.asked == [(b"before", b"after")]
    await house.carry()
    told = house.telegram.of(NoticeKind.PHOTO_VERDICT)
    assert [(one.person.id, one.facts["photo"]) for one in told if one.person] == [
        (city.LEAD, sha)]
    assert told[0].file is not None, "the picture goes with it"


async def test_the_judge_is_told_where_the_house_is_that_the_message_names(house: House) -> None:
    async with house.office.work() as work:
        await work.people.import_all(city.BODIES, city.PEOPLE, city.ROUTES, city.APPROVALS, [
            Address("", "ул. Мира", "", 55.9, 37.7), Address("", "ул. Мира", "5", 55.91, 37.71)])
    await house.at_work(city.message("MO-1"), attachments=(BEFORE,))
    await add(house, b"after")
    judge = always("same_angle")
    await desk(house, judge).judge_pending()
    assert judge.addresses == [(55.91, 37.71)]
    async with house.office.work() as work:
        await work.people.import_all(city.BODIES, city.PEOPLE, city.ROUTES, city.APPROVALS, [
            Address("", "ул. Мира", "", 55.9, 37.7)])
    await add(house, b"another")
    await desk(house, judge).judge_pending()
    assert judge.addresses[-1] is None, "a street is too long to judge a photo by"


async def test_a_judged_photo_is_not_judged_again(house: House) -> None:
    await with_photo(house)
    judge = always("same_angle")
    assert await desk(house, judge).judge_pending() == 1
    assert await desk(house, judge).judge_pending() == 0
    assert len(judge.asked) == 1


async def test_what_was_not_judged_before_a_restart_is_judged_after_it(house: House) -> None:
    await with_photo(house)
    again = await house.restarted()
    assert await desk(again, always("same_angle")).judge_pending() == 1


async def test_of_several_citizens_photos_the_one_that_fits_best_counts(house: House) -> None:
    await with_photo(house, BEFORE, BESIDE)
    judge = RecordingJudge(lambda reference, _: Judgement(
        "same_angle" if reference == b"beside" else "other_place", 0.8, ""))
    await desk(house, judge).judge_pending()
    photo = (await house.case(1)).photos[0]
    assert photo.verdict == "same_angle"
    assert photo.reference is not None
    assert photo.reference.name == "beside.jpg"


async def test_without_a_citizens_photo_the_new_one_is_looked_at_alone(house: House) -> None:
    await house.at_work()
    await add(house, b"after")
    judge = always("same_angle")
    await desk(house, judge).judge_pending()
    assert judge.asked == [(b"", b"after")]


async def three_tries(house: House, photos: PhotoDesk) -> list[int]:
    """How many verdicts each try brought."""
    brought = []
    for _ in range(3):
        brought.append(await photos.judge_pending())
        house.clock.moment += timedelta(minutes=1)
    return brought


@pytest.mark.parametrize("fault", [
    JudgeFailedError(), RuntimeError("worker"), OSError("no memory")])
async def test_a_judge_that_fails_three_times_leaves_the_decision_to_people(
        house: House, fault: Exception) -> None:
    await with_photo(house)

    def fail(*_: object) -> Judgement:
        raise fault

    assert await three_tries(house, desk(house, RecordingJudge(fail))) == [0, 0, 1]
    photo = (await house.case(1)).photos[0]
    assert photo.verdict == "unsure"
    assert "согласующий" in photo.advice
    assert house.told(NoticeKind.PHOTO_VERDICT) == [city.LEAD]


async def test_one_bad_photo_does_not_keep_the_others_waiting(house: House) -> None:
    await with_photo(house, content=b"bad")
    await add(house, b"good")

    def moody(_: bytes, new: bytes) -> Judgement:
        if new == b"bad":
            raise RuntimeError
        return Judgement("same_angle", 0.9, "")

    assert await three_tries(house, desk(house, RecordingJudge(moody))) == [1, 0, 1]
    assert [one.verdict for one in (await house.case(1)).photos] == ["unsure", "same_angle"]


async def test_a_file_gone_from_the_store_ends_with_a_verdict_too(house: House) -> None:
    await with_photo(house)
    case = await house.case(1)
    for path in (house.database.path.parent / "files").rglob(  # type: ignore[union-attr]
            case.photos[0].file.sha256[:60] + "*"):
        path.unlink()
    assert await three_tries(house, desk(house, always("same_angle"))) == [0, 0, 1]
    assert (await house.case(1)).photos[0].verdict == "unsure"


async def test_a_citizens_picture_that_cannot_be_opened_blames_nobody(house: House) -> None:
    await with_photo(house)

    def unreadable(reference: bytes, _: bytes) -> Judgement:
        if reference:
            raise UnreadableReferenceError("Фото жителя: файл повреждён.")
        return Judgement("same_angle", 0.5, "")

    await desk(house, RecordingJudge(unreadable)).judge_pending()
    photo = (await house.case(1)).photos[0]
    assert (photo.verdict, photo.reference) == ("unsure", None)
    assert "не открывается" in photo.advice


async def test_the_real_judge_knows_whose_picture_is_broken() -> None:
    moment = datetime(2026, 11, 23, 7, tzinfo=UTC)
    async with PhotoJudge() as workers:
        judge = WorkersJudge(workers)
        with pytest.raises(UnreadableReferenceError):
            await judge.compare(b"not a picture", picture(), moment, moment)
        said = await judge.compare(picture(), b"not a picture", moment, moment)
    assert said.verdict.startswith("reject_")


async def test_a_photo_taken_back_and_sent_again_is_judged_again(house: House) -> None:
    sha = await with_photo(house)
    await desk(house, always("other_place")).judge_pending()
    await house.do(city.LEAD, 1, execution.remove_photo, sha)
    await add(house, b"after")
    assert await desk(house, always("same_angle")).judge_pending() == 1
    assert (await house.case(1)).photos[0].verdict == "same_angle"


async def test_a_photo_taken_back_while_it_is_judged_leaves_no_verdict(house: House) -> None:
    sha = await with_photo(house)

    class Slow(RecordingJudge):
        async def compare(self, *_: object, elsewhere: bool = False,
                          address: Where | None = None) -> Judgement:
            await house.do(city.LEAD, 1, execution.remove_photo, sha)
            return Judgement("other_place", 0.9, "")

    assert await desk(house, Slow(lambda *_: Judgement("", 0, ""))).judge_pending() == 0
    assert (await house.case(1)).photos == ()
    assert house.told(NoticeKind.PHOTO_VERDICT) == []


async def test_a_reason_given_before_the_verdict_outlives_it(house: House) -> None:
    sha = await with_photo(house)

    class Slow(RecordingJudge):
        async def compare(self, *_: object, elsewhere: bool = False,
                          address: Where | None = None) -> Judgement:
            await house.do(city.LEAD, 1, execution.keep_photo, sha, "мешает забор")
            return Judgement("different_angle", 0.9, "")

    await desk(house, Slow(lambda *_: Judgement("", 0, ""))).judge_pending()
    assert (await house.case(1)).photos[0].override == "мешает забор"


async def test_an_unfit_photo_holds_the_report_until_it_is_kept_and_the_reason_is_noted(
        house: House) -> None:
    await house.at_work(None, Task(city.LEAD), Task(city.HELPER), attachments=(BEFORE,))
    sha = await add(house, b"after", city.HELPER)
    await desk(house, always("other_place", "Вернитесь к дому 5.")).judge_pending()
    with pytest.raises(NotAcceptedError, match="Вернитесь"):
        await house.do(city.HELPER, 1, execution.submit_materials, "Сделано.")
    await house.do(city.HELPER, 1, execution.keep_photo, sha, "дом снесли")
    case = await house.do(city.HELPER, 1, execution.submit_materials, "Сделано.")
    assert case.part(1).state is AssignmentState.SUBMITTED
    kept = [one.fact for one in await house.journal(1) if one.fact.event == "keep_photo"]
    assert [(one.actor, one.details["reason"]) for one in kept] == [
        ("Светлова А.Ю.", "дом снесли")]


async def test_the_desk_wakes_when_a_photo_comes(house: House) -> None:
    await house.at_work(attachments=(BEFORE,))
    seen = asyncio.Event()

    def answer(*_: object) -> Judgement:
        seen.set()
        return Judgement("same_angle", 0.9, "")

    running = asyncio.create_task(desk(house, RecordingJudge(answer)).run())
    try:
        await asyncio.sleep(0)
        await add(house, b"after")  # the act rings the bell
        async with asyncio.timeout(10):
            await seen.wait()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

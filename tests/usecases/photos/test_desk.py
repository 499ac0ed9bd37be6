"""The photo desk: HEIC, files that cannot be read, and a judge that is busy or breaks down."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from bot.judge import Judge
from core.bell import Bell
from core.errors import NotAcceptedError
from core.inbound import Attachment, InboundMail, MailPlace, PersonReply
from core.notices import NoticeKind
from core.photos.workers import PhotoJudge
from core.ports import Token, UnitOfWork
from core.usecases import photos
from core.usecases.photos import FILE_GONE, NOT_CHECKED, PhotoDesk
from core.usecases.tokens import PURPOSE_CASE, token_hash
from storage.errors import StorageError
from tests import builders as b
from tests.core.photos.scenes import jpeg, saved
from tests.usecases.photos.desk import Desk, a_desk, citizen, heic, work
from tests.usecases.photos.house import House


async def test_heic_becomes_the_jpeg_that_goes_on_and_the_original_is_kept(desk: Desk) -> None:
    case = await desk.case(citizen())
    sent = heic(work())
    photo = await desk.sent_and_judged(case, sent, name="IMG_1.HEIC", media_type="image/heic")
    assert photo.verdict == "same_angle"
    assert (photo.file.name, photo.file.media_type) == ("IMG_1.jpg", "image/jpeg")
    kept = Image.open(BytesIO(await desk.house.office.files.get(photo.file)))
    assert (kept.format, kept.getexif()[0x0110]) == ("JPEG", "iPhone")
    assert photo.original is not None
    assert await desk.house.office.files.get(photo.original) == sent


async def test_heic_sent_again_is_the_same_file(desk: Desk) -> None:
    case = await desk.case(citizen())
    sent = heic(work())
    await desk.sent_and_judged(case, sent, name="1.heic", media_type="image/heic")
    with pytest.raises(NotAcceptedError, match="уже приложен"):
        await desk.send(case, sent, "2.heic", media_type="image/heic")


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("TIFF", "image/tiff")])
async def test_png_and_tiff_stay_as_they_are(desk: Desk, kind: str, media_type: str) -> None:
    case = await desk.case(citizen())
    content = saved(Image.fromarray(work()), kind)
    photo = await desk.sent_and_judged(case, content, media_type=media_type)
    assert (photo.verdict, photo.original) == ("same_angle", None)
    assert await desk.house.office.files.get(photo.file) == content


async def test_broken_heic_is_refused_as_what_it_is(desk: Desk) -> None:
    case = await desk.case(citizen())
    photo = await desk.sent_and_judged(case, heic(work())[:3000], media_type="image/heic")
    assert photo.verdict == "reject_corrupt"


async def test_citizen_s_file_that_cannot_be_read_is_not_the_executor_s_fault(desk: Desk
                                                                              ) -> None:
    case = await desk.case(b"GIF89a not much", jpeg(work())[:2000])
    photo = await desk.sent_and_judged(case, jpeg(work()))
    assert photo.verdict == "unsure"
    assert "Фото заявителя не открывается" in photo.advice


async def test_of_several_photos_of_the_citizen_the_best_fit_counts(desk: Desk) -> None:
    case = await desk.case(b"GIF89a", citizen(2), citizen())
    photo = await desk.sent_and_judged(case, jpeg(work()))
    assert photo.verdict == "same_angle"
    assert photo.reference == case.message.photos[2]


async def test_photo_that_fails_three_times_ends_unsure_with_something_to_do(house: House
                                                                            ) -> None:
    async with a_desk(house, seconds=0.001) as desk:
        case = await desk.case(citizen())
        await desk.send(case, jpeg(work()))
        tries = 0
        while not (await desk.photo(case)).verdict:
            await desk.photos.judge_pending()
            desk.later()
            tries += 1
        assert tries == 3
        photo = await desk.photo(case)
        assert (photo.verdict, photo.advice) == ("unsure", NOT_CHECKED)
        assert [one.case_id for one in await house.queued(NoticeKind.PHOTO_VERDICT)] == [case.id]


async def test_failed_photo_is_not_tried_again_at_once(house: House) -> None:
    async with a_desk(house, seconds=0.001) as desk:
        case = await desk.case(citizen())
        await desk.send(case, jpeg(work()))
        for _ in range(5):
            assert await desk.photos.judge_pending() == 0
        assert (await desk.photo(case)).verdict == ""


async def test_broken_photo_does_not_hold_up_the_others(desk: Desk) -> None:
    lost = await desk.case(citizen())
    await desk.send(lost, jpeg(work(), quality=50))
    file = (await desk.photo(lost)).file
    desk.house.database.files.path_of(file.sha256).unlink()
    sound = await desk.case(citizen(2), number="ДД-2")
    await desk.send(sound, jpeg(work(place=2)))
    await desk.judge_all()
    assert (await desk.photo(sound)).verdict == "same_angle"
    for _ in range(2):
        desk.later()
        await desk.judge_all()
    photo = await desk.photo(lost)
    assert (photo.verdict, photo.advice) == ("unsure", FILE_GONE)


async def test_busy_judge_is_asked_later_and_nothing_is_counted_against_the_photo(house: House
                                                                                 ) -> None:
    async with a_desk(house, waiting=-1) as busy:
        case = await busy.case(citizen())
        await busy.send(case, jpeg(work()))
        for _ in range(5):
            assert await busy.photos.judge_pending() == 0
            busy.later()
        assert (await busy.photo(case)).verdict == ""
    async with a_desk(house) as desk:
        await desk.judge_all()
        assert (await desk.photo(case)).verdict == "same_angle"


async def test_desk_goes_on_after_the_database_was_away(
        house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "PAUSE", 0.01)
    case, faults = await _case_with_photo(house), [StorageError("нет связи"), OSError(5, "io")] * 2

    def unsteady() -> UnitOfWork:
        if faults:
            raise faults.pop()
        return house.database.work()

    async with PhotoJudge() as workers:
        office = replace(house.office, work=unsteady)
        running = asyncio.create_task(
            PhotoDesk(office, Judge(workers), house.office.bell.another()).run())
        await _until(house, lambda verdict: verdict == "same_angle", case)
        running.cancel()
        await asyncio.wait([running])
    assert faults == []
    assert running.cancelled()


async def _case_with_photo(house: House) -> int:
    async with a_desk(house) as desk:
        case = await desk.case(citizen())
        await desk.send(case, jpeg(work()))
    return case.id


async def _until(house: House, wanted: Callable[[str], bool], case_id: int) -> None:
    bell = house.office.bell.another()
    async with asyncio.timeout(30):
        while not wanted((await house.case(case_id)).parts[0].photos[0].verdict):
            await bell.wait(1)


async def _letter(house: House, case_id: int, person_id: int, *files: Attachment) -> str:
    """A reply with files comes; what it is answered with."""
    async with house.office.work() as unit:
        await unit.tokens.add(token_hash("key"), Token(PURPOSE_CASE, case_id, person_id),
                              house.clock.now())
    await house.intake.accept(InboundMail(
        MailPlace("INBOX", 1, house.next_uid()), b"letter", house.clock.now(), "<1@x>",
        f"p{person_id}@example.ru", "Re", "", PersonReply("key", "Принято"), files))
    (notice,) = await house.queued(NoticeKind.REPLY)
    return notice.facts["said"]


async def test_letter_names_what_is_no_photo_and_takes_the_others(desk: Desk) -> None:
    case = await desk.case(citizen())
    said = await _letter(
        desk.house, case.id, b.LEAD,
        Attachment("IMG_7.HEIC", "application/octet-stream", heic(work())),
        Attachment("акт.jpg", "image/jpeg", b"no picture"),
        Attachment("логотип.gif", "image/gif", b"GIF89a..."),
        Attachment("smime.p7s", "application/pkcs7-signature", b"0"))
    assert "Приложено фотографий: 1." in said
    assert "«акт.jpg», «логотип.gif»" in said
    assert "JPG, PNG, TIFF или HEIC" in said
    assert "p7s" not in said
    assert "Снимки HEIC переводятся в JPG, сведения о съёмке в них сохраняются." in said
    await desk.judge_all()
    photo = await desk.photo(case)
    assert (photo.verdict, photo.file.name) == ("same_angle", "IMG_7.jpg")


async def test_idle_desk_is_woken_by_the_bell(house: House) -> None:
    bell = Bell()
    ear = bell.another()
    async with PhotoJudge() as workers:
        running = asyncio.create_task(PhotoDesk(house.office, Judge(workers), ear).run())
        case = await _case_with_photo(house)
        bell.ring()
        await _until(house, bool, case)
        running.cancel()
        await asyncio.wait([running])
    assert running.cancelled()

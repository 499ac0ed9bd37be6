"""Which of several verdicts wins, and that judging at once changes none (R17)."""

from core.photos.samples import Camera
from tests.core.photos.scenes import jpeg, yard
from tests.usecases.photos.desk import BACK, Desk, a_desk, citizen, cropped, work
from tests.usecases.photos.house import House

ASIDE = Camera(x=-0.3, z=0.1, yaw=-1.0, roll=1.0)


async def test_copy_of_one_of_the_citizen_s_photos_is_no_match_for_another(desk: Desk) -> None:
    case = await desk.case(citizen(), jpeg(yard(BACK)))
    photo = await desk.sent_and_judged(case, cropped(yard(BACK)))
    assert photo.verdict == "reused_photo"
    assert photo.reference == case.message.photos[1]


async def test_of_photos_judged_at_once_the_later_copy_is_alleged(house: House) -> None:
    async with a_desk(house, workers=2) as desk:
        cases = [await desk.case(citizen(), number=f"ДД-{place}") for place in range(3)]
        for case, content in zip(cases, (jpeg(work()), cropped(work()), jpeg(work(ASIDE))),
                                 strict=True):
            await desk.send(case, content)
        await desk.judge_all()
        found = [await desk.photo(case) for case in cases]
        assert [one.verdict for one in found] == ["same_angle", "reused_photo", "same_angle"]
        assert found[1].used_in == cases[0].id


async def test_lost_photo_keeps_no_other_waiting_however_many_are_judged_at_once(house: House
                                                                                ) -> None:
    async with a_desk(house, workers=2) as desk:
        lost = await desk.case(citizen())
        await desk.send(lost, jpeg(work(), quality=50))
        file = (await desk.photo(lost)).file
        house.database.files.path_of(file.sha256).unlink()
        sound = await desk.case(citizen(2), number="ДД-2")
        await desk.send(sound, jpeg(work(place=2)))
        assert await desk.photos.judge_pending() >= 1
        assert (await desk.photo(sound)).verdict == "same_angle"
        assert (await desk.photo(lost)).verdict == ""

"""Which of several verdicts wins, and that judging at once changes none (R17)."""

from datetime import timedelta

from core.photos.samples import Camera
from core.usecases import execution
from core.usecases.lookups import Lookups
from core.usecases.office import CaseRef
from tests import builders as b
from tests.core.photos.scenes import jpeg, yard
from tests.usecases.photos.desk import BACK, Desk, a_desk, at_place, citizen, cropped, work
from tests.usecases.photos.house import House

ASIDE = Camera(x=-0.3, z=0.1, yaw=-1.0, roll=1.0)


async def test_copy_of_one_of_the_citizen_s_photos_is_no_match_for_another(desk: Desk) -> None:
    case = await desk.case(citizen(), jpeg(yard(BACK)))
    photo = await desk.sent_and_judged(case, cropped(yard(BACK)))
    assert photo.verdict == "reused_photo"
    assert photo.reference == case.message.photos[1]


async def test_verdict_on_a_photo_of_the_place_notes_where_that_is_and_no_other(desk: Desk
                                                                                ) -> None:
    """The map of the analysis for programmes (R44) draws what the executors' photos say."""
    places = {}
    for place, number in ((1, "ДД-1"), (2, "ДД-2")):
        case = await desk.case(citizen(), number=number)
        photo = await desk.sent_and_judged(
            case, at_place(jpeg(work(place=place)), 55.91234, 37.73678))
        async with desk.house.office.work() as unit:
            fact = (await unit.journal.of_case(case.id))[-1].fact
        places[photo.verdict] = (fact.event, fact.details.get("latitude"),
                                 fact.details.get("longitude"))
    assert places == {"same_angle": ("photo_judged", "55.912", "37.737"),
                      "other_place": ("photo_judged", None, None)}


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


async def test_reason_against_a_verdict_stands_in_the_history_in_words_and_is_counted(desk: Desk
                                                                                     ) -> None:
    case = await desk.case(citizen())
    photo = await desk.sent_and_judged(case, jpeg(work(place=2)))
    assert photo.verdict == "other_place"
    house = desk.house
    await house.office.do(house.actor(b.LEAD), CaseRef(case.id), execution.keep_photo,
                          photo.file.sha256, " Дом за забором, ближе нельзя. ")
    history = await Lookups(house.office).history(house.actor(b.DESK), case.id)
    assert [line.details for line in history if line.what == "фотография оставлена с объяснением"
            ] == ["Дом за забором, ближе нельзя.; Не удаётся узнать место"]
    now = house.clock.moment
    async with house.office.work() as unit:
        assert await unit.journal.count("keep_photo", now, now + timedelta(days=1)) == 1
        entries = await unit.journal.of_case(case.id)
    kept, = (one.fact for one in entries if one.fact.event == "keep_photo")
    assert (kept.details["verdict"], kept.requirement) == ("other_place", "R17")


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

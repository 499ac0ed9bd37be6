"""A photo that was used before, in any case, is noticed; an honest one is not accused (R17)."""

from dataclasses import replace

from core.assignment import Photo
from core.case import Case
from core.notices import NoticeKind
from core.ports import PhotoKind
from core.usecases import execution
from core.usecases.lookups import Lookups
from core.usecases.office import CaseRef
from core.usecases.parcels import Packer
from tests import builders as b
from tests.core.photos.scenes import jpeg, yard
from tests.usecases.photos.desk import (
    GARAGES,
    STEADY,
    Desk,
    a_desk,
    citizen,
    cropped,
    work,
)
from tests.usecases.photos.house import House


async def advice_for(house: House, person_id: int, case: Case) -> str:
    """What this person reads on the card of the only photo."""
    card = await Lookups(house.office).card(house.actor(person_id), case.id)
    return card.parts[0].photos[0].advice


async def fingerprint(desk: Desk, photo: Photo) -> bytes:
    """As it is remembered."""
    async with desk.house.office.work() as unit:
        kept = await unit.fingerprints.after(0, 100)
    return next(one.fingerprint for one in kept if one.sha256 == photo.file.sha256)


async def test_photo_of_another_case_is_alleged_however_it_was_saved(desk: Desk) -> None:
    first = await desk.case(citizen())
    assert (await desk.sent_and_judged(first, jpeg(work()))).verdict == "same_angle"
    second = await desk.case(citizen(), number="ДД-2")
    photo = await desk.sent_and_judged(second, cropped(work()))
    assert photo.verdict == "reused_photo"
    assert photo.used_in == first.id
    assert photo.picture is not None
    assert "уже использована" in photo.advice


async def test_other_case_is_named_to_who_may_read_it_and_to_nobody_else(desk: Desk) -> None:
    first = await desk.case(citizen())
    await desk.sent_and_judged(first, jpeg(work()))
    second = await desk.case(citizen(), number="ДД-2", lead=b.CO)
    await desk.send(second, cropped(work()), by=b.CO)
    await desk.judge_all()
    house = desk.house
    assert first.number in await advice_for(house, b.DESK, second)
    hidden = await advice_for(house, b.CO, second)
    assert first.number not in hidden
    assert "в другом сообщении" in hidden


async def test_notice_to_the_executor_names_only_what_he_may_read(desk: Desk) -> None:
    first = await desk.case(citizen())
    await desk.sent_and_judged(first, jpeg(work()))
    second = await desk.case(citizen(), number="ДД-2", lead=b.CO)
    third = await desk.case(citizen(), number="ДД-3")
    await desk.send(second, cropped(work()), by=b.CO)
    await desk.send(third, cropped(work()))
    await desk.judge_all()
    office = desk.house.office
    packer = Packer(office, Lookups(office), None, None)  # type: ignore[arg-type]
    said = {}
    for row in await desk.house.taken_off():
        if row.notice.kind is NoticeKind.PHOTO_VERDICT:
            parcel = await packer.pack(row)
            assert parcel.card is not None
            said[row.notice.case_id] = parcel.card.parts[0].photos[0].advice
            assert first.number not in str(row.notice.facts)
    assert first.number not in said[second.id]
    assert first.number in said[third.id]


async def test_citizen_s_photo_of_another_case_is_no_photo_of_the_work(desk: Desk) -> None:
    other = await desk.case(citizen(GARAGES))
    await desk.judge_all()
    case = await desk.case(citizen(), number="ДД-2")
    photo = await desk.sent_and_judged(case, cropped(yard(place=GARAGES)))
    assert (photo.verdict, photo.used_in) == ("reused_photo", other.id)


async def test_messages_about_one_place_may_share_a_photo(desk: Desk) -> None:
    first = await desk.case(citizen())
    await desk.sent_and_judged(first, jpeg(work()))
    digits = first.number.rsplit("-", 1)[1].lstrip("0")
    second = await desk.case(citizen(), number="ДД-2", duplicate_of=digits)
    third = await desk.case(citizen(), number="ДД-3", duplicate_of=first.number)
    assert (await desk.sent_and_judged(second, jpeg(work()))).verdict == "same_angle"
    assert (await desk.sent_and_judged(third, cropped(work()))).verdict == "same_angle"


async def test_genuine_second_photo_of_the_place_is_not_accused(desk: Desk) -> None:
    first = await desk.case(citizen())
    await desk.sent_and_judged(first, jpeg(work()))
    second = await desk.case(citizen(), number="ДД-2")
    photo = await desk.sent_and_judged(second, jpeg(work(STEADY)))
    assert photo.verdict == "same_angle"
    near = await desk.photos.memory.alike(second, photo, await fingerprint(desk, photo))
    assert [one.case.id for one in near] == [first.id]  # the index did propose it


async def test_photo_sent_into_the_wrong_case_and_taken_back_is_free(desk: Desk) -> None:
    wrong = await desk.case(citizen(GARAGES))
    await desk.sent_and_judged(wrong, jpeg(work()))
    await desk.take_back(wrong)
    right = await desk.case(citizen(), number="ДД-2")
    assert (await desk.sent_and_judged(right, jpeg(work()))).verdict == "same_angle"


async def test_photo_taken_back_and_sent_again_is_judged_again(desk: Desk) -> None:
    case = await desk.case(citizen())
    await desk.sent_and_judged(case, jpeg(work()))
    await desk.take_back(case)
    desk.later()
    assert (await desk.sent_and_judged(case, jpeg(work()))).verdict == "same_angle"


async def test_photo_of_the_answer_that_the_citizen_sent_back_is_alleged(desk: Desk) -> None:
    case = await desk.case(citizen())
    await desk.sent_and_judged(case, jpeg(work()))
    again = await desk.next_round(case)
    photo = await desk.sent_and_judged(again, cropped(work()))
    assert photo.verdict == "reused_photo"
    assert "в прошлом ответе на это сообщение" in photo.advice
    assert photo.used_in is None


async def test_memory_survives_a_restart(house: House) -> None:
    async with a_desk(house) as before:
        first = await before.case(citizen())
        await before.sent_and_judged(first, jpeg(work()))
    async with a_desk(house) as after:
        second = await after.case(citizen(), number="ДД-2")
        assert (await after.sent_and_judged(second, cropped(work()))).used_in == first.id


async def test_photo_judged_before_the_memory_is_full_is_checked_when_it_is(house: House
                                                                            ) -> None:
    async with a_desk(house) as before:
        first = await before.case(citizen())
        await before.sent_and_judged(first, jpeg(work()))
    async with a_desk(house, full=False) as after:
        second = await after.case(citizen(), number="ДД-2")
        hasty = await after.sent_and_judged(second, cropped(work()))
        assert hasty.verdict in {"same_angle", "needs_editing"}
        await house.office.do(house.actor(b.LEAD), CaseRef(second.id), execution.keep_photo,
                              hasty.file.sha256, "Так виднее.")
        await after.photos.memory.fill()
        await after.judge_all()
        photo = await after.photo(second)
        assert (photo.verdict, photo.used_in) == ("reused_photo", first.id)
        assert photo.override == ""
        assert (await after.photo(first)).verdict == "same_angle"


async def test_check_that_a_restart_cut_off_is_made_after_it(house: House) -> None:
    async with a_desk(house, full=False) as before:
        first = await before.case(citizen())
        await before.sent_and_judged(first, jpeg(work()))
        second = await before.case(citizen(), number="ДД-2")
        assert (await before.sent_and_judged(second, cropped(work()))).verdict != "reused_photo"
    async with a_desk(house) as after:
        await after.judge_all()
        assert (await after.photo(second)).used_in == first.id
        assert (await after.photo(first)).verdict == "same_angle"


async def test_reason_for_keeping_a_reused_photo_outlives_the_next_check(house: House) -> None:
    async with a_desk(house) as desk:
        await desk.sent_and_judged(await desk.case(citizen()), jpeg(work()))
        second = await desk.case(citizen(), number="ДД-2")
        photo = await desk.sent_and_judged(second, cropped(work()))
        await house.office.do(house.actor(b.LEAD), CaseRef(second.id), execution.keep_photo,
                              photo.file.sha256, "Обе ямы на одном снимке.")
    async with a_desk(house) as after:
        await after.judge_all()
        assert (await after.photo(second)).override == "Обе ямы на одном снимке."


async def test_what_is_remembered_is_kept_once_for_each_photo(desk: Desk) -> None:
    case = await desk.case(citizen())
    await desk.sent_and_judged(case, jpeg(work()))
    await desk.judge_all()
    async with desk.house.office.work() as unit:
        kept = await unit.fingerprints.after(0, 100)
        await unit.fingerprints.add(replace(kept[0], id=0))
        assert await unit.fingerprints.after(0, 100) == kept
        assert await unit.fingerprints.get([kept[0].id]) == [kept[0]]
        assert await unit.fingerprints.after(kept[0].id, 1) == [kept[1]]
        assert await unit.fingerprints.of_cases([case.id + 1]) == []
    assert {(one.case_id, one.kind) for one in kept} == {
        (case.id, PhotoKind.CITIZEN), (case.id, PhotoKind.EXECUTOR)}
    assert {len(one.fingerprint) for one in kept} == {160}


async def test_first_use_is_not_accused_though_it_was_judged_last(desk: Desk) -> None:
    first = await desk.case(citizen())
    second = await desk.case(citizen(), number="ДД-2")
    await desk.send(first, jpeg(work()))
    await desk.send(second, cropped(work()))
    path = desk.house.database.files.path_of((await desk.photo(first)).file.sha256)
    content = path.read_bytes()
    path.unlink()
    await desk.judge_all()
    assert (await desk.photo(first)).verdict == ""
    path.write_bytes(content)
    desk.later()
    await desk.judge_all()
    assert (await desk.photo(first)).verdict == "same_angle"

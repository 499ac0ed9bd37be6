"""The list of overdue cases: right at every look, and only what changed or is late is read."""

from collections.abc import Sequence

import pytest

from core.case import Case
from core.usecases import routing
from core.usecases.lookups import Lookups
from storage.cases import CaseRepository
from tests.bot import city
from tests.usecases.office.house import House, moscow


async def overdue(house: House) -> list[int]:
    directory = await house.lookups.directory()
    return [one.id for one in await house.lookups.overdue(directory.person(city.DESK))]


async def test_a_case_is_overdue_from_its_hour_until_the_deed_is_done(house: House) -> None:
    case = await house.arrives()
    assert await overdue(house) == []
    house.clock.moment = moscow(23, 18)
    assert await overdue(house) == [], "the day of registration ends at six"
    house.clock.moment = moscow(23, 18, 1)
    assert await overdue(house) == [case.id]
    await house.do(city.DESK, case.id, routing.register)
    assert await overdue(house) == []


async def test_one_who_has_no_part_in_it_does_not_see_what_is_overdue(house: House) -> None:
    await house.arrives()
    house.clock.moment = moscow(25)
    directory = await house.lookups.directory()
    assert await house.lookups.overdue(directory.person(city.IDLE)) == ()


async def test_what_stands_still_in_its_time_is_not_read_again(
        house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.clock.moment = moscow(23)
    late = await house.arrives(city.message("MO-1"))
    house.clock.moment = moscow(25)
    calm, moved = [await house.registered(city.message(one)) for one in ("MO-2", "MO-3")]
    house.lookups = Lookups(house.office)
    read: list[int] = []
    several = CaseRepository.several

    async def heard(self: CaseRepository, case_ids: Sequence[int]) -> Sequence[Case]:
        read.extend(case_ids)
        return await several(self, case_ids)

    monkeypatch.setattr(CaseRepository, "several", heard)
    assert await overdue(house) == [late.id]
    assert {late.id, calm.id, moved.id} <= set(read), "after a start everything is read"
    await house.do(city.DESK, moved.id, routing.route, city.OFFICIAL)
    read.clear()
    assert await overdue(house) == [late.id]
    assert set(read) == {late.id, moved.id}

"""The minute scan looks only at cases that changed or whose time has come, and misses nothing."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.case import Case
from core.notices import NoticeKind
from core.regulation.terms import AnswerKind
from core.usecases import execution, resolutions, routing
from core.usecases.control import Control
from core.usecases.resolutions import Task
from storage.cases import CaseRepository
from tests.bot import city
from tests.usecases.office.house import House, moscow


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the cases that were read for the scan, in order; to be cleared."""
    ids: list[int] = []
    several = CaseRepository.several

    async def noting(self: CaseRepository, case_ids: Sequence[int]) -> Sequence[Case]:
        ids.extend(case_ids)
        return await several(self, case_ids)

    monkeypatch.setattr(CaseRepository, "several", noting)
    return ids


async def looks(house: House, looked_at: list[int]) -> list[int]:
    looked_at.clear()
    await house.control.scan()
    return list(looked_at)


async def test_a_case_is_read_again_when_it_changes_and_when_its_time_comes(
        house: House, looked_at: list[int]) -> None:
    first = await house.registered()
    second = await house.registered(city.message("MO-2"))
    assert await looks(house, looked_at) == [first.id, second.id]
    house.clock.moment += timedelta(minutes=1)
    assert await looks(house, looked_at) == []
    await house.do(city.DESK, second.id, routing.route, city.OFFICIAL)
    assert await looks(house, looked_at) == [second.id]
    assert await looks(house, looked_at) == []
    house.clock.moment = moscow(24, 9, 30)
    assert await looks(house, looked_at) == [first.id, second.id]
    assert await looks(house, looked_at) == []
    house.clock.moment = moscow(24, 16, 1)  # the last two hours of the resolution's day
    assert await looks(house, looked_at) == [first.id, second.id]


async def test_a_changed_directory_and_a_restart_mean_looking_at_everything(
        house: House, looked_at: list[int]) -> None:
    case = await house.registered()
    await house.control.scan()
    await house.settle_in()
    assert await looks(house, looked_at) == [case.id]
    assert await looks(await house.restarted(), looked_at) == [case.id]


async def test_a_closed_case_is_not_looked_at_any_more(house: House, looked_at: list[int]) -> None:
    case = await house.registered()
    await house.do(city.DESK, case.id, routing.redirect, city.HEAT)
    assert await looks(house, looked_at) == []


async def test_a_scan_that_failed_looks_again(house: House, looked_at: list[int],
                                              monkeypatch: pytest.MonkeyPatch) -> None:
    case = await house.registered()

    async def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("storage.outbox.OutboxRepository.put", fail)
        with pytest.raises(RuntimeError):
            await house.control.scan()
    assert await looks(house, looked_at) == [case.id]


async def test_the_watch_misses_no_reminder_that_a_full_scan_would_give(house: House) -> None:
    """Every half an hour of twelve days: the watching scan beside one that reads everything."""
    tasks = (Task(city.LEAD), Task(city.HELPER))
    await house.arrives(city.message("MO-0"))
    await house.registered(city.message("MO-1"))
    await house.at_work(city.message("MO-2"), *tasks)
    interim = await house.at_work(city.message("MO-3"))
    await house.do(city.LEAD, interim.id, execution.save_draft, AnswerKind.INTERIM,
                   "Ремонт кровли идёт по графику.", moscow(8, month=12).date())
    await house.do(city.LEAD, interim.id, execution.submit_draft)
    await house.drafted(await house.at_work(city.message("MO-4")))
    for step in range(12 * 24 * 2):
        house.clock.moment = moscow(23) + timedelta(minutes=30 * step)
        if step == 60:
            await house.do(city.DESK, 2, routing.route, city.OFFICIAL)
            await house.do(city.OFFICIAL, 2, resolutions.impose, tasks)
        await house.control.scan()
        watched = {one.key for one in house.rows()}
        await Control(house.office).scan()
        assert {one.key for one in house.rows()} == watched, house.clock.moment
    assert len(house.rows(NoticeKind.REMINDER)) > 5
    assert len(house.rows(NoticeKind.OVERDUE)) > 40
    assert len(house.rows(NoticeKind.ESCALATION)) > 10

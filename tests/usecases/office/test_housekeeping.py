"""The daily tidying up."""

from datetime import timedelta

from core.ports import Prompt
from core.usecases.housekeeping import PROMPTS_KEPT, Housekeeping
from tests.usecases.office.house import House


async def test_old_questions_go_once_a_day_and_cases_stay(house: House) -> None:
    case = await house.at_work()
    tidying = Housekeeping(house.office)
    async with house.office.work() as work:
        await work.prompts.put(Prompt(1, 1, 1, "assignment", case.id), house.clock.now())
    assert await tidying.tidy_if_due() == 0
    house.clock.moment += PROMPTS_KEPT + timedelta(minutes=1)
    before = await house.journal(case.id)
    assert await tidying.tidy_if_due() == 1
    assert await tidying.tidy_if_due() is None
    async with house.office.work() as work:
        assert await work.prompts.find(1, 1) is None
    assert await house.case(case.id) == case
    assert await house.journal(case.id) == before

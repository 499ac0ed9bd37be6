"""Joining the bot: one invitation, one person, one time (R9)."""

from datetime import timedelta

import pytest

from core.errors import UnknownPersonError
from tests.bot import city
from tests.usecases.office.house import House

SOMEBODY = 555


async def who(house: House, telegram_id: int) -> int | None:
    actor = await house.enrolment.actor(telegram_id, "tg:1")
    return actor.person_id if actor else None


async def test_an_invitation_links_the_account_once(house: House) -> None:
    code = await house.enrolment.invite(f"p{city.HELPER}")
    assert await who(house, SOMEBODY) is None
    person = await house.enrolment.join(code, SOMEBODY)
    assert person is not None
    assert person.id == await who(house, SOMEBODY) == city.HELPER
    assert await house.enrolment.join(code, 777) is None, "used up"
    assert await who(house, 777) is None


@pytest.mark.parametrize(("later", "works"), [
    (timedelta(days=7) - timedelta(seconds=1), True), (timedelta(days=7), False)])
async def test_an_invitation_lives_seven_days(house: House, later: timedelta, *,
                                              works: bool) -> None:
    code = await house.enrolment.invite(f"p{city.HELPER}")
    house.clock.moment += later
    assert (await house.enrolment.join(code, SOMEBODY) is not None) == works


@pytest.mark.parametrize("code", ["", "нет", "x" * 500])
async def test_an_unknown_code_links_nobody(house: House, code: str) -> None:
    assert await house.enrolment.join(code, SOMEBODY) is None


async def test_a_new_telephone_takes_the_place_of_the_old(house: House) -> None:
    code = await house.enrolment.invite(f"p{city.LEAD}")
    await house.enrolment.join(code, SOMEBODY)
    assert await who(house, SOMEBODY) == city.LEAD
    assert await who(house, city.telegram_id(city.LEAD)) is None


async def test_an_account_that_changes_hands_leaves_its_former_person(house: House) -> None:
    code = await house.enrolment.invite(f"p{city.HELPER}")
    await house.enrolment.join(code, city.telegram_id(city.LEAD))
    assert await who(house, city.telegram_id(city.LEAD)) == city.HELPER
    directory = await house.lookups.directory()
    assert directory.person(city.LEAD).telegram_id is None


async def test_only_who_works_here_is_invited_by_any_case_of_the_code(house: House) -> None:
    with pytest.raises(UnknownPersonError, match="nobody"):
        await house.enrolment.invite("nobody")
    assert await house.enrolment.invite("P5")


async def test_the_code_itself_lies_nowhere(house: House) -> None:
    code = await house.enrolment.invite("p5")
    await house.enrolment.join(code, SOMEBODY)
    assert code not in str([house.table(one) for one in ("invitations", "journal", "people")])
    events = [one["event"] for one in house.table("journal")]
    assert events == ["invite", "join"]

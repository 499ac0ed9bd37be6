"""A portal message is a new case, a citizen's return, or known already (2.1)."""

from dataclasses import replace
from datetime import date

import pytest

from core.inbound import MessageCard, NewMessage
from core.regulation.terms import State
from core.usecases import dispatch, resolutions, routing
from core.usecases.intake import KNOWN
from core.usecases.office import CaseRef
from tests.bot import city
from tests.usecases.office.house import House

FIRST = city.message("ДД-1001")
RETURN = MessageCard("ДД-2002", "Яма осталась.", repeat_of="ДД-1001", sent_on=date(2026, 12, 1))
TAKEN = "Возврат пользователем."


async def arrives(house: House, card: MessageCard) -> tuple[str, str]:
    """The card comes in a letter of its own: the kind and what was said of it."""
    await house.intake.accept(house.mail(NewMessage(card)))
    mail = (await house.letters_in())[-1]
    return mail.kind, mail.outcome


async def answer(house: House, case_id: int) -> None:
    """The round ends with the answer published."""
    case = await house.case(case_id)
    if case.state is State.RECEIVED:
        await house.do(city.DESK, case_id, routing.register)
        await house.do(city.DESK, case_id, routing.route, city.OFFICIAL)
        await house.do(city.OFFICIAL, case_id, resolutions.impose, (
            resolutions.Task(city.LEAD),))
    await house.sent(case)
    await house.office.do(house.msed(), CaseRef(case_id), dispatch.publish)


async def answered(house: House) -> int:
    """A case whose answer is published; its id."""
    case = await house.arrives(FIRST)
    await answer(house, case.id)
    return case.id


async def test_a_return_keeps_the_number_it_came_with(house: House) -> None:
    case_id = await answered(house)
    assert await arrives(house, RETURN) == ("repeat", TAKEN)
    case = await house.case(case_id)
    assert (case.message.portal_number, case.returns) == ("ДД-2002", 1)
    assert case.past[0].message.portal_number == "ДД-1001"


async def test_a_return_of_a_return_is_the_next_return_of_the_same_case(house: House) -> None:
    case_id = await answered(house)
    await arrives(house, RETURN)
    await answer(house, case_id)
    again = MessageCard("ДД-3003", "Снова яма.", repeat_of="дд-2002", sent_on=date(2026, 12, 20))
    assert await arrives(house, again) == ("repeat", TAKEN)
    case = await house.case(case_id)
    assert (case.returns, case.round, case.state) == (2, 3, State.RECEIVED)


async def test_the_same_return_exported_again_asks_nobody(house: House) -> None:
    case_id = await answered(house)
    await arrives(house, RETURN)
    assert await arrives(house, RETURN) == ("repeat", KNOWN)
    assert await arrives(house, replace(RETURN, repeat_of="")) == ("new_message", KNOWN)
    case = await house.case(case_id)
    assert case.returns == 1
    assert all(one.handled for one in await house.letters_in())


async def test_the_first_message_exported_again_after_its_return_asks_nobody(house: House
                                                                             ) -> None:
    await answered(house)
    await arrives(house, RETURN)
    assert await arrives(house, FIRST) == ("new_message", KNOWN)


async def test_the_same_words_on_another_day_are_another_return(house: House) -> None:
    """Where the portal leaves a return the number of the first message."""
    case_id = await answered(house)
    same_words = replace(FIRST, repeat_of=FIRST.number, sent_on=date(2026, 12, 1))
    assert (await arrives(house, same_words))[1] == TAKEN
    await answer(house, case_id)
    assert (await arrives(house, same_words))[1] == KNOWN
    later = replace(same_words, sent_on=date(2026, 12, 20))
    assert (await arrives(house, later))[1] == TAKEN
    assert (await house.case(case_id)).returns == 2


@pytest.mark.parametrize("number", ["ДД-1001", "дд-1001 "])
async def test_another_text_under_a_known_number_is_for_a_person(house: House, number: str
                                                                 ) -> None:
    case = await house.arrives(FIRST)
    kind, said = await arrives(house, MessageCard(number, "Не горит фонарь."))
    assert kind == "refused"
    assert "текст отличается" in said
    assert await house.case(case.id) == case

"""What is made of a portal message: a new case, a citizen's return, or nothing twice (2.1)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.inbound import InboundMail, MailPlace, MessageCard, NewMessage
from core.regulation.terms import State
from core.usecases.intake import KNOWN
from tests.builders import Story, a_message
from tests.usecases.house import House

RETURN = MessageCard("ДД-2002", "Яма осталась.", repeat_of="ДД-1001", sent_on=date(2026, 12, 1))


async def arrives(house: House, card: MessageCard) -> tuple[str, str]:
    """A card comes in a letter of its own: the kind and what was said of the newest letter."""
    place = MailPlace("INBOX", 1, house.next_uid())
    await house.intake.accept(InboundMail(
        place, f"Letter {place.uid}".encode(), house.clock.now(), f"<{place.uid}@msed>",
        "msed@example.ru", "Обращение", card.text, NewMessage(card)))
    async with house.office.work() as work:
        unclear = await work.mailbox.unclear()
        mail = await work.mailbox.get(place.uid)
        assert (mail in unclear) is not mail.handled
        return mail.kind, mail.outcome


async def answered(house: House) -> int:
    """A case whose answer is published; the id."""
    story = Story().at_work()
    story.answer()
    return (await house.keep(story)).id


async def test_a_return_keeps_the_number_it_came_with(house: House) -> None:
    case_id = await answered(house)
    assert await arrives(house, RETURN) == ("repeat", "Возврат пользователем.")
    case = await house.case(case_id)
    assert (case.message.portal_number, case.returns) == ("ДД-2002", 1)
    assert case.past[0].message.portal_number == "ДД-1001"


async def test_a_return_of_a_return_is_the_next_return_of_the_same_case(house: House) -> None:
    case_id = await answered(house)
    await arrives(house, RETURN)
    story = Story(case=await house.case(case_id)).at_work()
    story.answer()
    async with house.office.work() as work:
        await work.cases.save(replace(story.case, version=(await work.cases.get(case_id)).version))
    again = MessageCard("ДД-3003", "Снова яма.", repeat_of="дд-2002", sent_on=date(2026, 12, 20))
    assert (await arrives(house, again))[0] == "repeat"
    case = await house.case(case_id)
    assert (case.returns, case.round, case.state) == (2, 3, State.RECEIVED)


async def test_the_same_return_exported_again_asks_nobody(house: House) -> None:
    case_id = await answered(house)
    await arrives(house, RETURN)
    assert await arrives(house, RETURN) == ("repeat", KNOWN)
    assert await arrives(house, replace(RETURN, repeat_of="")) == ("new_message", KNOWN)
    assert (await house.case(case_id)).returns == 1


async def test_the_first_message_exported_again_after_its_return_asks_nobody(house: House
                                                                             ) -> None:
    await answered(house)
    await arrives(house, RETURN)
    first = a_message()
    assert (await arrives(house, MessageCard(first.portal_number, first.text)))[1] == KNOWN


async def test_the_same_words_on_another_day_are_another_return(house: House) -> None:
    """Where the portal leaves a return the number of the first message."""
    case_id = await answered(house)
    first = a_message()
    same_words = MessageCard(first.portal_number, first.text, repeat_of=first.portal_number,
                             sent_on=date(2026, 12, 1))
    assert (await arrives(house, same_words))[1] == "Возврат пользователем."
    case = await house.case(case_id)
    assert case.returns == 1
    story = Story(case=case, now=house.clock.now() + timedelta(minutes=1)).at_work()
    story.answer()
    async with house.office.work() as work:
        await work.cases.save(replace(story.case, version=(await work.cases.get(case_id)).version))
    assert (await arrives(house, same_words))[1] == KNOWN
    later = replace(same_words, sent_on=date(2026, 12, 20))
    assert (await arrives(house, later))[1] == "Возврат пользователем."
    assert (await house.case(case_id)).returns == 2


@pytest.mark.parametrize("number", ["ДД-1001", "дд-1001 "])
async def test_another_text_under_a_known_number_is_for_a_person(house: House, number: str
                                                                 ) -> None:
    await arrives(house, MessageCard("ДД-1001", "Во дворе яма."))
    kind, said = await arrives(house, MessageCard(number, "Не горит фонарь."))
    assert kind == "refused"
    assert "текст отличается" in said
    case = await house.case(1)
    assert case.message.text == "Во дворе яма."

"""R34-R36: letters to those who do not work in МСЭД, on the right form, in the right register."""

import pytest

from core.errors import AlreadyDoneError, AssistantError, NotAcceptedError, NotFoundError
from core.inbound import Attachment, Bounce, PersonReply
from core.letters import Letter
from core.notices import NoticeKind
from core.regulation.terms import LetterForm, LetterState
from tests.bot import city
from tests.usecases.office.house import House, moscow


async def drafted(house: House, addressee: int = city.HEAT, person: int = city.LEAD) -> Letter:
    """A letter of the lead."""
    return await house.letters.draft(
        await house.actor(person), 1, addressee, "О трубе", "Просим закрыть люк.")


async def registered(house: House, letter: Letter, person: int = city.DESK) -> Letter:
    """Signed by hand, scanned, registered."""
    await house.letters.signed_by_hand(
        await house.actor(city.LEAD), letter.id, await house.keep())
    return await house.letters.register(await house.actor(person), letter.id)


async def letter_of(house: House, letter_id: int) -> Letter:
    async with house.office.work() as work:
        return await work.letters.get(letter_id)


@pytest.mark.parametrize(("addressee", "form", "registrar"), [
    (city.HEAT, LetterForm.ADMINISTRATION, city.DESK),
    (city.LIGHT, LetterForm.BODY, city.CLERK)])
async def test_the_addressee_decides_on_whose_form_and_who_registers(
        house: House, addressee: int, form: LetterForm, registrar: int) -> None:
    await house.at_work()
    letter = await drafted(house, addressee)
    assert letter.form is form
    assert house.told(NoticeKind.LETTER_TO_SIGN) == [city.LEAD]
    await house.letters.signed_by_hand(
        await house.actor(city.LEAD), letter.id, await house.keep())
    assert house.told(NoticeKind.LETTER_TO_REGISTER) == [registrar]
    others = {city.DESK, city.CLERK, city.APPROVER} - {registrar}
    for other in others:
        with pytest.raises(AssistantError):
            await house.letters.register(await house.actor(other), letter.id)
    moved = await house.letters.register(await house.actor(registrar), letter.id)
    assert (moved.state, moved.registered_by_id) == (LetterState.REGISTERED, registrar)


async def test_the_two_registers_number_apart_without_gaps(house: House) -> None:
    await house.at_work()
    numbers = []
    for addressee, registrar in ((city.HEAT, city.DESK), (city.LIGHT, city.CLERK),
                                 (city.HEAT, city.DESK), (city.LIGHT, city.CLERK)):
        letter = await drafted(house, addressee)
        with pytest.raises(AssistantError):  # not signed yet: no number is spent
            await house.letters.register(await house.actor(registrar), letter.id)
        numbers.append((await registered(house, letter, registrar)).number)
    assert numbers == ["А-0001/2026", "О2-0001/2026", "А-0002/2026", "О2-0002/2026"]


async def test_a_new_year_begins_with_number_one(house: House) -> None:
    house.clock.moment = moscow(30, month=12)
    await house.at_work()
    await registered(house, await drafted(house))
    house.clock.moment = moscow(11, month=1, year=2027)
    assert (await registered(house, await drafted(house))).number == "А-0001/2027"


async def test_the_registered_letter_goes_with_its_scan_and_is_sent_once(house: House) -> None:
    await house.at_work()
    letter = await registered(house, await drafted(house))
    await house.carry()
    sent = house.email.of(NoticeKind.LETTER_OUT)
    assert [one.address for one in sent] == ["heat@gorod.test"]
    assert [one.content for one in sent[0].files] == [b"scan"]
    assert sent[0].token
    assert (await letter_of(house, letter.id)).state is LetterState.SENT
    with pytest.raises(AssistantError):
        await house.letters.register(await house.actor(city.DESK), letter.id)


async def test_the_organisations_answer_is_joined_to_the_case_by_its_key(house: House) -> None:
    await house.at_work()
    letter = await registered(house, await drafted(house))
    await house.carry()
    key = house.email.of(NoticeKind.LETTER_OUT)[0].token
    await house.intake.accept(house.mail(
        PersonReply(key, "Люк закрыт."), "someone.else@heat.test",
        attachments=(Attachment("Акт.pdf", "application/pdf", b"%PDF"),)))
    answered = await letter_of(house, letter.id)
    assert (answered.state, answered.answer) == (LetterState.ANSWERED, "Люк закрыт.")
    assert [one.name for one in answered.answer_files] == ["Акт.pdf"]
    assert house.told(NoticeKind.LETTER_ANSWERED) == [city.LEAD]
    await house.carry()
    assert [one.name for one in house.telegram.of(NoticeKind.LETTER_ANSWERED)[0].files] == [
        "Акт.pdf"]


async def test_a_bounced_letter_is_shown_to_its_author_and_the_desk(house: House) -> None:
    await house.at_work()
    letter = await registered(house, await drafted(house))
    await house.carry()
    row = house.rows(NoticeKind.LETTER_OUT)[0]
    await house.intake.accept(house.mail(Bounce(
        f"<email.{row.id}@gorod.test>", "heat@gorod.test", "5.1.1", "нет ящика")))
    assert (await letter_of(house, letter.id)).state is LetterState.UNDELIVERED
    assert set(house.told(NoticeKind.LETTER_BOUNCED)) == {city.LEAD, city.DESK}


async def test_a_letter_is_not_written_to_those_who_work_in_msed(house: House) -> None:
    await house.at_work()
    for body in (city.ADMINISTRATION, city.MINISTRY, 99):
        with pytest.raises(NotAcceptedError, match="МСЭД"):
            await drafted(house, body)


async def test_only_executors_and_the_desk_write_letters_of_a_case(house: House) -> None:
    await house.at_work()
    assert (await drafted(house, person=city.DESK)).author_id == city.DESK
    with pytest.raises(NotFoundError):
        await drafted(house, person=city.IDLE)
    with pytest.raises(NotAcceptedError, match="исполнитель"):
        await drafted(house, person=city.OFFICIAL)
    with pytest.raises(NotAcceptedError, match="текст"):
        await house.letters.draft(await house.actor(city.LEAD), 1, city.HEAT, "О", "  ")


async def test_one_tap_makes_one_letter(house: House) -> None:
    await house.at_work()
    tap = await house.actor(city.LEAD)
    await house.letters.draft(tap, 1, city.HEAT, "О трубе", "Просим закрыть люк.")
    with pytest.raises(AlreadyDoneError):
        await house.letters.draft(tap, 1, city.HEAT, "О трубе", "Просим закрыть люк.")
    assert len(house.table("letters")) == 1


async def test_the_journal_tells_the_whole_life_of_a_letter(house: House) -> None:
    await house.at_work()
    letter = await registered(house, await drafted(house))
    await house.carry()
    steps = [(one.fact.event, one.fact.after) for one in await house.journal(1)
             if one.fact.subject == f"letter:{letter.id}"]
    assert [one[1] for one in steps] == ["drafted", "hand_signed", "registered", "sent"]

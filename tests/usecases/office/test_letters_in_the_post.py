"""R26, R34-R36: what the post does to a letter, and what silence brings."""

import json

import pytest

from core.errors import NotAcceptedError, NotFoundError
from core.inbound import Attachment, Bounce, Delivered, PersonReply, Unrecognised
from core.letters import Letter
from core.notices import NoticeKind
from core.outbound import InDoubtError, RefusedError
from core.people import Body
from core.regulation.terms import LetterState
from core.usecases.letterwatch import LetterWatch
from tests.bot import city
from tests.usecases.office.house import House, moscow
from tests.usecases.office.test_registers import reference, sent


async def letter_of(house: House, letter: Letter) -> Letter:
    async with house.office.work() as work:
        return await work.letters.get(letter.id)


async def look(house: House, day: int, hour: int = 12, month: int = 11) -> int:
    house.clock.moment = moscow(day, hour, month=month)
    due = await LetterWatch(house.office).remind()
    await house.carry()
    return due


def states(house: House) -> list[str]:
    return [one.state for one in house.rows(NoticeKind.LETTER_OUT)]


async def test_silence_brings_a_reminder_to_the_organisation_then_the_desk(house: House) -> None:
    await house.at_work()
    letter = await sent(house)  # Monday, at ten
    assert await look(house, 26, 9) == 0
    assert await look(house, 26) == 1
    reminder = house.email.of(NoticeKind.LETTER_REMINDER)[0]
    assert (reminder.address, reminder.facts["number"]) == ("heat@gorod.test", "А-0001/2026")
    assert [one.content for one in reminder.files] == [b"scan"]
    assert reminder.facts["in_reply_to"] == reference(house)
    assert await look(house, 27) == 0, "reminded once"
    assert house.told(NoticeKind.LETTER_SILENT) == []
    assert await look(house, 30) == 2
    assert house.told(NoticeKind.LETTER_SILENT) == [city.LEAD, city.DESK]
    await look(house, 1, month=12)
    assert len(house.rows(NoticeKind.LETTER_SILENT)) == 2, "told once"
    await house.intake.accept(house.mail(PersonReply(reminder.token, "Сделано.")))
    assert (await letter_of(house, letter)).state is LetterState.ANSWERED


async def test_nobody_is_reminded_of_what_is_answered_or_no_longer_needed(house: House) -> None:
    await house.at_work()
    await sent(house)
    await house.intake.accept(house.mail(PersonReply(
        house.email.of(NoticeKind.LETTER_OUT)[0].token, "Сделано.")))
    assert await look(house, 30) == 0


async def test_organisations_are_not_written_to_at_night_or_on_a_day_off(house: House) -> None:
    await house.at_work()
    await sent(house)
    assert await look(house, 28) == 0, "Saturday"
    assert await look(house, 30, 21) == 0
    assert await look(house, 1, month=12) == 1


async def test_a_further_answer_joins_the_first(house: House) -> None:
    await house.at_work()
    letter = await sent(house)
    key = house.email.of(NoticeKind.LETTER_OUT)[0].token
    for text in ("Зарегистрировано, вх. 12.", "Люк закрыт."):
        await house.intake.accept(house.mail(PersonReply(key, text)))
    assert (await letter_of(house, letter)).answer == "Зарегистрировано, вх. 12.\n\nЛюк закрыт."
    assert house.told(NoticeKind.LETTER_ANSWERED) == [city.LEAD, city.LEAD]
    assert all(one.handled for one in await house.letters_in())


async def test_an_answer_without_its_key_is_joined_by_the_desk(house: House) -> None:
    await house.at_work()
    letter = await sent(house, person=city.DESK)
    scan = Attachment("ответ.pdf", "application/pdf", b"%PDF-1.4 answer")
    await house.intake.accept(house.mail(
        Unrecognised("не понято"), sender="office@heat.test", text="Люк закрыт.",
        attachments=(scan,)))
    (unclear,) = [one for one in await house.letters_in() if not one.handled]
    with pytest.raises(NotFoundError):
        await house.mailroom.answers(await house.actor(city.LEAD), unclear.id, letter.id)
    with pytest.raises(NotFoundError):
        await house.mailroom.answers(await house.actor(city.DESK), unclear.id, 99)
    await house.mailroom.answers(await house.actor(city.DESK), unclear.id, letter.id)
    await house.carry()
    joined = await letter_of(house, letter)
    assert (joined.state, joined.answer, joined.answer_files) == (
        LetterState.ANSWERED, "Люк закрыт.", unclear.files)
    assert states(house) == ["answered"]
    told = house.told(NoticeKind.LETTER_ANSWERED)
    assert (len(told), set(told)) == (2, {city.LEAD, city.DESK})
    mail = (await house.letters_in())[-1]
    assert (mail.handled, mail.case_id) == (True, 1)
    assert "А-0001/2026" in mail.outcome
    fact = (await house.journal(1))[-1].fact
    assert (fact.event, fact.actor_id) == ("letter_answered", city.DESK)
    with pytest.raises(NotAcceptedError, match="уже принято"):
        await house.mailroom.answers(await house.actor(city.DESK), mail.id, letter.id)


async def test_letters_that_wait_are_offered_the_writers_own_first(house: House) -> None:
    await house.at_work()
    for addressee in (city.HEAT, city.LIGHT, city.LIGHT):
        await sent(house, addressee)
    for sender in ("heat@gorod.test", "chief@gorod.test", "a@elsewhere.test"):
        await house.intake.accept(house.mail(Unrecognised("не понято"), sender=sender))
    directory = await house.lookups.directory()
    desk, lead = directory.person(city.DESK), directory.person(city.LEAD)
    found = [await house.lookups.awaiting_answer(desk, one.id)
             for one in await house.letters_in() if not one.handled]
    assert [[letter.id for letter, _ in one] for one in found] == [
        [1, 3, 2], [3, 2, 1], [3, 2, 1]]
    assert found[0][0][1] == "АО «Теплосеть»"
    assert await house.lookups.awaiting_answer(lead, 1) == ()


async def test_how_far_a_letter_got_is_kept_apart(house: House) -> None:
    await house.at_work()
    await sent(house)
    assert states(house) == ["sent"]
    await house.intake.accept(house.mail(Delivered(reference(house), "heat@gorod.test")))
    assert states(house) == ["delivered"]
    await house.intake.accept(house.mail(PersonReply(
        house.email.of(NoticeKind.LETTER_OUT)[0].token, "Сделано."), answers=reference(house)))
    assert states(house) == ["answered"]
    await house.intake.accept(house.mail(Delivered(reference(house), "heat@gorod.test")))
    assert states(house) == ["answered"]


async def test_a_confirmation_or_an_answer_takes_the_doubt_away(house: House) -> None:
    await house.at_work()
    house.email.fates.append(InDoubtError("Связь прервалась."))
    letter = await sent(house)
    assert states(house) == ["in_doubt"]
    row = house.rows(NoticeKind.LETTER_OUT)[0]
    async with house.office.work() as work:  # the carrier names the letter before it leaves
        await work.outbox.settle(row.id, (await work.outbox.troubled())[0].state,
                                 house.clock.now(), message_ref=reference(house))
    await house.intake.accept(house.mail(Delivered(reference(house), "heat@gorod.test")))
    assert (states(house), (await letter_of(house, letter)).state) == (
        ["delivered"], LetterState.SENT)


@pytest.mark.parametrize("at_once", [True, False], ids=["refused by our server", "bounced"])
async def test_what_does_not_arrive_is_told_at_once_and_goes_to_the_mended_address(
        house: House, at_once: bool) -> None:
    await house.at_work()
    if at_once:
        house.email.fates.append(RefusedError("550 нет такого ящика"))
    letter = await sent(house)
    if not at_once:
        await house.intake.accept(house.mail(Bounce(
            reference(house), "heat@gorod.test", "5.1.1", "550 нет такого ящика")))
    assert (await letter_of(house, letter)).state is LetterState.UNDELIVERED
    assert set(house.told(NoticeKind.LETTER_BOUNCED)) == {city.LEAD, city.DESK}
    trouble = house.rows(NoticeKind.DELIVERY_TROUBLE)
    assert [(one.person_id, json.loads(one.facts)["reason"]) for one in trouble] == [
        (city.DESK, "550 нет такого ящика")]
    assert (await letter_of(house, letter)).answer == "", "a bounce is no answer"
    heat = Body(city.HEAT, "heat", "АО «Теплосеть»", city.BODIES[-1].kind,
                email="office@heat.test")
    async with house.office.work() as work:
        await work.people.import_all([*city.BODIES[:-1], heat], city.PEOPLE, city.ROUTES,
                                     city.APPROVALS)
    row = house.rows(NoticeKind.LETTER_OUT)[0]
    await house.delivery.decide(await house.actor(city.DESK), row.id, repeat=True)
    await house.carry()
    assert house.email.of(NoticeKind.LETTER_OUT)[-1].address == "office@heat.test"
    assert (await letter_of(house, letter)).state is LetterState.SENT


async def test_a_report_that_names_no_letter_of_ours_changes_nothing(house: House) -> None:
    await house.at_work()
    await sent(house)
    row = house.rows(NoticeKind.LETTER_OUT)[0]
    await house.intake.accept(house.mail(Delivered(f"<rakurs.{row.id}@gorod.test>", "x@y.z")))
    await house.intake.accept(house.mail(Bounce(
        f"<rakurs.{row.id}@gorod.test>", "x@y.z", "5.1.1", "нет")))
    assert states(house) == ["sent"]

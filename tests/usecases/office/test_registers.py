"""R35-R36: the dispatch registers, by sender and period; who may print which."""

from datetime import date

import pytest

from core.documents.values import RegisterDocument
from core.errors import MoveNotAllowedError, NotFoundError
from core.inbound import Bounce, Delivered, PersonReply
from core.letters import Letter
from core.notices import NoticeKind
from core.usecases.papers import Papers
from core.usecases.registers import ADMINISTRATION, DESK_NAME, Registers
from tests.bot import city
from tests.usecases.office.house import House, moscow

NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)


async def sent(house: House, addressee: int = city.HEAT, person: int = city.LEAD,
               subject: str = "О трубе") -> Letter:
    """A letter signed, registered by its side and sent."""
    letter = await house.letters.draft(
        await house.actor(person), 1, addressee, subject, "Просим закрыть люк.")
    await house.letters.signed_by_hand(await house.actor(person), letter.id, await house.keep())
    registrar = city.CLERK if addressee == city.LIGHT else city.DESK
    letter = await house.letters.register(await house.actor(registrar), letter.id)
    await house.carry()
    return letter


async def printed(house: House, person: int, sender: int = ADMINISTRATION,
                  period: tuple[date, date] = NOVEMBER) -> RegisterDocument:
    directory = await house.lookups.directory()
    return await Registers(house.office).document(directory.person(person), sender, *period)


def reference(house: House, place: int = -1) -> str:
    return f"<email.{house.rows(NoticeKind.LETTER_OUT)[place].id}@gorod.test>"


async def test_each_sender_has_a_register_of_its_own_letters(house: House) -> None:
    await house.at_work()
    await sent(house)
    await sent(house, city.LIGHT)
    desk = await printed(house, city.DESK)
    assert (desk.sender, desk.made_by.name) == (DESK_NAME, "М.И. Соколова")
    assert [(one.number, one.addressee, one.result) for one in desk.rows] == [
        ("А-0001/2026", "АО «Теплосеть»", "отправлено")]
    clerk = await printed(house, city.CLERK, city.ROADS)
    assert (clerk.sender, [one.number for one in clerk.rows]) == (
        "Управление дорог", ["О2-0001/2026"])


async def test_a_clerk_prints_the_own_bodys_register_alone(house: House) -> None:
    directory = await house.lookups.directory()
    registers = Registers(house.office)
    assert [one.id for one in await registers.senders(directory.person(city.CLERK))] == [
        city.ROADS]
    assert [one.id for one in await registers.senders(directory.person(city.DESK))] == [
        ADMINISTRATION, city.ROADS]
    assert await registers.senders(directory.person(city.LEAD)) == ()
    for person, sender in ((city.CLERK, ADMINISTRATION), (city.LEAD, city.ROADS)):
        with pytest.raises(MoveNotAllowedError, match="делопроизводитель"):
            await printed(house, person, sender)
    with pytest.raises(NotFoundError, match="«heat» нет"):
        await registers.named("heat")


async def test_a_period_holds_its_first_and_its_last_day_by_the_offices_clock(
        house: House) -> None:
    await house.at_work()
    for minute in ((29, 23, 59), (30, 0, 1), (30, 23, 59)):
        house.clock.moment = moscow(*minute)
        await sent(house)
    house.clock.moment = moscow(1, 0, 1, month=12)
    await sent(house)
    rows = (await printed(house, city.DESK, period=(date(2026, 11, 30), date(2026, 11, 30)))).rows
    assert [one.number for one in rows] == ["А-0002/2026", "А-0003/2026"]
    assert {one.sent_on for one in rows} == {date(2026, 11, 30)}


async def test_the_register_tells_how_far_each_letter_got(house: House) -> None:
    await house.at_work()
    await sent(house, subject="отправлено")
    await sent(house, subject="доставлено")
    await house.intake.accept(house.mail(Delivered(reference(house), "heat@gorod.test")))
    await sent(house, subject="не дошло")
    await house.intake.accept(house.mail(Bounce(
        reference(house), "heat@gorod.test", "5.1.1", "нет ящика")))
    await sent(house, subject="отвечено")
    house.clock.moment = moscow(25)
    await house.intake.accept(house.mail(PersonReply(
        house.email.of(NoticeKind.LETTER_OUT)[-1].token, "Сделано."), "heat@gorod.test"))
    rows = (await printed(house, city.DESK)).rows
    assert {one.subject: one.result for one in rows} == {
        "отправлено": "отправлено", "доставлено": "доставлено 23.11.2026",
        "не дошло": "не доставлено 23.11.2026", "отвечено": "получен ответ 25.11.2026"}


async def test_last_months_registers_come_by_themselves_once(house: House) -> None:
    await house.at_work()
    await sent(house)
    await sent(house, city.LIGHT)
    registers = Registers(house.office)
    assert not await registers.hand_out_if_due(), "October had no letters"
    house.clock.moment = moscow(1, 8, month=12)
    assert not await registers.hand_out_if_due(), "not before the office opens"
    house.clock.moment = moscow(1, 9, month=12)
    assert await registers.hand_out_if_due()
    assert not await registers.hand_out_if_due()
    await house.carry()
    parcels = house.telegram.of(NoticeKind.DISPATCH_REGISTER)
    assert {(one.person.id if one.person else 0, one.facts["sender"]) for one in parcels} == {
        (city.DESK, "0"), (city.CLERK, "2")}
    assert [file.name for file in parcels[0].files] == ["Реестр.pdf", "Реестр.xlsx"]


async def test_a_register_is_a_pdf_to_be_signed_and_a_workbook(house: House) -> None:
    await house.at_work()
    await sent(house)
    pdf, xlsx = await Papers(house.office).register(await printed(house, city.DESK))
    assert (pdf.name, pdf.content[:5]) == (
        "Реестр отправки 01.11.2026–30.11.2026.pdf", b"%PDF-")
    assert (xlsx.name[-5:], xlsx.content[:2]) == (".xlsx", b"PK")

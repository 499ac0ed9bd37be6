"""4.1, R9: over a whole story the citizen's name and contacts stay with the desk alone."""

import logging
from dataclasses import astuple

import pytest

from bot import courier
from core import answercard
from core.errors import NotFoundError
from core.inbound import Applicant, Attachment, MessageCard, NewMessage, PersonReply, Unrecognised
from core.notices import NoticeKind
from core.outbound import InDoubtError, RefusedError, TryLaterError
from core.regulation.terms import AnswerKind
from core.usecases import approvals, dispatch, execution
from core.usecases.judging import Judgement
from core.usecases.office import CaseRef
from core.usecases.photos import PhotoDesk
from core.usecases.resolutions import Task
from core.usecases.whereabouts import Where
from mail import wording
from tests.bot import city
from tests.usecases.office.house import ENOUGH, House, moscow

NAME, SURNAME = "Ольга", "Гражданинова"
SECRETS = (SURNAME, "olga.tainaya@citizen.test", "916 123", "9161234567", "916) 123", "123-45-67")
CARD = MessageCard(
    "MO-1", "Во дворе яма, Гражданиновой никто не отвечает. Звоните 8 (916) 123-45-67 или "
    "olga.tainaya@citizen.test. Гражданинова",
    "Дороги и тротуары", "Дороги", "ул. Мира, 5",
    applicant=Applicant(f"{SURNAME} {NAME} Петровна", "8 916 1234567, olga.tainaya@citizen.test"))
"""A surname alone is told from a street's by the card, which names the applicant."""


class Fine:
    """A judge who likes everything."""

    async def compare(self, *_: object, elsewhere: bool = False,
                      address: Where | None = None) -> Judgement:
        return Judgement("same_angle", 0.9, "Ракурс совпадает.")

    async def inspect(self, *_: object, address: Where | None = None) -> Judgement:
        return await self.compare()

    async def fingerprint(self, data: bytes) -> bytes:
        raise AssertionError("these photos have their fingerprints")

    async def to_jpeg(self, data: bytes) -> bytes:
        raise AssertionError("these photos are JPEG")


async def whole_story(house: House) -> None:
    """From the mailbox over every hand to the citizen's return, with trouble on the way."""
    before = Attachment("before.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 before")
    await house.at_work(CARD, Task(city.LEAD), Task(city.HELPER), attachments=(before,))
    key = house.email.of(NoticeKind.ASSIGNMENT)[0].token
    photo = Attachment("work.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 after")
    await house.intake.accept(house.mail(PersonReply(key, "Убрано."), f"p{city.HELPER}@gorod.test",
                                         attachments=(photo,)))
    await PhotoDesk(house.office, Fine(), house.office.bell.another()).judge_pending()
    await house.do(city.LEAD, 1, execution.accept_materials, 1)
    letter = await house.letters.draft(
        await house.actor(city.LEAD), 1, city.HEAT, "О люке", "Просим закрыть люк.")
    await house.letters.signed_by_hand(
        await house.actor(city.LEAD), letter.id, await house.keep())
    await house.letters.register(await house.actor(city.DESK), letter.id)
    house.telegram.fates.extend([TryLaterError("нет связи"), RefusedError("заблокирован"),
                                 InDoubtError("502")])
    await house.carry()
    house.clock.moment = moscow(1, month=12)
    await house.control.scan()
    await house.control.digest_if_due()
    await house.drafted(await house.case(1))
    await house.do(city.APPROVER, 1, approvals.remark, "Укажите дату.")
    await house.do(city.LEAD, 1, execution.save_draft, AnswerKind.SOLVED,
                   f"{ENOUGH} Работы приняты 26 ноября.")
    await house.do(city.LEAD, 1, execution.submit_draft)
    for person in (city.APPROVER, city.STATE):
        await house.do(person, 1, approvals.approve)
    await house.do(city.SIGNATORY, 1, approvals.sign)
    await house.do(city.DESK, 1, dispatch.confirm_form)
    await house.do(city.DESK, 1, dispatch.dispatch)
    await house.office.do(house.msed(), CaseRef(1), dispatch.publish)
    await house.intake.accept(house.mail(NewMessage(
        MessageCard("MO-2", CARD.text, repeat_of="MO-1"))))
    await house.intake.accept(house.mail(NewMessage(CARD)))
    await house.intake.accept(house.mail(
        Unrecognised("Письмо не от МСЭД."), "olga.tainaya@citizen.test",
        text=CARD.text, subject=f"{SURNAME}: яма"))
    await house.carry()


def leaks(text: str) -> list[str]:
    return [one for one in SECRETS if one in text]


@pytest.fixture
async def told(house: House, caplog: pytest.LogCaptureFixture) -> House:
    """The house after the whole story."""
    with caplog.at_level(logging.DEBUG):
        await whole_story(house)
    return house


async def test_no_notice_no_journal_no_prompt_and_no_log_names_the_citizen(
        told: House, caplog: pytest.LogCaptureFixture) -> None:
    assert len(told.table("journal")) > 25
    assert leaks(str(told.table("cases")) + str(told.table("applicants"))) != [], "it is there"
    for table in ("outbox", "journal", "prompts", "tokens", "sources", "routines"):
        for row in told.table(table):
            assert leaks(str(row)) == [], f"{table}: {row}"
    ours = [one for one in caplog.records if one.name.partition(".")[0] in {
        "bot", "core", "mail", "storage"}]
    for one in ours:
        assert leaks(one.getMessage() + str(one.exc_text)) == []


async def test_no_card_and_no_word_in_telegram_shows_contacts(told: House) -> None:
    carried = told.telegram.carried
    assert len(carried) > 12
    for parcel in carried:
        assert leaks(repr(parcel)) == []
        assert parcel.card is None or leaks(repr(astuple(parcel.card))) == []
        said = courier.word(parcel, told.office)
        assert leaks(said.text + repr(said.markup)) == [], parcel.kind


async def test_no_letter_to_staff_or_operator_shows_contacts(told: House) -> None:
    carried = told.email.carried
    assert {NoticeKind.ANSWER_PACKAGE, NoticeKind.LETTER_OUT, NoticeKind.ASSIGNMENT,
            NoticeKind.TO_APPROVE, NoticeKind.DIGEST} <= {one.kind for one in carried}
    for parcel in carried:
        letter = wording.letter_of(parcel, "<x@y>", (parcel.address,))
        assert leaks(letter.subject + letter.text + repr(letter)) == [], parcel.kind
        if parcel.case is not None:
            card = answercard.as_xml(parcel.case, parcel.directory).decode()
            assert leaks(card) == []


async def test_only_the_desk_reads_the_applicant_and_each_read_is_noted(told: House) -> None:
    for person in (city.LEAD, city.OFFICIAL, city.APPROVER, city.SIGNATORY, city.CHIEF):
        with pytest.raises(NotFoundError):
            await told.lookups.applicant(await told.actor(person), 1)
    found = await told.lookups.applicant(await told.actor(city.DESK), 1)
    assert found.name.startswith(SURNAME)
    assert SURNAME not in repr(found)
    assert (await told.case(1)).returns == 1
    reads = [one.fact for one in await told.journal(1) if one.fact.event == "read_applicant"]
    assert [one.actor_id for one in reads] == [city.DESK]

"""The mailbox: every letter once; what the program cannot act on is a row that a person sees."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from core import inbound
from core.errors import AlreadyDoneError, NotAcceptedError, NotFoundError
from core.inbound import (
    AutoReply,
    Bounce,
    MailboxEvent,
    MailboxNews,
    MailPlace,
    MsedNotice,
    NewMessage,
    PersonReply,
    Unrecognised,
)
from core.notices import Notice, NoticeKind
from core.people import Channel
from core.ports import StoredMail
from core.regulation.terms import Event, State
from core.usecases import approvals, dispatch, routing
from core.usecases.office import CaseRef
from storage.outbox import OutboxRepository
from tests.bot import city
from tests.usecases.office.house import House


async def last(house: House) -> StoredMail:
    return (await house.letters_in())[-1]


def unclear(house: House) -> list[int | None]:
    return house.told(NoticeKind.UNCLEAR_MAIL)


async def test_a_letter_is_taken_in_once_by_its_place(house: House) -> None:
    mail = house.mail(NewMessage(city.message()))
    for _ in range(3):
        await house.intake.accept(mail)
    assert len(await house.letters_in()) == 1
    assert len(house.table("cases")) == 1
    assert house.told(NoticeKind.NEW_MESSAGE) == [city.DESK]
    assert await house.intake.cursor("INBOX") == (7, 1)


async def test_a_letter_that_comes_by_another_way_is_taken_in_once(house: House) -> None:
    first, again = (house.mail(NewMessage(city.message()), message_id="<same@msed.test>",
                               subject="Выгрузка") for _ in range(2))
    await house.intake.accept(first)
    await house.intake.accept(again)
    assert len(house.table("cases")) == 1
    assert await house.intake.cursor("INBOX") == (7, 2), "the cursor moves past the repeat"


async def test_an_export_sent_again_makes_no_second_case(house: House) -> None:
    await house.arrives()
    await house.intake.accept(house.mail(NewMessage(city.message())))
    assert len(house.table("cases")) == 1
    assert "уже принято" in (await last(house)).outcome


async def test_the_portals_short_number_is_not_taken_for_one_of_ours(house: House) -> None:
    first = await house.arrives()
    second = await house.arrives(replace(city.message(), number="1", text="Нет света."))
    assert (first.number, second.message.portal_number) == ("ЕКЖ-2026-000001", "1")
    assert second.id != first.id
    assert unclear(house) == []


async def test_a_known_number_with_another_text_is_for_a_person(house: House) -> None:
    await house.arrives()
    await house.intake.accept(house.mail(NewMessage(city.message(text="Совсем другое."))))
    assert len(house.table("cases")) == 1
    assert not (await last(house)).handled
    assert unclear(house) == [city.DESK]


async def test_the_applicant_is_kept_apart_from_the_case(house: House) -> None:
    await house.arrives()
    assert "Гражданинова" not in str(house.table("cases"))
    assert house.table("applicants")[0]["name"] == "Гражданинова Ольга Петровна"


@pytest.mark.parametrize("reading", [
    Unrecognised("В карточке МСЭД нет номера."),
    Unrecognised("Письмо не от МСЭД и не ответ на наше письмо."),
    MsedNotice(inbound.NoticeKind.PUBLISHED, "ЕКЖ-2026-000777"),
    PersonReply("a" * 26, "Согласовано"),
    Bounce("<unknown@x>", "a@b.test", "5.1.1", "нет такого"),
], ids=["malformed card", "stranger", "unknown case", "unknown token", "unknown letter"])
async def test_what_cannot_be_acted_on_is_kept_and_told_once(house: House,
                                                             reading: inbound.Reading) -> None:
    mail = house.mail(reading, "somebody@else.test", text="Добрый день!")
    await house.intake.accept(mail)
    await house.intake.accept(mail)
    row = await last(house)
    assert not row.handled
    assert row.outcome, "the row says why"
    assert unclear(house) == [city.DESK]
    assert [one.id for one in await house.lookups.unclear_mail(
        (await house.actor(city.DESK)).person)] == [row.id]  # type: ignore[arg-type]


async def test_an_automatic_answer_is_recorded_and_answered_by_nobody(house: House) -> None:
    await house.intake.accept(house.mail(AutoReply(), "robot@else.test"))
    assert (await last(house)).handled
    assert house.rows() == []


async def test_a_repeated_notice_of_msed_changes_nothing(house: House) -> None:
    case = await house.sent(await house.at_work())
    for _ in range(2):
        await house.intake.accept(house.mail(
            MsedNotice(inbound.NoticeKind.PUBLISHED, case.number)))
    events = [one.fact.event for one in await house.journal(case.id)]
    assert events.count(Event.PUBLISH.value) == 1
    assert "Повторное" in (await last(house)).outcome
    assert unclear(house) == []


async def test_a_notice_that_repeats_after_others_is_no_news_either(house: House) -> None:
    case = await house.sent(await house.at_work())
    registered = MsedNotice(inbound.NoticeKind.REGISTERED, case.number, "2-1/15")
    for notice in (registered, MsedNotice(inbound.NoticeKind.PUBLISHED, case.number), registered):
        await house.intake.accept(house.mail(notice))
    assert (await house.case(case.id)).state is State.PUBLISHED
    row = await last(house)
    assert not row.handled, "МСЭД says what does not fit: the desk looks"
    assert "опубликован" in row.outcome


async def test_a_return_for_a_case_at_work_is_for_a_person(house: House) -> None:
    case = await house.at_work()
    again = city.message("MO-2", text="Не сделали.")
    await house.intake.accept(house.mail(NewMessage(
        inbound.MessageCard(again.number, again.text, repeat_of=case.message.portal_number))))
    assert (await house.case(case.id)).returns == 0
    assert len(house.table("cases")) == 1
    assert not (await last(house)).handled
    assert unclear(house) == [city.DESK]


async def test_a_citizens_return_opens_the_next_round(house: House) -> None:
    case = await house.sent(await house.at_work())
    await house.office.do(house.msed(), CaseRef(case.id), dispatch.publish)
    await house.intake.accept(house.mail(NewMessage(inbound.MessageCard(
        "MO-2", "Не сделали.", repeat_of=case.message.portal_number))))
    case = await house.case(case.id)
    assert (case.state, case.round, case.returns) == (State.RECEIVED, 2, 1)
    assert house.told(NoticeKind.CITIZEN_RETURN) == [city.LEAD]


async def test_a_return_of_an_unknown_message_is_a_new_one(house: House) -> None:
    await house.intake.accept(house.mail(NewMessage(inbound.MessageCard(
        "MO-2", "Не сделали.", repeat_of="MO-77"))))
    assert (await last(house)).kind == "new_message"


async def test_a_bounced_answer_is_shown_to_the_desk_once(house: House) -> None:
    case = await house.sent(await house.at_work())
    await house.carry()
    row = house.rows(NoticeKind.ANSWER_PACKAGE)[0]
    bounce = Bounce(f"<email.{row.id}@gorod.test>", "msed@gorod.test", "5.1.1", "нет ящика")
    await house.intake.accept(house.mail(bounce, "mailer-daemon@gorod.test"))
    assert house.rows(NoticeKind.ANSWER_PACKAGE)[0].state == "bounced"
    assert house.told(NoticeKind.DELIVERY_TROUBLE) == [city.DESK]
    assert (await last(house)).case_id == case.id


async def test_a_delay_is_no_bounce(house: House) -> None:
    await house.sent(await house.at_work())
    await house.carry()
    row = house.rows(NoticeKind.ANSWER_PACKAGE)[0]
    await house.intake.accept(house.mail(Bounce(
        f"<email.{row.id}@gorod.test>", "msed@gorod.test", "4.4.7", "очередь", permanent=False)))
    assert house.rows(NoticeKind.ANSWER_PACKAGE)[0].state == "sent"
    assert house.told(NoticeKind.DELIVERY_TROUBLE) == []


# By hand -----------------------------------------------------------------------------------------

async def test_the_desk_makes_a_case_of_an_unclear_letter(house: House) -> None:
    await house.intake.accept(house.mail(Unrecognised("?"), "a@b.test", text="Нет света.",
                                         subject="Свет"))
    mail = await last(house)
    case = await house.mailroom.register(await house.actor(city.DESK), mail.id)
    case = await house.do(city.DESK, case.id, routing.register)
    assert (case.message.text, case.message.topic, case.state) == (
        "Нет света.", "Свет", State.REGISTERED)
    mail = await last(house)
    assert (mail.handled, mail.case_id) == (True, case.id)
    with pytest.raises(NotAcceptedError, match="решение уже принято"):
        await house.mailroom.register(await house.actor(city.HEAD), mail.id)


async def test_the_desk_dismisses_a_letter_and_it_stays_kept(house: House) -> None:
    await house.intake.accept(house.mail(Unrecognised("?"), raw=b"Subject: x\r\n\r\nspam"))
    mail = await last(house)
    await house.mailroom.dismiss(await house.actor(city.DESK), mail.id)
    mail = await last(house)
    assert mail.handled
    assert await house.office.files.get(mail.raw) == b"Subject: x\r\n\r\nspam"
    assert (await house.control.digest()).unclear_mail == 0


async def test_only_the_desk_decides_on_mail_and_one_tap_counts_once(house: House) -> None:
    await house.intake.accept(house.mail(Unrecognised("?")))
    mail = await last(house)
    with pytest.raises(NotFoundError, match="подразделение"):
        await house.mailroom.dismiss(await house.actor(city.LEAD), mail.id)
    tap = await house.actor(city.DESK)
    await house.mailroom.dismiss(tap, mail.id)
    with pytest.raises(AlreadyDoneError):
        await house.mailroom.dismiss(tap, mail.id)


async def test_a_failure_in_the_middle_leaves_neither_row_nor_cursor(
        house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = house.mail(NewMessage(city.message()))

    async def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("storage.intake.MailRepository.move_cursor", fail)
        with pytest.raises(RuntimeError):
            await house.intake.accept(mail)
    assert house.table("cases") == house.table("mail") == house.table("outbox") == []
    assert await house.intake.cursor("INBOX") is None
    await house.intake.accept(mail)
    assert len(house.table("cases")) == 1


async def test_a_card_of_hostile_text_is_kept_as_it_can_be(house: House) -> None:
    card = city.message("MO-\x00<&>\ud800", "т" * 5000, "Яма\x00 </b> \ud83d & 🕳")
    case = await house.arrives(card)
    await house.carry()
    assert "🕳" in case.message.text
    assert house.telegram.of(NoticeKind.NEW_MESSAGE)[0].case is not None



async def test_the_ministry_approves_in_msed_and_the_answer_goes_on_to_the_signatory(
        house: House) -> None:
    case = await house.drafted(await house.at_work())
    approved = MsedNotice(inbound.NoticeKind.APPROVED, case.number, person="Министрова В.П.")
    await house.intake.accept(house.mail(approved))
    early = (await house.letters_in())[-1]
    assert not early.handled
    assert "сейчас очередь другого согласующего — Рыбаков О.И." in early.outcome

    await house.do(city.APPROVER, case.id, approvals.approve)
    for said in ("Уведомление МСЭД учтено.", "Повторное уведомление."):
        await house.intake.accept(house.mail(approved))
        assert (await house.letters_in())[-1].outcome == said
    assert (await house.case(case.id)).state is State.SIGNING
    fact = (await house.journal(case.id))[-1].fact
    assert (fact.actor, fact.channel, fact.event) == ("Министрова В.П.", "msed", "approve")


async def test_a_remark_made_in_msed_sends_the_draft_to_rework(house: House) -> None:
    case = await house.drafted(await house.at_work())
    await house.do(city.APPROVER, case.id, approvals.approve)
    await house.intake.accept(house.mail(MsedNotice(
        inbound.NoticeKind.REMARKED, case.number, reason="Укажите дату работ")))
    case = await house.case(case.id)
    assert (case.state, case.rework_reason) == (State.REWORKING, "Укажите дату работ")


async def test_a_backlog_tells_the_desk_of_itself_and_not_of_each_letter(house: House) -> None:
    for number in range(3):
        unclear = house.mail(Unrecognised("не понято"), message_id=f"<old.{number}@x.test>")
        await house.intake.accept(replace(unclear, backlog=True))
    assert house.told(NoticeKind.UNCLEAR_MAIL) == []
    for event in (MailboxEvent.BACKLOG, MailboxEvent.CAUGHT_UP, MailboxEvent.CAUGHT_UP):
        await house.intake.note(MailboxNews(event, "INBOX", 300))
    assert house.told(NoticeKind.MAILBOX_NEWS) == [city.DESK, city.DESK]
    assert json.loads(house.rows(NoticeKind.MAILBOX_NEWS)[-1].facts) == {
        "event": "caught_up", "count": "300", "unclear": "3"}
    clerk = (await house.actor(city.DESK)).person
    assert clerk is not None
    assert len(await house.lookups.unclear_mail(clerk)) == 3


async def test_a_mailbox_that_was_made_anew_doubles_nothing(house: House) -> None:
    """UIDVALIDITY changes: every letter comes again, at another place."""
    first = house.mail(NewMessage(city.message()), message_id="<a@msed.test>", raw=b"the letter")
    await house.intake.accept(first)
    moved = replace(first, place=MailPlace("INBOX", 8, 1))
    await house.intake.accept(moved)
    assert len(house.table("cases")) == len(house.table("mail")) == 1
    assert await house.intake.cursor("INBOX") == (8, 1)


async def test_letters_taken_in_together_are_all_here_or_none(
        house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [house.mail(NewMessage(city.message(f"MO-{number}"))) for number in range(3)]
    await house.intake.accept_all([*cards, house.mail(Unrecognised("не понято"))])
    assert len(house.table("cases")) == 3
    assert await house.intake.cursor("INBOX") == (7, 4)
    assert unclear(house) == [city.DESK]
    put = OutboxRepository.put

    async def fails_for_unclear(self: OutboxRepository, notices: Sequence[tuple[Notice, Channel]],
                                now: datetime) -> None:
        if notices[0][0].kind is NoticeKind.UNCLEAR_MAIL:
            raise RuntimeError("the disk is full")
        await put(self, notices, now)

    monkeypatch.setattr(OutboxRepository, "put", fails_for_unclear)
    with pytest.raises(RuntimeError):
        await house.intake.accept_all([
            house.mail(NewMessage(city.message("MO-9"))), house.mail(Unrecognised("не понято"))])
    assert len(house.table("cases")) == 3
    assert await house.intake.cursor("INBOX") == (7, 4)

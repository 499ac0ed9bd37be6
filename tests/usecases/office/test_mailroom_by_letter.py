"""R11, R34-R36: the desk that works by e-mail alone decides on mail that nobody understood."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core import mailcommands
from core.inbound import Attachment, Unrecognised
from core.mailcommands import MailWord, OnMail
from core.notices import NoticeKind
from core.outbound import LetterFile
from core.regulation.terms import LetterState, State
from core.usecases.lookups import OTHER_EVENTS
from core.usecases.mailroom import MAIL_JOINED
from core.usecases.resolutions import Task
from storage.template import open_fresh
from tests.bot import city
from tests.usecases.office.house import BY_MAIL_ALONE, House
from tests.usecases.office.test_letters_in_the_post import letter_of
from tests.usecases.office.test_registers import sent
from tests.usecases.office.test_replies import reply, token
from tests.usecases.office.test_reports import picture

DESK = f"p{city.DESK}@gorod.test"
SCAN = Attachment("ответ.pdf", "application/pdf", b"%PDF-1.4 answer")
NUMBER = "ЕКЖ-2026-000001"


@pytest.fixture
async def by_mail(tmp_path: Path) -> AsyncIterator[House]:
    """An office whose desk never joined the bot."""
    database = await open_fresh(tmp_path)
    opened = await House.open(database)
    await opened.settle_in(by_mail_alone={*BY_MAIL_ALONE, city.DESK})
    yield opened
    await database.close()


async def came(house: House, text: str = "Люк закрыт. Звоните 8 (916) 123-45-67.",
               sender: str = "office@heat.test", *files: Attachment) -> str:
    """A free letter of an outside organisation; the key of the desk's notice of it."""
    await house.intake.accept(house.mail(
        Unrecognised("Письмо не от МСЭД и не ответ на наше письмо."), sender, text=text,
        subject="О люке", attachments=files))
    await house.carry()
    return token(house, NoticeKind.UNCLEAR_MAIL, city.DESK)


async def waiting(house: House) -> list[str]:
    return [one.text for one in await house.letters_in() if not one.handled]


def last_reply(house: House) -> str:
    return house.email.of(NoticeKind.REPLY)[-1].facts["said"]


async def test_a_free_letter_is_put_to_its_case_and_the_lead_is_told(by_mail: House) -> None:
    house = by_mail
    await house.at_work()
    key = await came(house, "Люк закрыт. Звоните 8 (916) 123-45-67.", "office@heat.test", SCAN)
    assert await reply(house, key, f"К сообщению {NUMBER}", DESK) == (
        f"Приобщено к сообщению {NUMBER}. Исполнитель уведомлён.")
    assert await waiting(house) == []
    mail = (await house.letters_in())[1]
    assert (mail.case_id, mail.outcome) == (1, f"Приобщено сотрудником к сообщению {NUMBER}.")
    (told,) = house.telegram.of(NoticeKind.MAIL_JOINED)
    assert (told.person and told.person.id, told.case and told.case.id) == (city.LEAD, 1)
    assert told.facts["answer"] == "Люк закрыт. Звоните [телефон скрыт]."
    assert told.files == (LetterFile(SCAN.name, SCAN.media_type, SCAN.content),)
    fact = (await house.journal(1))[-1].fact
    assert (fact.event, fact.actor_id, fact.channel, fact.requirement) == (
        MAIL_JOINED, city.DESK, "email", "R34")
    assert OTHER_EVENTS[fact.event] == "приобщено письмо"


async def test_a_letter_about_a_case_without_a_lead_is_put_to_it_all_the_same(by_mail: House
                                                                               ) -> None:
    await by_mail.arrives()
    key = await came(by_mail)
    assert await reply(by_mail, key, f"К {NUMBER}.", DESK) == (
        f"Приобщено к сообщению {NUMBER}.")
    assert by_mail.rows(NoticeKind.MAIL_JOINED) == []


async def test_where_a_letter_of_ours_awaits_the_writer_it_is_the_answer(by_mail: House) -> None:
    house = by_mail
    await house.at_work()
    letter = await sent(house)
    key = await came(house, "Люк закрыт.", "Heat@gorod.test")
    assert await reply(house, key, f"Приобщить к сообщению № {NUMBER}", DESK) == (
        f"Сообщение {NUMBER}. Приобщено как ответ на письмо № А-0001/2026. "
        "Исполнитель уведомлён.")
    joined = await letter_of(house, letter)
    assert (joined.state, joined.answer) == (LetterState.ANSWERED, "Люк закрыт.")


async def test_an_answer_from_a_strange_address_is_put_to_our_letter_by_its_number(
        by_mail: House) -> None:
    house = by_mail
    await house.at_work()
    letter = await sent(house)
    key = await came(house, "Люк закрыт.", "ivanov@mail.test")
    notice = house.email.of(NoticeKind.UNCLEAR_MAIL)[-1]
    assert [(one.number, name) for one, name in notice.awaiting] == [
        ("А-0001/2026", "АО «Теплосеть»")]
    assert "Письма № А-0002/2026, которое ждёт ответа, нет" in await reply(
        house, key, "К письму № А-0002/2026", DESK)
    assert (await letter_of(house, letter)).state is LetterState.SENT
    assert await reply(house, key, "к письму № а-0001/2026", DESK) == (
        "Приобщено как ответ на письмо № А-0001/2026. Исполнитель уведомлён.")
    assert (await letter_of(house, letter)).state is LetterState.ANSWERED


async def test_a_letter_becomes_a_message_by_one_word(by_mail: House) -> None:
    key = await came(by_mail, "Во дворе яма.", "somebody@else.test")
    assert await reply(by_mail, key, "Зарегистрировать", DESK) == (
        f"По письму заведено сообщение {NUMBER}.")
    case = await by_mail.case(1)
    assert (case.state, case.message.text) == (State.RECEIVED, "Во дворе яма.")


async def test_the_photos_of_a_letter_tell_where_the_message_made_of_it_is_about(
        by_mail: House) -> None:
    photo = Attachment("яма.jpg", "image/jpeg", picture(55.91234, 37.73678))
    key = await came(by_mail, "Во дворе яма.", "somebody@else.test", photo)
    await reply(by_mail, key, "Зарегистрировать", DESK)
    assert [one.name for one in (await by_mail.case(1)).message.photos] == ["яма.jpg"]
    details = (await by_mail.journal(1))[0].fact.details
    assert (details["latitude"], details["longitude"]) == ("55.912", "37.737")


async def test_what_concerns_nobody_is_laid_aside(by_mail: House) -> None:
    key = await came(by_mail, "Скидки на окна!")
    assert "больше решения не ждёт" in await reply(by_mail, key, "Не относится.\nСпасибо", DESK)
    mail = (await by_mail.letters_in())[0]
    assert (mail.handled, mail.case_id, mail.outcome) == (
        True, None, "Не относится к работе с сообщениями.")


async def test_an_unclear_word_is_asked_back_once_and_the_letter_goes_on_waiting(
        by_mail: House) -> None:
    house = by_mail
    key = await came(house, "Люк закрыт.")
    assert "«К сообщению ЕКЖ-2026-000123»" in await reply(house, key, "Это Теплосеть", DESK)
    again = token(house, NoticeKind.REPLY, city.DESK)
    assert "по-прежнему ждёт решения" in await reply(house, again, "Ну, про люк же", DESK)
    assert await waiting(house) == ["Люк закрыт."], "its own words are no new riddle for the desk"
    assert len(house.email.of(NoticeKind.UNCLEAR_MAIL)) == 1
    assert "больше решения не ждёт" in await reply(house, again, "Не относится", DESK)
    assert await waiting(house) == []


async def test_an_unknown_number_is_named_and_may_be_mended(by_mail: House) -> None:
    house = by_mail
    await house.at_work()
    key = await came(house)
    assert "Сообщение «ЕКЖ-2026-000777» не найдено" in await reply(
        house, key, "К сообщению ЕКЖ-2026-000777", DESK)
    assert "Приобщено" in await reply(house, key, f"К сообщению {NUMBER}", DESK)


async def test_a_letter_is_decided_on_once_whoever_of_the_desk_was_first(by_mail: House) -> None:
    key = await came(by_mail)
    await by_mail.mailroom.dismiss(await by_mail.actor(city.DESK), 1)
    assert "решение уже принято: Не относится" in await reply(
        by_mail, key, "Зарегистрировать", DESK)
    assert by_mail.table("cases") == []


async def test_the_desks_key_in_other_hands_decides_nothing(by_mail: House) -> None:
    key = await came(by_mail)
    assert await reply(by_mail, key, "Не относится", "stranger@else.test") == (
        "Письмо с ключом другого сотрудника.")
    assert len(await waiting(by_mail)) == 2


async def test_a_colleagues_riddle_is_closed_by_one_word(by_mail: House) -> None:
    house = by_mail
    await house.at_work(None, Task(city.LEAD), Task(city.HELPER))
    work = token(house, NoticeKind.ASSIGNMENT, city.HELPER)
    for _ in range(2):
        await reply(house, work, "Спасибо")
    key = token(house, NoticeKind.UNCLEAR_MAIL, city.DESK)
    assert "закройте письмо" in await reply(house, key, f"К сообщению {NUMBER}", DESK)
    assert len(await waiting(house)) == 1
    assert "больше решения не ждёт" in await reply(house, key, "Разобрано", DESK)
    assert await waiting(house) == []


async def test_files_too_heavy_for_a_letter_are_only_named(
        by_mail: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.usecases.parcels.MOST_ATTACHED", len(SCAN.content) - 1)
    await came(by_mail, "Люк закрыт.", "office@heat.test", SCAN)
    notice = by_mail.email.of(NoticeKind.UNCLEAR_MAIL)[-1]
    assert notice.files == ()
    assert notice.mail is not None
    assert [one.name for one in notice.mail.files] == ["ответ.pdf"]


async def test_a_program_in_a_letter_is_named_and_passed_on_to_nobody(by_mail: House) -> None:
    program = Attachment("ответ.pdf.exe", "application/pdf", b"MZ")
    await came(by_mail, "Люк закрыт.", "office@heat.test", SCAN, program)
    notice = by_mail.email.of(NoticeKind.UNCLEAR_MAIL)[-1]
    assert [one.name for one in notice.files] == ["ответ.pdf"]
    assert notice.mail is not None
    assert [one.name for one in notice.mail.files] == ["ответ.pdf", "ответ.pdf.exe"]


async def test_the_letter_itself_is_shown_to_the_desk_by_mail_but_never_in_telegram(
        house: House) -> None:
    await house.intake.accept(house.mail(Unrecognised("Не понято."), "a@b.test", text="Ольга…"))
    await house.carry()
    (notice,) = house.telegram.of(NoticeKind.UNCLEAR_MAIL)
    assert (notice.mail, notice.files, notice.token) == (None, (), "")


@pytest.mark.parametrize(("text", "said"), [
    ("К сообщению ЕКЖ-2026-000123", OnMail(MailWord.JOIN, "ЕКЖ-2026-000123")),
    ("к сообщению № екж-2026-000123.", OnMail(MailWord.JOIN, "екж-2026-000123")),
    ("«К сообщению ЕКЖ-2026-000123»", OnMail(MailWord.JOIN, "ЕКЖ-2026-000123")),
    ("Приобщите к сообщению MO-77/1\n\nС уважением, Петрова А.И.",
     OnMail(MailWord.JOIN, "MO-77/1")),
    ("к ЕКЖ-2026-000123, спасибо!", OnMail(MailWord.JOIN, "ЕКЖ-2026-000123")),
    ("К письму № О3-0001/2026", OnMail(MailWord.ANSWER, "О3-0001/2026")),
    ("Ответ на письмо А-0001/2026", OnMail(MailWord.ANSWER, "А-0001/2026")),
    ("Зарегистрировать", OnMail(MailWord.REGISTER)),
    ("зарегистрируйте, пожалуйста", OnMail(MailWord.REGISTER)),
    ("Не относится", OnMail(MailWord.DISMISS)),
    ("Не относится к нам.", OnMail(MailWord.DISMISS)),
    ("Разобрано", OnMail(MailWord.DISMISS)),
])
def test_the_desks_word_is_understood(text: str, said: OnMail) -> None:
    assert mailcommands.read_on_mail(text) == said


@pytest.mark.parametrize("text", [
    "", "К сообщению", "К сообщению о люке", "Не относится к сообщению ЕКЖ-2026-000123",
    "К сообщению ЕКЖ-2026-000123 или ЕКЖ-2026-000124", "Не зарегистрировать",
    "Зарегистрировать или не относится?", "Относится", "К сообщению ЕКЖ-2026-000123 не относится",
    "Зарегистрировано", "Разобраться"])
def test_what_may_mean_another_thing_is_no_word_of_the_desk(text: str) -> None:
    assert mailcommands.read_on_mail(text) is None

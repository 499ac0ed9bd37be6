"""How a notice gets to Telegram, and how each way of failing is told to the outbox."""

import asyncio
import random
from dataclasses import replace
from datetime import date, datetime

import pytest

from bot import dispatcher
from bot.courier import TelegramCourier
from bot.pace import Pace
from bot.sandbox.limits import Fault
from core.calendar import MOSCOW
from core.cards import Digest, Expiry, ForecastLine, LetterLine
from core.notices import NoticeKind
from core.outbound import InDoubtError, LetterFile, RefusedError, TryLaterError
from core.people import Actor, Channel
from core.reports.book import Report, Standing
from core.usecases.casecards import make_line
from core.usecases.parcels import Parcel
from tests.bot import city
from tests.bot.house import TOKEN, House
from tests.bot.pictures import picture


@pytest.fixture
async def courier(house: House) -> TelegramCourier:
    await house.join(city.LEAD)
    return TelegramCourier(house.bot, house.tools.office, Pace(window=0.0))


async def parcel(house: House, kind: NoticeKind = NoticeKind.ASSIGNMENT, **facts: str) -> Parcel:
    """A parcel to the lead about a fresh case, as if he were the desk's."""
    case = await house.arrives()
    directory = await house.tools.lookups.directory()
    card = house.tools.lookups.card_of(
        case, Actor(Channel.TELEGRAM, "", directory.person(city.DESK)), directory)
    return Parcel(1, kind, facts, directory.person(city.LEAD), case=case, card=card)


@pytest.mark.parametrize(("fault", "error"), [
    (Fault.BAD_GATEWAY_AFTER, InDoubtError), (Fault.RESET_AFTER, InDoubtError),
    (Fault.FLOOD, TryLaterError)])
async def test_fault_of_the_line_is_told_apart(
        house: House, courier: TelegramCourier, fault: Fault, error: type[Exception]) -> None:
    made = await parcel(house)
    house.sandbox.faults.order("sendMessage", fault, retry_after=40)
    with pytest.raises(error) as told:
        await courier.deliver(made)
    if isinstance(told.value, TryLaterError):
        assert told.value.after == 40.0


async def test_short_pause_is_waited_out(house: House, courier: TelegramCourier) -> None:
    made = await parcel(house)
    house.sandbox.faults.order("sendMessage", Fault.FLOOD, retry_after=1)
    assert (await courier.deliver(made)).startswith(f"{city.telegram_id(city.LEAD)}:")


async def test_no_line_at_all_is_certainly_not_sent(
        house: House, courier: TelegramCourier) -> None:
    made = await parcel(house)
    bot = dispatcher.connect(TOKEN, Pace(), api_url="http://127.0.0.1:9")
    with pytest.raises(TryLaterError):
        await replace(courier, bot=bot).deliver(made)
    await bot.session.close()


async def test_blocked_bot_is_refused_with_a_sentence(
        house: House, courier: TelegramCourier) -> None:
    made = await parcel(house)
    await house[city.LEAD].blocks()
    with pytest.raises(RefusedError, match="заблокировал"):
        await courier.deliver(made)


async def test_person_without_telegram_is_refused(house: House, courier: TelegramCourier) -> None:
    made = await parcel(house)
    assert made.person is not None
    with pytest.raises(RefusedError, match="не подключён"):
        await courier.deliver(replace(made, person=replace(made.person, telegram_id=None)))


async def test_person_who_never_started_the_bot_is_refused(
        house: House, courier: TelegramCourier) -> None:
    made = await parcel(house)
    assert made.person is not None
    with pytest.raises(RefusedError, match="не начинал"):
        await courier.deliver(replace(made, person=replace(made.person, telegram_id=12345)))


async def test_notice_for_e_mail_never_goes_to_telegram(
        house: House, courier: TelegramCourier) -> None:
    with pytest.raises(RefusedError):
        await courier.deliver(await parcel(house, NoticeKind.ANSWER_PACKAGE))


async def test_repeat_is_visibly_marked(house: House, courier: TelegramCourier) -> None:
    await courier.deliver(replace(await parcel(house), repeated=True))
    assert (await house.last(city.LEAD)).text.startswith("Повтор: ")


async def test_citizens_photos_come_as_an_album_and_the_card_below_them(
        house: House, courier: TelegramCourier) -> None:
    files = tuple(LetterFile(f"{n}.jpg", "image/jpeg", picture(colour))
                  for n, colour in enumerate(("#a11", "#1a1")))
    paper = LetterFile("акт.pdf", "application/pdf", b"%PDF-1.4")
    await courier.deliver(replace(await parcel(house), files=(*files, paper)))
    *_, first, second, document, card = await house[city.LEAD].messages()
    assert first.album == second.album != ""
    assert [one.files[0].kind for one in (first, second, document)] == [
        "photo", "photo", "document"]
    assert "Вам поручено" in card.text
    assert card.labels


async def test_reminder_says_how_long_is_left_in_words(
        house: House, courier: TelegramCourier) -> None:
    await courier.deliver(await parcel(
        house, NoticeKind.REMINDER, label="проект ответа", clause="4.6¶3", left="2",
        due_on="2026-12-15", deadline="draft"))
    assert (await house.last(city.LEAD)).text.startswith(
        "⏰ Проект ответа: осталось 2 рабочих дня, до 15.12, вт (п. 4.6, абз. 3)")


async def test_overdue_says_by_how_much(house: House, courier: TelegramCourier) -> None:
    await courier.deliver(await parcel(
        house, NoticeKind.OVERDUE, label="проект ответа", clause="4.6¶3", left="-1",
        due_on="2026-12-15", deadline="draft"))
    assert "просрочено на 1 рабочий день, был до 15.12, вт" in (await house.last(city.LEAD)).text


async def test_a_superior_reads_who_answers_for_the_deadline(
        house: House, courier: TelegramCourier) -> None:
    facts = {"label": "проект ответа", "clause": "4.6¶3", "due_on": "2026-12-15",
             "deadline": "draft", "debtor": "Дорохов С.И."}
    await courier.deliver(await parcel(house, NoticeKind.ESCALATION, left="0", late="", **facts))
    said = (await house.last(city.LEAD)).text
    assert "последний день, до 15.12, вт" in said
    assert "Отвечает: Дорохов С.И.\n" in said
    await courier.deliver(await parcel(
        house, NoticeKind.ESCALATION, left="-3", late="1", **facts))
    assert "просрочено на 3 рабочих дня" in (await house.last(city.LEAD)).text


async def test_digest_goes_with_its_table_in_one_message(
        house: House, courier: TelegramCourier) -> None:
    made = await parcel(house, NoticeKind.DIGEST)
    digest = Digest(date(2026, 11, 23), 3, 1, 12, (), (), (), (), 2, 1, 14)
    table = LetterFile("Сводка.xlsx", "application/octet-stream", b"PK")
    await courier.deliver(replace(made, digest=digest, card=None, files=(table,)))
    said = await house.last(city.LEAD)
    assert said.files[0].name == "Сводка.xlsx"
    assert said.text.startswith(
        "Сводка на 23.11, пн\nЗа день поступило: 3 · отправлено ответов: 1 · в работе: 12")
    assert "🟢 Срочного нет. Ракурс работает." in said.text
    assert "Неразобранных писем: 2" in said.text


async def test_a_line_of_the_digest_opens_its_case_and_the_forecast_names_who(
        house: House, courier: TelegramCourier) -> None:
    made = await parcel(house, NoticeKind.DIGEST)
    line = make_line(await house.case(1), await house.tools.lookups.directory(),
                     house.tools.office.calendar, house.clock.now())
    digest = Digest(date(2026, 11, 23), 3, 1, 12, (), (line,), (line,), (), 0, 3, 14, in_doubt=1,
                    since=datetime(2026, 11, 20, 9, tzinfo=MOSCOW),
                    forecast=ForecastLine(date(2026, 11, 27), 2, (line,)),
                    expiring=(Expiry("Почта IMAP", date(2026, 12, 1)),))
    await courier.deliver(replace(made, digest=digest, card=None))
    said = await house.last(city.LEAD)
    assert "С 20.11, пт поступило: 3" in said.text
    assert "При нынешнем темпе до 27.11, пт выйдут за срок 2 сообщения." in said.text
    assert f"Скорее всего: {line.number} ({line.holder})" in said.text
    assert "Не доставлено: 3 (неизвестно, доставлено ли: 1)" in said.text
    assert "Почта IMAP: сертификат действует до 01.12, вт" in said.text
    assert said.labels == (f"🔴 {line.number}",), "each case once, at its most urgent"
    await house.press(city.LEAD, said.labels[0])
    assert line.number in (await house.last(city.LEAD)).text


async def test_letters_without_an_answer_and_the_lists_behind_the_digest_open_too(
        house: House, courier: TelegramCourier) -> None:
    made = await parcel(house, NoticeKind.DIGEST)
    line = make_line(await house.case(1), await house.tools.lookups.directory(),
                     house.tools.office.calendar, house.clock.now())
    many = tuple(replace(line, id=number, number=f"ЕКЖ-2026-00010{number}")
                 for number in range(2, 9))
    digest = Digest(
        date(2026, 11, 23), 3, 1, 12, (), (), many, (), 2, 0, 14,
        letters=(LetterLine(1, line.number, "А-0007/2026", "Железная <дорога>",
                            date(2026, 11, 16), 5),),
        forecast=ForecastLine(date(2026, 11, 27), 1, (replace(line, id=9, number="ЕКЖ-9"),)))
    await courier.deliver(replace(made, digest=digest, card=None))
    said = await house.last(city.LEAD)
    assert "✉️ Письма без ответа: 1" in said.text
    assert (f"{line.number} Железная <дорога>, письмо А-0007/2026 от 16.11, пн — 5 рабочих дней"
            in said.text)
    assert said.labels[-4:] == (f"✉️ {line.number}", "📈 ЕКЖ-9", "🔴 Просрочено: все (7)",
                                "📬 Письма (2)")
    await house.press(city.LEAD, f"✉️ {line.number}")
    assert line.number in (await house.last(city.LEAD)).text


async def test_digest_too_long_for_a_caption_follows_its_table(
        house: House, courier: TelegramCourier) -> None:
    made = await parcel(house, NoticeKind.DIGEST)
    line = make_line(await house.case(1), await house.tools.lookups.directory(),
                     house.tools.office.calendar, house.clock.now())
    five = (line,) * 5
    digest = Digest(date(2026, 11, 23), 3, 1, 12, five, five, five, five, 2, 1, 14)
    table = LetterFile("Сводка.xlsx", "application/octet-stream", b"PK")
    await courier.deliver(replace(made, digest=digest, card=None, files=(table,)))
    document, text = (await house[city.LEAD].messages())[-2:]
    assert document.files[0].name == "Сводка.xlsx"
    assert len(text.text) > 1024


FOR_MAIL_ALONE = {NoticeKind.ANSWER_PACKAGE, NoticeKind.CLOSING_PACKAGE, NoticeKind.REDIRECTED,
                  NoticeKind.LETTER_OUT, NoticeKind.LETTER_REMINDER}


async def test_every_other_notice_is_worded_and_taken_by_telegram(
        house: House, courier: TelegramCourier) -> None:
    digest = Digest(date(2026, 11, 23), 0, 0, 0, (), (), (), (), 0, 0, 14)
    made = await parcel(
        house, label="срок", clause="4.2", left="1", due_on="2026-11-24", letter="1",
        mail="1", row="1", reason="причина", remark="замечание", who="Кто", said="сказано",
        person="5", by="Заместитель", event="filling", unclear="0", first="2026-11-01",
        last="2026-11-30", count="2",
        body="2", name="Управление", names="Управление", since="23.11.2025", what="to_sign",
        number="А-1", to="АО", days="5", named="отчёт", why="Причина.")
    day = date(2026, 11, 23)
    report = Report(1, "daily", "2026-11-23", 1, Standing.READY, "Отчёт", "за 23 ноября", day, day,
                    house.clock.now(), ("Поступило: 1.",), {})
    said = set()
    for kind in set(NoticeKind) - FOR_MAIL_ALONE:
        await courier.deliver(replace(made, kind=kind, digest=digest, reports=(report,)))
        said.add((await house.last(city.LEAD)).text)
    assert len(said) == len(NoticeKind) - len(FOR_MAIL_ALONE)


class Counting:
    """Telegram's end of the line: counts when it pleases, and answers later still."""

    def __init__(self, pace: Pace, seed: int = 7) -> None:
        self.pace = pace
        self.moments: list[tuple[float, int]] = []
        self._chance = random.Random(seed)

    async def takes(self, chat: int, *, patient: bool = True) -> None:
        async with self.pace.saying(chat, patient=patient):
            await asyncio.sleep(self._chance.random() * 0.08)
            self.moments.append((asyncio.get_running_loop().time(), chat))
            await asyncio.sleep(self._chance.random() * 0.08)

    def closest(self, allowed: int, chat: int | None = None) -> float:
        """The shortest time in which more than is allowed was counted."""
        moments = sorted(at for at, where in self.moments if chat in (None, where))
        return min(later - earlier for earlier, later in zip(
            moments, moments[allowed:], strict=False))


async def test_pace_keeps_to_one_message_a_second_in_a_chat_and_thirty_overall() -> None:
    telegram = Counting(Pace(overall=5, per_chat=1, window=0.1))
    await asyncio.gather(*(telegram.takes(number % 6) for number in range(18)))
    assert len(telegram.moments) == 18
    assert telegram.closest(5) >= 0.1
    assert min(telegram.closest(1, chat) for chat in range(6)) >= 0.1


async def test_senders_side_by_side_and_answers_share_the_thirty_a_second() -> None:
    """Twelve cards and twelve answers at the same moment; nobody may find the same room twice."""
    telegram = Counting(Pace(overall=6, per_chat=1, window=0.1))
    await asyncio.gather(
        *(telegram.takes(one) for one in range(12)),
        *(telegram.takes(one, patient=False) for one in range(100, 112)))
    assert len(telegram.moments) == 24
    assert telegram.closest(6) >= 0.1


async def test_messages_are_not_begun_in_a_bunch() -> None:
    pace, begun = Pace(overall=10, window=0.2), []

    async def says(chat: int) -> None:
        async with pace.saying(chat):
            begun.append(asyncio.get_running_loop().time())

    await asyncio.gather(*(says(chat) for chat in range(10)))
    assert max(begun) - min(begun) >= 0.9 * 0.75 * 0.2


async def test_a_message_that_failed_gives_its_room_back() -> None:
    pace = Pace(overall=1, window=0.01)
    async with asyncio.timeout(5):
        for _ in range(3):
            with pytest.raises(OSError, match="cut"):
                async with pace.saying(7):
                    raise OSError("cut")


async def test_an_answer_to_a_press_does_not_wait_for_its_own_chat() -> None:
    pace = Pace(overall=1000, window=60.0)
    async with asyncio.timeout(5):
        for _ in range(3):
            async with pace.saying(7):
                pass


async def test_a_group_hears_at_most_twenty_messages_in_its_minute() -> None:
    telegram = Counting(Pace(overall=100, per_group=3, window=0.003))
    await asyncio.gather(*(telegram.takes(-5, patient=False) for _ in range(7)))
    assert telegram.closest(3) >= 0.18

"""The menu, lists and search by role; who may not see, sees nothing."""

from datetime import timedelta

import pytest

from bot import dispatcher
from bot.sandbox.people import Hand
from core.files import FileRef
from core.notices import Notice, NoticeKind
from core.outbound import Delivery
from core.people import Actor, Channel
from core.ports import StoredMail
from core.regulation.terms import Event, Role
from tests.bot import city
from tests.bot.house import House


async def test_menu_counts_what_waits_by_role(house: House) -> None:
    await house.join(city.DESK, city.IDLE)
    await house.arrives()
    await house.say(city.DESK, "/menu")
    menu = await house.last(city.DESK)
    assert "1 сообщение ждёт вас" in menu.text
    assert menu.labels == (
        "🗂 Регистрация (1)", "➡️ Направить (0)", "🔎 Оформление (0)", "📤 Отправить (0)",
        "📋 Мои дела (1)", "🔴 Просроченные (0)", "📬 Письма (0)", "📊 Сводка",
        "📑 Реестр отправки писем", "⚙️ Настройки",
        "❓ Справка")
    await house.press(city.DESK, "Регистрация (1)")
    await house.press(city.DESK, "ЕКЖ-2026-000001")
    await house.press(city.DESK, "Зарегистрировать")
    await house.say(city.DESK, "/menu")
    assert (await house.last(city.DESK)).labels[:2] == ("🗂 Регистрация (0)", "➡️ Направить (1)")
    await house.say(city.IDLE, "/menu")
    idle = await house.last(city.IDLE)
    assert "сейчас вас ничего не ждёт" in idle.text
    assert idle.labels == (
        "📝 На резолюцию (0)", "📋 Мои дела (0)", "🔴 Просроченные (0)", "⚙️ Настройки",
        "❓ Справка")


async def test_words_of_a_place_find_the_cases_there(house: House) -> None:
    await house.join(city.DESK, city.IDLE)
    for number in range(1, 11):
        await house.arrives(city.message(f"MO-{number}"))
    await house.say(city.DESK, "мира  УЛ")
    found = await house.last(city.DESK)
    assert found.text.startswith("По месту «мира УЛ»: 10\n\n1. ЕКЖ-2026-000010 ")
    await house.press(city.DESK, "›")
    assert (await house.last(city.DESK)).labels[:2] == ("ЕКЖ-2026-000002", "ЕКЖ-2026-000001")
    await house.say(city.DESK, "mo-3")
    assert (await house.last(city.DESK)).text.startswith("ЕКЖ-2026-000003")
    await house.say(city.DESK, "100%")
    assert "ничего не нашлось" in (await house.last(city.DESK)).text
    await house.say(city.IDLE, "ул. Мира")
    assert "ничего не нашлось" in (await house.last(city.IDLE)).text


@pytest.mark.parametrize(("words", "shown"), [
    ("Меню", "Чтобы найти сообщение"), ("мои дела", "Ждут вас: 1"),
    ("просроченные", "Просроченных сообщений нет"), ("Отчёт.", "Сводка на"),
    ("помощь", "по Регламенту")])
async def test_sections_of_the_menu_are_asked_for_in_words(house: House, words: str, shown: str
                                                           ) -> None:
    await house.join(city.DESK)
    await house.arrives()
    await house.say(city.DESK, words)
    assert shown in (await house.last(city.DESK)).text


async def test_word_of_a_section_that_is_not_the_persons_is_only_looked_for(house: House) -> None:
    await house.join(city.LEAD)
    await house.say(city.LEAD, "Отчёт")
    assert "ничего не нашлось" in (await house.last(city.LEAD)).text


@pytest.mark.parametrize("words", ["Спасибо!", "Добрый день", "ок", "👍"])
async def test_thanks_and_greetings_are_no_search(house: House, words: str) -> None:
    await house.join(city.DESK)
    await house.arrives()
    await house.say(city.DESK, words)
    said = (await house.last(city.DESK)).text
    assert said.startswith("Всё, что вас ждёт, — в /menu.")


async def test_my_list_opens_a_card(house: House) -> None:
    case = await house.at_work()
    await house.say(city.LEAD, "/my")
    listed = await house.last(city.LEAD)
    assert f"1. {case.number} Дороги · ул. Мира, 5" in listed.text
    await house.press(city.LEAD, case.number)
    assert "📷 Фото работ" in (await house.last(city.LEAD)).labels


async def test_overdue_says_by_how_much(house: House) -> None:
    await house.join(city.DESK)
    await house.arrives()
    house.clock.moment += timedelta(days=3)
    await house.say(city.DESK, "/overdue")
    assert "просрочено на 3 рабочих дня, был до 23.11, пн" in (await house.last(city.DESK)).text


async def test_number_in_any_form_finds_the_case(house: House) -> None:
    await house.join(city.DESK)
    case = await house.arrives()
    for text in ("1", "№ 1", case.number, case.number.lower(), "/case 1", f"/case {case.number}"):
        await house.say(city.DESK, text)
        assert (await house.last(city.DESK)).text.startswith(case.number), text


async def test_case_of_others_is_not_found(house: House) -> None:
    await house.join(city.IDLE)
    await house.arrives()
    await house.say(city.IDLE, "/case 1")
    assert (await house.last(city.IDLE)).text == "Такого сообщения нет среди доступных вам."


async def test_history_names_who_did_what_by_which_clause(house: House) -> None:
    await house.at_work()
    await house.press(city.OFFICIAL, "История")
    said = (await house.last(city.OFFICIAL)).text
    assert "23.11 в 10:00 наложение резолюции — Белов И.П." in said
    assert "Белов И.П. (Дорохов С.И., Светлова А.Ю.), п. 4.2" in said


async def test_report_is_for_the_office_alone(house: House) -> None:
    await house.join(city.DESK, city.LEAD)
    await house.arrives()
    await house.say(city.DESK, "/report")
    assert (await house.last(city.DESK)).text.startswith(
        "Сводка на 23.11, пн\nС 20.11, пт поступило: 1")
    await house.say(city.LEAD, "/report")
    assert "видят сотрудники подразделения" in (await house.last(city.LEAD)).text


async def test_settings_and_help_are_answered(house: House) -> None:
    await house.join(city.HELPER)
    await house.say(city.HELPER, "/settings")
    assert "МУП «Свет & Ко»" in (await house.last(city.HELPER)).text
    await house.say(city.HELPER, "/help")
    assert "/cancel — снять вопрос" in (await house.last(city.HELPER)).text


async def test_old_invitation_lets_nobody_in(house: House) -> None:
    code = await house.tools.enrolment.invite(f"p{city.DESK}")
    async with Hand(house.sandbox.page_url, city.telegram_id(city.DESK)) as hand:
        await hand.starts(code)
        await hand.awaits("Вы подключены")
    async with Hand(house.sandbox.page_url, city.STRANGER) as hand:
        await hand.starts(code)
        await hand.awaits("Приглашение не действует")


async def unclear(house: House, number: int) -> StoredMail:
    """A letter that the program could not read."""
    async with house.tools.office.work() as work:
        (kept,) = await work.mailbox.add(StoredMail(
            0, "INBOX", 1, number, f"<{number}@x>", "a@b.test",
            "Жалоба, звоните 8 (916) 123-45-67", "Гражданинова О.П. пишет…",
            house.clock.now(), FileRef("b" * 64, "1.eml", "message/rfc822", 5), "unrecognised",
            "Не похоже на выгрузку.", handled=False))
    return kept


async def test_desk_makes_a_case_of_unclear_mail_once(house: House) -> None:
    await house.join(city.DESK)
    await unclear(house, 1)
    await house.say(city.DESK, "/menu")
    await house.press(city.DESK, "Письма (1)")
    listed = await house.last(city.DESK)
    assert "[телефон скрыт]" in listed.text
    assert "Гражданинова" not in listed.text
    await house.press(city.DESK, "Зарегистрировать")
    assert "поступило" in (await house[city.DESK].awaits("ЕКЖ-2026-000001", since=0)).text
    again = await house[city.DESK].presses("Зарегистрировать", listed)
    assert "решение уже принято" in again.text


async def test_desk_dismisses_mail_that_is_not_its_business(house: House) -> None:
    await house.join(city.DESK)
    await unclear(house, 1)
    await house.say(city.DESK, "/menu")
    await house.press(city.DESK, "Письма (1)")
    assert await house.press(city.DESK, "Не относится") == "Письмо оставлено без регистрации."
    assert (await house.last(city.DESK)).text == "Неразобранных писем нет."


async def test_desk_joins_an_organisations_answer_that_came_without_its_key(house: House) -> None:
    case = await house.at_work()
    letters = house.tools.letters
    directory = await house.tools.lookups.directory()
    lead, signs, desk = (Actor(Channel.TELEGRAM, f"tap:{place}", directory.person(one))
                         for place, one in enumerate((city.LEAD, city.LEAD, city.DESK)))
    letter = await letters.draft(lead, case.id, city.HEAT, "О трубе", "Просим закрыть люк.")
    scan = await house.tools.office.files.put(b"%PDF-1.4", "скан.pdf", "application/pdf")
    await letters.signed_by_hand(signs, letter.id, scan)
    letter = await letters.register(desk, letter.id)
    await unclear(house, 1)
    await house.say(city.DESK, "/menu")
    await house.press(city.DESK, "Письма (1)")
    assert "нет отправленных писем" in await house.press(city.DESK, "Ответ на наше письмо")
    system = Actor(Channel.SYSTEM, "outbox:1", speaks_for=frozenset({Role.SYSTEM}))
    async with house.tools.office.work() as work:
        await letters.happened(work, system, letter.id, Event.SEND_LETTER)
    await house.press(city.DESK, "Ответ на наше письмо")
    asked = await house[city.DESK].awaits("На какое наше письмо это ответ?", since=0)
    assert asked.labels == ("№ А-0001/2026 · АО «Теплосеть»", "‹ Назад")
    said = await house[city.DESK].presses("№ А-0001/2026 · АО «Теплосеть»", asked)
    assert said.text == "Приобщено как ответ на письмо № А-0001/2026. Исполнитель уведомлён."
    await house[city.DESK].awaits("Неразобранных писем нет.", since=0)
    await house.carry()
    await house[city.LEAD].awaits("Ответ организации", since=0)


async def test_desk_puts_an_organisations_free_letter_to_its_message(house: House) -> None:
    """No letter of ours awaits it: the message is named by its number."""
    case = await house.at_work()
    await unclear(house, 1)
    await house.say(city.DESK, "/menu")
    await house.press(city.DESK, "Письма (1)")
    await house.press(city.DESK, "К сообщению")
    await house[city.DESK].awaits("К какому сообщению приобщить письмо?", since=0)
    await house.say(city.DESK, "777")
    await house[city.DESK].awaits("Сообщение «777» не найдено", since=0)
    await house.say(city.DESK, str(case.id))
    await house[city.DESK].awaits(
        f"Приобщено к сообщению {case.number}. Исполнитель уведомлён.", since=0)
    await house.carry()
    told = await house[city.LEAD].awaits("К сообщению приобщено письмо", since=0)
    assert "Гражданинова" not in told.text
    async with house.tools.office.work() as work:
        (mail,) = await work.mailbox.of_case(case.id)
    assert mail.handled


async def test_desk_decides_on_a_delivery_in_trouble(house: House) -> None:
    await house.join(city.DESK)
    case, now = await house.arrives(), house.clock.now()
    letter = Notice(NoticeKind.ASSIGNMENT, "k", city.LEAD, case_id=case.id, facts={"part": "0"})
    async with house.tools.office.work() as work:
        await work.outbox.put([(letter, Channel.EMAIL)], now)
        row = await work.outbox.by_key("k")
        assert row is not None
        await work.outbox.settle(row.id, Delivery.FAILED, now, error="ящика нет")
        await work.outbox.put([(Notice(
            NoticeKind.DELIVERY_TROUBLE, "t", city.DESK, case_id=case.id, facts={
                "row": str(row.id), "to": "Дорохов С.И.", "reason": "ящика нет"}),
            Channel.TELEGRAM)], now)
    await house.carry()
    await house[city.DESK].awaits("Не доставлено: Дорохов С.И.\nящика нет", since=0)
    await house.press(city.DESK, "Не отправлять")
    assert (await house.last(city.DESK)).text == "Больше не отправляю."


async def test_no_filter_of_a_message_is_asked_in_another_thread(house: House) -> None:
    """aiogram does so where a filter is not awaitable, and takes many times as long."""
    handlers = dispatcher.build(house.tools).observers["message"].handlers
    asked = [one for handler in handlers for one in handler.filters or ()]
    assert [one.callback for one in asked if not one.awaitable] == []
    assert len(asked) > len(handlers)

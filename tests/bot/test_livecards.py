"""Cards follow their cases, whoever moves them and by whatever way; nobody looks at an old one."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest
from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.methods import EditMessageText, TelegramMethod
from aiogram.methods.base import Response, TelegramType

from bot import dispatcher
from bot.pace import Pace
from core.inbound import InboundMail, MailPlace, MsedNotice, NoticeKind
from core.people import Actor, Channel
from core.regulation.terms import State
from core.usecases import approvals, execution
from core.usecases.office import CaseRef
from tests.bot import city
from tests.bot.house import TOKEN, House
from tests.bot.pictures import picture
from tests.bot.test_story import approved, report_and_draft


async def by_letter(house: House, person_id: int) -> Actor:
    """The person, answering a letter."""
    directory = await house.tools.lookups.directory()
    return Actor(Channel.EMAIL, f"mail:{person_id}:{house.clock.moment}",
                 directory.person(person_id))


async def test_answer_by_letter_changes_the_cards_in_everybodys_chats(house: House) -> None:
    await house.join(city.APPROVER, city.STATE, city.HEAD)
    case_id = await report_and_draft(house)
    await house.say(city.HEAD, (await house.case(case_id)).number)
    await house.press(city.LEAD, "На согласование")
    asked = await house[city.APPROVER].awaits("Вам на согласование", since=0)
    lead = await house.last(city.LEAD)
    await house.tools.office.do(await by_letter(house, city.APPROVER), CaseRef(case_id),
                                approvals.approve)
    await house.carry()
    for person in (city.LEAD, city.HEAD, city.APPROVER):
        card = await house[person].awaits(
            lambda one: "✅ Рыбаков О.И." in one.text and "▶️ Министрова В.П." in one.text,
            since=0)
        assert card.edited, person
    approver = await house.last(city.APPROVER)
    assert approver.id == asked.id
    assert "✅ Согласовать" not in approver.labels
    assert "Вам на согласование" not in approver.text, "the head has had its day"
    assert (await house.last(city.LEAD)).id == lead.id


async def test_signature_in_msed_changes_the_signatorys_card(house: House) -> None:
    case_id = await approved(house)
    case = await house.case(case_id)
    assert "🖋 Подписано" in (await house.last(city.SIGNATORY)).labels
    await house.intake.accept(InboundMail(
        MailPlace("INBOX", 7, 1), b"signed", house.clock.now(), "<1@gorod.test>",
        "msed@gorod.test", "Подписано", "",
        MsedNotice(NoticeKind.SIGNED, case.number, person="Главный П.П.")))
    await house.carry()
    card = await house.last(city.SIGNATORY)
    assert "🖋 Подписано" not in card.labels
    assert "на проверке" in card.text or State.CHECKING.label in card.text


async def test_newer_card_shrinks_the_one_above_to_its_sentence(house: House) -> None:
    case = await house.at_work()
    first = await house[city.LEAD].awaits("Вам поручено", since=0)
    await house.press(city.HELPER, "Отчёт")
    await house.answer(city.HELPER, "Светильник включён.")
    old, new = (await house[city.LEAD].messages())[-2:]
    assert (old.id, old.text) == (first.id, f"📌 Вам поручено\n⬇️ Карточка ниже: {case.number}")
    assert old.labels == ()
    assert "Материал соисполнителя" in new.text
    assert "👍 Принять материал" in new.labels


async def test_colleagues_report_leaves_the_sentence_above_ones_own_card(house: House) -> None:
    await house.at_work()
    await house.press(city.HELPER, "Принять")
    card = await house.last(city.LEAD)
    assert "Вам поручено" in card.text
    assert "Светлова А.Ю., соисп.: принято" in card.text


async def test_who_has_no_part_any_more_keeps_the_number_alone(house: House) -> None:
    case = await house.at_work()
    await house.press(city.LEAD, "Не моё")
    await house.answer(city.LEAD, "Дорога областная.")
    last = [one for one in await house[city.HELPER].messages() if case.number in one.text]
    assert any(one.text == f"{case.number}\nСообщение передано другим, от вас ничего не требуется."
               for one in last)
    assert "Яма" not in "".join(one.text for one in await house[city.HELPER].messages())


async def moves_on(house: House, case_id: int) -> None:
    """The case moves without anything that the reader can do being changed by it."""
    async with house.tools.office.work() as work:
        await work.cases.save(await work.cases.get(case_id))
    await house.carry()


async def registered(house: House) -> int:
    """A message at the desk, to be routed; its likes are there too."""
    await house.join(city.DESK)
    await house.arrives()
    case = await house.arrives(city.message("MO-2", text="Та же яма."))
    await house.press(city.DESK, "Зарегистрировать")
    return case.id


async def to_resolve(house: House) -> int:
    """A message that waits for the official's resolution."""
    await house.join(city.OFFICIAL)
    case_id = await registered(house)
    await house.press(city.DESK, "Направить")
    return case_id


async def working(house: House) -> int:
    """A message at its executors."""
    return (await house.at_work()).id


async def drafted(house: House) -> int:
    """A draft that is ready to go on."""
    return await report_and_draft(house)


async def to_approve(house: House) -> int:
    """A draft before its approver."""
    await house.join(city.APPROVER)
    case_id = await report_and_draft(house)
    await house.press(city.LEAD, "На согласование")
    return case_id


async def photographed(house: House) -> int:
    """A photo in the lead's part."""
    case_id = await working(house)
    await house[city.LEAD].sends([("work.jpg", picture())])
    await house.handled()
    await house.say(city.LEAD, (await house.case(case_id)).number)
    return case_id


CHOICES = (
    (registered, city.DESK, (("Выбрать другого",), ("Переадресовать",), ("Дубликат",))),
    (to_resolve, city.OFFICIAL, (
        ("Изменить",), ("Изменить", "Срок и задача: Дорохов С.И."),
        ("Изменить", "Соисполнители"))),
    (working, city.LEAD, (
        ("Поручить",), ("Поручить", "Лопатин Е.Е., рабочий"), ("Письмо",),
        ("Подготовить ответ",))),
    (photographed, city.LEAD, (("Мои фотографии",),)),
    (drafted, city.LEAD, (("Лист согласования",), ("Лист согласования", "Добавить"))),
    (to_approve, city.APPROVER, (("Замечание",),)),
)
"""Everything that opens in a card's place: how the case came there, who presses, and what."""


@pytest.mark.parametrize(("before", "person", "choices"), CHOICES,
                         ids=[before.__name__ for before, *_ in CHOICES])
async def test_open_choice_stays_while_the_case_moves_and_ends_with_it(
        house: House, before: Callable[[House], Awaitable[int]], person: int,
        choices: tuple[tuple[str, ...], ...]) -> None:
    case_id = await before(house)
    card = await house.card(person)
    for presses in choices:
        for label in presses:
            await house.press(person, label)
        choice = await house.message(person, card.id)
        assert choice.labels != card.labels
        await moves_on(house, case_id)
        assert await house.message(person, card.id) == choice, presses
        await house.say(person, "/cancel")
        assert (await house.message(person, card.id)).labels == card.labels, presses
    await house.press(person, choices[0][0])
    choice = await house.message(person, card.id)
    async with house.tools.office.work() as work:
        await work.cases.save(replace(await work.cases.get(case_id), official_id=city.CHIEF))
    await house.carry()
    assert (await house.message(person, card.id)).text != choice.text, "it is stale"


async def test_choice_that_led_to_a_question_ends_with_its_answer(house: House) -> None:
    await house.at_work()
    card = await house.card(city.LEAD)
    await house.press(city.LEAD, "Письмо")
    await house.press(city.LEAD, "АО «Теплосеть»")
    await house.answer(city.LEAD, "О яме\nПросим восстановить асфальт.")
    assert (await house.message(city.LEAD, card.id)).labels == card.labels


async def test_resolution_goes_on_below_its_question(house: House) -> None:
    case_id = await to_resolve(house)
    card = await house.card(city.OFFICIAL)
    for label in ("Изменить", "Срок и задача: Дорохов С.И.", "Задача"):
        await house.press(city.OFFICIAL, label)
    await house.answer(city.OFFICIAL, "Огородить яму.")
    await moves_on(house, case_id)
    assert (await house.message(city.OFFICIAL, card.id)).text == "⬇️ Резолюция составляется ниже."
    made = await house.last(city.OFFICIAL)
    assert "Огородить яму." in made.text
    await house.press(city.OFFICIAL, "Утвердить резолюцию")
    assert State.ASSIGNED.label in (await house.message(city.OFFICIAL, made.id)).text


async def test_card_that_was_deleted_is_let_go(house: House) -> None:
    case = await house.at_work()
    card = await house.last(city.LEAD)
    await house.bot.delete_message(city.telegram_id(city.LEAD), card.id)
    await house.tools.office.do(await by_letter(house, city.LEAD), CaseRef(case.id),
                                execution.accept)
    assert await house.living.refresh() > 0
    assert await house.living.refresh() == 0


@dataclass
class SlowLine(BaseRequestMiddleware):
    """An edit stays under way until the press beside it is over, or waits for it to end."""

    chat_id: int
    under_way: asyncio.Event = field(default_factory=asyncio.Event)
    beside: set[asyncio.Task[str]] = field(default_factory=set)

    async def __call__(self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot,
                       method: TelegramMethod[TelegramType]) -> Response[TelegramType]:
        if isinstance(method, EditMessageText) and method.chat_id == self.chat_id:
            self.under_way.set()
            await asyncio.sleep(0)
            await asyncio.wait(self.beside, timeout=0.5)
        return await make_request(bot, method)


async def test_an_edit_under_way_does_not_bring_back_the_card_as_it_was_before_a_press(
        house: House) -> None:
    case = await house.at_work()
    card = await house.last(city.LEAD)
    await house.tools.office.do(await by_letter(house, city.HELPER), CaseRef(case.id),
                                execution.accept)
    slow = SlowLine(city.telegram_id(city.LEAD))
    line = dispatcher.connect(TOKEN, Pace(), api_url=house.sandbox.url)
    line.session.middleware(slow)

    async def presses() -> str:
        await slow.under_way.wait()
        return (await house[city.LEAD].presses("Принять", card)).text

    slow.beside.add(asyncio.ensure_future(presses()))
    await replace(house.living, bot=line).refresh()
    await asyncio.wait(slow.beside)
    await line.session.close()
    (pressed,) = slow.beside
    assert "Принято" in pressed.result()
    card = await house.last(city.LEAD)
    assert not any("Принять" in label for label in card.labels)

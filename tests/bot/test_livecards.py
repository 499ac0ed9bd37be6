"""Cards follow their cases, whoever moves them and by whatever way; nobody looks at an old one."""

import asyncio
from dataclasses import dataclass, field, replace

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
from core.usecases import approvals, execution, resolutions
from core.usecases.office import CaseRef
from tests.bot import city
from tests.bot.house import TOKEN, House
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
    await house.tools.intake.accept(InboundMail(
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


async def test_resolution_in_the_making_is_not_swept_away_by_another_move(house: House) -> None:
    await house.join(city.DESK, city.OFFICIAL, city.LEAD)
    case = await house.arrives()
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Направить")
    await house.press(city.OFFICIAL, "Изменить")
    async with house.tools.office.work() as work:
        await work.cases.save(await work.cases.get(case.id))
    await house.carry()
    assert "Резолюция" in (await house.last(city.OFFICIAL)).text
    await house.tools.office.do(await by_letter(house, city.OFFICIAL), CaseRef(case.id),
                                resolutions.as_proposed)
    await house.carry()
    card = await house.last(city.OFFICIAL)
    assert State.ASSIGNED.label in card.text


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

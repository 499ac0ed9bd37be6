"""Every label of the contract is pressed: by the wrong person, rightly, once more, and too late.

A story is a list of presses; what stands in the lists is checked against the contract and against
the table of buttons, so that no label is left out.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from bot.keyboards.callbacks import CaseAct, Do
from bot.keyboards.case import BUTTONS
from bot.sandbox.people import SeenMessage
from core.people import Actor, Channel
from core.regulation.terms import State
from core.usecases import approvals, dispatch, signing
from core.usecases.intake import MSED_SPEAKS_FOR
from core.usecases.office import CaseRef
from tests.bot import city
from tests.bot.house import House
from tests.bot.test_story import ANSWER, report_and_draft

CONTRACT = (
    *((city.DESK, label) for label in (
        "Направить", "Выбрать другого", "Переадресовать", "Начальнику УД", "Дубликат")),
    *((city.OFFICIAL, label) for label in (
        "Утвердить резолюцию", "Изменить", "Вернуть регистратору")),
    *((city.LEAD, label) for label in (
        "Принять", "Не моё", "Поручить", "Фото работ", "Подготовить ответ",
        "Промежуточный ответ", "Письмо")),
    (city.HELPER, "Принять"), (city.HELPER, "Отчёт"),
    (city.LEAD, "Принять материал"), (city.LEAD, "Вернуть материал"),
    *((city.LEAD, label) for label in ("На согласование", "Править", "Предпросмотр")),
    (city.APPROVER, "Согласовать"), (city.APPROVER, "Замечание"), (city.STATE, "Согласовать"),
    (city.SIGNATORY, "Подписано"), (city.SIGNATORY, "Вернуть"),
    *((city.DESK, label) for label in ("Оформление верно", "Вернуть", "Отправить оператору")),
    (city.HEAD, "Оператору на закрытие"), (city.HEAD, "На комиссию"),
)
"""«In Telegram»: who has which buttons. «Утвердить отчёт» stands on a report: ``test_reports``."""
ELSEWHERE = {"Направить, как обычно": "test_precedents", "Сжать фотографии": "test_attachments",
             "Фото из первого сообщения": "test_kindred", "Опубликован": "test_story",
             "Оператор не принял": "test_story"}
BACK, CANCEL = "‹ Назад", "/cancel"
NOT_YOURS = "Такого сообщения нет среди доступных вам"
ALWAYS = {Do.PREVIEW}
"""Changes nothing, so it is never stale."""


@dataclass(frozen=True)
class Press:
    """Somebody presses a label; ``then`` answers the question, or takes the choice back."""

    person: int
    label: str
    then: str = ""


Story = tuple[Press | Callable[[House, int], Awaitable[None]], ...]


async def at_the_desk(house: House) -> int:
    """Two messages about one pit; the second is not registered yet."""
    await house.join(city.DESK, city.CHIEF, city.OFFICIAL)
    await house.arrives()
    return (await house.arrives(city.message("MO-2", text="Та же яма."))).id


async def at_work(house: House) -> int:
    """At its executors."""
    return (await house.at_work()).id


async def drafted(house: House) -> int:
    """A draft, its approvers and its signatory."""
    await house.join(city.APPROVER, city.STATE, city.SIGNATORY)
    return await report_and_draft(house)


async def returned_thrice(house: House) -> int:
    """The desk head must decide."""
    case_id = await at_work(house)
    await house.join(city.HEAD)
    async with house.tools.office.work() as work:
        await work.cases.save(replace(
            await work.cases.get(case_id), returns=3, state=State.RETURNED_THRICE))
    await house.say(city.HEAD, (await house.case(case_id)).number)
    return case_id


async def _by_letter(house: House, case_id: int, person_id: int, deed: Callable[..., None]
                     ) -> None:
    person = (await house.tools.lookups.directory()).person(person_id)
    actor = Actor(Channel.EMAIL, f"mail:{person_id}:{house.clock.moment}", person)
    await house.tools.office.do(actor, CaseRef(case_id), deed)
    await house.carry()


async def approved(house: House, case_id: int) -> None:
    """Both approvers agree by letter: that was pressed already."""
    await _by_letter(house, case_id, city.APPROVER, approvals.approve)
    await _by_letter(house, case_id, city.STATE, approvals.approve)


async def signed(house: House, case_id: int) -> None:
    """The signatory too."""
    await _by_letter(house, case_id, city.SIGNATORY, signing.sign_by_word)


async def published(house: House, case_id: int) -> None:
    """The operator's notice."""
    msed = Actor(Channel.MSED, "mail:published", speaks_for=MSED_SPEAKS_FOR)
    await house.tools.office.do(msed, CaseRef(case_id), dispatch.publish)
    await house.carry()
    await house.say(city.DESK, (await house.case(case_id)).number)


def mended(what: str) -> tuple[Press, Press]:
    """A new version goes the same way."""
    return (Press(city.LEAD, "Править", f"{ANSWER} {what}"), Press(city.LEAD, "На согласование"))


STORIES: dict[Callable[[House], Awaitable[int]], Story] = {
    at_the_desk: (
        Press(city.DESK, "Зарегистрировать"), Press(city.DESK, "Дубликат", BACK),
        Press(city.DESK, "Выбрать другого", BACK), Press(city.DESK, "Переадресовать", BACK),
        Press(city.DESK, "Начальнику УД"), Press(city.CHIEF, "Направить"),
        Press(city.OFFICIAL, "Вернуть регистратору", "Не моё направление."),
        Press(city.DESK, "Направить"), Press(city.OFFICIAL, "Изменить", BACK),
        Press(city.OFFICIAL, "Утвердить резолюцию")),
    at_work: (
        Press(city.HELPER, "Принять"), Press(city.HELPER, "Отчёт", "Светильник включён."),
        Press(city.LEAD, "Вернуть материал", "Добавьте площадь."),
        Press(city.HELPER, "Отчёт", "Светильник включён, 2 кв. м."),
        Press(city.LEAD, "Принять материал"), Press(city.LEAD, "Принять"),
        Press(city.LEAD, "Поручить", BACK), Press(city.LEAD, "Фото работ"),
        Press(city.LEAD, "Письмо", BACK), Press(city.LEAD, "Подготовить ответ", BACK),
        Press(city.LEAD, "Промежуточный ответ", CANCEL),
        Press(city.LEAD, "Не моё", "Дорога областная.")),
    drafted: (
        Press(city.LEAD, "Предпросмотр"), Press(city.LEAD, "Приложить скан", CANCEL),
        Press(city.LEAD, "Лист согласования", BACK),
        *mended("Проверено."), Press(city.APPROVER, "Замечание", "Укажите площадь."),
        *mended("Площадь 2 кв. м."), Press(city.APPROVER, "Согласовать"),
        Press(city.STATE, "Согласовать"), Press(city.SIGNATORY, "Файл подписи", CANCEL),
        Press(city.SIGNATORY, "Вернуть", "Нет даты."), *mended("Дата проверена."), approved,
        Press(city.SIGNATORY, "Подписано"), Press(city.DESK, "Вернуть", "Не тот бланк."),
        *mended("Бланк исправлен."), approved, signed,
        Press(city.DESK, "Оформление верно"), Press(city.DESK, "Отправить оператору"),
        published, Press(city.DESK, "Возврат пользователем", CANCEL),
        Press(city.DESK, "В дело")),
    returned_thrice: (
        Press(city.HEAD, "Оператору на закрытие"), Press(city.HEAD, "На комиссию"),
        Press(city.HEAD, "Продолжить работу", CANCEL),
        Press(city.HEAD, "В дело", "Решение комиссии от 01.12.2026 № 5.")),
}


@dataclass
class Trial:
    """Presses that are tried by the wrong person first, and again when they have been done."""

    house: House
    case_id: int
    done: list[tuple[int, SeenMessage, str]] = field(default_factory=list)

    async def press(self, one: Press) -> None:
        """Wrongly, rightly, and once more; then the question is answered."""
        house, hand = self.house, self.house[one.person]
        before = await house.case(self.case_id)
        card, data = await self._button(one)
        assert NOT_YOURS in await house.forge(city.IDLE, data), one
        assert await house.case(self.case_id) == before, one
        await house.press(one.person, data)
        after = await house.case(self.case_id)
        again = await hand.presses(data, card)
        await house.carry()
        assert await house.case(self.case_id) == after, f"{one}: done twice"
        assert again.alert == (after != before), one
        if one.then == BACK:
            await house.press(one.person, BACK)
        elif one.then == CANCEL:
            await house.say(one.person, CANCEL)
        elif one.then:
            await house.answer(one.person, one.then)
            assert await house.case(self.case_id) != after, one
        self.done.append((one.person, card, data))

    async def _button(self, one: Press) -> tuple[SeenMessage, str]:
        """The newest message with the label, and what the button carries."""
        shown = await self.house[one.person].awaits(
            lambda message: any(one.label == _words(label) for label in message.labels), since=0)
        return shown, next(button.data for row in shown.buttons for button in row
                           if _words(button.text) == one.label)

    async def late(self) -> None:
        """Everything that was pressed, on cards that the case has left behind."""
        before = await self.house.case(self.case_id)
        for person, card, data in self.done:
            answer = await self.house[person].presses(data, card)
            assert answer.alert or CaseAct.unpack(data).do in ALWAYS, (person, data)
        await self.house.carry()
        assert await self.house.case(self.case_id) == before


def _words(label: str) -> str:
    """Without its icon."""
    return label.split(" ", 1)[-1]


@pytest.mark.parametrize("begin", STORIES, ids=lambda begin: begin.__name__)
async def test_label_acts_for_its_owner_once_and_never_late(
        house: House, begin: Callable[[House], Awaitable[int]]) -> None:
    await house.join(city.IDLE)
    trial = Trial(house, await begin(house))
    for step in STORIES[begin]:
        if isinstance(step, Press):
            await trial.press(step)
        else:
            await step(house, trial.case_id)
    await trial.late()


def presses() -> Iterator[tuple[int, str]]:
    """What all stories press."""
    return ((one.person, one.label) for story in STORIES.values() for one in story
            if isinstance(one, Press))


def test_no_label_of_the_contract_and_of_the_table_is_left_out() -> None:
    assert set(CONTRACT) <= set(presses())
    table = {_words(one.label) for row in BUTTONS for one in row}
    assert table == {label for _, label in presses()} & table | set(ELSEWHERE)

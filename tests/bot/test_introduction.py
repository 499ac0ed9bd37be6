"""The commands that Telegram offers, by role, as roles change; and the help of each role."""

from dataclasses import replace

import pytest
from aiogram.types import BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from aiogram.types import BotCommandScopeChat as ChatScope

from bot.introduction import Introduction
from bot.texts.help import HELP, help_text
from bot.words import units
from core.people import Person
from core.regulation.terms import OFFICES, Role
from tests.bot import city
from tests.bot.house import House


async def offered(house: House, person_id: int) -> list[str]:
    found = await house.bot.get_my_commands(
        scope=ChatScope(chat_id=city.telegram_id(person_id)))
    return [one.command for one in found]


async def set_person(house: House, person_id: int, **changes: object) -> None:
    async with house.tools.office.work() as work:
        person = (await work.people.directory()).person(person_id)
        await work.people.save_person(replace(person, **changes))  # type: ignore[arg-type]


@pytest.fixture
def introduction(house: House) -> Introduction:
    return Introduction(house.bot, house.tools.office)


EXECUTORS = ["menu", "my", "case", "overdue", "settings", "help", "cancel"]


async def test_each_role_is_offered_its_commands_and_strangers_only_the_way_in(
        house: House, introduction: Introduction) -> None:
    await house.join(city.LEAD, city.DESK)
    await introduction.introduce()
    assert await introduction.refresh() == 2
    assert await offered(house, city.LEAD) == EXECUTORS
    assert await offered(house, city.DESK) == [*EXECUTORS[:4], "report", *EXECUTORS[4:]]
    strangers = await house.bot.get_my_commands(scope=BotCommandScopeAllPrivateChats())
    assert [one.command for one in strangers] == ["start"]
    assert await house.bot.get_my_commands(scope=BotCommandScopeAllGroupChats()) == []


async def test_a_start_tells_nothing_anew_and_a_change_of_role_is_told_once(
        house: House, introduction: Introduction) -> None:
    await house.join(city.LEAD, city.DESK)
    await introduction.refresh()
    assert await Introduction(house.bot, house.tools.office).refresh() == 0
    await set_person(house, city.LEAD, offices=frozenset({Role.ADMIN}))
    assert await introduction.refresh() == 1
    assert await offered(house, city.LEAD) == ["menu", "settings", "help", "cancel"]
    assert await introduction.refresh() == 0


async def test_commands_go_from_whoever_is_blocked_and_move_with_the_account(
        house: House, introduction: Introduction) -> None:
    await house.join(city.LEAD, city.DESK)
    await introduction.refresh()
    await set_person(house, city.DESK, active=False, blocked=True)
    await set_person(house, city.LEAD, telegram_id=city.telegram_id(city.WORKER))
    assert await introduction.refresh() == 2
    assert await offered(house, city.DESK) == []
    assert await offered(house, city.LEAD) == []
    assert await offered(house, city.WORKER) == EXECUTORS


def one_with(*offices: Role) -> Person:
    return replace(city.PEOPLE[city.LEAD - 1], offices=frozenset(offices))


def test_help_speaks_of_the_own_role_alone() -> None:
    assert "<b>Исполнитель.</b>" in help_text(one_with())
    desk = help_text(one_with(Role.DESK))
    assert "«Зарегистрировать»" in desk
    assert "<b>Исполнитель.</b>" not in desk
    admin = help_text(one_with(Role.ADMIN))
    assert "/my" not in admin
    assert "«Справочник»" in admin
    assert {role for roles, _ in HELP for role in roles} == OFFICES
    assert units(help_text(one_with(*OFFICES))) <= 4096

"""Absences told of by letter: who is away, who stands in, and that it is over."""

from datetime import date

import pytest

from core import mailcommands
from core.mailcommands import Away
from core.notices import NoticeKind
from core.regulation.terms import AssignmentState
from tests.bot import city
from tests.usecases.office.house import House
from tests.usecases.office.test_replies import reply, token, with_helper

AWAY = "Отсутствую с 01.12.2026 по 14.12.2026, замещает Дорохов С.И."


@pytest.mark.parametrize(("text", "last", "who"), [
    (AWAY, 14, "Дорохов С.И"),
    ("отсутствую: 01.12.2026 — 14.12.2026. Меня замещает: Дорохов\n\nС уважением", 14, "Дорохов"),
    ("Отсутствую 01.12.2026, замещает Дорохов Степан Ильич", 1, "Дорохов Степан Ильич"),
])
def test_the_sentence_is_understood_as_people_write_it(text: str, last: int, who: str) -> None:
    assert mailcommands.read_absence(text) == Away(
        date(2026, 12, 1), date(2026, 12, last), who)


@pytest.mark.parametrize("text", [
    "Отсутствую до понедельника", "Отсутствую с 31.02.2026, замещает Дорохов",
    "Фонарь отсутствует с 01.12.2026", "Отсутствую с 01.12.2026 по 14.12.2026"])
def test_what_is_no_such_sentence_is_left_to_the_others(text: str) -> None:
    assert mailcommands.read_absence(text) is None


async def test_absence_is_noted_and_the_letter_can_still_be_answered(house: House) -> None:
    key = await with_helper(house)
    said = await reply(house, key, AWAY)
    assert said == (
        "Отмечено: вы отсутствуете с 01.12.2026 по 14.12.2026, замещает Дорохов Степан Ильич. "
        "Поручения и письма пойдут заместителю, он сможет делать то же, что и вы. Вернётесь "
        "раньше — ответьте «Отсутствие отменить».")
    async with house.office.work() as work:
        (noted,) = (await work.people.directory()).absences
    assert (noted.person_id, noted.substitute_id) == (city.HELPER, city.LEAD)
    assert house.told(NoticeKind.STANDING_IN)
    assert await reply(house, key, "Принято") == "Поручение принято к исполнению."
    assert (await house.case(1)).part(1).state is AssignmentState.ACCEPTED


async def test_absence_is_taken_back_by_two_words(house: House) -> None:
    key = await with_helper(house)
    await reply(house, key, AWAY)
    assert await reply(house, key, "Отсутствие отменить") == (
        "Отсутствие 01.12.2026 — 14.12.2026 отменено: поручения снова приходят вам.")
    async with house.office.work() as work:
        assert (await work.people.directory()).absences == ()
    assert "отменять нечего" in await reply(house, key, "Отсутствие отменить")


async def test_unknown_substitute_and_vague_words_are_answered_with_what_to_write(
        house: House) -> None:
    key = await with_helper(house)
    assert "такого сотрудника в справочнике нет" in await reply(
        house, key, AWAY.replace("Дорохов", "Неизвестный"))
    assert "уже прошли" in await reply(house, key, AWAY.replace("2026", "2025"))
    said = await reply(house, key, "Я в отпуске до понедельника.")
    assert "«Отсутствую с 01.12.2026 по 14.12.2026, замещает Иванов И.И.»" in said
    assert token(house, NoticeKind.ASSIGNMENT, city.HELPER) == key

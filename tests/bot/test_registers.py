"""R36: the desk and the clerk print a dispatch register in a few taps."""

from datetime import date

import pytest

from bot.handlers.registers import read_period
from core.errors import NotAcceptedError
from tests.bot import city
from tests.bot.house import House


async def test_the_desk_chooses_whose_and_when_and_gets_the_files(house: House) -> None:
    await house.join(city.DESK)
    await house.say(city.DESK, "/menu")
    await house.press(city.DESK, "Реестр отправки писем")
    assert (await house.last(city.DESK)).labels[:2] == (
        "Подразделение по работе с порталом «Добродел»", "Управление дорог")
    await house.press(city.DESK, "Подразделение по работе с порталом «Добродел»")
    await house.press(city.DESK, "Прошлый месяц")
    *_, made = await house[city.DESK].messages()
    assert made.text.startswith(
        "Реестр отправки писем с 01.10.2026 по 31.10.2026: 0 писем.")
    names = {file.name for one in await house[city.DESK].messages() for file in one.files}
    assert names == {"Реестр.pdf", "Реестр.xlsx"}


async def test_a_clerk_names_a_period_of_the_own_bodys_register(house: House) -> None:
    await house.join(city.CLERK, city.LEAD)
    await house.say(city.CLERK, "/register")
    assert "Управление дорог" in (await house.last(city.CLERK)).text
    await house.press(city.CLERK, "Другой период")
    await house.answer(city.CLERK, "30.11.2026 - 01.11.2026")
    assert "не раньше" in (await house.last(city.CLERK)).text
    await house.answer(city.CLERK, "01.11.2026 – 30.11.2026")
    assert "с 01.11.2026 по 30.11.2026: 0 писем. Управление дорог" in (
        await house.last(city.CLERK)).text
    await house.say(city.LEAD, "/register")
    assert "делопроизводитель" in (await house.last(city.LEAD)).text


@pytest.mark.parametrize("text", [
    "01.11.2026 – 30.11.2026", "с 01.11.2026 по 30.11.2026", "1.11.2026—30.11.2026",
    "01.11.2026 - 30.11.2026"])
def test_a_period_is_read_as_people_write_it(text: str) -> None:
    assert read_period(text) == (date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize("text", ["", "вчера", "01.11.2026 – 02.11.2026 – 03.11.2026"])
def test_what_is_no_period_is_said_so(text: str) -> None:
    with pytest.raises(NotAcceptedError):
        read_period(text)

"""Where the directory is silent, past decisions suggest; a person decides (R6)."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from core.case import CitizenMessage
from core.inbound import Applicant
from core.journal import Fact
from core.precedents.model import Model, terms_of
from core.precedents.training import Example, train
from core.regulation.terms import Event, State
from core.usecases.precedents import FILE, Precedents
from core.usecases.resolutions import Task, impose
from tests import builders as b
from tests.benchmarks.precedents import examples
from tests.bot import city
from tests.bot.house import House
from tests.builders import kept_case

LIGHT = "Не горит фонарь у подъезда, во дворе темно, дом {number}."
LIFT = "Не работает лифт, в подъезде грязно, дом {number}."


@pytest.fixture(scope="module")
def learnt() -> Model:
    """From 300 made-up decisions."""
    model = train([Example(terms, label) for terms, label in examples(300)])
    assert model is not None
    return model


def test_guess_is_as_good_as_it_is_said_to_be(learnt: Model) -> None:
    rows = learnt.rows()
    fresh = examples(400, seed=8)
    given = [(guess, label) for terms, label in fresh if (guess := rows.guess(terms))]
    right = sum(guess.label == label for guess, label in given) / len(given)
    promised = sum(guess.certainty for guess, _ in given) / len(given)
    assert len(given) > 100
    assert abs(right - promised) < 0.08
    assert right > 0.8


def test_what_is_unlike_everything_before_is_answered_by_silence(learnt: Model) -> None:
    rows = learnt.rows()
    assert rows.guess(terms_of("", "", "", "Sinto muito, não falo russo")) is None
    assert rows.guess(terms_of("", "", "ул. Мира", "Прошу ответить.")) is None
    assert rows.guess([]) is None


def test_too_little_history_teaches_nothing() -> None:
    assert train([]) is None
    assert train([Example(terms, label) for terms, label in examples(60)]) is None
    one_way = [Example(terms, "4:5") for terms, _ in examples(200)]
    assert train(one_way) is None


def test_decisions_without_a_pattern_are_no_experience() -> None:
    chance = [Example(terms, f"4:{number * 7919 % 10}") for number, (terms, _) in enumerate(
        examples(300))]
    model = train(chance)
    assert model is not None
    assert model.steps == []


def experience(house: House) -> Precedents:
    assert house.tools.lookups.precedents is not None
    return house.tools.lookups.precedents


async def decided(house: House, count: int) -> None:
    """So many messages were given to the lead or to the helper, by what they were about."""
    async with house.tools.office.work() as work:
        for number in range(count):
            text, lead = ((LIGHT, city.HELPER), (LIFT, city.LEAD))[number % 2]
            case = await kept_case(work, CitizenMessage(
                f"П-{number}", text.format(number=number), topic="Иное",
                place=f"ул. Мира, {number}"), Applicant(), house.clock.now())
            story = b.Story(replace(case, state=State.AWAITING_RESOLUTION,
                                    official_id=b.OFFICIAL))
            act = story.act(b.OFFICIAL)
            impose(act, [Task(b.LEAD)])
            part = replace(act.case.parts[0], executor_id=lead)
            await work.cases.save(replace(act.case, parts=(part,), official_id=city.OFFICIAL))
            await work.journal.append([Fact(
                house.clock.now(), "case", Event.IMPOSE_RESOLUTION.value, "Белов И.П.",
                "telegram", f"t:{number}", case_id=case.id)])


async def test_desk_and_official_are_shown_past_decisions_and_decide(house: House) -> None:
    await house.join(city.DESK, city.OFFICIAL, city.HELPER)
    precedents = experience(house)
    assert not await precedents.learn(), "nothing was decided yet"
    await decided(house, 120)
    assert await precedents.learn_if_due()
    assert not await precedents.learn_if_due(), "once a day"
    kept = (precedents.folder / FILE).read_bytes()
    assert msgspec.json.decode(kept, type=Model).cases == 120
    case = await house.arrives(replace(city.message(
        topic="Иное", text=LIGHT.format(number=777)), category="", place="ул. Лесная, 3"))
    await house.press(city.DESK, "Зарегистрировать")
    card = await house.last(city.DESK)
    assert "В справочнике правила нет. Похожие сообщения почти всегда (100%)" in card.text
    assert "Белов И.П. → Светлова А.Ю." in card.text
    assert (await house.case(case.id)).official_id is None, "never by itself"
    await house.press(city.DESK, "Направить, как обычно")
    assert (await house.case(case.id)).state is State.AWAITING_RESOLUTION
    await house.press(city.OFFICIAL, "Изменить")
    making = await house.last(city.OFFICIAL)
    assert "Светлова А.Ю. — ответственный" in making.text
    assert "похожие сообщения почти всегда поручали этому исполнителю (100%)" in making.text
    await house.press(city.OFFICIAL, "Утвердить резолюцию")
    assert [one.executor_id for one in (await house.case(case.id)).parts] == [city.HELPER]


async def test_rule_of_the_directory_goes_before_experience(house: House) -> None:
    await house.join(city.DESK)
    precedents = experience(house)
    await decided(house, 120)
    await precedents.learn()
    await house.arrives(city.message(text="Фонарь не горит, темно во дворе у подъезда."))
    await house.press(city.DESK, "Зарегистрировать")
    card = await house.last(city.DESK)
    assert "Предлагается (тема «дороги»)" in card.text
    assert "прошлым решениям" not in card.text


async def test_spoilt_file_is_silence_and_no_fault(house: House, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"cases": 5')
    directory = await house.tools.lookups.directory()
    message = CitizenMessage("1", "Фонарь не горит.")
    assert Precedents(house.tools.office, tmp_path).suggest(message, directory) is None

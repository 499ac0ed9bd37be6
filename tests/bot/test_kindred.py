"""Messages about one thing: shown to the desk, linked, worked on once, answered each (R24)."""

from dataclasses import replace

from core.files import FileRef
from core.inbound import MessageCard
from core.regulation.terms import State
from tests.bot import city
from tests.bot.house import House
from tests.bot.pictures import picture
from tests.bot.test_story import ANSWER


def again(number: str = "MO-2") -> MessageCard:
    """Another citizen about the same pit."""
    return replace(city.message(number, text="Провал на дороге, колесо пробил. Заделайте!"),
                   place="Мира, дом 5")


async def linked(house: House) -> tuple[int, int]:
    """The first is at work, the second is its duplicate and registered."""
    first = await house.at_work()
    second = await house.arrives(again())
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Дубликат")
    await house.press(city.DESK, f"{first.number}: тот же адрес и та же тема")
    return first.id, second.id


async def test_desk_sees_what_looks_alike_and_links_it_in_two_taps(house: House) -> None:
    first_id, second_id = await linked(house)
    first, second = await house.case(first_id), await house.case(second_id)
    assert second.duplicate_of == first.number
    assert first.duplicates == (second.number,)
    card = await house.last(city.DESK)
    assert f"Дубликат к {first.number}" in card.text
    lead = await house.last(city.LEAD)
    assert f"О том же: {second.number}; каждому нужен свой ответ" in lead.text
    assert f"Предлагается (дубликат к {first.number}: работы уже поручены)" in card.text


async def test_work_is_done_once_and_answered_twice(house: House) -> None:
    first_id, second_id = await linked(house)
    await house[city.LEAD].sends([("work.jpg", picture())])
    await house.handled()
    await house.press(city.LEAD, "Подготовить ответ")
    await house.press(city.LEAD, "Вопрос решён")
    await house.answer(city.LEAD, ANSWER)
    await house.press(city.DESK, "Направить")
    await house.press(city.OFFICIAL, "Утвердить резолюцию")
    second = await house.case(second_id)
    assert [part.executor_id for part in second.parts] == [city.LEAD], "no co-executor again"
    await house.press(city.LEAD, "Фото из первого сообщения")
    taken = (await house.case(second_id)).parts[0].photos
    given = (await house.case(first_id)).parts[0].photos
    assert [one.file for one in taken] == [one.file for one in given]
    assert taken[0].verdict == "", "compared anew, with this citizen's photo"
    assert "🔗 Фото из первого сообщения" not in (await house.last(city.LEAD)).labels
    await house.press(city.LEAD, "Подготовить ответ")
    await house.press(city.LEAD, "Вопрос решён")
    await house[city.LEAD].awaits(lambda one: one.text == ANSWER, since=0)
    await house.answer(city.LEAD, f"По вашему сообщению: {ANSWER}")
    drafts = [(await house.case(one)).draft for one in (first_id, second_id)]
    assert [one.text for one in drafts if one] == [ANSWER, f"По вашему сообщению: {ANSWER}"]


async def test_another_number_can_be_written_and_a_wrong_link_mended(house: House) -> None:
    first_id, second_id = await linked(house)
    other = await house.arrives(city.message("MO-3", topic="Свет", text="Не горит фонарь."))
    await house.say(city.DESK, (await house.case(second_id)).number)
    await house.press(city.DESK, "Дубликат")
    await house.answer(city.DESK, other.number)
    assert (await house.case(second_id)).duplicate_of == other.number
    assert (await house.case(first_id)).duplicates == ()
    assert (await house.case(other.id)).duplicates == ((await house.case(second_id)).number,)


async def test_duplicate_of_a_duplicate_belongs_to_the_first(house: House) -> None:
    first_id, second_id = await linked(house)
    third = await house.arrives(again("MO-4"))
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Дубликат")
    await house.press(city.DESK, (await house.case(second_id)).number)
    assert (await house.case(third.id)).duplicate_of == (await house.case(first_id)).number


async def test_same_photo_on_the_street_is_a_likeness_and_another_house_is_none(
        house: House) -> None:
    await house.join(city.DESK)
    files = house.tools.office.files
    one = await files.put(picture(), "a.jpg", "image/jpeg")
    first = await house.arrives(city.message(topic="Свет"), [one])
    await house.arrives(replace(again("MO-2"), place="ул. Мира, 7"))
    assert "Похоже на" not in (await house.last(city.DESK)).text
    await house.arrives(replace(again("MO-3"), place="ул. Мира, 7"),
                        [FileRef(one.sha256, "b.jpg", one.media_type, one.size)])
    assert f"Похоже на {first.number} (поступило): та же фотография" in (
        await house.last(city.DESK)).text


async def test_executor_sees_no_likenesses(house: House) -> None:
    await house.at_work()
    await house.arrives(again())
    assert "Похоже" not in "".join(one.text for one in await house[city.LEAD].messages())
    assert (await house.case(2)).state is State.RECEIVED

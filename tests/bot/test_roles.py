"""Every role's main path in Telegram, by real buttons over the Bot API."""

from dataclasses import replace
from datetime import timedelta

from bot.sandbox.people import Hand
from core.regulation.terms import State
from tests.bot import city
from tests.bot.house import House


async def test_stranger_learns_only_that_the_bot_is_for_staff(house: House) -> None:
    async with Hand(house.sandbox.page_url, city.STRANGER) as hand:
        await hand.starts()
        said = await hand.awaits("для сотрудников")
        await hand.says("/case 1")
        again = await hand.awaits("для сотрудников")
    assert said.text == again.text


async def test_desk_registers_and_routes_in_two_taps(house: House) -> None:
    await house.join(city.DESK, city.OFFICIAL)
    case = await house.arrives()
    card = await house[city.DESK].awaits("Новое сообщение", since=0)
    assert "8 (916)" not in card.text
    assert "Гражданинова" not in card.text
    assert await house.press(city.DESK, "Зарегистрировать") == "Зарегистрировано."
    assert await house.press(city.DESK, "Направить") == "Направлено."
    assert (await house.case(case.id)).state is State.AWAITING_RESOLUTION
    asked = await house[city.OFFICIAL].awaits("на резолюцию", since=0)
    assert "Дорохов С.И." in asked.text


async def test_official_approves_the_proposed_resolution_in_one_tap(house: House) -> None:
    case = await house.at_work()
    assert case.state is State.ASSIGNED
    assert [part.executor_id for part in case.parts] == [city.LEAD, city.HELPER]
    await house[city.LEAD].awaits("Вам поручено", since=0)
    await house[city.HELPER].awaits("Вам поручено", since=0)


async def test_desk_chooses_another_official(house: House) -> None:
    await house.join(city.DESK, city.IDLE)
    case = await house.arrives()
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Выбрать другого")
    await house.press(city.DESK, "Тихий И.И.")
    assert (await house.case(case.id)).official_id == city.IDLE
    await house[city.IDLE].awaits("на резолюцию", since=0)


async def test_desk_redirects_to_a_body_outside(house: House) -> None:
    await house.join(city.DESK)
    case = await house.arrives()
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Переадресовать")
    await house.press(city.DESK, "АО «Теплосеть»")
    done = await house.case(case.id)
    assert (done.state, done.redirected_to_id) == (State.REDIRECTED, city.HEAT)


async def test_chief_of_staff_decides_what_the_desk_could_not(house: House) -> None:
    await house.join(city.DESK, city.CHIEF)
    case = await house.arrives()
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Начальнику УД")
    assert (await house.case(case.id)).state is State.ESCALATED
    await house.press(city.CHIEF, "Направить")
    assert (await house.case(case.id)).state is State.AWAITING_RESOLUTION


async def test_desk_marks_a_duplicate_of_an_earlier_message(house: House) -> None:
    await house.join(city.DESK)
    first = await house.arrives()
    second = await house.arrives(city.message("MO-2", text="Та же яма, тот же дом."))
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Дубликат")
    await house.press(city.DESK, "Другой номер")
    await house.answer(city.DESK, "777")
    assert "не найдено" in (await house.last(city.DESK)).text
    await house.answer(city.DESK, str(int(first.number[-6:])))
    assert (await house.case(second.id)).duplicate_of == first.number


async def test_official_hands_back_with_a_reason(house: House) -> None:
    await house.join(city.DESK, city.OFFICIAL)
    case = await house.arrives()
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Направить")
    await house.press(city.OFFICIAL, "Вернуть регистратору")
    await house.answer(city.OFFICIAL, "Не моё направление.")
    assert (await house.case(case.id)).state is State.REGISTERED
    assert (await house.last(city.OFFICIAL)).text == "Возвращено регистратору."
    await house[city.DESK].awaits("Не моё направление.", since=0)


async def test_official_changes_the_resolution_before_laying_it(house: House) -> None:
    await house.join(city.DESK, city.OFFICIAL)
    case = await house.arrives()
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Направить")
    await house.press(city.OFFICIAL, "Изменить")
    await house.press(city.OFFICIAL, "Ответственный")
    await house.press(city.OFFICIAL, "Лопатин Е.Е.")
    await house.press(city.OFFICIAL, "Светлова А.Ю.")
    await house.press(city.OFFICIAL, "Дорохов С.И.")
    await house.press(city.OFFICIAL, "Дальше")
    await house.press(city.OFFICIAL, "Срок и задача: Дорохов С.И.")
    await house.press(city.OFFICIAL, "25")
    await house.press(city.OFFICIAL, "Срок и задача: Дорохов С.И.")
    await house.press(city.OFFICIAL, "Задача")
    await house.answer(city.OFFICIAL, "Огородить яму.")
    await house.press(city.OFFICIAL, "Утвердить резолюцию")
    parts = (await house.case(case.id)).parts
    assert [part.executor_id for part in parts] == [city.WORKER, city.LEAD]
    assert (str(parts[1].due_on), parts[1].scope) == ("2026-11-25", "Огородить яму.")


async def test_calendar_marks_days_off_and_refuses_days_past_the_limit(house: House) -> None:
    await house.join(city.DESK, city.OFFICIAL)
    case = await house.arrives()
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Направить")
    assert "тема «дороги»" in (await house.last(city.OFFICIAL)).text
    await house.press(city.OFFICIAL, "Изменить")
    made = (await house.last(city.OFFICIAL)).text
    assert "Дорохов С.И. — ответственный, до 01.12, вт" in made
    assert "Светлова А.Ю. — соисполнитель, до 27.11, пт" in made
    assert "Предложено: тема «дороги»" in made
    await house.press(city.OFFICIAL, "Срок и задача: Светлова А.Ю.")
    shown = await house.last(city.OFFICIAL)
    assert "Не позже 27.11, пт (п. 4.6, абз. 2)" in shown.text
    week = next(row for row in shown.buttons if row[0].text == "23")
    assert [one.text for one in week] == ["23", "24", "25", "26", "•27•", "✕", "✕"]
    assert "позже предельного срока: 27.11, пт" in await house.press(city.OFFICIAL, week[5].data)
    await house.press(city.OFFICIAL, "Назад")
    await house.press(city.OFFICIAL, "Срок и задача: Дорохов С.И.")
    lead = await house.last(city.OFFICIAL)
    assert [one.text for one in lead.buttons[2]] == [
        "30", "•1 дек•", "✕", "✕", "✕", "✕", "✕"]
    assert lead.buttons[1][5].text == "(28)"
    assert "выходной" in await house.press(city.OFFICIAL, lead.buttons[1][5].data)
    await house.press(city.OFFICIAL, "26")
    assert "Дорохов С.И. — ответственный, до 26.11, чт" in (await house.last(city.OFFICIAL)).text
    await house.press(city.OFFICIAL, "Утвердить резолюцию")
    dates = [str(part.due_on) for part in (await house.case(case.id)).parts]
    assert dates == ["2026-11-26", "2026-11-26"], "materials come no later than the draft"


async def test_narrower_date_of_the_lead_narrows_those_of_the_co_executors(house: House) -> None:
    await house.join(city.DESK, city.OFFICIAL)
    await house.arrives()
    for person, label in ((city.DESK, "Зарегистрировать"), (city.DESK, "Направить"),
                          (city.OFFICIAL, "Изменить"),
                          (city.OFFICIAL, "Срок и задача: Светлова А.Ю."),
                          (city.OFFICIAL, "26"),
                          (city.OFFICIAL, "Срок и задача: Дорохов С.И."), (city.OFFICIAL, "25")):
        await house.press(person, label)
    made = (await house.last(city.OFFICIAL)).text
    assert "Светлова А.Ю. — соисполнитель, до 25.11, ср" in made
    await house.press(city.OFFICIAL, "Срок и задача: Светлова А.Ю.")
    assert "Не позже 25.11, ср (п. 4.6, абз. 1)" in (await house.last(city.OFFICIAL)).text


async def test_only_people_of_the_administration_are_offered_and_the_way_back_is_there(
        house: House) -> None:
    await house.join(city.DESK, city.OFFICIAL)
    await house.arrives(replace(city.message(topic="Шум"), category="Шум"))
    for person, label in ((city.DESK, "Зарегистрировать"), (city.DESK, "Выбрать другого"),
                          (city.DESK, "Белов И.П."), (city.OFFICIAL, "Изменить")):
        await house.press(person, label)
    offered = await house.last(city.OFFICIAL)
    assert any("Лопатин Е.Е." in one for one in offered.labels)
    assert not any("Министрова" in one or "Дальше" in one for one in offered.labels)
    await house.press(city.OFFICIAL, "Назад")
    assert "Вернуть регистратору" in " ".join((await house.last(city.OFFICIAL)).labels)


async def test_choice_of_executors_shows_what_each_has_in_hand(house: House) -> None:
    await house.at_work()
    house.clock.moment += timedelta(days=9)
    await house.arrives(city.message("MO-2"))
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Направить")
    await house.press(city.OFFICIAL, "Изменить")
    await house.press(city.OFFICIAL, "Ответственный")
    labels = (await house.last(city.OFFICIAL)).labels
    assert "☑️ Дорохов С.И. — 1 (1 🔴), Управление дорог" in labels
    assert "Лопатин Е.Е. — 0, Управление дорог" in labels


async def test_lead_says_not_ours_and_the_desk_head_is_told(house: House) -> None:
    await house.join(city.HEAD)
    case = await house.at_work()
    await house.press(city.LEAD, "Не моё")
    await house.answer(city.LEAD, "Дорога областная.")
    assert (await house.case(case.id)).state is State.REGISTERED
    assert "не относящееся" in (await house.last(city.LEAD)).text
    await house[city.HEAD].awaits("Дорога областная.", since=0)
    released = await house[city.HELPER].awaits("Поручение снято", since=0)
    assert released.labels == (), "there is no card that this person may open"
    await house.press(city.DESK, "История")
    lines = (await house.last(city.DESK)).text.splitlines()
    assert sum("Дорога областная." in one for one in lines) == 1, "one act is told once"
    assert sum("доставка поручения" in one and "Светлова А.Ю." in one for one in lines) == 1


async def test_next_official_sees_who_gave_the_message_back_and_why(house: House) -> None:
    await house.at_work()
    await house.press(city.LEAD, "Не моё")
    await house.answer(city.LEAD, "Дорога областная.")
    await house.press(city.DESK, "Направить")
    card = await house[city.OFFICIAL].awaits("на резолюцию", since=0)
    assert "Вернули как не своё:\nДорохов С.И.: Дорога областная." in card.text
    await house.press(city.OFFICIAL, "Вернуть регистратору")
    await house.answer(city.OFFICIAL, "Областная, не наша.")
    await house.press(city.DESK, "Выбрать другого")
    await house.press(city.DESK, "Белов И.П.")
    card = await house[city.OFFICIAL].awaits("на резолюцию", since=0)
    assert "Белов И.П.: Областная, не наша." in card.text
    await house.press(city.OFFICIAL, "Утвердить резолюцию")
    assert "Вернули" not in (await house.last(city.OFFICIAL)).text


async def test_desk_head_allows_a_late_return(house: House) -> None:
    await house.join(city.HEAD)
    case = await house.at_work()
    await house.say(city.HEAD, case.number)
    card = await house.last(city.HEAD)
    assert [one for one in card.labels if "Разрешить возврат" in one] == [
        "① 🔓 Разрешить возврат", "② 🔓 Разрешить возврат"]
    assert "② Светлова А.Ю., соисп." in card.text, "the number on the button is the person's"
    await house.press(city.HEAD, "② 🔓 Разрешить возврат")
    assert (await house.case(case.id)).part(1).late_decline_allowed
    assert [one for one in (await house.last(city.HEAD)).labels if "Разрешить возврат" in one
            ] == ["① 🔓 Разрешить возврат"], "what is allowed is not allowed again"
    told = (await house.last(city.HELPER)).text
    assert "Орлов П.А.: поручение разрешено вернуть" in told
    assert ".." not in told


async def test_deadline_of_each_co_executor_is_told_with_the_name(house: House) -> None:
    case = await house.at_work()
    await house.say(city.OFFICIAL, case.number)
    assert "Материал соисполнителя, Светлова А.Ю.: осталось" in (
        await house.last(city.OFFICIAL)).text
    await house.say(city.HELPER, case.number)
    assert "Материал соисполнителя: осталось" in (await house.last(city.HELPER)).text


async def test_head_passes_the_part_to_his_staff_by_an_earlier_day(house: House) -> None:
    await house.join(city.WORKER)
    case = await house.at_work()
    await house.press(city.LEAD, "Поручить")
    await house.press(city.LEAD, "Лопатин Е.Е., рабочий")
    await house.press(city.LEAD, "25")
    part = (await house.case(case.id)).part(0)
    assert (part.holder_id, str(part.own_due)) == (city.WORKER, "2026-11-25")
    await house[city.WORKER].awaits("Вам поручено (Дорохов С.И.)", since=0)


async def test_letter_is_written_signed_scanned_and_registered(house: House) -> None:
    case = await house.at_work()
    await house.press(city.LEAD, "Письмо")
    await house.press(city.LEAD, "АО «Теплосеть»")
    await house.answer(city.LEAD, "О яме на теплотрассе")
    assert "тема и текст" in (await house.last(city.LEAD)).text
    await house.answer(city.LEAD, "О яме\nПросим восстановить асфальт.")
    await house[city.LEAD].awaits("Распечатайте", since=0)
    await house.press(city.LEAD, "Скан подписанного")
    question = await house.question(city.LEAD)
    await house[city.LEAD].sends([("скан.pdf", b"%PDF-1.4 scan")], reply_to=question)
    await house.handled()
    await house.press(city.DESK, "Зарегистрировать и отправить")
    async with house.tools.office.work() as work:
        letter, = await work.letters.of_case(case.id)
    assert (letter.number, letter.subject) == ("А-0001/2026", "О яме")
    assert "А-0001/2026" in (await house.last(city.DESK)).text

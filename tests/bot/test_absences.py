"""Going on leave from the telephone: who stands in, what he gets, and who takes over for good."""

from dataclasses import replace
from datetime import timedelta

from bot.keyboards.people import Away, AwayAct, Hand
from bot.sandbox.people import SeenMessage
from core.people import Actor, Channel
from core.regulation.terms import State
from tests.bot import city
from tests.bot.house import House
from tests.bot.test_story import report_and_draft


async def go_away(house: House, person: int, deputy: str, days: str = "До конца недели") -> None:
    await house.say(person, "/settings")
    for label in ("Отсутствие", "Отметить отсутствие", deputy, days):
        await house.press(person, label)


async def journal(house: House, event: str) -> list[str]:
    async with house.tools.office.work() as work:
        return [one.fact.actor for one in await work.journal.of_case(1)
                if one.fact.event == event]


async def test_the_substitute_gets_the_open_work_and_does_it_under_both_names(
        house: House) -> None:
    await house.join(city.WORKER)
    case = await house.at_work()
    await go_away(house, city.LEAD, "Лопатин Е.Е.")
    shown = await house.last(city.LEAD)
    assert "• 23.11.2026 — 29.11.2026, замещает Лопатин Е.Е." in shown.text
    await house.press(city.LEAD, "‹ Назад")
    assert "🏖 Вас замещает Лопатин Е.Е." in (await house.last(city.LEAD)).text
    told = await house.last(city.WORKER)
    assert told.text.startswith("🤝 Вы замещаете: Дорохов С.И. (23.11.2026 — 29.11.2026). "
                                "Сейчас: 1 открытое сообщение.")
    await house.press(city.WORKER, "Мои дела")
    listed = await house.last(city.WORKER)
    assert case.number in listed.text
    await house.press(city.WORKER, case.number)
    card = await house.last(city.WORKER)
    assert "Дорохов С.И. (замещает Лопатин Е.Е.), отв." in card.text, "the two are not one"
    await house.press(city.WORKER, "Принять")
    assert await journal(house, "accept") == ["Лопатин Е.Е. (замещает: Дорохов С.И.)"]
    late = await house[city.WORKER].presses("Принять", card)
    assert late.alert
    assert "Лопатин Е.Е. (замещает: Дорохов С.И.)" in late.text
    assert await journal(house, "accept") == ["Лопатин Е.Е. (замещает: Дорохов С.И.)"]


async def test_who_comes_back_is_welcomed_and_the_substitutes_card_is_taken_from_him(
        house: House) -> None:
    await house.join(city.WORKER)
    case = await house.at_work()
    await go_away(house, city.LEAD, "Лопатин Е.Е.")
    await house.say(city.WORKER, case.number)
    card = await house.last(city.WORKER)
    house.clock.moment += timedelta(days=7)
    await house.tools.absences.hand_over_if_due()
    await house.carry()
    back = await house.last(city.LEAD)
    assert "С возвращением! Вас замещал другой сотрудник (Лопатин Е.Е.)." in back.text
    answer = await house[city.WORKER].presses("Принять", card)
    assert answer.alert
    assert answer.text == "Такого сообщения нет среди доступных вам."


async def test_dates_are_written_and_cancelled_and_bad_ones_explained(house: House) -> None:
    await house.join(city.LEAD, city.WORKER)
    await go_away(house, city.LEAD, "Лопатин Е.Е.", "Другие даты")
    await house.answer(city.LEAD, "когда-нибудь")
    assert "Даты не поняты" in (await house.last(city.LEAD)).text
    await house.answer(city.LEAD, "с 01.12.2026 по 14.12.2026")
    noted = await house.last(city.LEAD)
    assert "01.12.2026 — 14.12.2026" in noted.text
    assert "Вы будете замещать: Дорохов С.И." in (await house.last(city.WORKER)).text
    await house.press(city.LEAD, "Отменить 01.12 — 14.12")
    again = await house[city.LEAD].presses("Отменить 01.12 — 14.12", noted)
    assert again.alert
    assert "уже закончилось или отменено" in again.text
    assert "Замещать больше не нужно" in (await house.last(city.WORKER)).text


async def test_nobody_notes_the_absence_of_a_stranger_and_a_head_that_of_his_staff(
        house: House) -> None:
    await house.join(city.APPROVER, city.WORKER, city.HELPER)
    await house.say(city.APPROVER, "/settings")
    await house.press(city.APPROVER, "Отсутствие")
    await house.press(city.APPROVER, "Отсутствие сотрудника")
    staff = (await house.last(city.APPROVER)).labels
    assert any("Лопатин" in one for one in staff)
    assert not any("Светлова" in one for one in staff)
    chosen = await house.last(city.APPROVER)
    await house.press(city.APPROVER, "Лопатин Е.Е.")
    for label in ("Отметить отсутствие", "Бумагина Н.Л.", "Только сегодня"):
        await house.press(city.APPROVER, label)
    assert "Отсутствие: Лопатин Е.Е." in (await house.last(city.APPROVER)).text
    whose = next(one.data for row in chosen.buttons for one in row if "Лопатин" in one.text)
    note = AwayAct.unpack(whose).model_copy(update={
        "do": Away.NOTE, "to": city.HELPER, "on": "20261125-20261125"})
    assert "отмечает сам сотрудник" in await house.forge(city.HELPER, note.pack())
    assert len((await house.tools.lookups.directory()).absences) == 1


async def leave(house: House, person_id: int) -> None:
    """The next import does not name this person."""
    async with house.tools.office.work() as work:
        person = (await work.people.directory()).person(person_id)
        await work.people.save_person(replace(person, active=False))
    await house.tools.staff.tell_if_left()
    await house.carry()


async def test_an_approver_who_leaves_while_a_draft_waits_is_replaced_by_the_desk_head(
        house: House) -> None:
    await house.join(city.HEAD, city.APPROVER, city.STATE, city.CLERK)
    case_id = await report_and_draft(house)
    await house.press(city.LEAD, "На согласование")
    assert (await house.case(case_id)).state is State.APPROVING
    waiting = await house.last(city.APPROVER)
    await leave(house, city.APPROVER)
    told = await house.last(city.HEAD)
    assert "Рыбаков О.И. больше не работает с сообщениями" in told.text
    await house.press(city.HEAD, "Передать дела")
    await house.press(city.HEAD, "Бумагина Н.Л.")
    sure = await house.last(city.HEAD)
    assert "Рыбаков О.И. → Бумагина Н.Л." in sure.text
    await house.press(city.HEAD, "Передать")
    assert "Передано: 1 сообщение → Бумагина Н.Л." in (await house.last(city.HEAD)).text
    again = await house[city.HEAD].presses("Передать", sure)
    assert not again.alert
    assert "Открытых дел нет" in (await house.last(city.HEAD)).text
    refused = await house[city.APPROVER].presses("Согласовать", waiting)
    assert refused.alert
    await house.press(city.CLERK, "Согласовать")
    sheet = (await house.case(case_id)).sheet
    assert sheet is not None
    assert sheet.steps[0].approver_id == city.CLERK
    assert sheet.steps[0].decision is not None
    directory = await house.tools.lookups.directory()
    assert directory.approvals[0].approver_ids == (city.CLERK, city.STATE)
    history = await house.tools.lookups.history(
        Actor(Channel.TELEGRAM, "tg:history", directory.person(city.HEAD)), case_id)
    assert "Рыбаков О.И.; Бумагина Н.Л." in [
        one.details for one in history if one.what == "передача дел другому сотруднику"]


async def test_an_executors_work_is_not_handed_to_somebody_outside_the_administration(
        house: House) -> None:
    await house.join(city.HEAD)
    case = await house.at_work()
    await leave(house, city.LEAD)
    for label in ("Передать дела", "Министрова В.П.", "✅ Передать"):
        await house.press(city.HEAD, label)
    said = (await house.last(city.HEAD)).text
    assert f"{case.number}: Министрова В.П.: исполнителем может быть только сотрудник" in said
    assert ".." not in said
    assert (await house.case(case.id)).part(0).holder_id == city.LEAD


async def test_work_is_not_handed_over_by_whoever_may_not(house: House) -> None:
    await house.join(city.HEAD, city.WORKER)
    case = await house.at_work()
    await leave(house, city.LEAD)
    told = await house.last(city.HEAD)
    heir = Hand.unpack(next(one.data for row in told.buttons for one in row))
    sure = heir.model_copy(update={"to": city.WORKER, "sure": True})
    for data in (heir, sure):
        assert "ведёт администратор" in await house.forge(city.WORKER, data.pack())
    assert (await house.case(case.id)).part(0).holder_id == city.LEAD


async def test_cards_in_chats_follow_who_stands_in_for_whom(house: House) -> None:
    await house.join(city.APPROVER, city.WORKER)
    await report_and_draft(house)
    await go_away(house, city.APPROVER, "Дорохов С.И.")
    await house.press(city.LEAD, "На согласование")
    await house[city.LEAD].awaits("Вам на согласование", since=0)
    await go_away(house, city.LEAD, "Лопатин Е.Е.", "Только сегодня")
    await house.say(city.WORKER, "1")

    async def shown(person: int) -> SeenMessage:
        await house.carry()
        return [one for one in await house[person].messages() if "▶️ Рыбаков" in one.text][-1]

    away, deputy = await shown(city.LEAD), await shown(city.WORKER)
    assert "▶️ Рыбаков О.И. (замещает Лопатин Е.Е.)" in away.text
    assert "Вам на согласование" not in away.text
    assert "✅ Согласовать" not in away.labels
    assert "✅ Согласовать" in deputy.labels
    house.clock.moment += timedelta(days=1)
    back = await shown(city.LEAD)
    assert "▶️ Рыбаков О.И. (замещает Дорохов С.И.)" in back.text
    assert "✅ Согласовать" in back.labels
    assert (await house.message(city.WORKER, deputy.id)).text.endswith(
        "Сообщение передано другим, от вас ничего не требуется.")


async def test_only_who_is_named_is_addressed_on_the_card(house: House) -> None:
    await house.join(city.WORKER)
    await house.at_work()
    for label in ("Поручить", "Лопатин", "До "):
        await house.press(city.LEAD, label)
    assert "Лопатин Е.Е., отв." in (await house.card(city.LEAD)).text
    assert "Лопатин Е.Е. (вы), отв." in (await house.card(city.WORKER)).text

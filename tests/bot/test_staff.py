"""The administrator's directory in the bot: who works here, what they may, and who takes over."""

from dataclasses import replace
from datetime import timedelta

import cv2
import numpy as np
import pytest

from bot import workbooks
from bot.keyboards.people import Hand
from bot.keyboards.staff import Keep, KeepAct
from bot.texts import general
from core.addresses import Addresses
from core.directory_table import ADDRESSES, COLUMNS
from core.people import Person
from core.regulation.terms import Role
from core.usecases.importing import sheets_of
from tests.bot import city
from tests.bot.house import House

ADMIN = city.IDLE


@pytest.fixture
async def office(house: House) -> House:
    """The house with an administrator in it, the directory open before him."""
    async with house.tools.office.work() as work:
        person = (await work.people.directory()).person(ADMIN)
        await work.people.save_person(replace(
            person, offices=person.offices | {Role.ADMIN}))
    await house.join(ADMIN)
    await house.say(ADMIN, "/menu")
    await house.press(ADMIN, "Справочник")
    return house


async def person(house: House, person_id: int) -> Person:
    return (await house.tools.lookups.directory()).person(person_id)


async def find(house: House, name: str) -> None:
    await house.say(ADMIN, "/menu")
    await house.press(ADMIN, "Справочник")
    await house.press(ADMIN, "Найти")
    await house.answer(ADMIN, name)



async def test_the_directory_is_the_administrators_alone(office: House) -> None:
    await office.join(city.DESK)
    await office.say(city.DESK, "/menu")
    assert "👤 Справочник" not in (await office.last(city.DESK)).labels
    for do in Keep:
        if do in {Keep.BODY, Keep.CONFIRM, Keep.MEND, Keep.LOAD_SURE}:
            continue
        data = KeepAct(do=do, id=city.LEAD, arg="2" if do is Keep.MOVE else "").pack()
        said = await office.forge(city.DESK, data.replace(":t:", ":h:"))
        assert "Справочник ведёт администратор" in said, do
    assert await person(office, city.LEAD) == await person(office, city.LEAD)


def read_by_telephones(picture: np.ndarray) -> list[str]:
    """What two readers see from several distances: one alone misses a sound code in twenty."""
    return [reader.detectAndDecode(cv2.resize(picture, None, fx=near, fy=near))[0]
            for reader in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco())
            for near in (0.5, 0.75, 1.0, 1.3, 2.0)]


async def test_an_invitation_is_a_link_and_a_picture_that_a_telephone_reads(
        office: House) -> None:
    await find(office, "дорохов")
    assert "Telegram: не подключён" in (await office.last(ADMIN)).text
    await office.press(ADMIN, "Пригласить")
    said = await office.last(ADMIN)
    assert "Приглашение: Дорохов Степан Ильич" in said.text
    link = said.text.split("\n")[-1]
    picture = cv2.imdecode(np.frombuffer(
        await office[ADMIN].downloads(said.files[0]), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert set(read_by_telephones(picture)) - {""} == {link}
    joined = await office.tools.enrolment.join(link.partition("?start=")[2],
                                               city.telegram_id(city.LEAD))
    assert joined is not None
    assert joined.id == city.LEAD


async def test_a_role_is_given_and_taken_and_the_last_administrator_stays(
        office: House) -> None:
    await find(office, "Дорохов")
    await office.press(ADMIN, "Роли")
    roles = await office.last(ADMIN)
    await office.press(ADMIN, "▫️ подписывающий")
    assert (await person(office, city.LEAD)).offices == {Role.SIGNATORY}
    await office.press(ADMIN, "✅ подписывающий")
    assert (await person(office, city.LEAD)).offices == frozenset()
    await office[ADMIN].presses("▫️ подписывающий", roles)
    assert (await person(office, city.LEAD)).offices == {Role.SIGNATORY}
    await find(office, "Тихий")
    await office.press(ADMIN, "Роли")
    refused = await office[ADMIN].presses("✅ администратор")
    assert refused.alert
    assert "единственный администратор" in refused.text


@pytest.mark.parametrize("code", ["", "король", "lead"])
async def test_a_role_that_no_button_of_ours_names_is_refused_in_words(office: House, code: str
                                                                       ) -> None:
    said = await office.forge(ADMIN, KeepAct(do=Keep.ROLE, id=city.LEAD, arg=code).pack())
    assert said == general.OLD_BUTTON


async def test_a_person_moves_to_another_body_and_not_to_the_same_twice(office: House) -> None:
    await find(office, "Лопатин")
    await office.press(ADMIN, "Перевести")
    where = await office.last(ADMIN)
    await office.press(ADMIN, "МУП «Свет & Ко»")
    assert (await person(office, city.WORKER)).body_id == city.LIGHT
    assert "МУП «Свет & Ко»" in (await office.last(ADMIN)).text
    again = await office[ADMIN].presses("МУП «Свет & Ко»", where)
    assert again.alert
    assert "уже работает здесь" in again.text


async def test_who_is_blocked_is_let_in_no_more_and_the_work_goes_to_another(
        office: House) -> None:
    case = await office.at_work()
    card = await office.last(city.LEAD)
    await office.join(city.HEAD, city.WORKER)
    await find(office, "Дорохов")
    shown = await office.last(ADMIN)
    assert "Открытых дел: 1" in shown.text
    await office.press(ADMIN, "Заблокировать")
    assert "Остаётся 1 открытое дело" in (await office.last(ADMIN)).text
    assert "Дорохов С.И. больше не работает с сообщениями" in (
        await office.last(city.HEAD)).text
    answer = await office[city.LEAD].presses("Принять", card)
    assert answer.alert
    assert "для сотрудников администрации" in answer.text
    twice = await office[ADMIN].presses("Заблокировать", shown)
    assert twice.alert
    await office.press(ADMIN, "Передать дела")
    await office.press(ADMIN, "Лопатин Е.Е.")
    await office.press(ADMIN, "Передать")
    assert (await office.case(case.id)).part(0).holder_id == city.WORKER
    assert (await office.last(city.WORKER)).text.startswith("📌 Вам поручено (Дорохов С.И.)")
    staff = [replace(one, offices=one.offices | {Role.ADMIN}) if one.id == ADMIN else one
             for one in city.PEOPLE]
    async with office.tools.office.work() as work:
        await work.people.import_all(city.BODIES, staff, city.ROUTES, city.APPROVALS)
    assert not (await person(office, city.LEAD)).active, "a block outlives the next import"
    await find(office, "Дорохов")
    await office.press(ADMIN, "Разблокировать")
    assert (await person(office, city.LEAD)).active


def workbook(house_directory: dict[str, list[tuple[str, ...]]]) -> bytes:
    return workbooks.write(COLUMNS, house_directory)


async def test_the_workbook_goes_out_comes_back_mended_and_says_first_what_changes(
        office: House) -> None:
    await office.press(ADMIN, "Выгрузить XLSX")
    out = await office.last(ADMIN)
    sheets = workbooks.read(await office[ADMIN].downloads(out.files[0]))
    assert [one["Код"] for one in sheets["Люди"]] == [one.code for one in city.PEOPLE]
    rows = {name: [tuple(row[column] for column in COLUMNS[name]) for row in found]
            for name, found in sheets.items()}
    rows["Люди"] = [row for row in rows["Люди"] if row[0] != f"p{city.WORKER}"]
    rows["Люди"].append(("p99", "Новый Иван Иванович", "мастер", "roads", "", "new@gorod.test"))
    assert rows[ADDRESSES] == []
    rows[ADDRESSES] = [("", "ул. Мира", "5", "55,9105", "37.7364")]
    await office.press(ADMIN, "Загрузить XLSX")
    question = await office.question(ADMIN)
    await office.say(ADMIN, "вот", question)
    assert "нужен файл .xlsx" in (await office.last(ADMIN)).text
    await office[ADMIN].sends([("плохой.xlsx", b"not a book")], reply_to=question)
    await office.handled()
    assert "плохой.xlsx — не книга Excel" in (await office.last(ADMIN)).text
    await office[ADMIN].sends([("Справочник.xlsx", workbook(rows))], reply_to=question)
    await office.handled()
    shown = await office.last(ADMIN)
    assert "Новые сотрудники: 1 — Новый И.И." in shown.text
    assert "Больше не работают (нет в файле): 1 — Лопатин Е.Е." in shown.text
    assert "Без изменений: 11." in shown.text
    assert "Адресов с координатами станет 1." in shown.text
    assert (await person(office, city.WORKER)).active, "nothing is done before «Загрузить»"
    await office.press(ADMIN, "Загрузить")
    assert "Справочник загружен. Новых: 1" in (await office.last(ADMIN)).text
    assert not (await person(office, city.WORKER)).active
    async with office.tools.office.work() as work:
        assert [one.where for one in (await work.people.addresses()).listed] == [
            (55.9105, 37.7364)]
    late = await office[ADMIN].presses("Загрузить", shown)
    assert late.alert
    assert "уже загружен или отменён" in late.text


async def test_a_workbook_that_would_shut_the_administrator_out_is_refused(
        office: House) -> None:
    directory = await office.tools.lookups.directory()
    rows = dict(sheets_of(directory, Addresses()))
    rows["Люди"] = [row for row in rows["Люди"] if row[0] != f"p{ADMIN}"]
    await office.press(ADMIN, "Загрузить XLSX")
    await office[ADMIN].sends([("Справочник.xlsx", workbook(rows))],
                              reply_to=await office.question(ADMIN))
    await office.handled()
    assert "нет вас (код «p12»)" in (await office.last(ADMIN)).text


async def test_reference_data_a_year_old_are_confirmed_by_whoever_keeps_them(
        office: House) -> None:
    await office.join(city.HEAD, city.APPROVER, city.CLERK, city.LEAD)
    async with office.tools.office.work() as work:
        directory = await work.people.directory()
        fresh = office.tools.reference.today
        for body in directory.bodies.values():
            old = fresh - timedelta(days=365 if body.id == city.ROADS else 364)
            await work.people.save_body(replace(body, confirmed_on=old))
    assert await office.tools.reference.remind_if_due() == 3
    await office.carry()
    asked = await office.last(city.APPROVER)
    assert "Подтвердите справочные данные (адрес, телефон, почта, режим работы): " \
           "Управление дорог. Последний раз подтверждены 23.11.2025." in asked.text
    assert asked.labels == ("✅ Всё верно", "✏️ Исправить", "👁 Показать")
    assert "у 1 органа" in (await office.last(city.HEAD)).text
    confirm = KeepAct(do=Keep.CONFIRM, id=city.ROADS).pack()
    assert "подтверждает руководитель" in await office.forge(city.LEAD, confirm)
    await office.press(city.CLERK, "Исправить")
    await office.answer(city.CLERK, "одна строка")
    assert "Нужны четыре строки" in (await office.last(city.CLERK)).text
    await office.answer(city.CLERK, "ул. Новая, д. 2\n-\nroads@gorod.test\nпн–пт 9–18")
    mended = await office.last(city.CLERK)
    assert "📍 ул. Новая, д. 2\n☎️ не указано\n✉️ roads@gorod.test" in mended.text
    assert "Подтверждено: 23.11.2026" in mended.text
    late = await office[city.APPROVER].presses("Всё верно", asked)
    assert late.alert
    assert "сегодня уже подтверждено" in late.text
    office.clock.moment += timedelta(days=1)
    assert await office.tools.reference.remind_if_due() > 0, "the others are a year old now"
    await office.say(ADMIN, "/menu")
    await office.press(ADMIN, "Справочник")
    await office.press(ADMIN, "Справочные данные (4)")
    await office.press(ADMIN, "Администрация")
    await office.press(ADMIN, "Всё верно")
    assert "Подтверждено: 24.11.2026" in (await office.last(ADMIN)).text


async def test_hands_change_only_by_whoever_may(office: House) -> None:
    data = Hand(whom=city.LEAD, to=city.WORKER, sure=True).pack()
    await office.join(city.OFFICIAL)
    assert "Справочник ведёт администратор" in await office.forge(city.OFFICIAL, data)

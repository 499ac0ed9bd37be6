"""The directory's sheets: taken whole, or every bad row named (R2)."""

import pytest

from core.addresses import Address
from core.directory_table import ADDRESSES, APPROVALS, BODIES, PEOPLE, ROUTES, read
from core.errors import BadTableError
from core.regulation.terms import BodyKind, Role

Sheet = list[dict[str, str]]


def sheets(**changes: Sheet) -> dict[str, Sheet]:
    """A small good directory."""
    usual: dict[str, Sheet] = {
        BODIES: [{"Код": "adm", "Название": "Администрация", "Вид": "орган"},
                 {"Код": "min", "Название": "Минтранс", "Вид": "ЦИОГВ", "Почта": "min@a.ru"}],
        PEOPLE: [{"Код": "zam", "ФИО": "Замов Иван Иванович", "Орган": "adm",
                  "Роли": "должностное лицо"},
                 {"Код": "lead", "ФИО": "Мастеров Глеб Глебович", "Орган": "ADM",
                  "Роли": "исполнитель", "Почта": "lead@a.ru"},
                 {"Код": "gos", "ФИО": "Министров Игорь Львович", "Орган": "min",
                  "Роли": "Согласующий"}],
        ROUTES: [{"Тема": "дорог", "Должностное лицо": "zam", "Ответственный": "lead",
                  "Соисполнители": "ZAM"}],
        APPROVALS: [{"Категория": "", "Согласующие": "zam, GOS"}],
    }
    names = {"bodies": BODIES, "people": PEOPLE, "routes": ROUTES, "approvals": APPROVALS,
             "addresses": ADDRESSES}
    return {**usual, **{names[key]: value for key, value in changes.items()}}


def problems(**changes: Sheet) -> list[str]:
    with pytest.raises(BadTableError) as refused:
        read(sheets(**changes))
    return [line.strip() for line in str(refused.value).splitlines()[1:]]


def test_a_good_directory_is_read_whole_with_codes_in_any_case() -> None:
    plan = read(sheets())
    assert [(one.code, one.kind) for one in plan.bodies] == [
        ("adm", BodyKind.DEPARTMENT), ("min", BodyKind.STATE)]
    assert plan.people[0].offices == {Role.OFFICIAL}
    assert plan.people[1].offices == frozenset()
    assert [one.body_id for one in plan.people] == [1, 1, 2]
    route = plan.routes[0]
    assert (route.official_id, route.lead_id, route.co_executor_ids, route.signatory_id) == (
        1, 2, (1,), None)
    assert plan.approvals[0].approver_ids == (1, 3)


@pytest.mark.parametrize("label", [role.label for role in (
    Role.DESK, Role.DESK_HEAD, Role.CHIEF_OF_STAFF, Role.CLERK, Role.SIGNATORY, Role.ADMIN)])
def test_every_office_is_known_by_its_label(label: str) -> None:
    people = [{**sheets()[PEOPLE][0], "Роли": f"должностное лицо, {label.upper()}"},
              *sheets()[PEOPLE][1:]]
    assert len(read(sheets(people=people)).people[0].offices) == 2


@pytest.mark.parametrize("row", [
    {"Ответственный": "gos"}, {"Ответственный": "lead", "Соисполнители": "zam, gos"}])
def test_rule_that_makes_an_executor_of_an_outsider_is_named(row: dict[str, str]) -> None:
    (said,) = problems(routes=[{"Тема": "дорог", "Должностное лицо": "zam", **row}])
    assert said.startswith("лист «Маршруты», строка 2: «gos» не может быть исполнителем")
    assert "п. 4.2, 4.3" in said


def test_every_bad_row_is_named_with_its_sheet_and_number() -> None:
    said = problems(
        bodies=[*sheets()[BODIES],
                {"Код": "x", "Название": "Икс", "Вид": "клуб"},
                {"Код": "ADM", "Название": "Снова", "Вид": "орган"},
                {"Код": "y", "Название": "", "Вид": "орган"},
                {"Код": "z", "Название": "Зет", "Вид": "орган", "Почта": "z.example.ru"}],
        people=[*sheets()[PEOPLE],
                {"Код": "a", "ФИО": "А Б", "Орган": "нет"},
                {"Код": "b", "ФИО": "Б В", "Орган": "adm", "Роли": "волшебник"},
                {"Код": "ZAM", "ФИО": "В Г", "Орган": "adm"},
                {"Код": "c", "ФИО": "Г Д", "Орган": "adm", "Почта": "a@b.ru, c@d.ru"}],
        routes=[{"Должностное лицо": "lead", "Ответственный": "lead"},
                {"Должностное лицо": "zam", "Ответственный": "кто"}],
        approvals=[{"Категория": "Дороги", "Согласующие": "zam, никто"}])
    assert said == [
        "лист «Органы», строка 4: неизвестный вид «клуб»; есть орган, орган власти, "
        "организация, подведомственная, циогв",
        "лист «Органы», строка 5: код «ADM» уже есть",
        "лист «Органы», строка 6: не заполнено «Название»",
        "лист «Органы», строка 7: почта «z.example.ru» записана неверно",
        "лист «Люди», строка 5: нет органа с кодом «нет»",
        "лист «Люди», строка 6: неизвестная роль «волшебник»; есть админ, глава, "
        "делопроизводитель, должностное лицо, начальник уд, подписывающий, регистратор, "
        "руководитель, руководитель подразделения, исполнитель, согласующий",
        "лист «Люди», строка 7: код «ZAM» уже есть",
        "лист «Люди», строка 8: почта «a@b.ru, c@d.ru» записана неверно",
        "лист «Маршруты», строка 2: у «lead» нет роли «должностное лицо»",
        "лист «Маршруты», строка 3: нет человека с кодом «кто»",
        "лист «Согласование», строка 2: нет человека с кодом «никто»"]


def test_an_empty_row_says_nothing_but_counts() -> None:
    empty = dict.fromkeys(("Код", "ФИО", "Орган"), " ")
    people = [sheets()[PEOPLE][0], empty, *sheets()[PEOPLE][1:],
              {"Код": "a", "ФИО": "А Б", "Орган": "нет"}]
    assert problems(people=people) == ["лист «Люди», строка 6: нет органа с кодом «нет»"]


@pytest.mark.parametrize("name", [BODIES, PEOPLE, ROUTES, APPROVALS])
def test_a_sheet_that_is_not_there_stops_the_import(name: str) -> None:
    left = {key: rows for key, rows in sheets().items() if key != name}
    with pytest.raises(BadTableError, match=f"нет листа «{name}»"):
        read(left)


@pytest.mark.parametrize("rows", [[], [{"Код": "", "ФИО": " "}]])
def test_a_directory_without_people_is_refused(rows: Sheet) -> None:
    with pytest.raises(BadTableError, match="«Люди»"):
        read(sheets(people=rows))


def test_routes_and_approvals_may_be_empty() -> None:
    plan = read(sheets(routes=[], approvals=[]))
    assert (plan.routes, plan.approvals) == ((), ())


def test_a_missing_column_is_named_once() -> None:
    people = [{key: value for key, value in row.items() if key != "ФИО"}
              for row in sheets()[PEOPLE]]
    assert problems(people=people)[0] == "лист «Люди»: нет столбца «ФИО»"


def test_addresses_take_a_comma_or_a_point_and_without_the_sheet_known_ones_stay() -> None:
    plan = read(sheets(addresses=[
        {"Населённый пункт": "Мытищи", "Улица": "ул. Мира", "Дом": "5", "Широта": "55,9105",
         "Долгота": "37.7364"},
        {"Населённый пункт": "Пироговский", "Широта": "55.98", "Долгота": "37.72"}]))
    assert plan.addresses == (Address("Мытищи", "ул. Мира", "5", 55.9105, 37.7364),
                              Address("Пироговский", "", "", 55.98, 37.72))
    assert read(sheets(addresses=[])).addresses == ()
    assert read(sheets()).addresses is None


def test_every_bad_address_is_named() -> None:
    good = {"Улица": "ул. Мира", "Дом": "5", "Широта": "55.9", "Долгота": "37.7"}
    assert problems(addresses=[
        good, {**good, "Дом": "д. 5"}, {**good, "Улица": ""}, {**good, "Дом": "б/н"},
        {**good, "Дом": "7", "Широта": "на севере"}, {**good, "Дом": "9", "Долгота": "200"},
        {**good, "Дом": "11", "Широта": ""}]) == [
        "лист «Адреса», строка 3: этот адрес уже есть",
        "лист «Адреса», строка 4: нужен населённый пункт или улица",
        "лист «Адреса», строка 5: дом «б/н» без улицы или без номера",
        "лист «Адреса», строка 6: широта и долгота — градусы, например 55,9105 и 37,7364, а не "
        "«на севере» и «37.7»",
        "лист «Адреса», строка 7: широта и долгота — градусы, например 55,9105 и 37,7364, а не "
        "«55.9» и «200»",
        "лист «Адреса», строка 8: не заполнено «Широта»"]

"""The directory's workbook is taken whole or refused whole, every bad row named (R2)."""

from collections.abc import Sequence

import pytest

from core import directory_table
from core.directory_table import APPROVALS, BODIES, PEOPLE, ROUTES, Row
from core.errors import BadTableError

SHEETS: dict[str, Sequence[Row]] = {
    BODIES: ({"Код": "adm", "Название": "Администрация", "Вид": "орган"},
             {"Код": "min", "Название": "Минтранс", "Вид": "ЦИОГВ"}),
    PEOPLE: ({"Код": "zam", "ФИО": "Замов Иван", "Орган": "adm", "Роли": "должностное лицо"},
             {"Код": "head", "ФИО": "Начальников Олег", "Орган": "adm", "Роли": "согласующий"},
             {"Код": "state", "ФИО": "Министров Игорь", "Орган": "MIN"}),
    ROUTES: ({"Должностное лицо": "zam", "Ответственный": "head"},),
}


def complaint(*approvals: Row) -> str:
    """What is wrong with these approval lists."""
    with pytest.raises(BadTableError) as refused:
        directory_table.read({**SHEETS, APPROVALS: approvals})
    return str(refused.value)


def test_an_approval_list_with_a_state_body_is_taken_in_its_order() -> None:
    plan = directory_table.read({**SHEETS, APPROVALS: (
        {"Категория": "", "Согласующие": "head, STATE"}, {"Категория": "ЖКХ",
                                                          "Согласующие": "state"})})
    assert [(one.category, one.approver_ids) for one in plan.approvals] == [
        ("", (2, 3)), ("ЖКХ", (3,))]


@pytest.mark.parametrize("people", ["head", "head, zam", " , "])
def test_an_approval_list_without_a_state_body_is_refused(people: str) -> None:
    """4.6¶9: all categories but «Иное» are approved by ЦИОГВ too."""
    said = complaint({"Категория": "ЖКХ", "Согласующие": people})
    assert "лист «Согласование», строка 2: в листе согласования нет сотрудника ЦИОГВ" in said
    assert "4.6" in said


@pytest.mark.parametrize("category", ["Иное", " иное "])
def test_the_category_without_approval_gets_no_list(category: str) -> None:
    said = complaint({"Категория": "", "Согласующие": "head, state"},
                     {"Категория": category, "Согласующие": "head, state"})
    assert "лист «Согласование», строка 3: по категории «Иное» согласования нет" in said
    assert "строка 2" not in said


def test_an_unknown_approver_is_named_once_and_not_as_a_missing_state_body() -> None:
    said = complaint({"Категория": "", "Согласующие": "head, nobody"})
    assert said.count("строка 2") == 1
    assert "нет человека с кодом «nobody»" in said


def test_a_category_has_one_list() -> None:
    said = complaint({"Категория": "ЖКХ", "Согласующие": "state"},
                     {"Категория": "жкх", "Согласующие": "head, state"})
    assert "строка 3: лист согласования для «жкх» уже есть" in said


def test_every_bad_row_is_named_at_once() -> None:
    with pytest.raises(BadTableError) as refused:
        directory_table.read({
            **SHEETS, BODIES: (*SHEETS[BODIES], {"Код": "x", "Название": "", "Вид": "орган"}),
            ROUTES: ({"Должностное лицо": "head", "Ответственный": "nobody"},),
            APPROVALS: ({"Согласующие": "head"},)})
    said = str(refused.value)
    for place in ("«Органы», строка 4", "«Маршруты», строка 2", "«Согласование», строка 2"):
        assert place in said

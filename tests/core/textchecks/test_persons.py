"""Private people in texts: found by shape and dictionary, streets and officials left alone."""

import csv
from pathlib import Path

import pytest

from core import privacy
from core.textchecks.persons import find_names, forms_of, personal_data

DATA = Path(__file__).parent / "data"


def found(text: str, *colleagues: str, asked: str = "") -> list[str]:
    return [one.sentence for one in personal_data(text, forms_of(colleagues), asked)]


def test_labelled_names_are_found_and_streets_are_not() -> None:
    counts = {0: [0, 0, 0], 1: [0, 0, 0]}
    with (DATA / "persons.csv").open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            wanted = {row["names"]} - {""}
            seen = {one.text for one in find_names(row["text"]) if not one.office}
            half = counts[number % 2]
            half[0] += len(wanted & seen)
            half[1] += len(seen - wanted)
            half[2] += len(wanted - seen)
    right, false, missed = (sum(half[place] for half in counts.values()) for place in range(3))
    assert right / (right + false) >= 0.94
    assert right / (right + missed) >= 0.89
    assert counts[1][1] <= 1  # the held-out half


def test_neighbours_telephone_flat_and_papers_do_not_go_to_the_portal() -> None:
    assert found("Шумит гр. Сидоров А.П. из квартиры № 15.") == ["Сидоров А.П.", "квартиры № 15"]
    assert found("Его телефон 8 (916) 123-45-67, паспорт 46 10 123456.") == [
        "8 (916) 123-45-67", "паспорт 46 10 123456"]
    assert found("Приёмная: 8 (495) 586-12-34.") == []


def test_applicant_staff_officials_and_the_flat_asked_about_may_be_named() -> None:
    assert found("Уважаемая Ольга Петровна!", "Ольга Петровна") == []
    assert found("Работы принял Лопатин Е.Е.", "Лопатин Егор Егорович") == []
    assert found("Глава округа Титов А.Б. провёл обход.") == []
    assert found("В квартире 15 тепло.", asked="ул. Мира, 5, кв. 15") == []


def test_names_in_a_citizens_words_are_masked_for_executors() -> None:
    said = "Сосед Кузнецов и Мария Петровна жгут мусор на улице Ивана Франко, звоните 586-12-34"
    assert privacy.masked(said) == (
        "Сосед [имя скрыто] и [имя скрыто] жгут мусор на улице Ивана Франко, звоните "
        "[телефон скрыт]")
    assert privacy.masked("Начальник участка Иванов И.И. не отвечает") == (
        "Начальник участка Иванов И.И. не отвечает")


STREETS = (
    "Яма на улице Лётной, у дома 5", "ул. Юбилейная, 12, подъезд 2",
    "Новомытищинский проспект, 30",
    "на ул. Мира не горит фонарь", "Олимпийский проспект, 10", "по улице Юлиуса Фучика",
    "ул. Веры Волошиной, 12", "ул.Карла Маркса", "на Колпакова, 34 не убран снег",
    "перекрёсток Белобородова и Силикатной", "ул. Академика Каргина, 38", "Щербакова, 3",
    "у Дмитрия Донского, 4 открыт люк", "напротив Розы Люксембург 7", "Шараповский проезд",
    "бульвар Ветеранов", "ул. Станционная, д. 5", "остановка «Улица Лётная»",
)
BODIES = (
    "УК «Мария» не убирает снег", "ООО «Иванов и партнёры»", "МУП «Теплосеть» копает двор",
    "магазин «Мария-Ра»", "школа № 10 им. Гагарина", "храм Рождества Христова", "ЖК «Лидер Парк»",
    "ПАО «Мосэнерго»", "детский сад «Алёнка»", "ИП Кузнецов торгует у дома",
)


@pytest.mark.parametrize("said", STREETS + BODIES)
def test_streets_and_organisations_are_no_people(said: str) -> None:
    assert privacy.masked(said) == said


def test_who_lives_behind_an_address_is_masked_all_the_same() -> None:
    assert privacy.masked("ул. Мира, д. 5 Иванов Иван Иванович курит") == (
        "ул. Мира, д. 5 [имя скрыто] курит")
    assert privacy.masked("у Марии Ивановны, 5 подъезд, течёт") == (
        "у [имя скрыто], 5 подъезд, течёт")
    assert privacy.masked("Светлана Иванова, 12 квартира") == "[имя скрыто], 12 квартира"

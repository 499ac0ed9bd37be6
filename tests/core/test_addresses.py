"""Where an address is, by the office's own table of coordinates (R44)."""

import pytest

from core.addresses import Address, Addresses, house_of

TOWN = Address("Мытищи", "", "", 55.91, 37.73)
STREET = Address("Мытищи", "ул. Юбилейная", "", 55.915, 37.742)
HOUSE = Address("Мытищи", "ул. Юбилейная", "12 корп. 1", 55.9151, 37.7421)
WORLD = Address("Мытищи", "ул. Мира", "5", 55.92, 37.75)
WORLD_ELSEWHERE = Address("пос. Пироговский", "ул. Мира", "5", 55.98, 37.72)
MARCH = Address("", "ул. 8 Марта", "3", 55.93, 37.76)
GREAT = Address("", "Большая Лесная улица", "", 55.94, 37.77)
FOREST = Address("", "Лесная улица", "", 55.95, 37.78)

TABLE = Addresses((TOWN, STREET, HOUSE, WORLD, WORLD_ELSEWHERE, MARCH, GREAT, FOREST))


@pytest.mark.parametrize(("place", "found"), [
    ("г. Мытищи, ул. Юбилейная, д. 12, корп. 1", HOUSE),
    ("Юбилейная 12к1, у подъезда", HOUSE),
    ("г. Мытищи, на Юбилейной, д. 14", STREET),
    ("г. Мытищи, ул. Неведомая, д. 1", TOWN),
    ("Королёв, ул. Неведомая, д. 1", None),
    ("г. Мытищи, ул. Мира, 5", WORLD),
    ("посёлок Пироговский, ул. Мира, д. 5", WORLD_ELSEWHERE),
    ("ул. 8 Марта, д. 3", MARCH),
    ("ул. 8 Марта, д. 8", None),
    ("Большая Лесная ул., 4", GREAT),
    ("Лесная ул., 4", FOREST),
    ("", None),
])
def test_a_place_is_the_house_else_the_street_else_the_settlement(
        place: str, found: Address | None) -> None:
    assert TABLE.nearest(place) == found


def test_of_two_streets_of_one_name_none_is_meant_where_no_settlement_is_named() -> None:
    assert TABLE.nearest("ул. Мира, д. 5") is None


def test_a_street_of_another_settlement_is_not_taken_for_this_one() -> None:
    table = Addresses((TOWN, WORLD_ELSEWHERE))
    assert table.nearest("Мытищи, ул. Мира, 5") == TOWN
    assert table.house("Мытищи, ул. Мира, 5") is None


def test_only_the_very_house_tells_where_a_photo_must_be_taken() -> None:
    assert TABLE.house("Мытищи, Юбилейная, 12, к. 1") == HOUSE
    assert TABLE.house("Мытищи, Юбилейная, 14") is None
    assert TABLE.house("Мытищи") is None


@pytest.mark.parametrize(("one", "other"), [
    ("12 корп. 1", "12к1"), ("12А", "12 а"), ("7/9", "7к9")])
def test_a_house_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert house_of(one) == house_of(other) != ""

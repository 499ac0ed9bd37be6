"""Places as citizens write them."""

import pytest

from core.places import read_place, same_house, same_street


@pytest.mark.parametrize(("one", "other"), [
    ("Мытищи, ул. Юбилейная, д. 12, корп. 1", "на улице Юбилейной, 12к1"),
    ("ул. Лётная, 20, подъезд 2", "Летная 20"),
    ("Новомытищинский пр-т, 30", "Новомытищинский проспект, дом 30"),
    ("1-я Крестьянская, 4", "у дома 4 по Крестьянской"),
    ("ул. Мира, д. 10а", "Мира 10 А"),
    ("ул. 8 Марта, 12", "8 Марта, д. 12"),
    ("ул. 1 Мая, 3", "дом 3 по 1-го Мая"),
])
def test_one_house_written_in_two_ways(one: str, other: str) -> None:
    assert same_house(read_place(one), read_place(other))


@pytest.mark.parametrize(("one", "other"), [
    ("Мытищи, ул. Мира, 12", "Мытищи, ул. Лесная, 12"),
    ("ул. Мира, 12", "ул. Мира, 12к2"),
    ("ул. Мира", "ул. Мира"),
    ("", ""),
    ("двор дома 5", "двор дома 5"),
    ("ул. 8 Марта, 12", "ул. 8 Марта, 8"),
])
def test_another_house_or_none_said(one: str, other: str) -> None:
    assert not same_house(read_place(one), read_place(other))


def test_street_is_the_same_whatever_the_house() -> None:
    assert same_street(read_place("ул. Мира"), read_place("Мытищи, Мира, 5"))
    assert not same_street(read_place(""), read_place("Мира, 5"))

"""Places as citizens write them: is it the same street and the same house?"""

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[а-яa-z]{3,}(?:-[а-яa-z]+)*")
_ORDINAL = re.compile(r"\b\d+-?(?:я|й|ая|ый|ой|го|летия|лет)\b"
                      r"|\b\d+(?=\s+(?:январ|феврал|март|апрел|мая\b|июн|июл|август|сентябр|октябр|"
                      r"ноябр|декабр|съезд))")
"""Numbers that belong to the name of a street: «1-я Крестьянская», «8 Марта»."""
_HOUSE = re.compile(r"\b(\d{1,4})\s?([а-я](?![а-я.]|\s?\d))?"
                    r"(?:\s?(?:/|,?\s?(?:корпус|корп|строение|стр|к|с)\.?)\s?(\d{1,3}))?")
_NAMES_NO_STREET = frozenset({
    "улица", "проспект", "просп", "проезд", "переулок", "пер", "шоссе", "бульвар", "площадь",
    "набережная", "наб", "тупик", "аллея", "дом", "корп", "корпус", "стр", "строение", "город",
    "городской", "округ", "область", "обл", "московская", "россия", "поселок", "пос", "деревня",
    "дер", "село", "мкр", "микрорайон", "район", "подъезд", "квартира", "около", "возле",
    "напротив", "рядом", "двор", "дворовая", "территория", "адрес", "улице", "улицы", "улицу",
    "проспекте", "проспекта", "проезде", "проезда", "переулке", "переулка", "бульваре",
    "бульвара", "площади", "набережной", "дома", "доме", "дому", "города", "городе", "округа",
    "области", "поселке", "поселка", "деревне", "деревни", "селе", "села", "района", "районе",
    "подъезда", "подъезде", "дворе", "двора",
})
"""What stands beside the name of a street; with the cases in which people write it."""
STEM = 3
"""Letters at the end of a street's name that change with its case: «Лётная», «на Лётной»."""


@dataclass(frozen=True, slots=True)
class Place:
    """The words of a street (stems) and the house, «12», «12а», «30к1»; empty where not said."""

    words: frozenset[str]
    house: str

    @property
    def longest(self) -> str:
        """The most telling word, to search by."""
        return max(self.words, key=lambda one: (len(one), one), default="")


@lru_cache(maxsize=2000)
def read_place(text: str) -> Place:
    """«Мытищи, ул. Юбилейная, д. 12, корп. 1» — мыти, юбилей; 12к1.

    The storage keeps the words of every place: who reads them otherwise writes a migration.
    """
    plain = text.casefold().replace("ё", "е")
    streets = _ORDINAL.sub(" ", plain)
    words = frozenset(
        one[:max(4, len(one) - STEM)] for one in _WORD.findall(streets)
        if one not in _NAMES_NO_STREET)
    found = _HOUSE.search(streets)
    if found is None:
        return Place(words, "")
    number, letter, block = found.groups()
    return Place(words, f"{number}{letter or ''}{'к' + block if block else ''}")


def same_street(one: Place, other: Place) -> bool:
    """One names the street that the other names; it may name the town besides."""
    return bool(one.words and other.words) and (
        one.words <= other.words or other.words <= one.words)


def same_house(one: Place, other: Place) -> bool:
    """The same street and house, both said."""
    return same_street(one, other) and one.house == other.house != ""

"""Where messages come from: territories by the office's own words, and places on the map."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_SETTLEMENT = re.compile(
    r"^(?:г|город|п|пос|посёлок|поселок|рп|д|дер|деревня|с|село|мкр|микрорайон|снт|тер)\b\.?\s*"
    r"(?!\d)", re.IGNORECASE)
_NAME = re.compile(r"[а-яё]+(?:[ -][а-яё]+){0,2}", re.IGNORECASE)
_THING = re.compile(r"(?:двор|парк|сквер|школа|гимназия|лицей|сад|детск\w*|площадка|подъезд|"
                    r"останов\w*|дом|стадион|магазин|рынок|вокзал|станция|пешеходн\w*|лес|пруд|пляж|"
                    r"территория|между|возле|около|у|за|на|в)\b", re.IGNORECASE)
_KIND = ("ул|улица|пр|просп|проспект|пр-кт|пер|переулок|ш|шоссе|б-р|бульвар|пл|площадь|наб|"
         "набережная|пр-д|проезд|тупик|аллея")
_STREET = re.compile(rf"^(?:{_KIND})\b|\b(?:{_KIND})\.?$", re.IGNORECASE)
"""What may follow the bare name of a settlement: «Мытищи, ул. Мира», «Мытищи, Новый проезд»."""
_ABOVE = re.compile(r"област|округ|район(?!н)|россия|^\d{6}$", re.IGNORECASE)
NOWHERE = "населённый пункт не указан"
_CELL = 3
"""Places are put together on the map by a thousandth of a degree: about a hundred metres."""


def territory_of(place: str, known: Iterable[str] = ()) -> str:
    """The territory of a place: one of the routing table's, else the settlement it begins with.

    A name alone is that of a settlement where a street follows it.
    """
    folded = place.casefold()
    fitting = [one for one in known if one.strip() and one.strip().casefold() in folded]
    if fitting:
        return max(fitting, key=len).strip()
    parts = [one.strip() for one in place.split(",")]
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if _SETTLEMENT.match(part):
            return part
        if _NAME.fullmatch(part) and not _THING.match(part) and _STREET.search(following):
            return f"{part[0].upper()}{part[1:]}"
        if part and not _ABOVE.search(part):
            break
    return NOWHERE


@dataclass(frozen=True, slots=True)
class Point:
    """A place by its own coordinates, degrees."""

    latitude: float
    longitude: float


def point_of(details: Mapping[str, str]) -> Point | None:
    """The coordinates that the fact of an arrival keeps, if it does."""
    try:
        latitude, longitude = float(details["latitude"]), float(details["longitude"])
    except (KeyError, ValueError):
        return None
    return point_at(latitude, longitude)


def point_at(latitude: float, longitude: float) -> Point:
    """Where that stands on the map."""
    return Point(round(latitude, _CELL), round(longitude, _CELL))

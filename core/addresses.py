"""Coordinates of the city's addresses, where the office's directory has them (R44)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.places import Place, read_place


@dataclass(frozen=True, slots=True)
class Address:
    """A house; a whole street, where no house is said; a settlement, where no street is.

    ``latitude`` and ``longitude`` are degrees, north and east positive.
    """

    settlement: str
    street: str
    house: str
    latitude: float
    longitude: float

    @property
    def where(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.latitude, self.longitude


def house_of(text: str) -> str:
    """A house as it is compared: «12 корп. 1» and «12к1» are the same; empty if there is none."""
    return read_place(f"д. {text}").house


@dataclass(frozen=True, slots=True)
class _Known:
    settlement: frozenset[str]
    street: frozenset[str]
    house: str
    address: Address


class Addresses:
    """The table, asked by a place as citizens write it."""

    def __init__(self, listed: Iterable[Address] = ()) -> None:
        """Of these lines."""
        self.listed = tuple(listed)
        self._by_word: dict[str, list[_Known]] = defaultdict(list)
        self._settlements: set[frozenset[str]] = set()
        for one in self.listed:
            settlement, street = read_place(one.settlement), read_place(one.street)
            self._settlements |= {settlement.words} if settlement.words else set()
            known = _Known(settlement.words, street.words, house_of(one.house), one)
            self._by_word[(street if one.street else settlement).longest].append(known)

    def house(self, place: str) -> Address | None:
        """That very house: near enough to judge where a photo was taken."""
        asked = read_place(place)
        return _meant([one for one in self._fitting(asked) if one.house == asked.house != ""],
                      asked)

    def nearest(self, place: str) -> Address | None:
        """The house, else its street, else its settlement: near enough for a map."""
        asked = read_place(place)
        found = [one for one in self._fitting(asked) if not one.house]
        return (self.house(place) or _meant([one for one in found if one.street], asked)
                or _meant([one for one in found if not one.street], asked))

    def _fitting(self, asked: Place) -> Sequence[_Known]:
        """Those whose names the place holds, but none of another settlement than it names."""
        named = {one for one in self._settlements if one <= asked.words}
        return [one for word in asked.words for one in self._by_word.get(word, ())
                if (one.street or one.settlement) <= asked.words
                and (not named or not one.settlement or one.settlement in named)]


def _meant(found: Sequence[_Known], asked: Place) -> Address | None:
    """The only one of its name, or the only one whose settlement is named too."""
    named = [one for one in found if one.settlement and one.settlement <= asked.words] or found
    longest = max((len(one.street) for one in named), default=0)
    left = [one for one in named if len(one.street) == longest]
    return left[0].address if len(left) == 1 else None

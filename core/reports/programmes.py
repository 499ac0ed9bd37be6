"""For municipal programmes: topics by territory by time, repeated places (6¶7, R44)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.addresses import Addresses
from core.documents.values import Cell, Chart, Column, Kind, ReportDocument, Section
from core.documents.wording import NBSP, cell
from core.reports.facts import MESSAGES, FactRow
from core.reports.periods import MONTHS
from core.reports.places import Point, point_at, point_of, territory_of
from core.reports.tables import UNKNOWN, Ground
from core.reports.values import Lines, Made, Map, Series, Spot

TITLE = "Анализ сообщений портала «Добродел» для муниципальных программ"
SHORT = "Анализ для программ"
REPEATED = 3
"""A place named so often is listed."""
MOST_PLACES = 50
TERRITORIES = 6
"""Columns of the table of topics by territory; the others together."""
LINES = 4
"""Topics on the picture: more lines cannot be told apart on a telephone."""
OTHERS = "прочие"


@dataclass(frozen=True, slots=True)
class _Message:
    """An arrival or a return, for counting."""

    topic: str
    territory: str
    place: str
    month: date
    point: Point | None
    returned: bool


def make(ground: Ground, rows: Sequence[FactRow], addresses: Addresses) -> Made:
    """The analysis of a run of months from its arrivals and returns; photos judged meanwhile say
    where some of them are, and the directory's ``addresses`` where others are."""
    known = [route.territory for route in ground.directory.routes]
    points = _points(rows, addresses)
    messages = [_read(row, ground, known, points) for row in rows if row.event in MESSAGES]
    months = sorted({one.month for one in messages})
    arrived = [one for one in messages if not one.returned]
    sections = (
        _by_month(arrived, months),
        _by_territory(arrived),
        _by_season(arrived),
        _repeated(messages),
    )
    spots = _spots(arrived)
    maps = (Map("Где возникают вопросы", spots),) if len(spots) > 1 else ()
    lines = _said(arrived, messages)
    return Made(
        ReportDocument(TITLE, ground.period, sections, ground.made_at, "\n".join(lines),
                       ("Учитываются факты поступления; возвраты пользователями — только в "
                        "повторяющихся местах.",
                        "Территория — из правил направления справочника, иначе населённый пункт "
                        "в начале адреса.",
                        f"Повторяющееся место — адрес до дома, по которому поступило не менее "
                        f"{REPEATED} сообщений.",
                        "На карте — координаты из фотографий жителей и исполнителей, для "
                        "остальных — из адресов справочника; сообщения о том же адресе стоят в "
                        "той же точке."), landscape=True, short=SHORT),
        lines, _lines(arrived, months), maps,
        figures={"arrived": float(len(arrived)),
                 "returned": float(len(messages) - len(arrived))})


def _points(rows: Iterable[FactRow], addresses: Addresses) -> Mapping[int | str, Point]:
    """By case, and by address, which the photo of one message tells for all others; where none
    does, as the directory has it."""
    found: dict[int | str, Point] = {}
    places: dict[int, str] = {}
    for row in rows:
        if row.event in MESSAGES:
            places[row.case_id] = row.details.get("place", "").casefold()
        point = point_of(row.details)
        if point is not None:
            found.setdefault(row.case_id, point)
            if place := places.get(row.case_id):
                found.setdefault(place, point)
    for place in {*places.values()} - found.keys() if addresses.listed else ():
        if (address := addresses.nearest(place)) is not None:
            found[place] = point_at(*address.where)
    return found


def _read(row: FactRow, ground: Ground, known: Iterable[str],
          points: Mapping[int | str, Point]) -> _Message:
    place = row.details.get("place", "")
    point = points.get(row.case_id) or points.get(place.casefold())
    return _Message(row.details.get("topic", "") or UNKNOWN, territory_of(place, known), place,
                    ground.day(row.at).replace(day=1), point,
                    row.event != "receive")


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1][:3]}{NBSP}{day:%y}"


def _common(messages: Iterable[_Message]) -> list[str]:
    counts = Counter(one.topic for one in messages)
    return sorted(counts, key=lambda topic: (-counts[topic], topic))


def _by_month(messages: Sequence[_Message], months: Sequence[date]) -> Section:
    counts = Counter((one.topic, one.month) for one in messages)
    columns = (Column("Тема", width=3.0), *(Column(_month(one), Kind.NUMBER) for one in months),
               Column("Всего", Kind.NUMBER))

    def line(name: str, found: Sequence[int]) -> tuple[Cell, ...]:
        return (name, *found, sum(found))

    rows = tuple(line(topic, [counts[topic, one] for one in months])
                 for topic in _common(messages))
    totals = [sum(counts[topic, one] for topic in _common(messages)) for one in months]
    return Section("Темы по месяцам", columns, rows, line("Всего", totals) if rows else None)


def _by_territory(messages: Sequence[_Message]) -> Section:
    sizes = Counter(one.territory for one in messages)
    shown = [name for name, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))]
    columns_of, rest = shown[:TERRITORIES], set(shown[TERRITORIES:])
    counts = Counter((one.topic, OTHERS if one.territory in rest else one.territory)
                     for one in messages)
    names = [*columns_of, *([OTHERS] if rest else [])]
    rows: list[tuple[Cell, ...]] = [
        (topic, *(counts[topic, name] for name in names),
         sum(counts[topic, name] for name in names)) for topic in _common(messages)]
    total: tuple[Cell, ...] = (
        "Всего", *(sum(counts[topic, name] for topic in _common(messages)) for name in names),
        len(messages))
    return Section("Темы по территориям",
                   (Column("Тема", width=3.0), *(Column(name, Kind.NUMBER) for name in names),
                    Column("Всего", Kind.NUMBER)), tuple(rows), total if rows else None)


def _by_season(messages: Sequence[_Message]) -> Section:
    """The territories by quarter: where it grows."""
    quarters = sorted({(one.month.year, (one.month.month - 1) // 3 + 1) for one in messages})
    counts = Counter((one.territory, (one.month.year, (one.month.month - 1) // 3 + 1))
                     for one in messages)
    sizes = Counter(one.territory for one in messages)
    rows: list[tuple[Cell, ...]] = [
        (name, *(counts[name, quarter] for quarter in quarters), sizes[name])
        for name in sorted(sizes, key=lambda name: (-sizes[name], name))]
    columns = (Column("Территория", width=3.0),
               *(Column(f"{quarter} кв. {year}", Kind.NUMBER) for year, quarter in quarters),
               Column("Всего", Kind.NUMBER))
    return Section("Территории по кварталам", columns, tuple(rows),
                   chart=Chart("Поступило по территориям", 0, (len(columns) - 1,))
                   if len(rows) > 1 else None)


def _repeated(messages: Sequence[_Message]) -> Section:
    by_place: dict[str, list[_Message]] = {}
    for one in messages:
        if one.place:
            by_place.setdefault(one.place.casefold(), []).append(one)
    often = sorted((found for found in by_place.values() if len(found) >= REPEATED),
                   key=lambda found: (-len(found), found[0].place))[:MOST_PLACES]
    mapped = any(found[0].point for found in often)
    rows = tuple((found[0].place, len(found), sum(one.returned for one in found),
                  ", ".join(_common(found)[:3]),
                  f"{_month(min(one.month for one in found))} — "
                  f"{_month(max(one.month for one in found))}",
                  *((_degrees(found[0].point),) if mapped else ())) for found in often)
    return Section("Повторяющиеся места",
                   (Column("Место", width=4.0), Column("Сообщений", Kind.NUMBER),
                    Column("из них возвратов", Kind.NUMBER), Column("Темы", width=3.0),
                    Column("Когда", width=2.4),
                    *((Column("Координаты", width=2.0),) if mapped else ())), rows)


def _degrees(point: Point | None) -> str:
    """Latitude and longitude, as maps on the web take them."""
    return f"{point.latitude}, {point.longitude}" if point else ""


def _lines(messages: Sequence[_Message], months: Sequence[date]) -> Lines | None:
    if len(months) < 3:
        return None
    counts = Counter((one.topic, one.month) for one in messages)
    return Lines("Самые частые темы по месяцам", tuple(_month(one) for one in months),
                 tuple(Series(topic, tuple(counts[topic, one] for one in months))
                       for topic in _common(messages)[:LINES]))


def _spots(messages: Sequence[_Message]) -> tuple[Spot, ...]:
    found: dict[Point, list[_Message]] = {}
    for one in messages:
        if one.point is not None:
            found.setdefault(one.point, []).append(one)
    return tuple(Spot(point.latitude, point.longitude, len(here), here[0].place)
                 for point, here in sorted(found.items(), key=lambda item: -len(item[1])))


def _said(arrived: Sequence[_Message], messages: Sequence[_Message]) -> tuple[str, ...]:
    topics = Counter(one.topic for one in arrived).most_common(3)
    places = Counter(one.place for one in messages if one.place)
    often = sum(count >= REPEATED for count in places.values())
    named = "; ".join(f"{topic} — {cell(count, Kind.NUMBER)}" for topic, count in topics)
    mapped = sum(one.point is not None for one in arrived)
    return (f"Поступило сообщений: {cell(len(arrived), Kind.NUMBER)}.",
            *((f"Чаще всего: {named}.",) if named else ()),
            f"Мест, о которых писали не менее {REPEATED} раз: {cell(often, Kind.NUMBER)}.",
            *((f"На карте: {cell(mapped, Kind.NUMBER)} из {cell(len(arrived), Kind.NUMBER)}.",)
              if mapped else ()))

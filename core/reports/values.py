"""A made report as plain values: what the message says, its picture, its document."""

from dataclasses import dataclass, field

from core.documents.values import ReportDocument, Section


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers of a chart."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, one group for each label; ``stacked`` where the parts make a whole."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """How numbers went over time."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map: degrees, and how many messages."""

    latitude: float
    longitude: float
    weight: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """Places by their own coordinates, without anybody's tiles."""

    title: str
    spots: tuple[Spot, ...]


Chart = Bars | Lines | Map


@dataclass(frozen=True, slots=True)
class Made:
    """A report. ``said`` are the lines of the message; ``proof`` goes into the workbook alone.

    ``figures`` tell a later version what has changed.
    """

    document: ReportDocument
    said: tuple[str, ...]
    chart: Chart | None = None
    maps: tuple[Map, ...] = ()
    proof: tuple[Section, ...] = ()
    figures: dict[str, float] = field(default_factory=dict)

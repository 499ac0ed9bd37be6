"""Reading ``pairs.csv`` of a folder of labelled photo pairs."""

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Pair:
    """One line; angles in degrees, travel in scene depths, None where the truth is unknown."""

    name: str
    scenes: tuple[str, ...]
    reference: Path
    new: Path
    label: str
    subtype: str
    real: bool
    posed: bool  # the pose comes from a reconstruction
    derived: bool  # the new photo was turned or cropped after the pose was measured
    overlap: float | None
    roll_deg: float | None
    travel: tuple[float, float, float] | None


def read_pairs(listing: Path) -> list[Pair]:
    """All pairs of a listing; paths are relative to it."""
    with listing.open(encoding="utf-8", newline="") as source:
        return [_pair(row, listing.parent) for row in csv.DictReader(source)]


def _pair(row: dict[str, str], folder: Path) -> Pair:
    travel = [_number(row[name]) for name in ("dx", "dy", "dz")]
    known = [value for value in travel if value is not None]
    return Pair(
        name=row["id"],
        scenes=tuple(row["scene"].split("|")),
        reference=folder / row["ref"],
        new=folder / row["new"],
        label=row["label"],
        subtype=row["subtype"],
        real=row["origin"] == "real",
        posed=row["gt_source"] in ("colmap", "derived"),
        derived=row["gt_source"] == "derived",
        overlap=_number(row["overlap"]),
        roll_deg=_number(row["roll_deg"]),
        travel=(known[0], known[1], known[2]) if len(known) == 3 else None,
    )


def _number(text: str) -> float | None:
    return float(text) if text else None

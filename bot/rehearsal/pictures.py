"""The photographs of a rehearsal: real pairs where the extra data folder is, else made-up ones.

The made-up ones lie beside this file, drawn by ``core.photos.samples`` (a second each):
``python -m bot.rehearsal.pictures`` draws them anew.
"""

import csv
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

EXTRA = "RAKURS_SHARED"
"""Environment variable naming the extra data folder; by default it lies beside the checkout."""


MADE_UP = ("before.jpg", "elsewhere.jpg", "after.jpg", "after_too.jpg")


@dataclass(frozen=True, slots=True)
class Pictures:
    """The citizen's photo; the same place from elsewhere; the work, twice from the same angle."""

    before: bytes
    elsewhere: bytes
    after: bytes
    after_too: bytes
    real: bool


def choose() -> Pictures:
    """Real photographs if the folder is there, else the made-up ones of the package."""
    here = Path(__file__).parent
    folder = Path(os.environ.get(EXTRA, "../shared")) / "data" / "photos"
    if (folder / "pairs.csv").is_file():
        found = _real(folder)
        if found is not None:
            return found
    before, elsewhere, after, after_too = ((here / name).read_bytes() for name in MADE_UP)
    return Pictures(before, elsewhere, after, after_too, real=False)


def _real(folder: Path) -> Pictures | None:
    """The first real scene with two photos from the same angle and one from another."""
    scenes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["origin"] == "real":
                scenes[row["ref"]][row["label"]].append(row["new"])
    for reference, by_label in scenes.items():
        same, other = by_label["same_angle"], by_label["different_angle"]
        if len(same) >= 2 and other:
            names = (reference, other[0], same[0], same[1])
            before, elsewhere, after, after_too = ((folder / one).read_bytes() for one in names)
            return Pictures(before, elsewhere, after, after_too, real=True)
    return None


def draw() -> None:
    """Draw the made-up photographs anew."""
    from core.photos import samples
    later = datetime(2026, 10, 8, 12, 0, tzinfo=UTC)
    drawn = (samples.make("before"), samples.make("different_angle"),
             samples.make("same_angle"), samples.make("same_angle", later))
    for name, content in zip(MADE_UP, drawn, strict=True):
        (Path(__file__).parent / name).write_bytes(content)


if __name__ == "__main__":
    draw()

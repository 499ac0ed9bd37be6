"""How well the photo judge judges, on a folder of labelled pairs; and the fitting of its weights.

    python tests/benchmarks/photos.py --data FOLDER [--fit] [--cache FILE]

FOLDER holds ``pairs.csv`` (columns of ``docs/photos.md``). Every figure is cross-validated: the
weights that judge a scene were fitted without it. Intervals are 95 %, by resampling scenes.
``--fit`` writes ``core/photos/parameters.json`` from all scenes of the folder.
"""

import argparse
import pickle
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.photos import exif, judge
from core.photos.fitting import RIDGE, Labelled, cross_validated, fit
from core.photos.measurement import Measurement
from core.photos.rules import Decision, Verdict
from tests.benchmarks.photos_floors import orb_inliers, phash_likeness
from tests.benchmarks.photos_pairs import Pair, read_pairs

Array = NDArray[np.float64]

PARAMETERS = Path(__file__).resolve().parents[2] / "core/photos/parameters.json"


@dataclass(frozen=True)
class Row:
    """One pair with everything measured on it."""

    pair: Pair
    measured: Measurement
    notes: tuple[str, ...]
    seconds: float
    phash: float
    orb: float


def measure_all(pairs: Sequence[Pair]) -> list[Row]:
    """Every pair measured once; the slow part."""
    rows = []
    seen: dict[Path, judge.Seen] = {}
    for pair in pairs:
        for path in (pair.reference, pair.new):
            if path not in seen:
                data = path.read_bytes()
                seen[path] = judge.see(data, exif.read(data))
        one, two = seen[pair.reference], seen[pair.new]
        start = perf_counter()
        measured = judge.measure(one, two)
        seconds = perf_counter() - start
        rows.append(
            Row(
                pair,
                measured,
                judge.notes_of(two, measured.geometry),
                seconds,
                phash_likeness(one.grey, two.grey),
                orb_inliers(one.grey, two.grey),
            )
        )
    return rows


def labelled(rows: Sequence[Row]) -> list[Labelled]:
    """What the fitting looks at."""
    return [Labelled(row.pair.label, row.pair.scenes, row.measured, row.notes,
                     row.pair.overlap or 0) for row in rows]


# ---------------------------------------------------------------- figures


def auc(yes: Iterable[float], no: Iterable[float]) -> float:
    """Chance that a random positive scores above a random negative."""
    a, b = np.array(list(yes)), np.array(list(no))
    if not len(a) or not len(b):
        return float("nan")
    return float((a[:, None] > b).mean() + 0.5 * (a[:, None] == b).mean())


@dataclass(frozen=True)
class Judged:
    """One row with its cross-validated decision."""

    row: Row
    decision: Decision

    @property
    def label(self) -> str:
        return self.row.pair.label


Figure = Callable[[Sequence[Judged]], float]


def share(
    judged: Sequence[Judged], of: Callable[[Judged], bool], is_: Callable[[Judged], bool]
) -> float:
    """Part of those ``of`` that are ``is_``."""
    chosen = [one for one in judged if of(one)]
    return sum(map(is_, chosen)) / len(chosen) if chosen else float("nan")


def hard_auc(score: Callable[[Judged], float]) -> Figure:
    """Same angle against different angle with at least half the view shared."""

    def figure(judged: Sequence[Judged]) -> float:
        return auc(
            (score(one) for one in judged if one.label == "same_angle"),
            (
                score(one)
                for one in judged
                if one.label == "different_angle" and (one.row.pair.overlap or 0) >= 0.5
            ),
        )

    return figure


CLASSES = ("same_angle", "different_angle", "other_place", "needs_editing", "reused_photo")


def _right(one: Judged) -> bool:
    synthetic_same = one.label == "same_angle" and not one.row.pair.real
    return one.decision.verdict == one.label or (
        synthetic_same and one.decision.verdict is Verdict.REUSED_PHOTO
    )


def _recall(label: str) -> Figure:
    return lambda judged: share(judged, lambda one: one.label == label, _right)


def _balanced(judged: Sequence[Judged]) -> float:
    return float(np.nanmean([_recall(label)(judged) for label in CLASSES]))


def _accepted(one: Judged) -> bool:
    return one.decision.verdict is Verdict.SAME_ANGLE


FIGURES: dict[str, Figure] = {
    "AUC, hard pairs": hard_auc(lambda one: one.decision.scores.same),
    "  floor: pHash": hard_auc(lambda one: one.row.phash),
    "  floor: tutorial ORB": hard_auc(lambda one: one.row.orb),
    "real same angle accepted": lambda judged: share(
        judged, lambda one: one.label == "same_angle" and one.row.pair.real, _accepted
    ),
    "  false accepts (all other labels but reuse)": lambda judged: share(
        judged,
        lambda one: one.label in ("different_angle", "other_place", "needs_editing"),
        _accepted,
    ),
    "balanced 5-way accuracy": _balanced,
    **{f"  recall {label}": _recall(label) for label in CLASSES},
    "reuse: false alarms on genuine re-shots": lambda judged: share(
        judged,
        lambda one: one.label == "same_angle" and one.row.pair.real,
        lambda one: one.decision.verdict is Verdict.REUSED_PHOTO,
    ),
}


def interval(judged: Sequence[Judged], figure: Figure, draws: int = 400) -> tuple[float, float]:
    """95 % interval by drawing whole scenes with replacement."""
    scenes: dict[str, list[Judged]] = {}
    for one in judged:
        scenes.setdefault(one.row.pair.scenes[0], []).append(one)
    groups = list(scenes.values())
    random = np.random.default_rng(1)
    values = []
    for _ in range(draws):
        drawn = random.integers(0, len(groups), len(groups))
        values.append(figure([one for index in drawn for one in groups[index]]))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def pose_lines(judged: Sequence[Judged]) -> list[str]:
    """Roll against the truth; signs of sideways and forward movement."""
    rolls, signs = [], {"dx": [0, 0], "dz": [0, 0]}
    for one in judged:
        shape, pair = one.row.measured.geometry, one.row.pair
        if shape is None or not pair.posed or shape.inliers < 25 or shape.coverage < 0.3:
            continue
        if pair.roll_deg is not None and pair.label in ("same_angle", "different_angle"):
            rolls.append(abs((shape.roll_deg - pair.roll_deg + 180) % 360 - 180))
        for name, index in (("dx", 0), ("dz", 2)):
            truth = pair.travel[index] if pair.travel else None
            if truth is None or abs(truth) < 0.1 or shape.travel is None or pair.derived:
                continue
            signs[name][0] += shape.travel[index] * truth > 0
            signs[name][1] += 1
    lines = []
    if rolls:
        lines.append(f"{'roll, median error':46} {np.median(rolls):6.2f}°   ({len(rolls)} pairs)")
    lines += [f"{'sign of ' + name:46} {right}/{total}" for name, (right, total) in signs.items()]
    return lines


def report(judged: Sequence[Judged]) -> str:
    """The table."""
    lines = [f"{'cross-validated by scene':46} {'value':>7}   95 % interval by scene"]
    for name, figure in FIGURES.items():
        low, high = interval(judged, figure)
        lines.append(f"{name:46} {figure(judged):7.3f}   {low:.3f}-{high:.3f}")
    lines += pose_lines(judged)
    times = [one.row.seconds for one in judged]
    lines.append(
        f"{'measuring decoded pictures, median / mean':46} "
        f"{np.median(times) * 1000:.0f} / {np.mean(times) * 1000:.0f} ms"
    )
    return "\n".join(lines)


def confusion(judged: Sequence[Judged]) -> str:
    """Labels by row, verdicts by column."""
    names = [*CLASSES, "unsure"]
    lines = [f"{'':18}" + "".join(f"{name[:10]:>12}" for name in names)]
    for label in (*CLASSES, "borderline"):
        counts = [
            sum(one.label == label and one.decision.verdict == name for one in judged)
            for name in names
        ]
        lines.append(f"{label:18}" + "".join(f"{count:12}" for count in counts))
    return "\n".join(lines)


def write_parameters(rows: Sequence[Row], source: str) -> None:
    """All scenes together; the figures of the table belong to the folds, not to this file."""
    fitted = replace(fit(labelled(rows)), version=f"{datetime.now(UTC):%Y-%m-%d}")  # noqa: TID251
    PARAMETERS.write_text(
        fitted.to_json(
            {
                "by": "tests/benchmarks/photos.py --fit",
                "on": source,
                "pairs": len(rows),
                "scenes": len({scene for row in rows for scene in row.pair.scenes}),
                "method": f"logistic regression, ridge {RIDGE}, classes of equal weight, "
                "weights of the wrong sign left out",
            }
        ),
        encoding="utf-8",
    )


def main() -> int:
    """Measure, cross-validate, print; fit when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--cache", type=Path, help="keep measurements between runs")
    parser.add_argument("--errors", action="store_true", help="list the pairs judged wrongly")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    if asked.cache and asked.cache.exists():
        rows: list[Row] = pickle.loads(asked.cache.read_bytes())  # noqa: S301  (our own file)
    else:
        rows = measure_all(read_pairs(asked.data / "pairs.csv"))
        if asked.cache:
            asked.cache.write_bytes(pickle.dumps(rows))
    judged = [Judged(*both) for both in zip(rows, cross_validated(labelled(rows)), strict=True)]
    print(report(judged))  # noqa: T201
    print(confusion(judged))  # noqa: T201
    if asked.errors:
        for one in judged:
            if one.label in CLASSES and not _right(one):
                print(one.row.pair.name, one.label, one.decision)  # noqa: T201
    if asked.fit:
        write_parameters(rows, "labelled development pairs (label rule in docs/photos.md)")
    return 0


if __name__ == "__main__":
    sys.exit(main())

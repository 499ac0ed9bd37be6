"""Fitting the judge's two logistic models to labelled pairs; numpy only.

The same code made the parameters that come with the program (``prior`` None, on the development
pairs) and refits them on an office's own pairs: there the ridge pulls towards the model in use, so
that a few dozen pairs move it a little and never throw it over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.photos.measurement import Measurement
from core.photos.rules import Decision, Logistic, Parameters, decide, features, shipped_parameters

Array = NDArray[np.float64]

SAME = ("turn", "travel", "shift", "inliers")
PLACE = ("agreement",)
RIDGE = 2.0
"""Strength of the pull: towards no weight at all, or towards the model in use."""
ENOUGH = 10
"""Fewer pairs of either label do not move a model of the office."""
SHARED = 0.3
"""Of different angles only those that still share so much of the view teach ``same``; the others
are the place's business."""

_SIGNS = {
    "turn": -1, "travel": -1, "shift": -1, "inliers": 1, "strength": 1, "agreement": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """A measured pair with what people say of it; ``label`` is a verdict's value."""

    label: str
    scenes: tuple[str, ...]  # pairs of one scene are never in two folds
    measured: Measurement
    notes: tuple[str, ...] = ()
    overlap: float | None = None  # true share of the view; None: as measured


def is_same(row: Labelled) -> bool:
    """Labelled as the same angle."""
    return row.label == "same_angle"


def is_different(row: Labelled) -> bool:
    """Labelled as another angle of the same place."""
    return row.label == "different_angle"


def is_elsewhere(row: Labelled) -> bool:
    """Labelled as another place."""
    return row.label == "other_place"


def _is_not_same(row: Labelled) -> bool:
    return is_different(row) and _shared(row) >= SHARED


def _shared(row: Labelled) -> float:
    if row.overlap is not None:
        return row.overlap
    return row.measured.geometry.overlap if row.measured.geometry else 0.0


def fit(rows: Sequence[Labelled], prior: Parameters | None = None) -> Parameters:
    """Both models; with a ``prior`` a model that too few pairs speak of stays as it was."""
    if prior is None:
        place = _logistic(rows, PLACE, is_different, is_elsewhere)
        return Parameters("fitted", same=_logistic(rows, SAME, is_same, _is_not_same),
                          place=_with_balanced_threshold(place, rows))
    return Parameters("fitted", same=_refitted(rows, prior.same, is_same, _is_not_same),
                      place=_refitted(rows, prior.place, is_different, is_elsewhere))


def moved(rows: Sequence[Labelled]) -> tuple[str, ...]:
    """Which models of the office these pairs are enough to move: ``same``, ``place``."""
    named = (("same", is_same, _is_not_same), ("place", is_different, is_elsewhere))
    return tuple(name for name, yes, no in named if _enough(rows, yes, no))


def cross_validated(rows: Sequence[Labelled], prior: Parameters | None = None) -> list[Decision]:
    """Each row decided by parameters fitted without any of its scenes."""
    folds: dict[tuple[str, ...], Parameters] = {}
    decisions = []
    for row in rows:
        if row.scenes not in folds:
            held = set(row.scenes)
            folds[row.scenes] = fit([one for one in rows if not held & set(one.scenes)], prior)
        decisions.append(decide(row.measured, row.notes, folds[row.scenes]))
    return decisions


def decided(rows: Sequence[Labelled], parameters: Parameters | None = None) -> list[Decision]:
    """Each row decided by the parameters as they are."""
    return [decide(row.measured, row.notes, parameters or shipped_parameters()) for row in rows]


Which = Callable[[Labelled], bool]


def _enough(rows: Sequence[Labelled], yes: Which, no: Which) -> bool:
    return min(sum(map(yes, rows)), sum(map(no, rows))) >= ENOUGH


def _refitted(rows: Sequence[Labelled], prior: Logistic, yes: Which, no: Which) -> Logistic:
    return _logistic(rows, tuple(prior.weights), yes, no, prior) if _enough(
        rows, yes, no) else prior


def _with_balanced_threshold(model: Logistic, rows: Sequence[Labelled]) -> Logistic:
    """The place's threshold in the middle of where both recalls together are best."""
    a = np.array([model.probability(features(one.measured)) for one in rows if is_different(one)])
    b = np.array([model.probability(features(one.measured)) for one in rows if is_elsewhere(one)])
    levels = np.linspace(0.05, 0.95, 181)
    gain = np.array([(a >= level).mean() + (b < level).mean() for level in levels])
    best = levels[gain >= gain.max() - 0.01]
    return replace(model, threshold=round(float(np.median(best)), 3))


def _logistic(rows: Sequence[Labelled], names: Sequence[str], yes: Which, no: Which,
              prior: Logistic | None = None) -> Logistic:
    """Ridge logistic regression by Newton's method; a weight of the wrong sign is left out."""
    used = [row for row in rows if yes(row) or no(row)]
    truth = np.array([yes(row) for row in used], float)
    table = [features(row.measured) for row in used]
    kept = list(names)
    while True:
        values = np.array([[line[name] for name in kept] for line in table])
        centre = None if prior is None else (
            np.array([prior.weights[name] for name in kept]), prior.bias)
        weights, bias = _newton(values, truth, centre)
        wrong = [n for n, w in zip(kept, weights, strict=True) if w * _SIGNS[n] < 0]
        if not wrong:
            rounded = {n: round(float(w), 4) for n, w in zip(kept, weights, strict=True)}
            return Logistic(rounded, round(bias, 4), prior.threshold if prior else 0.5)
        kept = [name for name in kept if name not in wrong]


def _newton(values: Array, truth: Array, centre: tuple[Array, float] | None
            ) -> tuple[Array, float]:
    """Weights and bias; both classes count alike. ``centre``: where the ridge pulls to."""
    middle, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    table = np.c_[(values - middle) / spread, np.ones(len(values))]
    count = np.where(truth == 1, (truth == 1).sum(), (truth == 0).sum())
    share = len(truth) / (2 * count)
    if centre is None:
        start, pull = np.zeros(table.shape[1]), [RIDGE] * values.shape[1] + [1e-6]
    else:
        start = np.append(centre[0] * spread, centre[1] + centre[0] @ middle)
        pull = [RIDGE] * table.shape[1]
    ridge, beta = np.diag(pull), start
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(table @ beta, -40, 40)))
        slope = table.T @ (table * (share * p * (1 - p) + 1e-9)[:, None]) + ridge
        beta = beta + np.linalg.solve(
            slope, table.T @ (share * (truth - p)) - ridge @ (beta - start))
    weights = beta[:-1] / spread
    return weights, float(beta[-1] - weights @ middle)

"""The verdict on a pair of photos: pure, from measurements (R17, R22, R23).

The limits a person can discuss stand here; the weights that were fitted on labelled pairs stand in
``parameters.json`` with how they were fitted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import exp, hypot, isfinite, log
from pathlib import Path

from core.errors import AssistantError
from core.photos.measurement import Measurement, Quality, Sameness


class ModelFileError(AssistantError):
    """A model file cannot be used."""


class Verdict(StrEnum):
    """What the judge says of a photo; the values are the contract's."""

    SAME_ANGLE = "same_angle"
    DIFFERENT_ANGLE = "different_angle"
    OTHER_PLACE = "other_place"
    NEEDS_EDITING = "needs_editing"
    REUSED_PHOTO = "reused_photo"
    UNSURE = "unsure"
    REJECT_FORMAT = "reject_format"
    REJECT_CORRUPT = "reject_corrupt"
    REJECT_NOT_IMAGE = "reject_not_image"
    REJECT_TOO_LARGE = "reject_too_large"
    REJECT_TOO_SMALL = "reject_too_small"


# R17: "from the same angle", our reading: turned at most so much, moved at most so much.
TURN_DEG = 17.0
"""Between 12 degrees (surely the same angle) and 22 (surely another)."""
TRAVEL = 0.28
"""Of the scene's depth: between 0.20 and 0.38."""
SHIFT = 0.25
"""Of the picture's long side: between 0.18 and 0.34."""

FAR_TURN_DEG, FAR_TRAVEL, FAR_SHIFT = 23.0, 0.40, 0.36
"""Past any one of these it is another angle, however little the rest differs."""
FAR_SHARPNESS = 8.0

# R23: what would have to be turned, cropped or zoomed.
ROLL_DEG = 11.0
ZOOM = 1.35
STEADY_DEG = 18.0
"""Roll and zoom are the photo's own fault only when the camera looked the same way otherwise."""
BARS = 0.02

# Below these a picture cannot be judged at all (grey levels of 0..255).
BLURRED, NOT_CRISP, NO_DETAIL, DARK, NO_CONTRAST = 2.0, 0.45, 0.08, 14.0, 20.0

# Reuse is alleged only when every sign agrees: limit and the width of doubt around it.
# Same exposure, re-encoded, cropped, brightened or doctored: tight >= 0.89, best >= 0.98,
# alike >= 0.70. Genuine re-shots reach 0.85, 0.988 and 0.80, but never all at once.
TIGHT, BEST, ALIKE = (0.87, 0.02), (0.975, 0.003), (0.60, 0.04)
REUSED = 0.5
"""Of the weakest sign."""

FEW_INLIERS = 12
"""With fewer, geometry says nothing of roll and zoom."""


@dataclass(frozen=True)
class Logistic:
    """A logistic model over named features."""

    weights: Mapping[str, float]
    bias: float
    threshold: float  # of the probability

    def probability(self, features: Mapping[str, float]) -> float:
        """0..1; missing features are an error of the caller."""
        total = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return _sigmoid(total)


@dataclass(frozen=True)
class Parameters:
    """The fitted part of the judge."""

    version: str
    same: Logistic
    place: Logistic

    @classmethod
    def from_json(cls, text: str) -> "Parameters":
        """Read ``parameters.json`` or an office's own; raises ``ValueError`` on anything else."""
        try:
            tree = json.loads(text)
            same, place = (
                Logistic(
                    {str(name): float(weight) for name, weight in part["weights"].items()},
                    float(part["bias"]),
                    float(part["threshold"]),
                )
                for part in (tree["same"], tree["place"])
            )
            version = str(tree["version"])
        except (KeyError, TypeError, AttributeError, RecursionError) as broken:
            raise ValueError(f"not a model of the photo judge: {broken}") from broken
        for model in (same, place):
            numbers = (model.bias, *model.weights.values())
            if not (set(model.weights) <= FEATURES and all(map(isfinite, numbers))
                    and 0 < model.threshold < 1):
                raise ValueError("not a model of the photo judge: a weight or a threshold")
        return cls(version, same, place)

    def to_json(self, fitted: Mapping[str, object]) -> str:
        """The file that ``from_json`` reads; ``fitted`` tells how it was made."""
        models = {
            name: {"weights": dict(one.weights), "bias": one.bias, "threshold": one.threshold}
            for name, one in (("same", self.same), ("place", self.place))
        }
        tree = {"version": self.version, "fitted": fitted, **models}
        return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


FEATURES = frozenset({"turn", "travel", "shift", "inliers", "strength", "agreement"})
"""What ``features`` gives."""


def read_model(path: Path) -> Parameters:
    """An office's own parameters; raises ``ModelFileError``."""
    try:
        return Parameters.from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as broken:
        why = broken.strerror if isinstance(broken, OSError) else "это не модель проверки фото"
        raise ModelFileError(
            f"{path}: {why}. Нужен файл, который записала команда rakurs calibrate."
        ) from broken


@cache
def shipped_parameters() -> Parameters:
    """The parameters that come with the program."""
    return Parameters.from_json(
        files("core.photos").joinpath("parameters.json").read_text(encoding="utf-8")
    )


def features(measured: Measurement) -> dict[str, float]:
    """What the logistic models look at; logarithms of ratios to the limits above."""
    found = measured.geometry
    if found is None:
        return {
            "turn": 1.5,
            "travel": 1.5,
            "shift": 1.0,
            "inliers": 0.0,
            "strength": 0.0,
            "agreement": 0.0,
        }
    travel = hypot(*found.travel) if found.travel else 1.0
    return {
        "turn": _ratio(found.rotation_deg, TURN_DEG, 0.03),
        "travel": _ratio(travel, TRAVEL, 0.05),
        "shift": _ratio(found.shift, SHIFT, 0.05),
        "inliers": log(1 + found.inliers),
        "strength": log(1 + found.strength),
        "agreement": log(1 + max(0.0, found.agreement)),
    }


def reused_score(found: Sameness) -> float:
    """0..1: how far the weakest sign of one and the same exposure speaks for it."""
    signs = ((found.tight, TIGHT), (found.best, BEST), (found.alike, ALIKE))
    return min(_sigmoid((value - limit) / width) for value, (limit, width) in signs)


def _sigmoid(value: float) -> float:
    return 1 / (1 + exp(-max(-40.0, min(40.0, value))))


def _within(seen: Mapping[str, float]) -> float:
    """0..1: how far inside the far limits the greatest departure still is."""
    past = max(
        seen["turn"] - log(FAR_TURN_DEG / TURN_DEG),
        seen["travel"] - log(FAR_TRAVEL / TRAVEL),
        seen["shift"] - log(FAR_SHIFT / SHIFT),
    )
    return _sigmoid(-FAR_SHARPNESS * past)


def _ratio(value: float, limit: float, least: float) -> float:
    return log(max(value / limit, least))


@dataclass(frozen=True)
class Scores:
    """0..1, higher is more surely."""

    same: float
    reused: float
    place: float


@dataclass(frozen=True)
class Decision:
    """The verdict with its grounds; ``reasons`` are codes, the gravest first."""

    verdict: Verdict
    confidence: float
    reasons: tuple[str, ...]
    scores: Scores


def decide(
    measured: Measurement, notes: tuple[str, ...] = (), parameters: Parameters | None = None
) -> Decision:
    """The verdict on one pair.

    ``notes`` are the codes found while reading the new file (``orientation_flag_wrong``,
    ``first_page_only`` and the like); they are passed on among the reasons.
    """
    fitted = parameters or shipped_parameters()
    seen = features(measured)
    place = fitted.place.probability(seen)
    mirrored = measured.geometry is not None and measured.geometry.mirrored
    scores = Scores(
        same=0.0 if mirrored else place * min(fitted.same.probability(seen), _within(seen)),
        reused=reused_score(measured.sameness),
        place=place,
    )
    verdict, confidence, reasons = _judge(measured, scores, fitted, notes)
    return Decision(verdict, round(confidence, 3), (*reasons, *_but(notes, reasons)), scores)


def _judge(
    measured: Measurement, scores: Scores, fitted: Parameters, notes: tuple[str, ...]
) -> tuple[Verdict, float, tuple[str, ...]]:
    poor = quality_faults(measured.new)
    if poor:
        return Verdict.UNSURE, 0.9, poor
    if quality_faults(measured.reference):
        return Verdict.UNSURE, 0.9, ("reference_unreadable",)
    recognised = scores.place >= fitted.place.threshold
    if "orientation_flag_wrong" in notes:
        return Verdict.NEEDS_EDITING, 0.95, ("orientation_flag_wrong",)
    if recognised and scores.reused >= REUSED:
        return Verdict.REUSED_PHOTO, scores.reused, ("same_exposure",)
    faults = editing_faults(measured)
    if faults and recognised:
        return Verdict.NEEDS_EDITING, max(0.5, scores.place), faults
    if not recognised:
        return Verdict.OTHER_PLACE, 1 - scores.place, ("no_common_view",)
    if scores.same >= fitted.same.threshold:
        return Verdict.SAME_ANGLE, scores.same, ()
    return Verdict.DIFFERENT_ANGLE, scores.place * (1 - scores.same), _departures(measured)


def decide_alone(measured: Measurement, notes: tuple[str, ...] = ()) -> Decision:
    """The verdict where the citizen sent no photo: there is no angle to keep, only faults to find.

    ``same_angle`` then means that nothing speaks against the photo.
    """
    nothing = Scores(0.0, 0.0, 0.0)
    if poor := quality_faults(measured.new):
        return Decision(Verdict.UNSURE, 0.9, (*poor, *notes), nothing)
    if measured.new.bars >= BARS:
        return Decision(Verdict.NEEDS_EDITING, 0.7, ("bars", *notes), nothing)
    return Decision(Verdict.SAME_ANGLE, 0.5, ("no_reference", *notes), nothing)


def quality_faults(seen: Quality) -> tuple[str, ...]:
    """Why a picture cannot be judged, if it cannot."""
    found = []
    if seen.brightness < DARK:
        found.append("too_dark")
    if seen.contrast < NO_CONTRAST or seen.sharpness < 0.05:
        found.append("no_detail")
    elif seen.sharpness < BLURRED or seen.crispness < NOT_CRISP or seen.detail < NO_DETAIL:
        found.append("blurred")
    return tuple(found)


def editing_faults(measured: Measurement) -> tuple[str, ...]:
    """What of R23 the new photo breaks against the reference."""
    found = []
    shape = measured.geometry
    if shape is not None and shape.mirrored:
        found.append("mirrored")
    if shape is not None and shape.inliers >= FEW_INLIERS:
        steady = hypot(shape.yaw_deg, shape.pitch_deg) < STEADY_DEG
        if steady and abs(shape.roll_deg) >= 45:
            found.append("turned")
        elif steady and abs(shape.roll_deg) >= ROLL_DEG:
            found.append("tilted")
        if steady and shape.zoom >= ZOOM:
            found.append("zoomed")
    if measured.new.bars >= BARS:
        found.append("bars")
    return tuple(found)


def _departures(measured: Measurement) -> tuple[str, ...]:
    """In what a different angle differs, the gravest first."""
    shape = measured.geometry
    if shape is None:
        return ("viewpoint",)
    right, down, forward = shape.travel or (0.0, 0.0, 0.0)
    grave = {
        "turned_aside": abs(shape.yaw_deg) / TURN_DEG,
        "tilted_up_or_down": abs(shape.pitch_deg) / TURN_DEG,
        "moved_aside": abs(right) / TRAVEL,
        "moved_up_or_down": abs(down) / TRAVEL,
        "moved_forward_or_back": abs(forward) / TRAVEL,
        "shifted": shape.shift / SHIFT,
    }
    order = sorted(grave, key=lambda name: -grave[name])
    return tuple(name for name in order if grave[name] >= 0.8) or (order[0],)


def _but(notes: tuple[str, ...], reasons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(note for note in notes if note not in reasons)

"""The answer of the photo judge, as everyone else sees it."""

from dataclasses import dataclass

from core.photos.findings import Finding, Result
from core.photos.measurement import Measurement
from core.photos.metadata import ExifReport
from core.photos.rules import Decision, Scores, Verdict


@dataclass(frozen=True)
class Comparison:
    """Verdict, advice and grounds for one photo, against a reference or alone."""

    verdict: Verdict
    confidence: float  # 0..1
    advice: str  # Russian, for the executor
    reasons: tuple[str, ...]
    scores: Scores
    measured: Measurement | None  # None for a refused file and for a photo judged alone
    reference: ExifReport | None
    new: ExifReport
    findings: tuple[Finding, ...]
    elapsed_ms: float

    @property
    def passes(self) -> bool:
        """The photo may go to the answer without an override."""
        return self.verdict is Verdict.SAME_ANGLE

    @property
    def objections(self) -> tuple[Finding, ...]:
        """What EXIF contradicts; to be shown beside the verdict."""
        return tuple(f for f in self.findings if f.result is Result.MISMATCH)

    def to_json(self) -> dict[str, object]:
        """As ``rakurs compare --json`` prints it."""
        return {
            "verdict": self.verdict.value,
            "confidence": self.confidence,
            "advice": self.advice,
            "reasons": list(self.reasons),
            "scores": {
                "same": round(self.scores.same, 4),
                "reused": round(self.scores.reused, 4),
                "place": round(self.scores.place, 4),
            },
            **self._geometry(),
            "exif": {
                "reference": self.reference.to_json() if self.reference else None,
                "new": self.new.to_json(),
                "findings": [finding.to_json() for finding in self.findings],
            },
            "elapsed_ms": round(self.elapsed_ms),
        }

    def _geometry(self) -> dict[str, object]:
        shape = self.measured.geometry if self.measured else None
        if shape is None:
            return {**dict.fromkeys(_NUMBERS), "overlap": 0.0, "inliers": 0}
        dx, dy, dz = (round(v, 3) for v in shape.travel) if shape.travel else (None,) * 3
        return {
            "roll_deg": round(shape.roll_deg, 2),
            "yaw_deg": round(shape.yaw_deg, 2),
            "pitch_deg": round(shape.pitch_deg, 2),
            "zoom": round(shape.zoom, 3),
            "dx": dx,
            "dy": dy,
            "dz": dz,
            "overlap": round(shape.overlap, 3),
            "inliers": shape.inliers,
        }


_NUMBERS = ("roll_deg", "yaw_deg", "pitch_deg", "zoom", "dx", "dy", "dz")


@dataclass(frozen=True)
class Judgement:
    """A comparison with its picture for people: JPEG, None when a file was refused."""

    comparison: Comparison
    picture: bytes | None


def decided(
    decision: Decision,
    advice: str,
    measured: Measurement,
    exif: tuple[ExifReport | None, ExifReport],
    findings: tuple[Finding, ...],
    elapsed_ms: float,
) -> Comparison:
    """A comparison from a decision of the rules."""
    return Comparison(
        decision.verdict,
        decision.confidence,
        advice,
        decision.reasons,
        decision.scores,
        measured,
        *exif,
        findings,
        elapsed_ms,
    )


def refused(
    code: str,
    sentence: str,
    exif: tuple[ExifReport | None, ExifReport],
    elapsed_ms: float,
    *,
    reference: bool = False,
) -> Comparison:
    """The answer to a file that cannot be judged; ``reference`` when it is the citizen's."""
    return Comparison(
        Verdict(code),
        1.0,
        f"Фото жителя: {sentence[0].lower()}{sentence[1:]}" if reference else sentence,
        ("reference_refused",) if reference else ("file_refused",),
        Scores(0.0, 0.0, 0.0),
        None,
        *exif,
        (),
        elapsed_ms,
    )

"""Refitting the judge on an office's own labelled pairs: before and after, and a file to look at.

Nothing is applied here: the file says how it was made, and a person points ``PHOTO_MODEL`` at it.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import AssistantError
from core.photos import exif, judge
from core.photos.files import PhotoRefusedError
from core.photos.fitting import ENOUGH, Labelled, cross_validated, decided, fit, moved
from core.photos.rules import Decision, Parameters, Verdict

LABELS = ("same_angle", "different_angle", "other_place", "needs_editing", "reused_photo")
COLUMNS = ("ref", "new", "label")
TOO_FEW = (
    f"Размеченных пар слишком мало. Нужно хотя бы по {ENOUGH} пар same_angle и different_angle "
    f"или по {ENOUGH} пар different_angle и other_place."
)


class CalibrationError(AssistantError):
    """The labelled pairs cannot be used; the text says what to put right."""


@dataclass(frozen=True)
class Figure:
    """One line of the table: of ``total`` pairs so many were right before and after."""

    name: str
    before: int
    after: int
    total: int


@dataclass(frozen=True)
class Calibration:
    """What the refitting gives; ``after`` of the figures is cross-validated by scene."""

    parameters: Parameters
    figures: tuple[Figure, ...]
    moved: tuple[str, ...]
    pairs: int
    scenes: int
    unread: tuple[str, ...]  # pairs left out, each with why

    @property
    def better(self) -> bool:
        """Fewer mistakes, and no more photos of another angle or place let pass."""
        *labels, kept_out = self.figures
        return (sum(one.after for one in labels) > sum(one.before for one in labels)
                and kept_out.after >= kept_out.before)

    def to_json(self, source: str, version: str, before: str) -> str:
        """The model file; ``before`` is the version it started from."""
        return replace(self.parameters, version=version).to_json({
            "by": "rakurs calibrate",
            "on": source,
            "from": before,
            "pairs": self.pairs,
            "scenes": self.scenes,
            "moved": list(self.moved),
            "figures": {
                one.name: {"before": one.before, "after": one.after, "of": one.total}
                for one in self.figures
            },
        })


def calibrate(listing: Path, current: Parameters) -> Calibration:
    """Measure the pairs of a listing, refit, compare; raises ``CalibrationError``, ``OSError``.

    The listing is a CSV with ``ref``, ``new`` (paths relative to it), ``label`` (one of
    ``LABELS``; lines without one are passed over), and where known ``scene``: pairs of one place
    bear one name. Without it, pairs with the same ``ref`` are one scene.
    """
    rows, unread = _measured(listing)
    if not moved(rows):
        raise CalibrationError(TOO_FEW)
    before, after = decided(rows, current), cross_validated(rows, current)
    return Calibration(
        fit(rows, current), _figures(rows, before, after), moved(rows), len(rows),
        len({scene for row in rows for scene in row.scenes}), tuple(unread))


def _measured(listing: Path) -> tuple[list[Labelled], list[str]]:
    rows: list[Labelled] = []
    unread: list[str] = []
    for line, row in enumerate(_lines(listing), 2):
        label = row["label"].strip()
        if not label:
            continue
        if label not in LABELS:
            raise CalibrationError(
                f"{listing}, строка {line}: метка «{label}» неизвестна. "
                f"Напишите одну из: {', '.join(LABELS)}.")
        try:
            rows.append(_row(listing.parent, row, label))
        except (PhotoRefusedError, OSError) as refusal:
            why = refusal.strerror if isinstance(refusal, OSError) else refusal
            unread.append(f"строка {line}: {why}")
    return rows, unread


def _row(folder: Path, row: dict[str, str], label: str) -> Labelled:
    one, two = (_seen(folder / row[name].strip()) for name in ("ref", "new"))
    measured = judge.measure(one, two)
    scene = row.get("scene", "").strip() or row["ref"].strip()
    return Labelled(label, tuple(scene.split("|")), measured,
                    judge.notes_of(two, measured.geometry))


def _seen(path: Path) -> judge.Seen:
    data = path.read_bytes()
    return judge.see(data, exif.read(data))


def _lines(listing: Path) -> list[dict[str, str]]:
    with listing.open(encoding="utf-8-sig", newline="") as source:
        try:
            reader = csv.DictReader(source)
            if not set(COLUMNS) <= set(reader.fieldnames or ()):
                raise CalibrationError(f"{listing}: нужны столбцы {', '.join(COLUMNS)}.")
            return [{name: row.get(name) or "" for name in (*COLUMNS, "scene")} for row in reader]
        except csv.Error as broken:
            raise CalibrationError(f"{listing}: таблица не читается ({broken}).") from None


def _figures(rows: Sequence[Labelled], before: Sequence[Decision], after: Sequence[Decision]
             ) -> tuple[Figure, ...]:
    """A line for each label that there is, and last the photos rightly not let pass."""

    def line(name: str, of: Callable[[Labelled], bool],
             right: Callable[[Labelled, Decision], bool]) -> Figure:
        chosen = [place for place, row in enumerate(rows) if of(row)]
        was, now = (sum(right(rows[place], said[place]) for place in chosen)
                    for said in (before, after))
        return Figure(name, was, now, len(chosen))

    lines = [line(label, lambda row, label=label: row.label == label,  # type: ignore[misc]
                  lambda row, said: said.verdict == row.label) for label in LABELS]
    kept_out = line("not_accepted", lambda row: row.label != "same_angle",
                    lambda _, said: said.verdict is not Verdict.SAME_ANGLE)
    return (*(one for one in lines if one.total), kept_out)

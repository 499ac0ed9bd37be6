"""One pair of photo files in, one answer out; loads the image libraries (see ``workers.py``)."""

from collections.abc import Callable
from dataclasses import dataclass
from math import hypot
from time import perf_counter

import numpy as np

from core.photos import advice, angle, exif, files, picture, quality
from core.photos.comparison import Comparison, Judgement, decided, refused
from core.photos.findings import PhotoContext, findings
from core.photos.measurement import Geometry, Measurement, Sameness
from core.photos.metadata import ExifReport
from core.photos.quality import Grey
from core.photos.reuse import Fingerprint
from core.photos.rules import Parameters, Verdict, decide, decide_alone
from core.photos.sameness import fingerprint_of, sameness

_DIAGONAL_35MM = hypot(36, 24)
_FLAG_ROLL = {3: 180.0, 6: -90.0, 8: 90.0}
"""How a camera seems turned when the flag turned a picture that was upright already."""


@dataclass(frozen=True)
class Seen:
    """One file, decoded and ready to be measured."""

    photo: files.Photo
    grey: Grey  # without bars
    box: tuple[int, int, int, int]  # of ``grey`` in the photo: left, top, right, bottom
    bars: float
    focal: float | None  # long sides of ``grey``


def compare(
    reference: bytes,
    new: bytes,
    context: PhotoContext | None = None,
    parameters: Parameters | None = None,
) -> Comparison:
    """The verdict on an executor's photo against the citizen's; never raises on bad files."""
    return judge(reference, new, context, parameters, draw=False).comparison


def judge(
    reference: bytes,
    new: bytes,
    context: PhotoContext | None = None,
    parameters: Parameters | None = None,
    *,
    draw: bool = True,
    elsewhere: bool = False,
) -> Judgement:
    """The comparison and, unless a file was refused, its picture.

    ``elsewhere``: the reference was used before, and nothing is asked but whether this is the same
    exposure. A picture is then drawn only where it is, and shows no more of the reference, which
    may belong to another case, than the new photo does.
    """
    clock = _clock()
    reports = exif.read(reference), exif.read(new)
    colour = draw and not elsewhere
    try:
        two = see(new, reports[1], colour=colour)
    except files.PhotoRefusedError as refusal:
        return Judgement(refused(refusal.code, str(refusal), reports, clock()), None)
    try:
        one = see(reference, reports[0], colour=colour)
    except files.PhotoRefusedError as refusal:
        return Judgement(
            refused(refusal.code, str(refusal), reports, clock(), reference=True), None
        )
    measured = measure(one, two, once=elsewhere)
    decision = decide(measured, notes_of(two, measured.geometry), parameters)
    comparison = decided(
        decision,
        advice.advise(measured, decision),
        measured,
        reports,
        findings(*reports, context or PhotoContext()),
        clock(),
    )
    if not draw or (elsewhere and comparison.verdict is not Verdict.REUSED_PHOTO):
        return Judgement(comparison, None)
    if not colour:
        one, two = see(reference, reports[0], colour=True), see(new, reports[1], colour=True)
    return Judgement(comparison, _draw(one, two, comparison, elsewhere=elsewhere))


def inspect(new: bytes, context: PhotoContext | None = None) -> Comparison:
    """A photo for a case whose citizen sent none: quality, editing and EXIF only."""
    clock = _clock()
    report = exif.read(new)
    try:
        seen = see(new, report)
    except files.PhotoRefusedError as refusal:
        return refused(refusal.code, str(refusal), (None, report), clock())
    found = quality.assess(seen.grey, seen.bars)
    measured = Measurement(found, found, None, Sameness(), 0)
    decision = decide_alone(measured, seen.photo.header.notes)
    return decided(
        decision,
        advice.advise_alone(decision),
        measured,
        (None, report),
        findings(None, report, context or PhotoContext()),
        clock(),
    )


def inspected(new: bytes, context: PhotoContext | None = None) -> Judgement:
    """``inspect`` with the shape of ``judge``; nothing is drawn of a single photo."""
    return Judgement(inspect(new, context), None)


def fingerprint(data: bytes) -> Fingerprint:
    """What the reuse index remembers of a photo; raises ``PhotoRefusedError``."""
    return fingerprint_of(np.asarray(files.load(data, colour=False).pixels))


def see(data: bytes, report: ExifReport, *, colour: bool = False) -> Seen:
    """Decode one file; raises ``PhotoRefusedError``."""
    photo = files.load(data, colour=colour)
    grey = np.asarray(photo.pixels.convert("L"))
    kept, box, cut = quality.without_bars(grey)
    focal = None
    if report.focal_35mm:
        focal = report.focal_35mm / _DIAGONAL_35MM * hypot(*grey.shape) / max(kept.shape)
    return Seen(photo, kept, box, cut, focal)


def measure(one: Seen, two: Seen, *, once: bool = False) -> Measurement:
    """Everything the rules want to know of a pair; ``once`` as in ``angle.measure``."""
    relation, attempts = angle.measure(one.grey, two.grey, one.focal, two.focal, once=once)
    small = quality.shrink(one.grey, quality.SIDE)
    return Measurement(
        reference=quality.assess(small, one.bars),
        new=quality.assess(two.grey, two.bars),
        geometry=relation.geometry if relation else None,
        sameness=sameness(small, two.grey, relation),
        passes=attempts,
    )


def notes_of(seen: Seen, shape: Geometry | None) -> tuple[str, ...]:
    """What was noticed while reading the new file."""
    notes = seen.photo.header.notes
    expected = _FLAG_ROLL.get(seen.photo.orientation)
    if expected is not None and shape is not None and shape.inliers >= 20:
        off = abs((shape.roll_deg - expected + 180) % 360 - 180)
        if off < 25:
            return ("orientation_flag_wrong", *notes)
    return notes


def _draw(one: Seen, two: Seen, comparison: Comparison, *, elsewhere: bool) -> bytes:
    shape = comparison.measured.geometry if comparison.measured else None
    trusted = shape is not None and comparison.scores.place >= 0.5
    return picture.draw(
        picture.Panel(one.photo.pixels, one.box),
        picture.Panel(two.photo.pixels, two.box),
        comparison.verdict,
        shape if trusted else None,
        elsewhere=elsewhere,
    )


def _clock() -> Callable[[], float]:
    start = perf_counter()
    return lambda: (perf_counter() - start) * 1000

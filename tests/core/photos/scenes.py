"""Photographs for the tests: the made-up yard from any camera, and files in any format."""

import io
from datetime import datetime
from functools import cache

import numpy as np
from PIL import ExifTags, Image

from core.photos.measurement import Geometry, Measurement, Quality, Sameness
from core.photos.metadata import ExifReport
from core.photos.samples import Camera, Picture, render

CITIZEN = Camera()


@cache
def yard(camera: Camera = CITIZEN, *, repaired: bool = False, place: int = 1) -> Picture:
    """A rendered view, kept for the whole run."""
    return render(camera, place=place, repaired=repaired)


def jpeg(pixels: Picture, *, quality: int = 90, exif: Image.Exif | None = None) -> bytes:
    """A JPEG file of a picture."""
    return saved(
        Image.fromarray(pixels),
        "JPEG",
        quality=quality,
        exif=Image.Exif() if exif is None else exif,
    )


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """A file of any kind that Pillow writes."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def shot(camera: Camera = CITIZEN, **view: bool | int) -> bytes:
    """A photo of the yard as a file."""
    return jpeg(yard(camera, **view))


def exif_of(
    taken: str | None = None,
    *,
    orientation: int | None = None,
    software: str | None = None,
    offset: str | None = None,
) -> Image.Exif:
    """An EXIF block with what a test needs."""
    exif = Image.Exif()
    if orientation is not None:
        exif[ExifTags.Base.Orientation] = orientation
    if software is not None:
        exif[ExifTags.Base.Software] = software
    details = exif.get_ifd(ExifTags.IFD.Exif)
    if taken is not None:
        details[ExifTags.Base.DateTimeOriginal] = taken
    if offset is not None:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    return exif


def noise(width: int = 320, height: int = 240, seed: int = 1) -> Picture:
    """A picture that has detail everywhere."""
    random = np.random.default_rng(seed)
    return np.asarray(random.integers(0, 256, (height, width, 3)), np.uint8)


GOOD = Quality(sharpness=10, crispness=0.8, detail=0.8, brightness=110, contrast=180, bars=0.0)

PLANE = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def geometry(**changes: object) -> Geometry:
    """A camera that stood where the reference's stood, but for the changes."""
    values: dict[str, object] = {
        "matches": 300,
        "agreement": 110.0,
        "inliers": 250,
        "plane_inliers": 200,
        "strength": 100.0,
        "coverage": 0.6,
        "residual": 0.001,
        "shift": 0.03,
        "parallax": 0.004,
        "rotation_deg": 3.0,
        "roll_deg": 0.0,
        "turn_deg": 0.0,
        "yaw_deg": 2.0,
        "pitch_deg": 0.0,
        "zoom": 1.0,
        "travel": (0.03, 0.0, 0.01),
        "overlap": 0.9,
        "turn_spread": 3.0,
        "plane": PLANE,
        **changes,
    }
    return Geometry(**values)  # type: ignore[arg-type]


def measurement(
    found: Geometry | None = None, *, new: Quality = GOOD, same: Sameness | None = None
) -> Measurement:
    """A pair of good pictures."""
    return Measurement(GOOD, new, found, same or Sameness(0.5, 0.3, 0.6, 0.1, 100), 1)


def report(**fields: object) -> ExifReport:
    """What a file says of itself; nothing but what is named."""
    return ExifReport(**fields)  # type: ignore[arg-type]


def moment(text: str) -> datetime:
    """An aware moment from ISO text."""
    return datetime.fromisoformat(text)

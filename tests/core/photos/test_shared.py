"""Extra: real files of an extra folder beside the checkout (see the marker ``shared``)."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from core.photos import exif, judge
from core.photos.metadata import ExifReport
from core.photos.rules import Verdict

SHARED = Path(os.environ.get("RAKURS_SHARED", Path(__file__).resolve().parents[4] / "shared"))
FOLDER = SHARED / "data" / "exif"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.exists(), reason=f"no extra data folder at {FOLDER}"),
]

ALLOWED = {
    "accept": {"same_angle", "reused_photo"},
    "accept_warn": {"same_angle", "reused_photo"},
    "needs_editing": {"needs_editing"},
    "unsure": {"unsure"},
    "no_crash": {verdict.value for verdict in Verdict},
}


def cases(listing: Path) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = (
        json.loads(listing.read_text(encoding="utf-8")) if listing.exists() else {}
    )
    return found


@pytest.mark.parametrize("name", cases(FOLDER / "bad" / "expected.json"))
def test_every_bad_input_is_answered_rightly(name: str) -> None:
    expected = str(cases(FOLDER / "bad" / "expected.json")[name]["expect"])
    upright = (FOLDER / "bad" / "upright.jpg").read_bytes()
    start = process_time()
    found = judge.compare(upright, (FOLDER / "bad" / name).read_bytes())
    assert found.verdict.value in ALLOWED.get(expected, {expected})
    assert process_time() - start < 5
    if expected == "reject_too_large":
        assert found.elapsed_ms < 200


FIELDS: tuple[tuple[str, Callable[[ExifReport], object]], ...] = (
    ("Orientation", lambda told: told.orientation),
    ("Make", lambda told: told.make),
    ("Model", lambda told: told.model),
    ("FocalLengthIn35mmFormat", lambda told: told.focal_35mm),
    ("GPSLatitude", lambda told: told.gps.latitude if told.gps else None),
    ("GPSLongitude", lambda told: told.gps.longitude if told.gps else None),
    ("GPSImgDirection", lambda told: told.gps.direction_deg if told.gps else None),
)


def test_fields_are_equal_to_exiftool_s() -> None:
    right = total = 0
    for name, truth in cases(FOLDER / "expected.json").items():
        told = exif.read((FOLDER / "files" / name).read_bytes())
        for field, of in FIELDS:
            expected, seen = truth.get(field), of(told)
            total += 1
            if isinstance(expected, int | float) and isinstance(seen, int | float):
                right += abs(seen - expected) < 1e-6
            else:
                right += str(seen) == str(expected)
        taken = str(truth.get("DateTimeOriginal") or "")
        if taken[:4].isdigit():
            total += 1
            right += told.taken_at is not None and f"{told.taken_at:%Y:%m:%d %H:%M:%S}" == taken
    assert total > 150
    assert right / total >= 0.99

"""One exposure shown twice: pictures laid on one another, and perceptual fingerprints.

A hand as steady as a tripod gives pictures that any perceptual hash takes for one, so a hash only
proposes; what decides is how far the fine detail agrees, cell by cell.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.photos.angle import Relation, find_plane
from core.photos.measurement import Sameness
from core.photos.quality import Grey, shrink, without_bars
from core.photos.reuse import CROPS, Fingerprint

_TIGHT = 1.5
"""Tolerance of an exact homography, pixels of a picture 1024 px long."""

_SIDE = 480
_CELLS = 12
_BLANK = 1.5
"""Cells whose fine detail deviates less (grey levels) say nothing."""

_ALIKE = 0.9


def sameness(reference: Grey, new: Grey, relation: Relation | None) -> Sameness:
    """Lay the new picture on the reference and correlate the fine detail, cell by cell."""
    if relation is None or relation.geometry.inliers < 15:
        return Sameness()
    plane, exact = find_plane(relation.points, relation.new_points, _TIGHT)
    tight = min(1.0, float(exact.sum()) / relation.geometry.inliers)
    if exact.sum() < 15 or tight < 0.5:
        return Sameness(tight=tight)
    if relation.geometry.mirrored:
        new = np.ascontiguousarray(new[:, ::-1])
    values = _correlations(reference, new, plane)
    if len(values) < 8:
        return Sameness(tight=tight, cells=len(values))
    middle, best = np.percentile(values, [50, 75]).tolist()
    return Sameness(tight, middle, best, float((values > _ALIKE).mean()), len(values))


def _correlations(reference: Grey, new: Grey, plane: NDArray[np.float64]) -> NDArray[np.float64]:
    small = shrink(reference, _SIDE)
    height, width = small.shape
    onto = np.linalg.inv(_centred(new)) @ plane @ _centred(small)
    if max(new.shape) > 1.5 * _SIDE:  # averaging first: the warp itself only samples
        factor = 1.2 * _SIDE / max(new.shape)
        new = shrink(new, round(factor * max(new.shape)))
        onto = np.linalg.inv(_centred(new)) @ plane @ _centred(small)
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
    laid = cv2.warpPerspective(new, onto, (width, height), flags=flags)
    seen = cv2.warpPerspective(np.full_like(new, 255), onto, (width, height), flags=flags) == 255
    one, two = _fine(small), _fine(np.asarray(laid, np.uint8))
    values = []
    for row in range(_CELLS):
        for column in range(_CELLS):
            cell = np.s_[
                row * height // _CELLS : (row + 1) * height // _CELLS,
                column * width // _CELLS : (column + 1) * width // _CELLS,
            ]
            if seen[cell].mean() < 0.95 or one[cell].std() < _BLANK:
                continue
            a, b = one[cell] - one[cell].mean(), two[cell] - two[cell].mean()
            values.append(float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1e-6)))
    return np.array(values)


def _centred(grey: Grey) -> NDArray[np.float64]:
    """Pixels to long sides from the centre."""
    height, width = grey.shape
    long_side = max(height, width)
    return np.array(
        [
            [1 / long_side, 0, -(width - 1) / 2 / long_side],
            [0, 1 / long_side, -(height - 1) / 2 / long_side],
            [0, 0, 1],
        ]
    )


def _fine(grey: Grey) -> NDArray[np.float32]:
    wide = grey.astype(np.float32)
    band = cv2.GaussianBlur(wide, (0, 0), 0.8) - cv2.GaussianBlur(wide, (0, 0), 4)
    return np.asarray(band, np.float32)


def fingerprint_of(grey: Grey) -> Fingerprint:
    """Hashes of an upright picture; a screenshot's bars are cut off first."""
    kept, _, _ = without_bars(grey)
    small = cv2.resize(kept, (128, 128), interpolation=cv2.INTER_AREA)
    parts = [small, small[:, ::-1]]
    for side, left, top in CROPS:
        size = round(128 * side)
        x, y = round((128 - size) * left), round((128 - size) * top)
        parts.append(small[y : y + size, x : x + size])
    return Fingerprint(tuple(_hash(np.ascontiguousarray(part)) for part in parts))


def _hash(square: NDArray[np.uint8]) -> int:
    """Signs of the 64 lowest frequencies against their median (pHash; Zauner 2010)."""
    tiny = cv2.resize(square, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(tiny)[:8, :8].ravel()
    bits = low > np.median(low[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")

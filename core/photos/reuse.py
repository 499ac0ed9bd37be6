"""Reuse of a photo: one exposure shown twice, and the index that finds it among a million.

The index proposes, the comparison of fine detail decides: a hand as steady as a tripod gives
pictures that any perceptual hash takes for one, so a hash alone never accuses.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from core.photos.angle import Relation, find_plane
from core.photos.measurement import Sameness
from core.photos.quality import Grey, shrink, without_bars

Key = TypeVar("Key", bound=Hashable)

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


@dataclass(frozen=True)
class Fingerprint:
    """Perceptual hashes of one photo, 64 bits each: whole, mirrored, then standard crops."""

    hashes: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """For the database; ``from_bytes`` reads it back."""
        return b"".join(value.to_bytes(8, "big") for value in self.hashes)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Fingerprint":
        """Raises ``ValueError`` unless the length is that of one fingerprint."""
        if len(raw) != 8 * (2 + len(_CROPS)):
            raise ValueError(f"a fingerprint has {8 * (2 + len(_CROPS))} bytes, not {len(raw)}")
        return cls(tuple(int.from_bytes(raw[i : i + 8], "big") for i in range(0, len(raw), 8)))


_CROPS = tuple(
    (side, left, top)
    for side, places in ((0.85, (0.5,)), (0.72, (0.0, 0.5, 1.0)))
    for left in places
    for top in places
)
"""Parts hashed too, so that a cropped copy is found: side, place of what was cut off."""


def fingerprint_of(grey: Grey) -> Fingerprint:
    """Hashes of an upright picture; a screenshot's bars are cut off first."""
    kept, _, _ = without_bars(grey)
    small = cv2.resize(kept, (128, 128), interpolation=cv2.INTER_AREA)
    parts = [small, small[:, ::-1]]
    for side, left, top in _CROPS:
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


@dataclass(frozen=True)
class Candidate(Generic[Key]):
    """A photo of the index that may be the one asked for."""

    key: Key
    distance: int  # differing bits of 64, at the best of the hashes
    mirrored: bool


class ReuseIndex(Generic[Key]):
    """All photos ever sent, by fingerprint; exact search by brute force over packed hashes.

    A million photos take about 100 MB and a search tens of milliseconds (``tests/benchmarks``).
    Not safe for threads.
    """

    def __init__(self, known: Iterable[tuple[Key, Fingerprint]] = ()) -> None:
        self._keys: list[Key] = []
        self._hashes = np.zeros((2 + len(_CROPS), 1024), np.uint64)
        for key, fingerprint in known:
            self.add(key, fingerprint)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Key, fingerprint: Fingerprint) -> None:
        """Remember a photo."""
        size = self._hashes.shape[1]
        if len(self._keys) == size:
            self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes)], axis=1)
        self._hashes[:, len(self._keys)] = np.array(fingerprint.hashes, np.uint64)
        self._keys.append(key)

    def find(
        self, fingerprint: Fingerprint, *, within: int = 10, limit: int = 5
    ) -> list[Candidate[Key]]:
        """Photos that may be the same one, nearest first; to be confirmed on the pictures."""
        count = len(self._keys)
        if not count:
            return []
        whole = np.uint64(fingerprint.hashes[0])
        best = np.full(count, 65, np.uint8)
        flipped = np.zeros(count, bool)
        for row in range(self._hashes.shape[0]):
            distance = np.bitwise_count(self._hashes[row, :count] ^ whole)
            nearer = distance < best
            flipped[nearer] = row == 1
            np.minimum(best, distance, out=best)
        # the new photo may be the larger one, of which an older one was cut
        for crop in fingerprint.hashes[2:]:
            distance = np.bitwise_count(self._hashes[0, :count] ^ np.uint64(crop))
            np.minimum(best, distance, out=best)
        near = np.flatnonzero(best <= within)
        order = near[np.argsort(best[near], kind="stable")][:limit]
        return [Candidate(self._keys[i], int(best[i]), bool(flipped[i])) for i in order.tolist()]

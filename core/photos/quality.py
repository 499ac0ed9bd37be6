"""How much one picture shows (light, sharpness, detail) and where a screenshot's bars are."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from core.photos.measurement import Quality

Grey: TypeAlias = NDArray[np.uint8]

_SIDE = 480
"""Sharpness is judged at this long side: what the measurement of the viewpoint itself sees."""

_LEVEL = 10
"""Grey levels a bar's pixels may differ by (JPEG noise)."""

_FILLED, _ROW_FILLED = 0.9, 0.7
"""Parts of a bar and of its every row of one level; the clock and the icons take the rest."""

_LEAST_BAR = 0.03


def assess(grey: Grey, bars: float) -> Quality:
    """Measures of one picture whose bars were cut off already."""
    small = shrink(grey, _SIDE)
    wide = small.astype(np.float32)
    softer = cv2.GaussianBlur(wide, (0, 0), 1.4)
    fine = cv2.absdiff(cv2.GaussianBlur(wide, (0, 0), 0.7), softer)
    coarse = cv2.absdiff(softer, cv2.GaussianBlur(softer, (0, 0), 2.4))
    sharpness = float(np.percentile(fine[::2, ::2], 95))
    cells = cv2.resize((fine > 2.5).astype(np.float32), (12, 12), interpolation=cv2.INTER_AREA)
    low, high = np.percentile(small[::2, ::2], [5, 95])
    return Quality(
        sharpness=sharpness,
        crispness=sharpness / max(float(np.percentile(coarse[::2, ::2], 95)), 1e-6),
        detail=float((cells > 0.02).mean()),
        brightness=float(small.mean()),
        contrast=float(high - low),
        bars=bars,
    )


def shrink(grey: Grey, side: int) -> Grey:
    """The picture with this long side, or as it is when smaller."""
    share = side / max(grey.shape)
    if share >= 1:
        return grey
    size = (max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def without_bars(grey: Grey) -> tuple[Grey, tuple[int, int, int, int], float]:
    """The picture without uniform bars, the box kept (left, top, right, bottom), the part cut."""
    height, width = grey.shape
    top, bottom = _bar(grey), _bar(grey[::-1])
    left, right = _bar(grey.T), _bar(grey.T[::-1])
    if top + bottom >= 0.8 * height or left + right >= 0.8 * width:
        return grey, (0, 0, width, height), 0.0
    box = (left, top, width - right, height - bottom)
    kept = grey[box[1] : box[3], box[0] : box[2]]
    return kept, box, 1 - kept.size / grey.size


def _bar(grey: NDArray[np.uint8]) -> int:
    """Height of the uniform bar at the top: rows of one level ending in a straight edge."""
    height = len(grey)
    first = grey[: max(2, height // 100)]
    level = float(np.median(first))
    least = grey[: int(_LEAST_BAR * height)].astype(np.int16)
    if (np.abs(least - level) <= _LEVEL).mean() < _FILLED:
        return 0  # no bar here: almost every photo ends at this cheap look
    uniform = (np.abs(grey.astype(np.int16) - level) <= _LEVEL).mean(axis=1) >= _ROW_FILLED
    end = int(np.argmin(uniform)) if not uniform.all() else 0
    if end < _LEAST_BAR * height or end > 0.6 * height:
        return 0
    # a pale sky is uniform too, but no straight line ends it
    after = grey[end + 1 : end + 4].astype(np.int16)
    edge = (np.abs(after - level) > 1.5 * _LEVEL).mean() if len(after) else 0.0
    plain = (np.abs(grey[: end - 1].astype(np.int16) - level) <= _LEVEL).mean()
    return end if edge > 0.6 and plain >= _FILLED else 0

"""Features of a picture and what two pictures have in common: points, no geometry yet.

SIFT (Lowe 2004) as RootSIFT (Arandjelović & Zisserman 2012), mutual nearest neighbours with a
ratio test. Lengths are in long sides of the picture, from its centre.
"""

from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from core.photos.quality import Grey, shrink

Array: TypeAlias = NDArray[np.float64]
Pairs: TypeAlias = NDArray[np.intp]

SIDE, FEATURES = 480, 800
"""Long side in pixels and number of features of the first attempt."""

FINE_SIDE, FINE_FEATURES = 1024, 3000
"""The same for the second attempt, made when the first found little."""

RATIO = 0.85
USUAL_FOCAL = 0.85
"""Focal length of a phone's main camera in long sides of its picture, where EXIF has none."""

cv2.setNumThreads(1)


@dataclass(frozen=True)
class View:
    """One picture's features."""

    half: Array  # half width and half height
    points: Array  # n x 2
    sizes: Array  # n
    angles: Array  # n, degrees
    descriptors: NDArray[np.float32]  # n x 128, unit length
    focal: float


@dataclass(frozen=True)
class Matched:
    """The same points of two pictures, best first.

    ``doubts`` are 0..1, lower is surer (the ratio of the ratio test); ``turns`` (degrees) and
    ``growths`` say how the surroundings of each point turned and grew, None where the matcher
    does not know.
    """

    points: Array  # n x 2, in the reference
    new_points: Array  # n x 2
    doubts: Array  # n
    turns: Array | None = None  # n
    growths: Array | None = None  # n


class Matcher(Protocol):
    """Another way of finding the same points, for pairs in which SIFT finds few.

    The seam for a learned matcher whose model file an office supplies (OpenCV's ``ALIKED`` with
    ``LightGlueMatcher``, say). None is shipped or used by default.
    """

    def __call__(self, reference: Grey, new: Grey) -> Matched:
        """The same points of both pictures; empty where there are none."""
        ...


def mirror(seen: View) -> View:
    """The view of the mirrored picture, without looking at it again.

    In the mirror a keypoint's frame keeps its first axis and turns over its second: SIFT's four
    rows of cells change places and its eight directions change sign.
    """
    cells = seen.descriptors.reshape(-1, 4, 4, 8)[:, ::-1][..., (-np.arange(8)) % 8]
    return replace(
        seen,
        points=seen.points * np.array([-1.0, 1.0]),
        angles=(180 - seen.angles) % 360,
        descriptors=np.ascontiguousarray(cells.reshape(-1, 128)),
    )


def view(
    grey: Grey, focal: float | None = None, side: int = SIDE, features: int = FEATURES
) -> View:
    """Features of one picture at the given size."""
    small = shrink(grey, side)
    height, width = small.shape
    long_side = max(height, width)
    flat = cv2.createCLAHE(2.0, (8, 8)).apply(small)
    keypoints, found = cv2.SIFT.create(features, enable_precise_upscale=True).detectAndCompute(
        flat, None
    )
    if found is None or len(keypoints) == 0:
        found = np.zeros((0, 128), np.float32)
    root = np.sqrt(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-9), dtype=np.float32)
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    points = np.array([k.pt for k in keypoints], float).reshape(-1, 2)
    return View(
        np.array([width, height]) / (2 * long_side),
        (points - centre) / long_side,
        np.array([k.size for k in keypoints], float) / long_side,
        np.array([k.angle for k in keypoints], float),
        root,
        focal or USUAL_FOCAL,
    )


def match(one: View, two: View, ratio: float = RATIO) -> tuple[Pairs, Array]:
    """Mutual nearest neighbours that pass the ratio test: index pairs and ratios, best first."""
    if min(len(one.points), len(two.points)) < 3:
        return np.zeros((0, 2), np.intp), np.zeros(0)
    like = one.descriptors @ two.descriptors.T
    rows = np.arange(len(like))
    best = like.argmax(axis=1)
    back = like.argmax(axis=0)
    first = like[rows, best]
    like[rows, best] = -1
    second = like.max(axis=1)
    # both are cosines of unit vectors: distance is sqrt(2 - 2 cos)
    ratios = np.sqrt(np.maximum(1 - first, 0) / np.maximum(1 - second, 1e-9)).astype(float)
    good = (back[best] == rows) & (ratios < ratio)
    order = np.argsort(ratios[good])
    return np.stack([rows[good], best[good]], axis=1)[order], ratios[good][order]


def matched(one: View, two: View) -> Matched:
    """What two views have in common."""
    pairs, ratios = match(one, two)
    first, second = pairs[:, 0], pairs[:, 1]
    return Matched(
        one.points[first],
        two.points[second],
        ratios,
        two.angles[second] - one.angles[first],
        two.sizes[second] / one.sizes[first],
    )

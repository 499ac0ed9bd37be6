"""Viewpoint measurement: how the new camera stood against the camera of the reference photo.

Pictures in (grey, long side ``WORK_SIDE`` px), numbers out; no verdicts here (see ``rules.py``).
Method: SIFT (Lowe 2004) as RootSIFT (Arandjelović & Zisserman 2012), mutual nearest neighbours with
a ratio test, USAC-MAGSAC (Barath et al. 2020) for the epipolar geometry and for the homography,
relative pose from the essential matrix (Nistér 2004).
"""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Grey: TypeAlias = NDArray[np.uint8]
Array: TypeAlias = NDArray[np.float64]

WORK_SIDE = 560
"""Long side of the pictures that are measured first, pixels."""

FEATURES = 1000
RATIO = 0.85
EPIPOLAR_PX, PLANE_PX, UNIT = 1.5, 4.5, 1024
"""Tolerances in pixels of a picture ``UNIT`` px long."""

USUAL_FOCAL = 0.85
"""Focal length of a phone's main camera in long sides of its picture, where EXIF has none."""

cv2.setNumThreads(1)


@dataclass(frozen=True)
class View:
    """One picture's features. Points are in long sides from the picture's centre (x right, y down)."""

    grey: Grey
    points: Array  # n x 2
    sizes: Array  # n, long sides
    angles: Array  # n, degrees
    descriptors: NDArray[np.float32]  # n x 128, unit length
    focal: float  # long sides

    @property
    def half(self) -> Array:
        """Half width and half height in long sides."""
        height, width = self.grey.shape
        return np.array([width, height]) / (2 * max(height, width))


def view(grey: Grey, focal: float | None = None, features: int = FEATURES) -> View:
    """Features of one picture."""
    long_side = max(grey.shape)
    flat = cv2.createCLAHE(2.0, (8, 8)).apply(grey)
    keypoints, found = cv2.SIFT_create(features).detectAndCompute(flat, None)
    if found is None or len(keypoints) == 0:
        found = np.zeros((0, 128), np.float32)
    root = np.sqrt(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-9), dtype=np.float32)
    height, width = grey.shape
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    points = np.array([k.pt for k in keypoints]).reshape(-1, 2)
    return View(
        grey,
        (points - centre) / long_side,
        np.array([k.size for k in keypoints]) / long_side,
        np.array([k.angle for k in keypoints]),
        root,
        focal or USUAL_FOCAL,
    )


def match(one: View, two: View, ratio: float = RATIO) -> tuple[NDArray[np.intp], Array]:
    """Mutual nearest neighbours that pass the ratio test, best first: index pairs, ratios."""
    if min(len(one.points), len(two.points)) < 3:
        return np.zeros((0, 2), np.intp), np.zeros(0)
    like = one.descriptors @ two.descriptors.T
    far = np.sqrt(np.maximum(2 - 2 * like, 0))
    two_best = np.argpartition(far, 1, axis=1)[:, :2]
    rows = np.arange(len(far))
    near = np.take_along_axis(far, two_best, axis=1)
    swap = near[:, 0] > near[:, 1]
    best = np.where(swap, two_best[:, 1], two_best[:, 0])
    first, second = near.min(axis=1), near.max(axis=1)
    back = far.argmin(axis=0)
    ratios = first / np.maximum(second, 1e-9)
    good = (back[best] == rows) & (ratios < ratio)
    order = np.argsort(ratios[good])
    return np.stack([rows[good], best[good]], axis=1)[order], ratios[good][order]


@dataclass(frozen=True)
class Geometry:
    """How two views relate; angles in degrees, lengths in long sides unless said otherwise."""

    matches: int
    inliers: int  # agree with one epipolar geometry
    plane_inliers: int  # agree with one homography
    confidence_sum: float  # sum of (1 - ratio) over the inliers
    coverage: float  # part of the reference's 8x8 cells that hold an inlier
    residual: float  # median homography error of its inliers
    shift: float  # median displacement of the inliers
    roll: float  # from the keypoints' own directions
    zoom: float  # from the keypoints' own sizes
    spread_roll: float
    spread_zoom: float
    rotation: Array  # 3 x 3
    travel: Array  # dx, dy, dz in scene depths
    parallax: float  # median residual after the best pure rotation
    overlap: float
    plane: Array  # 3 x 3, reference to new


def relate(one: View, two: View, pairs: NDArray[np.intp], ratios: Array) -> Geometry | None:
    if len(pairs) < 8:
        return None
    p, q = one.points[pairs[:, 0]], two.points[pairs[:, 1]]
    cv2.setRNGSeed(1)
    f_matrix, mask = cv2.findFundamentalMat(
        p * UNIT, q * UNIT, cv2.USAC_MAGSAC, EPIPOLAR_PX, 0.999, 2000
    )
    inside = np.zeros(len(p), bool) if mask is None else mask.ravel().astype(bool)
    plane, plane_mask = cv2.findHomography(
        p * UNIT, q * UNIT, cv2.USAC_MAGSAC, PLANE_PX, None, 2000, 0.999
    )
    on_plane = np.zeros(len(p), bool) if plane_mask is None else plane_mask.ravel().astype(bool)
    if plane is None:
        plane = np.eye(3)
    scale = np.diag([UNIT, UNIT, 1.0])
    plane = np.linalg.inv(scale) @ plane @ scale
    good = inside | on_plane if on_plane.sum() > inside.sum() * 0.5 else inside
    n = max(int(good.sum()), 1)
    turn = (two.angles[pairs[:, 1]] - one.angles[pairs[:, 0]])[good]
    roll, spread_roll = _circular(turn)
    grow = np.log(two.sizes[pairs[:, 1]] / one.sizes[pairs[:, 0]])[good]
    zoom = float(np.median(grow)) if n > 1 else 0.0
    warped = _warp(plane, p)
    error = np.linalg.norm(warped - q, axis=1)
    rotation, travel, parallax = _pose(p[good], q[good], one.focal, two.focal)
    cells = np.floor((p[good] / (2 * one.half) + 0.5) * 8).astype(int).clip(0, 7)
    coverage = len({tuple(c) for c in cells.tolist()}) / 64
    return Geometry(
        matches=len(pairs),
        inliers=int(inside.sum()),
        plane_inliers=int(on_plane.sum()),
        confidence_sum=float((1 - ratios[inside]).sum()),
        coverage=coverage,
        residual=float(np.median(error[on_plane])) if on_plane.any() else 1.0,
        shift=float(np.median(np.linalg.norm((q - p)[good], axis=1))) if good.any() else 1.0,
        roll=roll,
        zoom=float(np.exp(zoom)),
        spread_roll=spread_roll,
        spread_zoom=float(np.median(np.abs(grow - zoom))) if n > 1 else 1.0,
        rotation=rotation,
        travel=travel,
        parallax=parallax,
        overlap=_overlap(plane, one, two),
        plane=plane,
    )


def _circular(degrees: Array) -> tuple[float, float]:
    """Circular median-like centre and median absolute deviation."""
    if len(degrees) == 0:
        return 0.0, 180.0
    z = np.exp(1j * np.radians(degrees))
    bins = np.bincount(((degrees % 360) // 10).astype(int), minlength=36)
    smooth = bins + np.roll(bins, 1) + np.roll(bins, -1)
    centre = np.exp(1j * np.radians(smooth.argmax() * 10 + 5))
    for _ in range(3):
        off = np.degrees(np.angle(z / centre))
        near = np.abs(off) < 25
        if not near.any():
            break
        centre = centre * np.exp(1j * np.radians(np.median(off[near])))
    off = np.degrees(np.angle(z / centre))
    return float(np.degrees(np.angle(centre))), float(np.median(np.abs(off)))


def _warp(plane: Array, points: Array) -> Array:
    lifted = np.c_[points, np.ones(len(points))] @ plane.T
    w = lifted[:, 2:]
    return lifted[:, :2] / np.where(np.abs(w) < 1e-9, 1e-9, w)


def _overlap(plane: Array, one: View, two: View) -> float:
    grid = np.stack(np.meshgrid(np.linspace(-1, 1, 21), np.linspace(-1, 1, 21)), -1).reshape(-1, 2)
    lifted = np.c_[grid * one.half, np.ones(len(grid))] @ plane.T
    seen = lifted[:, 2] > 0
    landed = lifted[:, :2] / np.where(np.abs(lifted[:, 2:]) < 1e-9, 1e-9, lifted[:, 2:])
    return float((seen & (np.abs(landed) <= two.half).all(axis=1)).mean())


def _pose(p: Array, q: Array, f1: float, f2: float) -> tuple[Array, Array, float]:
    """Rotation reference to new, travel of the new camera in scene depths, parallax."""
    none = np.eye(3), np.full(3, np.nan), 1.0
    if len(p) < 8:
        return none
    a, b = p / f1, q / f2
    cv2.setRNGSeed(1)
    e, mask = cv2.findEssentialMat(a, b, np.eye(3), cv2.USAC_MAGSAC, 0.999, 1.5 / UNIT / f1)
    if e is None or e.shape != (3, 3):
        return none
    used = mask.ravel().astype(bool)
    if used.sum() < 8:
        return none
    _, r, t, _, points = cv2.recoverPose(e, a[used], b[used], np.eye(3), distanceThresh=1000.0)
    x = points[:3] / np.where(np.abs(points[3]) < 1e-12, 1e-12, points[3])
    depth = x[2]
    ahead = depth > 0
    centre = -r.T @ t.ravel()
    middle = float(np.median(depth[ahead])) if ahead.any() else np.inf
    # best pure rotation of rays
    rays1 = np.c_[a[used], np.ones(used.sum())]
    rays2 = np.c_[b[used], np.ones(used.sum())]
    rays1 /= np.linalg.norm(rays1, axis=1, keepdims=True)
    rays2 /= np.linalg.norm(rays2, axis=1, keepdims=True)
    u, _, vt = np.linalg.svd(rays2.T @ rays1)
    spin = u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt
    parallax = float(np.median(np.linalg.norm(rays2 - rays1 @ spin.T, axis=1)))
    return r, centre / middle, parallax

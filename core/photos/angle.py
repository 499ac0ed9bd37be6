"""Viewpoint measurement: how the new camera stood against the camera of the reference photo.

Grey pictures in, numbers out; no verdicts here (see ``rules.py``). Method: SIFT (Lowe 2004) as
RootSIFT (Arandjelović & Zisserman 2012), mutual nearest neighbours with a ratio test, USAC-MAGSAC
(Barath et al. 2020) for the epipolar geometry and for the homography, relative pose from the
essential matrix (Nistér 2004). Lengths are in long sides of the picture, from its centre.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from core.photos.measurement import Geometry
from core.photos.quality import Grey, shrink

Array: TypeAlias = NDArray[np.float64]
Pairs: TypeAlias = NDArray[np.intp]

SIDE, FEATURES = 480, 800
"""Long side in pixels and number of features of the first attempt."""

FINE_SIDE, FINE_FEATURES = 1024, 3000
"""The same for the second attempt, made when the first found little."""

RATIO = 0.85
UNIT = 1024
EPIPOLAR, PLANE = 1.5, 4.5
"""Tolerances in pixels of a picture ``UNIT`` px long."""

USUAL_FOCAL = 0.85
"""Focal length of a phone's main camera in long sides of its picture, where EXIF has none."""

ENOUGH = 60
"""With so many inliers the first attempt is final."""

TURN_TOLERANCE = 40
"""Matches whose keypoints turned otherwise than most, by more degrees, are dropped."""

STANDING = 0.7
"""A camera that only turned leaves so many pixels of parallax in a picture ``UNIT`` px long."""

MIRROR_TURN, MIRROR_OVERLAP, MIRROR_PLANE = 22.0, 0.55, 0.2
"""A mirror image is believed up to this turn, degrees, from this overlap on, and where so many of
the inliers agree with one plane too: halves of a façade agree along lines only."""

_ITERATIONS, _SURE = 3000, 0.999

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
class Relation:
    """Two views related: the numbers, and the matched points they rest upon."""

    geometry: Geometry
    points: Array  # n x 2, in the reference
    new_points: Array  # n x 2, in the new picture (mirrored back when the geometry says so)


def measure(
    reference: Grey,
    new: Grey,
    focal: float | None = None,
    new_focal: float | None = None,
    *,
    once: bool = False,
) -> tuple[Relation | None, int]:
    """How a pair is related and how many attempts it took to see.

    ``focal`` and ``new_focal`` are in long sides, None where EXIF has none. ``once``: no second
    attempt, which takes five times as long; one exposure shown twice is seen at the first.
    """
    one, two = view(reference, focal), view(new, new_focal)
    best, attempts = _either_way(one, two), 1
    if _inliers(best) < ENOUGH and not once:
        one = view(reference, focal, FINE_SIDE, FINE_FEATURES)
        two = view(new, new_focal, FINE_SIDE, FINE_FEATURES)
        fine, attempts = _either_way(one, two), 2
        if _inliers(fine) >= _inliers(best):
            best = fine
    return best, attempts


def _either_way(one: View, two: View) -> Relation | None:
    """The relation to the new view as it is, or to its mirror image where that fits far better.

    Symmetric façades match their own mirror image from afar, so a mirrored photo is believed
    only when it also stands where the reference stood.
    """
    direct = relate(one, two)
    reflected = mirror(two)
    if direct is not None and _agreed(one, reflected) < direct.geometry.agreement:
        return direct
    flipped = relate(one, reflected)
    if flipped is None or _inliers(flipped) < 40:
        return direct
    shape = flipped.geometry
    if direct is not None and shape.strength < 2.4 * direct.geometry.strength:
        return direct
    if shape.rotation_deg > MIRROR_TURN or shape.overlap < MIRROR_OVERLAP:
        return direct
    if shape.plane_inliers < MIRROR_PLANE * shape.inliers:
        return direct
    return replace(flipped, geometry=replace(shape, mirrored=True))


def _agreed(one: View, two: View) -> float:
    """How well two views agree before any geometry is sought; cheap."""
    pairs, ratios = match(one, two)
    if len(pairs) < 8:
        return 0.0
    return _agreement(ratios, _one_turn(two.angles[pairs[:, 1]] - one.angles[pairs[:, 0]]))


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


def _inliers(found: Relation | None) -> int:
    return found.geometry.inliers if found else 0


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


def relate(one: View, two: View) -> Relation | None:
    """The geometry of two views; None below eight matches."""
    pairs, ratios = match(one, two)
    if len(pairs) < 8:
        return None
    matches = len(pairs)
    turns = two.angles[pairs[:, 1]] - one.angles[pairs[:, 0]]
    alike = _one_turn(turns)
    agreement = _agreement(ratios, alike)
    pairs, ratios, turns = pairs[alike], ratios[alike], turns[alike]
    if len(pairs) < 8:
        return None
    p, q = one.points[pairs[:, 0]], two.points[pairs[:, 1]]
    epipolar = _epipolar_inliers(p, q)
    plane, on_plane = find_plane(p, q, PLANE)
    good = epipolar | on_plane
    if good.sum() < 5:
        good = np.ones(len(p), bool)
    growth = np.log(two.sizes[pairs[:, 1]] / one.sizes[pairs[:, 0]])[good]
    error = np.linalg.norm(warp(plane, p) - q, axis=1)
    pose = _pose(p[good], q[good], one.focal, two.focal)
    turn, spread = _dominant(turns[good])
    cells = np.floor((p[good] / (2 * one.half) + 0.5) * 8).astype(int).clip(0, 7)
    geometry = Geometry(
        matches=matches,
        agreement=agreement,
        inliers=int(epipolar.sum()),
        plane_inliers=int(on_plane.sum()),
        strength=float((1 - ratios[epipolar]).sum()),
        coverage=len({tuple(cell) for cell in cells.tolist()}) / 64,
        residual=float(np.median(error[on_plane])) if on_plane.any() else 1.0,
        shift=float(np.median(np.linalg.norm((q - p)[good], axis=1))),
        parallax=pose.parallax,
        rotation_deg=pose.angle,
        roll_deg=pose.roll if pose.found else -turn,
        turn_deg=-turn,
        yaw_deg=pose.yaw,
        pitch_deg=pose.pitch,
        zoom=float(np.exp(np.median(growth))),
        travel=pose.travel,
        overlap=_overlap(plane, one.half, two.half),
        turn_spread=spread,
        plane=tuple(plane.ravel().tolist()),
    )
    return Relation(geometry, p, q)


def _epipolar_inliers(p: Array, q: Array) -> NDArray[np.bool_]:
    """Matches that one epipolar geometry explains."""
    cv2.setRNGSeed(1)
    try:
        _, mask = cv2.findFundamentalMat(
            p * UNIT, q * UNIT, cv2.USAC_MAGSAC, EPIPOLAR, _SURE, _ITERATIONS
        )
    except cv2.error:  # OpenCV 5.0 asserts on two all but identical pictures: one plane then
        return find_plane(p, q, EPIPOLAR)[1]
    return np.zeros(len(p), bool) if mask is None else mask.ravel().astype(bool)


def find_plane(p: Array, q: Array, tolerance: float) -> tuple[Array, NDArray[np.bool_]]:
    """Homography from points to points and its inliers; identity when there is none."""
    cv2.setRNGSeed(1)
    try:
        found, mask = cv2.findHomography(
            p * UNIT, q * UNIT, cv2.USAC_MAGSAC, tolerance, None, _ITERATIONS, _SURE
        )
    except cv2.error:
        return np.eye(3), np.zeros(len(p), bool)
    if np.shape(found) != (3, 3):  # OpenCV gives None against its own stubs
        return np.eye(3), np.zeros(len(p), bool)
    unit = np.diag([UNIT, UNIT, 1.0])
    plane = np.linalg.inv(unit) @ found @ unit
    return plane, mask.ravel().astype(bool)


def warp(plane: Array, points: Array) -> Array:
    """Points through a homography; points at its horizon go very far."""
    lifted = np.c_[points, np.ones(len(points))] @ plane.T
    depth = lifted[:, 2:]
    return np.asarray(lifted[:, :2] / np.where(np.abs(depth) < 1e-9, 1e-9, depth))


def _one_turn(turns: Array) -> NDArray[np.bool_]:
    """Matches whose keypoints all turned alike, as one turn of the camera would have it.

    People hold phones upright, so no turn at all is preferred to a slightly more frequent one.
    """
    turn, _ = _dominant(turns)
    upright = np.abs((turns + 180) % 360 - 180) <= TURN_TOLERANCE
    turned = np.abs((turns - turn + 180) % 360 - 180) <= TURN_TOLERANCE
    return turned if turned.sum() > 1.5 * upright.sum() else upright


def _agreement(ratios: Array, alike: NDArray[np.bool_]) -> float:
    """Weight of the matches that turned alike above what chance would put there."""
    weights = 1 - ratios
    chance = 2 * TURN_TOLERANCE / (360 - 2 * TURN_TOLERANCE)
    return float(weights[alike].sum() - chance * weights[~alike].sum())


def _dominant(degrees: Array) -> tuple[float, float]:
    """The most frequent turn, degrees, and the median deviation from it."""
    bins = np.bincount(((degrees % 360) // 10).astype(int), minlength=36)
    centre = float((bins + np.roll(bins, 1) + np.roll(bins, -1)).argmax() * 10 + 5)
    for _ in range(3):
        off = (degrees - centre + 180) % 360 - 180
        near = np.abs(off) < 25
        if not near.any():
            break
        centre += float(np.median(off[near]))
    off = (degrees - centre + 180) % 360 - 180
    return (centre + 180) % 360 - 180, float(np.median(np.abs(off)))


def _overlap(plane: Array, half: Array, new_half: Array) -> float:
    """Part of the reference's frame that the homography carries into the new frame."""
    side = np.linspace(-1, 1, 21)
    grid = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2) * half
    ahead = (np.c_[grid, np.ones(len(grid))] @ plane.T)[:, 2] > 0
    return float((ahead & (np.abs(warp(plane, grid)) <= new_half).all(axis=1)).mean())


@dataclass(frozen=True)
class _Pose:
    found: bool = False
    angle: float = 0.0
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    travel: tuple[float, float, float] | None = None
    parallax: float = 1.0


def _pose(p: Array, q: Array, focal: float, new_focal: float) -> _Pose:
    """Pose of the new camera in the reference's frame, by the essential matrix."""
    if len(p) < 8:
        return _Pose()
    a, b = p / focal, q / new_focal
    cv2.setRNGSeed(1)
    try:
        essential, mask = cv2.findEssentialMat(
            a, b, np.eye(3), cv2.USAC_MAGSAC, _SURE, EPIPOLAR / UNIT / focal
        )
    except cv2.error:
        return _Pose()
    if essential is None or essential.shape != (3, 3):
        return _Pose()
    used = mask.ravel().astype(bool)
    if used.sum() < 8:
        return _Pose()
    a, b = a[used], b[used]
    spin, parallax = _rotation_only(a, b)
    if parallax < STANDING / UNIT / focal:
        return _posed(spin, (0.0, 0.0, 0.0), parallax)
    _, spun, shift, _, lifted = cv2.recoverPose(essential, a, b, np.eye(3), distanceThresh=1e3)
    turn: Array = np.array(spun, float)
    travel = _travel(turn, np.array(shift, float).ravel(), np.array(lifted, float))
    return _posed(turn, travel, parallax)


def _posed(turn: Array, travel: tuple[float, float, float] | None, parallax: float) -> _Pose:
    """The angles of a rotation that brings the reference's frame to the new camera's."""
    axis = turn[2]  # the new camera's direction of view in the reference's frame
    return _Pose(
        found=True,
        angle=float(np.degrees(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1)))),
        roll=float(-np.degrees(np.arctan2(turn[1, 0], turn[0, 0]))),
        yaw=float(np.degrees(np.arctan2(axis[0], axis[2]))),
        pitch=float(np.degrees(np.arcsin(np.clip(-axis[1], -1, 1)))),
        travel=travel,
        parallax=parallax,
    )


def _travel(turn: Array, shift: Array, lifted: Array) -> tuple[float, float, float] | None:
    """Position of the new camera in units of the median depth of what both cameras see."""
    depth = lifted[2] / np.where(np.abs(lifted[3]) < 1e-12, 1e-12, lifted[3])
    ahead = depth[depth > 0]
    if len(ahead) < 5:
        return None
    right, down, forward = (-turn.T @ shift / np.median(ahead)).tolist()
    return right, down, forward


def _rotation_only(a: Array, b: Array) -> tuple[Array, float]:
    """The best pure rotation of the rays (Kabsch) and the median angle it leaves, radians."""
    one, two = (np.c_[rays, np.ones(len(rays))] for rays in (a, b))
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    two /= np.linalg.norm(two, axis=1, keepdims=True)
    u, _, vt = np.linalg.svd(two.T @ one)
    spin = u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt
    return spin, float(np.median(np.linalg.norm(two - one @ spin.T, axis=1)))

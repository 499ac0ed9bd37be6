"""What is measured on a pair of photos: plain numbers, so that the rules need no image library."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quality:
    """How much one picture shows; grey levels are 0..255."""

    sharpness: float  # 95th percentile of the fine detail (grey levels)
    crispness: float  # finest detail against the next coarser: about 0.8, blurred below 0.45
    detail: float  # part of the picture's cells that hold any detail, 0..1
    brightness: float  # mean grey level
    contrast: float  # 5th to 95th percentile of grey levels
    bars: float  # part of the picture taken by uniform bars (a screenshot's or a scan's margins)


@dataclass(frozen=True)
class Sameness:
    """How far two pictures, laid on one another, are one and the same exposure."""

    tight: float = 0.0  # part of the epipolar inliers that one exact homography explains
    middle: float = 0.0  # median correlation of fine detail over the cells
    best: float = 0.0  # its upper quartile
    alike: float = 0.0  # part of the cells with correlation over 0.9
    cells: int = 0  # cells compared


@dataclass(frozen=True)
class Geometry:
    """How the new camera stood against the reference's; degrees, scene depths, long sides.

    The frame is the reference camera's: x right, y down, z forward.
    """

    matches: int
    agreement: float  # weight of the matches that turned alike, above chance
    inliers: int  # agree with one epipolar geometry
    plane_inliers: int  # agree with one homography
    strength: float  # sum over inliers of (1 - ratio of the ratio test)
    coverage: float  # part of the reference's 8x8 cells that hold an inlier, 0..1
    residual: float  # median homography error of its inliers, long sides
    shift: float  # median displacement of the inliers, long sides
    parallax: float  # median angle left by the best pure rotation, radians
    rotation_deg: float
    roll_deg: float  # > 0: the new camera was turned clockwise
    turn_deg: float  # the same by the keypoints' own directions
    yaw_deg: float  # > 0: it points further right
    pitch_deg: float  # > 0: it points further up
    zoom: float  # content scale, new over reference
    travel: tuple[float, float, float] | None  # dx, dy, dz in scene depths
    overlap: float  # part of the reference's frame seen in the new one, 0..1
    turn_spread: float  # median deviation of the keypoints' own turns, degrees
    plane: tuple[float, ...]  # 3x3 homography, reference to new, row by row, long sides
    mirrored: bool = False  # measured on the new photo mirrored back


@dataclass(frozen=True)
class Measurement:
    """One pair, measured. ``geometry`` is None when nothing at all could be matched."""

    reference: Quality
    new: Quality
    geometry: Geometry | None
    sameness: Sameness
    passes: int  # how many attempts the measurement took

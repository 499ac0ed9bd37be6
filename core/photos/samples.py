"""Made-up photographs of a made-up yard, for the demonstration and for tests.

A small ray caster: textured upright walls and a ground in metres (x right, y down, z forward), a
camera 1.6 m above the ground. Nothing here is a real place.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

Kind: TypeAlias = Literal["before", "same_angle", "different_angle", "other_place"]
Picture: TypeAlias = NDArray[np.uint8]
Array: TypeAlias = NDArray[np.float64]

WIDTH, HEIGHT = 1024, 768
FOCAL = 0.85  # long sides; 29 mm of a 35-mm camera
YARD = (55.8893, 37.4457)  # latitude, longitude


@dataclass(frozen=True)
class Camera:
    """Where the phone is (metres) and how it is held (degrees; right, up, clockwise positive)."""

    x: float = 0.0
    z: float = 0.0
    height: float = 1.6
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0

    def axes(self) -> Array:
        """Rows: the camera's right, down and forward in the world."""
        yaw, pitch, roll = np.radians([self.yaw, self.pitch, self.roll])
        turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
        nod = np.array(
            [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
        )
        tilt = np.array(
            [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
        )
        return np.asarray((turn @ nod @ tilt).T)


@dataclass(frozen=True)
class Wall:
    """A textured rectangle: a corner, two edges from it (metres), and its picture."""

    corner: tuple[float, float, float]
    across: tuple[float, float, float]
    down: tuple[float, float, float]
    texture: Picture


_SHOTS: dict[Kind, tuple[Camera, int, bool, float]] = {
    "before": (Camera(), 1, False, 1.0),
    "same_angle": (Camera(x=0.5, z=0.3, yaw=2.0, pitch=-1.0, roll=-1.5), 1, True, 0.85),
    "different_angle": (Camera(x=-3.8, z=1.0, yaw=30.0, pitch=-3.0), 1, True, 0.95),
    "other_place": (Camera(yaw=4.0), 2, True, 1.0),
}


def make(kind: Kind, taken_at: datetime | None = None) -> bytes:
    """A JPEG of at most 80 KB with the time given, coordinates and a phone in its EXIF.

    ``before`` is the citizen's photo of a pothole; ``same_angle`` the executor's from the same
    spot after the repair; ``different_angle`` and ``other_place`` are what should not pass.
    """
    camera, place, repaired, light = _SHOTS[kind]
    pixels = Image.fromarray(render(camera, place=place, repaired=repaired, light=light))
    exif = _exif(kind, taken_at, camera)
    for quality in (82, 74, 66, 58, 50, 42):
        out = io.BytesIO()
        pixels.save(out, "JPEG", quality=quality, exif=exif)
        if out.tell() <= 80 * 1024:
            break
    return out.getvalue()


def _exif(kind: Kind, taken_at: datetime | None, camera: Camera) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "Made-up picture"
    exif[ExifTags.Base.Make] = "Rakurs"
    exif[ExifTags.Base.Model] = "Citizen's phone" if kind == "before" else "Executor's phone"
    exif[ExifTags.Base.Orientation] = 1
    shot = exif.get_ifd(ExifTags.IFD.Exif)
    shot[ExifTags.Base.FocalLengthIn35mmFilm] = 29
    if taken_at is not None:
        shot[ExifTags.Base.DateTimeOriginal] = f"{taken_at:%Y:%m:%d %H:%M:%S}"
        offset = f"{taken_at:%z}"
        if offset:
            shot[ExifTags.Base.OffsetTimeOriginal] = f"{offset[:3]}:{offset[3:5]}"
    away = 0.02 if kind == "other_place" else 0.0
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = YARD[0] + away + camera.z / 111_000
    longitude = YARD[1] + camera.x / 62_000
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
    place[ExifTags.GPS.GPSLatitude] = _sexagesimal(latitude)
    place[ExifTags.GPS.GPSLongitude] = _sexagesimal(longitude)
    place[ExifTags.GPS.GPSImgDirectionRef] = "T"
    place[ExifTags.GPS.GPSImgDirection] = camera.yaw % 360
    return exif


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(degrees, 1)
    minutes, rest = divmod(rest * 60, 1)
    return whole, minutes, round(rest * 60, 3)


def render(
    camera: Camera, *, place: int = 1, repaired: bool = False, light: float = 1.0
) -> Picture:
    """The yard ``place`` as this camera sees it: ``HEIGHT`` x ``WIDTH`` x 3, red first."""
    high, wide = HEIGHT * 3 // 2, WIDTH * 3 // 2
    rows, columns = np.mgrid[0:high, 0:wide].astype(np.float32)
    rays = np.stack(
        [
            (columns - (wide - 1) / 2) / (wide * FOCAL),
            (rows - (high - 1) / 2) / (wide * FOCAL),
            np.ones_like(rows),
        ],
        axis=-1,
    ) @ camera.axes().astype(np.float32)
    eye = np.array([camera.x, -camera.height, camera.z])
    picture = _sky(rays)
    nearest = np.full(rows.shape, np.inf, np.float32)
    for wall in (*_walls(place), _ground(place, repaired)):
        _hang(picture, nearest, rays, eye, wall)
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(place + repaired).normal(0, 2.0, small.shape)
    return np.asarray(np.clip(small * light + noise, 0, 255), np.uint8)


def _hang(
    picture: NDArray[np.float32],
    nearest: NDArray[np.float32],
    rays: NDArray[np.float32],
    eye: Array,
    wall: Wall,
) -> None:
    """Paint a wall where it is the nearest thing so far."""
    corner, across, down = (np.array(v) for v in (wall.corner, wall.across, wall.down))
    normal = np.cross(across, down)
    frame = np.stack([normal, across / (across @ across), down / (down @ down)], axis=-1)
    start = (eye - corner) @ frame
    along = rays @ frame.astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        far = float(-start[0]) / along[..., 0]
        u = far * along[..., 1] + float(start[1])
        v = far * along[..., 2] + float(start[2])
        seen = (far > 0.2) & (far < nearest) & (u >= 0) & (u < 1) & (v >= 0) & (v < 1)
    where = np.flatnonzero(seen)
    if not len(where):
        return
    height, width = wall.texture.shape[:2]
    across_pixels = (u.ravel()[where] * (width - 1)).reshape(-1, 1)
    down_pixels = (v.ravel()[where] * (height - 1)).reshape(-1, 1)
    # OpenCV's remap takes at most 32767 rows
    for first in range(0, len(where), 30_000):
        part = slice(first, first + 30_000)
        painted = cv2.remap(wall.texture, across_pixels[part], down_pixels[part], cv2.INTER_LINEAR)
        picture.reshape(-1, 3)[where[part]] = painted.reshape(-1, 3)
    nearest.ravel()[where] = far.ravel()[where]


def _sky(rays: NDArray[np.float32]) -> NDArray[np.float32]:
    horizon, zenith = np.array([[225, 232, 238], [150, 185, 225]], np.float32)
    up = np.clip(-rays[..., 1] / np.linalg.norm(rays, axis=-1), 0, 1)[..., None]
    return np.asarray(horizon + up * (zenith - horizon), np.float32)


# ------------------------------------------------------------------ textures


@cache
def _walls(place: int) -> tuple[Wall, ...]:
    draw = np.random.default_rng(100 + place)
    side = float(draw.uniform(8, 11))
    if place > 1:
        return _courtyard(draw, side)
    return (
        Wall((-20, -15, 24), (42, 0, 0), (0, 15, 0), _house(draw, 42, 15)),
        Wall((-side, -9, 6), (0, 0, 18), (0, 9, 0), _house(draw, 18, 9)),
        Wall((9, -2.2, 5), (0, 0, 19), (0, 2.2, 0), _fence(draw)),
        Wall((3.2, -2.7, 14), (3.4, 0, 0), (0, 2.7, 0), _kiosk(draw)),
        Wall((3.2, -2.7, 16.5), (0, 0, -2.5), (0, 2.7, 0), _house(draw, 2.5, 2.7)),
        Wall((-5.2, -6.5, 11), (0.28, 0, 0), (0, 6.5, 0), _plain(draw, 20, 400, (92, 88, 84))),
        Wall((5.6, -3.2, 8.5), (1.5, 0, 0), (0, 1.0, 0), _board(draw)),
        Wall(
            (6.28, -2.2, 8.52), (0.14, 0, 0), (0, 2.2, 0), _plain(draw, 10, 150, (120, 120, 120))
        ),
        Wall((-7.5, -1.1, 15.5), (3.6, 0, 0), (0, 1.1, 0), _car(draw)),
    )


def _courtyard(draw: np.random.Generator, side: float) -> tuple[Wall, ...]:
    """Another yard: garages instead of houses, nothing of the first one's furniture."""
    return (
        Wall((-24, -3, 29), (20, 0, -4), (0, 3, 0), _garages(draw, 20)),
        Wall((2, -3.4, 18), (22, 0, 8), (0, 3.4, 0), _garages(draw, 23)),
        Wall((-side, -2.2, 5), (0, 0, 19), (0, 2.2, 0), _fence(draw)),
        Wall((-3.4, -5.0, 12), (2.6, 0, 0.6), (0, 3.8, 0), _mural(draw)),
    )


def _plain(
    draw: np.random.Generator, width: int, height: int, colour: tuple[int, int, int]
) -> Picture:
    """A rough surface: noise of several sizes."""
    rough = np.zeros((height, width), np.float32)
    for size, strength in ((1, 9.0), (4, 12.0), (16, 10.0)):
        small = draw.normal(0, strength, (height // size + 1, width // size + 1))
        rough += cv2.resize(small.astype(np.float32), (width, height))
    return np.asarray(np.clip(rough[..., None] + np.array(colour), 0, 255), np.uint8)


def _colour(draw: np.random.Generator, low: int = 60, high: int = 220) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in draw.integers(low, high, 3))
    return red, green, blue


def _house(draw: np.random.Generator, width: float, height: float) -> Picture:
    """A wall of panels with windows, each with its own curtains."""
    scale = 44
    wide, high = round(width * scale), round(height * scale)
    wall = _plain(draw, wide, high, _colour(draw, 130, 205))
    for top in range(30, high - 90, 132):
        for left in range(26, wide - 80, 118):
            if draw.random() < 0.12:
                continue
            glass = _colour(draw, 25, 110)
            box = (left + int(draw.integers(0, 14)), top, 62, 80)
            cv2.rectangle(wall, box, (235, 235, 230), -1)
            cv2.rectangle(wall, (box[0] + 5, top + 5, 52, 70), glass, -1)
            curtain = int(draw.integers(8, 40))
            cv2.rectangle(wall, (box[0] + 5, top + 5, curtain, 70), _colour(draw, 90, 240), -1)
            cv2.line(wall, (box[0] + 31, top + 5), (box[0] + 31, top + 74), (235, 235, 230), 3)
        cv2.line(wall, (0, top - 22), (wide, top - 22), (110, 108, 105), 2)
    for _ in range(int(width * height / 10)):  # stains and cracks
        spot = int(draw.integers(0, wide)), int(draw.integers(0, high))
        end = spot[0] + int(draw.integers(-40, 40)), spot[1] + int(draw.integers(10, 90))
        cv2.line(wall, spot, end, _colour(draw, 70, 150), int(draw.integers(1, 4)))
    return wall


def _garages(draw: np.random.Generator, width: float) -> Picture:
    """A row of gates under a slate roof."""
    wall = _plain(draw, round(width * 40), 130, _colour(draw, 90, 170))
    for left in range(12, wall.shape[1] - 110, 128):
        colour = _colour(draw, 50, 200)
        cv2.rectangle(wall, (left, 34, 104, 96), colour, -1)
        for _ in range(7):
            spot = left + int(draw.integers(0, 100)), 34 + int(draw.integers(0, 90))
            cv2.ellipse(
                wall, spot, (int(draw.integers(3, 16)), int(draw.integers(2, 9))),
                float(draw.integers(0, 180)), 0, 360, _colour(draw, 40, 230), -1,
            )  # fmt: skip
    return wall


def _mural(draw: np.random.Generator) -> Picture:
    """Something painted on a shield: blobs, none like another."""
    mural = _plain(draw, 320, 460, _colour(draw, 150, 230))
    for _ in range(60):
        centre = int(draw.integers(0, 320)), int(draw.integers(0, 460))
        corners = draw.integers(-45, 45, (int(draw.integers(3, 7)), 2)) + np.array(centre)
        cv2.fillPoly(mural, [corners.astype(np.int32)], _colour(draw, 20, 250))
    return mural


def _fence(draw: np.random.Generator) -> Picture:
    fence = _plain(draw, 19 * 50, 110, _colour(draw, 70, 150))
    for left in range(0, 19 * 50, 24):
        cv2.rectangle(fence, (left, 0, 5, 110), _colour(draw, 40, 170), -1)
    return fence


def _kiosk(draw: np.random.Generator) -> Picture:
    kiosk = _plain(draw, 340, 270, _colour(draw, 120, 220))
    cv2.rectangle(kiosk, (20, 15, 300, 60), _colour(draw, 20, 120), -1)
    cv2.putText(kiosk, "KIOSK 24", (40, 60), cv2.FONT_HERSHEY_DUPLEX, 1.5, (245, 240, 200), 3)
    for row in range(2):
        for column in range(5):
            at = (25 + column * 60, 95 + row * 70, 50, 58)
            cv2.rectangle(kiosk, at, _colour(draw, 30, 250), -1)
            cv2.circle(kiosk, (at[0] + 25, at[1] + 29), 15, _colour(draw, 30, 250), -1)
    return kiosk


def _board(draw: np.random.Generator) -> Picture:
    board = _plain(draw, 300, 200, (235, 235, 235))
    for line in range(5):
        text = "".join(draw.choice(list("ABEKMHOPCTX0123456789"), 11))
        cv2.putText(
            board, text, (12, 38 + line * 36), cv2.FONT_HERSHEY_SIMPLEX, 1, (30, 50, 130), 3
        )
    return board


def _car(draw: np.random.Generator) -> Picture:
    car = _plain(draw, 360, 110, _colour(draw, 60, 200))
    cv2.rectangle(car, (60, 8, 230, 40), (40, 50, 60), -1)
    for centre in (70, 290):
        cv2.circle(car, (centre, 90), 22, (25, 25, 25), -1)
        cv2.circle(car, (centre, 90), 10, (170, 170, 170), -1)
    return car


@cache
def _ground(place: int, repaired: bool) -> Wall:
    """Asphalt with a kerb, cracks, a manhole, and the pothole or its fresh patch."""
    draw = np.random.default_rng(200 + place)
    scale = 60
    wide, deep = 24 * scale, 24 * scale
    road = _plain(draw, wide, deep, (112, 110, 108))
    road[:, : 6 * scale] = _plain(draw, 6 * scale, deep, (96, 122, 74))
    cv2.rectangle(road, (6 * scale, 0, 14, deep), (190, 188, 182), -1)
    for _ in range(90):
        spot = np.array([int(v) for v in draw.integers(0, wide, 2)])
        for _ in range(int(draw.integers(3, 9))):
            step = spot + draw.integers(-45, 45, 2)
            cv2.line(road, spot.tolist(), step.tolist(), (70, 68, 66), int(draw.integers(1, 4)))
            spot = step
    manhole = (int(draw.integers(9, 11) * scale), deep - 8 * scale)
    if place == 1:
        cv2.circle(road, manhole, 24, (60, 58, 56), -1)
        cv2.circle(road, manhole, 17, (130, 126, 120), 4)
    hole = (12 * scale + 10, round(deep - 5.6 * scale))  # ahead of the citizen
    if repaired:
        patch = (hole[0] - 75, hole[1] - 60, 150, 125)
        cv2.rectangle(road, patch, (62, 61, 62), -1)
        cv2.rectangle(road, patch, (40, 40, 40), 4)
    else:
        _pothole(draw, road, hole)
    return Wall((-12, 0, 24), (24, 0, 0), (0, 0, -24), road)


def _pothole(draw: np.random.Generator, road: Picture, at: tuple[int, int]) -> None:
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    reach = draw.uniform(0.75, 1.2, 24)
    for share, colour in ((1.0, (78, 74, 68)), (0.8, (52, 48, 44)), (0.5, (92, 84, 72))):
        edge = np.stack([70 * np.cos(angles), 52 * np.sin(angles)], -1) * reach[:, None] * share
        cv2.fillPoly(road, [(edge + at).astype(np.int32)], colour)

"""The picture of a comparison: the common view outlined, and one photo laid on the other.

Made for a phone: 1080 px wide, thick lines, few words.
"""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.photos.lettering import font
from core.photos.measurement import Geometry
from core.photos.rules import Verdict

WIDTH, GAP, CAPTION = 1080, 8, 60
_TITLE, _LABEL, _LEGEND = 40, 32, 28
"""Letters, pixels: a telephone shows the whole width on seven centimetres."""
_PANEL = (WIDTH - GAP) // 2
_INK, _PAPER = (32, 33, 36), (245, 245, 242)
_TITLES = {
    Verdict.SAME_ANGLE: ("Ракурс совпадает", (24, 128, 56)),
    Verdict.DIFFERENT_ANGLE: ("Ракурс другой", (190, 90, 0)),
    Verdict.OTHER_PLACE: ("Не удаётся узнать место", (190, 90, 0)),
    Verdict.NEEDS_EDITING: ("Снимок нужно исправить", (190, 90, 0)),
    Verdict.REUSED_PHOTO: ("Похоже на тот же самый снимок", (179, 38, 30)),
    Verdict.UNSURE: ("Снимок неразборчив", (95, 99, 104)),
}
_OUTLINED = "рамка: общая часть"
_CITIZENS, _EARLIER = "1. Фото жителя", "1. Прежнее фото"
_HIDDEN = (222, 222, 218)


@dataclass(frozen=True)
class Panel:
    """One photo and the part of it that was measured: left, top, right, bottom."""

    pixels: Image.Image
    box: tuple[int, int, int, int]


def draw(
    reference: Panel,
    new: Panel,
    verdict: Verdict,
    shape: Geometry | None,
    *,
    elsewhere: bool = False,
) -> bytes:
    """JPEG bytes; ``shape`` None when the two could not be related.

    ``elsewhere``: the reference is a photo of another case, and nothing of it is shown but what
    the new photo shows too (4.1).
    """
    title, colour = _TITLES[verdict]
    if elsewhere:
        reference = _only_common(reference, new, shape)
    label = _EARLIER if elsewhere else _CITIZENS
    rows = [_side_by_side(reference, new, shape, colour, label)]
    if shape is not None:
        rows.append(_overlay(reference, new, shape))
    height = CAPTION + sum(row.height + GAP for row in rows)
    sheet = Image.new("RGB", (WIDTH, height), _PAPER)
    ImageDraw.Draw(sheet).rectangle((0, 0, WIDTH, CAPTION - 4), fill=colour)
    _write(sheet, (16, 5), title, (255, 255, 255), _TITLE)
    if shape is not None:
        room = WIDTH - 16 - round(font(_LEGEND).getlength(_OUTLINED))
        _write(sheet, (room, 13), _OUTLINED, (255, 255, 255), _LEGEND)
    top = CAPTION
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height + GAP
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=82)
    return out.getvalue()


def _only_common(reference: Panel, new: Panel, shape: Geometry | None) -> Panel:
    """The reference with everything covered that the new photo does not show."""
    covered = Image.new("RGB", reference.pixels.size, _HIDDEN)
    if shape is not None:
        polygon, _ = _common(reference, new, shape)
        if len(polygon) >= 3:
            shared = Image.new("L", reference.pixels.size)
            ImageDraw.Draw(shared).polygon([(float(x), float(y)) for x, y in polygon], fill=255)
            covered.paste(reference.pixels, mask=shared)
    return Panel(covered, reference.box)


def _side_by_side(
    reference: Panel,
    new: Panel,
    shape: Geometry | None,
    colour: tuple[int, int, int],
    first: str,
) -> Image.Image:
    left, right = _fit(reference.pixels), _fit(new.pixels)
    if shape is not None:
        there, here = _common(reference, new, shape)
        _outline(left, there, left.width / reference.pixels.width, colour)
        _outline(right, here, right.width / new.pixels.width, colour)
    row = Image.new("RGB", (WIDTH, max(left.height, right.height) + CAPTION), _PAPER)
    for x, label, panel in ((0, first, left), (_PANEL + GAP, "2. Новое фото", right)):
        _write(row, (x + 8, 9), label, _INK, _LABEL)
        row.paste(panel, (x + (_PANEL - panel.width) // 2, CAPTION))
    return row


def _fit(pixels: Image.Image) -> Image.Image:
    """The photo at the size of a panel; a tall one no taller than one and a third of its width."""
    share = min(_PANEL / pixels.width, _PANEL * 4 / 3 / pixels.height)
    size = max(1, round(pixels.width * share)), max(1, round(pixels.height * share))
    return pixels.resize(size, Image.Resampling.BILINEAR)


Points = NDArray[np.float64]


def _common(reference: Panel, new: Panel, shape: Geometry) -> tuple[Points, Points]:
    """The view both share, as a polygon in each photo's pixels."""
    plane = _pixel_plane(reference, new, shape)
    width, height = new.pixels.size
    left, top, right, bottom = reference.box
    edge = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float)
    polygon = _clip(_dense(edge), plane, width, height)
    return polygon, _through(plane, polygon) if len(polygon) else polygon


def _pixel_plane(reference: Panel, new: Panel, shape: Geometry) -> Points:
    """Homography from the reference's pixels to the new photo's."""
    plane = np.array(shape.plane).reshape(3, 3)
    if shape.mirrored:
        plane = np.diag([-1.0, 1.0, 1.0]) @ plane
    return np.asarray(np.linalg.inv(_centred(new.box)) @ plane @ _centred(reference.box))


def _centred(box: tuple[int, int, int, int]) -> Points:
    left, top, right, bottom = box
    long_side = max(right - left, bottom - top)
    return np.array(
        [
            [1 / long_side, 0, -(left + right - 1) / 2 / long_side],
            [0, 1 / long_side, -(top + bottom - 1) / 2 / long_side],
            [0, 0, 1],
        ]
    )


def _dense(corners: Points) -> Points:
    """A polygon with twenty points on every side."""
    steps = np.linspace(0, 1, 20, endpoint=False)[:, None]
    sides = zip(corners, np.roll(corners, -1, axis=0), strict=True)
    return np.concatenate([a + (b - a) * steps for a, b in sides])


def _clip(polygon: Points, plane: Points, width: int, height: int) -> Points:
    """Sutherland-Hodgman: the polygon's part that lands inside the new photo."""
    # each half-plane of the new frame is linear in homogeneous coordinates of the reference
    frame = np.array([[1, 0, 0], [0, 1, 0], [-1, 0, width], [0, -1, height]])
    limits = np.concatenate([plane[2:], frame @ plane])
    points = [np.array([x, y, 1.0]) for x, y in polygon]
    for limit in limits:
        kept: list[Points] = []
        for a, b in zip(points, points[1:] + points[:1], strict=True):
            inside, after = float(limit @ a), float(limit @ b)
            if inside >= 0:
                kept.append(a)
            if (inside >= 0) != (after >= 0):
                kept.append(a + (b - a) * (inside / (inside - after)))
        points = kept
        if not points:
            break
    return np.array([p[:2] for p in points]).reshape(-1, 2)


def _through(plane: Points, points: Points) -> Points:
    lifted = np.c_[points, np.ones(len(points))] @ plane.T
    return np.asarray(lifted[:, :2] / np.where(np.abs(lifted[:, 2:]) < 1e-9, 1e-9, lifted[:, 2:]))


def _outline(
    panel: Image.Image, polygon: Points, share: float, colour: tuple[int, int, int]
) -> None:
    if len(polygon) < 3:
        return
    corners = [(float(x) * share, float(y) * share) for x, y in polygon]
    pen = ImageDraw.Draw(panel)
    pen.line([*corners, corners[0]], fill=(255, 255, 255), width=9, joint="curve")
    pen.line([*corners, corners[0]], fill=colour, width=5, joint="curve")


def _overlay(reference: Panel, new: Panel, shape: Geometry) -> Image.Image:
    """The new photo laid on the citizen's: blended on the left, in alternating strips beside."""
    base = _fit(reference.pixels)
    share = base.width / reference.pixels.width
    plane = _pixel_plane(reference, new, shape) @ np.diag([1 / share, 1 / share, 1.0])
    plane = plane / plane[2, 2]
    numbers = tuple(plane.ravel()[:8].tolist())
    laid = new.pixels.transform(
        base.size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR
    )
    seen = Image.new("L", new.pixels.size, 255).transform(
        base.size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.NEAREST
    )
    blend = base.copy()
    blend.paste(Image.blend(base, laid, 0.5), mask=seen)
    strips = base.copy()
    strips.paste(laid, mask=Image.composite(seen, Image.new("L", base.size), _stripes(base.size)))
    row = Image.new("RGB", (WIDTH, base.height + CAPTION), _PAPER)
    for x, label, panel in (
        (0, "Наложение 1 + 2", blend),
        (_PANEL + GAP, "Полосами: 1 | 2 | 1 | 2", strips),
    ):
        _write(row, (x + 8, 9), label, _INK, _LABEL)
        row.paste(panel, (x + (_PANEL - panel.width) // 2, CAPTION))
    return row


def _stripes(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", size)
    pen = ImageDraw.Draw(mask)
    step = size[0] / 6
    for index in range(1, 6, 2):
        pen.rectangle((round(index * step), 0, round((index + 1) * step), size[1]), fill=255)
    return mask


def _write(
    sheet: Image.Image, at: tuple[int, int], text: str, colour: tuple[int, int, int], size: int
) -> None:
    ImageDraw.Draw(sheet).text(at, text, fill=colour, font=font(size))

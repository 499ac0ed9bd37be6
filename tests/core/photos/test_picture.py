"""The picture of a comparison, as it is sent to a telephone."""

import io
from dataclasses import replace

import numpy as np
from PIL import Image

from core.photos import judge
from core.photos.picture import CAPTION, WIDTH, Panel, draw
from core.photos.rules import Verdict
from core.photos.samples import Camera
from tests.core.photos.scenes import geometry, jpeg, noise, shot

BACK = Camera(x=0.5, z=0.3, yaw=2.0, roll=-1.5)


def size(picture: bytes | None) -> tuple[int, int]:
    assert picture is not None
    with Image.open(io.BytesIO(picture)) as opened:
        return opened.size


def test_common_part_is_outlined_and_one_photo_is_laid_on_the_other() -> None:
    told = judge.judge(shot(), shot(BACK, repaired=True))
    width, height = size(told.picture)
    row = round((WIDTH - 8) / 2 * 3 / 4) + CAPTION
    assert width == WIDTH
    assert abs(height - CAPTION - 2 * (row + 8)) <= 2


def test_unrelated_photos_are_shown_side_by_side_alone() -> None:
    told = judge.judge(shot(place=2), jpeg(noise(1024, 768)))
    assert size(told.picture)[1] < CAPTION * 2 + WIDTH / 2


def test_photos_related_by_few_points_are_not_laid_on_one_another() -> None:
    """A plane through a handful of points warps the photo beyond recognition."""
    told = judge.judge(shot(), shot(BACK, repaired=True)).comparison
    assert told.measured is not None
    assert told.measured.geometry is not None
    few = replace(told.measured.geometry, plane_inliers=judge.ENOUGH_TO_OVERLAY - 1)
    weak = replace(told, measured=replace(told.measured, geometry=few))
    assert not judge.can_be_laid(weak)
    assert judge.can_be_laid(told)


def test_tall_photo_is_no_taller_than_a_telephone_shows() -> None:
    tall = Panel(Image.fromarray(noise(200, 2000)), (0, 0, 200, 2000))
    drawn = draw(tall, tall, Verdict.SAME_ANGLE, geometry())
    with Image.open(io.BytesIO(drawn)) as opened:
        assert opened.height < 2 * opened.width
        assert np.asarray(opened).std() > 10

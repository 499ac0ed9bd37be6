"""The judge on rendered photographs whose cameras are known exactly."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from core.photos import angle, judge, views
from core.photos.comparison import Comparison
from core.photos.measurement import Geometry
from core.photos.quality import Grey
from core.photos.rules import Verdict
from core.photos.samples import Camera, Picture, make
from tests.core.photos.scenes import CITIZEN, exif_of, jpeg, moment, saved, shot, yard

BACK = replace(CITIZEN, x=0.5, z=0.3, yaw=2.0, roll=-1.5)


def against_citizen(new: bytes) -> Comparison:
    return judge.compare(shot(), new)


def shape_of(camera: Camera) -> Geometry:
    measured = against_citizen(shot(camera, repaired=True)).measured
    assert measured is not None
    assert measured.geometry is not None
    return measured.geometry


def changed(pixels: Picture) -> bytes:
    return jpeg(np.ascontiguousarray(pixels))


def test_the_repaired_yard_from_the_citizen_s_spot_passes() -> None:
    assert against_citizen(shot(BACK, repaired=True)).verdict is Verdict.SAME_ANGLE


def test_the_yard_from_another_corner_does_not_pass() -> None:
    found = against_citizen(shot(Camera(x=-3.8, z=1.0, yaw=30.0), repaired=True))
    assert found.verdict is Verdict.DIFFERENT_ANGLE
    assert "левее" in found.advice


def test_another_yard_is_not_recognised() -> None:
    found = against_citizen(shot(place=2, repaired=True))
    assert found.verdict is Verdict.OTHER_PLACE
    assert "Не удаётся узнать место" in found.advice


@pytest.mark.parametrize("roll", [-8.0, 6.0])
def test_roll_is_measured_to_half_a_degree(roll: float) -> None:
    assert shape_of(replace(BACK, roll=roll)).roll_deg == pytest.approx(roll, abs=0.5)


@pytest.mark.parametrize(("yaw", "pitch"), [(7.0, 0.0), (-6.0, 3.0)])
def test_yaw_and_pitch_have_the_signs_of_the_contract(yaw: float, pitch: float) -> None:
    found = shape_of(replace(BACK, yaw=yaw, pitch=pitch))
    assert found.yaw_deg == pytest.approx(yaw, abs=0.8)
    assert found.pitch_deg == pytest.approx(pitch, abs=0.8)


@pytest.mark.parametrize(
    ("camera", "axis", "sign"),
    [
        (Camera(x=2.5), 0, 1),
        (Camera(x=-2.5), 0, -1),
        (Camera(z=3.0), 2, 1),
        (Camera(z=-3.0), 2, -1),
        (Camera(height=3.6), 1, -1),
    ],
)
def test_movement_has_the_signs_of_the_contract(camera: Camera, axis: int, sign: int) -> None:
    travel = shape_of(camera).travel
    assert travel is not None
    assert travel[axis] * sign > 0.03
    assert abs(travel[axis]) == max(map(abs, travel))


@pytest.mark.parametrize(("turns", "roll"), [(1, 90.0), (2, 180.0), (3, -90.0)])
def test_a_photo_lying_on_its_side_is_to_be_turned(turns: int, roll: float) -> None:
    # numpy turns the picture counter-clockwise: the camera was turned clockwise
    found = against_citizen(changed(np.rot90(yard(BACK, repaired=True), turns)))
    assert found.verdict is Verdict.NEEDS_EDITING
    assert "turned" in found.reasons
    assert found.measured is not None
    assert found.measured.geometry is not None
    off = (found.measured.geometry.roll_deg - roll - BACK.roll + 180) % 360 - 180
    assert abs(off) < 1


def test_a_flag_that_turns_an_upright_photo_is_noticed() -> None:
    lying = jpeg(yard(BACK, repaired=True), exif=exif_of(orientation=6))
    found = against_citizen(lying)
    assert found.verdict is Verdict.NEEDS_EDITING
    assert found.reasons[0] == "orientation_flag_wrong"


def test_a_mirrored_photo_is_noticed() -> None:
    found = against_citizen(changed(yard(BACK, repaired=True)[:, ::-1]))
    assert found.verdict is Verdict.NEEDS_EDITING
    assert "mirrored" in found.reasons


def test_a_zoomed_photo_is_noticed() -> None:
    cut = yard(BACK, repaired=True)[150:618, 200:824]
    found = against_citizen(changed(cut))
    assert found.verdict is Verdict.NEEDS_EDITING
    assert "zoomed" in found.reasons
    assert "в 1,6 раза" in found.advice


def test_the_bars_of_a_screenshot_are_noticed_and_do_not_disturb() -> None:
    bars = np.full((1100, 1024, 3), 16, np.uint8)
    bars[166:934] = yard(BACK, repaired=True)
    found = against_citizen(changed(bars))
    assert found.verdict is Verdict.NEEDS_EDITING
    assert found.reasons[0] == "bars"
    assert found.scores.same > 0.5


@pytest.mark.parametrize("sigma", [6.0])
def test_a_blurred_photo_is_to_be_taken_again(sigma: float) -> None:
    import cv2

    blurred = cv2.GaussianBlur(yard(BACK, repaired=True), (0, 0), sigma)
    assert against_citizen(changed(np.asarray(blurred, np.uint8))).verdict is Verdict.UNSURE


def test_a_covered_lens_and_the_night_are_to_be_taken_again() -> None:
    covered = np.full((768, 1024, 3), 90, np.uint8)
    night = (yard(BACK, repaired=True) * 0.04).astype(np.uint8)
    assert against_citizen(changed(covered)).reasons[0] == "no_detail"
    assert against_citizen(changed(night)).reasons[0] == "too_dark"


def test_the_citizen_s_own_photo_is_recognised_however_it_was_saved() -> None:
    original = yard()
    bright = np.clip(original * 1.2 + 10, 0, 255).astype(np.uint8)
    smaller = Image.fromarray(original).resize((800, 600))
    doctored = original.copy()
    doctored[440:600, 350:700] = 60
    for copy in (
        jpeg(original, quality=40),
        jpeg(bright),
        saved(smaller, "JPEG"),
        saved(Image.fromarray(original), "PNG"),
        changed(original[40:740, 60:990]),
        changed(doctored),
        changed(original[:, ::-1]),
    ):
        assert against_citizen(copy).verdict is Verdict.REUSED_PHOTO


def test_a_steady_hand_is_not_accused_of_reuse() -> None:
    steady = replace(CITIZEN, x=0.12, z=0.05, yaw=0.3)
    assert against_citizen(shot(steady, repaired=True)).verdict is Verdict.SAME_ANGLE


def test_a_refused_citizen_s_photo_is_said_to_be_the_citizen_s() -> None:
    found = judge.compare(b"", shot())
    assert found.verdict is Verdict.REJECT_CORRUPT
    assert found.advice.startswith("Фото жителя: ")


def test_the_picture_is_a_jpeg_for_a_phone_and_a_refusal_has_none() -> None:
    told = judge.judge(shot(), shot(BACK, repaired=True))
    assert told.picture is not None
    assert told.picture.startswith(b"\xff\xd8")
    assert len(told.picture) < 400_000
    assert judge.judge(shot(), b"").picture is None


def test_a_photo_without_a_reference_is_looked_at_alone() -> None:
    assert judge.inspect(shot()).verdict is Verdict.SAME_ANGLE
    assert judge.inspect(b"text").verdict is Verdict.REJECT_NOT_IMAGE


def test_the_json_has_the_fields_of_the_contract() -> None:
    fields = against_citizen(shot(BACK, repaired=True)).to_json()
    assert set(fields) == {
        "verdict", "confidence", "advice", "reasons", "scores", "roll_deg", "yaw_deg",
        "pitch_deg", "zoom", "dx", "dy", "dz", "overlap", "inliers", "exif", "elapsed_ms",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("same_angle", Verdict.SAME_ANGLE),
        ("different_angle", Verdict.DIFFERENT_ANGLE),
        ("other_place", Verdict.OTHER_PLACE),
        ("before", Verdict.REUSED_PHOTO),
    ],
)
def test_the_demonstration_s_photos_get_their_verdicts(kind: str, verdict: Verdict) -> None:
    taken = moment("2026-11-20T10:00:00+03:00")
    new = make(kind, taken)  # type: ignore[arg-type]
    found = judge.compare(make("before", taken), new)
    assert found.verdict is verdict
    assert found.new.taken_at == taken
    assert found.new.gps is not None
    assert len(new) <= 80 * 1024


def test_another_matcher_is_asked_where_features_find_little_and_only_there() -> None:
    """A negative: its gradients point the other way, so SIFT finds nothing of the place in it."""
    asked: list[int] = []

    def knows_negatives(reference: Grey, new: Grey) -> views.Matched:
        asked.append(1)
        plain = views.matched(views.view(reference), views.view(255 - new))
        return views.Matched(plain.points, plain.new_points, plain.doubts)

    one = np.asarray(Image.fromarray(yard()).convert("L"))
    two = np.asarray(Image.fromarray(yard(Camera(x=0.5, z=0.3, roll=12.0))).convert("L"))
    lost, _ = angle.measure(one, 255 - two)
    found, attempts = angle.measure(one, 255 - two, matcher=knows_negatives)
    assert lost is None or lost.geometry.inliers < angle.ENOUGH
    assert attempts == 3
    assert found is not None
    assert found.geometry.inliers > angle.ENOUGH
    assert found.geometry.turn_deg == pytest.approx(12, abs=3)
    assert asked == [1]
    _, attempts = angle.measure(one, two, matcher=knows_negatives)
    assert (attempts, asked) == (1, [1])

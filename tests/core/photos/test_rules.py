"""The verdict and the advice, from plain numbers."""

from dataclasses import asdict, replace

import pytest

from core.photos.advice import advise, advise_alone
from core.photos.measurement import Measurement, Sameness
from core.photos.rules import Verdict, decide, decide_alone, shipped_parameters
from tests.core.photos.scenes import GOOD, geometry, measurement

ONE_EXPOSURE = Sameness(tight=0.98, middle=0.99, best=0.995, alike=0.95, cells=120)


def verdict(measured: Measurement, *notes: str) -> Verdict:
    return decide(measured, notes).verdict


def advice(measured: Measurement, *notes: str) -> str:
    return advise(measured, decide(measured, notes))


def test_a_photo_from_the_same_spot_passes() -> None:
    assert verdict(measurement(geometry())) is Verdict.SAME_ANGLE


@pytest.mark.parametrize(
    "change",
    [
        {"rotation_deg": 30.0, "yaw_deg": 30.0, "travel": (-0.3, 0.0, 0.0), "shift": 0.3},
        {"travel": (0.6, 0.0, 0.1), "rotation_deg": 25.0, "yaw_deg": -25.0, "shift": 0.2},
    ],
)
def test_another_viewpoint_does_not_pass(change: dict[str, object]) -> None:
    assert verdict(measurement(geometry(**change))) is Verdict.DIFFERENT_ANGLE


def test_the_further_the_camera_moved_the_less_the_angle_is_the_same() -> None:
    scores = [
        decide(measurement(geometry(travel=(x, 0.0, 0.0)))).scores.same
        for x in (0.02, 0.1, 0.2, 0.4, 0.8)
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_every_shipped_weight_has_the_sign_that_common_sense_gives() -> None:
    same, place = shipped_parameters().same.weights, shipped_parameters().place.weights
    assert all(same[name] <= 0 for name in ("turn", "travel", "shift") if name in same)
    assert all(weight >= 0 for weight in place.values())


def test_nothing_in_common_is_a_place_not_recognised_and_no_accusation() -> None:
    measured = measurement(None)
    assert verdict(measured) is Verdict.OTHER_PLACE
    assert advice(measured).startswith("Не удаётся узнать место")


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        (replace(GOOD, brightness=5.0), "too_dark"),
        (replace(GOOD, sharpness=0.8), "blurred"),
        (replace(GOOD, crispness=0.35), "blurred"),
        (replace(GOOD, contrast=2.0, sharpness=0.0), "no_detail"),
    ],
)
def test_a_picture_that_shows_nothing_is_to_be_taken_again(shown: object, reason: str) -> None:
    decision = decide(measurement(None, new=shown))  # type: ignore[arg-type]
    assert decision.verdict is Verdict.UNSURE
    assert decision.reasons[0] == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"roll_deg": 90.0, "rotation_deg": 90.0}, "turned"),
        ({"roll_deg": -16.0, "rotation_deg": 16.0}, "tilted"),
        ({"zoom": 1.6, "travel": (0.0, 0.0, 0.4)}, "zoomed"),
        ({"mirrored": True}, "mirrored"),
    ],
)
def test_what_would_have_to_be_edited_is_named(change: dict[str, object], reason: str) -> None:
    decision = decide(measurement(geometry(**change)))
    assert decision.verdict is Verdict.NEEDS_EDITING
    assert reason in decision.reasons


def test_the_bars_of_a_screenshot_have_to_go() -> None:
    assert verdict(measurement(geometry(), new=replace(GOOD, bars=0.2))) is Verdict.NEEDS_EDITING


def test_a_flag_that_lays_the_photo_on_its_side_has_to_go() -> None:
    decision = decide(measurement(geometry(), same=ONE_EXPOSURE), ("orientation_flag_wrong",))
    assert decision.verdict is Verdict.NEEDS_EDITING
    assert decision.reasons[0] == "orientation_flag_wrong"


def test_reuse_is_alleged_when_every_sign_agrees() -> None:
    assert verdict(measurement(geometry(), same=ONE_EXPOSURE)) is Verdict.REUSED_PHOTO


@pytest.mark.parametrize("weak", [{"tight": 0.7}, {"best": 0.95}, {"alike": 0.4}])
def test_one_sign_missing_is_enough_not_to_allege_reuse(weak: dict[str, float]) -> None:
    measured = measurement(geometry(), same=Sameness(**{**asdict(ONE_EXPOSURE), **weak}))
    assert verdict(measured) is Verdict.SAME_ANGLE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"travel": (0.25, 0.0, 0.0)}, "на шаг левее"),
        ({"travel": (-0.5, 0.0, 0.0)}, "на несколько шагов правее"),
        ({"travel": (0.0, 0.0, -0.6)}, "подойдите ближе примерно в 1,6 раза"),
        ({"travel": (0.0, 0.0, 0.5)}, "отойдите назад: сейчас ближе примерно в 2,0 раза"),
        ({"yaw_deg": 34.0}, "направьте камеру левее на 34°"),
        ({"pitch_deg": -21.0}, "направьте камеру выше на 21°"),
    ],
)
def test_advice_undoes_what_was_done(change: dict[str, object], words: str) -> None:
    shape = geometry(**{"rotation_deg": 40.0, "shift": 0.4, "travel": (1e-3, 0.0, 0.0), **change})
    text = advice(measurement(shape))
    assert words in text[0].lower() + text[1:]


def test_a_camera_turned_clockwise_is_to_be_turned_back() -> None:
    tilted = measurement(geometry(roll_deg=12.4, rotation_deg=12.5))
    assert "наклоните его на 12° влево" in advice(tilted)
    lying = measurement(geometry(roll_deg=90.0, rotation_deg=90.0))
    assert "на 90° против часовой стрелки" in advice(lying)


def test_never_more_than_two_things_at_once() -> None:
    shape = geometry(
        travel=(0.5, 0.4, 0.5), yaw_deg=40.0, pitch_deg=25.0, rotation_deg=50.0, shift=0.5
    )
    assert advice(measurement(shape)).count("затем") == 1


def test_without_a_citizen_s_photo_only_faults_are_looked_for() -> None:
    decision = decide_alone(measurement(None))
    assert decision.verdict is Verdict.SAME_ANGLE
    assert "сравнивать не с чем" in advise_alone(decision)
    dark = decide_alone(measurement(None, new=replace(GOOD, brightness=3.0)))
    assert dark.verdict is Verdict.UNSURE
    assert "тёмный" in advise_alone(dark)


@pytest.mark.parametrize(
    ("note", "words"),
    [("first_page_only", "несколько страниц"), ("black_and_white_scan", "чёрно-белый скан")],
)
def test_what_was_noticed_in_the_file_is_added_to_the_advice(note: str, words: str) -> None:
    assert words in advice(measurement(geometry()), note)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"roll_deg": -90.0, "rotation_deg": 90.0}, "на 90° по часовой стрелке"),
        ({"roll_deg": 175.0, "rotation_deg": 175.0}, "вверх ногами"),
        ({"roll_deg": -14.0, "rotation_deg": 14.0}, "на 14° вправо"),
        ({"mirrored": True}, "отражён слева направо"),
        ({"zoom": 1.8, "travel": (0.0, 0.0, 0.4)}, "крупнее в 1,8 раза"),
    ],
)
def test_advice_names_what_has_to_be_put_right(change: dict[str, object], words: str) -> None:
    assert words in advice(measurement(geometry(**change)))


def test_the_citizen_s_own_photo_mirrored_is_said_to_be_mirrored() -> None:
    assert "зеркально" in advice(measurement(geometry(mirrored=True), same=ONE_EXPOSURE))


def test_an_unreadable_photo_of_the_citizen_leaves_the_angle_to_people() -> None:
    measured = replace(measurement(geometry()), reference=replace(GOOD, sharpness=0.5))
    assert verdict(measured) is Verdict.UNSURE
    assert "Фото жителя неразборчиво" in advice(measured)


def test_few_common_points_give_no_false_precision() -> None:
    weak = geometry(inliers=14, travel=(2.0, 0.0, 0.0), rotation_deg=80.0, shift=0.5)
    text = advice(measurement(weak))
    assert "встаньте туда, откуда снимал житель" in text
    assert "°" not in text


@pytest.mark.parametrize(("right", "words"), [(-0.9, "заметно правее"), (0.9, "заметно левее")])
def test_a_long_way_aside_is_not_called_a_step(right: float, words: str) -> None:
    assert words in advice(measurement(geometry(travel=(right, 0.0, 0.0)))).lower()


def test_bars_alone_are_a_fault_without_a_reference_too() -> None:
    decision = decide_alone(measurement(None, new=replace(GOOD, bars=0.3)))
    assert decision.verdict is Verdict.NEEDS_EDITING
    assert "снимок экрана" in advise_alone(decision)


def test_camera_turned_far_aside_is_not_said_to_be_tilted() -> None:
    """Of two upright phones that look up and in different directions one seems tilted."""
    turned = geometry(yaw_deg=40.0, rotation_deg=45.0, roll_deg=20.0, shift=0.4,
                      travel=(-0.6, 0.0, 0.2))
    assert "наклоните" not in advice(measurement(turned))

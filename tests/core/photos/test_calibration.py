"""Refitting on an office's own pairs: what is learned, what is refused, what is never applied."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from core.photos import calibration
from core.photos.calibration import Calibration, CalibrationError, calibrate
from core.photos.fitting import Labelled, cross_validated, decided, fit, moved
from core.photos.rules import (
    Logistic,
    ModelFileError,
    Parameters,
    Verdict,
    read_model,
    shipped_parameters,
)
from tests.core.photos.scenes import geometry, jpeg, measurement, noise, shot

SHIPPED = shipped_parameters()


def pair(label: str, scene: str, **shape: object) -> Labelled:
    return Labelled(label, (scene,), measurement(geometry(**shape)))


def office() -> list[Labelled]:
    """Twelve places; here people let a step aside pass that the shipped model refuses."""
    rows = []
    for number in range(12):
        scene, little = f"place {number}", number / 200
        aside = {"travel": (0.25 + little, 0.0, 0.0), "rotation_deg": 8.0, "inliers": 160}
        rows += [
            pair("same_angle", scene, **aside),
            pair("same_angle", scene, travel=(0.05 + little, 0.0, 0.02)),
            pair("different_angle", scene, travel=(0.9 - little, 0.0, 0.2), rotation_deg=27.0,
                 shift=0.4, inliers=60),
        ]
    return rows


def strict() -> Parameters:
    """A model that takes hardly anything for the same angle."""
    same = replace(SHIPPED.same, bias=SHIPPED.same.bias - 3.0)
    return Parameters("strict", same, SHIPPED.place)


def right(rows: list[Labelled], model: Parameters) -> int:
    return sum(one.verdict == row.label
               for row, one in zip(rows, decided(rows, model), strict=True))


def test_model_of_the_office_learns_what_people_let_pass() -> None:
    rows = office()
    assert moved(rows) == ("same",)
    fitted = fit(rows, strict())
    assert right(rows, fitted) > right(rows, strict())
    assert fitted.place == SHIPPED.place
    held_out = cross_validated(rows, strict())
    assert sum(one.verdict == row.label for row, one in zip(rows, held_out, strict=True)
               ) > right(rows, strict())


def test_no_pair_is_judged_by_a_model_that_saw_its_place() -> None:
    rows = office()
    odd = [pair("different_angle", "odd", travel=(0.05, 0.0, 0.02)) for _ in range(40)]
    with_odd = cross_validated([*rows, *odd], strict())
    assert all(one.verdict is Verdict.SAME_ANGLE for one in with_odd[len(rows):])


def test_too_few_pairs_move_nothing() -> None:
    rows = office()[:9]
    assert moved(rows) == ()
    assert fit(rows, SHIPPED) == replace(SHIPPED, version="fitted")


def test_weight_of_the_wrong_sign_is_left_out() -> None:
    rows = [replace(row, label="different_angle" if row.label == "same_angle" else "same_angle")
            for row in office()]
    assert all(weight <= 0 for name, weight in fit(rows, SHIPPED).same.weights.items()
               if name != "inliers")


def listing(folder: Path, *lines: str, head: str = "ref,new,label") -> Path:
    (folder / "a.jpg").write_bytes(jpeg(noise()))
    (folder / "b.jpg").write_bytes(b"no picture")
    path = folder / "pairs.csv"
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return path


@pytest.mark.parametrize(("lines", "head", "said"), [
    (["a.jpg,a.jpg,same_angle"], "ref,new,label", "слишком мало"),
    (["a.jpg,a.jpg,хорошо"], "ref,new,label", "строка 2: метка «хорошо» неизвестна"),
    (["a.jpg,a.jpg"], "ref,new", "нужны столбцы ref, new, label"),
    (["a.jpg,a.jpg,"], "ref,new,label", "слишком мало"),
])
def test_listing_that_cannot_serve_is_answered_with_what_to_put_right(
        tmp_path: Path, lines: list[str], head: str, said: str) -> None:
    with pytest.raises(CalibrationError, match=said):
        calibrate(listing(tmp_path, *lines, head=head), SHIPPED)


def test_command_says_both_figures_and_writes_a_file_that_nothing_uses_yet(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "_measured", lambda _: (office(), ["строка 7: нет файла"]))
    old, out = tmp_path / "old.json", tmp_path / "model.json"
    old.write_text(strict().to_json({}), encoding="utf-8")
    assert main(["calibrate", "pairs.csv", "--model", str(old), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "12 из 24   24 из 24" in said
    assert "Пропущено, строка 7" in said
    assert "PHOTO_MODEL" in said
    assert json.loads(out.read_text())["fitted"]["figures"]["same_angle"] == {
        "before": 12, "after": 24, "of": 24}
    model = read_model(out)
    assert right(office(), model) == len(office())
    assert shipped_parameters() == SHIPPED


def test_model_that_is_no_better_ends_with_a_fault(
        capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row for row in office() if decided([row], SHIPPED)[0].verdict == row.label]
    monkeypatch.setattr(calibration, "_measured", lambda _: (rows, []))
    assert main(["calibrate", "pairs.csv"]) == 1
    assert "не лучше прежней" in capsys.readouterr().out


def test_unread_pairs_are_named(tmp_path: Path) -> None:
    rows, unread = calibration._measured(listing(
        tmp_path, "a.jpg,b.jpg,same_angle", "a.jpg,c.jpg,same_angle", "a.jpg,a.jpg,other_place"))
    assert [one.label for one in rows] == ["other_place"]
    assert unread[0].startswith("строка 2: Это не фотография")
    assert unread[1].startswith("строка 3: ")


@pytest.mark.parametrize("text", [
    "", "[]", "{}", '{"version": 1, "same": 2, "place": 3}',
    SHIPPED.to_json({}).replace('"turn"', '"colour"'),
    SHIPPED.to_json({}).replace('"threshold": 0.5,', '"threshold": 7,').replace(
        '"threshold": 0.5\n', '"threshold": 7\n'),
    SHIPPED.to_json({}).replace("-4.", "NaN, \"x\": -4."),
])
def test_file_that_is_no_model_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelFileError, match="rakurs calibrate"):
        read_model(path)
    assert main(["compare", "a.jpg", "b.jpg", "--model", str(path)]) == 2


def test_comparing_with_a_model_named_is_done_by_it(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    never = Parameters("never", Logistic({}, -30.0, 0.5), SHIPPED.place)
    (tmp_path / "model.json").write_text(never.to_json({}), encoding="utf-8")
    (tmp_path / "a.jpg").write_bytes(shot())
    (tmp_path / "b.jpg").write_bytes(shot(place=1, repaired=True))
    pair_of = [str(tmp_path / name) for name in ("a.jpg", "b.jpg")]
    assert main(["compare", *pair_of, "--json", "--model", str(tmp_path / "model.json")]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["verdict"] in {"different_angle", "reused_photo"}


def test_figures_of_a_better_model_let_no_more_wrong_photos_pass() -> None:
    better = calibration.Figure("same_angle", 10, 20, 20)
    lax = calibration.Figure("not_accepted", 20, 18, 20)
    assert not Calibration(SHIPPED, (better, lax), ("same",), 40, 12, ()).better
    firm = replace(lax, after=20)
    assert Calibration(SHIPPED, (better, firm), ("same",), 40, 12, ()).better

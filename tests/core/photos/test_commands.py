"""``rakurs compare`` and ``rakurs exif`` as people call them."""

import json
from pathlib import Path

import pytest

from bot.cli import main
from core.photos.samples import Camera
from tests.core.photos.scenes import exif_of, jpeg, noise, shot


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    (tmp_path / "citizen.jpg").write_bytes(shot())
    back = Camera(x=0.5, z=0.3, yaw=2.0, roll=-1.5)
    (tmp_path / "executor.jpg").write_bytes(shot(back, repaired=True))
    (tmp_path / "text.jpg").write_bytes(b"text")
    taken = jpeg(noise(), exif=exif_of("2026:11:20 10:00:00", offset="+03:00"))
    (tmp_path / "noise.jpg").write_bytes(taken)
    return tmp_path


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_pair_is_answered_as_one_json(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = photos / "out.jpg"
    pair = [str(photos / "citizen.jpg"), str(photos / "executor.jpg")]
    assert main(["compare", *pair, "--json", "--picture", str(picture)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "same_angle"
    assert answer["exif"]["new"]["width"] == 1024
    assert picture.read_bytes().startswith(b"\xff\xd8")


def test_a_photo_that_does_not_pass_ends_with_a_fault(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(photos / "citizen.jpg"), str(photos / "text.jpg")]) == 1
    said = capsys.readouterr().out
    assert said.startswith("Это не изображение (уверенность 100%)\n")
    assert "Это не фотография." in said


def test_a_list_is_answered_line_by_line_and_a_missing_file_stops_nothing(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listing = photos / "pairs.csv"
    listing.write_text(
        "ref,new\ncitizen.jpg,nowhere.jpg\ncitizen.jpg,executor.jpg\n", encoding="utf-8"
    )
    assert main(["compare", "--pairs", str(listing), "--json"]) == 1
    missing, judged = lines(capsys)
    assert "nowhere.jpg" in str(missing["error"])
    assert judged["verdict"] == "same_angle"


@pytest.mark.parametrize("arguments", [[], ["only-one.jpg"], ["--pairs", "nowhere.csv"]])
def test_a_wrong_call_says_what_is_needed(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1


def test_files_are_told_of_in_the_order_asked(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [str(photos / name) for name in ("noise.jpg", "nowhere.jpg", "text.jpg")]
    assert main(["exif", *asked, "--json"]) == 1
    first, missing, text = lines(capsys)
    assert first["taken_at"] == "2026-11-20T10:00:00+03:00"
    assert first["error"] is None
    assert "nowhere.jpg" in str(missing["error"])
    assert text["error"] == "Это не фотография. Отправьте снимок в формате JPG, PNG или TIFF."


def test_one_file_is_told_of_in_words(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exif", str(photos / "noise.jpg")]) == 0
    said = capsys.readouterr().out
    assert "noise.jpg: JPEG" in said
    assert "снято: 2026-11-20T10:00:00+03:00" in said

"""The index of all photos ever sent."""

import io

import numpy as np
import pytest
from PIL import Image

from core.photos import judge
from core.photos.reuse import Fingerprint, ReuseIndex
from core.photos.rules import Verdict
from core.photos.samples import Camera
from tests.core.photos.scenes import CITIZEN, jpeg, noise, shot, yard


def random_fingerprints(count: int, seed: int = 7) -> list[Fingerprint]:
    width = len(judge.fingerprint(shot()).hashes)
    values = np.random.default_rng(seed).integers(0, 2**63, (count, width), dtype=np.uint64)
    return [Fingerprint(tuple(int(v) for v in row)) for row in values]


@pytest.fixture(scope="module")
def index() -> ReuseIndex[str]:
    others = ((f"other {n}", f) for n, f in enumerate(random_fingerprints(3000)))
    filled: ReuseIndex[str] = ReuseIndex(others)
    filled.add("yard", judge.fingerprint(shot()))
    return filled


def test_a_fingerprint_survives_the_database() -> None:
    one = judge.fingerprint(shot())
    assert Fingerprint.from_bytes(one.to_bytes()) == one
    with pytest.raises(ValueError, match="bytes"):
        Fingerprint.from_bytes(b"short")


def test_a_copy_is_found_whatever_was_done_to_it(index: ReuseIndex[str]) -> None:
    original = yard()
    smaller = io.BytesIO()
    Image.fromarray(original).resize((500, 375)).save(smaller, "JPEG", quality=50)
    bars = np.full((1200, 1024, 3), 10, np.uint8)
    bars[216:984] = original
    for copy in (
        jpeg(original, quality=30),
        smaller.getvalue(),
        jpeg(np.clip(original * 0.7, 0, 255).astype(np.uint8)),
        jpeg(original[60:708, 80:944]),
        jpeg(bars),
    ):
        found = index.find(judge.fingerprint(copy))
        assert [candidate.key for candidate in found] == ["yard"]
        assert not found[0].mirrored


def test_a_mirrored_copy_is_found_and_said_to_be_mirrored(index: ReuseIndex[str]) -> None:
    found = index.find(judge.fingerprint(jpeg(np.ascontiguousarray(yard()[:, ::-1]))))
    assert [candidate.key for candidate in found] == ["yard"]
    assert found[0].mirrored


def test_another_picture_is_not_found(index: ReuseIndex[str]) -> None:
    assert index.find(judge.fingerprint(jpeg(noise(640, 480)))) == []
    assert index.find(judge.fingerprint(shot(place=2))) == []


def test_an_empty_index_finds_nothing() -> None:
    empty: ReuseIndex[int] = ReuseIndex()
    assert empty.find(judge.fingerprint(shot(CITIZEN))) == []
    assert len(empty) == 0


def test_candidates_come_nearest_first_and_no_more_than_asked() -> None:
    exact = judge.fingerprint(shot())
    near = Fingerprint((exact.hashes[0] ^ 0b111, *random_fingerprints(1)[0].hashes[1:]))
    filled: ReuseIndex[str] = ReuseIndex([("near", near), ("exact", exact)])
    assert [c.key for c in filled.find(exact)] == ["exact", "near"]
    assert [c.distance for c in filled.find(exact)] == [0, 3]
    assert len(filled.find(exact, limit=1)) == 1


def test_a_genuine_second_photo_may_be_proposed_but_is_not_condemned() -> None:
    steady = Camera(x=0.12, z=0.05, yaw=0.3)
    assert judge.compare(shot(), shot(steady, repaired=True)).passes


def test_candidate_that_is_another_photo_costs_one_attempt_and_shows_no_picture() -> None:
    told = judge.judge(shot(place=2), shot(), elsewhere=True)
    assert told.comparison.measured is not None
    assert told.comparison.measured.passes == 1
    assert told.comparison.verdict is not Verdict.REUSED_PHOTO
    assert told.picture is None


def test_candidate_that_is_the_same_exposure_is_shown_in_colour() -> None:
    told = judge.judge(shot(), jpeg(yard()[40:740, 60:980], quality=70), elsewhere=True)
    assert told.comparison.verdict is Verdict.REUSED_PHOTO
    assert told.picture is not None
    with Image.open(io.BytesIO(told.picture)) as picture:
        saturation = np.asarray(picture.convert("HSV"))[60:, :, 1]
    assert np.percentile(saturation, 90) > 40

"""Photos of the office gathered for refitting the judge: with people's word, and without (R17)."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from core.assignment import Photo
from core.regulation.terms import State
from core.usecases.labels import collect, label_of
from tests import builders as b
from tests.core.photos.scenes import jpeg
from tests.usecases.photos.desk import BACK, Desk, citizen, work


@pytest.mark.parametrize(("verdict", "override", "state", "label"), [
    ("same_angle", "", State.SIGNING, "same_angle"),
    ("different_angle", "Ближе не подойти: забор.", State.CLOSED, "same_angle"),
    ("different_angle", "", State.CLOSED, ""),
    ("same_angle", "", State.APPROVING, ""),
    ("reused_photo", "Обе ямы на одном снимке.", State.SIGNING, ""),
])
def test_label_is_what_people_let_pass(verdict: str, override: str, state: State, label: str
                                       ) -> None:
    case = replace(b.a_case(), state=state)
    photo = Photo(b.a_file(), b.LEAD, b.MONDAY, "test", verdict=verdict, override=override)
    assert label_of(case, photo) == label


async def test_compared_photos_are_gathered_with_the_judges_word(desk: Desk, tmp_path: Path
                                                                 ) -> None:
    case = await desk.case(citizen())
    content = jpeg(work(BACK))
    await desk.sent_and_judged(case, content)
    alone = await desk.case(number="ДД-2")
    await desk.sent_and_judged(alone, jpeg(work(place=2)))
    found = await collect(desk.house.office, tmp_path / "pairs")
    assert (found.pairs, found.labelled) == (1, 0)
    with (tmp_path / "pairs/pairs.csv").open(encoding="utf-8-sig", newline="") as source:
        line, = csv.DictReader(source)
    assert (tmp_path / "pairs" / line["new"]).read_bytes() == content
    assert (tmp_path / "pairs" / line["ref"]).read_bytes() == citizen()
    assert (line["label"], line["verdict"]) == ("", "same_angle")

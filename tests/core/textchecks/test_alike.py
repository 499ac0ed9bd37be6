"""Texts of two citizens about one thing; the second kind of pair is about another thing there."""

import csv
from pathlib import Path

from core.textchecks.alike import NEARLY_SAME, SIMILAR, similarity

PAIRS = Path(__file__).parent / "data" / "alike.csv"


def test_pairs_about_one_thing_stand_above_pairs_about_another() -> None:
    found: dict[str, list[float]] = {"0": [], "1": []}
    with PAIRS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["same"]].append(similarity(row["one"], row["other"]))
    same, another = found["1"], found["0"]
    above = sum((one > two) + (one == two) / 2 for one in same for two in another)
    assert above / len(same) / len(another) >= 0.7
    assert sum(one >= SIMILAR for one in same) >= 2 * sum(one >= SIMILAR for one in another)


def test_text_sent_twice_is_nearly_the_same() -> None:
    one = "Во дворе дома 5 по улице Мира огромная яма, пробил колесо. Прошу срочно заделать."
    assert similarity(one, one.replace("срочно", "быстро")) >= NEARLY_SAME
    assert similarity(one, "") == 0.0

"""Precision, recall and time of the text checks on labelled answers.

``python tests/benchmarks/textchecks.py`` measures the held-out half of ``answers.csv``;
``--half development --errors`` shows what to tune; ``--data FILE`` measures another CSV with
the columns described in ``tests/core/textchecks/data/README.md`` (``date`` is read as ``dates``).
"""

import argparse
import csv
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.textchecks import Code, TextReport, check  # noqa: E402

DATA = ROOT / "tests/core/textchecks/data/answers.csv"
TODAY = date(2026, 4, 15)


@dataclass(frozen=True, slots=True)
class Answer:
    """One labelled text."""

    number: int
    text: str
    undated: bool
    passes: bool
    informed: bool
    dates: frozenset[str]

    @property
    def goes_back(self) -> bool:
        return self.undated or (self.passes and not self.informed)

    @property
    def held_out(self) -> bool:
        return (self.number - 1) // 10 % 2 == 1


@dataclass(slots=True)
class Score:
    """Counts of one yes-or-no judgement."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def add(self, expected: bool, found: bool) -> None:
        self.right += expected and found
        self.false += found and not expected
        self.missed += expected and not found

    def __str__(self) -> str:
        precision = self.right / max(1, self.right + self.false)
        recall = self.right / max(1, self.right + self.missed)
        return f"precision {precision:.3f}  recall {recall:.3f}  ({self.right}+{self.missed})"


def read(path: Path) -> Iterator[Answer]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Answer(
                int(row["id"]),
                row["text"],
                row["promises_without_date"] == "1",
                row["passes_to_other_org"] == "1",
                row["informed_other_org"] == "1",
                frozenset((row.get("dates") or row.get("date") or "").split()),
            )


def found_codes(report: TextReport) -> set[Code]:
    return {finding.code for finding in report.findings}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--half", choices=["held-out", "development"], default="held-out")
    parser.add_argument("--errors", action="store_true", help="print the texts judged wrongly")
    chosen = parser.parse_args()
    answers = list(read(chosen.data or DATA))
    if not chosen.data:
        answers = [one for one in answers if one.held_out == (chosen.half == "held-out")]
    scores = {name: Score() for name in ("undated promise", "not our matter", "goes back")}
    exact_dates = 0
    check("Разогрев словаря.", today=TODAY)
    spent = 0.0
    for one in answers:
        before = time.perf_counter()
        report = check(one.text, today=TODAY)
        spent += time.perf_counter() - before
        codes = found_codes(report)
        undated, not_ours = Code.UNDATED_PROMISE in codes, Code.NOT_OUR_MATTER in codes
        expected_not_ours = one.passes and not one.informed
        scores["undated promise"].add(one.undated, undated)
        scores["not our matter"].add(expected_not_ours, not_ours)
        scores["goes back"].add(one.goes_back, undated or not_ours)
        dates_right = {day.isoformat() for day in report.dates} == one.dates
        exact_dates += dates_right
        if chosen.errors:
            faults = [
                name
                for name, wrong in (
                    ("promise", undated != one.undated),
                    ("matter", not_ours != expected_not_ours),
                    (f"dates {[*map(str, report.dates)]}", not dates_right),
                )
                if wrong
            ]
            if faults:
                print(one.number, ", ".join(faults), "|", one.text)  # noqa: T201
    for name, score in scores.items():
        print(f"{name:16} {score}")  # noqa: T201
    print(f"{'dates':16} exact in {exact_dates} of {len(answers)} texts")  # noqa: T201
    print(f"{'time':16} {1000 * spent / max(1, len(answers)):.2f} ms a text")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Precision, recall and time of the text checks on labelled answers.

``python tests/benchmarks/textchecks.py`` measures the held-out halves of ``answers.csv``,
``second_answers.csv``, ``third_answers.csv``, all of the fifth, tenth, sixteenth and seventeenth
sets and, where it is there, both halves of the extra data folder's ``drafts/sentences.csv``;
``--half development --errors`` shows what to tune; ``--data FILE`` measures another CSV with the
columns described in ``tests/core/textchecks/data/README.md`` (``date`` is read as ``dates``).
Beside each judgement stands what the floor (``textchecks_floor.py``) makes of the same texts.
"""

import argparse
import csv
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.textchecks import Code, TextReport, check  # noqa: E402
from tests.benchmarks import textchecks_floor  # noqa: E402

DATA = ROOT / "tests/core/textchecks/data"
WHOLE = ("fifth_answers.csv", "tenth_answers.csv", "sixteenth_answers.csv",
         "seventeenth_answers.csv")
"""Held out as they stand, not by halves."""
OWN = tuple(DATA / name
            for name in ("answers.csv", "second_answers.csv", "third_answers.csv", *WHOLE))
SHARED = Path("data/drafts/sentences.csv")
TODAY = date(2026, 4, 15)
JUDGEMENTS = ("undated promise", "not our matter", "goes back")


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

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.false)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def brief(self) -> str:
        return f"{self.precision:.3f} / {self.recall:.3f}"

    def __str__(self) -> str:
        return (f"precision {self.precision:.3f}  recall {self.recall:.3f}  "
                f"({self.right}+{self.missed})")


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


@dataclass(frozen=True, slots=True)
class Measured:
    """What one set of texts gave."""

    scores: dict[str, Score]
    floor: dict[str, Score]
    exact_dates: int
    ms_a_text: float
    """Processor time, so that a busy machine does not count."""


def _add(scores: dict[str, Score], one: Answer, undated: bool, not_ours: bool) -> None:
    scores["undated promise"].add(one.undated, undated)
    scores["not our matter"].add(one.passes and not one.informed, not_ours)
    scores["goes back"].add(one.goes_back, undated or not_ours)


def measure(answers: Sequence[Answer], *, errors: bool) -> Measured:
    scores, floor = ({name: Score() for name in JUDGEMENTS} for _ in range(2))
    exact_dates, spent = 0, 0.0
    for one in answers:
        before = time.process_time()
        report = check(one.text, today=TODAY)
        spent += time.process_time() - before
        codes = found_codes(report)
        undated, not_ours = Code.UNDATED_PROMISE in codes, Code.NOT_OUR_MATTER in codes
        expected_not_ours = one.passes and not one.informed
        _add(scores, one, undated, not_ours)
        _add(floor, one, *textchecks_floor.judge(one.text, TODAY))
        dates_right = {day.isoformat() for day in report.dates} == one.dates
        exact_dates += dates_right
        wrong = {
            "promise": undated != one.undated,
            "matter": not_ours != expected_not_ours,
            f"dates {[*map(str, report.dates)]}": not dates_right,
        }
        if errors and any(wrong.values()):
            faults = ", ".join(name for name, at_fault in wrong.items() if at_fault)
            print(one.number, faults, "|", one.text)  # noqa: T201
    return Measured(scores, floor, exact_dates, 1000 * spent / max(1, len(answers)))


def sets(chosen: argparse.Namespace) -> Iterator[tuple[str, list[Answer]]]:
    """The sets asked for: one file whole, or each set's half."""
    if chosen.data:
        yield chosen.data.name, list(read(chosen.data))
        return
    for path in OWN:
        yield (f"{path.name}, {chosen.half}",
               [one for one in read(path)
                if (one.held_out or path.name in WHOLE) == (chosen.half == "held-out")])
    shared = Path(os.environ.get("RAKURS_SHARED", ROOT.parent / "shared")) / SHARED
    if not shared.exists():
        print(f"SKIPPED: no {SHARED} (set RAKURS_SHARED)", file=sys.stderr)  # noqa: T201
        return
    for held_out in (False, True):
        yield (f"{SHARED.name}, {'second' if held_out else 'first'} half",
               [one for one in read(shared) if one.held_out == held_out])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--half", choices=["held-out", "development"], default="held-out")
    parser.add_argument("--errors", action="store_true", help="print the texts judged wrongly")
    chosen = parser.parse_args()
    for day in range(1, 29):  # warms the dictionary up
        check(f"Работы будут выполнены {day} мая 2026 года.", today=TODAY)
    for name, answers in sets(chosen):
        print(f"{name}: {len(answers)} texts")  # noqa: T201
        measured = measure(answers, errors=chosen.errors)
        for judgement, score in measured.scores.items():
            print(f"  {judgement:16} {score}; floor {measured.floor[judgement].brief}")  # noqa: T201
        print(f"  {'dates':16} exact in {measured.exact_dates} of {len(answers)} texts")  # noqa: T201
        print(f"  {'time':16} {measured.ms_a_text:.2f} ms of the processor a text")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The time of the reports of section 6 over a long history (``history.py`` makes one).

``python tests/benchmarks/history_reports.py FOLDER [--postgres URL] [--json OUT]`` makes each from
the journal as the program does, its clock at the history's end, and prints milliseconds by the
clock and of the processor, as ``history_costs.py`` does.
"""

import argparse
import asyncio
import json
import logging
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.reports import periods  # noqa: E402
from core.usecases.counting import Counting  # noqa: E402
from core.usecases.reports import Reports  # noqa: E402
from tests.benchmarks.history_costs import Costs, office  # noqa: E402

MONTH, YEAR = date(2026, 1, 26), (date(2025, 1, 28), date(2026, 1, 26))


async def measure(url: str, folder: Path) -> Costs:
    """Each report of the winter's month, and every figure of the year."""
    costs = Costs()
    house = await office(url, folder)
    reports, zone = Reports(house.office), house.office.calendar.zone
    for name, kind in (("daily report", "daily"), ("weekly report", "weekly"),
                       ("month report", "monthly"), ("bonus figures, month", "bonus"),
                       ("public statistics, month", "public")):
        await costs.of(name, lambda kind=kind: reports.make(kind, MONTH), 2)  # type: ignore[misc]
    year = periods.between(*YEAR)
    await costs.of("year report", lambda: Counting(house.office).count(
        year.start(zone), year.end(zone), thorough=True), 1)
    await costs.of("analysis of a year", lambda: reports.make("programmes", MONTH), 1)
    await house.database.close()
    return costs


def main() -> None:
    """Print the figures; keep them where asked."""
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    url = arguments.postgres or f"sqlite://{arguments.folder / 'rakurs.db'}"
    costs = asyncio.run(measure(url, arguments.folder))
    for name, (spent, worked) in costs.figures.items():
        sys.stdout.write(f"{name:28}{spent:10.1f} ms{worked:10.1f} ms\n")
    if arguments.json:
        arguments.json.write_text(json.dumps(costs.figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()

"""The time of the minute scan over many open cases, against a bare read of the same rows.

``python tests/benchmarks/scan.py [--cases 5000]`` makes a database in a temporary folder and
prints milliseconds of: a bare read of the rows, the first scan of the day, the scans after it, and
a scan after some of the cases changed; each the best of several, and as a ratio to the bare read.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.inbound import Applicant  # noqa: E402
from core.usecases.control import Control  # noqa: E402
from storage.template import open_fresh  # noqa: E402
from tests.builders import Story, a_message, kept_case  # noqa: E402
from tests.usecases.office.house import House  # noqa: E402

PAGE = 250
CHANGED = 20
TIMES = 5


async def fill(house: House, cases: int) -> None:
    """Cases with a lead and a co-executor, at work."""
    story = Story().with_co_executor()
    house.clock.moment = story.now
    for start in range(0, cases, PAGE):
        async with house.office.work() as work:
            for number in range(start, min(start + PAGE, cases)):
                case = await kept_case(
                    work, a_message(portal_number=f"MO-{number}"), Applicant(), story.now)
                await work.cases.save(replace(
                    story.case, id=case.id, number=case.number, version=case.version))


async def best(of: Callable[[], Awaitable[object]], times: int = TIMES) -> float:
    """Milliseconds of the quickest."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        await of()
        spent.append(time.perf_counter() - began)
    return min(spent) * 1000


async def measure(cases: int) -> dict[str, float]:
    """Each figure in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        database = await open_fresh(Path(folder))
        house = await House.open(database)
        await house.settle_in()
        await fill(house, cases)

        async def bare() -> None:
            async with database.work() as work:
                assert work._client is not None
                await work._client.execute_query_dict("SELECT document FROM cases WHERE NOT final")

        async def change_some() -> None:
            async with house.office.work() as work:
                for case in await work.cases.several(range(1, CHANGED + 1)):
                    await work.cases.save(case)

        figures = {"bare read": await best(bare),
                   "first scan": await best(lambda: Control(house.office).scan())}
        await house.control.scan()
        figures["later scans"] = await best(house.control.scan)
        changed = []
        for _ in range(TIMES):
            await change_some()
            changed.append(await best(house.control.scan, 1))
        figures[f"{CHANGED} changed"] = min(changed)
        await database.close()
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    cases = parser.parse_args().cases
    figures = asyncio.run(measure(cases))
    bare = figures["bare read"]
    sys.stdout.write(f"{cases} open cases\n")
    for name, spent in figures.items():
        sys.stdout.write(f"{name:20}{spent:9.1f} ms {spent / bare:8.2f} x\n")


if __name__ == "__main__":
    main()

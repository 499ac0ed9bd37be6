"""How the photo judge bears a crowd: twenty uploads at once, and an index of a million photos.

    python tests/benchmarks/photos_load.py [--uploads 20] [--workers 2] [--photos 1000000]

Prints the waits, the longest stall of the event loop, the memory of the processes, the search.
"""

import argparse
import asyncio
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.photos.samples import make
from core.photos.workers import PhotoJudge


async def crowd(uploads: int, workers: int) -> None:
    """All at once; the loop is watched every 5 ms."""
    reference, new = make("before"), make("same_angle")
    stalls: list[float] = []

    async def watch() -> None:
        while True:
            start = perf_counter()
            await asyncio.sleep(0.005)
            stalls.append(perf_counter() - start - 0.005)

    async with PhotoJudge(workers=workers) as judge:
        watching = asyncio.ensure_future(watch())
        start = perf_counter()

        async def one() -> float:
            await judge.compare(reference, new)
            return perf_counter() - start

        waits = sorted(await asyncio.gather(*(one() for _ in range(uploads))))
        memory = [_megabytes(worker.process.pid) for worker in judge._idle]
        watching.cancel()
    print(  # noqa: T201
        f"{uploads} uploads, {workers} workers: median wait {median(waits):.1f} s, "
        f"longest {waits[-1]:.1f} s; longest stall of the loop {max(stalls) * 1000:.0f} ms; "
        f"memory of a worker at its peak {max(memory):.0f} MB, of the bot's part "
        f"{_megabytes('self'):.0f} MB"
    )


def _megabytes(process: int | str) -> float:
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def index(photos: int) -> None:
    """Search among random fingerprints; the time does not depend on what they are."""
    import numpy as np

    from core.photos import judge
    from core.photos.reuse import ReuseIndex

    asked = judge.fingerprint(make("before"))
    known: ReuseIndex[int] = ReuseIndex()
    random = np.random.default_rng(1)
    block = random.integers(0, 2**63, (len(asked.hashes), photos), dtype=np.uint64)
    known._hashes, known._keys = block, list(range(photos))
    known.add(-1, asked)
    times = []
    for _ in range(7):
        start = perf_counter()
        found = known.find(asked)
        times.append(perf_counter() - start)
    if found[0].key != -1:
        raise SystemExit("the photo was not found")
    print(  # noqa: T201
        f"{photos} photos: search {median(times) * 1000:.0f} ms, "
        f"{known._hashes.nbytes / 2**20:.0f} MB"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--uploads", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--photos", type=int, default=1_000_000)
    asked_for = parser.parse_args()
    asyncio.run(crowd(asked_for.uploads, asked_for.workers))
    index(asked_for.photos)

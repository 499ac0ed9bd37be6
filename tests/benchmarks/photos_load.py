"""How the photo check bears a crowd: twenty uploads through the bot at once, a million photos.

    python tests/benchmarks/photos_load.py [--uploads 20] [--workers 2] [--photos 1000000]

Twenty executors, each with a case of their own, send a 12-megapixel photo at the same moment to
the bot, which runs on its own database against the sandbox of Telegram over HTTP. The sandbox and
the people live in the bot's process, so the stalls and the memory are those of all three together.
Prints the waits, the longest stall of the event loop, the memory of the processes, the search.
"""

import argparse
import asyncio
import gc
import io
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import mkdtemp
from time import perf_counter

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.judge import Judge
from bot.sandbox.people import Hand, SeenMessage
from bot.sandbox.telegram import SandboxPerson, TelegramSandbox
from core.people import Actor, Channel, Person
from core.photos.samples import Camera, make, render
from core.photos.workers import PhotoJudge
from core.usecases import resolutions, routing
from core.usecases.office import CaseRef
from core.usecases.photos import PhotoDesk
from storage.database import Database, open_database
from tests.bot import city
from tests.bot.house import TOKEN, House

MEGAPIXELS_12 = (4000, 3000)
FIRST = 100
PATIENCE = 300.0


@dataclass(frozen=True)
class Served:
    """What one executor saw, seconds after sending; ``progress``: there was a line at once."""

    progress: float
    verdict: float


def executors(count: int) -> tuple[Person, ...]:
    """The crowd."""
    return tuple(Person(FIRST + one, f"p{FIRST + one}", f"Исполнителев {one} Иванович", "мастер",
                        city.ROADS) for one in range(count))


async def crowd(uploads: int, workers: int) -> None:
    """Everything that the office runs, then all at once."""
    folder = Path(mkdtemp(prefix="photos-load-"))
    people = (*city.PEOPLE, *executors(uploads))
    ids = [*range(1, FIRST), *(one.id for one in executors(uploads))]
    database = await open_database(f"sqlite://{folder / 'rakurs.db'}", folder)
    await database.migrate()
    async with database.work() as work:
        await work.people.import_all(city.BODIES, people, city.ROUTES, city.APPROVALS)
    sandbox = await TelegramSandbox.start(
        [SandboxPerson(city.telegram_id(one), f"Человек {one}") for one in ids], token=TOKEN)
    house = await House.open(sandbox, database)
    try:
        await _measured(house, database, uploads, workers)
    finally:
        await house.close()
        await sandbox.stop()
        await database.close()
        rmtree(folder)


async def _measured(house: House, database: Database, uploads: int, workers: int) -> None:
    crew = await _hired(house, uploads)
    before = [_large(_stand(place), place) for place in range(uploads)]
    after = [_large(_again(_stand(place)), place, repaired=True) for place in range(uploads)]
    cases = await _given_work(house, crew, before)
    bell = house.tools.office.bell
    stalls: list[float] = []
    async with PhotoJudge(workers) as judge:
        desk = PhotoDesk(house.tools.office, Judge(judge), bell.another(), workers)
        loops = [asyncio.create_task(desk.run()),
                 asyncio.create_task(house.tools.delivery.run(Channel.TELEGRAM, bell.another()))]
        await asyncio.sleep(1)  # the references are remembered first, as on any other day
        while await desk.judge_pending():
            pass
        gc.collect()
        watching = asyncio.create_task(_watch(stalls))
        served = await asyncio.gather(*(
            _served(house.hands[person_id], photo)
            for person_id, photo in zip(crew, after, strict=True)))
        for task in (watching, *loops):
            task.cancel()
        await asyncio.wait([watching, *loops])
        memory = [_megabytes(worker.process.pid) for worker in judge._idle]
    waits = sorted(one.verdict for one in served)
    verdicts = Counter([(await house.case(case)).parts[0].photos[0].verdict for case in cases])
    print(  # noqa: T201
        f"{uploads} uploads of {len(after[0]) / 2**20:.1f} MB, {workers} workers: progress line "
        f"after {median(one.progress for one in served):.1f} s, at most "
        f"{max(one.progress for one in served):.1f} s; verdict after {median(waits):.1f} s, at "
        f"most {waits[-1]:.1f} s; longest stall of the loop {max(stalls) * 1000:.0f} ms; memory "
        f"of a worker at its peak {max(memory):.0f} MB, of the whole process "
        f"{_megabytes('self'):.0f} MB; {dict(verdicts)}"
    )


async def _hired(house: House, uploads: int) -> list[int]:
    async with house.tools.office.work() as work:
        directory = await work.people.directory()
    by_code = {one.code: one.id for one in directory.people.values()}
    crew = [by_code[one.code] for one in executors(uploads)]
    for person_id, one in zip(crew, executors(uploads), strict=True):
        code = await house.tools.enrolment.invite(one.code)
        hand = Hand(house.sandbox.page_url, city.telegram_id(one.id))
        house.hands[person_id] = hand
        await hand.starts(code)
        await hand.awaits("Вы подключены")
    return crew


async def _given_work(house: House, crew: list[int], before: list[bytes]) -> list[int]:
    office = house.tools.office
    async with office.work() as work:
        directory = await work.people.directory()
    codes = {one.code: one for one in directory.people.values()}

    def by(number: int) -> Actor:
        return Actor(Channel.TELEGRAM, f"load:{next(_SOURCES)}", codes[f"p{number}"])

    cases = []
    for place, (person_id, photo) in enumerate(zip(crew, before, strict=True)):
        file = await office.files.put(photo, "житель.jpg", "image/jpeg")
        case = CaseRef((await house.arrives(city.message(f"MO-{place}"), [file])).id)
        await office.do(by(city.DESK), case, routing.register)
        await office.do(by(city.DESK), case, routing.route, codes[f"p{city.OFFICIAL}"].id)
        await office.do(by(city.OFFICIAL), case, resolutions.impose,
                        (resolutions.Task(person_id),))
        cases.append(case.case_id)
    await house.carry()
    return cases


_SOURCES = iter(range(10**9))


async def _served(hand: Hand, photo: bytes) -> Served:
    """Send a photo; the status is there before the verdict with its picture is."""
    start = perf_counter()
    await hand.sends([("работа.jpg", photo)])
    await hand.awaits("Сравниваю ракурс", PATIENCE)
    progress = perf_counter() - start
    await hand.awaits(_is_verdict, PATIENCE)
    return Served(progress, perf_counter() - start)


def _is_verdict(seen: SeenMessage) -> bool:
    return any(file.kind == "photo" for file in seen.files)


async def _watch(stalls: list[float]) -> None:
    """The loop, every 5 ms."""
    while True:
        start = perf_counter()
        await asyncio.sleep(0.005)
        stalls.append(perf_counter() - start - 0.005)


def _stand(place: int) -> Camera:
    """Citizens stand and look differently; the made-up yards themselves are much alike."""
    return Camera(x=place % 5 - 2.0, z=place % 4 * 1.2, yaw=place * 37 % 61 - 30.0,
                  pitch=place * 13 % 15 - 7.0)


def _again(camera: Camera) -> Camera:
    """Nearly the same stand, on another day."""
    return replace(camera, x=camera.x + 0.5, z=camera.z + 0.3, yaw=camera.yaw + 2, roll=-1.5)


def _large(camera: Camera, place: int, *, repaired: bool = False) -> bytes:
    """A made-up place as a phone of twelve megapixels keeps it."""
    view = Image.fromarray(render(camera, place=place, repaired=repaired))
    out = io.BytesIO()
    view.resize(MEGAPIXELS_12, Image.Resampling.BICUBIC).save(out, "JPEG", quality=92)
    return out.getvalue()


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

"""The Telegram face beside the least bot that aiogram makes, against the same server in one run.

``python tests/benchmarks/telegram.py [start] [presses] [broadcast] [floors]`` measures all without
words. *start*: seconds from the start to the first ``getUpdates``, and memory at rest. *presses*:
a text that is answered by a card, and the desk's «Зарегистрировать», which reads and writes a
case: milliseconds until a press alone is answered, and until its message is edited too, presses a
second by sixteen people at once, processor time of the bot for an update, the two bots in turn
and the median of the rounds.
*broadcast*: a notice to a thousand people, in the time that the limits of the Bot API allow.
Ratios are to the least bot, or to the limit. *floors*: what the database itself takes.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.sandbox.telegram import SandboxPerson, TelegramSandbox  # noqa: E402
from core.case import CitizenMessage  # noqa: E402
from core.inbound import Applicant  # noqa: E402
from core.notices import Notice, NoticeKind  # noqa: E402
from core.people import Body, Channel, Person  # noqa: E402
from core.regulation.terms import BodyKind, Role  # noqa: E402
from storage.database import open_database  # noqa: E402
from tests.builders import kept_case  # noqa: E402

TOKEN = "424242:benchmark-token"
FIRST = 10_000
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
"""Ten o'clock in Moscow, on a working day."""
STREETS = tuple(f"{one}{two}ая" for two in ("", "ов", "ин", "ск") for one in (
    "Бел", "Дальн", "Заречн", "Лугов", "Мирн", "Нов", "Полев", "Садов", "Сиренев", "Школьн"))
"""So that about as many messages come from a street as in a city."""
STARTS = 5
REST = 4.0
AT_ONCE = 16
PACE = 25
"""Texts a second: thirty may be answered."""
ROUNDS = 3


def account(person: int) -> int:
    """The Telegram account of a person."""
    return FIRST + person


async def found(folder: Path, people: int, cases: int) -> None:
    """An office of so many people of the desk, with cases to register, in a database."""
    database = await open_database(f"sqlite://{folder / 'rakurs.db'}", folder)
    await database.migrate()
    staff = [Person(n, f"p{n}", f"Иванова Анна {n}", "специалист", 1, frozenset({Role.DESK}))
             for n in range(1, people + 1)]
    async with database.work() as work:
        await work.people.import_all(
            [Body(1, "desk", "Отдел «Добродел»", BodyKind.DEPARTMENT)], staff, [], [])
        known = (await work.people.directory()).people
    for start in range(1, people + 1, 100):
        async with database.work() as work:
            for person in list(known.values())[start - 1:start + 99]:
                code = f"code-{person.code}"
                await work.people.add_invitation(person.id, code, MONDAY + timedelta(days=7))
                await work.people.use_invitation(code, account(int(person.code[1:])), MONDAY)
    async with database.work() as work:
        for number in range(cases):
            await kept_case(work, CitizenMessage(
                f"MO-{number}", "Яма на проезжей части у дома, вода не уходит.", "Дороги",
                place=f"ул. {STREETS[number % len(STREETS)]}, {number // len(STREETS) + 1}"),
                Applicant(), MONDAY)
    await database.close()


@dataclass
class Running:
    """A bot as a process of its own, and the server it talks to."""

    sandbox: TelegramSandbox
    process: asyncio.subprocess.Process
    started_in: float

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far, of all its threads."""
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9

    @property
    def memory(self) -> float:
        """Megabytes that are its own or its share of what others have too."""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        return sum(int(one.split()[1]) for one in lines if one.startswith("Pss:")) / 1024


Command = Sequence[str]


def bare(sandbox: TelegramSandbox) -> tuple[Command, dict[str, str]]:
    """The least bot."""
    script = str(ROOT / "tests/benchmarks/telegram_echo.py")
    return (sys.executable, script, sandbox.url, TOKEN), {}


def ours(sandbox: TelegramSandbox, folder: Path) -> tuple[Command, dict[str, str]]:
    """The program: its Telegram face and the schedule."""
    return (sys.executable, "-m", "bot", "run", "--only", "bot,schedule"), {
        "BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": sandbox.url, "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite://{folder / 'rakurs.db'}", "LOG_LEVEL": "WARNING"}


@asynccontextmanager
async def running(folder: Path | None, people: int) -> AsyncIterator[Running]:
    """A bot that waits for updates: ours on the database in the folder, or the least one."""
    sandbox = await TelegramSandbox.start(
        [SandboxPerson(account(n), f"Анна {n}") for n in range(1, people + 1)], token=TOKEN,
        callback_seconds=60.0)
    for chat in sandbox.store.chats.values():
        chat.started = True
    command, settings = bare(sandbox) if folder is None else ours(sandbox, folder)
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env={**os.environ, **settings})
    await asyncio.wait_for(sandbox.polled(), 120)
    try:
        yield Running(sandbox, process, time.perf_counter() - began)
    finally:
        process.terminate()
        await process.wait()
        await sandbox.stop()


async def start(folder: Path) -> None:
    """Seconds to the first ``getUpdates`` and memory at rest, one after the other."""
    await found(folder, 1, 0)
    seconds: dict[str, list[float]] = {"bare": [], "ours": []}
    processor: dict[str, list[float]] = {"bare": [], "ours": []}
    memory: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(STARTS):
        for name, place in (("bare", None), ("ours", folder)):
            async with running(place, 1) as one:
                seconds[name].append(one.started_in)
                processor[name].append(one.cpu)
                await asyncio.sleep(REST)
                memory[name].append(one.memory)
    for what, unit, figures in (("start to first getUpdates", "s", seconds),
                                ("processor time of it", "s", processor),
                                ("memory at rest", "MB", memory)):
        said(what, unit, statistics.median(figures["bare"]), statistics.median(figures["ours"]))


def said(what: str, unit: str, floor: float, figure: float) -> None:
    """A line: the least bot, ours, and the ratio."""
    sys.stdout.write(f"{what:32}{floor:10.2f} {figure:10.2f} {unit:4} {figure / floor:6.2f} x\n")
    sys.stdout.flush()


@dataclass
class Bench:
    """People who write and press, as fast as the bot answers."""

    one: Running
    http: aiohttp.ClientSession
    people: int
    each: int
    cards: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    async def _post(self, person: int, act: str, body: dict[str, object]) -> dict[str, object]:
        url = f"{self.one.sandbox.page_url}chats/{account(person)}/{act}"
        async with self.http.post(url, json=body) as response:
            answer: dict[str, object] = await response.json()
            assert response.status == 200, answer
            return answer

    async def asks(self, person: int, text: str) -> tuple[int, str]:
        """Write, and wait for the answer with the button: its message and data."""
        sent = await self._post(person, "text", {"text": text, "reply_to": 0})
        after = sent["change"]
        while True:
            url = (f"{self.one.sandbox.page_url}chats/{account(person)}/messages"
                   f"?after={after}&wait=20")
            async with self.http.get(url) as response:
                seen = await response.json()
            after = seen["change"]
            for message in seen["messages"]:
                for row in message["buttons"]:
                    for button in row:
                        if "Зарегистрировать" in button["text"] and not message["mine"]:
                            return message["id"], button["data"]

    async def presses(self, person: int) -> float:
        """Press the next card's button; seconds until it was answered."""
        message_id, data = self.cards[person].pop()
        began = time.perf_counter()
        answer = await self._post(person, "press", {"message_id": message_id, "data": data})
        assert answer["answered"], answer
        assert not answer["alert"], answer
        return time.perf_counter() - began

    async def sees(self, person: int) -> tuple[float, float]:
        """The same; and seconds until the message of the button was edited too."""
        chat = self.one.sandbox.store.chats[account(person)]
        message = chat.messages[self.cards[person][-1][0]]
        before, began = message.change, time.perf_counter()
        answered = await self.presses(person)
        while message.change == before:  # noqa: ASYNC110 (the message tells nobody)
            await asyncio.sleep(0.0001)
        return answered, time.perf_counter() - began

    async def ask_in_turn(self) -> float:
        """Everyone's cards, at a pace that the limits allow: processor ms for one.

        Whoever is asked seldom finds its code and its data less at hand than who is never left
        alone: only at the same pace the two can be compared.
        """
        async def asks(person: int, number: int) -> None:
            self.cards[person].append(await self.asks(person, f"ЕКЖ-2026-{number:06}"))

        self.cards = {person: [] for person in range(1, self.people + 1)}
        cpu, asking = self.one.cpu, []
        for place in range(self.people * self.each):
            asking.append(asyncio.ensure_future(asks(place % self.people + 1, place + 1)))
            await asyncio.sleep(1 / PACE)
        await asyncio.gather(*asking)
        return (self.one.cpu - cpu) / len(asking) * 1000

    async def press_at_once(self) -> tuple[float, float]:
        """What is left, sixteen people at a time: how many a second, processor ms for one."""
        seats = asyncio.Semaphore(AT_ONCE)

        async def presses_all(person: int) -> int:
            count = len(self.cards[person])
            async with seats:
                for _ in range(count):
                    await self.presses(person)
            return count

        began, cpu = time.perf_counter(), self.one.cpu
        done = sum(await asyncio.gather(*(presses_all(one) for one in self.cards)))
        return done / (time.perf_counter() - began), (self.one.cpu - cpu) / done * 1000


async def measured(folder: Path | None, people: int, each: int) -> dict[str, float]:
    """The figures of one bot."""
    async with running(folder, people) as one, aiohttp.ClientSession() as http:
        bench = Bench(one, http, people, each)
        await asyncio.sleep(REST)  # both have done by then what they do after a start
        text_cpu = await bench.ask_in_turn()
        single, seen = zip(*[await bench.sees(person) for person in range(1, people + 1)],
                           strict=True)
        await asyncio.sleep(1)  # what the presses set going must not count twice
        presses, press_cpu = await bench.press_at_once()
        assert one.sandbox.violations == []
    return {"text_cpu": text_cpu, "presses": presses, "press_cpu": press_cpu,
            "median": statistics.median(single) * 1000, "seen": statistics.median(seen) * 1000,
            "p95": sorted(single)[len(single) * 95 // 100] * 1000}


async def presses(folder: Path, people: int, each: int, rounds: int) -> None:
    """Both bots in turn; other work of the machine comes and goes, so the median of the rounds."""
    floors, ours_too = [], []
    for number in range(rounds):
        office = folder / str(number)
        await found(office, people, people * each)
        floors.append(await measured(None, people, each))
        ours_too.append(await measured(office, people, each))
    floor, figures = (
        {key: statistics.median(one[key] for one in some) for key in some[0]}
        for some in (floors, ours_too))
    for what, unit, key in (
            ("press to answer, median", "ms", "median"), ("press to answer, 95 %", "ms", "p95"),
            ("press to answer and edit", "ms", "seen"),
            ("presses, 16 people at once", "/s", "presses"),
            ("processor time for a press", "ms", "press_cpu"),
            ("processor time for a text", "ms", "text_cpu")):
        said(what, unit, floor[key], figures[key])


async def floors(folder: Path) -> None:
    """What SQLite takes: a commit that waits for the disk, and one statement by each way."""
    await found(folder, 1, 0)
    database = await open_database(f"sqlite://{folder / 'rakurs.db'}", folder)

    async def commit() -> None:
        async with database.work() as work:
            await work.sources.mark(str(time.perf_counter_ns()), MONDAY)

    async def share() -> None:
        await asyncio.gather(*(commit() for _ in range(AT_ONCE)))

    async def read() -> None:
        async with database.work() as work:
            await work.people.directory()

    for what, act, times, each in (("commit, alone", commit, 200, 1),
                                   ("commit, sixteen at once", share, 50, AT_ONCE),
                                   ("unit of work that reads", read, 2000, 1)):
        await act()
        began, cpu = time.perf_counter(), time.process_time()
        for _ in range(times):
            await act()
        spent = (time.perf_counter() - began) / times / each * 1e6
        cpu = (time.process_time() - cpu) / times / each * 1e6
        sys.stdout.write(f"{what:32}{spent:10.0f} us, processor {cpu:.0f} us\n")
    await database.close()


async def broadcast(folder: Path, people: int) -> None:
    """From the first message to the last, against what the limit allows."""
    await found(folder, people, 0)
    async with running(folder, people) as one:
        limits = one.sandbox.limits
        limits.enforced = True
        database = await open_database(f"sqlite://{folder / 'rakurs.db'}", folder)
        async with database.work() as work:
            persons = (await work.people.directory()).people
            await work.outbox.put([
                (Notice(NoticeKind.REPLY, f"all:{person}", person,
                        facts={"said": "Завтра с 9:00 до 10:00 Ракурс обновляется."}),
                 Channel.TELEGRAM) for person in persons], MONDAY)
        await database.close()
        while limits.sent == 0:  # noqa: ASYNC110 (the counter of the server tells nobody)
            await asyncio.sleep(0.01)
        began, cpu = time.perf_counter(), one.cpu
        while limits.sent < people:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        spent, cpu = time.perf_counter() - began, one.cpu - cpu
        said(f"notice to {people} people", "s", people / limits.overall, spent)
        sys.stdout.write(f"violations of the limits: {limits.overall_violations} overall, "
                         f"{limits.chat_violations} in a chat; processor {cpu:.1f} s\n")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", help="start, presses, broadcast, floors")
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--each", type=int, default=15)
    parser.add_argument("--audience", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    sys.stdout.write(f"{'':32}{'bare':>10} {'ours':>10}\n")
    for name, work in (
            ("start", start), ("presses", lambda at: presses(
                at, chosen.people, chosen.each, chosen.rounds)),
            ("broadcast", lambda at: broadcast(at, chosen.audience)),
            ("floors", floors)):
        if not chosen.what or name in chosen.what:
            with tempfile.TemporaryDirectory() as folder:
                asyncio.run(work(Path(folder)))


if __name__ == "__main__":
    main()

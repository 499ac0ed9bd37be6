"""Letters a second from IMAP to the committed case, beside a bare fetch of the same mailbox.

``python tests/benchmarks/mail_intake.py [--letters 300] [--kilobytes 200] [--large 40]
[--many 50000]`` needs Dovecot through the ``mailstack`` tool (``RAKURS_SHARED``, or the folder
beside the checkout). In a fresh mailbox it prints

* letters a second of a bare aioimaplib fetch, of the whole intake, and the second as a share of
  the first (both of the same mailbox in the same run, the best of three by turns), and the
  processor time of this process for a letter;
* the most memory above idle while one letter of ``--large`` MB is taken in, and over a mailbox of
  ``--many`` small letters at first start, with the letters a second of that. Memory freed before
  hides what is taken next: measure ``--many`` by itself (``--letters 20 --large 0``).
"""

import argparse
import asyncio
import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import aioimaplib  # noqa: E402

from bot import collector  # noqa: E402
from core.bell import Bell  # noqa: E402
from core.calendar import WorkingCalendar  # noqa: E402
from core.secret import Secret  # noqa: E402
from core.usecases.intake import Intake  # noqa: E402
from core.usecases.letters import Letters  # noqa: E402
from core.usecases.office import Office, Rules  # noqa: E402
from core.usecases.replies import Replies  # noqa: E402
from mail.inbox import Inbox  # noqa: E402
from mail.rules import MailRules  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.template import open_fresh  # noqa: E402
from tests.bot import city  # noqa: E402
from tests.mail.keeping import now  # noqa: E402

SHARED = Path(os.environ.get("RAKURS_SHARED", ROOT.parent / "shared"))
TOOL = SHARED / "tools" / "mailstack"
DOMAIN = "mytischi.test"
MEGABYTE = 1024 * 1024
BOUNDARY = "----=_NextPart_000_0042_01DC5F3A.9B2C7E10"
RULES = MailRules(f"bot@{DOMAIN}", (f"msed@{DOMAIN}",))


class Clock:
    """The time as it is."""

    def now(self) -> Any:
        """The moment."""
        return now()


def letter(number: int, attachment: int) -> bytes:
    """An export of МСЭД with a photograph of so many bytes."""
    head = (
        f"From: msed@{DOMAIN}\r\nTo: bot@{DOMAIN}\r\nSubject: {number}\r\n"
        f"Message-ID: <b{number}@{DOMAIN}>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0300\r\n"
        "MIME-Version: 1.0\r\n"
        f'Content-Type: multipart/mixed; boundary="{BOUNDARY}"\r\n\r\n'
        f"--{BOUNDARY}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"Номер: MO-{number}\r\nТема: Дороги\r\nАдрес: ул. Мира, {number}\r\n"
        f"Текст: Яма на проезде номер {number}, просим заделать.\r\n"
    ).encode()
    end = f"--{BOUNDARY}--\r\n".encode()
    if not attachment:
        return head + end
    photo = base64.encodebytes(b"\xff\xd8\xff\xe0" + os.urandom(attachment * 3 // 4))
    return (head + f"--{BOUNDARY}\r\n".encode()
            + b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n"
              b"Content-Disposition: attachment; filename=a.jpg\r\n\r\n"
            + photo.replace(b"\n", b"\r\n") + end)


class Stack:
    """Dovecot, with letters put straight into its folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "stack"
        self.aside = folder
        """Where the databases of a run stay until its end: ext4 makes a new file several times as
        slowly in the seconds after many were deleted, and the program never deletes any."""
        self.facts: dict[str, Any] = json.loads(self("start", "--users", "one,big,many",
                                                     "--domain", DOMAIN))

    def __call__(self, verb: str, *args: str) -> str:
        """One verb of the tool."""
        return subprocess.run([sys.executable, str(TOOL), verb, str(self._folder), *args],
                              capture_output=True, text=True, timeout=600, check=True).stdout

    def fill(self, user: str, letters: Iterator[bytes]) -> None:
        """Put letters into the mailbox of that user, in order."""
        home = Path(self.facts["maildirs"].replace("<user>", f"{user}@{DOMAIN}"))
        for name in ("cur", "new", "tmp"):
            (home / name).mkdir(parents=True, exist_ok=True)
        for number, raw in enumerate(letters):
            (home / "new" / f"1700000000.M{number:08d}.bench").write_bytes(raw)
        owner = home.parents[1].stat()
        for path in (home.parent, home, *home.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)

    def url(self, user: str) -> str:
        """The mailbox of that user."""
        return (f"imap://{quote(f'{user}@{DOMAIN}', safe='')}:secret@127.0.0.1:"
                f"{self.facts['imap_port']}/INBOX")


@contextmanager
def stack() -> Iterator[Stack]:
    """A running Dovecot in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        running = Stack(Path(folder))
        try:
            yield running
        finally:
            running("stop", "--wipe")


@dataclass
class Pace:
    """How fast letters went: by the clock, and by this process's processor time."""

    letters: int
    seconds: float
    processor: float
    most: int = 0
    """Memory above idle at its most, in bytes."""

    @property
    def speed(self) -> float:
        """Letters a second."""
        return self.letters / self.seconds

    def __str__(self) -> str:
        """For the line that is printed."""
        return f"{self.speed:.0f}/s ({1000 * self.processor / self.letters:.2f} ms of processor)"


async def bare(running: Stack, user: str) -> Pace:
    """aioimaplib alone."""
    client = aioimaplib.IMAP4(host="127.0.0.1", port=running.facts["imap_port"], timeout=60)
    await client.wait_hello_from_server()
    await client.login(f"{user}@{DOMAIN}", "secret")
    await client.select("INBOX")
    found = (await client.uid_search("ALL", charset=None)).lines[0].split()
    began, processor = time.perf_counter(), time.process_time()
    for uid in found:
        answer = await client.uid("FETCH", uid.decode(), "(UID BODY.PEEK[])")
        assert any(isinstance(line, bytearray) for line in answer.lines)
    pace = Pace(len(found), time.perf_counter() - began, time.process_time() - processor)
    await client.logout()
    return pace


async def office_of(database: Database) -> Intake:
    """The real intake on a real database."""
    async with database.work() as work:
        await work.people.import_all(city.BODIES, city.PEOPLE, city.ROUTES, city.APPROVALS)
    office = Office(database.work, Clock(), WorkingCalendar.official(), Rules(), database.files,
                    Bell(), Secret(b"k" * 32))
    letters = Letters(office)
    return Intake(office, letters, Replies(office, letters))


async def take_all(running: Stack, user: str, count: int) -> Pace:
    """The whole intake."""
    database = await open_fresh(Path(tempfile.mkdtemp(dir=running.aside)))
    try:
        inbox = Inbox(running.url(user), await office_of(database), RULES, now)
        with peak() as above:
            began, processor = time.perf_counter(), time.process_time()
            work = asyncio.create_task(inbox.run())
            while inbox.health.taken < count or inbox.health.waiting:
                await asyncio.sleep(0.02)
                if inbox.health.last_error:
                    raise RuntimeError(inbox.health.last_error)
            pace = Pace(count, time.perf_counter() - began, time.process_time() - processor,
                        above())
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        async with database.work() as unit:
            assert len(await unit.cases.open_versions()) == count
    finally:
        await database.close()
    return pace


@contextmanager
def peak() -> Iterator[Callable[[], int]]:
    """The most resident memory of this process from here on, above what it is now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    idle = _resident("VmRSS")
    yield lambda: _resident("VmHWM") - idle


def _resident(name: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


_speed = attrgetter("speed")


async def measure(letters: int, kilobytes: int, large: int, many: int) -> None:
    """Fill, measure, print."""
    def show(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    with stack() as running:
        running.fill("one", (letter(number, kilobytes * 1024) for number in range(letters)))
        await bare(running, "one")  # the first look at a mailbox builds its index
        collector.spare()  # as the program does when it has started
        floors, paces = [], []
        for _ in range(3):  # by turns, since others load the machine too
            floors.append(await bare(running, "one"))
            paces.append(await take_all(running, "one", letters))
        floor, pace = max(floors, key=_speed), max(paces, key=_speed)
        show(f"{letters} letters of {kilobytes} KB: bare fetch {floor}, intake {pace}, "
             f"{pace.speed / floor.speed:.0%} of the bare fetch")
        if large:
            running.fill("big", iter([letter(0, large * MEGABYTE)]))
            most = (await take_all(running, "big", 1)).most
            show(f"one letter of {large} MB: at most {most / MEGABYTE:.0f} MB above idle")
        if many:
            running.fill("many", (letter(number, 0) for number in range(many)))
            pace = await take_all(running, "many", many)
            show(f"first start on {many} letters: {pace}, at most "
                 f"{pace.most / MEGABYTE:.0f} MB above idle")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=300)
    parser.add_argument("--kilobytes", type=int, default=200)
    parser.add_argument("--large", type=int, default=40, help="megabytes of the large letter")
    parser.add_argument("--many", type=int, default=0)
    chosen = parser.parse_args()
    asyncio.run(measure(chosen.letters, chosen.kilobytes, chosen.large, chosen.many))


if __name__ == "__main__":
    main()

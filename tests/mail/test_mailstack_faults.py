"""Random faults against Dovecot and Exim, ending in the database: nothing lost, nothing doubled.

Letters of МСЭД come in by IMAP and become cases, each case sends the desk a letter by SMTP. All
the while lines are cut, servers go down and come up, recipients are refused, and the program is
killed. Eight faults by default; ``RAKURS_FAULTS=200`` for the long run.
"""

import asyncio
import json
import os
import random
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any

import pytest

from core.outbound import Delivery as State
from core.people import Channel
from core.usecases import delivery
from core.usecases.delivery import Delivery
from mail.carrier import MailCarrier
from mail.inbox import Inbox, check_mailbox
from storage.database import Database
from storage.template import open_fresh
from tests.bot import city
from tests.mail.keeping import now
from tests.mail.test_mailstack import DOMAIN, RULES, TOOL, Stack
from tests.usecases.office.house import House, StillClock

FAULTS = int(os.environ.get("RAKURS_FAULTS", "8"))
DESK = f"desk@{DOMAIN}"
BURSTS = (1, 1, 1, 2, 2, 2, 3, 3, 3, 30)
"""How many letters come between two faults; the last is more than a group that is kept at once."""
ARRIVED = {State.SENT, State.DELIVERED, State.ANSWERED}

pytestmark = [pytest.mark.mailstack, pytest.mark.shared,
              pytest.mark.timeout(120 + 5 * FAULTS)]


class RunningClock(StillClock):
    """The time as it is."""

    def now(self) -> datetime:
        return now().astimezone(UTC)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if not TOOL.exists():
        pytest.skip(f"НЕТ {TOOL}: сбои Dovecot и Exim НЕ проверены")
    running = Stack(tmp_path_factory.mktemp("faults"))
    try:
        running.facts = json.loads(running("start", "--users", "bot,msed,desk",
                                           "--domain", DOMAIN))
    except (RuntimeError, ValueError, TimeoutExpired) as fault:
        pytest.skip(f"Dovecot и Exim не запускаются, сбои НЕ проверены: {fault}")
    yield running
    running("stop", "--wipe")


def maildir(stack: Stack, user: str) -> Path:
    return Path(stack.facts["maildirs"].replace("<user>", user))


def put(stack: Stack, number: int, kilobytes: int) -> None:
    """An export of МСЭД lies in the mailbox all at once, whether the servers are up or not."""
    raw = (
        f"From: msed@{DOMAIN}\r\nTo: bot@{DOMAIN}\r\nSubject: {number}\r\n"
        f"Message-ID: <msed.{number}@{DOMAIN}>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"Номер: MO-{number}\r\nТема: Дороги\r\nТекст: Яма номер {number}.\r\n"
        + "Ещё одна строка о том же самом месте.\r\n" * (kilobytes * 16)).encode()
    home = maildir(stack, f"bot@{DOMAIN}")
    aside = home / "tmp" / f"{number}"
    aside.write_bytes(raw)
    owner = home.stat()
    os.chown(aside, owner.st_uid, owner.st_gid)
    aside.rename(home / "new" / f"{1700000000 + number}.M{number}.fault")


def letters_to_desk(stack: Stack) -> Counter[str]:
    """How often each letter of ours, by Message-ID, was handed to the server for the desk.

    Where Dovecot goes down between keeping a letter and telling Exim so, Exim delivers it again:
    the second copy bears the same id, and is not ours.
    """
    home = maildir(stack, DESK)
    letters = [message_from_bytes(path.read_bytes())
               for name in ("new", "cur") for path in (home / name).glob("*")]
    taken = {(str(one["Message-ID"]), taken_as(one)) for one in letters}
    return Counter(reference for reference, _ in taken)


def taken_as(letter: Message) -> str:
    """Exim's id of the letter: the first hop is the one from us."""
    _, *first = letter.get_all("Received", [])
    found = re.search(r"\bid ([\w-]+)", " ".join(first))
    assert found, "Exim and then Dovecot write where they have a letter from"
    return found[1]


@dataclass
class Program:
    """The bridge over one database; it can be killed and started again."""

    stack: Stack
    database: Database
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    carrying: Delivery | None = None

    def read(self, query: str) -> list[tuple[Any, ...]]:
        """What lies in the database, read beside the program."""
        with sqlite3.connect(f"file:{self.database.path}?mode=ro", uri=True, timeout=10) as line:
            found = line.execute(query).fetchall()
        line.close()
        return found

    async def start(self) -> None:
        house = await House.open(self.database, RunningClock())
        carrier = MailCarrier(self.stack.courier(), DOMAIN)
        self.carrying = Delivery(house.office, {Channel.EMAIL: carrier}, house.delivery.packer,
                                 house.letters)
        inbox = Inbox(self.stack.imap_url, house.intake, RULES, now, poll=2, limit=10,
                      pauses=(0.05, 0.5))
        self.tasks = [asyncio.create_task(inbox.run()), asyncio.create_task(
            self.carrying.run(Channel.EMAIL, house.office.bell.another()))]

    async def kill(self) -> None:
        """At once, in the middle of whatever it does."""
        assert self.carrying is not None
        dying = [*self.tasks, *self.carrying._carrying.values()]
        for task in dying:
            task.cancel()
        await asyncio.gather(*dying, return_exceptions=True)

    async def again(self) -> None:
        await self.kill()
        await self.start()


@pytest.fixture
async def program(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
                  ) -> AsyncIterator[Program]:
    monkeypatch.setattr(delivery, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(delivery, "LONGEST_WAIT", 0.4)
    database = await open_fresh(tmp_path)
    desk = [replace(one, email=DESK if one.id == city.DESK else "") for one in city.PEOPLE]
    async with database.work() as work:
        await work.people.import_all(city.BODIES, desk, city.ROUTES, city.APPROVALS)
    await check_mailbox(stack.imap_url)  # the first look makes the mailbox
    running = Program(stack, database)
    await running.start()
    try:
        yield running
    finally:
        await running.kill()
        await database.close()


def faults(stack: Stack, program: Program) -> list[Callable[[], Awaitable[object]]]:
    """One of each kind; those that take a server away bring it back."""
    async def tool(*words: str) -> None:
        await asyncio.to_thread(stack, *words)

    async def away(name: str) -> None:
        await tool("down", name)
        await tool("up", name)

    async def refusing(kind: str, text: str) -> None:
        await tool("rule", kind, DESK, text)
        await asyncio.sleep(0.3)
        await tool("rule", kind, DESK, "-")

    return [
        *[lambda: tool("kick")] * 4, lambda: away("imap"), lambda: away("smtp"),
        lambda: refusing("rcpt", "451 4.3.0 try later"), lambda: refusing("rcpt", "drop"),
        lambda: refusing("rcpt", "550 5.1.1 no such user"), lambda: refusing("rcpt", "delay 1"),
        lambda: refusing("data", "452 4.3.1 full"), lambda: refusing("data", "554 5.6.0 refused"),
        program.again, program.again]


async def settled(program: Program, letters: int, seconds: float) -> list[tuple[str, State]]:
    """Until every letter is a row and nothing waits to be sent: each sending and its end."""
    async with asyncio.timeout(seconds):
        while True:
            rows = program.read("SELECT id, state FROM outbox WHERE channel = 'email'")
            mails = program.read("SELECT id FROM mail")
            waiting = {"queued", "sending"} & {state for _, state in rows}
            if len(mails) >= letters and not waiting:
                return [(str(row), State(state)) for row, state in rows]
            await asyncio.sleep(0.2)


async def arrivals(stack: Stack, rows: list[tuple[str, State]]) -> Counter[str]:
    """How often the letter of each row came, when all that were accepted have been delivered."""
    wanted = {row for row, state in rows if state in ARRIVED}
    async with asyncio.timeout(60):
        while True:
            await asyncio.to_thread(stack, "flush")
            found = Counter({re.findall(r"rakurs\.(\d+)\.", reference)[0]: count
                             for reference, count in letters_to_desk(stack).items()})
            if wanted <= found.keys():
                return found
            await asyncio.sleep(0.5)


async def test_after_random_faults_every_letter_came_once_and_went_once_or_is_in_doubt(
        stack: Stack, program: Program) -> None:
    chance = random.Random(2026)
    kinds = faults(stack, program)
    order = [kinds[turn % len(kinds)] for turn in range(FAULTS)]
    chance.shuffle(order)
    number = 0
    for fault in order:
        for _ in range(chance.choice(BURSTS)):
            put(stack, number, chance.choice([1, 1, 300]))
            number += 1
        await asyncio.sleep(chance.random() * 0.4)
        await fault()
    rows = await settled(program, number, 60 + 3 * FAULTS)
    assert Counter(one for one, in program.read("SELECT message_id FROM mail")) == Counter(
        f"<msed.{one}@{DOMAIN}>" for one in range(number))
    assert program.read("SELECT COUNT(*) FROM cases") == [(number,)]
    arrived = await arrivals(stack, rows)
    assert max(arrived.values()) == 1, "no letter went twice"
    for row, state in rows:
        if state in ARRIVED:
            assert arrived[row] == 1, f"{row} is said to be accepted"
        elif state is not State.IN_DOUBT:
            assert arrived[row] == 0, f"{row} is said to have failed"
    states = Counter(state.value for _, state in rows)
    sys.stdout.write(f"{FAULTS} faults, {number} letters in, {len(rows)} out: {dict(states)}\n")
    assert states["sent"] > 0

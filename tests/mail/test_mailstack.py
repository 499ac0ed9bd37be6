"""The mail bridge against Dovecot and Exim: lines cut, servers down, letters refused.

Needs the ``mailstack`` tool from the folder beside the checkout (or ``RAKURS_SHARED``); skipped
with the reason where it is not to be had.
"""

import asyncio
import json
import os
import random
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from core.inbound import Bounce
from core.outbound import InDoubtError, LetterFile, OutgoingLetter, RefusedError, TryLaterError
from mail.courier import SmtpCourier
from mail.inbox import Inbox, check_mailbox
from mail.rules import MailRules
from tests.mail.keeping import Keeping, now

pytestmark = [pytest.mark.mailstack, pytest.mark.shared]

DOMAIN = "mytischi.test"
BOT = f"bot@{DOMAIN}"
RULES = MailRules(mail_from=BOT, msed_senders=(f"msed@{DOMAIN}",))
SHARED = Path(os.environ.get("RAKURS_SHARED", Path(__file__).parents[3] / "shared"))
TOOL = SHARED / "tools" / "mailstack"


class Stack:
    """Both servers, and the tool that spoils them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.facts: dict[str, Any] = {}

    def __call__(self, verb: str, *args: str) -> str:
        done = subprocess.run(
            [sys.executable, str(TOOL), verb, str(self._folder), *args],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-500:])
        return done.stdout

    @property
    def imap_url(self) -> str:
        return f"imap://{quote(BOT, safe='')}:secret@127.0.0.1:{self.facts['imap_port']}/INBOX"

    def courier(self, *, scheme: str = "smtp", sender: str = BOT) -> SmtpCourier:
        port = self.facts["smtps_port" if scheme == "smtps" else "smtp_port"]
        tls = ssl.create_default_context(cafile=self.facts["cafile"])
        url = f"{scheme}://{quote(sender, safe='')}:secret@localhost:{port}"
        return SmtpCourier(url, sender, now, timeout=20, data_timeout=20, tls=tls)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if not TOOL.exists():
        pytest.skip(f"НЕТ {TOOL}: Dovecot и Exim НЕ проверены")
    running = Stack(tmp_path_factory.mktemp("mailstack"))
    try:
        running.facts = json.loads(
            running("start", "--users", "bot,msed,petrov", "--domain", DOMAIN)
        )
    except (RuntimeError, ValueError, subprocess.TimeoutExpired) as fault:
        pytest.skip(f"Dovecot и Exim не запускаются и НЕ проверены: {fault}")
    yield running
    running("stop", "--wipe")


@asynccontextmanager
async def working(stack: Stack, kept: Keeping) -> AsyncIterator[Inbox]:
    inbox = Inbox(stack.imap_url, kept, RULES, now, poll=5, limit=10, pauses=(0.05, 0.5))
    task = asyncio.create_task(inbox.run())
    try:
        yield inbox
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def to_bot(number: str, size: int = 100) -> OutgoingLetter:
    return OutgoingLetter(
        message_id=f"<{number}@{DOMAIN}>",
        to=(BOT,),
        subject=number,
        text="Яма.",
        files=(LetterFile("фото.jpg", "image/jpeg", os.urandom(size)),),
    )


async def test_both_servers_are_found_in_order(stack: Stack) -> None:
    assert "вход выполнен" in await check_mailbox(stack.imap_url)
    tls = ssl.create_default_context(cafile=stack.facts["cafile"])
    imaps = stack.imap_url.replace("imap:", "imaps:").replace(
        f"127.0.0.1:{stack.facts['imap_port']}", f"localhost:{stack.facts['imaps_port']}"
    )
    assert "вход выполнен" in await check_mailbox(imaps, tls=tls)
    for scheme in ("smtp", "smtps", "smtp+starttls"):
        assert "вход выполнен" in await stack.courier(scheme=scheme).check()


async def test_untrusted_certificate_is_refused_with_a_sentence(stack: Stack) -> None:
    url = f"smtps://localhost:{stack.facts['smtps_port']}"
    with pytest.raises(TryLaterError, match="сертификату сервера нельзя доверять"):
        await SmtpCourier(url, BOT, now, timeout=10).check()


async def test_lines_cut_mid_fetch_and_mid_idle_lose_and_double_nothing(stack: Stack) -> None:
    kept = Keeping()
    chance = random.Random(11)
    courier = stack.courier(sender=f"msed@{DOMAIN}")
    names = [f"cut-{number}" for number in range(25)]

    async def spoil() -> None:
        for turn in range(14):
            await asyncio.sleep(chance.random() * 0.3)
            await asyncio.to_thread(stack, "kick")
            if turn == 7:
                await asyncio.to_thread(stack, "down", "imap")
                await asyncio.to_thread(stack, "up", "imap")

    async with working(stack, kept):
        spoiling = asyncio.create_task(spoil())
        for name in names:
            await courier.send(to_bot(name, chance.choice([10, 50_000, 900_000])))
        await spoiling
        await kept.until(lambda _: set(names) <= set(kept.subjects), seconds=60)
    assert sorted(one for one in kept.subjects if one.startswith("cut-")) == sorted(names)
    got = {row.subject: row for row in kept.rows}
    assert all(len(got[name].attachments) == 1 for name in names)


def put(home: Path, subject: str, arrived: date) -> None:
    """A letter lies in the mailbox as if it had come on that day."""
    path = home / "tmp" / subject
    path.write_bytes(f"From: a@b.example\r\nSubject: {subject}\r\n\r\nЯма.\r\n".encode())
    os.chown(path, home.stat().st_uid, home.stat().st_gid)
    moment = datetime.combine(arrived, time(12), UTC).timestamp()
    os.utime(path, (moment, moment))
    path.rename(home / "new" / f"{moment:.0f}.M1.{subject}")


def has_been_read(home: Path, subject: str) -> list[bool]:
    """Whether each file of the letter has the flag \\Seen."""
    found = ["S" in path.name.rpartition(",")[2] for path in home.rglob(f"*.{subject}*")]
    assert found
    return found


async def test_only_what_came_since_the_day_is_taken_the_rest_stays_unread(stack: Stack) -> None:
    petrov = f"petrov@{DOMAIN}"
    url = stack.imap_url.replace("bot%40", "petrov%40")
    since = date(2026, 11, 23)
    await check_mailbox(url)  # the first look makes the mailbox
    home = Path(stack.facts["maildirs"].replace("<user>", petrov))
    for name, day in (("old", since - timedelta(days=2)), ("new", since + timedelta(days=1))):
        put(home, name, day)
    kept = Keeping()
    inbox = Inbox(url, kept, replace(RULES, since=since), now, poll=5, limit=10)
    task = asyncio.create_task(inbox.run())
    await kept.until(lambda one: bool(one.rows))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert kept.subjects == ["new"]
    assert "не принимаются (MAIL_SINCE): 1" in await check_mailbox(url, since=since)
    assert not any(has_been_read(home, "old"))


async def test_every_sending_is_accepted_once_or_known_not_to_be(stack: Stack) -> None:
    """Exim is spoilt by rules and by going down; what we say of each letter must be true."""
    courier = stack.courier()
    accepted, refused, later, doubt = [], [], [], []
    rules = ["451 4.3.0 later", "550 5.1.1 nobody", "drop", "delay 1", "-"]
    chance = random.Random(5)
    for number in range(14):
        name = f"out-{number}"
        rule, kind = chance.choice(rules), chance.choice(["rcpt", "data"])
        if kind == "data" and rule in {"drop", "delay 1"}:
            rule = "452 4.3.1 full"
        await asyncio.to_thread(stack, "rule", kind, BOT, rule)
        if number == 10:
            await asyncio.to_thread(stack, "down", "smtp")
        try:
            await courier.send(to_bot(name))
            accepted.append(name)
        except RefusedError:
            refused.append(name)
        except TryLaterError:
            later.append(name)
        except InDoubtError:
            doubt.append(name)
        if number == 10:
            await asyncio.to_thread(stack, "up", "smtp")
        await asyncio.to_thread(stack, "rule", kind, BOT, "-")
    kept = Keeping()
    async with working(stack, kept):
        await kept.until(lambda _: set(accepted) <= set(kept.subjects), seconds=30)
    arrived = sorted(one for one in kept.subjects if one.startswith("out-"))
    assert accepted
    assert refused
    assert "out-10" in later
    assert not doubt
    assert arrived == sorted(accepted)


async def test_bounce_of_exim_names_our_letter_and_the_reason(stack: Stack) -> None:
    petrov = f"petrov@{DOMAIN}"
    await asyncio.to_thread(stack, "rule", "deliver", petrov, ":fail: mailbox unknown")
    letter = OutgoingLetter(f"<lost-1@{DOMAIN}>", (petrov,), "Поручение", "Яма.")
    await stack.courier().send(letter)
    kept = Keeping()
    async with working(stack, kept):
        await kept.until(
            lambda _: any(isinstance(row.reading, Bounce) for row in kept.rows), seconds=30
        )
    bounce = next(row.reading for row in kept.rows if isinstance(row.reading, Bounce))
    await asyncio.to_thread(stack, "rule", "deliver", petrov, "-")
    assert bounce.message_id == letter.message_id
    assert bounce.recipient == petrov
    assert bounce.permanent
    assert "mailbox unknown" in bounce.reason

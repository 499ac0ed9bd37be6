"""SIGKILL at ten random moments: the case comes to the same end, nothing lost, nothing twice."""

import asyncio
import os
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.rehearsal import city, demo, story
from bot.rehearsal.city import MSED_BOX
from bot.rehearsal.post import files_of, text_of
from bot.rehearsal.stage import Mailboxes
from bot.rehearsal.steps import Rehearsal, Step
from bot.sandbox.people import Hand, HandError, SeenMessage
from mail.sandbox import MailSandbox, MailUser

pytestmark = [pytest.mark.story, pytest.mark.timeout(400)]

KILLS = 10
FIRST_ROUND = tuple(story.SCRIPT.steps[:1 + [
    one.deed for one in story.SCRIPT.steps].index(story.published_interim)])
"""Through the first published answer."""

UP_TO_LETTER = FIRST_ROUND[:[one.deed for one in FIRST_ROUND].index(story.helper_accepts)]
HELPER_ACCEPTS = FIRST_ROUND[len(UP_TO_LETTER)]
"""The helper's letters: his assignment, his answer and what he is told of it."""

DONE_ONCE = {
    "receive": 1, "register": 1, "route": 1, "impose_resolution": 1, "accept": 2, "delegate": 1,
    "add_photo": 3, "submit_materials": 1, "accept_materials": 1, "draft_letter": 1,
    "sign_by_hand": 1, "register_letter": 1, "send_letter": 1, "letter_answered": 1,
    "save_draft": 3, "submit_draft": 2, "remark": 1, "approve": 2, "sign": 1, "confirm_form": 1,
    "dispatch": 1, "acknowledge": 1, "publish": 1}
"""What the people of the first round do, each deed as often as the story tells it."""


@dataclass
class Killer:
    """Kills the program at random moments and starts it again at once."""

    seed: int
    moments: list[str] = field(default_factory=list)

    async def __call__(self, now: Rehearsal) -> None:
        dice = random.Random(self.seed)
        starting = set(dice.sample(range(KILLS), 2))
        for number in range(KILLS):
            await asyncio.sleep(dice.uniform(0.2, 2.4))
            await now.stage.kill_program()
            self.moments.append("at work")
            if number in starting:
                again = asyncio.ensure_future(now.stage.start_program())
                await asyncio.sleep(dice.uniform(0.3, 2.0))
                again.cancel()
                await asyncio.wait([again])
                await now.stage.kill_program()
                self.moments.append("starting")
            await now.stage.start_program()


@dataclass
class Duty:
    """The desk looks whether a letter arrived, and says whether to send it again."""

    decided: list[str] = field(default_factory=list)
    has_decided: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, now: Rehearsal) -> None:
        hand = Hand(now.stage.telegram.page_url, account_of("sokolova"))
        dealt: set[int] = set()
        try:
            while True:
                card = await hand.awaits(
                    lambda one: one.id not in dealt and "Неизвестно, доставлено ли" in one.text
                    and any("Не отправлять" in label for label in one.labels),
                    timeout=1000, since=0)
                dealt.add(card.id)
                await self._decide(now, hand, card)
        finally:
            await hand.close()

    async def _decide(self, now: Rehearsal, hand: Hand, card: SeenMessage) -> None:
        row = re.findall(r"\d+", card.buttons[0][0].data)[-1]
        label = "Не отправлять" if await arrived(now, f"<rakurs.{row}.") else "Отправить ещё раз"
        self.decided.append(f"{row}: {label}")
        try:
            await hand.presses(label, card)
        except HandError as gone:
            self.decided.append(str(gone))
        self.has_decided.set()


def account_of(code: str) -> int:
    """A person's account in Telegram."""
    return next(one.account or 0 for one in city.staff() if one.code == code)


async def all_letters(now: Rehearsal) -> list[tuple[str, EmailMessage]]:
    """Every letter of the program in every mailbox, and whose mailbox it is."""
    return [(address, letter) for address, _ in city.mailboxes()
            for letter in await now.post.letters(address)
            if str(letter["Message-ID"]).startswith("<rakurs.")]


async def arrived(now: Rehearsal, message_id: str) -> bool:
    return any(str(letter["Message-ID"]).startswith(message_id)
               for _, letter in await all_letters(now))


@dataclass
class Found:
    """What is to be seen when the story is over and the program has said all it had to say."""

    deeds: Counter[str] = field(default_factory=Counter)
    state: str = ""
    letters: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    cards: Counter[tuple[str, str]] = field(default_factory=Counter)
    reminders: Counter[tuple[str, str]] = field(default_factory=Counter)
    unsent: list[tuple[str, str]] = field(default_factory=list)
    judges: int = 0

    async def look(self, now: Rehearsal) -> None:
        """The last step: once nothing waits in the outbox any more, look at everything."""
        database = now.stage.folder / "rakurs.db"
        await quiet(database)
        with sqlite3.connect(database) as tables:
            self.deeds = Counter(event for event, in tables.execute(
                "SELECT event FROM journal WHERE case_id = 1"))
            self.unsent = tables.execute(
                "SELECT kind, state FROM outbox WHERE state IN ('failed', 'in_doubt')").fetchall()
        self.state = (await now.opens("sokolova")).text.splitlines()[0]
        self.judges = judges_of(now.stage.folder)
        await self._look_at_letters(now)
        for code, hand in now.stage.hands.items():
            heads = [one.text.partition("\n")[0] for one in await hand.messages() if not one.mine]
            self.reminders.update([(code, head) for head in heads if head.startswith("⏰")])
            self.cards.update([(code, head) for head in heads if head.startswith(ONCE)])

    async def _look_at_letters(self, now: Rehearsal) -> None:
        for address, letter in await all_letters(now):
            self.letters[str(letter["Message-ID"])] += 1
            self.answers += address == MSED_BOX and "card.xml" in files_of(letter)
            if "Напоминание" in str(letter["Subject"]):
                left = next(line for line in text_of(letter).splitlines() if LEFT.search(line))
                self.reminders[address, left] += 1


LEFT = re.compile(r"[Оо]стал(ось|ся)|последний день|истёк|росроч")
"""The line of a reminder by e-mail that tells the mark."""
REPORT_MORNINGS = 2
"""A report made on 7 October waits unconfirmed through the mornings of 8 and 9 October."""
ONCE = ("📌", "💬", "📥")
"""How cards begin that come once in the first round to each person; a repeat says «Повтор»."""


def judges_of(folder: Path) -> int:
    """How many photo judges run for the program in this folder (0 where there is no /proc)."""
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            found += (b"core.photos.worker" in (process / "cmdline").read_bytes()
                      and str(folder).encode() in (process / "environ").read_bytes())
    return found


async def quiet(database: Path) -> None:
    """Until nothing is due or on its way in the outbox, and no letter waits for the desk."""
    async with asyncio.timeout(60):
        while True:
            with sqlite3.connect(database) as tables:
                if not tables.execute(
                        "SELECT 1 FROM outbox WHERE state IN ('queued', 'sending') OR "
                        "(state = 'in_doubt' AND channel = 'email' AND kind NOT IN "
                        "('reminder', 'overdue', 'digest'))").fetchall():
                    return
            await asyncio.sleep(0.5)


async def tell(out: Path, *, beside: demo.Beside | None = None, mailboxes: Mailboxes | None = None,
               steps: Sequence[Step] = FIRST_ROUND) -> Found:
    """The first round of the story, then a look at everything."""
    found = Found()
    look = Step("Проверка", "смотрит, что осталось", (), "", found.look)
    assert await demo.play(out, beside, mailboxes=mailboxes, steps=(*steps, look))
    return found


@pytest.fixture(autouse=True)
def made_up_pictures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RAKURS_SHARED", str(tmp_path))


def seed() -> int:
    """Another one at each run, unless KILL_SEED says which."""
    return int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))


async def test_ten_kills_change_nothing_of_the_case(tmp_path: Path) -> None:
    killer, duty = Killer(seed()), Duty()

    async def beside(now: Rehearsal) -> None:
        await asyncio.gather(killer(now), duty(now))

    print(f"KILL_SEED={killer.seed}")  # noqa: T201 (shown if the test fails)
    found = await tell(tmp_path, beside=beside)
    print(killer.moments, duty.decided, found)  # noqa: T201
    assert len(killer.moments) >= KILLS
    assert "отложенное исполнение" in found.state
    assert {event: found.deeds[event] for event in DONE_ONCE} == DONE_ONCE
    assert [one for one, count in found.letters.items() if count > 1] == [], "sent twice"
    assert found.answers == 1
    assert found.judges <= 1, "the judges of killed programs live on"
    assert [one for one, count in found.reminders.items()
            if count > (REPORT_MORNINGS if "ждёт утверждения" in one[1] else 1)] == []
    assert [one for one, count in found.cards.items() if count > 1] == [], "an unmarked repeat"


class DeadlyMailboxes(MailSandbox):
    """The program dies while the sandbox has a letter and has not answered yet."""

    fates: list[bool]
    """Whether the next letters to the helper arrive nevertheless."""
    power_cut: Callable[[], None]

    async def deliver(self, raw: bytes, to: str, sender: str = "") -> None:
        """Deliver the letter, or not; the program does not learn which."""
        fate = self.fates.pop(0) if self.fates and to.startswith("tikhonov@") else None
        if fate is not False:
            await super().deliver(raw, to, sender)
        if fate is not None:
            self.power_cut()
            await asyncio.Event().wait()  # the server drops who has gone


async def test_a_letter_on_the_line_when_the_program_dies_is_asked_about_and_never_doubled(
        tmp_path: Path) -> None:
    mailboxes = await DeadlyMailboxes.start(
        [MailUser(address, city.PASSWORD) for address, _ in city.mailboxes()])
    mailboxes.fates = [True, False]
    duty = Duty()

    async def beside(now: Rehearsal) -> None:
        died = asyncio.Event()

        def power_cut() -> None:
            assert now.stage.process is not None
            now.stage.process.kill()
            died.set()

        async def supervise() -> None:
            while True:
                await died.wait()
                died.clear()
                await now.stage.kill_program()
                await now.stage.start_program()

        mailboxes.power_cut = power_cut
        await asyncio.gather(supervise(), duty(now))

    async def asked(now: Rehearsal) -> None:
        # An answer that came first would itself show that the assignment has arrived (4.4¶1).
        async with asyncio.timeout(60):
            await duty.has_decided.wait()

    desk = Step("Соколова М.И.", "решает, отправлять ли поручение ещё раз", (), "", asked)
    found = await tell(tmp_path, beside=beside, mailboxes=mailboxes,
                       steps=(*UP_TO_LETTER, desk, HELPER_ACCEPTS))
    assert mailboxes.fates == []
    assert [one.partition(": ")[2] for one in duty.decided] == [
        "Не отправлять", "Отправить ещё раз"]
    assert [one for one, count in found.letters.items() if count > 1] == []
    assert (found.deeds["deliver"], found.deeds["accept"], found.unsent) == (2, 2, [])

"""A rehearsal in steps: each is done by a person and seen from outside, or the rehearsal fails."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.rehearsal.city import BOT_BOX, MSED_BOX, staff
from bot.rehearsal.pictures import Pictures
from bot.rehearsal.post import Post
from bot.rehearsal.stage import Stage
from bot.sandbox.people import Hand, HandError, SeenMessage

MOSCOW = ZoneInfo("Europe/Moscow")
PATIENCE = 30.0
"""Seconds that a person waits for the program to show something."""
SATURDAY = 5
GLANCE = 1.0
"""Seconds until a person looks a case up again."""


class NotSeenError(Exception):
    """A step did not show what it must; the text says what was seen."""


@dataclass(slots=True)
class Rehearsal:
    """The people of the city at work; what they see is all that the steps know."""

    stage: Stage
    post: Post
    pictures: Pictures
    out: Path
    number: str = ""
    moment: datetime = datetime(2026, 10, 5, 10, 0, tzinfo=MOSCOW)
    serial: int = 0
    marks: dict[str, int] = field(default_factory=dict)
    held: tuple[str, SeenMessage] | None = None
    """Whose hand holds which card of the case; only the last one looked at is surely fresh."""
    kept: dict[str, EmailMessage] = field(default_factory=dict)

    def hand(self, code: str) -> Hand:
        """A person with a telephone."""
        return self.stage.hands[code]

    async def sees(self, code: str, words: str) -> SeenMessage:
        """The person has a message with these words, newer than what they saw this way before."""
        seen = await self.hand(code).awaits(
            words, timeout=PATIENCE, since=self.marks.get(code, 0))
        self.marks[code] = seen.change
        return self._holds(code, seen)

    def _holds(self, code: str, card: SeenMessage) -> SeenMessage:
        self.held = (code, card) if self._is_of_the_case(card) else None
        return card

    def _is_of_the_case(self, message: SeenMessage) -> bool:
        return is_card(message) and self.number in message.text

    async def card(self, code: str, label: str) -> SeenMessage:
        """The card in the person's hand if it has the button, else looked up."""
        holder, card = self.held or ("", None)
        if card is not None and holder == code and any(label in one for one in card.labels):
            return card
        return await self.opens(code)

    async def opens(self, code: str) -> SeenMessage:
        """The person looks the case up by its number; the card that answers.

        Older cards, of this case and of others, may be brought up to date at the same moment, and
        a notice of what was before may come first, its card under a sentence of its own.
        """
        asked = await self.hand(code).says(f"/case {self.number}")
        return await self.hand(code).awaits(
            lambda seen: (seen.id > asked.id and is_card(seen)
                          and seen.text.startswith(self.number)), timeout=PATIENCE)

    async def presses(self, code: str, label: str, then: str = "") -> None:
        """Press a button of the fresh card; ``then`` must be seen on the case afterwards."""
        card = await self.card(code, label)
        self.held = None
        answer = await self.hand(code).presses(label, card, timeout=PATIENCE)
        if then:
            try:
                await self.shows(code, then)
            except NotSeenError as unseen:
                raise NotSeenError(f"{unseen} (на «{label}» отвечено: «{answer.text}»)") from None

    async def shows(self, code: str, words: str) -> SeenMessage:
        """The card in hand changes to have the words; if it does not, it is looked up again."""
        try:
            return self._holds(code, await self.hand(code).awaits(
                lambda message: words in message.text and self._is_of_the_case(message),
                timeout=GLANCE))
        except HandError:
            return await self.becomes(code, words)

    async def becomes(self, code: str, words: str) -> SeenMessage:
        """Look the case up until its card has the words."""
        limit = asyncio.get_running_loop().time() + PATIENCE
        while True:
            card = await self.opens(code)
            if words in card.text:
                return self._holds(code, card)
            if asyncio.get_running_loop().time() > limit:
                raise NotSeenError(f"на карточке нет «{words}»; есть: {card.text[:400]}")
            await asyncio.sleep(0.3)

    async def answers(self, code: str, text: str) -> None:
        """Reply to the question that the bot has just asked."""
        asked = await self.hand(code).awaits(
            lambda message: message.force_reply, timeout=PATIENCE)
        await self.hand(code).says(text, reply_to=asked)

    async def says(self, code: str, label: str, text: str, then: str = "") -> None:
        """Press a button that asks for words, and give them."""
        await self.presses(code, label)
        await self.answers(code, text)
        if then:
            await self.shows(code, then)

    async def msed_sends(self, raw: bytes) -> None:
        """A letter of МСЭД comes into the mailbox."""
        self.held = None
        await self.post.sends(MSED_BOX, BOT_BOX, raw)

    def later(self, *, days: float = 0, hours: float = 0) -> datetime:
        """Time passes, to a day from Monday to Friday."""
        moment = self.moment + timedelta(days=days, hours=hours)
        return self.at(moment + timedelta(days=max(0, 7 - moment.weekday())
                                          if moment.weekday() >= SATURDAY else 0))

    def at(self, moment: datetime) -> datetime:
        """Time passes until ``moment``."""
        self.held = None
        self.moment = moment
        self.stage.set_clock(moment)
        return moment

    def next_serial(self) -> int:
        """Tells apart the letters of МСЭД."""
        self.serial += 1
        return self.serial

    def address(self, code: str) -> str:
        """A person's e-mail address."""
        return next(one.email for one in staff() if one.code == code)

    def keep(self, name: str, content: bytes) -> None:
        """Leave a file in the folder of artefacts."""
        (self.out / name.replace("/", "-")).write_bytes(content)


def number_on(seen: SeenMessage, about: str = "") -> str:
    """The office's own number on a card; ``about``: the one before those words, since notices of
    several cases may come in one message."""
    numbers = re.findall(r"ЕКЖ-\d{4}-\d+", seen.text.partition(about)[0] if about else seen.text)
    return str(numbers[-1] if about else numbers[0])


def is_card(message: SeenMessage) -> bool:
    """Whether the message is the card of a case."""
    return any("История" in label for label in message.labels)


Deed = Callable[[Rehearsal], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: who does what by which clauses; ``deed`` raises if it was not seen to happen."""

    who: str
    what: str
    requirements: tuple[str, ...]
    clause: str
    deed: Deed


@dataclass(slots=True)
class Script:
    """Steps in order, written as decorated functions."""

    steps: list[Step] = field(default_factory=list)

    def step(self, who: str, what: str, requirements: str, clause: str
             ) -> Callable[[Deed], Deed]:
        """Add the function as the next step."""
        def add(deed: Deed) -> Deed:
            self.steps.append(Step(who, what, tuple(requirements.split()), clause, deed))
            return deed
        return add

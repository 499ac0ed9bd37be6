"""The bot on its real storage, against the sandbox's Bot API over HTTP; people press buttons."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiogram import Bot

from bot import dispatcher, updates
from bot.courier import TelegramCourier
from bot.handlers.tools import Tools
from bot.livecards import LiveCards
from bot.pace import Pace
from bot.sandbox.people import Hand, SeenMessage
from bot.sandbox.telegram import SandboxPerson, TelegramSandbox
from bot.turns import Turns
from core.bell import Bell
from core.calendar import WorkingCalendar
from core.cards import Digest
from core.case import Case
from core.documents.house import Templates
from core.documents.values import RegisterDocument
from core.files import FileRef
from core.inbound import MessageCard
from core.letters import Letter
from core.outbound import LetterFile
from core.people import Actor, Channel, Directory
from core.secret import Secret
from core.usecases.attachments import Attachments
from core.usecases.control import Control
from core.usecases.delivery import Delivery
from core.usecases.enrolment import Enrolment
from core.usecases.intake import MSED_SPEAKS_FOR, Intake
from core.usecases.letters import Letters
from core.usecases.lookups import Lookups
from core.usecases.office import Office, Rules
from core.usecases.parcels import Packer
from core.usecases.precedents import Precedents
from core.usecases.replies import Replies
from core.usecases.reporting import Reporting
from storage.database import Database
from tests.bot import city

TOKEN = "424242:token-of-the-made-up-city"
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
"""Ten o'clock in Moscow."""
PDF = b"%PDF-1.4 made up"


class TestClock:
    """Stands still until it is moved."""

    __test__ = False

    def __init__(self) -> None:
        self.moment = MONDAY

    def now(self) -> datetime:
        """The moment."""
        return self.moment


class Halving:
    """Makes every photo half as heavy: how that is done is tested elsewhere."""

    async def lighter(self, data: bytes) -> bytes:
        return data[:len(data) // 2]


class ShortPapers:
    """Documents of a few bytes: how they are made is tested elsewhere."""

    async def answer(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        return (LetterFile("Ответ.pdf", "application/pdf", PDF),
                LetterFile("card.xml", "application/xml", b"<card/>"))

    async def returned(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        return (LetterFile("Возврат.pdf", "application/pdf", PDF),)

    async def closing(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        return (LetterFile("Ответы.pdf", "application/pdf", PDF),)

    async def letter(self, letter: Letter, directory: Directory) -> tuple[LetterFile, ...]:
        return (LetterFile("Письмо.pdf", "application/pdf", PDF),)

    async def register(self, register: RegisterDocument) -> tuple[LetterFile, ...]:
        return (LetterFile("Реестр.pdf", "application/pdf", b"%PDF"),
                LetterFile("Реестр.xlsx", "application/octet-stream", b"PK"))

    async def digest(self, digest: Digest) -> tuple[LetterFile, ...]:
        return (LetterFile("Сводка.xlsx", "application/octet-stream", b"PK"),)


@dataclass(frozen=True)
class CardPreview:
    """The preview that the composition root gives."""

    lookups: Lookups

    async def answer(self, actor: Actor, case_id: int) -> tuple[LetterFile, ...]:
        card = await self.lookups.card(actor, case_id)
        if card.draft is None:
            return ()
        return (LetterFile("Проект ответа.pdf", "application/pdf", PDF),)

    async def returned(self, actor: Actor, case_id: int) -> tuple[LetterFile, ...]:
        card = await self.lookups.card(actor, case_id)
        return (LetterFile(f"Возврат {card.returns}.pdf", "application/pdf", PDF),)


@dataclass
class House:
    """Everything that runs, and the people."""

    sandbox: TelegramSandbox
    bot: Bot
    tools: Tools
    clock: TestClock
    queue: updates.UpdateQueue
    polling: asyncio.Task[None]
    database: Database
    living: LiveCards
    intake: Intake
    hands: dict[int, Hand] = field(default_factory=dict)
    forged: int = 0

    @classmethod
    async def open(cls, sandbox: TelegramSandbox, database: Database, camera: str = ""
                   ) -> "House":
        """Start the bot on an open database; ``camera`` is the address of its page."""
        clock, calendar = TestClock(), WorkingCalendar.official()
        database.lives_by(lambda: calendar.local_date(clock.now()))
        office = Office(
            database.work, clock, calendar,
            Rules(msed_address="msed@gorod.test", operator_address="operator@gorod.test"),
            database.files, Bell(), Secret(b"k" * 32))
        folder = database.path.parent if database.path else Path()
        letters = Letters(office)
        lookups = Lookups(office, precedents=Precedents(office, folder))
        control = Control(office)
        pace, turns = Pace(window=0.0), Turns()
        bot = dispatcher.connect(TOKEN, pace, api_url=sandbox.url)
        delivery = Delivery(
            office, {Channel.TELEGRAM: TelegramCourier(bot, office, pace, camera, turns)},
            Packer(office, lookups, control, ShortPapers()), letters)
        tools = Tools(office, lookups, Enrolment(office), letters, delivery, control,
                      CardPreview(lookups), ShortPapers(), Attachments(office, Halving()),
                      Reporting(office, templates_in(folder)), camera)
        queue = updates.UpdateQueue(
            office.work, clock, updates.feed_to(dispatcher.build(tools), bot, turns))
        polling = asyncio.ensure_future(updates.poll(bot, queue))
        return cls(sandbox, bot, tools, clock, queue, polling, database,
                   LiveCards(bot, office, lookups, camera, turns=turns),
                   Intake(office, letters, Replies(office, letters)))

    async def close(self) -> None:
        """Stop cleanly."""
        self.polling.cancel()
        await asyncio.wait([self.polling])
        await self.queue.stop()
        await self.bot.session.close()
        for hand in self.hands.values():
            await hand.close()

    async def join(self, *people: int) -> None:
        """These people come by their invitations."""
        for person_id in people:
            code = await self.tools.enrolment.invite(f"p{person_id}")
            hand = Hand(self.sandbox.page_url, city.telegram_id(person_id))
            self.hands[person_id] = hand
            await hand.starts(code)
            await hand.awaits("Вы подключены")

    def __getitem__(self, person_id: int) -> Hand:
        return self.hands[person_id]

    async def arrives(self, card: MessageCard | None = None, files: Iterable[FileRef] = ()
                      ) -> Case:
        """A message comes from МСЭД."""
        office = self.tools.office
        msed = Actor(Channel.MSED, f"mail:{card.number if card else 1}",
                     speaks_for=MSED_SPEAKS_FOR)
        async with office.work() as work:
            outcome = await self.intake.take_message(
                work, msed, card or city.message(), tuple(files))
            case = await work.cases.get(outcome.case_id or 0)
        await self.carry()
        return case

    async def carry(self) -> None:
        """Everything that waits in the outbox for Telegram goes out."""
        self.clock.moment += timedelta(seconds=1)
        while await self.tools.delivery.carry(Channel.TELEGRAM):
            pass
        await self.living.refresh()

    async def press(self, person_id: int, label: str) -> str:
        """Press the newest button of that label; what the press was answered with."""
        answer = await self[person_id].presses(label)
        await self.queue.idle()
        await self.carry()
        return answer.text

    async def forge(self, person_id: int, data: str) -> str:
        """A press with the data of somebody else's button; what it was answered with."""
        self.forged += 1
        await self.queue.accept([{
            "update_id": self.forged, "callback_query": {
                "id": "1", "chat_instance": "1", "data": data,
                "from": {"id": city.telegram_id(person_id), "is_bot": False, "first_name": "И"},
                "message": {"message_id": 1, "date": 0, "chat": {
                    "id": city.telegram_id(person_id), "type": "private"}}}}])
        await self.queue.idle()
        await self.carry()
        return (await self.last(person_id)).text

    async def answer(self, person_id: int, text: str) -> None:
        """Reply to the newest question."""
        question = await self.question(person_id)
        await self.say(person_id, text, question)

    async def question(self, person_id: int) -> SeenMessage:
        """The newest question of the bot."""
        return await self[person_id].awaits(lambda one: one.force_reply, since=0)

    async def say(self, person_id: int, text: str, reply_to: SeenMessage | None = None) -> None:
        """Write, and wait until the bot has dealt with it."""
        await self[person_id].says(text, reply_to)
        await self.handled()

    async def handled(self) -> None:
        """Until the bot has handled all there was, and told everybody."""
        await self.sandbox.polled()
        await self.queue.idle()
        await self.carry()

    async def case(self, case_id: int) -> Case:
        """The case as it stands in the storage."""
        async with self.tools.office.work() as work:
            return await work.cases.get(case_id)

    async def last(self, person_id: int) -> SeenMessage:
        """The newest message in the person's chat."""
        return (await self[person_id].messages())[-1]

    async def message(self, person_id: int, message_id: int) -> SeenMessage:
        """A message of the person's chat as it is now."""
        return next(one for one in await self[person_id].messages() if one.id == message_id)

    async def card(self, person_id: int) -> SeenMessage:
        """The newest card of a case."""
        return [one for one in await self[person_id].messages()
                if "🕓 История" in one.labels][-1]

    async def attach(self, person_id: int, name: str = "Акт.pdf") -> None:
        """A scan goes with the draft (4.6¶6)."""
        await self.press(person_id, "Приложить скан")
        await self[person_id].sends([(name, PDF)])
        await self.handled()

    async def at_work(self) -> Case:
        """A case that has come to its executors."""
        await self.join(city.DESK, city.OFFICIAL, city.LEAD, city.HELPER)
        case = await self.arrives()
        await self.press(city.DESK, "Зарегистрировать")
        await self.press(city.DESK, "Направить")
        await self.press(city.OFFICIAL, "Утвердить резолюцию")
        return await self.case(case.id)


def templates_in(folder: Path) -> Templates:
    """The office's own, where the test has a folder for them."""
    own = folder / "templates"
    return Templates(own if own.is_dir() else None)


def staff() -> list[SandboxPerson]:
    """Everyone with an account, and a stranger."""
    known = [SandboxPerson(city.telegram_id(one.id), one.name) for one in city.PEOPLE]
    return [*known, SandboxPerson(city.STRANGER, "Прохожий")]



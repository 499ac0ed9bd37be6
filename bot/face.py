"""The Telegram face as loops: updates in, cards out, photos judged."""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from aiogram import Bot

from bot import dispatcher, updates
from bot.courier import TelegramCourier
from bot.dictation import Dictation
from bot.handlers.tools import Tools
from bot.introduction import Introduction
from bot.judge import Judge
from bot.livecards import LiveCards
from bot.pace import Pace
from bot.settings import Settings
from bot.turns import Turns
from core import access
from core.bell import Ear, Sound
from core.errors import AssistantError, NotFoundError
from core.outbound import LetterFile
from core.people import Actor, Channel
from core.photos.rules import Parameters, read_model
from core.photos.workers import PhotoJudge
from core.usecases.attachments import Attachments
from core.usecases.control import Control
from core.usecases.delivery import Delivery
from core.usecases.enrolment import Enrolment
from core.usecases.letters import Letters
from core.usecases.lookups import Lookups
from core.usecases.office import Office
from core.usecases.papers import Papers
from core.usecases.parcels import Courier
from core.usecases.photos import PhotoDesk
from core.usecases.reporting import Reporting

log = logging.getLogger(__name__)

MOST_PHOTOS_AT_ONCE = 4
"""Worker processes; each takes a processor and, at its usual peak, 120 MB."""

Loops = list[tuple[str, Coroutine[Any, Any, None]]]
MakeDelivery = Callable[[Mapping[Channel, Courier]], Delivery]


@dataclass(frozen=True, slots=True)
class DraftPreview:
    """Implements ``bot.handlers.tools.Preview``."""

    office: Office
    papers: Papers

    async def answer(self, actor: Actor, case_id: int) -> tuple[LetterFile, ...]:
        """PDF and its first page; raises NotFoundError for who may not see the case."""
        async with self.office.work() as work:
            case = await work.cases.get(case_id)
            directory = await work.people.directory()
        access.require_read(case, actor, directory)
        if not access.may_read_draft(case, actor):
            raise NotFoundError("Проект ответа видит ответственный исполнитель.")
        return await self.papers.preview(case, directory)

    async def returned(self, actor: Actor, case_id: int) -> tuple[LetterFile, ...]:
        """The sheet of the returns; nothing where there was none (R46)."""
        async with self.office.work() as work:
            case = await work.cases.get(case_id)
            directory = await work.people.directory()
        access.require_read(case, actor, directory)
        return await self.papers.returned(case, directory) if case.past else ()


def model_of(settings: Settings) -> Parameters | None:
    """The office's own model of the photo judge; a wrong setting stops the start."""
    if settings.photo_model is None:
        return None
    try:
        return read_model(settings.photo_model)
    except AssistantError as refusal:
        raise AssistantError(f"Настройка PHOTO_MODEL: {refusal}") from None


@dataclass(slots=True)
class Line:
    """The connection to Telegram; the last of the loops that speak over it closes it."""

    bot: Bot
    speaking: int = 3

    async def hung_up(self) -> None:
        """One of them has ended."""
        self.speaking -= 1
        if not self.speaking:
            await self.bot.session.close()


@dataclass(frozen=True, slots=True)
class Face:
    """The Telegram face with the use cases behind it."""

    settings: Settings
    office: Office
    lookups: Lookups
    enrolment: Enrolment
    letters: Letters
    control: Control
    papers: Papers
    delivery: MakeDelivery

    def loops(self) -> Loops:
        """What must run side by side for the bot to live."""
        bell, pace, settings = self.office.bell, Pace(), self.settings
        at_once = min(os.cpu_count() or 1, MOST_PHOTOS_AT_ONCE)
        workers = PhotoJudge(at_once, model=model_of(settings))
        bot = dispatcher.connect(settings.bot_token.get_secret_value(), pace,
                                 api_url=self._api_url(), local=settings.telegram_api_local)
        turns = Turns()
        delivery = self.delivery({Channel.TELEGRAM: TelegramCourier(
            bot, self.office, pace, settings.camera_page, turns)})
        tools = Tools(self.office, self.lookups, self.enrolment, self.letters,
                      delivery, self.control, DraftPreview(self.office, self.papers),
                      self.papers, Attachments(self.office, Judge(workers)),
                      Reporting(self.office, self.papers.templates), settings.camera_page,
                      Dictation(settings.speech_command))
        line = Line(bot)
        living = LiveCards(bot, self.office, self.lookups, settings.camera_page,
                           turns=turns)
        loops: Loops = [("cards", self._carry(delivery, bell.another(Sound.NOTICES), line)),
                        ("live cards", self._keep_cards(living, bell.another(Sound.CASES), line)),
                        ("photos", self._judge_photos(workers, at_once))]
        page = None
        if settings.camera_page:
            from bot.camera.server import Camera, serve
            camera = Camera(bot, tools, workers, settings.bot_token.get_secret_value())
            if settings.camera_listen:
                loops.append(("camera", serve(
                    camera, url=settings.camera_page, listen=settings.camera_listen)))
            else:
                page = partial(camera.add_to, path=urlsplit(settings.camera_page).path)
        return [("updates", self._take_updates(bot, tools, turns, line, page)), *loops]

    def _api_url(self) -> str:
        url = self.settings.telegram_api_url.rstrip("/")
        return "" if url == "https://api.telegram.org" else url

    async def _carry(self, delivery: Delivery, ear: Ear, line: Line) -> None:
        try:
            await delivery.run(Channel.TELEGRAM, ear)
        finally:
            await line.hung_up()

    async def _keep_cards(self, living: LiveCards, ear: Ear, line: Line) -> None:
        try:
            await living.run(ear)
        finally:
            await line.hung_up()

    async def _take_updates(self, bot: Bot, tools: Tools, turns: Turns, line: Line,
                            page: updates.Page | None) -> None:
        queue = updates.UpdateQueue(
            self.office.work, self.office.clock,
            updates.feed_to(dispatcher.build(tools), bot, turns), updates.tell_by(bot))
        introduction = asyncio.create_task(
            Introduction(bot, self.office).run(
                self.office.bell.another(Sound.PEOPLE)), name="introduction")
        warming = asyncio.create_task(dispatcher.warm_up(), name="warming")
        try:
            if self.settings.webhook_url:
                await self._serve(bot, queue, page)
            else:
                await updates.poll(bot, queue)
        finally:
            introduction.cancel()
            warming.cancel()
            await queue.stop()
            await line.hung_up()

    async def _serve(self, bot: Bot, queue: updates.UpdateQueue, page: updates.Page | None
                     ) -> None:
        settings = self.settings
        host, _, port = settings.webhook_listen.rpartition(":")
        await updates.serve_webhook(
            bot, queue, url=settings.webhook_url,
            secret=settings.webhook_secret.get_secret_value(),
            path=urlsplit(settings.webhook_url).path or "/", host=host, port=int(port),
            page=page)

    async def _judge_photos(self, workers: PhotoJudge, at_once: int) -> None:
        async with workers:
            judge = Judge(workers)
            await PhotoDesk(self.office, judge, self.office.bell.another(Sound.PHOTOS), at_once,
                            Attachments(self.office, judge)).run()

"""The camera's page and what it asks for, behind Telegram's signature and the core's access."""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Protocol
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiohttp import web

from bot.camera import entry
from bot.camera.request import body_of, case_of, shooting_of, shot_of
from bot.handlers.photos import announce
from bot.handlers.tools import Tools
from bot.listening import listening
from bot.texts import general, outcomes
from core.cards import CaseCard
from core.errors import AlreadyDoneError, AssistantError, NotAcceptedError, NotFoundError
from core.files import FileRef
from core.people import Actor
from core.photos.formats import PHOTOS
from core.photos.metadata import ExifReport
from core.photos.shooting import with_shooting_data
from core.ports import UnavailableError
from core.regulation.terms import Event
from core.usecases import execution
from core.usecases.office import CaseRef

log = logging.getLogger(__name__)

ASSETS = {
    "": ("page.html", "text/html"), "page.css": ("page.css", "text/css"),
    "page.js": ("page.js", "text/javascript"), "hint.js": ("hint.js", "text/javascript"),
    "shots.js": ("shots.js", "text/javascript"), "match.js": ("match.js", "text/javascript"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; "
        "img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors https://web.telegram.org"),
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
SIGNED = "tma "
"""How the page hands over its ``initData`` in the header Authorization."""
VIEWS_KEPT = 16
TELLING = 5.0
"""Seconds for the status in the chat; the page does not wait longer for its answer."""
WIDE = 10
"""Hex digits by which the page names a citizen's photo."""

Handler = Callable[[web.Request], Awaitable[web.Response]]


class Pictures(Protocol):
    """The photo judge's worker, where alone pictures are decoded."""

    async def view(self, data: bytes) -> bytes:
        """Any accepted photo as an upright JPEG for a telephone; raises AssistantError."""
        ...

    async def exif(self, data: bytes) -> ExifReport:
        """What the file says of itself."""
        ...


@dataclass(slots=True)
class Camera:
    """The page's side of the server; ``token`` is the bot's, by which Telegram signs."""

    bot: Bot
    tools: Tools
    pictures: Pictures
    token: str = field(repr=False)
    _views: OrderedDict[str, bytes] = field(default_factory=OrderedDict)

    def add_to(self, app: web.Application, path: str) -> None:
        """Hang the page into a web server under ``path``, which ends with a slash."""
        for method, name, handler in (("GET", "case", self._case), ("GET", "photo", self._photo),
                                      ("POST", "shots", self._take)):
            app.router.add_route(method, f"{path}{name}", _told(handler))
        app.router.add_get(f"{path}{{name:[a-z.]*}}", _told(self._asset))

    async def _asset(self, request: web.Request) -> web.Response:
        name, kind = ASSETS.get(request.match_info["name"], ("", ""))
        if not name:
            raise NotFoundError("Такой страницы нет.")
        text = files("bot.camera").joinpath(name).read_text("utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8")

    async def _actor(self, request: web.Request, source: str) -> tuple[Actor, int]:
        """Who asks, and in which chat the bot answers."""
        signed = request.headers.get("Authorization", "")
        user_id = entry.entered(signed.removeprefix(SIGNED), self.token,
                                self.tools.office.clock.now())
        actor = await self.tools.enrolment.actor(user_id, f"camera:{user_id}:{source}")
        if actor is None:
            raise entry.EntryRefusedError(entry.STRANGER)
        return actor, user_id

    async def _card(self, request: web.Request, actor: Actor) -> CaseCard:
        """The case, if this person may add a photo to it now."""
        card = await self.tools.lookups.card(actor, case_of(request.query))
        if Event.ADD_PHOTO not in card.actions:
            raise NotAcceptedError(
                f"К сообщению {card.number} сейчас нельзя приложить фотографию: состояние "
                f"«{card.state_label}».")
        return card

    async def _case(self, request: web.Request) -> web.Response:
        """What the page shows: the case and the citizen's photos, where and whither taken."""
        actor, _ = await self._actor(request, "look")
        card = await self._card(request, actor)
        photos = [await self._described(one) for one in _citizens(card)]
        return web.json_response({
            "number": card.number, "place": card.place,
            "photos": [one for one in photos if one is not None]})

    async def _described(self, file: FileRef) -> dict[str, object] | None:
        """A citizen's photo for the page; None where it cannot be shown."""
        try:
            content = await self.tools.office.files.get(file)
            await self._view(file, content)
        except UnavailableError:
            raise
        except AssistantError as refusal:
            log.info("a citizen's photo is not shown by the camera: %s", refusal)
            return None
        gps = (await self.pictures.exif(content)).gps
        place = gps if gps is not None and gps.usable else None
        return {"id": file.sha256[:WIDE],
                "latitude": place.latitude if place else None,
                "longitude": place.longitude if place else None,
                "direction": gps.direction_deg if gps else None}

    async def _photo(self, request: web.Request) -> web.Response:
        """A citizen's photo, made small."""
        actor, _ = await self._actor(request, "look")
        card = await self._card(request, actor)
        wanted = request.query.get("photo", "")
        file = next((one for one in _citizens(card) if one.sha256[:WIDE] == wanted), None)
        if file is None:
            raise NotFoundError("Этого фото в сообщении нет.")
        content = await self.tools.office.files.get(file)
        return web.Response(body=await self._view(file, content), content_type="image/jpeg")

    async def _view(self, file: FileRef, content: bytes) -> bytes:
        if file.sha256 not in self._views:
            self._views[file.sha256] = await self.pictures.view(content)
            while len(self._views) > VIEWS_KEPT:
                self._views.popitem(last=False)
        return self._views[file.sha256]

    async def _take(self, request: web.Request) -> web.Response:
        """A shot: kept, put into the person's part once, then told of in the chat."""
        actor, chat_id = await self._actor(request, shot_of(request.query))
        card = await self._card(request, actor)
        office = self.tools.office
        now = office.clock.now().astimezone(office.calendar.zone)
        shooting = shooting_of(request.query, now)
        content = await asyncio.to_thread(
            with_shooting_data, await body_of(request), shooting)
        kept = await office.files.put(
            content, f"Камера {shooting.taken_at:%Y-%m-%d %H-%M-%S}.jpg", "image/jpeg")
        try:
            await office.do(actor, CaseRef(card.id), execution.add_photo, kept, by_camera=True)
        except AlreadyDoneError:
            log.info("a shot came again and was taken once")
        else:
            await self._announce(actor, card.id, chat_id)
        return web.json_response({"said": outcomes.SHOT_TAKEN})

    async def _announce(self, actor: Actor, case_id: int, chat_id: int) -> None:
        """The shot is saved, whatever becomes of the line about it."""
        try:
            async with asyncio.timeout(TELLING):
                await announce(self.bot, self.tools, actor, case_id, chat_id)
        except (AiogramError, AssistantError, OSError, TimeoutError) as fault:
            log.info("the status of a shot was not sent: %s", type(fault).__name__)


def _citizens(card: CaseCard) -> tuple[FileRef, ...]:
    return tuple(one for one in card.files if one.media_type in PHOTOS)


def _told(handler: Handler) -> Handler:
    """Every refusal as one sentence; 5xx means that the page tries again."""
    async def told(request: web.Request) -> web.Response:
        try:
            response = await handler(request)
        except entry.EntryRefusedError as refusal:
            response = _sorry(403, str(refusal))
        except NotFoundError as refusal:
            response = _sorry(404, str(refusal))
        except UnavailableError:
            response = _sorry(503, general.CAMERA_WAITS)
        except AssistantError as refusal:
            response = _sorry(409, str(refusal))
        except web.HTTPException:
            raise
        except Exception:
            code = secrets.token_hex(3)
            log.exception("the camera's page got no answer, code %s", code)
            response = _sorry(500, outcomes.unexpected(code))
        response.headers.update(HEADERS)
        return response

    return told


def _sorry(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


async def serve(camera: Camera, *, url: str, listen: str) -> None:
    """The page on a small server of its own, until cancelled."""
    app = web.Application()
    camera.add_to(app, urlsplit(url).path)
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await listening(web.TCPSite(runner, host, int(port)), "CAMERA_LISTEN")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()

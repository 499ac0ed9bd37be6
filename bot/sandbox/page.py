"""The page on which one speaks for any person, and its HTTP interface under ``/sandbox/``.

Loopback only and without a secret; requests made by other sites' pages are refused by their
``Host``, ``Origin`` and ``Sec-Fetch-Site``.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from importlib.resources import files
from urllib.parse import quote

import aiohttp
from aiohttp import web

from bot.sandbox.acts import ImpossibleActError, PersonActs
from bot.sandbox.refusals import TelegramRefusalError
from bot.sandbox.seen import message_as_seen, person_as_seen
from bot.sandbox.server import Record
from bot.sandbox.spec import Json, Upload, as_number, as_text

MAX_WAIT = 50.0
MAX_UPLOAD = 64 * 1024 * 1024
ASSETS = {
    "": ("page.html", "text/html"),
    "page.css": ("page.css", "text/css"),
    "page.js": ("page.js", "text/javascript"),
    "page_text.js": ("page_text.js", "text/javascript"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}
SAFE_INLINE = {"image/jpeg", "image/png", "image/gif", "image/webp"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """Serves the page and its interface."""

    def __init__(self, acts: PersonActs, record: Record, links: list[tuple[str, str]]) -> None:
        self._acts, self._record, self._links = acts, record, links
        self._store = acts.store
        self._hosts: set[str] = set()
        self._closing = False

    def serve_as(self, hosts: set[str]) -> None:
        """The ``Host`` values under which the page may be asked for."""
        self._hosts = hosts

    def close(self) -> None:
        """Ends all waiting."""
        self._closing = True
        self._store.changes.grow()

    def add_routes(self, app: web.Application) -> None:
        """Hangs the page into the application."""
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/sandbox/people", self._people),
            ("GET", "/sandbox/violations", self._violations),
            ("GET", r"/sandbox/chats/{user:\d+}/messages", self._messages),
            ("GET", r"/sandbox/chats/{user:\d+}/files/{file}", self._file),
            ("POST", r"/sandbox/chats/{user:\d+}/start", self._start),
            ("POST", r"/sandbox/chats/{user:\d+}/block", self._block),
            ("POST", r"/sandbox/chats/{user:\d+}/text", self._text),
            ("POST", r"/sandbox/chats/{user:\d+}/press", self._press),
            ("POST", r"/sandbox/chats/{user:\d+}/web_app", self._web_app),
            ("POST", r"/sandbox/chats/{user:\d+}/files", self._files),
            ("POST", r"/sandbox/chats/{user:\d+}/seen", self._seen),
            ("GET", "/sandbox/{name:[a-z_.]*}", self._asset),
        ]
        for method, path, handler in routes:
            app.router.add_route(method, path, self._guarded(handler))
        app.router.add_get("/sandbox", _to_page)
        app.router.add_get("/", _to_page)

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self._is_own(request):
                return _sorry(403, "Запрос пришёл с чужой страницы и отклонён.")
            try:
                response = await handler(request)
            except ImpossibleActError as error:
                response = _sorry(error.status, str(error))
            except TelegramRefusalError as refusal:
                response = _sorry(refusal.code, refusal.description)
            response.headers.update(HEADERS)
            return response

        return guarded

    def _is_own(self, request: web.Request) -> bool:
        """Asked under our own name, and not by a page of another site."""
        host = request.headers.get("Host", "")
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "none")
        if host not in self._hosts or site not in {"none", "same-origin"}:
            # A link from elsewhere may open the page itself.
            return host in self._hosts and request.path == "/sandbox/" and request.method == "GET"
        return origin is None or origin == f"http://{host}"

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        name, kind = ASSETS.get(request.match_info["name"], ("", ""))
        if not name:
            return _sorry(404, "Такой страницы нет.")
        text = files("bot.sandbox").joinpath(name).read_text("utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8")

    async def _people(self, request: web.Request) -> web.StreamResponse:
        await self._wait(request)
        people = [person_as_seen(self._store, chat) for chat in self._store.chats.values()]
        return _json(
            {
                "change": self._store.changes.number,
                "bot": {
                    "name": self._acts.bot["first_name"],
                    "username": self._acts.bot["username"],
                    "description": self._store.profile.get("description", ""),
                },
                "links": [{"title": title, "url": url} for title, url in self._links],
                "people": people,
            }
        )

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        chat = self._acts.chat(_user(request))
        await self._wait(request, only=chat.person.user_id)
        after = _number(request, "after")
        changed = [each for each in chat.messages.values() if each.change > after]
        changed.sort(key=lambda each: each.message_id)
        return _json(
            {
                "change": self._store.changes.number,
                "action": chat.action if self._store.clock() < chat.action_until else "",
                "messages": [message_as_seen(each) for each in changed],
            }
        )

    async def _wait(self, request: web.Request, only: int = 0) -> None:
        """Until something changes after ``after`` (``only`` in this chat), at most ``wait``."""
        after, wait = _number(request, "after"), _number(request, "wait")
        if not wait:
            return
        waiting = self._changed(after, only) if only else self._store.changes.beyond(after)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(waiting, min(wait, MAX_WAIT))

    async def _changed(self, after: int, user_id: int) -> None:
        chat, changes = self._store.chats[user_id], self._store.changes
        action = chat.action_until
        while not any(each.change > after for each in chat.messages.values()):
            await changes.beyond(changes.number)
            if chat.action_until != action or self._closing:
                return

    async def _start(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        return _json(
            message_as_seen(self._acts.start(_user(request), as_text(body.get("payload"))))
        )

    async def _block(self, request: web.Request) -> web.StreamResponse:
        self._acts.block(_user(request))
        return _json({"blocked": True})

    async def _text(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        text, reply_to = as_text(body.get("text")), as_number(body.get("reply_to"))
        return _json(message_as_seen(self._acts.say(_user(request), text, reply_to)))

    async def _press(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        answer = await self._acts.press(
            _user(request), as_number(body.get("message_id")), as_text(body.get("data"))
        )
        return _json(asdict(answer))

    async def _web_app(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        return _json(
            {
                "url": self._acts.open_web_app(
                    _user(request), as_number(body.get("message_id")), as_text(body.get("url"))
                )
            }
        )

    async def _seen(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        self._acts.see(_user(request), as_number(body.get("message_id")))
        return _json({"seen": True})

    async def _files(self, request: web.Request) -> web.StreamResponse:
        fields, uploads = await _form(request)
        kind = fields.get("as", "document")
        if kind not in {"document", "photo"}:
            raise ImpossibleActError("Поле «as» должно быть document или photo.", 400)
        reply_to = fields.get("reply_to", "")
        messages = await self._acts.send_files(
            _user(request),
            uploads,
            as_photos=kind == "photo",
            caption=fields.get("caption", ""),
            reply_to=int(reply_to) if reply_to.isdigit() else 0,
        )
        return _json({"messages": [message_as_seen(each) for each in messages]})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self._acts.chat(_user(request))
        file = self._store.files.get(request.match_info["file"])
        if file is None:
            return _sorry(404, "Такого файла нет.")
        inline = file.media_type in SAFE_INLINE
        way = "inline" if inline and "download" not in request.query else "attachment"
        return web.Response(
            body=file.data,
            content_type=file.media_type if inline else "application/octet-stream",
            headers={"Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name)}"},
        )

    async def _violations(self, _: web.Request) -> web.StreamResponse:
        return _json(
            {
                "violations": [asdict(each) for each in self._record.violations],
                "refusals": [asdict(each) for each in self._record.refusals],
            }
        )


def _user(request: web.Request) -> int:
    return int(request.match_info["user"])


def _number(request: web.Request, name: str) -> int:
    text = request.query.get(name, "0")
    if not text.isdigit():
        raise ImpossibleActError(f"«{name}» должно быть целым числом.", 400)
    return int(text)


async def _body(request: web.Request) -> Json:
    """The JSON object of a request; a form of another site cannot send one unasked."""
    if request.content_type != "application/json":
        raise ImpossibleActError("Нужен JSON (Content-Type: application/json).", 415)
    try:
        value = json.loads(await request.read())
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ImpossibleActError("Тело запроса должно быть объектом JSON.", 400)
    return value


async def _form(request: web.Request) -> tuple[dict[str, str], list[Upload]]:
    if request.content_type != "multipart/form-data":
        raise ImpossibleActError("Нужна форма multipart/form-data.", 415)
    fields: dict[str, str] = {}
    uploads: list[Upload] = []
    total = 0
    async for part in await request.multipart():
        if not isinstance(part, aiohttp.BodyPartReader):
            continue
        data = await part.read()
        total += len(data)
        if total > MAX_UPLOAD:
            raise ImpossibleActError("Файлы больше 64 МБ песочница не принимает.", 413)
        if part.filename is None:
            fields[part.name or ""] = data.decode(errors="replace")
        else:
            uploads.append(Upload(part.filename, "", bytes(data)))
    return fields, uploads


def _json(value: object) -> web.Response:
    return web.json_response(value)


def _sorry(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


async def _to_page(_: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": "/sandbox/"})

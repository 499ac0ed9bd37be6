"""The Bot API over HTTP: ``/bot{token}/{method}`` and ``/file/bot{token}/{path}``."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from bot.sandbox.limits import Fault, Faults
from bot.sandbox.methods import Methods
from bot.sandbox.refusals import TelegramRefusalError, too_many_requests
from bot.sandbox.request import RawCall, read_body, read_request, understood
from bot.sandbox.spec import Json, Shape, Spec
from bot.sandbox.updates import UpdateQueue

BAD_GATEWAY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n"
    "</body>\r\n</html>\r\n"
)
TOLD = {"setWebhook": "Webhook was set", "deleteWebhook": "Webhook was deleted"}
NOT_FROM_WEBHOOK = ("get", "setwebhook", "deletewebhook", "close", "logout")


@dataclass(frozen=True)
class Violation:
    """The described interface was broken.

    ``side`` is ``call`` (by the bot), ``answer`` or ``update`` (by the sandbox itself: a defect
    of the sandbox). ``method`` is the method, or the kind of the update.
    """

    side: str
    method: str
    description: str


@dataclass(frozen=True)
class Refusal:
    """A call that was answered with an error."""

    method: str
    code: int
    description: str


@dataclass
class Record:
    """What happened at the Bot API, for tests."""

    violations: list[Violation] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)


class CheckedQueue(UpdateQueue):
    """Updates, each checked against the described ``Update`` before it is kept."""

    def __init__(self, spec: Spec, record: Record) -> None:
        super().__init__()
        self._spec, self._record = spec, record

    def put(self, kind: str, payload: Json) -> None:
        """See ``UpdateQueue.put``; a wrong update is recorded as a violation of ours."""
        trouble = self._spec.trouble({"update_id": 1, kind: payload}, "Update", "update")
        if trouble:
            self._record.violations.append(Violation("update", kind, trouble))
        super().put(kind, payload)


class BotApiServer:
    """Answers the bot's HTTP requests."""

    def __init__(self, token: str, spec: Spec, methods: Methods, record: Record) -> None:
        self._token, self._spec, self._methods, self.record = token, spec, methods, record
        self.faults = Faults()

    def add_routes(self, app: web.Application) -> None:
        """Hangs the Bot API into the application."""
        app.router.add_route("*", "/bot{token:[^/]*}/{method:.*}", self._serve)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.*}", self._download)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].rstrip("/")
        self.record.calls[method] = self.record.calls.get(method, 0) + 1
        ordered = self.faults.take(method)
        fault, retry_after = ordered or (None, 0)
        if fault is Fault.RESET:
            return _cut(request)
        try:
            self._check_token(request)
            raw = await read_request(request)
            if fault is Fault.BAD_GATEWAY:
                return _bad_gateway()
            if fault is Fault.FLOOD:
                raise too_many_requests(retry_after)
            answer = await self.answer(method, raw)
        except TelegramRefusalError as refusal:
            return self._refused(method, refusal)
        if fault is Fault.RESET_AFTER:
            return _cut(request)
        if fault is Fault.BAD_GATEWAY_AFTER:
            return _bad_gateway()
        return web.json_response(answer)

    async def answer(self, name: str, raw: RawCall) -> Json:
        """Carries one call out; Telegram's envelope of success. Raises the refusal."""
        call, shape = understood(self._spec, name, raw)
        result = await self._methods.by_name[call.method](call)
        self._check_result(call.method, shape, result)
        answer: Json = {"ok": True, "result": result}
        if call.method in TOLD:
            answer["description"] = TOLD[call.method]
        return answer

    async def webhook_answered(self, response: aiohttp.ClientResponse) -> None:
        """A webhook's answer may itself be a call; its result goes nowhere, as with Telegram."""
        raw = RawCall()
        try:
            await read_body(response, raw)
        except TelegramRefusalError as refusal:
            self._note("webhook answer", refusal)
            return
        method = str(raw.fields.pop("method", ""))
        if not method or method.lower().startswith(NOT_FROM_WEBHOOK):
            return
        self.record.calls[method] = self.record.calls.get(method, 0) + 1
        try:
            await self.answer(method, raw)
        except TelegramRefusalError as refusal:
            self._note(method, refusal)

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if secrets.compare_digest(token.encode(), self._token.encode()):
            return
        malformed = ":" not in token or not token.partition(":")[0].isdigit()
        words = "Unauthorized: invalid token specified" if malformed else "Unauthorized"
        raise TelegramRefusalError(401, words)

    def _check_result(self, method: str, shape: Shape, result: object) -> None:
        trouble = self._spec.trouble(result, shape.returns, "result")
        if trouble:
            self.record.violations.append(Violation("answer", method, trouble))

    def _refused(self, method: str, refusal: TelegramRefusalError) -> web.Response:
        self._note(method, refusal)
        return refused(refusal)

    def _note(self, method: str, refusal: TelegramRefusalError) -> None:
        self.record.refusals.append(Refusal(method, refusal.code, refusal.description))
        if refusal.of_contract:
            self.record.violations.append(Violation("call", method, refusal.description))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        fault, retry_after = self.faults.take("download") or (None, 0)
        if fault in {Fault.RESET, Fault.RESET_AFTER}:
            return _cut(request)
        if fault in {Fault.BAD_GATEWAY, Fault.BAD_GATEWAY_AFTER}:
            return _bad_gateway()
        try:
            if fault is Fault.FLOOD:
                raise too_many_requests(retry_after)
            self._check_token(request)
        except TelegramRefusalError as refusal:
            return refused(refusal)
        file = self._methods.store.paths.get(request.match_info["path"])
        if file is None:
            return refused(TelegramRefusalError(404, "Not Found"))
        return web.Response(body=file.data, content_type="application/octet-stream")


def refused(refusal: TelegramRefusalError) -> web.Response:
    """Telegram's envelope of failure."""
    body: dict[str, object] = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    headers: Mapping[str, str] = {}
    if refusal.retry_after:
        body["parameters"] = {"retry_after": refusal.retry_after}
        headers = {"Retry-After": str(refusal.retry_after)}
    return web.json_response(body, status=refusal.code, headers=headers)


def _bad_gateway() -> web.Response:
    return web.Response(status=502, text=BAD_GATEWAY_PAGE, content_type="text/html")


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

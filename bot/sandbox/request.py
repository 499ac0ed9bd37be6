"""One HTTP request of the bot, read as a call: GET or POST, JSON, form or multipart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from bot.sandbox.refusals import TelegramRefusalError, bad_request
from bot.sandbox.spec import BROKEN_JSON_WORDS, Shape, Spec, Upload, from_text

MAX_BODY = 50 * 1024 * 1024
FORM_OVERHEAD = 64 * 1024
"""Part headers and other fields beside the file itself."""
CHUNK = 256 * 1024


@dataclass
class RawCall:
    """Fields as they came: text of a form, or values of a JSON body; and the files."""

    fields: dict[str, object] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)


@dataclass
class Call:
    """A call whose fields have the types the Bot API wants."""

    method: str
    fields: Mapping[str, object]
    uploads: Mapping[str, Upload]


def understood(spec: Spec, name: str, raw: RawCall) -> tuple[Call, Shape]:
    """The call with typed fields. Raises 404 for an unknown method, 400 for wrong fields."""
    known = spec.method(name)
    if known is None:
        raise TelegramRefusalError(404, "Not Found: method not found", of_contract=True)
    method, shape = known
    fields: dict[str, object] = {}
    for key, value in raw.fields.items():
        fields[key] = _typed(shape, key, value)
    attached = {key: upload for key, upload in raw.uploads.items() if not shape.kind_of(key)}
    direct = {key: upload for key, upload in raw.uploads.items() if shape.kind_of(key)}
    if trouble := spec.wrong_call(shape, fields | direct):
        refusal = bad_request(trouble)
        refusal.of_contract = True
        raise refusal
    return Call(method, fields | direct, attached), shape


def _typed(shape: Shape, key: str, value: object) -> object:
    kind = shape.kind_of(key)
    if kind is None or not isinstance(value, str):
        return value
    try:
        return from_text(value, kind)
    except ValueError as error:
        words = BROKEN_JSON_WORDS.get(key, f'can\'t parse "{key}" JSON object')
        raise TelegramRefusalError(400, f"Bad Request: {words}", of_contract=True) from error


async def read_request(request: web.Request) -> RawCall:
    """What the bot sent. Raises 413 beyond 50 MB, 400 for a body that cannot be read."""
    raw = RawCall()
    raw.fields.update(request.query)
    if request.method == "POST":
        await read_body(request, raw)
    return raw


async def read_body(message: web.Request | aiohttp.ClientResponse, raw: RawCall) -> None:
    """The body of a request, or of a webhook's answer (which may be a call too)."""
    kind = message.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        await _read_multipart(message, raw)
        return
    body = await message.content.read(-1) if message.content else b""
    if kind == "application/json" and body.strip():
        raw.fields.update(_json_object(body))
    elif kind == "application/x-www-form-urlencoded":
        raw.fields.update(_form(body))


def _json_object(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        refusal = bad_request("can't parse the request body as a JSON object")
        refusal.of_contract = True
        raise refusal
    return {key: each for key, each in value.items() if each is not None}


def _form(body: bytes) -> dict[str, object]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


async def _read_multipart(message: web.Request | aiohttp.ClientResponse, raw: RawCall) -> None:
    """Parts with a file name are files, others are fields. Read to the end even if too big."""
    reader = aiohttp.MultipartReader(message.headers, message.content)
    total = 0
    while (part := await reader.next()) is not None:
        if not isinstance(part, aiohttp.BodyPartReader):
            continue
        pieces: list[bytes] = []
        while piece := await part.read_chunk(CHUNK):
            total += len(piece)
            if total <= MAX_BODY + FORM_OVERHEAD:
                pieces.append(piece)
        data = b"".join(pieces)
        if part.filename is None:
            raw.fields[part.name or ""] = data.decode(errors="replace")
        else:
            kind = part.headers.get("Content-Type", "")
            raw.uploads[part.name or ""] = Upload(part.filename, kind, data)
    if total > MAX_BODY + FORM_OVERHEAD:
        raise TelegramRefusalError(413, "Request Entity Too Large")

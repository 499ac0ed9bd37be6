"""What the page sends: a case, a shot with its id, and what it was allowed to read of it."""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from aiohttp import web

from bot.downloads import MOST
from core.errors import NotAcceptedError, TooLargeError
from core.photos.shooting import Place, Shooting

SHOT = re.compile(r"[0-9A-Za-z-]{8,64}")
OLDEST = timedelta(hours=24)
"""A shot that waited longer for the network says nothing sure of its time."""
CHUNK = 64 * 1024

NOT_UNDERSTOOD = "Страница камеры устарела. Закройте её и откройте из карточки ещё раз."
TOO_OLD = "Этот снимок сделан больше суток назад. Снимите место заново."


def case_of(query: Mapping[str, str]) -> int:
    """The number of the case the page was opened for."""
    text = query.get("case", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise NotAcceptedError(NOT_UNDERSTOOD)
    return int(text)


def shot_of(query: Mapping[str, str]) -> str:
    """The shot's own id: however often it is sent, it is taken once."""
    shot = query.get("shot", "")
    if not SHOT.fullmatch(shot):
        raise NotAcceptedError(NOT_UNDERSTOOD)
    return shot


def shooting_of(query: Mapping[str, str], now: datetime) -> Shooting:
    """The shooting data. The time is ours less the shot's age: a phone's clock may be wrong."""
    age = _number(query, "age", 0, math.inf)
    if age is None:
        raise NotAcceptedError(NOT_UNDERSTOOD)
    if age > OLDEST / timedelta(seconds=1):
        raise NotAcceptedError(TOO_OLD)
    latitude = _number(query, "latitude", -90, 90)
    longitude = _number(query, "longitude", -180, 180)
    place = (Place(latitude, longitude, _number(query, "accuracy", 0, 1e6))
             if latitude is not None and longitude is not None else None)
    return Shooting(now - timedelta(seconds=age), place, _number(query, "heading", 0, 360),
                    query.get("north") != "true")


def _number(query: Mapping[str, str], name: str, least: float, most: float) -> float | None:
    try:
        value = float(query[name])
    except (KeyError, ValueError):
        return None
    return value if least <= value <= most else None


async def body_of(request: web.Request) -> bytes:
    """The picture; raises TooLargeError over 20 MB, as in the chat."""
    kept = bytearray()
    async for chunk in request.content.iter_chunked(CHUNK):
        kept += chunk
        if len(kept) > MOST:
            raise TooLargeError("Снимок больше 20 МБ. Уменьшите размер снимков камеры.")
    return bytes(kept)

"""A file that a person sent: what it is, and its bytes."""

import asyncio
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramServerError,
)
from aiogram.types import Message
from aiohttp import ClientError

from bot.texts import general
from core.errors import NotAcceptedError, TooLargeError
from core.files import FileRef
from core.photos.formats import PHOTOS, media_type
from core.ports import FileStore
from core.regulation.limits import ATTACHMENTS_MEGABYTES

PICTURES = PHOTOS
MOST = 20 * 1024 * 1024
"""What the public Bot API lets a bot download (Bot API, ``getFile``)."""
MOST_OF_ALL = ATTACHMENTS_MEGABYTES * 1024 * 1024
"""What one file may have even where an own server gives any (R22)."""
TRIES = 3
FIRST_PAUSE = 0.5



@dataclass(frozen=True, slots=True)
class Sent:
    """A file in a message; ``compressed``: sent as a photo, so Telegram took its EXIF away."""

    file_id: str
    name: str
    size: int
    compressed: bool = False


def sent_file(message: Message) -> Sent | None:
    """The photo (its largest size) or document of a message."""
    if message.document is not None:
        one = message.document
        return Sent(one.file_id, one.file_name or "файл", one.file_size or 0)
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return Sent(best.file_id, f"photo_{message.message_id}.jpg", best.file_size or 0,
                    compressed=True)
    return None


def beyond_telegram(bot: Bot, sent: Sent) -> bool:
    """Whether the public Bot API would not give it, and it may be accepted all the same."""
    return MOST < sent.size <= MOST_OF_ALL and not bot.session.api.is_local


async def fetch(bot: Bot, sent: Sent) -> bytes:
    """The bytes of a file, tried three times.

    Raises TooLargeError, and NotAcceptedError where Telegram does not give it.
    """
    local = bot.session.api.is_local
    if sent.size > MOST_OF_ALL:
        raise TooLargeError(general.FILE_TOO_BIG_FOR_ALL.format(name=sent.name))
    if beyond_telegram(bot, sent):
        raise TooLargeError(general.FILE_TOO_BIG.format(name=sent.name))
    for attempt in range(TRIES):
        try:
            return await _fetch(bot, sent.file_id, local=local)
        except TelegramBadRequest as refusal:
            if "too big" in refusal.message:
                raise TooLargeError(general.FILE_TOO_BIG.format(name=sent.name)) from refusal
            break
        except (TelegramNetworkError, TelegramServerError, ClientDecodeError, ClientError,
                TimeoutError, OSError):
            await asyncio.sleep(FIRST_PAUSE * 2 ** attempt)
    raise NotAcceptedError(general.FILE_LOST.format(name=sent.name))


async def _fetch(bot: Bot, file_id: str, *, local: bool) -> bytes:
    found = await bot.get_file(file_id)
    path = found.file_path or ""
    if local:
        return await asyncio.to_thread(Path(path).read_bytes)
    into = BytesIO()
    await bot.download_file(path, into)
    return into.getvalue()


async def take(bot: Bot, files: FileStore, sent: Sent, kinds: frozenset[str], refusal: str
               ) -> FileRef:
    """Fetch a file and keep it; one of another kind is refused with ``refusal``.

    Never inside a unit of work.
    """
    content = await fetch(bot, sent)
    kind = media_type(content)  # whatever the name says (R22)
    if kind not in kinds:
        raise NotAcceptedError(refusal.format(name=sent.name))
    return await files.put(content, sent.name, kind)

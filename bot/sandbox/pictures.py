"""Files as Telegram keeps them: documents byte for byte, photos re-encoded without EXIF."""

import asyncio
import io
import mimetypes
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.refusals import bad_request

if TYPE_CHECKING:
    from PIL import Image

PHOTO_SIDES = (90, 320, 800, 1280)
"""Longest sides of the sizes that Telegram makes of a photo; never enlarged."""
THUMBNAIL_SIDE = 320
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_SIDES_SUM = 10_000
MAX_RATIO = 20
JPEG_QUALITY = 85


@dataclass(frozen=True)
class StoredFile:
    """One file. ``kind`` is ``document``, ``photo`` or ``thumbnail``."""

    kind: str
    name: str
    media_type: str
    data: bytes = field(repr=False)
    width: int = 0
    height: int = 0
    file_id: str = field(default_factory=lambda: "AgAC" + secrets.token_urlsafe(48))
    unique_id: str = field(default_factory=lambda: "AQAD" + secrets.token_urlsafe(9))


@dataclass(frozen=True)
class Photo:
    """A photo in its sizes, smallest first."""

    sizes: tuple[StoredFile, ...]


@dataclass(frozen=True)
class Document:
    """A file as sent, with a small picture of it where it is one."""

    file: StoredFile
    thumbnail: StoredFile | None = None


class NotAPictureError(Exception):
    """Pillow cannot read the bytes, or the sides are beyond Telegram's limits (``words``)."""


async def as_photo(data: bytes) -> Photo:
    """The bytes as Telegram's photo; ``NotAPictureError`` where they are none."""
    pictures = await asyncio.to_thread(_scaled, data, PHOTO_SIDES, check=True)
    sizes = [
        StoredFile("photo", f"photo_{width}.jpg", "image/jpeg", jpeg, width, height)
        for jpeg, width, height in pictures
    ]
    return Photo(tuple(sizes))


async def as_document(name: str, data: bytes, media_type: str = "") -> Document:
    """The bytes untouched under their name, a thumbnail beside them if they are a picture."""
    kind = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = StoredFile("document", name, kind, data)
    if not kind.startswith("image/"):
        return Document(file)
    try:
        pictures = await asyncio.to_thread(_scaled, data, (THUMBNAIL_SIDE,), check=False)
    except NotAPictureError:
        return Document(file)
    jpeg, width, height = pictures[-1]
    return Document(file, StoredFile("thumbnail", "thumb.jpg", "image/jpeg", jpeg, width, height))


def refuse_big_photo(data: bytes) -> None:
    """Telegram's limit on what a bot sends as a photo."""
    if len(data) > MAX_PHOTO_BYTES:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO_BYTES} bytes"
        )


def _scaled(data: bytes, sides: Sequence[int], *, check: bool) -> list[tuple[bytes, int, int]]:
    """JPEGs of at most the given sides with their widths and heights; always at least one."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as opened:
            if check:
                _check_sides(*opened.size)
            opened.draft("RGB", (sides[-1], sides[-1]))
            picture = _on_white(ImageOps.exif_transpose(opened))
    except NotAPictureError:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise NotAPictureError("IMAGE_PROCESS_FAILED") from error
    made: list[tuple[bytes, int, int]] = []
    for side in sides:
        if made and max(picture.size) <= sides[len(made) - 1]:
            break
        small = picture.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, "JPEG", quality=JPEG_QUALITY)
        made.append((out.getvalue(), small.width, small.height))
    return made


def _check_sides(width: int, height: int) -> None:
    if width + height > MAX_SIDES_SUM or max(width, height) > MAX_RATIO * min(width, height):
        raise NotAPictureError("PHOTO_INVALID_DIMENSIONS")


def _on_white(picture: "Image.Image") -> "Image.Image":
    from PIL import Image

    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    page = Image.new("RGBA", layered.size, "white")
    page.alpha_composite(layered)
    return page.convert("RGB")

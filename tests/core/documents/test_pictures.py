"""Photos on the page: any camera's, and a clear word about a broken one (4.6¶6)."""

import random
import struct
import zlib

import pytest

from core.documents.errors import BadPictureError
from core.documents.pictures import MAX_SIDE_PX, placed
from core.documents.values import Picture
from tests.core.documents.opening import image
from tests.core.documents.pictures import photo


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"),
        ("PNG", "P"), ("PNG", "1"), ("TIFF", "RGB"), ("TIFF", "CMYK"),
    ],
)  # fmt: skip
def test_every_format_of_the_regulation_is_taken(kind: str, mode: str) -> None:
    ready = placed(Picture(photo(640, 480, kind, mode)), 80, 80)
    assert (ready.width_mm, ready.height_mm) == (80, 60)
    assert image(ready.content).mode == "RGB"


def test_large_photo_becomes_small_and_keeps_its_shape() -> None:
    ready = placed(Picture(photo(4000, 3000)), 82, 96)
    assert max(image(ready.content).size) <= MAX_SIDE_PX
    assert ready.width_mm / ready.height_mm == pytest.approx(4 / 3, rel=0.01)
    assert ready.width_mm <= 82
    assert ready.height_mm <= 96


def test_transparent_parts_turn_white() -> None:
    from core.documents.samples import picture

    ready = image(placed(Picture(_transparent()), 10, 10).content)
    assert ready.convert("L").getextrema() == (255, 255)
    red = image(placed(Picture(picture(255, 0, 0)), 10, 10).content).convert("L")
    assert red.getextrema() != (255, 255)


@pytest.mark.parametrize(
    "content",
    [b"", b"not a picture", b"GIF89a" + bytes(40), photo()[: len(photo()) // 2], b"\xff\xd8\xff"],
    ids=["empty", "text", "gif", "half a file", "three bytes"],
)
def test_broken_picture_is_named_with_what_to_do(content: bytes) -> None:
    with pytest.raises(BadPictureError, match=r"«двор\.jpg».*JPG, PNG или TIFF"):
        placed(Picture(content, name="двор.jpg"), 80, 80)


def test_picture_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(BadPictureError, match="слишком большое"):
        placed(Picture(_header_only(40_000, 40_000), name="карта.png"), 80, 80)


def test_damage_anywhere_in_a_file_ends_in_a_picture_or_a_sentence() -> None:
    chance = random.Random(7)
    files = [photo(320, 240, kind) for kind in ("JPEG", "PNG", "TIFF")]
    told = []
    for _ in range(150):
        spoilt = bytearray(chance.choice(files))
        for _ in range(chance.randint(1, 12)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        try:
            assert placed(Picture(bytes(spoilt), name="а.jpg"), 80, 80).content
        except BadPictureError as error:
            told.append(str(error))
    assert len(told) > 10
    assert all("«а.jpg»" in sentence for sentence in told)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _header_only(wide: int, high: int) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + _chunk(b"IDAT", zlib.compress(b"")) + _chunk(b"IEND", b"")
    )


def _transparent() -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 6, 0, 0, 0))
    pixels = _chunk(b"IDAT", zlib.compress((b"\0" + bytes(16)) * 4))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + _chunk(b"IEND", b"")

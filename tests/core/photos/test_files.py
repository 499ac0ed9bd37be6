"""Photo files: the format by content, the limits from the header, the pixels upright."""

import io
import struct
import zlib
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.photos import exif, files
from tests.core.photos.scenes import exif_of, jpeg, noise, saved


def refusal(data: bytes) -> files.PhotoRefusedError:
    with pytest.raises(files.PhotoRefusedError) as caught:
        files.load(data)
    return caught.value


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises a picture and holds almost nothing of it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(9000)))


def test_a_bomb_is_refused_from_its_header_at_once() -> None:
    start = process_time()
    refused = refusal(png_header(30000, 30000))
    assert refused.code == "reject_too_large"
    assert process_time() - start < 0.2


def test_a_picture_between_the_two_limits_is_refused_with_its_size() -> None:
    refused = refusal(png_header(9000, 8000))
    assert refused.code == "reject_too_large"
    assert "9000×8000" in str(refused)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "reject_corrupt"),
        (b"not a picture at all", "reject_not_image"),
        (b"%PDF-1.7 a scan", "reject_format"),
        (b"\x00\x00\x00\x18ftypmp42", "reject_format"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "reject_corrupt"),
        (saved(Image.new("RGB", (300, 300)), "GIF"), "reject_format"),
        (saved(Image.new("RGB", (300, 300)), "WEBP"), "reject_format"),
        (saved(Image.new("RGB", (300, 300)), "BMP"), "reject_format"),
        (saved(Image.new("RGB", (64, 48)), "JPEG"), "reject_too_small"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    refused = refusal(data)
    assert refused.code == code
    assert str(refused).endswith(".")


def test_half_a_file_is_refused_and_not_compared_as_a_grey_half() -> None:
    whole = jpeg(noise(800, 600))
    assert refusal(whole[: len(whole) // 2]).code == "reject_corrupt"


def test_too_many_bytes_are_refused_without_looking_inside() -> None:
    assert refusal(b"\xff\xd8" + bytes(files.MAX_BYTES)).code == "reject_too_large"


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "CMYK", "1", "I;16", "LA"])
def test_every_kind_of_pixels_gives_the_same_grey_picture(mode: str) -> None:
    slope = np.tile(np.linspace(0, 255, 256), (256, 1)).astype(np.uint8)
    original = Image.fromarray(slope)
    if mode == "I;16":
        picture = Image.fromarray((slope.astype(np.uint16) << 8) | slope)
    else:
        picture = (
            original.convert(mode) if mode != "CMYK" else original.convert("RGB").convert(mode)
        )
    kind = "TIFF" if mode in ("CMYK", "1") else "PNG"
    seen = np.asarray(files.load(saved(picture, kind), colour=False).pixels, float)
    error = np.abs(seen - slope)
    # a bilevel scan is right on average only
    assert (error.mean() if mode != "1" else abs(float((seen - slope).mean()))) < 3


@pytest.mark.parametrize("flag", range(1, 9))
def test_the_orientation_flag_makes_the_picture_upright(flag: int) -> None:
    upright = np.zeros((240, 320, 3), np.uint8)
    upright[:80, :100] = (250, 10, 10)
    upright[160:, 220:] = (10, 250, 10)
    turned = Image.fromarray(upright)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = turned.transpose(undo[flag]) if flag in undo else turned
    photo = files.load(jpeg(np.asarray(stored), exif=exif_of(orientation=flag)))
    assert photo.orientation == flag
    assert np.abs(np.asarray(photo.pixels, float) - upright).mean() < 4


def test_an_illegal_orientation_is_ignored() -> None:
    photo = files.load(jpeg(noise(), exif=exif_of(orientation=99)))
    assert photo.orientation == 1
    assert photo.pixels.size == (320, 240)


def test_of_several_pages_the_first_is_taken_and_that_is_said() -> None:
    first, second = Image.fromarray(noise(seed=1)), Image.new("RGB", (320, 240))
    data = saved(first, "TIFF", save_all=True, append_images=[second])
    photo = files.load(data)
    assert photo.header.notes == ("first_page_only",)
    assert np.array_equal(np.asarray(photo.pixels), noise(seed=1))


def test_a_heic_becomes_a_jpeg_that_keeps_its_exif() -> None:
    import pillow_heif

    heif = pillow_heif.from_pillow(Image.fromarray(noise(640, 480)))
    block = exif_of("2026:11:20 10:00:00", orientation=1)
    out = io.BytesIO()
    heif.save(out, exif=block.tobytes())
    converted = files.to_jpeg(out.getvalue())
    told = exif.read(converted)
    assert converted.startswith(b"\xff\xd8")
    assert (told.width, told.height) == (640, 480)
    assert told.taken_at is not None
    assert told.taken_at.isoformat() == "2026-11-20T10:00:00"


OTHERS = ("reject_too_large", "reject_not_image", "reject_format")


def outcome(data: bytes) -> str:
    """The refusal's code, or that the photo was read."""
    try:
        files.load(data)
    except files.PhotoRefusedError as refused:
        return refused.code
    return "read"


_WHOLE = jpeg(noise(300, 240), exif=exif_of("2026:11:20 10:00:00", orientation=6))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), min_size=1, max_size=12),
    st.integers(0, len(_WHOLE)),
)
def test_a_damaged_file_gives_an_answer_and_never_an_exception(
    damage: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(_WHOLE[: max(cut, 701)])
    for place, value in damage:
        data[place] = value
    told = exif.read(bytes(data))
    assert told.error is None or told.error.endswith(".")
    assert outcome(bytes(data)) in ("read", "reject_corrupt", "reject_too_small", *OTHERS)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*"]), st.binary()
)
def test_noise_with_a_picture_s_first_bytes_is_refused(start: bytes, rest: bytes) -> None:
    assert refusal(start + rest).code.startswith("reject_")

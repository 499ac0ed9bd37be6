"""Photo files: format by content, limits from the header, pixels decoded small, HEIC to JPEG.

R22 (4.6¶4): jpg, png, tiff; the rest is refused with one sentence that says what to send.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image, ImageOps

from core.errors import AssistantError
from core.photos.formats import sniff

MAX_BYTES = 50 * 1024 * 1024
"""R22: 50 MB together, so never more in one file."""

MAX_PIXELS = 120_000_000
"""The largest phone sensors in use give 108 megapixels."""

MAX_PIXELS_WHOLE = 60_000_000
"""For PNG and TIFF, which cannot be decoded at a smaller size."""

MIN_SIDE = 200
"""A shorter side than this is a thumbnail: the viewpoint cannot be judged."""

LOAD_SIDE = 1024
"""Long side of the pixels handed on; enough for measuring and for the approver's picture."""


# Pillow warns above this count and refuses above its double; both are refusals here.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class PhotoRefusedError(AssistantError):
    """The file cannot be judged; ``code`` is the verdict, the text says what to send instead."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Header:
    """What is known of a file before decoding; width and height as stored, before orientation."""

    format: str
    width: int
    height: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Photo:
    """Decoded pixels, upright by the file's orientation flag, long side at most ``LOAD_SIDE``."""

    header: Header
    pixels: Image.Image  # mode RGB or L
    orientation: int  # the flag that was applied, 1..8


def inspect_header(data: bytes, *, thumbnails: bool = False) -> Header:
    """Format, size and limits without decoding.

    Raises ``PhotoRefusedError`` for what can be refused from the header alone.
    """
    kind = sniff(data)
    _refuse_by_content(data, kind)
    with opened(data, kind) as picture:
        header = Header(kind, *picture.size, notes=_notes(picture, kind))
    _refuse_by_size(header, thumbnails=thumbnails)
    return header


def _notes(picture: Image.Image, kind: str) -> tuple[str, ...]:
    notes = []
    if kind == "HEIC":
        notes.append("heic_converted")
    if kind == "TIFF" and getattr(picture, "n_frames", 1) > 1:
        notes.append("first_page_only")
    if picture.mode == "1":
        notes.append("black_and_white_scan")
    return tuple(notes)


def _refuse_by_content(data: bytes, kind: str) -> None:
    if not data:
        raise PhotoRefusedError("reject_corrupt", "Файл пуст. Отправьте фотографию ещё раз.")
    if len(data) > MAX_BYTES:
        raise PhotoRefusedError(
            "reject_too_large",
            f"Файл больше {MAX_BYTES // 2**20} МБ. Отправьте фотографию меньшего размера.",
        )
    if not kind:
        raise PhotoRefusedError(
            "reject_not_image",
            "Это не фотография. Отправьте снимок в формате JPG, PNG или TIFF.",
        )
    if kind not in ("JPEG", "PNG", "TIFF", "HEIC"):
        raise PhotoRefusedError(
            "reject_format",
            f"Файл в формате {kind} не принимается. Отправьте снимок в формате JPG, PNG или TIFF.",
        )


def _refuse_by_size(header: Header, *, thumbnails: bool) -> None:
    pixels = header.width * header.height
    limit = MAX_PIXELS if header.format == "JPEG" else MAX_PIXELS_WHOLE
    if pixels > limit:
        raise _too_large(header.width, header.height)
    if min(header.width, header.height) < MIN_SIDE and not thumbnails:
        raise PhotoRefusedError(
            "reject_too_small",
            f"Снимок слишком мал ({header.width}×{header.height} точек). "
            f"Отправьте исходную фотографию, а не её уменьшенную копию.",
        )


def _too_large(width: int, height: int) -> PhotoRefusedError:
    return PhotoRefusedError(
        "reject_too_large",
        f"Снимок слишком велик ({width}×{height} точек). "
        f"Отправьте фотографию обычного размера, до {MAX_PIXELS // 1_000_000} мегапикселей.",
    )


def _corrupt() -> PhotoRefusedError:
    return PhotoRefusedError(
        "reject_corrupt", "Файл повреждён или загружен не полностью. Отправьте его ещё раз."
    )


@contextmanager
def opened(data: bytes, kind: str) -> Iterator[Image.Image]:
    """The file opened by Pillow, header read, nothing decoded; any codec error is a refusal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=_formats(kind)) as picture:
                yield picture
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
            raise PhotoRefusedError(
                "reject_too_large",
                "Снимок слишком велик. Отправьте фотографию обычного размера, "
                f"до {MAX_PIXELS // 1_000_000} мегапикселей.",
            ) from bomb
        except PhotoRefusedError:
            raise
        except Exception as broken:  # codecs raise anything on hostile data
            raise _corrupt() from broken


def _formats(kind: str) -> tuple[str, ...]:
    """Pillow's names of the only decoders that may touch these bytes."""
    if kind == "HEIC":
        import pillow_heif

        pillow_heif.register_heif_opener()
        return ("HEIF",)
    return ("JPEG", "MPO") if kind == "JPEG" else (kind,)


def load(data: bytes, *, colour: bool = True) -> Photo:
    """The upright picture, reduced to ``LOAD_SIDE``; raises ``PhotoRefusedError``.

    Without ``colour`` a JPEG's colour planes are not worked out, which is faster.
    """
    mode = "RGB" if colour else "L"
    header = inspect_header(data)
    with opened(data, header.format) as picture:
        long_side = max(picture.size)
        if header.format == "JPEG" and long_side > LOAD_SIDE:
            # libjpeg scales by 1/2, 1/4, 1/8 while decoding; a tenth below is sharp enough
            share = 0.9 * LOAD_SIDE / long_side
            picture.draft(mode, (int(picture.width * share), int(picture.height * share)))
        picture.load()
        small = _eight_bits(picture)
        small.thumbnail((LOAD_SIDE, LOAD_SIDE), Image.Resampling.BOX, reducing_gap=None)
        upright = small if small.mode == mode else small.convert(mode)
        flag = orientation_of(picture)
    turn = _UPRIGHT.get(flag)
    if turn is not None:  # the first of Pillow's turns is zero
        upright = upright.transpose(turn)
    return Photo(header, upright, flag)


def orientation_of(picture: Image.Image) -> int:
    """The legal orientation flag of an opened file, 1 where absent, illegal or unreadable."""
    try:
        flag = picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # a broken EXIF block is an absent one
        return 1
    return flag if isinstance(flag, int) and flag in _UPRIGHT else 1


_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a stored picture upright, by the Exif orientation flag (CIPA DC-008, 0x0112)."""


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Sixteen-bit and float pictures brought to 0..255; others untouched."""
    if picture.mode.startswith("I") or picture.mode == "F":
        wide = picture.convert("F")
        brightest = float(np.asarray(wide).max())
        white = 255.0 if brightest <= 255 and picture.mode == "F" else max(65535.0, brightest)
        return wide.point(lambda level: level * (255 / white) + 0).convert("L")
    return picture


def to_jpeg(data: bytes, quality: int = 90) -> bytes:
    """A HEIC photo as an upright JPEG with its EXIF kept; raises ``PhotoRefusedError``."""
    header = inspect_header(data)
    with opened(data, header.format) as picture:
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        exif = upright.getexif()
        exif[ExifTags.Base.Orientation] = 1
        out = io.BytesIO()
        upright.convert("RGB").save(out, "JPEG", quality=quality, exif=exif.tobytes())
    return out.getvalue()


def view(data: bytes) -> bytes:
    """The photo as a telephone shows it: upright, small, JPEG; raises ``PhotoRefusedError``."""
    out = io.BytesIO()
    load(data).pixels.save(out, "JPEG", quality=85)
    return out.getvalue()

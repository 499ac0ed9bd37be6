"""The same photo in fewer bytes: every dot and the EXIF stay, the eye sees no difference (R22).

JPEG is coded anew at the lowest quality whose error stays under what is seen; PNG and TIFF are
packed without loss where that is enough, else a photo becomes a JPEG. Pages stay pages.
"""

import io
from collections.abc import Iterator

import numpy as np
from PIL import ExifTags, Image, ImageSequence, JpegImagePlugin

from core.photos.files import inspect_header, opened

QUALITIES = (80, 85, 90, 93)
LEAST_PSNR = 38.0
"""Decibels of the brightness; above some 36 two pictures side by side look the same."""
LEAST_GAIN = 0.9
"""A copy that is not a tenth lighter is not worth having."""
SMALL = 1_000_000
"""Dots below which a picture is packed without loss, whatever it shows."""
_TOLD = (ExifTags.Base.Make, ExifTags.Base.Model, ExifTags.Base.Software, ExifTags.Base.DateTime,
         ExifTags.Base.ImageDescription, ExifTags.Base.Artist, ExifTags.Base.Copyright)
SCAN_MODES = frozenset({"1"})


def lighter(data: bytes) -> bytes:
    """The lighter copy, or the same bytes where there is none; raises ``PhotoRefusedError``."""
    header = inspect_header(data, thumbnails=True)
    with opened(data, header.format) as picture:
        if header.format == "JPEG":
            kept = _kept(picture)
            picture.load()
            made = _as_jpeg(picture, kept, JpegImagePlugin.get_sampling(picture))
        elif header.format == "TIFF" and getattr(picture, "n_frames", 1) > 1:
            made = _pages(picture)
        else:
            made = min(_packed(picture, header.format), key=len)
    return made if len(made) < LEAST_GAIN * len(data) else data


def _as_jpeg(picture: Image.Image, kept: dict[str, bytes], sampling: int = 0) -> bytes:
    """The lightest JPEG that looks the same; the best of them where none does."""
    plain = picture if picture.mode in {"L", "RGB", "CMYK"} else picture.convert("RGB")
    made = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        plain.save(out, "JPEG", quality=quality, subsampling=max(sampling, 0), optimize=True,
                   progressive=True, **kept)
        made = out.getvalue()
        if psnr(plain, made) >= LEAST_PSNR:
            return made
    return made


def _kept(picture: Image.Image) -> dict[str, bytes]:
    """What the file says of itself beside its dots: EXIF, XMP, colour profile."""
    said = {"exif": picture.info.get("exif") or picture.getexif().tobytes(),
            "xmp": picture.info.get("xmp"), "icc_profile": picture.info.get("icc_profile")}
    return {name: value for name, value in said.items() if isinstance(value, bytes) and value}


def _of_tiff(picture: Image.Image) -> dict[str, bytes]:
    """What a TIFF says of the picture, without what it says of its own strips and turn."""
    said, fresh = picture.getexif(), Image.Exif()
    for tag in _TOLD:
        if tag in said:
            fresh[tag] = said[tag]
    for part in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        fresh.get_ifd(part).update(said.get_ifd(part))
    profile = picture.info.get("icc_profile")
    return {"exif": fresh.tobytes(),
            **({"icc_profile": profile} if isinstance(profile, bytes) and profile else {})}


def _packed(picture: Image.Image, kind: str) -> Iterator[bytes]:
    """A JPEG, if it is a photo; else the same dots packed as well as the format can."""
    kept = _of_tiff(picture) if kind == "TIFF" else _kept(picture)
    picture.load()  # turns a TIFF upright by itself
    if picture.mode in {"L", "RGB"} and picture.width * picture.height > SMALL:
        yield _as_jpeg(picture, kept)
        return
    out = io.BytesIO()
    if kind == "PNG":
        kept.pop("xmp", None)
        picture.save(out, "PNG", optimize=True, **kept)
    else:
        picture.save(out, "TIFF", compression=_compression(picture), **kept)
    yield out.getvalue()


def _pages(picture: Image.Image) -> bytes:
    """Every page of a scan, packed without loss."""
    pages = [page.copy() for page in ImageSequence.Iterator(picture)]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:],
                  compression=_compression(pages[0]))
    return out.getvalue()


def _compression(picture: Image.Image) -> str:
    return "group4" if picture.mode in SCAN_MODES else "tiff_adobe_deflate"


def psnr(picture: Image.Image, made: bytes) -> float:
    """How near the copy is in brightness, in decibels; infinite where nothing differs."""
    with Image.open(io.BytesIO(made), formats=("JPEG",)) as copy:
        ours = np.asarray(picture.convert("L"), np.float32)
        error = float(np.mean((ours - np.asarray(copy.convert("L"), np.float32)) ** 2))
    return float("inf") if error == 0 else 10 * float(np.log10(255 ** 2 / error))

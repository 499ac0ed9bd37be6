"""What a photo file says of itself: EXIF and XMP, read without decoding the picture.

Source: Exif 2.32 / 3.0 (CIPA DC-008), read by Pillow. Never raises on bad input.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from math import isfinite
from typing import SupportsFloat

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from core.photos.files import PhotoRefusedError, inspect_header, opened
from core.photos.formats import sniff
from core.photos.metadata import ExifReport, Gps

EDITORS = re.compile(
    r"photoshop|lightroom|gimp|snapseed|picsart|paint|pixelmator|affinity|capture one|darktable"
    r"|rawtherapee|luminar|vsco|facetune|meitu|picasa|acdsee|xnview|irfanview|faststone"
    r"|photoscape|photofiltre|photo editor|photo viewer|photo gallery|corel|canva|photodirector"
    r"|polarr|aviary|krita|inkscape|imagemagick|fotor|retouch|remini|lensa|instagram",
    re.IGNORECASE,
)
"""Programs that change pictures, as they sign themselves in Software or CreatorTool."""


Tags = Mapping[int, object]


def read(data: bytes) -> ExifReport:
    """Everything the file says of itself; a file that cannot be opened gives ``error``."""
    try:
        return _read(data)
    except PhotoRefusedError as refusal:
        return ExifReport(format=sniff(data) or None, error=str(refusal))


def _read(data: bytes) -> ExifReport:
    header = inspect_header(data, thumbnails=True)
    with opened(data, header.format) as picture:
        main, shot, place = _directories(picture)
        creator = _creator_tool(picture)
    width, height = header.width, header.height
    orientation = _integer(main.get(Base.Orientation))
    if orientation is not None and 5 <= orientation <= 8:
        width, height = height, width
    software = _text(main.get(Base.Software))
    return ExifReport(
        format=header.format,
        width=width,
        height=height,
        orientation=orientation,
        taken_at=_taken_at(shot),
        gps=_gps(place),
        focal_35mm=_number(shot.get(Base.FocalLengthIn35mmFilm)),
        make=_text(main.get(Base.Make)),
        model=_text(main.get(Base.Model)),
        software=software,
        edited=any(EDITORS.search(name) for name in (software, creator) if name),
    )


def _directories(picture: Image.Image) -> tuple[Tags, Tags, Tags]:
    """The main, the Exif and the GPS directory; a broken one is an empty one."""
    try:
        exif = picture.getexif()
        main = dict(exif)
    except Exception:  # hostile EXIF breaks the parser in many ways; it is then absent
        return {}, {}, {}
    return main, _directory(exif, IFD.Exif), _directory(exif, IFD.GPSInfo)


def _directory(exif: Image.Exif, which: IFD) -> Tags:
    try:
        return dict(exif.get_ifd(which))
    except Exception:
        return {}


def _creator_tool(picture: Image.Image) -> str | None:
    """CreatorTool and the editing history of an XMP packet, as one text."""
    raw = picture.info.get("xmp")
    if not isinstance(raw, bytes | str):
        return None
    packet = _decoded(raw)
    found = re.findall(
        r"(?:CreatorTool|softwareAgent)(?:\s*=\s*[\"']|>)([^\"'<]{1,200})", packet[:1_000_000]
    )
    return " ".join(found) or None


def _text(value: object) -> str | None:
    """Text up to the first NUL, trailing blanks off; bytes that are not UTF-8 as Latin-1."""
    if not isinstance(value, bytes | str):
        return None
    return _decoded(value).split("\0")[0].strip() or None


def _decoded(raw: bytes | str) -> str:
    if isinstance(raw, str):
        return raw
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _number(value: object) -> float | None:
    """A finite number; a rational over zero is no number."""
    first: object = value[0] if isinstance(value, tuple) and value else value
    if not isinstance(first, SupportsFloat):
        return None
    try:
        number: float = float(first)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if isfinite(number) else None


def _integer(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


_MOMENT = re.compile(r"(\d{4})[:\-/.](\d{2})[:\-/.](\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?")


def _taken_at(shot: Tags) -> datetime | None:
    """DateTimeOriginal, else DateTimeDigitized; ModifyDate is when a program saved the file."""
    for moment_tag, offset_tag, part_tag in (
        (Base.DateTimeOriginal, Base.OffsetTimeOriginal, Base.SubsecTimeOriginal),
        (Base.DateTimeDigitized, Base.OffsetTimeDigitized, Base.SubsecTimeDigitized),
    ):
        moment = _moment(_text(shot.get(moment_tag)))
        if moment is not None:
            part = _text(shot.get(part_tag)) or ""
            micro = int(part[:6].ljust(6, "0")) if part.isascii() and part.isdigit() else 0
            return moment.replace(microsecond=micro, tzinfo=_offset(_text(shot.get(offset_tag))))
    return None


def _moment(text: str | None) -> datetime | None:
    found = _MOMENT.match(text or "")
    if not found:
        return None
    try:
        return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001  (EXIF local time)
    except ValueError:
        return None


def _offset(text: str | None) -> timezone | None:
    if text == "Z":
        return UTC
    found = re.fullmatch(r"([+-])(\d{2}):?(\d{2})", text or "")
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    if minutes > 18 * 60:
        return None
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))


def _gps(place: Tags) -> Gps | None:
    latitude = _angle(place.get(GPS.GPSLatitude), place.get(GPS.GPSLatitudeRef), "NS", 90)
    longitude = _angle(place.get(GPS.GPSLongitude), place.get(GPS.GPSLongitudeRef), "EW", 180)
    if latitude is None or longitude is None:
        return None
    direction = _number(place.get(GPS.GPSImgDirection))
    return Gps(
        latitude,
        longitude,
        direction if direction is not None and 0 <= direction <= 360 else None,
        magnetic=_text(place.get(GPS.GPSImgDirectionRef)) == "M",
    )


def _angle(parts: object, reference: object, signs: str, limit: int) -> float | None:
    """Degrees, minutes, seconds with their hemisphere; None when any part is no number."""
    values = [_number(part) for part in parts] if isinstance(parts, tuple) else [_number(parts)]
    if not values or values[0] is None:
        return None
    degrees = sum(
        value / 60.0**power for power, value in enumerate(values[:3]) if value is not None
    )
    side = (_text(reference) or signs[0]).upper()[:1]
    if degrees > limit:
        return None
    return float(-degrees if side == signs[1] else degrees)

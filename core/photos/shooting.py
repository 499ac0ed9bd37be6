"""Shooting data of a picture that has none of its own, written into its file as a camera would.

The source is EXIF 2.32 (CIPA DC-008). The picture itself is not decoded and does not change.
"""

from dataclasses import dataclass
from datetime import datetime

from core.errors import NotAcceptedError

SOFTWARE = "Rakurs camera"
"""So that whoever looks into the file sees that the page, not the phone's camera, wrote it."""
_START = b"\xff\xd8"
_EXIF = b"\xff\xe1"


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees, north and east positive; ``accuracy`` in metres."""

    latitude: float
    longitude: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Shooting:
    """When (aware, in the office's zone), where, and in which direction (degrees from north)."""

    taken_at: datetime
    place: Place | None = None
    heading: float | None = None
    magnetic: bool = True


def with_shooting_data(jpeg: bytes, shooting: Shooting) -> bytes:
    """The JPEG with an EXIF block; raises NotAcceptedError for what is no JPEG."""
    if not jpeg.startswith(_START):
        raise NotAcceptedError("Снимок камеры повреждён. Снимите ещё раз.")
    block = _block(shooting)
    return _START + _EXIF + (len(block) + 2).to_bytes(2, "big") + block + jpeg[len(_START):]


def _block(shooting: Shooting) -> bytes:
    from PIL import ExifTags, Image
    exif = Image.Exif()
    exif[ExifTags.Base.Software] = SOFTWARE
    exif[ExifTags.Base.Orientation] = 1
    shot = exif.get_ifd(ExifTags.IFD.Exif)
    offset = f"{shooting.taken_at:%z}"
    for moment, zone in ((ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
                         (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized)):
        shot[moment] = f"{shooting.taken_at:%Y:%m:%d %H:%M:%S}"
        shot[zone] = f"{offset[:3]}:{offset[3:5]}"
    where = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place = shooting.place
    if place is not None:
        where[ExifTags.GPS.GPSLatitudeRef] = "N" if place.latitude >= 0 else "S"
        where[ExifTags.GPS.GPSLatitude] = _sexagesimal(place.latitude)
        where[ExifTags.GPS.GPSLongitudeRef] = "E" if place.longitude >= 0 else "W"
        where[ExifTags.GPS.GPSLongitude] = _sexagesimal(place.longitude)
        if place.accuracy is not None:
            where[ExifTags.GPS.GPSHPositioningError] = round(place.accuracy, 1)
    if shooting.heading is not None:
        where[ExifTags.GPS.GPSImgDirectionRef] = "M" if shooting.magnetic else "T"
        where[ExifTags.GPS.GPSImgDirection] = round(shooting.heading % 360, 1)
    return exif.tobytes()


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(abs(degrees), 1)
    minutes, rest = divmod(rest * 60, 1)
    return whole, minutes, round(rest * 60, 3)

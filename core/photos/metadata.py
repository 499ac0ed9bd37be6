"""What a photo file may say of itself, as plain values (read by ``exif.py``)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Gps:
    """Where the camera was; degrees, north and east positive; direction of view from north."""

    latitude: float
    longitude: float
    direction_deg: float | None = None
    magnetic: bool = False  # direction counted from magnetic north

    @property
    def usable(self) -> bool:
        """Phones without a fix write 0, 0."""
        return (self.latitude, self.longitude) != (0, 0)


@dataclass(frozen=True)
class ExifReport:
    """The fields of the contract. ``width`` and ``height`` are of the upright picture."""

    format: str | None = None
    width: int | None = None
    height: int | None = None
    orientation: int | None = None
    taken_at: datetime | None = None  # naive where the file names no offset
    gps: Gps | None = None
    focal_35mm: float | None = None
    make: str | None = None
    model: str | None = None
    software: str | None = None
    edited: bool = False
    error: str | None = None

    def to_json(self) -> dict[str, object]:
        """As ``rakurs exif --json`` prints it."""
        return {
            "format": self.format,
            "width": self.width,
            "height": self.height,
            "orientation": self.orientation,
            "taken_at": self.taken_at.isoformat(timespec="seconds") if self.taken_at else None,
            "gps": {
                "latitude": self.gps.latitude,
                "longitude": self.gps.longitude,
                "direction_deg": self.gps.direction_deg,
            }
            if self.gps
            else None,
            "focal_35mm": _plain(self.focal_35mm),
            "make": self.make,
            "model": self.model,
            "software": self.software,
            "edited": self.edited,
            "error": self.error,
        }


def _plain(number: float | None) -> float | None:
    """Whole millimetres without a point, as cameras write them."""
    return int(number) if number is not None and number == int(number) else number

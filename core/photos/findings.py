"""What EXIF says against the citizen's photo and the case: match, mismatch or unknown.

Unknown is normal (messengers and some phones strip EXIF) and never an accusation.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

from core.photos.metadata import ExifReport, Gps


class Result(StrEnum):
    """How one sign agrees."""

    MATCH = "match"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """One sign: ``code``, result, and a Russian sentence for the approver."""

    code: str
    result: Result
    text: str

    def to_json(self) -> dict[str, str]:
        """As it stands in the contract's ``exif.findings``."""
        return {"code": self.code, "result": self.result.value, "text": self.text}


@dataclass(frozen=True)
class PhotoContext:
    """What the case knows; moments are aware, coordinates in degrees (north, east positive)."""

    message_arrived: datetime | None = None
    now: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    zone: str = "Europe/Moscow"


NEAR_METRES, FAR_METRES = 60.0, 250.0
"""Phones in a street err by tens of metres; between the two it is unknown."""

NEAR_DIRECTION, FAR_DIRECTION = 35.0, 70.0
"""A phone's compass errs by tens of degrees."""

CLOCK_SLACK = timedelta(minutes=15)


def findings(
    reference: ExifReport | None, new: ExifReport, context: PhotoContext
) -> tuple[Finding, ...]:
    """Every sign that was looked at, whether it says anything or not."""
    return (
        _time_after_message(new, context),
        _time_not_in_future(new, context),
        _place(reference, new, context),
        _direction(reference, new),
        _camera(reference, new),
        _editing(new),
    )


def moment_of(report: ExifReport, zone: tzinfo) -> datetime | None:
    """When it was taken, aware; a camera that names no offset shows the local time."""
    if report.taken_at is None or report.taken_at.year < 2000:
        return None  # a clock never set
    if report.taken_at.tzinfo is None:
        return report.taken_at.replace(tzinfo=zone)
    return report.taken_at


def _zone(context: PhotoContext) -> ZoneInfo:
    return ZoneInfo(context.zone)


def _time_after_message(new: ExifReport, context: PhotoContext) -> Finding:
    code, arrived = "time_after_message", context.message_arrived
    taken = moment_of(new, _zone(context))
    if taken is None:
        return Finding(code, Result.UNKNOWN, "Время съёмки в файле не указано.")
    if arrived is None:
        return Finding(code, Result.UNKNOWN, f"Снято {_say(taken, context)}.")
    if taken < arrived - CLOCK_SLACK:
        return Finding(
            code,
            Result.MISMATCH,
            f"По часам камеры снято {_say(taken, context)}, до поступления сообщения "
            f"({_say(arrived, context)}). Проверьте дату в телефоне или снимите заново.",
        )
    return Finding(
        code, Result.MATCH, f"Снято {_say(taken, context)}, после поступления сообщения."
    )


def _time_not_in_future(new: ExifReport, context: PhotoContext) -> Finding:
    code, taken, now = "time_not_in_future", moment_of(new, _zone(context)), context.now
    if taken is None or now is None:
        return Finding(code, Result.UNKNOWN, "Ход часов камеры не проверен.")
    if taken > now + CLOCK_SLACK:
        return Finding(
            code,
            Result.MISMATCH,
            f"Часы камеры спешат: снято будто бы {_say(taken, context)}. "
            "Проверьте дату в телефоне.",
        )
    return Finding(code, Result.MATCH, "Часы камеры не спешат.")


def _place(reference: ExifReport | None, new: ExifReport, context: PhotoContext) -> Finding:
    code = "place"
    here = _usable(new.gps)
    if here is None:
        return Finding(code, Result.UNKNOWN, "Координаты съёмки в файле не указаны.")
    there = _usable(reference.gps) if reference else None
    what = "места, где снимал житель"
    if there is None and context.latitude is not None and context.longitude is not None:
        there, what = Gps(context.latitude, context.longitude), "адреса из сообщения"
    if there is None:
        return Finding(code, Result.UNKNOWN, "Сравнить координаты съёмки не с чем.")
    away = metres(here, there)
    result = Result.UNKNOWN if away < FAR_METRES else Result.MISMATCH
    if away <= NEAR_METRES:
        result = Result.MATCH
    return Finding(code, result, f"Снято в {_distance(away)} от {what}.")


def _direction(reference: ExifReport | None, new: ExifReport) -> Finding:
    code = "direction"
    one = reference.gps.direction_deg if reference and reference.gps else None
    two = new.gps.direction_deg if new.gps else None
    if one is None or two is None:
        return Finding(code, Result.UNKNOWN, "Направление съёмки по компасу не указано.")
    off = abs((two - one + 180) % 360 - 180)
    result = Result.UNKNOWN if off < FAR_DIRECTION else Result.MISMATCH
    if off <= NEAR_DIRECTION:
        result = Result.MATCH
    return Finding(code, result, f"По компасу камера смотрит в сторону, отличную на {off:.0f}°.")


def _camera(reference: ExifReport | None, new: ExifReport) -> Finding:
    """Two people have two phones: the same camera and second would be the strange thing."""
    code = "camera"
    if reference is None or reference.taken_at is None or new.taken_at is None:
        return Finding(code, Result.UNKNOWN, "Камеры двух снимков не сравнить.")
    same_camera = (reference.make, reference.model) == (new.make, new.model)
    same_moment = abs(_naive(reference) - _naive(new)) < timedelta(seconds=1)
    if same_camera and same_moment:
        return Finding(code, Result.MISMATCH, "Камера и секунда съёмки те же, что у фото жителя.")
    name = " ".join(part for part in (new.make, new.model) if part)
    return Finding(code, Result.MATCH, f"Отдельный снимок{f', камера {name}' if name else ''}.")


def _naive(report: ExifReport) -> datetime:
    if report.taken_at is None:
        raise ValueError("no moment to compare")
    return report.taken_at.replace(tzinfo=None)


def _editing(new: ExifReport) -> Finding:
    code = "editing_software"
    if new.edited:
        name = f" ({new.software})" if new.software else ""
        return Finding(
            code,
            Result.MISMATCH,
            f"Файл сохранён программой для правки снимков{name}. Пришлите исходную фотографию.",
        )
    if new.make is None and new.software is None:
        return Finding(code, Result.UNKNOWN, "Сведений о камере в файле нет.")
    return Finding(code, Result.MATCH, "Следов правки в сведениях о снимке нет.")


def metres(one: Gps, two: Gps) -> float:
    """Great-circle distance (haversine, mean Earth radius)."""
    a, b = radians(one.latitude), radians(two.latitude)
    across = radians(two.longitude - one.longitude)
    chord = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(across / 2) ** 2
    return 2 * 6_371_008.8 * asin(min(1.0, sqrt(chord)))


def _usable(gps: Gps | None) -> Gps | None:
    return gps if gps and gps.usable else None


def _distance(away: float) -> str:
    if away >= 1000:
        return f"{away / 1000:.1f} км".replace(".", ",")
    return f"{max(5, round(away / 5) * 5):.0f} м"


def _say(moment: datetime, context: PhotoContext) -> str:
    return f"{moment.astimezone(_zone(context)):%d.%m.%Y в %H:%M}"

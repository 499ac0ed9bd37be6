"""A report as the office keeps it: made, confirmed, sent up, replaced by a new version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.files import FileRef
from core.reports.figures import BY_CODE


class Standing(StrEnum):
    """How far a version got."""

    READY = "ready"
    """Waits for «Утвердить отчёт»."""
    CONFIRMED = "confirmed"
    """Confirmed; its files with the confirmation are being made."""
    SENT = "sent"
    """On its way to the superior."""
    TO_REMAKE = "to_remake"
    """«Исправить» was asked for; a new version is being made."""
    REPLACED = "replaced"
    """There is a newer version."""


LABELS: Mapping[Standing, str] = {
    Standing.READY: "ждёт утверждения", Standing.CONFIRMED: "утверждён",
    Standing.SENT: "утверждён и направлен", Standing.TO_REMAKE: "исправляется",
    Standing.REPLACED: "заменён новой версией"}


@dataclass(frozen=True, slots=True)
class Report:
    """One version. ``routine`` and ``period`` are the key of the duty it fulfils.

    ``changes`` say what differs from the version before; ``note`` what the responsible person
    wrote. ``files``: pictures first, then the PDF and the workbook.
    """

    id: int
    routine: str
    period: str
    version: int
    standing: Standing
    title: str
    label: str
    first: date
    last: date
    made_at: datetime
    said: tuple[str, ...]
    figures: dict[str, float]
    files: tuple[FileRef, ...] = ()
    changes: tuple[str, ...] = ()
    note: str = ""
    confirmed_by: int | None = None
    confirmed_at: datetime | None = None


def changes(before: Mapping[str, float], now: Mapping[str, float],
            bodies: Mapping[int, str]) -> tuple[str, ...]:
    """What figures differ, in words: «Нарушен срок ответа: было 4, стало 3»."""
    return tuple(f"{_named(key, bodies)}: было {_said(before.get(key, 0.0))}, стало "
                 f"{_said(now.get(key, 0.0))}"
                 for key in sorted(before.keys() | now.keys(), key=_order)
                 if before.get(key, 0.0) != now.get(key, 0.0))


def _order(key: str) -> tuple[bool, int, str]:
    code, _, body = key.partition(":")
    return bool(body), list(BY_CODE).index(code) if code in BY_CODE else len(BY_CODE), body


def _named(key: str, bodies: Mapping[int, str]) -> str:
    code, _, body = key.partition(":")
    name = BY_CODE[code].name if code in BY_CODE else code
    if name.startswith("из них"):
        whole = BY_CODE.get(code.removesuffix("_late"))
        name = f"{whole.name if whole and whole.code != code else ''} {name}".strip()
    where = f" ({bodies.get(int(body), 'орган не указан')})" if body else ""
    return f"{name}{where}"


def _said(value: float) -> str:
    return f"{value:g}".replace(".", ",")

"""The clocks: the system's, and one for rehearsals that a file moves ahead."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class SystemClock:
    """The present moment, in UTC."""

    def now(self) -> datetime:
        """The moment."""
        return datetime.now(UTC)  # noqa: TID251 (the one place that reads the system's clock)


class RehearsalClock:
    """The system's clock moved by the seconds written in a file, read anew at each look.

    For rehearsals and demonstrations, in which days must pass in seconds; an office never sets it.
    A missing or unreadable file means no shift.
    """

    def __init__(self, path: Path) -> None:
        """``path`` holds one number, seconds."""
        self._path = path
        self._system = SystemClock()

    def now(self) -> datetime:
        """The moved moment."""
        try:
            shift = float(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            shift = 0.0
        return self._system.now() + timedelta(seconds=shift)

"""What failed is tried again later and later, and told once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.errors import AssistantError

FIRST = timedelta(minutes=5)
LONGEST = timedelta(hours=1)


@dataclass(slots=True)
class Retrying:
    """Remembers in memory what failed: a restart tries everything at once."""

    _failed: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    """Times it failed, and when it may be tried again."""

    def may(self, what: str, now: datetime) -> bool:
        """Whether it never failed, or its pause is over."""
        return what not in self._failed or self._failed[what][1] <= now

    def failed(self, what: str, now: datetime) -> None:
        """It failed: the pause is twice the last, an hour at most."""
        times = self._failed[what][0] if what in self._failed else 0
        self._failed[what] = (times + 1, now + min(FIRST * 2 ** min(times, 10), LONGEST))

    def over(self, what: str) -> None:
        """It was done."""
        self._failed.pop(what, None)


def reason(error: Exception) -> str:
    """Why, in a sentence for people; of a fault of the program its name alone."""
    if isinstance(error, AssistantError):
        return str(error)
    return (f"Внутренняя ошибка программы ({type(error).__name__}), подробности — в журнале "
            "работы.")

"""Which open cases the scan must look at now: the changed ones, and those whose time has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from core.calendar import WorkingCalendar
from core.due import Due
from core.marks import LAST_HOURS
from core.people import Directory


@dataclass(slots=True)
class Watch:
    """What was seen of each open case: at which version, and when it must be looked at again.

    Kept in memory: after a restart, and so after a change of the calendar's overlay or of the
    rules, every case is looked at again. So it is after a change of the directory, which may
    change who owes a deadline, and after a clock set back.
    """

    _seen: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    _directory: Directory | None = None
    _last: datetime | None = None

    def to_look_at(self, versions: Mapping[int, int], directory: Directory, now: datetime
                   ) -> list[int]:
        """The ids of ``versions`` (id of an open case -> its version) to be looked at."""
        if directory is not self._directory or (self._last is not None and now < self._last):
            self._seen.clear()
        self._directory, self._last = directory, now
        self._seen = {case_id: seen for case_id, seen in self._seen.items()
                      if versions.get(case_id) == seen[0] and now < seen[1]}
        return [case_id for case_id in versions if case_id not in self._seen]

    def looked_at(self, case_id: int, version: int, again: datetime) -> None:
        """A case was looked at; nothing comes of it before ``again`` unless it changes."""
        self._seen[case_id] = (version, again)


def next_look(duties: Iterable[Due], calendar: WorkingCalendar, now: datetime,
              others: Iterable[datetime] = ()) -> datetime:
    """The next moment at which these deadlines can bring a new reminder, or one of ``others``.

    They depend on the office's date (working days left, the day's word of what is overdue), on
    the moment a deadline passes and on its last hours.
    """
    tomorrow = calendar.local_date(now) + timedelta(days=1)
    moments = [one.due_at - before for one in duties for before in (timedelta(), LAST_HOURS)]
    moments += [one for one in others if one > now]
    return min((*(one for one in moments if one >= now),
                datetime.combine(tomorrow, time(), calendar.zone)))

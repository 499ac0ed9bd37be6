"""An assignment that reached its executor and that nobody takes up: e-mail, then the superior.

The regulation gives one working day to hand back what is not one's own (4.4¶2); who is silent that
long has neither taken the assignment nor handed it back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core import due
from core.assignment import Assignment
from core.calendar import WorkingCalendar
from core.case import Case
from core.notices import Notice, NoticeKind
from core.people import Channel, Directory
from core.regulation.deadlines import BY_CODE
from core.regulation.lifecycle import AT_WORK
from core.regulation.terms import AssignmentState, Event, Role

BY_MAIL_AFTER = 0.5
"""Working days of silence after which the executor is written to beside the messenger."""
SUPERIOR_AFTER = 1.0
"""Working days of silence after which the head of the executor's body is told (4.4¶2)."""

_SILENT = frozenset({AssignmentState.DELIVERED})
_UNHEARD = frozenset({
    Event.IMPOSE_RESOLUTION, Event.DELIVER, Event.DELEGATE, Event.ALLOW_DECLINE})
"""What happens to a part without its present holder's doing anything."""
_DRAFTING = frozenset({Event.SAVE_DRAFT, Event.SUBMIT_DRAFT})


@dataclass(frozen=True, slots=True)
class Listening:
    """One look for silence at the moment ``now``."""

    calendar: WorkingCalendar
    directory: Directory
    now: datetime

    def notices(self, case: Case) -> Iterator[Notice]:
        """What is to be told of assignments that nobody has taken up, each step once."""
        if case.state not in AT_WORK:
            return
        for part in case.parts:
            since = silent_since(case, part)
            if since is not None:
                yield from self._of_part(case, part, since)

    def moments(self, case: Case) -> Iterator[datetime]:
        """When something is to be told if the silence lasts."""
        for part in case.parts if case.state in AT_WORK else ():
            since = silent_since(case, part)
            if since is not None:
                yield from (self.calendar.after_working_time(since, one)
                            for one in (BY_MAIL_AFTER, SUPERIOR_AFTER))

    def _of_part(self, case: Case, part: Assignment, since: datetime) -> Iterator[Notice]:
        mail_at, superior_at = (self.calendar.after_working_time(since, one)
                                for one in (BY_MAIL_AFTER, SUPERIOR_AFTER))
        holder = self.directory.people.get(part.holder_id)
        if holder is None or not holder.active:
            return
        reader = self.directory.people[self.directory.acting.get(holder.id, holder.id)]
        until = due.reckon(BY_CODE["misroute_return"], since, self.calendar)[1]
        facts = {"since": since.isoformat(), "until": until.isoformat(),
                 "holder": self.directory.names_today([holder.id]), "part": str(part.key)}
        key = f"{NoticeKind.NOT_TAKEN_UP}:{case.id}:{case.round}:{part.key}:{since.isoformat()}"
        if self.now >= mail_at and reader.telegram_id is not None and reader.email:
            yield Notice(NoticeKind.NOT_TAKEN_UP, f"{key}:mail:{holder.id}", holder.id,
                         case_id=case.id, facts=facts, channel=Channel.EMAIL)
        if self.now >= superior_at:
            for head in self.directory.holding(Role.HEAD_OF_BODY):
                if head.body_id == holder.body_id and head.id != holder.id:
                    yield Notice(NoticeKind.NOT_TAKEN_UP, f"{key}:head:{head.id}", head.id,
                                 case_id=case.id, facts={**facts, "superior": "1"})


def silent_since(case: Case, part: Assignment) -> datetime | None:
    """When a part reached its holder, if nothing has been heard since."""
    if part.state not in _SILENT:
        return None
    since = part.chain[-1].at if part.chain else part.reached_at
    if since is None:
        return None
    heard = any(one.at >= since for one in part.history if one.event not in _UNHEARD)
    heard = heard or (part.is_lead and any(
        one.at >= since for one in case.history if one.event in _DRAFTING))
    return None if heard else since

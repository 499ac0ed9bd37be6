"""Whether a notice was opened: from the messenger to e-mail, from e-mail to the superior (6¶1).

One ladder for every notice that asks somebody for an act: queued, delivered, opened; unopened for
half a working day it goes by e-mail too, unopened for a whole one the superior is told. An
assignment has its own next step, its acceptance (``core.silence``). A person who acts in the chat
has opened what came there before.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core import access
from core.case import Case
from core.notices import Notice, NoticeKind, OutboxRow
from core.people import Channel, Directory, Person
from core.regulation.terms import Role
from core.silence import BY_MAIL_AFTER, SUPERIOR_AFTER
from core.usecases.office import Office, address

ASKS = frozenset({
    NoticeKind.TO_DECIDE, NoticeKind.TO_RESOLVE, NoticeKind.TO_APPROVE, NoticeKind.TO_SIGN,
    NoticeKind.REMARK, NoticeKind.REWORK, NoticeKind.MATERIALS_SUBMITTED})
"""Notices after which the ball is with their reader alone."""
LOOKED_BACK = timedelta(days=14)
"""Older ones are overdue long since, and the ladder of deadlines speaks of them."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Climbs a step for whoever has not opened what waits for him; each step once."""

    office: Office
    _done: set[str] = field(default_factory=set)

    async def climb(self) -> int:
        """Queue what the unopened notices call for; returns how many notices that were."""
        now, calendar = self.office.clock.now(), self.office.calendar
        if not calendar.is_working(calendar.local_date(now)):
            return 0
        async with self.office.work() as work:
            rows = await work.outbox.unopened(ASKS, now - LOOKED_BACK)
            if not rows:
                return 0
            directory = await work.people.directory()
            cases = {case.id: case for case in await work.cases.several(
                [row.notice.case_id for row in rows if row.notice.case_id is not None])}
            steps = [step for row in rows if row.notice.case_id in cases
                     for step in self._steps(row, cases[row.notice.case_id], directory, now)
                     if step.key not in self._done]
            await work.outbox.put([address(one, directory) for one in steps], now)
        self._done.update(step.key for step in steps)
        if steps:
            self.office.bell.ring()
        return len(steps)

    def _steps(self, row: OutboxRow, case: Case, directory: Directory, now: datetime
               ) -> Iterator[Notice]:
        notice, person = row.notice, directory.people.get(row.notice.person_id or 0)
        if person is None or not person.active or row.settled_at is None:
            return
        if not _waits_for(case, person, directory):
            return
        mail_at, superior_at = (self.office.calendar.after_working_time(row.settled_at, days)
                                for days in (BY_MAIL_AFTER, SUPERIOR_AFTER))
        if now >= mail_at and person.email:
            yield replace(notice, key=f"{notice.key}:unopened", channel=Channel.EMAIL,
                          not_before=None)
        if now >= superior_at:
            for superior in superiors(person, directory):
                yield Notice(
                    NoticeKind.NOT_OPENED, f"{notice.key}:unopened:{superior.id}", superior.id,
                    case_id=case.id, facts={
                        "holder": person.short_name, "what": notice.kind.value,
                        "since": row.settled_at.isoformat()})


def _waits_for(case: Case, person: Person, directory: Directory) -> bool:
    """Whether the ball is still with him, or with whom he stands in for."""
    return bool({hat.id for hat in person.hats} & set(access.holder_ids(case, directory)))


def superiors(person: Person, directory: Directory) -> tuple[Person, ...]:
    """The heads of the person's body, else the desk head; not the person."""
    heads = [one.id for one in directory.holding(Role.HEAD_OF_BODY)
             if one.body_id == person.body_id and one.id != person.id]
    above = heads or [one.id for one in directory.holding(Role.DESK_HEAD) if one.id != person.id]
    return tuple(directory.people[one] for one in directory.told(above))

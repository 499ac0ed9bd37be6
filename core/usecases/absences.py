"""Absences: who is away, who stands in, and the hand-over of everything open on both days."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from core import substitution
from core.errors import MoveNotAllowedError, NotFoundError
from core.journal import Fact
from core.notices import Notice, NoticeKind
from core.people import Absence, Actor, Directory, Person
from core.ports import UnitOfWork
from core.regulation.terms import Role
from core.usecases.handover import holds
from core.usecases.office import Office, address

WELCOMED_FOR = timedelta(days=7)
"""Whoever comes back hears what waits within so many days."""


def may_note(person: Person, about: Person) -> bool:
    """One's own absence; that of the staff of one's body for its head; anybody's for the admin."""
    if person.id == about.id or Role.ADMIN in person.offices:
        return True
    return any(Role.HEAD_OF_BODY in hat.offices and hat.body_id == about.body_id
               for hat in person.hats)


@dataclass(frozen=True, slots=True)
class Absences:
    """Noted by people, begun and ended by the calendar alone."""

    office: Office
    _told: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        """The office's date."""
        return self.office.calendar.local_date(self.office.clock.now())

    async def note(self, actor: Actor, absence: Absence) -> None:
        """Somebody will be away; the substitute is told at once, and again on the first day."""
        async with self.office.work() as work:
            await work.sources.mark(actor.source, self.office.clock.now())
            await self.note_in(work, actor, absence)
        self.office.bell.ring()
        await self.hand_over_if_due()

    async def note_in(self, work: UnitOfWork, actor: Actor, absence: Absence) -> None:
        """The same in the caller's transaction."""
        directory = await work.people.directory()
        person = directory.working(absence.person_id)
        self._may(actor, person)
        substitution.accept(absence, directory, self.today)
        await work.people.add_absence(absence)
        await self._journal(work, actor, "absence", absence, directory)
        if absence.first > self.today:
            await work.outbox.put([address(Notice(
                NoticeKind.STANDING_IN,
                f"asked:{actor.source}:{absence.substitute_id}", absence.substitute_id,
                facts=self._facts(absence, directory)), directory)], self.office.clock.now())

    async def cancel(self, actor: Actor, absence_id: int) -> None:
        """It will not be, or ends today: the person is back."""
        async with self.office.work() as work:
            await work.sources.mark(actor.source, self.office.clock.now())
            await self.cancel_in(work, actor, absence_id)
        self.office.bell.ring()

    async def cancel_in(self, work: UnitOfWork, actor: Actor, absence_id: int) -> None:
        """The same in the caller's transaction."""
        directory = await work.people.directory()
        absence = next((one for one in directory.absences if one.id == absence_id), None)
        if absence is None or absence.last < self.today:
            raise NotFoundError("Это отсутствие уже закончилось или отменено.")
        self._may(actor, directory.person(absence.person_id))
        begun = absence.first < self.today
        await work.people.end_absence(
            absence_id, self.today - timedelta(days=1) if begun else None)
        await self._journal(work, actor, "absence_over", absence, directory)
        await work.outbox.put([address(Notice(
            NoticeKind.STANDING_IN_OVER, f"over:{absence_id}", absence.substitute_id,
            facts=self._facts(absence, directory)), await work.people.directory())],
            self.office.clock.now())

    async def hand_over_if_due(self) -> int:
        """Tell of everything open: substitutes as an absence begins, the others as they return.

        Each is told once for each absence; returns how many were told now.
        """
        now = self.office.clock.now()
        async with self.office.work() as work:
            directory = await work.people.directory()
            waiting = [one for one in self._due(directory) if one.key not in self._told]
            if not waiting:
                return 0
            notices = [await self._with_count(work, one) for one in waiting]
            await work.outbox.put([address(one, directory) for one in notices], now)
        self._told.update(one.key for one in waiting)
        self.office.bell.ring()
        return len(waiting)

    def _due(self, directory: Directory) -> Iterator[Notice]:
        for one in directory.absences:
            facts = self._facts(one, directory)
            deputy = directory.acting.get(one.person_id)
            if one.first <= self.today <= one.last and deputy is not None:
                yield Notice(NoticeKind.STANDING_IN, f"standing_in:{one.id}:{deputy}", deputy,
                             facts={**facts, "begun": "1"})
            elif one.last < self.today <= one.last + WELCOMED_FOR and directory.is_working(
                    one.person_id) and one.person_id not in directory.acting:
                yield Notice(NoticeKind.BACK_AT_WORK, f"back:{one.id}", one.person_id,
                             facts=facts)

    async def _with_count(self, work: UnitOfWork, notice: Notice) -> Notice:
        about = int(notice.facts["person"])
        count = sum(holds(case, about) for case in await work.cases.with_person(about))
        return Notice(notice.kind, notice.key, notice.person_id,
                      facts={**notice.facts, "count": str(count)})

    def _may(self, actor: Actor, person: Person) -> None:
        if actor.person is None or not may_note(actor.person, person):
            raise MoveNotAllowedError(
                "Отсутствие отмечает сам сотрудник, руководитель его органа или администратор.")

    def _facts(self, absence: Absence, directory: Directory) -> dict[str, str]:
        return {"person": str(absence.person_id), "who": directory.names([absence.person_id]),
                "by": directory.names([absence.substitute_id]),
                "first": absence.first.isoformat(), "last": absence.last.isoformat()}

    async def _journal(self, work: UnitOfWork, actor: Actor, event: str, absence: Absence,
                       directory: Directory) -> None:
        await work.journal.append([Fact(
            at=self.office.clock.now(), subject="directory", event=event, actor=actor.name,
            channel=actor.channel.value, source=actor.source, actor_id=actor.person_id,
            clause="4.1", requirement="R9", details=self._facts(absence, directory))])

"""Reports nobody has to write (section 6): made at their hour, confirmed by who answers for them,
then sent up; a correction is a new version that says what changed.

A report is counted and typeset outside any transaction and kept in one; what a crash left half
done is taken up by the next beat.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial

from core.documents.house import BUILT_IN, Templates
from core.documents.values import Signatory
from core.errors import (
    BeyondCalendarError,
    MoveNotAllowedError,
    NotAcceptedError,
    StaleCardError,
)
from core.files import FileRef
from core.journal import Fact
from core.notices import Notice, NoticeKind
from core.people import Actor, Channel, Directory, Person
from core.ports import UnitOfWork
from core.regulation.routines import ROUTINES, Period, Routine
from core.regulation.terms import Role
from core.reports import files, periods
from core.reports.book import Report, Standing, changes
from core.reports.periods import Span
from core.reports.values import Made
from core.usecases.office import Office, address
from core.usecases.reports import KINDS, Reports
from core.usecases.retrying import Retrying, reason

log = logging.getLogger(__name__)

DUTIES: tuple[Routine, ...] = tuple(one for one in ROUTINES if one.code in KINDS)
BY_CODE = {one.code: one for one in DUTIES}
CATCH_UP = {Period.WORKING_DAY: 5, Period.WEEK: 4, Period.MONTH: 2}
"""How many missed periods are made up for after a stop."""
MOST_NAMED = 10
"""Waiting reports that one reminder names, the oldest first."""
INSTEAD = (Role.DESK_HEAD, Role.DESK)
"""Who confirms where nobody holds the office that should."""
SYSTEM = "Ракурс"


@dataclass(frozen=True, slots=True)
class Reporting:
    """The duties of section 6."""

    office: Office
    templates: Templates = BUILT_IN
    retrying: Retrying = field(default_factory=Retrying)
    reports: Reports = field(init=False)

    def __post_init__(self) -> None:
        """Reports are counted by the same definitions everywhere."""
        object.__setattr__(self, "reports", Reports(self.office))

    # The beat

    async def tick(self) -> int:
        """Make what is due, finish what was confirmed or is to be remade, remind; how many."""
        done = await self.settle()
        now, calendar = self.office.clock.now(), self.office.calendar
        today = calendar.local_date(now)
        if not calendar.is_working(today) or now < self._hour(today):
            return done
        for routine in DUTIES:
            for span in await self._missing(routine, today):
                what = f"{routine.code}:{span.key}"
                done += await self._tried(what, routine, span.label,
                                          partial(self._first, routine, span))
        return done + await self._remind(today)

    def _hour(self, day: date) -> datetime:
        rules = self.office.rules
        return datetime.combine(day, time(rules.digest_hour, rules.digest_minute),
                                self.office.calendar.zone)

    async def _missing(self, routine: Routine, today: date) -> Sequence[Span]:
        """Finished periods that have no report, oldest first; at the very first start the last.

        None before the earliest that has one: the program was not there yet.
        """
        calendar = self.office.calendar
        missing: list[Span] = []
        try:
            span = periods.before(periods.containing(routine.period, today, calendar), calendar)
            async with self.office.work() as work:
                first_at = await work.facts.first_at()
                earliest = await work.reports.earliest(routine.code)
                for _ in range(CATCH_UP[routine.period]):
                    if first_at is None or span.end(calendar.zone) <= first_at:
                        break
                    if span.key < earliest:
                        break
                    if not await work.routines.done(routine.code, span.key):
                        missing.append(span)
                    span = periods.before(span, calendar)
        except BeyondCalendarError:
            return ()
        return missing[::-1] if earliest else missing[:1]

    async def _tried(self, what: str, routine: Routine, label: str,
                     make: Callable[[], Awaitable[None]]) -> int:
        """Make a report; one that cannot be made delays no other.

        The desk is told why, once, and it is tried again later and later. Returns how many were
        made.
        """
        now = self.office.clock.now()
        if not self.retrying.may(what, now):
            return 0
        try:
            await make()
        except StaleCardError:
            log.info("the report %s was seen to by another hand", what)
        except Exception as error:
            log.exception("the report %s failed and will be tried again", what)
            self.retrying.failed(what, now)
            await self._tell_trouble(what, routine, label, reason(error))
            return 0
        self.retrying.over(what)
        return 1

    async def _tell_trouble(self, what: str, routine: Routine, label: str, why: str) -> None:
        async with self.office.work() as work:
            directory = await work.people.directory()
            await work.outbox.put([address(Notice(
                NoticeKind.REPORT_TROUBLE, f"report_trouble:{what}:{one.id}", one.id,
                facts={"named": f"{routine.label} {label}", "why": why}), directory)
                for one in directory.to_tell(Role.DESK, Role.DESK_HEAD)], self.office.clock.now())
        self.office.bell.ring()

    async def _first(self, routine: Routine, span: Span) -> None:
        made = await self.reports.make(routine.code, span.first, span)
        report = _report(routine, span, made, self.office.clock.now(), 1)
        report = replace(report, files=await self._files(made, report))
        async with self.office.work() as work:
            if await work.routines.done(routine.code, span.key):
                return  # another process was first
            await work.routines.mark(routine.code, span.key, self.office.clock.now())
            await self._keep(work, routine, report, SYSTEM)
        self.office.bell.ring()

    async def _keep(self, work: UnitOfWork, routine: Routine, report: Report, by: str) -> None:
        """A version is there: noted in the journal, shown to who confirms it."""
        kept = await work.reports.add(report)
        await work.journal.append([self._fact("make_report", kept, routine, by)])
        directory = await work.people.directory()
        await work.outbox.put([address(Notice(
            NoticeKind.REPORT_READY, f"report_ready:{kept.id}:{one.id}", one.id,
            facts={"report": str(kept.id)}), directory)
            for one in responsible(routine, directory)], self.office.clock.now())

    async def _files(self, made: Made, report: Report, by: Person | None = None
                     ) -> tuple[FileRef, ...]:
        """Pictures, PDF and workbook in the store."""
        shown = replace(made, document=replace(
            made.document, summary="\n".join((*_told(report), made.document.summary)),
            approved_by=_signatory(by) if by else None))
        drawn = await asyncio.to_thread(files.pictures, shown)
        papers = await asyncio.to_thread(files.documents, shown, drawn, self.templates)
        return tuple([await self.office.files.put(one.content, one.name, one.media_type)
                      for one in (*drawn, *papers)])

    def _fact(self, event: str, report: Report, routine: Routine, by: str,
              actor: Actor | None = None) -> Fact:
        return Fact(
            at=self.office.clock.now(), subject=f"report:{report.id}", event=event, actor=by,
            channel=(actor.channel if actor else Channel.SYSTEM).value,
            source=actor.source if actor else f"report:{report.id}",
            actor_id=actor.person_id if actor else None, clause=routine.clause,
            requirement=routine.requirement,
            details={"routine": report.routine, "period": report.period,
                     "version": str(report.version),
                     **({"note": report.note} if report.note else {})})

    # What people do with it

    async def confirm(self, actor: Actor, report_id: int) -> Report:
        """«Утвердить отчёт». Raises NotFoundError, MoveNotAllowedError, StaleCardError."""
        async with self.office.work() as work:
            await self.confirm_in(work, actor, report_id)
        return await self._settled(report_id)

    async def confirm_in(self, work: UnitOfWork, actor: Actor, *report_ids: int
                         ) -> Sequence[Report]:
        """The same inside an open transaction (a letter); the beat does the rest.

        Of several those that still wait.
        """
        await work.sources.mark(actor.source, self.office.clock.now())
        found = [await work.reports.get(one) for one in report_ids]
        waiting = [one.id for one in found if one.standing is Standing.READY]
        return [await self._confirm(work, actor, one) for one in waiting or report_ids]

    async def _confirm(self, work: UnitOfWork, actor: Actor, report_id: int) -> Report:
        report, routine = await self._of(work, actor, report_id)
        if report.standing is not Standing.READY:
            raise MoveNotAllowedError(_no_more(report))
        confirmed = replace(report, standing=Standing.CONFIRMED,
                            confirmed_by=actor.person_id, confirmed_at=self.office.clock.now())
        await work.reports.save(confirmed, Standing.READY)
        await work.journal.append([
            self._fact("confirm_report", confirmed, routine, actor.name, actor)])
        return confirmed

    async def correct(self, actor: Actor, report_id: int, note: str) -> Report:
        """«Исправить»: counted anew, with what the person adds; a new version (R40-R45)."""
        async with self.office.work() as work:
            await self.correct_in(work, actor, report_id, note)
        return await self._settled(report_id)

    async def _settled(self, report_id: int) -> Report:
        """The report as it stands when all that follows is done."""
        await self.settle()
        async with self.office.work() as work:
            return await work.reports.get(report_id)

    async def correct_in(self, work: UnitOfWork, actor: Actor, report_id: int, note: str
                         ) -> Report:
        """The same inside an open transaction."""
        if not note.strip():
            raise NotAcceptedError("Напишите, что исправлено: это увидит получатель отчёта.")
        await work.sources.mark(actor.source, self.office.clock.now())
        report, routine = await self._of(work, actor, report_id)
        if report.standing not in {Standing.READY, Standing.SENT}:
            raise MoveNotAllowedError(_no_more(report))
        asked = replace(report, standing=Standing.TO_REMAKE, note=note.strip())
        await work.reports.save(asked, report.standing)
        await work.journal.append([
            self._fact("correct_report", asked, routine, actor.name, actor)])
        return asked

    async def _of(self, work: UnitOfWork, actor: Actor, report_id: int
                  ) -> tuple[Report, Routine]:
        """The report, for who answers for it."""
        report = await work.reports.get(report_id)
        routine = BY_CODE[report.routine]
        if not self.may_confirm(actor, report, await work.people.directory()):
            raise MoveNotAllowedError(
                f"Этот отчёт утверждает {routine.prepared_by.label}.")
        return report, routine

    @staticmethod
    def may_confirm(actor: Actor, report: Report, directory: Directory) -> bool:
        """Whether the person answers for the report."""
        hats = {one.id for one in actor.person.hats} if actor.person else set()
        return bool(hats & {
            one.id for one in responsible(BY_CODE[report.routine], directory)})

    async def to_confirm(self, actor: Actor) -> int:
        """How many reports wait for this person's word (6¶3-5)."""
        async with self.office.work() as work:
            ready = await work.reports.standing(Standing.READY)
            directory = await work.people.directory()
        return sum(self.may_confirm(actor, one, directory) for one in ready)

    # What follows

    async def settle(self) -> int:
        """Finish what was confirmed or asked to be remade; also what a crash left."""
        async with self.office.work() as work:
            waiting = await work.reports.standing(Standing.CONFIRMED, Standing.TO_REMAKE)
        done = 0
        for one in waiting:
            follow = self._send_up if one.standing is Standing.CONFIRMED else self._remake
            done += await self._tried(f"{one.id}:{one.standing}", BY_CODE[one.routine], one.label,
                                      partial(follow, one))
        return done

    async def _send_up(self, report: Report) -> None:
        """Counted once more: what goes up is what the facts say, and what was confirmed."""
        made = await self._again(report)
        if made.figures != report.figures:
            await self._replace(report, made, "")
            return
        routine = BY_CODE[report.routine]
        async with self.office.work() as work:
            directory = await work.people.directory()
        by = directory.people.get(report.confirmed_by or 0)
        sent = replace(report, standing=Standing.SENT,
                       files=await self._files(made, report, by))
        async with self.office.work() as work:
            await work.reports.save(sent, Standing.CONFIRMED)
            await work.outbox.put(_upwards(sent, routine, directory), self.office.clock.now())
        self.office.bell.ring()

    async def _remake(self, report: Report) -> None:
        await self._replace(report, await self._again(report), report.note)

    async def _again(self, report: Report) -> Made:
        span = Span(BY_CODE[report.routine].period, report.first, report.last, report.period)
        return await self.reports.make(report.routine, report.first, span)

    async def _replace(self, report: Report, made: Made, note: str) -> None:
        """A new version that says what changed."""
        routine = BY_CODE[report.routine]
        async with self.office.work() as work:
            directory = await work.people.directory()
        span = Span(routine.period, report.first, report.last, report.period)
        bodies = {one.id: one.name for one in directory.bodies.values()}
        fresh = replace(
            _report(routine, span, made, self.office.clock.now(), report.version + 1),
            changes=changes(report.figures, made.figures, bodies), note=note)
        fresh = replace(fresh, files=await self._files(made, fresh))
        async with self.office.work() as work:
            await work.reports.save(replace(report, standing=Standing.REPLACED), report.standing)
            await self._keep(work, routine, fresh, SYSTEM)
        self.office.bell.ring()

    async def _remind(self, today: date) -> int:
        """Who has not confirmed by the next working day is reminded, once a day of all at once."""
        calendar = self.office.calendar
        end = calendar.end_of_work(today) + timedelta(hours=1)
        async with self.office.work() as work:
            waiting = [one for one in await work.reports.standing(Standing.READY)
                       if calendar.local_date(one.made_at) < today]
            directory = await work.people.directory()
            theirs: dict[int, list[str]] = {}
            for report in waiting:
                for person in responsible(BY_CODE[report.routine], directory):
                    theirs.setdefault(person.id, []).append(str(report.id))
            await work.outbox.put([address(Notice(
                NoticeKind.REPORT_WAITS, f"report_waits:{person_id}:{today}", person_id,
                facts={"report": " ".join(found[:MOST_NAMED])}, expires_at=end), directory)
                for person_id, found in theirs.items()], self.office.clock.now())
        return 0


def responsible(routine: Routine, directory: Directory) -> tuple[Person, ...]:
    """Who confirms: the holders of the office the regulation names, or who stands in."""
    for role in (routine.prepared_by, *INSTEAD):
        if found := directory.holding(role):
            return found
    return ()


def _upwards(report: Report, routine: Routine, directory: Directory
             ) -> list[tuple[Notice, Channel]]:
    """To each superior by Telegram and by e-mail, where there is such (R40)."""
    found = []
    for person in directory.holding(*routine.told_to):
        for channel, reached in ((Channel.TELEGRAM, person.telegram_id is not None),
                                 (Channel.EMAIL, bool(person.email))):
            if reached:
                found.append((Notice(
                    NoticeKind.REPORT, f"report:{report.id}:{person.id}:{channel}", person.id,
                    facts={"report": str(report.id)}, channel=channel), channel))
    return found


def _report(routine: Routine, span: Span, made: Made, now: datetime, version: int) -> Report:
    return Report(
        0, routine.code, span.key, version, Standing.READY, made.document.title,
        made.document.period, span.first, span.last, now, made.said, dict(made.figures))


def _told(report: Report) -> Iterable[str]:
    """The first lines of a later version."""
    if report.version == 1:
        return
    yield f"Версия {report.version}, заменяет версию {report.version - 1}."
    if report.note:
        yield f"Исправлено: {report.note}"
    yield (f"Изменились показатели. {'. '.join(report.changes)}." if report.changes
           else "Показатели не изменились.")


def _no_more(report: Report) -> str:
    match report.standing:
        case Standing.REPLACED:
            return "У этого отчёта есть новая версия: откройте её командой /report."
        case Standing.TO_REMAKE:
            return "Отчёт исправляется: новая версия придёт отдельным сообщением."
        case _:
            return "Отчёт уже утверждён."


def _signatory(person: Person) -> Signatory:
    family, *rest = person.name.split() or [""]
    return Signatory(person.post, f"{''.join(f'{word[0]}.' for word in rest)} {family}".strip())

"""What every act shares: one transaction, the table's word, the journal and the notices.

A deed is a plain function over an Act (``approvals.approve(act)``): it changes ``act.case``, moves
it by the table and says who is to be told. ``Office.do`` runs a deed in a unit of work: nothing is
said before it is saved, and a source is acted on once.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Concatenate, ParamSpec

from core import access, due
from core.bell import Bell, Sound
from core.calendar import WorkingCalendar
from core.case import Case
from core.errors import StaleCardError
from core.journal import Fact
from core.marks import Marks
from core.notices import FOR, Notice, NoticeKind
from core.people import Actor, Channel, Directory, Person, Quiet
from core.ports import Clock, FileStore, UnitOfWork, WorkFactory
from core.quiet import USUAL
from core.regulation.guards import Situation
from core.regulation.lifecycle import Move
from core.regulation.terms import AssignmentState, Event, Role, State
from core.secret import Secret

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Rules:
    """What an office may choose: the marks before each deadline, the digest, its addresses.

    ``letter_marks``: after how many working days of silence an organisation is reminded of a
    letter, and the desk is told.
    ``approval_days`` is what each approver has, in working days; ``keep_approvals``: after a
    remark the approvals given before it still count (R30).
    """

    marks: Marks = field(default_factory=Marks)
    digest_hour: int = 9
    digest_minute: int = 0
    quiet: Quiet = USUAL
    msed_address: str = ""
    operator_address: str = ""
    office_addresses: tuple[str, ...] = ()
    letter_marks: tuple[int, int] = (3, 5)
    approval_days: int = 1
    keep_approvals: bool = False


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case as a card showed it; ``stamp`` is empty where no card binds (e-mail, МСЭД)."""

    case_id: int
    stamp: str = ""


@dataclass(slots=True)
class Act:
    """One act on one case, inside a transaction."""

    case: Case
    actor: Actor
    at: datetime
    directory: Directory
    calendar: WorkingCalendar
    rules: Rules
    behalf: Person | None = None
    """Whose part the actor does by this act, where it is not his own."""
    first: Case | None = None
    """The message that this one is a duplicate of."""
    facts: list[Fact] = field(default_factory=list)
    notices: list[tuple[Notice, Channel]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The office's date."""
        return self.calendar.local_date(self.at)

    @property
    def person(self) -> Person | None:
        """Who acts, if a person does."""
        return self.actor.person

    @property
    def name(self) -> str:
        """Who acts, and for whom: «Петров С.С. (замещает: Иванова А.П.)»."""
        if self.behalf is None:
            return self.actor.name
        return f"{self.actor.name} (замещает: {self.behalf.short_name})"

    def move(self, event: Event, details: Mapping[str, str] | None = None,
             now: Situation | None = None, roles: frozenset[Role] | None = None) -> None:
        """Apply ``event`` to the case by the table, and note the fact.

        ``now`` and ``roles`` are given where the deed has changed the case before the move.
        """
        before = self.case
        roles = access.roles_in(before, self.actor) if roles is None else roles
        situation = now or before.situation(may_decline=self.may_decline())
        self.case, row = before.apply(event, roles, self.at, situation)
        self.behalf = self.behalf or access.hat_for(before, self.actor, row.by)
        self._note("case", row, roles, details)

    def move_part(self, key: int, event: Event, details: Mapping[str, str] | None = None,
                  now: Situation | None = None) -> None:
        """Apply ``event`` to one executor's part by the table, and note the fact."""
        before, roles = self.case, access.roles_in_part(self.case, key, self.actor)
        situation = now or before.situation(may_decline=self.may_decline(key))
        self.case, row = before.apply_part(key, event, roles, self.at, situation)
        self.behalf = self.behalf or access.hat_for(before, self.actor, row.by, key)
        self._note(f"part:{key}", row, roles, details)

    def may_decline(self, key: int | None = None) -> bool:
        """Whether the actor's part (or that of ``key``) may still be declined (4.4¶2)."""
        part = (self.case.part(key) if key is not None
                else access.part_of(self.case, self.actor.person))
        return part is not None and due.may_decline(part, self.at, self.calendar)

    def _note(self, subject: str, row: Move[State] | Move[AssignmentState],
              roles: Iterable[Role], details: Mapping[str, str] | None) -> None:
        role = next((one for one in row.by if one in set(roles)), row.by[0])
        self.facts.append(self.fact(
            subject, row.event.value, role=role.value, before=row.state.value,
            after=row.to.value, clause=row.clause, requirement=row.requirement,
            details=details))

    def fact(self, subject: str, event: str, *, role: str = "", before: str = "",
             after: str = "", clause: str = "", requirement: str = "",
             details: Mapping[str, str] | None = None) -> Fact:
        """A line for the journal about this act, with whom it was done for («за кого»)."""
        known = {**(details or {}), **({"for": self.behalf.short_name} if self.behalf else {})}
        return Fact(
            at=self.at, subject=subject, event=event, actor=self.name,
            channel=self.actor.channel.value, source=self.actor.source, case_id=self.case.id,
            round=self.case.round, actor_id=self.actor.person_id, role=role, before=before,
            after=after, clause=clause, requirement=requirement, details=known)

    def sounds(self) -> Iterator[Sound]:
        """Whom it concerns that this was done."""
        yield Sound.CASES
        if self.notices:
            yield Sound.NOTICES
        if self.case.lighten_for is not None or any(
                not photo.verdict for part in self.case.parts for photo in part.photos):
            yield Sound.PHOTOS

    def tell(self, kind: NoticeKind, person_ids: Iterable[int | None], *, about: str = "",
             facts: Mapping[str, str] | None = None) -> None:
        """Queue a notice to each person, by the channel that reaches them.

        ``about`` tells apart several notices of one kind in one act.
        """
        for person_id in self.directory.told(person_ids):
            key = f"{kind}:{self.case.id}:{self.case.version}:{self.actor.source}:{person_id}"
            self.notices.append(address(Notice(
                kind, f"{key}:{about}", person_id=person_id, case_id=self.case.id,
                facts=dict(facts or {})), self.directory))

    def tell_office(self, kind: NoticeKind, *offices: Role,
                    facts: Mapping[str, str] | None = None) -> None:
        """Queue a notice to everyone who holds one of these offices."""
        self.tell(kind, [one.id for one in self.directory.holding(*offices)], facts=facts)

    def send_out(self, kind: NoticeKind, mail_address: str, *,
                 facts: Mapping[str, str] | None = None) -> None:
        """Queue a letter that leaves the office; one for each round and document."""
        key = f"{kind}:{self.case.id}:{self.case.version}:{mail_address}"
        self.notices.append((Notice(kind, key, address=mail_address, case_id=self.case.id,
                                    facts=dict(facts or {})), Channel.EMAIL))


def address(notice: Notice, directory: Directory) -> tuple[Notice, Channel]:
    """The notice's own channel, or Telegram where the person joined it, else e-mail (R11).

    What is for somebody away goes to the substitute, saying for whom.
    """
    deputy = directory.acting.get(notice.person_id or 0)
    if deputy is not None and notice.person_id is not None:
        notice = replace(notice, person_id=deputy, facts={
            **notice.facts, FOR: directory.names([notice.person_id])})
    if notice.channel is not None:
        return notice, notice.channel
    person = directory.people.get(notice.person_id or 0)
    by_mail = person is not None and (
        person.telegram_id is None or bool(person.unreachable_since and person.email))
    return notice, Channel.EMAIL if by_mail else Channel.TELEGRAM


@dataclass(frozen=True, slots=True)
class Office:
    """The core's tools in one place: transactions, time, calendar, files, choices."""

    work: WorkFactory
    clock: Clock
    calendar: WorkingCalendar
    rules: Rules
    files: FileStore
    bell: Bell
    secret: Secret

    async def do(self, actor: Actor, ref: CaseRef, deed: Callable[Concatenate[Act, P], None],
                 *args: P.args, **kwargs: P.kwargs) -> Case:
        """Run a deed on a case in a transaction of its own; returns the case after it.

        Raises AlreadyDoneError (same source again), StaleCardError (the case moved on),
        NotFoundError (no such case for this person), and what the deed raises.
        """
        async with self.work() as work:
            await work.sources.mark(actor.source, self.clock.now())
            async with self.act(work, actor, ref) as act:
                deed(act, *args, **kwargs)
        self.bell.ring(*act.sounds())
        return act.case

    @asynccontextmanager
    async def act(self, work: UnitOfWork, actor: Actor, ref: CaseRef) -> AsyncIterator[Act]:
        """An act inside an open transaction; saved with its facts and notices at the end."""
        act = await self.begin(work, actor, ref)
        yield act
        act.case = await work.cases.save(act.case)
        await work.journal.append(act.facts)
        await work.outbox.put(act.notices, act.at)

    async def begin(self, work: UnitOfWork, actor: Actor, ref: CaseRef) -> Act:
        """An act that is not saved by itself: to see what would come of it.

        Raises NotFoundError and StaleCardError.
        """
        directory = await work.people.directory()
        case = await work.cases.get(ref.case_id)
        access.require_read(case, actor, directory)
        if ref.stamp and ref.stamp != access.card_stamp(case, actor.person):
            raise StaleCardError("С момента показа карточки сообщение изменилось.")
        first = await work.cases.find(case.duplicate_of) if case.duplicate_of else None
        return Act(case, actor, self.clock.now(), directory, self.calendar, self.rules,
                   first=first)

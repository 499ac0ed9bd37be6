"""The read side: cards, lists, history, search; only what the asker may see (4.1)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core import access, due
from core.cards import (
    CaseCard,
    CaseLine,
    HistoryLine,
    Load,
    NoticeLine,
    Queue,
    SuggestionLine,
)
from core.case import Case
from core.errors import NotFoundError
from core.files import FileRef
from core.inbound import Applicant
from core.journal import Fact
from core.letters import Letter
from core.notices import NoticeKind
from core.people import Actor, Directory, Person
from core.photos import words
from core.ports import StoredMail, UnitOfWork
from core.regulation.lifecycle import AT_WORK
from core.regulation.terms import AssignmentState, Event, Role, State
from core.usecases import kindred, routing
from core.usecases.approval_list import CHANGED
from core.usecases.attachments import LIGHTER
from core.usecases.casecards import (
    TO_BE_ROUTED,
    Beside,
    draft_files_of,
    files_of,
    make_card,
    make_line,
    signed_files_of,
    urgency,
)
from core.usecases.handover import HANDED_OVER
from core.usecases.mailroom import MAIL_JOINED
from core.usecases.office import CaseRef, Office
from core.usecases.overdue import Overdue
from core.usecases.precedents import Precedents, Suggestion
from core.usecases.reuse import reveal
from core.usecases.signing import ADDED as SIGNATURE_ADDED

MOST_FOUND = 50
EVENT_LABELS = {event.value: event.label for event in Event}


@dataclass(frozen=True, slots=True)
class Lookups:
    """Questions about cases; nothing is changed but the log of reads of personal data."""

    office: Office
    mask_contacts: bool = True
    precedents: Precedents | None = None
    _overdue: Overdue = field(init=False)

    def __post_init__(self) -> None:
        """What is overdue is not known yet."""
        object.__setattr__(self, "_overdue", Overdue(self.office))

    async def card(self, actor: Actor, case_id: int) -> CaseCard:
        """The case as this person may see it; raises NotFoundError otherwise."""
        async with self.office.work() as work:
            return await self.card_in(work, actor, await work.cases.get(case_id))

    async def find(self, actor: Actor, number: str) -> CaseCard:
        """By our number, its digits, or the portal's number."""
        async with self.office.work() as work:
            case = await work.cases.find(number.strip())
            if case is None:
                raise NotFoundError(
                    f"Сообщение «{number.strip()}» не найдено. Укажите номер, например "
                    "ЕКЖ-2026-000123 или просто 123.")
            return await self.card_in(work, actor, case)

    async def card_in(self, work: UnitOfWork, actor: Actor, case: Case, *, checked: bool = False
                      ) -> CaseCard:
        """The card of a case already loaded; ``checked``: known to be for this person's eyes.

        Raises NotFoundError for who may not see it.
        """
        directory = await work.people.directory()
        if not checked:
            access.require_read(case, actor, directory)
        shown = await reveal(work, case, actor.person, directory)
        beside = await self._beside(work, shown, actor, directory)
        return self.card_of(shown, actor, directory, beside)

    async def _beside(self, work: UnitOfWork, case: Case, actor: Actor, directory: Directory
                      ) -> Beside:
        first = await kindred.first_of(work, case)
        readable = first is not None and actor.person is not None and access.may_read(
            first, actor.person, directory)
        return Beside(first, kindred.first_line(case, first, actor, readable=readable),
                      await kindred.kin_of(work, case, actor.person),
                      self._suggestion(case, first, directory))

    def _suggestion(self, case: Case, first: Case | None, directory: Directory
                    ) -> SuggestionLine | None:
        """What past cases say, where rules of the directory do not (R6)."""
        if self.precedents is None or case.state not in TO_BE_ROUTED or (
                routing.propose(case.message, directory, first) is not None):
            return None
        found = self.precedents.suggest(case.message, directory)
        return SuggestionLine(
            directory.names([found.official_id]), found.official_id,
            directory.names([found.lead_id]), found.certainty, found.cases) if found else None

    async def suggestion(self, actor: Actor, case_id: int) -> Suggestion | None:
        """The same with the people named by their numbers."""
        async with self.office.work() as work:
            act = await self.office.begin(work, actor, CaseRef(case_id))
        known = routing.propose(act.case.message, act.directory, act.first)
        if self.precedents is None or known is not None:
            return None
        return self.precedents.suggest(act.case.message, act.directory)

    def card_of(self, case: Case, actor: Actor, directory: Directory,
                beside: Beside | None = None) -> CaseCard:
        """The card of a case already loaded, for a person who may read it."""
        return make_card(case, actor, directory, self.office.calendar, self.office.clock.now(),
                         mask_contacts=self.mask_contacts, beside=beside or Beside())

    async def proposal(self, actor: Actor, case_id: int) -> routing.Proposal | None:
        """Who is to do it by the directory, or as in the message that this one repeats (R6)."""
        async with self.office.work() as work:
            act = await self.office.begin(work, actor, CaseRef(case_id))
        return routing.propose(act.case.message, act.directory, act.first)

    async def mine(self, person: Person) -> Sequence[CaseLine]:
        """Cases that wait for this person, most urgent first."""
        queues, directory = await self._queues(person)
        return self.lines((case for cases in queues.values() for case in cases), directory)

    async def waiting(self, person: Person) -> Mapping[Queue, int]:
        """How many by what each case waits for; a person's own queues are there even empty."""
        return {queue: len(found) for queue, found in (await self._queues(person))[0].items()}

    async def in_queue(self, person: Person, queue: Queue) -> Sequence[CaseLine]:
        """Those of them that wait for this."""
        queues, directory = await self._queues(person)
        return self.lines(queues.get(queue, ()), directory)

    async def _queues(self, person: Person) -> tuple[Mapping[Queue, Sequence[Case]], Directory]:
        async with self.office.work() as work:
            directory = await work.people.directory()
            cases = [case for hat in person.hats for case in await work.cases.with_person(hat.id)]
            for role, states in _QUEUES.items():
                if role in person.all_offices:
                    cases += await work.cases.in_states(*states)
        unique = {case.id: case for case in cases}
        found: dict[Queue, list[Case]] = {
            queue: [] for role in _QUEUES_OF if role in person.all_offices
            for queue in _QUEUES_OF[role]}
        for case in unique.values():
            if any(_waits_for(case, hat, directory) for hat in person.hats):
                found.setdefault(_QUEUE_OF.get(case.state, Queue.EXECUTE), []).append(case)
        return {queue: found[queue] for queue in Queue if queue in found}, directory

    async def named(self, actor: Actor, number: str) -> Sequence[CaseLine]:
        """The case of exactly that number (ours or the portal's), if this person may see it."""
        async with self.office.work() as work:
            directory = await work.people.directory()
            case = await work.cases.find(number)
        if case is None or actor.person is None or not access.may_read(
                case, actor.person, directory):
            return ()
        return self.lines([case], directory)

    async def at_place(self, person: Person, words: str) -> Sequence[CaseLine]:
        """Cases at a place, by words of it or of its number, newest first; at most fifty."""
        async with self.office.work() as work:
            directory = await work.people.directory()
            cases = await work.cases.at_place(words.split())
        now = self.office.clock.now()
        seen = [case for case in cases if access.may_read(case, person, directory)]
        return tuple(make_line(case, directory, self.office.calendar, now)
                     for case in seen[:MOST_FOUND])

    async def overdue(self, person: Person) -> Sequence[CaseLine]:
        """Overdue cases that this person may see."""
        async with self.office.work() as work:
            directory = await work.people.directory()
        now = self.office.clock.now()
        return tuple(sorted(
            (make_line(case, directory, self.office.calendar, now, duties)
             for case, duties in await self._overdue.cases()
             if access.may_read(case, person, directory)), key=urgency))

    def lines(self, cases: Iterable[Case], directory: Directory) -> tuple[CaseLine, ...]:
        """Cases as lines of a list, most urgent first."""
        now = self.office.clock.now()
        found = [make_line(case, directory, self.office.calendar, now) for case in cases]
        return tuple(sorted(found, key=urgency))

    async def history(self, actor: Actor, case_id: int) -> Sequence[HistoryLine]:
        """What happened, oldest first, each with its clause; what one act did to the case and to
        an executor's part of it is told once."""
        async with self.office.work() as work:
            case = await work.cases.get(case_id)
            access.require_read(case, actor, await work.people.directory())
            entries = await work.journal.of_case(case_id)
        return tuple(dict.fromkeys(HistoryLine(
            entry.fact.at, entry.fact.actor,
            EVENT_LABELS.get(entry.fact.event, OTHER_EVENTS.get(entry.fact.event, "")),
            entry.fact.clause, told(entry.fact.details))
            for entry in entries if entry.fact.event in EVENT_LABELS
            or entry.fact.event in OTHER_EVENTS))

    async def notices(self, actor: Actor, case_id: int) -> Sequence[NoticeLine]:
        """What was told about a case and how far it got; for those who see every case."""
        async with self.office.work() as work:
            case, directory = await work.cases.get(case_id), await work.people.directory()
            access.require_read(case, actor, directory)
            if not access.roles_in(case, actor) & access.WHOLE_OFFICE:
                raise NotFoundError("Извещения видит подразделение «Добродел».")
            rows = await work.outbox.of_case(case_id, tuple(NoticeKind))
        return tuple(NoticeLine(
            row.notice.kind, directory.names([row.notice.person_id or 0]) or row.notice.address,
            row.channel, row.state, row.settled_at, row.opened_at, row.notice.not_before)
            for row in rows)

    async def file(self, actor: Actor, case_id: int, sha256: str) -> tuple[FileRef, bytes]:
        """A file of a case this person may see."""
        async with self.office.work() as work:
            case = await work.cases.get(case_id)
            access.require_read(case, actor, await work.people.directory())
        hidden = () if access.may_read_draft(case, actor) else (
            *draft_files_of(case), *signed_files_of(case))
        for one in files_of(case):
            if one.sha256.startswith(sha256) and one not in hidden:
                return one, await self.office.files.get(one)
        raise NotFoundError("Этого файла в сообщении уже нет. Откройте карточку заново.")

    async def applicant(self, actor: Actor, case_id: int) -> Applicant:
        """The citizen's data, for the desk alone; each read is a fact of the journal (R9)."""
        async with self.office.work() as work:
            case = await work.cases.get(case_id)
            if actor.person is None or not access.may_read_applicant(actor.person):
                raise NotFoundError("Данные заявителя видит только подразделение «Добродел».")
            behalf = access.hat_for(case, actor, access.PERSONAL_DATA)
            await work.journal.append([Fact(
                at=self.office.clock.now(), subject="access", event="read_applicant",
                actor=actor.name, channel=actor.channel.value, source=actor.source,
                case_id=case.id, round=case.round, actor_id=actor.person_id, clause="4.1",
                requirement="R9", details={"for": behalf.short_name} if behalf else {})])
            return await work.cases.applicant(case_id)

    async def limits(self, actor: Actor, case_id: int) -> due.Limits:
        """The last days that a resolution laid now may give."""
        async with self.office.work() as work:
            case = await work.cases.get(case_id)
            access.require_read(case, actor, await work.people.directory())
        return due.limits(case, self.office.clock.now(), self.office.calendar)

    async def loads(self) -> Mapping[int, Load]:
        """How much every executor has in hand now; who has nothing is not there."""
        today = self.office.calendar.local_date(self.office.clock.now())
        async with self.office.work() as work:
            cases = await work.cases.in_states(*AT_WORK)
        parts = [part for case in cases for part in case.parts
                 if part.state not in _OUT_OF_HAND]
        total = Counter(part.holder_id for part in parts)
        late = Counter(part.holder_id for part in parts if part.own_due < today)
        return {one: Load(count, late[one]) for one, count in total.items()}

    async def unclear_mail(self, person: Person) -> Sequence[StoredMail]:
        """Letters that the desk must look at."""
        if not person.all_offices & {Role.DESK, Role.DESK_HEAD}:
            return ()
        async with self.office.work() as work:
            return await work.mailbox.unclear()

    async def awaiting_answer(self, person: Person, mail_id: int) -> Sequence[tuple[Letter, str]]:
        """Letters to which an unclear one may be the answer, each with its addressee's name.

        Those to the writer's own address come first, then to its domain, then the newest.
        """
        if not person.all_offices & {Role.DESK, Role.DESK_HEAD}:
            return ()
        async with self.office.work() as work:
            mail = await work.mailbox.get(mail_id)
            letters = await work.letters.unanswered()
            bodies = (await work.people.directory()).bodies
        writer = mail.sender.casefold()

        def nearness(letter: Letter) -> tuple[bool, bool, int]:
            ours = bodies[letter.addressee_id].email.casefold()
            return (ours != writer, ours.rpartition("@")[2] != writer.rpartition("@")[2],
                    -letter.id)
        return [(one, bodies[one.addressee_id].name) for one in sorted(letters, key=nearness)]

    async def directory(self) -> Directory:
        """The directory, for choosing people and bodies."""
        async with self.office.work() as work:
            return await work.people.directory()


_TOLD = ("reason", "remark", "official", "executors", "body", "from", "to", "number", "verdict",
         "decision", "signer")
def told(details: Mapping[str, str]) -> str:
    """What of a fact's details is for people."""
    found = ((key, details.get(key, "")) for key in _TOLD)
    return "; ".join(words.verdict(text) if key == "verdict" else text
                     for key, text in found if text)


OTHER_EVENTS = {
    HANDED_OVER: "передача дел другому сотруднику", "photo_judged": "сравнение фотографии",
    "keep_photo": "фотография оставлена с объяснением",
    "remove_photo": "фотография убрана", CHANGED: "лист согласования изменён",
    "has_duplicate": "пришло сообщение о том же", MAIL_JOINED: "приобщено письмо",
    "take_photos": "взяты фотографии работ из первого сообщения",
    SIGNATURE_ADDED: "приложен файл подписи", LIGHTER: "фотографии сжаты",
}
_QUEUES = {
    Role.DESK: (State.RECEIVED, State.REGISTERED, State.CHECKING, State.ANSWER_REGISTERED),
    Role.DESK_HEAD: (State.RETURNED_THRICE, State.AT_OPERATOR, State.AT_COMMISSION),
    Role.CHIEF_OF_STAFF: (State.ESCALATED,),
    Role.SIGNATORY: (State.SIGNING,),
}


_QUEUE_OF = {
    State.RECEIVED: Queue.REGISTER, State.REGISTERED: Queue.ROUTE,
    State.ESCALATED: Queue.DECIDE, State.AWAITING_RESOLUTION: Queue.RESOLVE,
    State.APPROVING: Queue.APPROVE, State.SIGNING: Queue.SIGN, State.CHECKING: Queue.CHECK,
    State.ANSWER_REGISTERED: Queue.DISPATCH, State.RETURNED_THRICE: Queue.RETURNED,
    State.AT_OPERATOR: Queue.RETURNED, State.AT_COMMISSION: Queue.RETURNED,
}
"""What a case waits for in a state; in the others, for its executors."""
_QUEUES_OF = {
    Role.DESK: (Queue.REGISTER, Queue.ROUTE, Queue.CHECK, Queue.DISPATCH),
    Role.DESK_HEAD: (Queue.RETURNED,), Role.CHIEF_OF_STAFF: (Queue.DECIDE,),
    Role.OFFICIAL: (Queue.RESOLVE,), Role.SIGNATORY: (Queue.SIGN,),
}
_OUT_OF_HAND = frozenset({
    AssignmentState.DECLINED, AssignmentState.SUBMITTED, AssignmentState.DONE})


def _waits_for(case: Case, person: Person, directory: Directory) -> bool:
    if person.id in access.holder_ids(case, directory):
        return True
    if Role.DESK_HEAD in person.offices and case.state in _QUEUES[Role.DESK_HEAD]:
        return True
    part = case.part_of(person.id)
    return part is not None and part.holder_id == person.id and part.state not in {
        AssignmentState.SUBMITTED, AssignmentState.DONE} and not part.is_lead

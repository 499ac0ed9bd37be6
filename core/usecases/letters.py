"""Letters to organisations outside МСЭД: signed by hand, registered, sent, answered (5¶3-4)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core import access, lifecycle, privacy
from core.case import Case
from core.errors import NotAcceptedError
from core.files import FileRef
from core.journal import Fact
from core.letters import Letter, form_for
from core.notices import Notice, NoticeKind
from core.people import Actor, Channel, Directory, Person
from core.ports import UnitOfWork
from core.regulation.guards import Situation
from core.regulation.lifecycle import LETTER_LIFECYCLE
from core.regulation.terms import BodyKind, Event, LetterForm, Role
from core.usecases.office import Office, address

MAY_GET_LETTERS = frozenset({BodyKind.AUTHORITY, BodyKind.OUTSIDE, BodyKind.SUBORDINATE})
"""Those who do not work in МСЭД (5¶3)."""


AUTHORS = frozenset({Role.LEAD, Role.CO_EXECUTOR, Role.DESK})
OF_OWN_BODY = frozenset({Role.CLERK, Role.CO_EXECUTOR})
"""These act on the letters of their own body only."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The acts on a letter; each in a transaction of its own."""

    office: Office

    async def draft(self, actor: Actor, case_id: int, addressee_id: int, subject: str, text: str
                    ) -> Letter:
        """A new letter of an executor on the form that the addressee calls for (R34)."""
        if not text.strip():
            raise NotAcceptedError("Напишите текст письма.")
        async with self.office.work() as work:
            await work.sources.mark(actor.source, self.office.clock.now())
            directory = await work.people.directory()
            case = await work.cases.get(case_id)
            access.require_read(case, actor, directory)
            addressee = directory.bodies.get(addressee_id)
            if addressee is None or addressee.kind not in MAY_GET_LETTERS:
                raise NotAcceptedError(
                    "Письмо пишут в организацию, не работающую в МСЭД. Выберите её "
                    "из справочника.")
            if actor.person is None or not _roles(case, actor) & AUTHORS:
                raise NotAcceptedError("Письмо готовит исполнитель по этому сообщению.")
            form, now = form_for(addressee.kind), self.office.clock.now()
            letter = await work.letters.add(Letter(
                id=0, version=1, case_id=case.id, case_number=case.number,
                addressee_id=addressee_id, form=form, subject=subject.strip(),
                text=text.strip(), author_id=actor.person.id, body_id=actor.person.body_id,
            ).after(Event.DRAFT_LETTER, LETTER_LIFECYCLE[0].state, now))
            await work.journal.append([self._fact(actor, letter, case, Event.DRAFT_LETTER, "")])
            await work.outbox.put([address(Notice(
                NoticeKind.LETTER_TO_SIGN, f"letter_to_sign:{letter.id}", actor.person.id,
                case_id=case.id, facts={"letter": str(letter.id)}), directory)], now)
        self.office.bell.ring()
        return letter

    async def signed_by_hand(self, actor: Actor, letter_id: int, scan: FileRef) -> Letter:
        """The scan of the signed original is in; the registering side is asked (5¶3-4)."""
        async with self.office.work() as work:
            await work.sources.mark(actor.source, self.office.clock.now())
            letter, case, directory = await self._load(work, actor, letter_id)
            moved = await self._move(work, actor, replace(letter, scan=scan), case,
                                     Event.SIGN_BY_HAND)
            registrars = self._registrars(moved, directory)
            if not registrars:
                raise NotAcceptedError(
                    "В справочнике нет делопроизводителя, который регистрирует письма на бланке "
                    "органа. Попросите администратора назначить его.")
            await work.outbox.put([address(Notice(
                NoticeKind.LETTER_TO_REGISTER, f"letter_to_register:{moved.id}:{one}", one,
                case_id=case.id, facts={"letter": str(moved.id)}), directory)
                for one in registrars], self.office.clock.now())
        self.office.bell.ring()
        return moved

    async def register(self, actor: Actor, letter_id: int) -> Letter:
        """Registered in the right register and sent by e-mail (5¶4, R35)."""
        now = self.office.clock.now()
        async with self.office.work() as work:
            await work.sources.mark(actor.source, now)
            letter, case, directory = await self._load(work, actor, letter_id)
            addressee = directory.bodies[letter.addressee_id]
            if not addressee.email:
                raise NotAcceptedError(
                    f"В справочнике нет электронного адреса: {addressee.name}. Попросите "
                    "администратора дополнить лист «Органы».")
            year = self.office.calendar.local_date(now).year
            series = "А" if letter.form is LetterForm.ADMINISTRATION else f"О{letter.body_id}"
            ordinal = await work.letters.next_number(series, year)
            numbered = replace(letter, number=f"{series}-{ordinal:04d}/{year}",
                               registered_by_id=actor.person_id)
            moved = await self._move(work, actor, numbered, case, Event.REGISTER_LETTER)
            await work.outbox.put([(Notice(
                NoticeKind.LETTER_OUT, f"letter_out:{moved.id}", address=addressee.email,
                case_id=case.id, facts={"letter": str(moved.id), "number": moved.number,
                                        "to": addressee.name}), Channel.EMAIL)], now)
        self.office.bell.ring()
        return moved

    async def happened(self, work: UnitOfWork, actor: Actor, letter_id: int, event: Event,
                       answer: str = "", files: tuple[FileRef, ...] = ()) -> Letter:
        """What the post did: sent, answered, bounced; inside the caller's transaction.

        ``answer`` are the organisation's words, or why the letter did not arrive.
        """
        letter = await work.letters.get(letter_id)
        case = await work.cases.get(letter.case_id)
        directory = await work.people.directory()
        if event is Event.LETTER_ANSWERED:
            letter = _with_answer(letter, answer, files)
        moved = await self._move(work, actor, letter, case, event)
        said = privacy.masked(answer)
        kind = {Event.LETTER_ANSWERED: NoticeKind.LETTER_ANSWERED,
                Event.LETTER_BOUNCED: NoticeKind.LETTER_BOUNCED}.get(event)
        if kind is not None:
            told = {letter.author_id}
            if kind is NoticeKind.LETTER_ANSWERED and case.lead is not None:
                told.add(case.lead.holder_id)
            if kind is NoticeKind.LETTER_BOUNCED:
                told |= {one.id for one in directory.to_tell(Role.DESK)}
            await work.outbox.put([address(Notice(
                kind, f"{kind}:{moved.id}:{actor.source}:{one}", one, case_id=case.id,
                facts={"letter": str(moved.id), "answer": said}), directory)
                for one in sorted(told)], self.office.clock.now())
        return moved

    async def _load(self, work: UnitOfWork, actor: Actor, letter_id: int
                    ) -> tuple[Letter, Case, Directory]:
        letter = await work.letters.get(letter_id)
        case = await work.cases.get(letter.case_id)
        directory = await work.people.directory()
        access.require_read(case, actor, directory)
        return letter, case, directory

    async def _move(self, work: UnitOfWork, actor: Actor, letter: Letter, case: Case,
                    event: Event) -> Letter:
        roles = actor.speaks_for.union(*(
            roles if hat.body_id == letter.body_id else roles - OF_OWN_BODY
            for hat, roles in _by_hat(case, actor)))
        row = lifecycle.choose(LETTER_LIFECYCLE, letter.state, event, roles,
                               Situation(letter_form=letter.form))
        moved = await work.letters.save(letter.after(event, row.to, self.office.clock.now()))
        hat = next((hat for hat, roles in _by_hat(case, actor) if roles & set(row.by)), None)
        behalf = None if hat is None or hat.id == actor.person_id else hat
        await work.journal.append([self._fact(
            actor, moved, case, event, letter.state.value, row.clause, row.requirement, behalf)])
        return moved

    def _registrars(self, letter: Letter, directory: Directory) -> tuple[int, ...]:
        if letter.form is LetterForm.ADMINISTRATION:
            return tuple(one.id for one in directory.to_tell(Role.DESK))
        return directory.told(one.id for one in directory.holding(Role.CLERK)
                              if one.body_id == letter.body_id)

    def _fact(self, actor: Actor, letter: Letter, case: Case, event: Event, before: str,
              clause: str = "5¶3", requirement: str = "R34", behalf: Person | None = None
              ) -> Fact:
        known = {"number": letter.number} if letter.number else {}
        if behalf is not None:
            known["for"] = behalf.short_name
        return Fact(
            at=self.office.clock.now(), subject=f"letter:{letter.id}", event=event.value,
            actor=actor.name, channel=actor.channel.value, source=actor.source,
            case_id=case.id, round=case.round, actor_id=actor.person_id, before=before,
            after=letter.state.value, clause=clause, requirement=requirement,
            details=known)


def _with_answer(letter: Letter, answer: str, files: tuple[FileRef, ...]) -> Letter:
    """A further answer joins the first («зарегистрировано», and later the matter itself)."""
    answers = [one for one in (letter.answer, answer.strip()) if one]
    fresh = tuple(one for one in files if one not in letter.answer_files)
    return replace(letter, answer="\n\n".join(answers),
                   answer_files=(*letter.answer_files, *fresh))


def _roles(case: Case, actor: Actor) -> frozenset[Role]:
    """In the case, and as an executor of whichever live part of it (4.6¶1)."""
    return actor.speaks_for.union(*(roles for _, roles in _by_hat(case, actor)))


def _by_hat(case: Case, actor: Actor) -> Iterator[tuple[Person, frozenset[Role]]]:
    """The roles of the actor and of each whose part the actor does today."""
    person = actor.person
    for hat in person.hats if person is not None and person.active else ():
        part = case.part_of(hat.id)
        yield hat, access.roles_of(case, hat) | ({part.role} if part else set())

"""Dispatch registers: who sent which letters outside МСЭД in a period (5¶4, R35, R36)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.access import WHOLE_OFFICE
from core.documents.values import Dispatch, RegisterDocument, Signatory
from core.errors import MoveNotAllowedError, NotFoundError
from core.letters import Letter
from core.notices import Notice, NoticeKind
from core.people import Channel, Directory, Person
from core.ports import UnitOfWork
from core.regulation.terms import Event, LetterForm, LetterState, Role
from core.usecases.office import Office, address

ADMINISTRATION = 0
"""The desk's register of letters on the administration's form; another number is a body's id."""
DESK_NAME = "Подразделение по работе с порталом «Добродел»"
DESK_CODE = "desk"
BY_EMAIL = "электронная почта"
ROUTINE = "dispatch_register"
_MADE_BY_PROGRAM = Signatory("Ответственный за отправку писем", "")


@dataclass(frozen=True, slots=True)
class Sender:
    """A register: ``id`` is ADMINISTRATION or a body's."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Registers:
    """Reads the registers from the letters' own history."""

    office: Office

    async def senders(self, person: Person) -> tuple[Sender, ...]:
        """The registers that this person may print; a clerk has the own body's alone (R35)."""
        async with self.office.work() as work:
            directory = await work.people.directory()
        return tuple(one for one in every_sender(directory) if may_print(person, one.id))

    async def document(self, person: Person | None, sender_id: int, first: date, last: date
                       ) -> RegisterDocument:
        """The register of a sender from ``first`` to ``last``, both included.

        ``person`` prints it and signs; None is the program itself. Raises MoveNotAllowedError,
        NotFoundError for a sender that is not there.
        """
        if person is not None and not may_print(person, sender_id):
            raise MoveNotAllowedError(
                "Реестр отправки печатают подразделение «Добродел» и делопроизводитель — по "
                "письмам своего органа.")
        async with self.office.work() as work:
            directory = await work.people.directory()
            letters = await self._registered(work, first, last)
        sender = next((one for one in every_sender(directory) if one.id == sender_id), None)
        if sender is None:
            raise NotFoundError("Такого отправителя писем в справочнике нет.")
        return RegisterDocument(
            sender=sender.name, first_day=first, last_day=last,
            rows=tuple(self._row(one, directory) for one in letters
                       if sender_of(one) == sender_id),
            made_by=_signature(person), made_at=self.office.clock.now().astimezone(
                self.office.calendar.zone))

    async def named(self, code: str) -> tuple[Sender, ...]:
        """The sender of a body's code, or of ``desk``; raises NotFoundError with those there are.
        """
        async with self.office.work() as work:
            directory = await work.people.directory()
        codes = {directory.bodies[one.id].code if one.id else DESK_CODE: one
                 for one in every_sender(directory)}
        if code not in codes:
            raise NotFoundError(f"Отправителя «{code}» нет. Есть: {', '.join(codes)}.")
        return (codes[code],)

    async def used(self, first: date, last: date) -> tuple[Sender, ...]:
        """The senders that have letters in the period."""
        async with self.office.work() as work:
            directory = await work.people.directory()
            found = {sender_of(one) for one in await self._registered(work, first, last)}
        return tuple(one for one in every_sender(directory) if one.id in found)

    async def hand_out_if_due(self) -> bool:
        """Last month's registers to those who keep them, once, on the first working day (R36)."""
        now, calendar = self.office.clock.now(), self.office.calendar
        today = calendar.local_date(now)
        if not calendar.is_working(today) or now < calendar.start_of_work(today):
            return False
        last = today.replace(day=1) - timedelta(days=1)
        first, period = last.replace(day=1), f"{last:%Y-%m}"
        async with self.office.work() as work:
            if await work.routines.done(ROUTINE, period):
                return False
            directory = await work.people.directory()
            senders = {sender_of(one) for one in await self._registered(work, first, last)}
            await work.outbox.put(
                [one for sender in sorted(senders)
                 for one in _notices(sender, first, last, directory)], now)
            await work.routines.mark(ROUTINE, period, now)
        self.office.bell.ring()
        return bool(senders)

    async def _registered(self, work: UnitOfWork, first: date, last: date) -> Sequence[Letter]:
        zone = self.office.calendar.zone
        return await work.letters.registered_between(
            datetime.combine(first, time(), zone),
            datetime.combine(last + timedelta(days=1), time(), zone))

    def _row(self, letter: Letter, directory: Directory) -> Dispatch:
        sent = letter.moment_of(Event.SEND_LETTER) or letter.moment_of(Event.REGISTER_LETTER)
        body = directory.bodies.get(letter.addressee_id)
        return Dispatch(
            sent_on=self._day(sent or letter.history[0].at), number=letter.number,
            addressee=body.name if body else "", subject=letter.subject, way=BY_EMAIL,
            result=self._result(letter))

    def _result(self, letter: Letter) -> str:
        """How far it got: queued, sent, delivered or bounced, answered; never mixed up."""
        said = {LetterState.ANSWERED: ("получен ответ", Event.LETTER_ANSWERED),
                LetterState.UNDELIVERED: ("не доставлено", Event.LETTER_BOUNCED)}
        if letter.state in said:
            label, event = said[letter.state]
        elif letter.state is not LetterState.SENT:
            return "ещё не отправлено"
        elif letter.delivered:
            label, event = "доставлено", Event.LETTER_DELIVERED
        else:
            return "отправлено"
        at = letter.moment_of(event)
        return f"{label} {self._day(at):%d.%m.%Y}" if at else label

    def _day(self, at: datetime) -> date:
        return self.office.calendar.local_date(at)


def sender_of(letter: Letter) -> int:
    """In whose register the letter stands: its form decides (5¶4, R35)."""
    return letter.body_id if letter.form is LetterForm.BODY else ADMINISTRATION


def every_sender(directory: Directory) -> tuple[Sender, ...]:
    """The desk, and the bodies that have a clerk."""
    clerks = {one.body_id for one in directory.holding(Role.CLERK)}
    return (Sender(ADMINISTRATION, DESK_NAME),
            *(Sender(body.id, body.name) for body in directory.bodies.values()
              if body.id in clerks))


def may_print(person: Person, sender_id: int) -> bool:
    """The whole office's staff any register, a clerk the own body's."""
    if not person.active:
        return False
    own = any(Role.CLERK in hat.offices and hat.body_id == sender_id for hat in person.hats)
    return own or bool(person.all_offices & WHOLE_OFFICE)


def keepers(sender_id: int, directory: Directory) -> tuple[Person, ...]:
    """Who registers letters there."""
    if sender_id == ADMINISTRATION:
        return directory.to_tell(Role.DESK)
    return tuple(one for one in directory.holding(Role.CLERK) if one.body_id == sender_id)


def _notices(sender_id: int, first: date, last: date, directory: Directory
             ) -> list[tuple[Notice, Channel]]:
    return [address(Notice(
        NoticeKind.DISPATCH_REGISTER, f"dispatch_register:{sender_id}:{first}:{one.id}", one.id,
        facts={"sender": str(sender_id), "first": first.isoformat(), "last": last.isoformat()}),
        directory) for one in keepers(sender_id, directory)]


def _signature(person: Person | None) -> Signatory:
    if person is None:
        return _MADE_BY_PROGRAM
    family, *rest = person.name.split() or [""]
    return Signatory(person.post, f"{''.join(f'{word[0]}.' for word in rest)} {family}".strip())

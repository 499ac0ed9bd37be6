"""Reference data of the bodies: kept current, confirmed once a year (2.1¶2, R4)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core.errors import MoveNotAllowedError, NotAcceptedError, NotFoundError
from core.journal import Fact
from core.notices import Notice, NoticeKind
from core.people import Actor, Body, Directory, Person
from core.regulation.routines import ROUTINES
from core.regulation.terms import BodyKind, Role
from core.usecases.office import Office, address

ROUTINE = next(one for one in ROUTINES if one.code == "reference_data")
YEAR = timedelta(days=365)
OWN = frozenset({BodyKind.DEPARTMENT, BodyKind.SUBORDINATE})
"""These know their own data; of the others the administrator learns from them."""
KEEPERS = (Role.HEAD_OF_BODY, Role.CLERK)
LONGEST = 300


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """What is told to citizens and other bodies: address, telephone, e-mail, working hours."""

    address: str
    phone: str
    email: str
    hours: str


def read(text: str) -> ReferenceData:
    """Four lines, «-» for what there is not; raises NotAcceptedError."""
    lines = [one.strip() for one in text.strip().splitlines() if one.strip()]
    if len(lines) != 4:
        raise NotAcceptedError(
            "Нужны четыре строки: адрес, телефон, почта, режим работы. Чего нет — поставьте «-».")
    if any(len(one) > LONGEST for one in lines):
        raise NotAcceptedError(f"Строка длиннее {LONGEST} знаков. Сократите её.")
    where, phone, email, hours = ("" if one in {"-", "—"} else one for one in lines)
    if email and ("@" not in email or " " in email):
        raise NotAcceptedError(f"Почта «{email}» записана неверно. Пример: ugkh@example.ru")
    return ReferenceData(where, phone, email, hours)


def keeps(person: Person, body: Body) -> bool:
    """Whether this person may confirm and mend the data of that body."""
    return Role.ADMIN in person.offices or any(
        hat.body_id == body.id and hat.offices & set(KEEPERS) for hat in person.hats)


@dataclass(frozen=True, slots=True)
class Reference:
    """The yearly confirmation, and the reminder of it."""

    office: Office
    _asked: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        """The office's date."""
        return self.office.calendar.local_date(self.office.clock.now())

    def stale(self, directory: Directory) -> tuple[Body, ...]:
        """Bodies whose data nobody has confirmed for a year, the longest first."""
        found = [one for one in directory.bodies.values()
                 if one.confirmed_on is None or one.confirmed_on <= self.today - YEAR]
        return tuple(sorted(found, key=lambda one: (one.confirmed_on or date.min, one.name)))

    async def body(self, actor: Actor, body_id: int) -> Body:
        """The data of a body that this person keeps; raises NotFoundError."""
        async with self.office.work() as work:
            return _kept(actor, body_id, await work.people.directory())

    async def confirm(self, actor: Actor, body_id: int, data: ReferenceData | None = None) -> Body:
        """All is right, or is now: confirmed today."""
        now = self.office.clock.now()
        async with self.office.work() as work:
            await work.sources.mark(actor.source, now)
            body = _kept(actor, body_id, await work.people.directory())
            if data is None and body.confirmed_on == self.today:
                raise NotAcceptedError(f"{body.name}: сегодня уже подтверждено.")
            given = data or ReferenceData(body.address, body.phone, body.email, body.hours)
            confirmed = replace(
                body, address=given.address, phone=given.phone, email=given.email,
                hours=given.hours, confirmed_on=self.today)
            await work.people.save_body(confirmed)
            await work.journal.append([Fact(
                at=now, subject="directory", event="confirm_reference", actor=actor.name,
                channel=actor.channel.value, source=actor.source, actor_id=actor.person_id,
                clause=ROUTINE.clause, requirement=ROUTINE.requirement,
                details={"body": body.code, **({"changed": "1"} if data else {})})])
        return confirmed

    async def remind_if_due(self) -> int:
        """Once a month, while something is stale: who keeps it, and the desk head in sum."""
        now, calendar = self.office.clock.now(), self.office.calendar
        if not calendar.is_working(self.today) or now < calendar.start_of_work(self.today):
            return 0
        async with self.office.work() as work:
            directory = await work.people.directory()
            notices = [one for one in self._notices(directory) if one.key not in self._asked]
            await work.outbox.put([address(one, directory) for one in notices], now)
        self._asked.update(one.key for one in notices)
        if notices:
            self.office.bell.ring()
        return len(notices)

    def _notices(self, directory: Directory) -> Iterator[Notice]:
        found = self.stale(directory)
        month = f"{self.today:%Y-%m}"
        for body in found:
            for person in _keepers(body, directory):
                yield Notice(
                    NoticeKind.REFERENCE_DATA, f"reference:{body.id}:{month}:{person.id}",
                    person.id, facts={
                        "body": str(body.id), "name": body.name,
                        "since": f"{body.confirmed_on:%d.%m.%Y}" if body.confirmed_on else ""})
        if found:
            for person in directory.to_tell(*ROUTINE.told_to):
                yield Notice(
                    NoticeKind.REFERENCE_STALE, f"reference:all:{month}:{person.id}", person.id,
                    facts={"count": str(len(found)),
                           "names": ", ".join(one.name for one in found[:5])})


def _keepers(body: Body, directory: Directory) -> tuple[Person, ...]:
    """The head and the clerk of the body itself, else the administrators."""
    own = [one.id for one in directory.holding(*KEEPERS)
           if one.body_id == body.id] if body.kind in OWN else []
    return tuple(directory.people[one] for one in directory.told(own)) or directory.to_tell(
        ROUTINE.prepared_by)


def _kept(actor: Actor, body_id: int, directory: Directory) -> Body:
    body = directory.bodies.get(body_id)
    if body is None:
        raise NotFoundError("Такого органа нет в справочнике.")
    if actor.person is None or not keeps(actor.person, body):
        raise MoveNotAllowedError("Справочные данные подтверждает руководитель или "
                                  "делопроизводитель органа либо администратор.")
    return body

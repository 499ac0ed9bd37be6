"""Who works here: blocking, moving, roles, and who takes over from whoever leaves (R2, R9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.case import Case
from core.errors import AssistantError, MoveNotAllowedError, NotAcceptedError, NotFoundError
from core.journal import Fact
from core.notices import Notice, NoticeKind
from core.people import Actor, Directory, Person
from core.ports import UnitOfWork
from core.regulation.terms import OFFICES, Role
from core.usecases.handover import hand_over, holds, in_rules
from core.usecases.office import Act, Office, address

LEFT = "left_without_hands"


MAY_HAND_OVER = (Role.ADMIN, Role.DESK_HEAD)


def require_office(person: Person | None, *offices: Role) -> None:
    """Refuse whoever holds none of these offices; they are the directory's keepers."""
    if person is None or not person.active or not person.all_offices & set(offices):
        raise MoveNotAllowedError("Справочник ведёт администратор, дела передаёт он или "
                                  "руководитель подразделения «Добродел».")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many cases passed on; those that could not, by number, each with the reason."""

    moved: int
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Staff:
    """The administrator's acts on people; each is a fact of the journal."""

    office: Office

    async def open_work(self, person_id: int) -> int:
        """How many cases wait, or will wait, for this very person."""
        async with self.office.work() as work:
            return len(await _held(work, person_id))

    async def hand_over(self, actor: Actor, from_id: int, to_id: int) -> HandedOver:
        """Everything open of one person, and the places in the rules, to another.

        The administrator does so without seeing the cases; the desk head too, who answers for
        what nobody is left for (6¶1).
        """
        if from_id == to_id:
            raise NotAcceptedError("Выберите другого сотрудника: дела передаются от одного к "
                                   "другому.")
        async with self.office.work() as work:
            directory = await self._begin(work, actor, *MAY_HAND_OVER)
            to = directory.working(to_id)
            person = directory.person(from_id)
            done = await self._cases(work, actor, directory, person, to)
            await work.people.set_rules(*in_rules(directory, from_id, to))
            await self._journal(work, actor, "hand_over_all", person, {
                "to": to.short_name, "count": str(done.moved), "kept": str(len(done.kept))})
        self.office.bell.ring()
        return done

    async def _cases(self, work: UnitOfWork, actor: Actor, directory: Directory, person: Person,
                     to: Person) -> HandedOver:
        kept = []
        held = await _held(work, person.id)
        for case in held:
            act = Act(case, actor, self.office.clock.now(), directory, self.office.calendar,
                      self.office.rules)
            try:
                hand_over(act, person.id, to.id)
            except AssistantError as refusal:
                kept.append((case.number, str(refusal)))
                continue
            await work.cases.save(act.case)
            await work.journal.append(act.facts)
            await work.outbox.put(act.notices, act.at)
        return HandedOver(len(held) - len(kept), tuple(kept))

    async def block(self, actor: Actor, person_id: int, *, blocked: bool = True) -> None:
        """Let a person in no more, whatever the next import says; or let in again.

        The open work stays where it is until it is handed over: the desk head is told of it.
        """
        async with self.office.work() as work:
            directory = await self._begin(work, actor, Role.ADMIN)
            person = directory.person(person_id)
            if person_id == actor.person_id:
                raise NotAcceptedError("Нельзя заблокировать самого себя: попросите другого "
                                       "администратора.")
            if person.blocked == blocked and person.active != blocked:
                raise NotAcceptedError("Это уже сделано: доступ не изменился.")
            await work.people.save_person(replace(person, active=not blocked, blocked=blocked))
            await self._journal(work, actor, "block" if blocked else "unblock", person)
        self.office.bell.ring()
        await self.tell_if_left()

    async def move(self, actor: Actor, person_id: int, body_id: int) -> None:
        """To another body; the open work goes along with the person until it is handed over."""
        async with self.office.work() as work:
            directory = await self._begin(work, actor, Role.ADMIN)
            person, body = directory.person(person_id), directory.bodies.get(body_id)
            if body is None:
                raise NotFoundError("Такого органа нет в справочнике.")
            if person.body_id == body_id:
                raise NotAcceptedError(f"{person.short_name} уже работает здесь: {body.name}.")
            was = directory.body_of(person)
            await work.people.save_person(replace(person, body_id=body_id))
            await self._journal(work, actor, "move", person, {
                "from": was.name if was else "", "to": body.name})

    async def turn_office(self, actor: Actor, person_id: int, office: Role) -> bool:
        """Give a person an office, or take it; returns whether the person has it now."""
        if office not in OFFICES:
            raise NotFoundError("Такой роли нет.")
        async with self.office.work() as work:
            directory = await self._begin(work, actor, Role.ADMIN)
            person = directory.person(person_id)
            offices = person.offices ^ {office}
            if office is Role.ADMIN and not offices & {Role.ADMIN} and len(
                    directory.holding(Role.ADMIN)) < 2:
                raise NotAcceptedError("Это единственный администратор: сначала назначьте "
                                       "другого.")
            await work.people.save_person(replace(person, offices=offices))
            await self._journal(work, actor, "offices", person, {
                "roles": "; ".join(sorted(one.label for one in offices))})
        self.office.bell.ring()
        return office in offices

    async def tell_if_left(self) -> int:
        """Tell the desk head, once a working day, whose open work nobody is left for."""
        now, calendar = self.office.clock.now(), self.office.calendar
        today = calendar.local_date(now)
        if not calendar.is_working(today):
            return 0
        async with self.office.work() as work:
            directory = await work.people.directory()
            gone = [one for one in directory.people.values() if not one.active]
            held = {one.id: len(await _held(work, one.id)) for one in gone}
            notices = [address(Notice(
                NoticeKind.LEFT_WITHOUT_HANDS, f"{LEFT}:{one.id}:{today}:{head.id}", head.id,
                facts={"person": str(one.id), "who": one.short_name,
                       "count": str(held[one.id])}), directory)
                for one in gone if held[one.id] for head in directory.to_tell(Role.DESK_HEAD)]
            await work.outbox.put(notices, now)
        if notices:
            self.office.bell.ring()
        return len(notices)

    async def _begin(self, work: UnitOfWork, actor: Actor, *offices: Role) -> Directory:
        """The directory, for who may change it; each update acts once."""
        require_office(actor.person, *offices)
        await work.sources.mark(actor.source, self.office.clock.now())
        return await work.people.directory()

    async def _journal(self, work: UnitOfWork, actor: Actor, event: str, person: Person,
                       details: Mapping[str, str] | None = None) -> None:
        await work.journal.append([Fact(
            at=self.office.clock.now(), subject="directory", event=event, actor=actor.name,
            channel=actor.channel.value, source=actor.source, actor_id=actor.person_id,
            clause="4.1", requirement="R9",
            details={"person": person.code, **(details or {})})])


async def _held(work: UnitOfWork, person_id: int) -> Sequence[Case]:
    return [case for case in await work.cases.with_person(person_id) if holds(case, person_id)]

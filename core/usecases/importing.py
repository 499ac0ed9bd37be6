"""The directory from a workbook: what it would change, said before it changes (R2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.addresses import Address, Addresses
from core.directory_table import ADDRESSES, APPROVALS, BODIES, PEOPLE, ROUTES, Plan
from core.errors import NotAcceptedError
from core.journal import Fact
from core.people import Actor, Body, Directory, Person
from core.regulation.terms import Role
from core.usecases.office import Office
from core.usecases.staff import Staff, require_office


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import would do, by names; ``unchanged`` people are only counted."""

    new_people: tuple[str, ...] = ()
    changed_people: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    new_bodies: tuple[str, ...] = ()
    unchanged: int = 0
    routes: int = 0
    approvals: int = 0
    addresses: int | None = None
    """None: those that are known stay."""


def compare(plan: Plan, directory: Directory) -> Changes:
    """The plan against the directory as it is; people are told apart by their codes."""
    known = {one.code: one for one in directory.people.values()}
    codes = {body.id: body.code for body in plan.bodies}
    there = {body.code for body in directory.bodies.values()}
    planned = {person.code: person for person in plan.people}
    same = [one for one in plan.people if one.code in known and _same(
        one, known[one.code], codes[one.body_id], directory)]
    return Changes(
        new_people=tuple(one.short_name for one in plan.people if one.code not in known),
        changed_people=tuple(one.short_name for one in plan.people
                             if one.code in known and one not in same),
        leaving=tuple(one.short_name for one in known.values()
                      if one.active and one.code not in planned),
        new_bodies=tuple(body.name for body in plan.bodies if body.code not in there),
        unchanged=len(same), routes=len(plan.routes), approvals=len(plan.approvals),
        addresses=None if plan.addresses is None else len(plan.addresses))


def _same(planned: Person, known: Person, body_code: str, directory: Directory) -> bool:
    body = directory.bodies.get(known.body_id)
    return (planned.name, planned.post, planned.email, planned.offices, body_code) == (
        known.name, known.post, known.email, known.offices, body.code if body else "") and (
        known.active or known.blocked)


def sheets_of(directory: Directory, addresses: Addresses
              ) -> Mapping[str, list[tuple[str, ...]]]:
    """The directory as the rows of the workbook that ``read`` takes; whoever left stays out."""
    bodies = directory.bodies
    active = [one for one in directory.people.values() if one.active or one.blocked]
    there = {one.id for one in active}

    def codes(*ids: int | None) -> str:
        return ", ".join(directory.people[one].code for one in ids if one in there and one)

    return {
        BODIES: [_body_row(one) for one in bodies.values()],
        PEOPLE: [(one.code, one.name, one.post, bodies[one.body_id].code,
                  ", ".join(sorted(role.label for role in one.offices)), one.email)
                 for one in active],
        ROUTES: [(one.topic, one.territory, codes(one.official_id), codes(one.lead_id),
                      codes(*one.co_executor_ids), codes(one.signatory_id))
                     for one in directory.routes
                     if {one.official_id, one.lead_id} <= there],
        APPROVALS: [(one.category, codes(*one.approver_ids)) for one in directory.approvals],
        ADDRESSES: [_address_row(one) for one in addresses.listed],
    }


def _body_row(one: Body) -> tuple[str, ...]:
    return (one.code, one.name, one.kind.label, one.address, one.phone, one.email, one.hours)


def _address_row(one: Address) -> tuple[str, ...]:
    return (one.settlement, one.street, one.house, str(one.latitude), str(one.longitude))


@dataclass(frozen=True, slots=True)
class Importing:
    """The administrator's import, from the bot."""

    office: Office

    async def preview(self, actor: Actor, plan: Plan) -> Changes:
        """What would change; refuses a workbook that would shut the administrator out."""
        require_office(actor.person, Role.ADMIN)
        async with self.office.work() as work:
            directory = await work.people.directory()
        _keeps(actor, plan)
        return compare(plan, directory)

    async def run(self, actor: Actor, plan: Plan) -> Changes:
        """Replace the directory by the plan, whole or not at all; the journal keeps the change."""
        require_office(actor.person, Role.ADMIN)
        _keeps(actor, plan)
        now = self.office.clock.now()
        async with self.office.work() as work:
            await work.sources.mark(actor.source, now)
            changes = compare(plan, await work.people.directory())
            await work.people.import_all(plan.bodies, plan.people, plan.routes, plan.approvals,
                                         plan.addresses)
            await work.journal.append([Fact(
                at=now, subject="directory", event="import", actor=actor.name,
                channel=actor.channel.value, source=actor.source, actor_id=actor.person_id,
                clause="2.1¶2 справочные данные", requirement="R2", details={
                    "new": str(len(changes.new_people)), "left": ", ".join(changes.leaving)})])
        self.office.bell.ring()
        await Staff(self.office).tell_if_left()
        return changes


def _keeps(actor: Actor, plan: Plan) -> None:
    code = actor.person.code if actor.person else ""
    if not any(one.code == code and Role.ADMIN in one.offices for one in plan.people):
        raise NotAcceptedError(
            f"В файле нет вас (код «{code}») с ролью «администратор»: после загрузки вы не смогли "
            "бы вести справочник. Добавьте строку и пришлите файл ещё раз.")

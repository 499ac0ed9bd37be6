"""Who is who in a case, and who may see what: decided here and nowhere else; the default is no."""

from collections.abc import Collection
from dataclasses import replace
from zlib import crc32

from core import lifecycle
from core.assignment import Assignment
from core.case import Case
from core.draft import Draft
from core.errors import NotFoundError
from core.people import Actor, Directory, Person
from core.regulation.lifecycle import ASSIGNMENT_LIFECYCLE, AT_WORK, HOLDER, LIFECYCLE
from core.regulation.terms import AssignmentState, Event, Role, State

WHOLE_OFFICE = frozenset({
    Role.DESK, Role.DESK_HEAD, Role.CHIEF_OF_STAFF, Role.HEAD_OF_DISTRICT})
"""These see every case; everybody else only the cases they have a part in (4.1)."""

_FREE_OFFICES = frozenset({
    Role.DESK, Role.DESK_HEAD, Role.CHIEF_OF_STAFF, Role.HEAD_OF_DISTRICT, Role.CLERK,
    Role.HEAD_OF_BODY, Role.ADMIN})
_KEEP_CARD = frozenset({Event.DELIVER, Event.ADD_PHOTO})
"""Events of a part that its holder's card outlives: its own delivery, and each photo sent."""
_READS_DRAFT = frozenset({
    Role.LEAD, Role.OFFICIAL, Role.APPROVER, Role.SIGNATORY, *WHOLE_OFFICE, Role.SYSTEM})
_READS_BODYS_DRAFT = frozenset({Role.HEAD_OF_BODY, Role.CLERK})
"""These see a case of their body; not where they have a part of their own in it."""
PERSONAL_DATA = frozenset({Role.DESK, Role.DESK_HEAD})
"""Who reads the citizen's name and contacts (4.1)."""
MAY_BE_DECLINED = frozenset(
    row.state for row in ASSIGNMENT_LIFECYCLE if row.event is Event.DECLINE)
DECLINED_FROM = frozenset(row.state for row in LIFECYCLE if row.event is Event.DECLINE)
"""Where a part, and where the whole case, may be given back as not ours (4.4¶2)."""
_FINISHED = frozenset({AssignmentState.SUBMITTED, AssignmentState.DONE})


def roles_in(case: Case, actor: Actor) -> frozenset[Role]:
    """The roles in which ``actor`` may act on the case itself, a substitute's among them."""
    person = actor.person
    if person is None or not person.active:
        return actor.speaks_for
    return actor.speaks_for.union(*(roles_of(case, hat) for hat in person.hats))


def roles_of(case: Case, person: Person) -> frozenset[Role]:
    """The roles of one hat alone: of this very person."""
    roles = set(person.offices & _FREE_OFFICES)
    if Role.OFFICIAL in person.offices and case.official_id == person.id:
        roles.add(Role.OFFICIAL)
    if Role.SIGNATORY in person.offices and case.signatory_id in {None, person.id}:
        roles.add(Role.SIGNATORY)
    lead = case.lead
    if lead is not None and person.id in lead.people:
        roles.add(Role.LEAD)
    if case.sheet is not None and any(
            step.approver_id == person.id for step in case.sheet.steps):
        roles.add(Role.APPROVER)
    return frozenset(roles)


def roles_in_part(case: Case, key: int, actor: Actor) -> frozenset[Role]:
    """The roles in which ``actor`` may act on one executor's part."""
    person = actor.person
    if person is None or not person.active:
        return actor.speaks_for
    return actor.speaks_for.union(*(part_roles_of(case, key, hat) for hat in person.hats))


def part_roles_of(case: Case, key: int, person: Person) -> frozenset[Role]:
    """The roles of one hat alone in one executor's part."""
    part = case.part(key)
    roles = set(person.offices & {Role.DESK_HEAD})
    if person.id in part.people:
        roles.add(part.role)
    lead = case.lead
    if lead is not None and person.id in lead.people and not part.is_lead:
        roles.add(Role.LEAD)
    return frozenset(roles)


def part_of(case: Case, person: Person | None) -> Assignment | None:
    """The live part that this person has a hand in: the own one first, then a substitute's.

    One that is finished gives way to another that is not.
    """
    found = [part for hat in (person.hats if person else ())
             if (part := case.part_of(hat.id)) is not None]
    open_ones = [part for part in found if part.state not in _FINISHED]
    return next(iter((*open_ones, *found)), None)


def hat_in(part: Assignment, person: Person | None) -> Person | None:
    """For whom this person works on the part: None where it is his own."""
    if person is None or person.id in part.people:
        return None
    return next((hat for hat in person.stands_for if hat.id in part.people), None)


def may_read(case: Case, person: Person, directory: Directory) -> bool:
    """Whether this person may see the case: by office, or by a part in it (4.1)."""
    return person.active and any(_may_read(case, hat, directory) for hat in person.hats)


def _may_read(case: Case, person: Person, directory: Directory) -> bool:
    if person.offices & WHOLE_OFFICE:
        return True
    if _signs_for_anyone(case) and Role.SIGNATORY in person.offices:
        return True
    involved = {case.official_id, case.signatory_id} - {None}
    for part in (*case.parts, *(part for past in case.past for part in past.parts)):
        involved |= part.people
    if case.sheet is not None:
        involved |= {step.approver_id for step in case.sheet.steps}
    if person.id in involved:
        return True
    if Role.HEAD_OF_BODY not in person.offices and Role.CLERK not in person.offices:
        return False
    executors = {one for part in case.parts for one in part.people}
    return any(one in directory.people and directory.people[one].body_id == person.body_id
               for one in executors)


def _signs_for_anyone(case: Case) -> bool:
    return case.state is State.SIGNING and case.signatory_id is None


def hat_for(case: Case, actor: Actor, roles: Collection[Role], key: int | None = None
            ) -> Person | None:
    """For whom the actor does what these roles may: None where it is in his own right."""
    person = actor.person
    if person is None or not person.stands_for:
        return None
    for hat in person.hats:
        held = roles_of(case, hat) if key is None else part_roles_of(case, key, hat)
        if held & set(roles):
            return None if hat is person else hat
    return None


def version_seen_by(case: Case, person: Person | None) -> Draft | None:
    """The newest earlier version of the draft that this person has seen, in whatever hat."""
    found = [seen for hat in (person.hats if person else ())
             if (seen := case.version_seen_by(hat.id)) is not None]
    return max(found, key=lambda draft: draft.version, default=None)


def require_read(case: Case, actor: Actor, directory: Directory) -> None:
    """Refuse as if there were no such case: a stranger learns nothing (4.1)."""
    if actor.person is None:
        if actor.speaks_for:
            return
    elif may_read(case, actor.person, directory):
        return
    raise NotFoundError("Такого сообщения нет среди доступных вам.")


def may_read_draft(case: Case, actor: Actor) -> bool:
    """Whether this actor may see the draft of the answer and its files.

    The lead, the approvers, the signatory, the official and the desk; a co-executor, even one
    who declined, sees only the own part (4.6¶1).
    """
    if roles_in(case, actor) & _READS_DRAFT:
        return True
    parts = (*case.parts, *(part for past in case.past for part in past.parts))
    return any(roles_of(case, hat) & _READS_BODYS_DRAFT and not any(
        hat.id in part.people for part in parts)
        for hat in (actor.person.hats if actor.person and actor.person.active else ()))


def may_read_applicant(person: Person) -> bool:
    """The citizen's name and contacts are for the desk alone (4.1, R9)."""
    return person.active and bool(person.all_offices & PERSONAL_DATA)


def offered(case: Case, actor: Actor, *, may_decline: bool) -> tuple[Event, ...]:
    """What this actor may do with the case now: the buttons of the card.

    A resolution is offered before its executors are named: naming them is the act itself.
    """
    now = case.situation(may_decline=may_decline)
    if case.state is State.AWAITING_RESOLUTION:
        now = replace(now, leads_named=1)
    events = list(lifecycle.offered(LIFECYCLE, case.state, roles_in(case, actor), now))
    if case.sheet is not None and Role.APPROVER in roles_in(case, actor):
        current = case.sheet.current
        if current is None or current.approver_id not in actor.hat_ids:
            events = [one for one in events if one not in {Event.APPROVE, Event.REMARK}]
    part = part_of(case, actor.person)
    if part is not None and case.state in AT_WORK:
        roles = frozenset({part.role})
        events += [one for one in lifecycle.offered(ASSIGNMENT_LIFECYCLE, part.state, roles, now)
                   if one is not Event.DECLINE or not part.is_lead]
    return tuple(dict.fromkeys(events))


def card_stamp(case: Case, person: Person | None) -> str:
    """A short mark of what a card depends on; a card with another mark is stale.

    A photo judged or a colleague's report does not make it stale; a move of the case, of the
    person's own part, of the draft or of the approval list does.
    """
    part = part_of(case, person)
    own = (part.key, [one.event for one in part.history if one.event not in _KEEP_CARD]
           ) if part else ()
    facts = (case.round, case.state, [one.event for one in case.history], own, case.official_id)
    return f"{crc32(repr(facts).encode()):08x}"


def submitted_parts(case: Case) -> tuple[int, ...]:
    """The keys of the co-executors' parts that wait for the lead's word (4.6¶1)."""
    if case.state not in AT_WORK:
        return ()
    return tuple(part.key for part in case.parts if part.state is AssignmentState.SUBMITTED)


def accepted_parts(case: Case) -> tuple[int, ...]:
    """The keys of those whose materials the lead has accepted and may still return (4.6¶1)."""
    if case.state not in AT_WORK:
        return ()
    return tuple(part.key for part in case.parts if part.state is AssignmentState.DONE)


def late_returns(case: Case) -> tuple[int, ...]:
    """The keys of the parts that the desk head may allow to decline after the day (4.4¶2).

    The lead gives the whole case back, which the lifecycle knows only from ASSIGNED.
    """
    return tuple(
        part.key for part in case.parts
        if not part.late_decline_allowed and part.state in MAY_BE_DECLINED
        and case.state in (AT_WORK if not part.is_lead else DECLINED_FROM))


def signatory_ids(case: Case, directory: Directory) -> tuple[int, ...]:
    """Who is to sign: the one named at routing, else everyone authorised to (4.6¶11)."""
    if case.signatory_id is not None:
        return (case.signatory_id,)
    return tuple(one.id for one in directory.holding(Role.SIGNATORY))


def holder_ids(case: Case, directory: Directory) -> tuple[int, ...]:
    """The named people who have the ball: shown on cards, in reminders and in the digest."""
    from_case = {
        State.AWAITING_RESOLUTION: (case.official_id,),
        State.SIGNING: signatory_ids(case, directory),
        State.APPROVING: (
            case.sheet.current.approver_id if case.sheet and case.sheet.current else None,),
    }.get(case.state)
    if case.state in AT_WORK and case.lead is not None:
        from_case = (case.lead.holder_id,)
    if from_case is not None:
        return tuple(one for one in from_case if one is not None)
    from_office = HOLDER.get(case.state)
    return tuple(one.id for one in directory.holding(from_office)) if from_office else ()

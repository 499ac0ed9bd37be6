"""One person's open work in a case: what it is, and how it passes to another (4.5, 4.6¶9).

Needed where somebody leaves, is blocked or moves: a case must never wait for a person who is not
there, an approver whose turn it is least of all.
"""

from dataclasses import replace

from core.approval import ApprovalStep
from core.assignment import Assignment, Delegation
from core.case import Case
from core.errors import NotAcceptedError
from core.notices import NoticeKind
from core.people import ApprovalRule, Directory, Person, Route
from core.regulation.lifecycle import AT_WORK, FINAL
from core.regulation.terms import AssignmentState, BodyKind, Role, State
from core.usecases.office import Act

_OUT_OF_HAND = frozenset({AssignmentState.DONE, AssignmentState.DECLINED})
_BEFORE_SIGNATURE = frozenset(State) - FINAL - {
    State.CHECKING, State.ANSWER_REGISTERED, State.DISPATCHED, State.PUBLISHED}


def holds(case: Case, person_id: int) -> bool:
    """Whether the case waits, or will wait, for this very person."""
    return bool(
        _resolves(case, person_id) or _parts(case, person_id) or _steps(case, person_id)
        or _signs(case, person_id))


def _resolves(case: Case, person_id: int) -> bool:
    return case.official_id == person_id and case.state is State.AWAITING_RESOLUTION


def _signs(case: Case, person_id: int) -> bool:
    return case.signatory_id == person_id and case.state in _BEFORE_SIGNATURE


def _parts(case: Case, person_id: int) -> tuple[Assignment, ...]:
    if case.state in FINAL:
        return ()
    return tuple(part for part in case.parts
                 if part.holder_id == person_id and part.state not in _OUT_OF_HAND)


def _steps(case: Case, person_id: int) -> tuple[ApprovalStep, ...]:
    if case.sheet is None or case.state is not State.APPROVING:
        return ()
    return tuple(step for step in case.sheet.steps
                 if step.approver_id == person_id and step.decision is None)


def hand_over(act: Act, from_id: int, to_id: int) -> None:
    """Everything of ``from_id`` in the case becomes ``to_id``'s, who is told what it is.

    The chain stays visible: the part keeps its first executor, the journal both names. Raises
    NotAcceptedError where the other may not do that part; nothing is handed over by half.
    """
    to = act.directory.working(to_id)
    if not holds(act.case, from_id):
        return
    names = {"from": act.directory.names([from_id]), "to": to.short_name}
    _check(act.case, from_id, to, act.directory)
    _resolution(act, from_id, to)
    _executors(act, from_id, to)
    _approval(act, from_id, to)
    act.facts.append(act.fact("case", HANDED_OVER, before=act.case.state.value,
                              after=act.case.state.value, clause="4.5", requirement="R14",
                              details=names))


HANDED_OVER = "hand_over"


def _check(case: Case, from_id: int, to: Person, directory: Directory) -> None:
    if _resolves(case, from_id) and Role.OFFICIAL not in to.offices:
        raise NotAcceptedError(f"{to.short_name} не накладывает резолюции.")
    if _signs(case, from_id) and Role.SIGNATORY not in to.offices:
        raise NotAcceptedError(f"{to.short_name} не подписывает ответы.")
    if _parts(case, from_id) and not directory.may_execute(to):
        raise NotAcceptedError(
            f"{to.short_name}: исполнителем может быть только сотрудник органа администрации или "
            "подведомственной организации (п. 4.2, 4.3).")
    if _parts(case, from_id) and case.part_of(to.id) is not None:
        raise NotAcceptedError(f"{to.short_name} уже исполняет другую часть.")
    steps = _steps(case, from_id)
    if steps and case.sheet is not None and any(
            step.approver_id == to.id for step in case.sheet.steps):
        raise NotAcceptedError(f"{to.short_name} уже есть в листе согласования.")
    if any(step.state_body for step in steps) and not _of_state(to, directory):
        raise NotAcceptedError(
            f"{to.short_name} не сотрудник ЦИОГВ, а согласование ЦИОГВ обязательно (п. 4.6).")


def _of_state(person: Person, directory: Directory) -> bool:
    body = directory.body_of(person)
    return body is not None and body.kind is BodyKind.STATE


def _resolution(act: Act, from_id: int, to: Person) -> None:
    case = act.case
    if case.official_id == from_id and Role.OFFICIAL in to.offices:
        act.case = replace(act.case, official_id=to.id)
    if _resolves(case, from_id):
        act.tell(NoticeKind.TO_RESOLVE, [to.id])
    if _signs(case, from_id):
        act.case = replace(act.case, signatory_id=to.id)
    if _signs(case, from_id) and case.state is State.SIGNING:
        act.tell(NoticeKind.TO_SIGN, [to.id])


def _executors(act: Act, from_id: int, to: Person) -> None:
    by = act.actor.person_id or from_id
    for part in _parts(act.case, from_id):
        link = Delegation(to.id, by, act.at, part.own_due)
        act.case = act.case.with_part(replace(part, chain=(*part.chain, link)))
        if act.case.state in AT_WORK:
            act.tell(NoticeKind.ASSIGNMENT, [to.id], about=f"{part.key}:{len(part.chain) + 1}",
                     facts={"part": str(part.key), "from": act.directory.names([from_id])})


def _approval(act: Act, from_id: int, to: Person) -> None:
    sheet = act.case.sheet
    act.case = replace(act.case, approvers=tuple(dict.fromkeys(
        to.id if one == from_id else one for one in act.case.approvers)))
    steps = _steps(act.case, from_id)
    if sheet is None or not steps:
        return
    turn = sheet.current in steps
    act.case = replace(act.case, sheet=replace(sheet, steps=tuple(
        replace(step, approver_id=to.id) if step in steps else step for step in sheet.steps)))
    if turn:
        act.tell(NoticeKind.TO_APPROVE, [to.id])


def in_rules(directory: Directory, from_id: int, to: Person
             ) -> tuple[tuple[Route, ...], tuple[ApprovalRule, ...]]:
    """The routing table and the approval lists with the one in the other's place.

    A place that the other may not take stays: the proposal passes over who has left, and the
    administrator sees it by the next import.
    """
    def swap(one: int) -> int:
        return to.id if one == from_id else one

    official = Role.OFFICIAL in to.offices
    signs = Role.SIGNATORY in to.offices
    routes = tuple(replace(
        one, official_id=swap(one.official_id) if official else one.official_id,
        lead_id=swap(one.lead_id),
        co_executor_ids=tuple(dict.fromkeys(map(swap, one.co_executor_ids))),
        signatory_id=swap(one.signatory_id) if one.signatory_id and signs else one.signatory_id)
        for one in directory.routes)
    left = directory.people.get(from_id)
    may_approve = left is None or not _of_state(left, directory) or _of_state(to, directory)
    approvals = tuple(replace(one, approver_ids=tuple(dict.fromkeys(map(swap, one.approver_ids))))
                      if may_approve else one for one in directory.approvals)
    return routes, approvals

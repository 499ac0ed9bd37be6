"""Who will approve the draft: made from the directory, changed by the lead before it goes on.

The order is strict and the ЦИОГВ come last (4.6¶9, ¶11), whatever the lead does with the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core import access
from core.approval import ApprovalStep, in_order
from core.case import Case
from core.errors import MoveNotAllowedError, NotAcceptedError, NotFoundError
from core.people import Actor, Directory, Person, by_name
from core.regulation.lifecycle import AT_WORK
from core.regulation.terms import BodyKind, Role
from core.usecases.office import Act, CaseRef, Office

CHANGED = "approval_list"
"""How the journal names a change of the list."""
CLAUSE = "4.6¶9"
ONE_BY_ONE = (
    "Согласование идёт последовательно: проект ответа получает каждый по очереди, ЦИОГВ — "
    "последними (п. 4.6, абз. 9 и 11 Регламента). Направить всем сразу нельзя; порядок внутри "
    "листа можно изменить.")
STATE_LAST = ("Сотрудники ЦИОГВ согласуют последними, после них ответ сам поступает на подпись "
              "(п. 4.6, абз. 11 Регламента).")
MAY_APPROVE = frozenset({Role.HEAD_OF_BODY, Role.OFFICIAL, Role.CHIEF_OF_STAFF})


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of the list before it starts; ``fixed``: it may not be taken off (why)."""

    person: Person
    state_body: bool
    first: bool
    fixed: str = ""


def by_category(case: Case, directory: Directory) -> tuple[int, ...]:
    """Whom the directory names for the category of the message (4.6¶9)."""
    category = case.message.category.strip().casefold()
    rules = {rule.category.strip().casefold(): rule.approver_ids for rule in directory.approvals}
    return rules.get(category) or rules.get("") or ()


def planned(case: Case, directory: Directory) -> tuple[ApprovalStep, ...]:
    """Who will be asked, in order: the lead's list, else the directory's."""
    return in_order(case.approvers or by_category(case, directory), directory)


def candidates(case: Case, directory: Directory) -> tuple[Person, ...]:
    """Whom the lead may add: heads, officials, staff of ЦИОГВ and whoever the directory names."""
    there = {step.approver_id for step in planned(case, directory)}
    named = {one for rule in directory.approvals for one in rule.approver_ids}
    return tuple(
        one for one in directory.people.values()
        if one.active and one.id not in there and not _is_lead(case, one.id)
        and (one.offices & MAY_APPROVE or one.id in named or _of_state(one, directory)))


def add(act: Act, person_id: int) -> None:
    """One more approver: before the ЦИОГВ, or at the end where a ЦИОГВ's own."""
    person = act.directory.working(person_id)
    if _is_lead(act.case, person_id):
        raise NotAcceptedError("Ответственный исполнитель не согласует собственный ответ.")
    ids = _ids(act)
    if person_id in ids:
        raise NotAcceptedError(f"{person.short_name}: уже в листе согласования.")
    _change(act, [*ids, person_id])


def remove(act: Act, person_id: int) -> None:
    """One approver less, where the regulation leaves the choice (4.6¶9, ¶10)."""
    ids = _ids(act)
    if person_id not in ids:
        raise NotFoundError("Этого сотрудника уже нет в листе согласования.")
    why_not = _fixed(act.case, person_id, act.directory)
    if why_not:
        raise NotAcceptedError(why_not)
    _change(act, [one for one in ids if one != person_id])


def move_up(act: Act, person_id: int) -> None:
    """One place earlier among one's own kind."""
    steps = planned(act.case, act.directory)
    place = next((number for number, step in enumerate(steps)
                  if step.approver_id == person_id), None)
    if place is None:
        raise NotFoundError("Этого сотрудника уже нет в листе согласования.")
    if place == 0:
        raise NotAcceptedError("Выше некуда: этот сотрудник согласует первым.")
    if steps[place].state_body and not steps[place - 1].state_body:
        raise NotAcceptedError(STATE_LAST)
    ids = _ids(act)
    ids[place - 1], ids[place] = ids[place], ids[place - 1]
    _change(act, ids)


def choose(act: Act, names: str) -> None:
    """The whole list by names, as a letter gives it: «Иванова А.П., Петров С.С.»."""
    wanted = [one.strip(" .;") for one in names.replace("\n", ",").replace(";", ",").split(",")]
    there = [act.directory.people[step.approver_id] for step in planned(act.case, act.directory)
             if step.approver_id in act.directory.people]
    known = (*there, *candidates(act.case, act.directory))
    chosen = [_named(one, known).id for one in wanted if one]
    for one in there:
        why_not = _fixed(act.case, one.id, act.directory, left=chosen)
        if one.id not in chosen and why_not:
            raise NotAcceptedError(why_not)
    if not chosen:
        raise NotAcceptedError("Перечислите согласующих через запятую: фамилия и инициалы.")
    _change(act, chosen)


def as_in_directory(act: Act) -> None:
    """Back to the list of the directory."""
    _change(act, by_category(act.case, act.directory), own=False)


def refuse_parallel(act: Act) -> None:
    """Asking everybody at once is against the regulation (4.6¶9); always raises."""
    _still_before_start(act)
    raise NotAcceptedError(ONE_BY_ONE)


@dataclass(frozen=True, slots=True)
class ApprovalLists:
    """The list as the lead sees it."""

    office: Office

    async def plan(self, actor: Actor, ref: CaseRef) -> tuple[PlanLine, ...]:
        """The lines in order; raises NotFoundError, StaleCardError, MoveNotAllowedError."""
        case, directory = await self._look(actor, ref)
        lines: list[PlanLine] = []
        for step in planned(case, directory):
            person = directory.people.get(step.approver_id)
            if person is not None:
                first = not lines or lines[-1].state_body is not step.state_body
                lines.append(PlanLine(person, step.state_body, first,
                                      _fixed(case, person.id, directory)))
        return tuple(lines)

    async def candidates(self, actor: Actor, ref: CaseRef) -> tuple[Person, ...]:
        """Whom the lead may add; raises as :meth:`plan`."""
        return candidates(*await self._look(actor, ref))

    async def _look(self, actor: Actor, ref: CaseRef) -> tuple[Case, Directory]:
        async with self.office.work() as work:
            act = await self.office.begin(work, actor, ref)
        _still_before_start(act)
        return act.case, act.directory


def _still_before_start(act: Act) -> None:
    if Role.LEAD not in access.roles_in(act.case, act.actor):
        raise MoveNotAllowedError("Лист согласования составляет ответственный исполнитель "
                                  "(п. 4.6, абз. 9 Регламента).")
    if act.case.state not in AT_WORK:
        raise MoveNotAllowedError(
            f"Сейчас состояние «{act.case.state.label}»: согласование уже идёт или прошло, лист "
            "больше не меняется.")
    if not act.case.needs_approval:
        raise MoveNotAllowedError("Категория «Иное» направляется на подпись без согласования "
                                  "(п. 4.6, абз. 9 Регламента).")


def _ids(act: Act) -> list[int]:
    return [step.approver_id for step in planned(act.case, act.directory)]


def _change(act: Act, ids: Sequence[int], *, own: bool = True) -> None:
    _still_before_start(act)
    ordered = tuple(step.approver_id for step in in_order(ids, act.directory))
    act.case = replace(act.case, approvers=ordered if own else ())
    act.facts.append(act.fact(
        "case", CHANGED, role=Role.LEAD.value, clause=CLAUSE, requirement="R29",
        details={"to": act.directory.names(ordered)}))


def _fixed(case: Case, person_id: int, directory: Directory,
           left: Sequence[int] | None = None) -> str:
    """Why that person may not be taken off, else empty; ``left`` are those who would remain."""
    if not directory.is_working(person_id):
        return ""
    sheets = (*case.sheets, *((case.sheet,) if case.sheet else ()))
    if any(sheet.remarked and sheet.remarked.approver_id == person_id for sheet in sheets):
        return (f"{directory.names([person_id])}: после замечания проект направляется повторно "
                "тому, кто его сделал (п. 4.6, абз. 10 Регламента).")
    steps = planned(case, directory)
    mine = next((step.state_body for step in steps if step.approver_id == person_id), None)
    kept = in_order(left if left is not None else [
        step.approver_id for step in steps if step.approver_id != person_id], directory)
    if mine is None or any(step.state_body is mine for step in kept):
        return ""
    whom = "сотрудник ЦИОГВ" if mine else "руководитель органа администрации"
    return (f"В листе должен остаться хотя бы один {whom}: ответ согласуют и ЦИОГВ, и "
            "руководители органов (п. 4.6, абз. 9 Регламента).")


def _is_lead(case: Case, person_id: int) -> bool:
    return case.lead is not None and case.lead.holder_id == person_id


def _of_state(person: Person, directory: Directory) -> bool:
    body = directory.body_of(person)
    return body is not None and body.kind is BodyKind.STATE


def _named(name: str, known: Sequence[Person]) -> Person:
    """The one person of that family name, and initials where they are given."""
    found = by_name(name, known)
    if len(found) == 1:
        return found[0]
    if found:
        raise NotAcceptedError(f"«{name}»: таких несколько, укажите инициалы.")
    raise NotAcceptedError(
        f"«{name}»: нет среди тех, кто может согласовать. Укажите фамилию и инициалы, как в "
        "справочнике.")

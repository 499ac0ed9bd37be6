"""The official's resolution: who does what by when (4.2, 4.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core import due
from core.assignment import Assignment, Milestone
from core.due import Limits
from core.errors import NotAcceptedError
from core.notices import NoticeKind
from core.regulation.terms import Event, Role
from core.reports.facts import led_by
from core.usecases import routing
from core.usecases.office import Act


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a resolution: the executor, what is to be done, by when (None: the latest)."""

    executor_id: int
    scope: str = ""
    due_on: date | None = None


def as_proposed(act: Act) -> None:
    """The resolution as the routing table proposes it, in one tap (R10)."""
    proposal = routing.propose(act.case.message, act.directory, act.first)
    if proposal is None:
        raise NotAcceptedError(
            "В справочнике нет правила для этой темы. Нажмите «Изменить» и назначьте "
            "исполнителя сами.")
    everyone = (proposal.lead_id, *proposal.co_executor_ids)
    impose(act, [Task(one) for one in everyone])


def impose(act: Act, tasks: Sequence[Task]) -> None:
    """Lay the resolution: the first named is the lead, the others give him materials."""
    if not tasks:
        raise NotAcceptedError("Укажите ответственного исполнителя.")
    if len({task.executor_id for task in tasks}) != len(tasks):
        raise NotAcceptedError("Один исполнитель указан дважды. Уберите повтор.")
    limits = due.limits(act.case, act.at, act.calendar).under(tasks[0].due_on)
    parts = tuple(_part(act, key, task, limits) for key, task in enumerate(tasks))
    act.case = replace(act.case, parts=parts, drafts=(), sheet=None, given_back="")
    names = act.directory.names(part.executor_id for part in parts)
    act.move(Event.IMPOSE_RESOLUTION, {"executors": names, **led_by(
        (one.executor_id, act.directory.person(one.executor_id).body_id, one.due_on)
        for one in parts)})
    for part in parts:
        act.tell(NoticeKind.ASSIGNMENT, [part.executor_id], about=str(part.key),
                 facts={"part": str(part.key)})


def _part(act: Act, key: int, task: Task, limits: Limits) -> Assignment:
    latest = limits.lead if key == 0 else limits.co_executor
    due_on = task.due_on or latest
    person = act.directory.working(task.executor_id)
    if not act.directory.may_execute(person):
        raise NotAcceptedError(
            f"{person.short_name}: исполнителем назначают сотрудника органа администрации или "
            "подведомственной организации (п. 4.2, 4.3). Выберите другого исполнителя, а этой "
            "организации направьте письмо.")
    if due_on > latest:
        raise NotAcceptedError(
            f"Срок для {person.short_name} не может быть позже {latest:%d.%m.%Y} "
            f"(п. 4.6 Регламента: {_why(act, key, limits)}).")
    if due_on < act.today:
        raise NotAcceptedError(f"Срок для {person.short_name} уже прошёл. Укажите другую дату.")
    return Assignment(
        key=key, executor_id=task.executor_id, role=Role.LEAD if key == 0 else Role.CO_EXECUTOR,
        due_on=due_on, given_at=act.at, scope=task.scope,
        history=(Milestone(Event.IMPOSE_RESOLUTION, act.at),))


def _why(act: Act, key: int, limits: Limits) -> str:
    if key == 0:
        return "шесть рабочих дней"
    own = due.limits(act.case, act.at, act.calendar).co_executor
    return ("четыре рабочих дня" if limits.co_executor == own
            else "материал нужен не позже срока ответственного исполнителя")


def hand_back(act: Act, reason: str) -> None:
    """Not within this official's powers: back to the desk (4.4¶2)."""
    if not reason.strip():
        raise NotAcceptedError("Напишите, почему сообщение возвращается.")
    act.move(Event.HAND_BACK, {"reason": reason})
    act.case = replace(act.case, official_id=None, given_back=f"{act.name}: {reason.strip()}")
    act.tell_office(NoticeKind.HANDED_BACK, Role.DESK, Role.DESK_HEAD, facts={"reason": reason})

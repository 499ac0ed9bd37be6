"""DEADLINES: what must happen, counted from what, within how long, and who answers for it."""

from dataclasses import dataclass
from enum import StrEnum

from core.regulation.limits import APPROVAL_WORKING_DAYS, INTERIM_DAYS, MISROUTE_WORKING_DAYS
from core.regulation.terms import Event, Role


class Counting(StrEnum):
    """How the time runs."""

    WORKING_DAYS = "working_days"
    """Working days; day 1 is the first working day after the start (Civil Code, art. 191)."""
    SAME_DAY = "same_day"
    """The working day itself; after 18:00 or on a day off, the first hours of the next (3¶1)."""
    CALENDAR_DAYS = "calendar_days"
    """Calendar days from the start."""
    PROMISED = "promised"
    """The exact date given in the interim answer (4.6¶5)."""


class Scope(StrEnum):
    """Whose clock it is: the case's, each executor's own, or that of the approver in turn."""

    CASE = "case"
    ASSIGNMENT = "assignment"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One row. ``binding`` is false for a right that lapses (nobody is late with it).

    An event of ``reopened_by`` undoes what met the deadline last, and it must be met again: by
    the same moment, or, where ``counted_anew``, within the same time from that event.
    """

    code: str
    label: str
    counted_from: Event
    met_by: tuple[Event, ...]
    counting: Counting
    days: int
    whose: Role
    clause: str
    requirement: str
    scope: Scope = Scope.CASE
    binding: bool = True
    reopened_by: tuple[Event, ...] = ()
    counted_anew: bool = False


DEADLINES: tuple[Deadline, ...] = (
    Deadline("registration", "регистрация сообщения", Event.RECEIVE,
             (Event.REGISTER, Event.REFER_TO_OPERATOR, Event.REFER_TO_COMMISSION),
             Counting.SAME_DAY, 0, Role.DESK, "3¶1", "R5"),
    Deadline("resolution", "резолюция должностного лица", Event.REGISTER,
             (Event.IMPOSE_RESOLUTION, Event.REDIRECT), Counting.WORKING_DAYS, 1,
             Role.OFFICIAL, "4.2", "R10", reopened_by=(Event.DECLINE, Event.HAND_BACK),
             counted_anew=True),
    Deadline("delivery", "поступление исполнителям", Event.REGISTER,
             (Event.DELIVER, Event.ACCEPT, Event.REDIRECT), Counting.WORKING_DAYS, 2, Role.DESK,
             "4.4¶1", "R12"),
    Deadline("misroute_return", "возврат не относящегося к полномочиям", Event.DELIVER,
             (Event.DECLINE,), Counting.WORKING_DAYS, MISROUTE_WORKING_DAYS, Role.LEAD,
             "4.4¶2", "R13", Scope.ASSIGNMENT, binding=False),
    Deadline("coexecutor", "материал соисполнителя", Event.IMPOSE_RESOLUTION,
             (Event.SUBMIT_MATERIALS, Event.DECLINE), Counting.WORKING_DAYS, 4,
             Role.CO_EXECUTOR, "4.6¶2 срок", "R18", Scope.ASSIGNMENT,
             reopened_by=(Event.RETURN_MATERIALS,)),
    Deadline("draft", "проект ответа", Event.REGISTER, (Event.SUBMIT_DRAFT, Event.REDIRECT),
             Counting.WORKING_DAYS, 6, Role.LEAD, "4.6¶3", "R19"),
    Deadline("approval", "согласование проекта ответа", Event.SUBMIT_DRAFT,
             (Event.APPROVE, Event.REMARK), Counting.WORKING_DAYS, APPROVAL_WORKING_DAYS,
             Role.APPROVER, "4.6¶9", "R29", Scope.APPROVAL, reopened_by=(Event.APPROVE,),
             counted_anew=True),
    Deadline("answer", "ответ на сообщение", Event.REGISTER, (Event.DISPATCH, Event.REDIRECT),
             Counting.WORKING_DAYS, 8, Role.LEAD, "3¶3", "R8", reopened_by=(Event.REFUSE,)),
    Deadline("deferred", "исполнение, обещанное в промежуточном ответе", Event.PUBLISH,
             (Event.DISPATCH,), Counting.PROMISED, INTERIM_DAYS, Role.LEAD, "4.6¶5", "R21",
             reopened_by=(Event.REFUSE,)),
    Deadline("interim_limit", "крайняя дата исполнения по промежуточному ответу",
             Event.REGISTER, (Event.PUBLISH, Event.REDIRECT), Counting.CALENDAR_DAYS,
             INTERIM_DAYS, Role.LEAD, "4.6¶5", "R21", binding=False),
)

BY_CODE: dict[str, Deadline] = {row.code: row for row in DEADLINES}

"""Who owes a deadline, by name: shown in reminders, lists and the digest (6¶1)."""

from core import access
from core.case import Case
from core.due import Due
from core.people import Directory
from core.regulation.deadlines import Scope
from core.regulation.terms import Role


def debtors(case: Case, one: Due, directory: Directory) -> tuple[int, ...]:
    """The part's holder for an executor's own deadline; else who has the ball, and the lead."""
    if one.row.scope is Scope.ASSIGNMENT and one.part is not None:
        return (case.part(one.part).holder_id,)
    holders = access.holder_ids(case, directory)
    if one.row.whose is Role.LEAD and case.lead is not None:
        return tuple(dict.fromkeys((*holders, case.lead.holder_id)))
    return holders

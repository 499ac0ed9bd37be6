"""Who owes a deadline, by name: shown in reminders, lists and the digest (6¶1)."""

from core import access
from core.case import Case
from core.due import Due
from core.people import Directory
from core.regulation.deadlines import Scope
from core.regulation.lifecycle import AT_WORK
from core.regulation.terms import Role

ABOVE = (Role.DESK_HEAD,)
"""Who is told where nobody else is left (6¶1)."""


def debtors(case: Case, one: Due, directory: Directory) -> tuple[int, ...]:
    """The part's holder for an executor's own deadline; else who has the ball, and the lead.

    Where all of them have left, the desk head, who must find somebody else.
    """
    owing = tuple(dict.fromkeys(_owing(case, one, directory)))
    here = tuple(person_id for person_id in owing if directory.is_working(person_id))
    return here or tuple(head.id for head in directory.holding(*ABOVE))


def _owing(case: Case, one: Due, directory: Directory) -> tuple[int, ...]:
    if one.row.scope is Scope.ASSIGNMENT and one.part is not None:
        return (case.part(one.part).holder_id,)
    if one.row.whose is Role.DESK and case.state in AT_WORK:
        # an assignment that reached nobody (4.4¶1): its executor cannot know of it
        return tuple(person.id for person in directory.holding(Role.DESK))
    holders = access.holder_ids(case, directory)
    if one.row.whose is Role.LEAD and case.lead is not None:
        return (*holders, case.lead.holder_id)
    return holders

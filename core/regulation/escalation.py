"""ESCALATION: who above the debtor is told of a deadline, and when (6¶1)."""

from dataclasses import dataclass

from core.regulation.terms import Role


@dataclass(frozen=True, slots=True)
class Rung:
    """A superior is told once when so many working days are left; negative: overdue by so many.

    ``superior`` is HEAD_OF_BODY (of the debtor's own body), OFFICIAL (who imposed the resolution)
    or an office of the whole administration.
    """

    superior: Role
    left: int
    clause: str
    requirement: str = "R39"


ESCALATION: tuple[Rung, ...] = (
    Rung(Role.HEAD_OF_BODY, 0, "4.5"),
    Rung(Role.OFFICIAL, -1, "6¶1"),
    Rung(Role.DESK_HEAD, -1, "6¶1"),
    Rung(Role.CHIEF_OF_STAFF, -3, "6¶3"),
)
"""The usual ladder; an office may set other days (ESCALATION_MARKS)."""

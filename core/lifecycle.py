"""The interpreter of the lifecycle tables: finds the one row, or says why there is none."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from core.errors import MoveNotAllowedError
from core.regulation.guards import Situation
from core.regulation.lifecycle import Move
from core.regulation.terms import Event, Role, Term

S = TypeVar("S", bound=Term)


def choose(
    table: Sequence[Move[S]], state: S, event: Event, roles: Collection[Role], now: Situation
) -> Move[S]:
    """The row for ``event`` in ``state`` by one of ``roles``.

    Raises MoveNotAllowedError with the reason in Russian: no such move in this state, another
    role's act, or the condition that does not hold.
    """
    rows = [row for row in table if row.state is state and row.event is event]
    if not rows:
        raise MoveNotAllowedError(
            f"Сейчас состояние «{state.label}»: действие «{event.label}» не предусмотрено.")
    mine = [row for row in rows if set(row.by) & set(roles)]
    if not mine:
        who = sorted({role.label for row in rows for role in row.by})
        raise MoveNotAllowedError(
            f"Действие «{event.label}» в состоянии «{state.label}» выполняет: {', '.join(who)}.")
    for row in mine:
        if row.provided.holds(now):
            return row
    reasons = "; ".join(row.provided.label for row in mine)
    raise MoveNotAllowedError(f"Действие «{event.label}» возможно, если {reasons}.")


def offered(
    table: Sequence[Move[S]], state: S, roles: Collection[Role], now: Situation
) -> tuple[Event, ...]:
    """The events that ``roles`` may cause in ``state`` now, in the order of the table."""
    found = [
        row.event for row in table
        if row.state is state and set(row.by) & set(roles) and row.provided.holds(now)
    ]
    return tuple(dict.fromkeys(found))

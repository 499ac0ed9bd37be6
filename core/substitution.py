"""Who does whose part while somebody is away: decided here, for access, duties and notices alike.

A substitute gets exactly the part of the absent person: for each of the two the rights are
computed apart (``Person.hats``) and joined, so a registrar who stands in for an official lays
resolutions in that official's cases and in no other. Running the program is not handed on.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from core.errors import NotAcceptedError
from core.people import Absence, Directory, Person
from core.regulation.terms import Role

NOT_LENT = frozenset({Role.ADMIN})
"""The administrator's rights are given by another administrator, not by going on leave."""
LONGEST = timedelta(days=366)
"""A maternity leave is a change of the directory, not an absence."""


def on_day(directory: Directory, day: date) -> Directory:
    """The directory as it is on that day: who is away, and who does whose part."""
    away = _away(directory.absences, day)
    acting = {person_id: deputy for person_id in away
              if (deputy := _deputy(person_id, away, directory)) is not None}
    people = dict(directory.people)
    for deputy_id in set(acting.values()):
        lent = tuple(_lent(directory.people[one]) for one, by in acting.items()
                     if by == deputy_id and directory.is_working(one))
        people[deputy_id] = replace(people[deputy_id], stands_for=lent)
    return replace(directory, people=people, acting=acting)


def _away(absences: Iterable[Absence], day: date) -> dict[int, int]:
    """Person -> substitute, of those away on that day; the absence noted last holds."""
    return {one.person_id: one.substitute_id for one in absences if one.first <= day <= one.last}


def _deputy(person_id: int, away: dict[int, int], directory: Directory) -> int | None:
    """The first in the chain of substitutes who is at work; None where the chain ends in nobody.

    Nobody: a circle, or somebody who has left. Then the absent person is told as usual, and the
    superiors hear of it by the usual ladder (6¶1).
    """
    seen, current = {person_id}, away[person_id]
    while current in away and current not in seen:
        seen.add(current)
        current = away[current]
    return current if current not in seen and directory.is_working(current) else None


def _lent(person: Person) -> Person:
    return replace(person, offices=person.offices - NOT_LENT, stands_for=())


def accept(absence: Absence, directory: Directory, today: date) -> None:
    """Refuse an absence that cannot be: past, endless, by oneself, or round in a circle."""
    person = directory.working(absence.person_id)
    substitute = directory.working(absence.substitute_id)
    if substitute.id == person.id:
        raise NotAcceptedError("Нельзя замещать самого себя. Выберите другого сотрудника.")
    _accept_days(absence, today)
    for one in directory.absences:
        if one.person_id == person.id and _overlap(one, absence):
            raise NotAcceptedError(
                f"На эти дни отсутствие уже отмечено: {one.first:%d.%m.%Y} — "
                f"{one.last:%d.%m.%Y}. Сначала отмените его.")
    with_it = replace(directory, absences=(*directory.absences, absence))
    for day in _first_days(with_it.absences, absence):
        if _deputy(person.id, _away(with_it.absences, day), directory) is None:
            raise NotAcceptedError(
                f"{substitute.short_name} {day:%d.%m.%Y} сам отсутствует, а замещать его некому. "
                "Выберите другого сотрудника.")


def _accept_days(absence: Absence, today: date) -> None:
    if absence.last < absence.first:
        raise NotAcceptedError("Последний день раньше первого. Укажите даты ещё раз.")
    if absence.last < today:
        raise NotAcceptedError("Эти дни уже прошли. Укажите другие даты.")
    if absence.last - absence.first > LONGEST:
        raise NotAcceptedError(
            "Отсутствие дольше года: попросите администратора передать дела другому сотруднику.")


def _overlap(one: Absence, other: Absence) -> bool:
    return one.first <= other.last and other.first <= one.last


def _first_days(absences: Iterable[Absence], within: Absence) -> tuple[date, ...]:
    """The days of an absence on which somebody's absence begins: nothing changes between."""
    return tuple(sorted({within.first, *(
        one.first for one in absences if within.first <= one.first <= within.last)}))

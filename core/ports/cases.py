"""Where the cases, the letters outside and the facts about them are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.case import Case, CitizenMessage
from core.inbound import Applicant
from core.journal import Checked, Entry, Fact, Passage
from core.letters import Letter
from core.regulation.terms import State


class Cases(Protocol):
    """Whole cases. ``save`` compares the version: a case that moved on raises StaleCardError."""

    async def get(self, case_id: int) -> Case:
        """The case; raises NotFoundError."""
        ...

    async def find(self, number: str) -> Case | None:
        """As a person names it: our number, its digits alone, or the portal's number."""
        ...

    async def find_written(self, number: str) -> Case | None:
        """As an export names it: our number in full, or the portal's (the newest of that).

        Its digits alone say nothing here: the portal may number a message 12, which is not our
        twelfth.
        """
        ...

    async def add_all(self, messages: Sequence[tuple[CitizenMessage, Applicant]], at: datetime
                      ) -> Sequence[Case]:
        """A new case of each, in order, with the next numbers of its year, «ЕКЖ-2026-000123».

        The year is that of ``at`` by its own clock: the office's, where its zone comes with it.
        Many cost little more than one.
        """
        ...

    async def are_new(self, numbers: Sequence[str]) -> Sequence[bool]:
        """Of each number: whether ``find_written`` knows no case of it, and will know none when
        each of those before it has become one."""
        ...

    async def save(self, case: Case) -> Case:
        """Write the case over the version it was read at; returns it with the next version."""
        ...

    async def open_cases(self) -> Sequence[Case]:
        """Every case that is neither final nor resting (published), for the control scan."""
        ...

    async def open_versions(self) -> Mapping[int, int]:
        """Id and version of each of the same cases, oldest first; cheap, no case is read."""
        ...

    async def several(self, case_ids: Sequence[int]) -> Sequence[Case]:
        """Those of these cases that are there, oldest first."""
        ...

    async def with_person(self, person_id: int) -> Sequence[Case]:
        """Open cases, none of those at rest, in which the person has a part (official, executor,
        approver, signatory)."""
        ...

    async def in_states(self, *states: State) -> Sequence[Case]:
        """Open cases in these states, oldest first."""
        ...

    async def beside(self, case: Case, since: datetime, limit: int) -> Sequence[Case]:
        """Cases as old as this one or older, whose place holds the rarest word of its place: those
        at work, and of the others those received since then. Oldest first, the newest ``limit``.
        """
        ...

    async def latest_places(self, limit: int) -> Sequence[str]:
        """Where the newest so many cases are about, as many times as they are."""
        ...

    async def at_place(self, words: Sequence[str], limit: int = 200) -> Sequence[Case]:
        """Cases whose place holds all these words (letters' case ignored), newest first."""
        ...

    async def applicant(self, case_id: int) -> Applicant:
        """The citizen's name and contacts; kept apart from the case (4.1)."""
        ...


class Letters(Protocol):
    """Letters outside МСЭД. ``save`` compares the version as ``Cases.save`` does."""

    async def add(self, letter: Letter) -> Letter:
        """Keep a new letter (its ``id`` is given here)."""
        ...

    async def get(self, letter_id: int) -> Letter:
        """The letter; raises NotFoundError."""
        ...

    async def save(self, letter: Letter) -> Letter:
        """Write over the version it was read at."""
        ...

    async def of_case(self, case_id: int) -> Sequence[Letter]:
        """All letters of a case, oldest first."""
        ...

    async def registered_between(self, start: datetime, end: datetime) -> Sequence[Letter]:
        """Letters registered in the period: the dispatch register (5¶4)."""
        ...

    async def unanswered(self) -> Sequence[Letter]:
        """Letters that were sent and have no answer yet, of cases at work, oldest first."""
        ...

    async def next_number(self, series: str, year: int) -> int:
        """The next number of a register, from 1 each year, without gaps."""
        ...


class Journal(Protocol):
    """The journal of facts: appended to, never changed; each entry chained to the one before."""

    async def append(self, facts: Sequence[Fact]) -> None:
        """Add facts in order."""
        ...

    async def of_case(self, case_id: int) -> Sequence[Entry]:
        """The history of one case, oldest first."""
        ...

    async def count(self, event: str, start: datetime, end: datetime) -> int:
        """How many facts of that event lie in [start, end)."""
        ...

    async def latest_cases(self, event: str, limit: int) -> Sequence[int]:
        """The cases of the last ``limit`` facts of that event, each once."""
        ...

    async def passages(self, case_ids: Sequence[int]) -> Sequence[Passage]:
        """Every change of state of these cases, in order."""
        ...

    async def first_break(self) -> int | None:
        """The id of the first entry whose chain does not hold, or None."""
        ...

    async def check(self, so_far: Checked, limit: int) -> Checked:
        """Follow the chain over that many entries more; entries never change, so the next step
        may be another transaction's."""
        ...

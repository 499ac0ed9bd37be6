"""What is remembered of the answers of all cases."""

from collections.abc import Sequence
from typing import Protocol


class AnswerMarks(Protocol):
    """Marks of texts and files of answers, to notice one that is given twice (R24)."""

    async def add(self, case_id: int, marks: Sequence[str]) -> None:
        """Remember; a mark that is remembered already is passed over in silence."""
        ...

    async def cases_with(self, marks: Sequence[str], limit: int) -> Sequence[int]:
        """Ids of the cases with any of these marks, most marks in common first."""
        ...

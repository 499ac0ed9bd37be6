"""What is remembered of every answer, to notice one that is given to another message too."""

from collections import Counter
from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.queryset import QuerySet

from storage.records import AnswerMarkRecord


class AnswerMarkRepository:
    """Implements ``core.ports.AnswerMarks``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    def _rows(self) -> QuerySet[AnswerMarkRecord]:
        return AnswerMarkRecord.all().using_db(self._client)

    async def add(self, case_id: int, marks: Sequence[str]) -> None:
        """Remember; a mark that is remembered already is passed over in silence."""
        rows = self._rows().filter(case_id=case_id, mark__in=list(marks))
        known = {str(one) for one in await rows.values_list("mark", flat=True)}
        await AnswerMarkRecord.bulk_create(
            [AnswerMarkRecord(case_id=case_id, mark=one)
             for one in dict.fromkeys(marks) if one not in known],
            using_db=self._client)

    async def cases_with(self, marks: Sequence[str], limit: int) -> Sequence[int]:
        """Ids of the cases with any of these marks, most marks in common first."""
        found = await self._rows().filter(mark__in=list(marks)).values_list("case_id", flat=True)
        counted = Counter(int(str(one)) for one in found)
        return [case_id for case_id, _ in counted.most_common(limit)]

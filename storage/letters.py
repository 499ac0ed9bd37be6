"""Letters to organisations outside МСЭД."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from core.errors import NotFoundError, StaleCardError
from core.letters import Letter
from core.regulation.terms import Event, LetterState
from storage import counters, documents
from storage.cases import OPEN
from storage.fields import utc
from storage.records import CaseRecord, LetterRecord


def columns(letter: Letter) -> dict[str, object]:
    """What is kept beside the document."""
    registered_at = letter.moment_of(Event.REGISTER_LETTER)
    return {
        "case_id": letter.case_id,
        "version": letter.version,
        "state": letter.state.value,
        "number": documents.clean(letter.number),
        "registered_at": registered_at and utc(registered_at),
        "document": documents.write(letter),
    }


class LetterRepository:
    """Implements ``core.ports.Letters``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    def _rows(self) -> QuerySet[LetterRecord]:
        return LetterRecord.all().using_db(self._client)

    async def add(self, letter: Letter) -> Letter:
        """Keep a new letter (its ``id`` is given here; the version becomes 1)."""
        record = LetterRecord(**columns(replace(letter, version=1)))
        await record.save(using_db=self._client)
        record.document = documents.write(replace(letter, id=record.id, version=1))
        await record.save(using_db=self._client, update_fields=["document"])
        return documents.read(record.document, Letter)

    async def get(self, letter_id: int) -> Letter:
        """The letter; raises NotFoundError."""
        letters = await self._read(self._rows().filter(id=letter_id))
        if not letters:
            raise NotFoundError("Такого письма нет.")
        return letters[0]

    async def save(self, letter: Letter) -> Letter:
        """Write over the version it was read at; raises StaleCardError."""
        following = columns(replace(letter, version=letter.version + 1))
        changed = await self._rows().filter(
            id=letter.id, version=letter.version).update(**following)
        if not changed:
            await self.get(letter.id)
            raise StaleCardError("С письмом уже что-то сделано: откройте его заново.")
        return documents.read(str(following["document"]), Letter)

    async def of_case(self, case_id: int) -> Sequence[Letter]:
        """All letters of a case, oldest first."""
        return await self._read(self._rows().filter(case_id=case_id).order_by("id"))

    async def registered_between(self, start: datetime, end: datetime) -> Sequence[Letter]:
        """Letters registered from ``start`` on and before ``end``, in order of registration."""
        return await self._read(self._rows().filter(
            registered_at__gte=utc(start), registered_at__lt=utc(end),
        ).order_by("registered_at", "id"))

    async def unanswered(self) -> Sequence[Letter]:
        """Letters that were sent and have no answer yet, of cases at work, oldest first.

        Most organisations never answer: the letters of years are found by way of the open cases.
        """
        at_work = CaseRecord.filter(final=False, state__in=OPEN).using_db(self._client)
        return await self._read(self._rows().filter(
            state=LetterState.SENT.value, case_id__in=Subquery(at_work.values("id"))
        ).order_by("id"))

    async def next_number(self, series: str, year: int) -> int:
        """The next number of a register, from 1 each year, without gaps."""
        return await counters.advance(self._client, f"letters:{series}", year)

    async def _read(self, rows: QuerySet[LetterRecord]) -> list[Letter]:
        return [documents.read(str(text), Letter)
                for text in await rows.values_list("document", flat=True)]

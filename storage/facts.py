"""The journal read for reports: by event and moment, through the index made for that."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from core.regulation.lifecycle import FINAL, LIFECYCLE, RESTING
from core.regulation.terms import Event
from core.reports.facts import MESSAGES, NOTHING, TELLING, FactRow, place_of
from storage.cases import OPEN
from storage.fields import utc

AT_ONCE = 500
"""Cases asked for in one query."""
EMPTY = "{}"
COLUMNS = "id, at, case_id, event, subject, after, actor_id, details"
DONE = tuple(one.value for one in (*FINAL, *RESTING))

TURNS = (Event.RECEIVE.value, *sorted({
    row.event.value for row in LIFECYCLE
    if (row.state.value in DONE) is not (row.to.value in DONE)}))
"""By these alone a case comes to be open or ceases to be."""


class FactRepository:
    """Implements ``core.ports.Facts``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client
        self._sqlite = client.capabilities.dialect == "sqlite"

    async def between(self, events: Collection[str], start: datetime, end: datetime
                      ) -> Sequence[FactRow]:
        """Facts of [start, end), in order."""
        return await self._rows(
            f"event IN ({self._marks(len(events), 2)}) AND at >= {self._mark(0)} "
            f"AND at < {self._mark(1)} ORDER BY at, id", [utc(start), utc(end), *events])

    async def before(self, events: Collection[str], case_ids: Collection[int], end: datetime
                     ) -> Sequence[FactRow]:
        """Facts of these cases before ``end``, those of one case in order."""
        found: list[FactRow] = []
        listed, wanted = sorted(case_ids), frozenset(events)
        for first in range(0, len(listed), AT_ONCE):
            part = listed[first:first + AT_ONCE]
            found += await self._rows(
                f"case_id IN ({self._marks(len(part), 1)}) AND at < {self._mark(0)} "
                "ORDER BY at, id", [utc(end), *part], wanted)
        return found

    async def open_now(self) -> Collection[int]:
        """By the index of states."""
        rows = await self._ask(
            f"SELECT id FROM cases WHERE final = {'0' if self._sqlite else 'false'} "
            f"AND state IN ({self._marks(len(OPEN), 0)})", list(OPEN))
        return {row["id"] for row in rows}

    async def turned(self, start: datetime, end: datetime | None = None) -> Mapping[int, bool]:
        """The first turn of each comes last and stands."""
        bounds = [utc(start), *([utc(end)] if end else [])]
        rows = await self._ask(
            "SELECT case_id, before FROM journal WHERE event IN "
            f"({self._marks(len(TURNS), len(bounds))}) AND at >= {self._mark(0)} "
            f"{f'AND at < {self._mark(1)} ' if end else ''}AND subject = 'case' "
            "ORDER BY id DESC", [*bounds, *TURNS])
        return {case_id: bool(before) and before not in DONE for case_id, before in rows}

    async def first_at(self) -> datetime | None:
        """When the first message came."""
        rows = await self._ask(
            f"SELECT at FROM journal WHERE event = {self._mark(0)} ORDER BY at LIMIT 1",
            [Event.RECEIVE.value])
        if not rows:
            return None
        return _from_text(rows[0]["at"]) if self._sqlite else _as_it_is(rows[0]["at"])

    async def numbers(self, case_ids: Collection[int]) -> Mapping[int, str]:
        """The numbers of these cases."""
        return {case_id: row["number"]
                for case_id, row in (await self._cases(case_ids, "number")).items()}

    async def _rows(self, condition: str, values: list[Any],
                    events: frozenset[str] | None = None) -> list[FactRow]:
        rows = await self._ask(
            f"SELECT {COLUMNS} FROM journal WHERE case_id IS NOT NULL AND {condition}", values)
        moment = _from_text if self._sqlite else _as_it_is
        found = [FactRow(number, moment(at), case_id, event, subject, after, actor_id,
                         NOTHING if text == EMPTY or event not in TELLING
                         else _DETAILS.decode(text))
                 for number, at, case_id, event, subject, after, actor_id, text in rows
                 if events is None or event in events]
        return await self._completed(found)

    async def _completed(self, rows: list[FactRow]) -> list[FactRow]:
        """Facts from before the details were kept: the topic as the case has it now."""
        bare = {row.case_id for row in rows if row.event in MESSAGES and not row.details}
        if not bare:
            return rows
        cases = await self._cases(bare, "topic, category, place_folded")
        said = {case_id: {"topic": row["topic"], "category": row["category"],
                          "place": place_of(row["place_folded"])}
                for case_id, row in cases.items()}
        return [msgspec.structs.replace(row, details=said.get(row.case_id, NOTHING))
                if row.event in MESSAGES and not row.details else row for row in rows]

    async def _cases(self, case_ids: Iterable[int], columns: str) -> dict[int, Any]:
        listed, found = sorted(set(case_ids)), {}
        for first in range(0, len(listed), AT_ONCE):
            part = listed[first:first + AT_ONCE]
            for row in await self._ask(
                    f"SELECT id, {columns} FROM cases WHERE id IN ({self._marks(len(part), 0)})",
                    list(part)):
                found[row["id"]] = row
        return found

    async def _ask(self, query: str, values: list[Any]) -> Sequence[Any]:
        """Every value is a parameter; the query itself is made of this file's words alone."""
        _, rows = await self._client.execute_query(query, values)
        return rows

    def _mark(self, place: int) -> str:
        """The placeholder of the value at that place; SQLite too takes numbered ones."""
        return f"?{place + 1}" if self._sqlite else f"${place + 1}"

    def _marks(self, count: int, after: int) -> str:
        return ", ".join(self._mark(after + place) for place in range(count))


_DETAILS = msgspec.json.Decoder(dict[str, str])
_from_text: Callable[[Any], datetime] = datetime.fromisoformat


def _as_it_is(value: Any) -> datetime:
    return cast(datetime, value)

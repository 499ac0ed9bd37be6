"""Whole cases: a JSON document each, with columns for finding it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.queryset import QuerySet

from core.case import Case, CitizenMessage, born
from core.errors import NotFoundError, StaleCardError
from core.inbound import Applicant
from core.regulation.lifecycle import FINAL, RESTING
from core.regulation.terms import State
from storage import counters, documents, statements
from storage.fields import utc
from storage.inserts import insert, update_each
from storage.places import (
    MANY_PLACES,
    holding,
    note_words,
    place_folded,
    places_with,
    rarest_word,
)
from storage.records import (
    NUMBER,
    ApplicantRecord,
    CaseNumberRecord,
    CasePersonRecord,
    CaseRecord,
)

SERIES = "case"
PREFIX = "ЕКЖ"

OPEN = sorted(one.value for one in State if one not in FINAL | RESTING)
"""The states of cases at work."""

OUR_NUMBER = re.compile(rf"{PREFIX.casefold()}-(\d{{4}})-(\d{{1,9}})")
YEAR_AND_DIGITS = re.compile(r"(\d{4})-?(\d{6,})")
DIGITS = re.compile(r"\d{1,9}")
BY_NUMBER = "year = ? AND sequence = ?"
BY_THEIRS = "id IN (SELECT case_id FROM case_numbers WHERE number_folded = ?)"


def participants(case: Case) -> frozenset[int]:
    """Everyone with a part in the case's current round."""
    def everyone() -> Iterator[int | None]:
        yield case.official_id
        yield case.signatory_id
        for part in case.parts:
            yield from part.people
        if case.sheet is not None:
            yield from (step.approver_id for step in case.sheet.steps)
    return frozenset(one for one in everyone() if one is not None)


def folded(number: str) -> str:
    """A number as it is looked up."""
    return documents.clean(number).strip().casefold()[:NUMBER]


def portal_numbers(case: Case) -> frozenset[str]:
    """Every number under which the portal knows the case: its own and those of its returns."""
    messages = (case.message, *(past.message for past in case.past))
    return frozenset(filter(None, (folded(one.portal_number) for one in messages)))


def columns(case: Case) -> dict[str, object]:
    """What is kept beside the document."""
    return {
        "portal_number_folded": folded(case.message.portal_number),
        "version": case.version,
        "state": case.state.value,
        "final": case.state in FINAL,
        "round": case.round,
        "category": documents.clean(case.message.category),
        "topic": documents.clean(case.message.topic),
        "place_folded": place_folded(case.message.place),
        "official_id": case.official_id,
        "received_at": utc(case.received_at),
        "registered_at": case.registered_at and utc(case.registered_at),
        "document": documents.write(case),
    }


class CaseRepository:
    """Implements ``core.ports.Cases``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client
        self._seen: dict[int, Case] = {}
        """As read in this transaction."""

    def _rows(self) -> QuerySet[CaseRecord]:
        return CaseRecord.all().using_db(self._client)

    async def get(self, case_id: int) -> Case:
        """The case; raises NotFoundError."""
        found = await statements.rows(
            self._client, "SELECT document FROM cases WHERE id = ?", case_id)
        if not found:
            raise NotFoundError("Такого сообщения нет.")
        case = self._seen[case_id] = documents.read(found[0]["document"], Case)
        return case

    async def find(self, number: str) -> Case | None:
        """By our number, its digits alone, or any of the portal's (the newest case of that).

        Where digits fit both, a number of ours comes first, and the portal's before a year and
        digits run together.
        """
        asked = folded(number)
        case = None
        if DIGITS.fullmatch(asked):
            case = await self._newest("sequence = ?", int(asked))
        if case is None:
            case = await self.find_written(number)
        if case is None and (match := YEAR_AND_DIGITS.fullmatch(asked)) and len(match[2]) < 10:
            case = await self._newest(BY_NUMBER, int(match[1]), int(match[2]))
        return case

    async def find_written(self, number: str) -> Case | None:
        """By our number in full, or any of the portal's (the newest case of that)."""
        asked = folded(number)
        if match := OUR_NUMBER.fullmatch(asked):
            return await self._newest(BY_NUMBER, int(match[1]), int(match[2]))
        return await self._newest(BY_THEIRS, asked) if asked else None

    async def _newest(self, condition: str, *values: object) -> Case | None:
        found = await statements.rows(
            self._client, f"SELECT document FROM cases WHERE {condition} "  # noqa: S608
            "ORDER BY year DESC, id DESC LIMIT 1", *values)
        return documents.read(found[0]["document"], Case) if found else None

    async def are_new(self, numbers: Sequence[str]) -> Sequence[bool]:
        """Of each number: whether :meth:`find_written` knows no case of it, and will know none
        when each of those before it has become one. One of our own form is never taken for new.
        """
        asked = [folded(one) for one in numbers]
        there = {str(one) for one in await CaseNumberRecord.filter(
            number_folded__in=asked).using_db(self._client).values_list(
            "number_folded", flat=True)}
        new = []
        for number in asked:
            new.append(number not in there and not OUR_NUMBER.fullmatch(number))
            if number:
                there.add(number)
        return new

    async def add_all(self, messages: Sequence[tuple[CitizenMessage, Applicant]], at: datetime
                      ) -> Sequence[Case]:
        """A new case of each, with the next numbers of the year, in order.

        The year is that of ``at`` by its own clock: the office's, where its zone comes with it.
        """
        if not messages:
            return []
        year = at.year
        last = await counters.advance(self._client, SERIES, year, len(messages))
        sequences = range(last - len(messages) + 1, last + 1)
        newborn = {one: born(0, f"{PREFIX}-{year}-{one:06d}", message, utc(at))
                   for one, (message, _) in zip(sequences, messages, strict=True)}
        ids = dict(await insert(self._client, CaseRecord, [
            {"year": year, "sequence": one, "number": case.number, **columns(case)}
            for one, case in newborn.items()], "sequence", "id"))
        cases = [replace(case, id=ids[one]) for one, case in newborn.items()]
        texts = {case.id: documents.write(case) for case in cases}
        await update_each(self._client, CaseRecord, "document", texts)
        await insert(self._client, ApplicantRecord, [
            {"case_id": case.id, "name": documents.clean(applicant.name),
             "contacts": documents.clean(applicant.contacts)}
            for case, (_, applicant) in zip(cases, messages, strict=True)])
        await insert(self._client, CaseNumberRecord, [
            {"case_id": case.id, "number_folded": number}
            for case in cases for number in sorted(portal_numbers(case))])
        await note_words(self._client, (message.place for message, _ in messages))
        return [documents.read(one, Case) for one in texts.values()]

    async def save(self, case: Case) -> Case:
        """Write the case over the version it was read at; returns it with the next version."""
        following = columns(replace(case, version=case.version + 1))
        if not await statements.change(
                self._client, f"UPDATE cases SET {statements.assigned(*following)} "  # noqa: S608
                "WHERE id = ? AND version = ?", *following.values(), case.id, case.version):
            await self.get(case.id)
            raise StaleCardError("По сообщению уже что-то сделано: откройте карточку заново.")
        before = self._seen.pop(case.id, None)
        if before is None or participants(before) != participants(case):
            await self._link(case)
        if before is None or portal_numbers(before) != portal_numbers(case):
            await self._number(case)
        if before is None or before.message.place != case.message.place:
            await note_words(self._client, [case.message.place])
        return documents.read(str(following["document"]), Case)

    async def _link(self, case: Case) -> None:
        """Bring the table of people in line with the case."""
        links = CasePersonRecord.filter(case_id=case.id).using_db(self._client)
        linked = {link.person_id for link in await links}
        wanted = participants(case)
        if linked - wanted:
            await links.filter(person_id__in=linked - wanted).delete()
        for person_id in sorted(wanted - linked):
            await CasePersonRecord.create(
                case_id=case.id, person_id=person_id, using_db=self._client)

    async def _number(self, case: Case) -> None:
        """Bring the look-up of numbers in line with the case; a number once known stays."""
        known = CaseNumberRecord.filter(case_id=case.id).using_db(self._client)
        there = set(await known.values_list("number_folded", flat=True))
        for number in sorted(portal_numbers(case) - there):
            await CaseNumberRecord.create(
                case_id=case.id, number_folded=number, using_db=self._client)

    def _open(self) -> QuerySet[CaseRecord]:
        """By the names of the states, which an index finds: the cases at rest are many times as
        many, and grow with the years."""
        return self._rows().filter(final=False, state__in=OPEN).order_by("id")

    async def open_cases(self) -> Sequence[Case]:
        """Every case neither final nor resting, oldest first."""
        return await self._read(self._open())

    async def open_versions(self) -> Mapping[int, int]:
        """Id and version of each of the same cases, oldest first."""
        return dict(await self._open().values_list("id", "version"))

    async def several(self, case_ids: Sequence[int]) -> Sequence[Case]:
        """Those of these cases that are there, oldest first."""
        return await self._read(self._rows().filter(id__in=list(case_ids)).order_by("id"))

    async def with_person(self, person_id: int) -> Sequence[Case]:
        """Open cases in which the person has a part, oldest first; none of those at rest."""
        return await self._read(self._open().filter(people__person_id=person_id))

    async def in_states(self, *states: State) -> Sequence[Case]:
        """Open cases in these states, oldest first."""
        return await self._read(self._rows().filter(
            final=False, state__in=[one.value for one in states]).order_by("id"))

    async def latest_places(self, limit: int) -> Sequence[str]:
        """As they are looked up: small letters, «е» for «ё»."""
        rows = self._rows().order_by("-id").limit(limit)
        return [str(one) for one in await rows.values_list("place_folded", flat=True)]

    async def at_place(self, words: Sequence[str], limit: int = 200) -> Sequence[Case]:
        """Cases whose place holds all these words (letters' case and «ё» aside), newest first."""
        asked = [place_folded(word) for word in words]
        places = await places_with(self._client, asked, MANY_PLACES)
        if len(places) < MANY_PLACES:
            rows = self._rows().filter(place_folded__in=places).order_by("-id").limit(limit)
            ids = [int(str(one)) for one in await rows.values_list("id", flat=True)]
            return list(reversed(await self.several(ids)))
        rows = self._rows()
        for word in asked:
            rows = rows.filter(place_folded__contains=word)
        return await self._read(rows.order_by("-id").limit(limit))

    async def beside(self, case: Case, since: datetime, limit: int) -> Sequence[Case]:
        """Cases as old as this one or older, whose place holds the rarest word of its place."""
        word, common = await rarest_word(self._client, case.message.place)
        if not word:
            return []
        there = (holding(self._client, "place_folded", [word]) if common else
                 "place_folded IN (SELECT place_folded FROM place_words WHERE word = ?)")
        ask = statements.long if common else statements.rows
        found = await ask(
            self._client, "SELECT document FROM cases WHERE id IN (SELECT id FROM cases "  # noqa: S608
            f"WHERE {there} AND (received_at > ? OR state IN ({statements.marks(len(OPEN))})) "
            "AND (received_at, id) < (?, ?) ORDER BY id DESC LIMIT ?) ORDER BY id",
            word, utc(since), *OPEN, utc(case.received_at), case.id, limit)
        return [documents.read(one["document"], Case) for one in found]

    async def applicant(self, case_id: int) -> Applicant:
        """The citizen's name and contacts; raises NotFoundError."""
        row = await ApplicantRecord.filter(case_id=case_id).using_db(self._client).get_or_none()
        if row is None:
            raise NotFoundError("Такого сообщения нет.")
        return Applicant(row.name, row.contacts)

    async def _read(self, rows: QuerySet[CaseRecord]) -> list[Case]:
        return [documents.read(str(text), Case)
                for text in await rows.values_list("document", flat=True)]

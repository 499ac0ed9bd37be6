"""Messages about one and the same: found at registration, linked, and worked on once (4.6¶7, R24).

The program shows what looks alike and why; whether it is the same matter a person decides. Linked,
each message keeps its own way and its own answer; the work is that of the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum

from core import access
from core.assignment import Photo
from core.cards import FirstLine, KinLine
from core.case import Case
from core.errors import NotAcceptedError, NotFoundError
from core.people import Actor, Person
from core.places import Place, read_place, same_house, same_street
from core.ports import UnitOfWork
from core.regulation.terms import State
from core.textchecks import alike
from core.usecases import execution, routing
from core.usecases.office import Act, CaseRef, Office

LOOKED_AT = 200
"""Newest messages at a street that are compared."""
AGE = timedelta(days=60)
"""What is older and answered is another occasion."""
SHOWN = 3
UNDECIDED = frozenset({State.RECEIVED, State.REGISTERED, State.ESCALATED})
"""While a message stands so, its likes are shown: later it is in somebody's hands."""


class Alike(IntEnum):
    """How surely two messages are about the same, the surest highest."""

    PLACE_AND_TOPIC = 1
    WORDS = 2
    SAME_WORDS = 3
    PHOTO = 4


_TEXT = {
    Alike.PLACE_AND_TOPIC: "тот же адрес и та же тема",
    Alike.WORDS: "тот же адрес, похожий текст",
    Alike.SAME_WORDS: "почти тот же текст",
    Alike.PHOTO: "та же фотография",
}


async def kin_of(work: UnitOfWork, case: Case, reader: Person | None) -> tuple[KinLine, ...]:
    """Earlier messages that look like this one, for the desk to decide; the surest first."""
    if case.state not in UNDECIDED or case.duplicate_of or reader is None or not (
            reader.offices & access.WHOLE_OFFICE):
        return ()
    place = read_place(case.message.place)
    if not place.words:
        return ()
    near = [one for one in await work.cases.beside(
                [place.longest], case, case.received_at - AGE, LOOKED_AT)
            if same_street(read_place(one.message.place), place)]
    photos = await _same_photos(work, case, near)
    found = [(one, _how_alike(case, one, place, photo=one.id in photos)) for one in near]
    surest = sorted(((how, one) for one, how in found if how is not None),
                    key=lambda pair: (-pair[0], -pair[1].id))
    return tuple(KinLine(one.id, one.number, one.state.label, one.message.place, _TEXT[how])
                 for how, one in surest[:SHOWN])


def _how_alike(case: Case, other: Case, place: Place, *, photo: bool) -> Alike | None:
    if photo:
        return Alike.PHOTO
    one, two = case.message, other.message
    words = alike.similarity(one.text, two.text)
    if words >= alike.NEARLY_SAME:
        return Alike.SAME_WORDS
    if not same_house(read_place(two.place), place):
        return None
    if words >= alike.SIMILAR:
        return Alike.WORDS
    topic = one.topic.strip().casefold()
    return Alike.PLACE_AND_TOPIC if topic and topic == two.topic.strip().casefold() else None


async def _same_photos(work: UnitOfWork, case: Case, others: Sequence[Case]) -> frozenset[int]:
    """Which of the others came with one of this message's photos: the file, or its picture."""
    own = {one.sha256 for one in case.message.photos}
    if not own or not others:
        return frozenset()
    found = {one.id for one in others if own & {file.sha256 for file in one.message.photos}}
    prints = await work.fingerprints.of_cases([case.id, *(one.id for one in others)])
    mine = [one.fingerprint for one in prints if one.case_id == case.id and one.sha256 in own]
    theirs = [one for one in prints if one.case_id != case.id]
    if mine and theirs:
        from core.photos.reuse import Fingerprint, ReuseIndex
        index: ReuseIndex[int] = ReuseIndex()
        index.extend([one.case_id for one in theirs], [one.fingerprint for one in theirs])
        for one in mine:
            found |= {near.key for near in index.find(Fingerprint.from_bytes(one), limit=9)}
    return frozenset(found)


async def first_of(work: UnitOfWork, case: Case) -> Case | None:
    """The message that this one is a duplicate of."""
    return await work.cases.find(case.duplicate_of) if case.duplicate_of else None


def first_line(case: Case, first: Case | None, actor: Actor, readable: bool) -> FirstLine | None:
    """What the reader of a duplicate sees of the first message (4.1: if he may see it)."""
    if first is None or not readable:
        return None
    return FirstLine(first.id, first.number, first.state.label,
                     len(_not_taken_yet(case, first, actor.person)),
                     tuple(part.report for part in first.parts if part.report),
                     first.draft.text if first.draft and access.may_read_draft(first, actor)
                     else "")


def _not_taken_yet(case: Case, first: Case, person: Person | None) -> Sequence[Photo]:
    part = access.part_of(case, person)
    there = {file.sha256 for photo in (part.photos if part else ())
             for file in (photo.file, photo.original) if file}
    return [photo for photo in first.photos if photo.file.sha256 not in there
            and not photo.verdict.startswith(execution.NO_PHOTO)]


def take_photos(act: Act) -> None:
    """The photos of the first message's work into the actor's part; judged here anew (R17, R24).

    Raises NotAcceptedError where there is nothing to take.
    """
    first = act.first
    photos = _not_taken_yet(act.case, first, act.actor.person) if first else ()
    if first is None or not photos:
        raise NotAcceptedError("Новых фотографий работ в первом сообщении нет.")
    for photo in photos:
        execution.add_photo(act, photo.file, without_exif=photo.without_exif)
    act.facts.append(act.fact("case", "take_photos", clause="4.6¶7 один документ",
                              requirement="R24", details={"number": first.number}))


@dataclass(frozen=True, slots=True)
class Kindred:
    """Linking messages about the same."""

    office: Office

    async def mark(self, actor: Actor, ref: CaseRef, of_number: str) -> Case:
        """«Дубликат»: link to the earliest message of that matter; both know of one another.

        Raises NotFoundError for a number that is not here, and what ``mark_duplicate`` does.
        """
        async with self.office.work() as work:
            await work.sources.mark(actor.source, self.office.clock.now())
            first = await self._earliest(work, of_number)
            async with self.office.act(work, actor, ref) as act:
                before = act.first
                routing.mark_duplicate(act, first.number)
            if before is not None and before.id != first.id:
                await work.cases.save(replace(before, duplicates=tuple(
                    one for one in before.duplicates if one != act.case.number)))
            await self._note(work, act, first)
        self.office.bell.ring()
        return act.case

    async def _earliest(self, work: UnitOfWork, number: str) -> Case:
        case = await work.cases.find(number.strip())
        if case is None:
            raise NotFoundError(
                f"Сообщение «{number.strip()}» не найдено. Укажите номер, например "
                "ЕКЖ-2026-000123 или просто 123.")
        seen = {case.id}
        while (first := await first_of(work, case)) is not None and first.id not in seen:
            seen.add(first.id)
            case = first
        return case

    async def _note(self, work: UnitOfWork, act: Act, first: Case) -> None:
        """The first message learns of its duplicate: each must be answered (R24)."""
        if act.case.number not in first.duplicates:
            first = await work.cases.save(replace(
                first, duplicates=(*first.duplicates, act.case.number)))
        await work.journal.append([replace(
            act.fact("case", "has_duplicate", clause="4.6¶7 один документ", requirement="R24",
                     details={"number": act.case.number}),
            case_id=first.id, round=first.round)])

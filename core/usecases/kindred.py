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
from core.regulation.lifecycle import FINAL, RESTING
from core.regulation.terms import State
from core.textchecks import alike
from core.usecases import execution, routing
from core.usecases.office import Act, CaseRef, Office

LOOKED_AT = 200
"""Newest messages at a street that are compared."""
AGE = timedelta(days=60)
"""What is older and answered is another occasion."""
SHOWN = 3
NEIGHBOURS = 3
"""Messages from one house whose photos are compared with a new one's."""
UNDECIDED = frozenset({State.RECEIVED, State.REGISTERED, State.ESCALATED})
"""While a message stands so, its likes are shown: later it is in somebody's hands."""


class Alike(IntEnum):
    """How surely two messages are about the same, the surest highest."""

    PLACE_AND_TOPIC = 1
    WORDS = 2
    SAME_WORDS = 3
    LIKE_PHOTO = 4
    PHOTO = 5


_TEXT = {
    Alike.PLACE_AND_TOPIC: "тот же адрес и та же тема",
    Alike.WORDS: "тот же адрес, похожий текст",
    Alike.SAME_WORDS: "почти тот же текст",
    Alike.LIKE_PHOTO: "похожая фотография",
    Alike.PHOTO: "та же фотография",
}


async def kin_of(work: UnitOfWork, case: Case, reader: Person | None) -> tuple[KinLine, ...]:
    """Earlier messages that look like this one, for the desk to decide; the surest first."""
    if case.state not in UNDECIDED or case.duplicate_of or reader is None or not (
            reader.offices & access.WHOLE_OFFICE):
        return ()
    place = read_place(case.message.place)
    near = [one for one in await work.cases.beside(
                case, case.received_at - AGE, LOOKED_AT)
            if same_street(read_place(one.message.place), place)] if place.words else []
    there = {one.id for one in near}
    far = [one for one in case.photo_kin if one not in there]
    near += await work.cases.several(far) if far else ()
    found = [(one, _how_alike(case, one, place)) for one in near
             if comes_into_question(one, case)]
    surest = sorted(((how, one) for one, how in found if how is not None),
                    key=lambda pair: (-pair[0], -pair[1].id))
    return tuple(KinLine(one.id, one.number, one.state.label, one.message.place, _TEXT[how])
                 for how, one in surest[:SHOWN])


def comes_into_question(one: Case, case: Case) -> bool:
    """Whether ``one`` came before ``case``, and is open or not long ago."""
    settled = one.state in FINAL | RESTING
    return one.id != case.id and (one.received_at, one.id) <= (case.received_at, case.id) and (
        not settled or one.received_at > case.received_at - AGE)


def _how_alike(case: Case, other: Case, place: Place) -> Alike | None:
    one, two = case.message, other.message
    if {file.sha256 for file in one.photos} & {file.sha256 for file in two.photos}:
        return Alike.PHOTO
    if other.id in case.photo_kin:
        return Alike.LIKE_PHOTO
    words = alike.similarity(one.text, two.text)
    if words >= alike.NEARLY_SAME:
        return Alike.SAME_WORDS
    if not same_house(read_place(two.place), place):
        return None
    if words >= alike.SIMILAR:
        return Alike.WORDS
    topic = one.topic.strip().casefold()
    return Alike.PLACE_AND_TOPIC if topic and topic == two.topic.strip().casefold() else None


async def at_the_house(work: UnitOfWork, case: Case) -> Sequence[Case]:
    """Messages with photos from the same house, whose photos may show the same; the newest."""
    place = read_place(case.message.place)
    if case.state not in UNDECIDED or not place.house or not place.words:
        return ()
    there = [one for one in await work.cases.at_place([place.longest], LOOKED_AT)
             if one.message.photos and comes_into_question(one, case)
             and same_house(read_place(one.message.place), place)]
    return there[:NEIGHBOURS]


def note_photo_kin(act: Act, earlier: Sequence[int]) -> None:
    """The photos were compared: those messages are shown to the desk beside this one."""
    known = act.case.photo_kin
    act.case = replace(act.case, photo_kin=tuple(dict.fromkeys((*known, *earlier))))


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

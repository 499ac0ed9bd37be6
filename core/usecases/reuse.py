"""Whether an executor's photo was used before, in any case (R17).

The index proposes, the judge decides on the pictures; here stands what counts as «before» and whom
it may be told. Photos of messages about the same place (``duplicate_of``, R24) may be the same.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from core import access
from core.assignment import Assignment, Photo
from core.case import Case
from core.errors import NotFoundError
from core.files import FileRef
from core.people import Directory, Person
from core.ports import PhotoKind, PhotoPrint, UnitOfWork
from core.regulation.terms import AssignmentState
from core.usecases.execution import NO_PHOTO
from core.usecases.office import Office

if TYPE_CHECKING:
    from core.photos.reuse import ReuseIndex

PAGE = 500
"""Rows read at once while the index fills: the loop waits for one page at most."""
PROPOSED = 64
COMPARED = 5
"""Of the photos that the index proposes, so many are compared as pictures."""

ELSEWHERE = "в другом сообщении"
EARLIER_ROUND = "в прошлом ответе на это сообщение"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A photo of the work that something is to be done with."""

    case: Case
    part: Assignment
    photo: Photo

    @property
    def key(self) -> str:
        """Which photo, in which round; one sent again after it was taken back is another."""
        photo = self.photo
        return (f"{self.case.id}:{self.case.round}:{self.part.key}:{photo.file.sha256[:16]}:"
                f"{photo.source}")


@dataclass(frozen=True, slots=True)
class Unremembered:
    """A photo to be remembered; an executor's (``waiting``) is compared with the earlier first."""

    case_id: int
    file: FileRef
    kind: PhotoKind
    at: datetime
    waiting: Waiting | None = None

    @property
    def order(self) -> tuple[bool, datetime]:
        """First what nobody is accused of."""
        return self.waiting is not None, self.at


@dataclass(frozen=True, slots=True)
class Earlier:
    """A photo that was here before the one in question, and in which case."""

    case: Case
    file: FileRef
    at: datetime


class Memory:
    """The photos of all cases by their fingerprints; filled at the start, then kept current.

    What is heavy runs in a thread. ``full`` is false until everything kept has been read.
    """

    def __init__(self, office: Office) -> None:
        self.full = False
        self._office = office
        self._index: ReuseIndex[int] | None = None
        self._last_id = 0
        self._lock = asyncio.Lock()

    async def fill(self) -> None:
        """Read what is kept, a page at a time; called again, it goes on where it stopped."""
        while await self._read_on():
            pass
        self.full = True

    async def remember(self, photo: PhotoPrint) -> None:
        """Keep a photo, and find it from now on."""
        async with self._office.work() as work:
            await work.fingerprints.add(photo)
        if self.full:
            await self.fill()

    async def _read_on(self) -> int:
        async with self._lock:
            if self._index is None:
                self._index = await asyncio.to_thread(_empty_index)
            async with self._office.work() as work:
                page = await work.fingerprints.after(self._last_id, PAGE)
            if page:
                await asyncio.to_thread(self._index.extend, [one.id for one in page],
                                        [one.fingerprint for one in page])
                self._last_id = page[-1].id
            return len(page)

    async def _near(self, fingerprint: bytes) -> Sequence[int]:
        """Ids of the nearest photos, the nearest first; none before the memory is read."""
        async with self._lock:
            if self._index is None:
                return ()
            return await asyncio.to_thread(_nearest, self._index, fingerprint)

    async def alike(self, case: Case, photo: Photo, fingerprint: bytes) -> Sequence[Earlier]:
        """Photos that may be the same exposure and were here before, the oldest first."""
        ids = await self._near(fingerprint)
        if not ids:
            return ()
        found: list[Earlier] = []
        async with self._office.work() as work:
            prints = {one.id: one for one in await work.fingerprints.get(ids)}
            family = await _family(work, case)
            for one in (prints[number] for number in ids if number in prints):
                earlier = await _earlier(work, one, case, photo, family)
                found += [earlier] if earlier else []
                if len(found) == COMPARED:
                    break
        return sorted(found, key=lambda one: one.at)

    async def like_citizens(self, case: Case, fingerprint: bytes
                            ) -> Sequence[tuple[Case, FileRef]]:
        """Citizens' photos of other cases that may be the same one (R24), the nearest first."""
        ids = await self._near(fingerprint)
        if not ids:
            return ()
        async with self._office.work() as work:
            prints = {one.id: one for one in await work.fingerprints.get(ids)}
            near = [prints[one] for one in ids if one in prints and prints[one].case_id != case.id
                    and prints[one].kind is PhotoKind.CITIZEN][:COMPARED]
            cases = {one.id: one for one in await work.cases.several(
                [one.case_id for one in near])} if near else {}
        return [(cases[one.case_id], file) for one in near if one.case_id in cases
                for file in cases[one.case_id].message.photos if file.sha256 == one.sha256]


def _empty_index() -> "ReuseIndex[int]":
    """Loads numpy, which takes its time."""
    from core.photos.reuse import ReuseIndex
    return ReuseIndex()


def _nearest(index: "ReuseIndex[int]", fingerprint: bytes) -> list[int]:
    from core.photos.reuse import Fingerprint
    found = index.find(Fingerprint.from_bytes(fingerprint), limit=PROPOSED)
    return [one.key for one in found]


async def _family(work: UnitOfWork, case: Case) -> frozenset[int]:
    """The case and those that it is, step by step, a duplicate of (R24)."""
    ids = {case.id}
    while case.duplicate_of:
        earlier = await work.cases.find(case.duplicate_of)
        if earlier is None or earlier.id in ids:
            break
        ids.add(earlier.id)
        case = earlier
    return frozenset(ids)


async def _earlier(work: UnitOfWork, known: PhotoPrint, case: Case, photo: Photo,
                   family: frozenset[int]) -> Earlier | None:
    """Where the remembered photo stands now, if that was before and is no business of this case.

    A photo that was taken back, or sent into the wrong case by mistake, stands nowhere.
    """
    own = known.case_id == case.id
    try:
        other = case if own else await work.cases.get(known.case_id)
    except NotFoundError:
        return None
    if not own and family & await _family(work, other):
        return None
    places = _citizens(other, own=own) if known.kind is PhotoKind.CITIZEN else _works(
        other, own=own)
    for file, at in places:
        if file.sha256 == known.sha256 and (at, other.id) < (photo.at, case.id):
            return Earlier(other, file, at)
    return None


def _citizens(case: Case, *, own: bool) -> Iterator[tuple[FileRef, datetime]]:
    """The citizen's photos; in one's own case the present ones are the reference."""
    present = {one.sha256 for one in case.message.photos} if own else set()
    for past in case.past:
        yield from ((one, past.returned_at) for one in past.message.photos
                    if one.sha256 not in present)
    if not own:
        yield from ((one, case.received_at) for one in case.message.photos)


def _works(case: Case, *, own: bool) -> Iterator[tuple[FileRef, datetime]]:
    """Photos of the work; in one's own case those of earlier rounds only."""
    parts = [part for past in case.past for part in past.parts]
    parts += [] if own else case.parts
    for part in parts:
        if part.state is not AssignmentState.DECLINED:
            yield from ((photo.file, photo.at) for photo in part.photos)


def photos_of(case: Case) -> list[Unremembered]:
    """Every photo that a later one is to be compared with."""
    messages = [*(past.message for past in case.past), case.message]
    found = [Unremembered(case.id, file, PhotoKind.CITIZEN, case.received_at)
             for message in messages for file in message.photos]
    found += [Unremembered(case.id, photo.file, PhotoKind.EXECUTOR, photo.at)
              for past in case.past for part in past.parts for photo in part.photos
              if _is_photo(photo)]
    found += [Unremembered(case.id, photo.file, PhotoKind.EXECUTOR, photo.at,
                           Waiting(case, part, photo))
              for part in case.parts for photo in part.photos if _is_photo(photo)]
    return found


def _is_photo(photo: Photo) -> bool:
    """Judged, and not refused as no photo at all."""
    return bool(photo.verdict) and not photo.verdict.startswith(NO_PHOTO)


def advice(where: str) -> str:
    """What the executor is told."""
    return (f"Похоже, эта фотография уже использована {where}. "
            "Сделайте новый снимок после работ или оставьте этот с объяснением.")


async def reveal(work: UnitOfWork, case: Case, reader: Person | None, directory: Directory
                 ) -> Case:
    """The case with the number of the other case in it, where the reader may see that one."""
    for part in case.parts:
        for photo in part.photos:
            if photo.used_in is None or reader is None:
                continue
            try:
                other = await work.cases.get(photo.used_in)
            except NotFoundError:
                continue
            if access.may_read(other, reader, directory):
                named = replace(photo, advice=photo.advice.replace(
                    ELSEWHERE, f"в сообщении {other.number}"))
                now = case.part(part.key)
                case = case.with_part(replace(now, photos=tuple(
                    named if one.file == photo.file else one for one in now.photos)))
    return case

"""Citizens' photos that show the same: their messages are shown to the desk side by side (R24)."""

import logging
from dataclasses import dataclass

from core.case import Case
from core.errors import AlreadyDoneError, NotFoundError
from core.files import FileRef
from core.people import Actor, Channel
from core.regulation.terms import Role
from core.usecases import kindred
from core.usecases.judging import REUSED, SAME_ANGLE, Judge, UnreadableReferenceError
from core.usecases.office import CaseRef, Office
from core.usecases.reuse import Memory

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PhotoKin:
    """Compares a new citizen's photo with those of other messages, in the background."""

    office: Office
    judge: Judge
    memory: Memory

    async def note(self, case_id: int, photo: FileRef, content: bytes, fingerprint: bytes) -> None:
        """The same exposure anywhere in the city, or the same view of the same house.

        Raises what the judge does.
        """
        async with self.office.work() as work:
            case = await work.cases.get(case_id)
            neighbours = await kindred.at_the_house(work, case)
        for other, file in await self.memory.like_citizens(case, fingerprint):
            if file.sha256 != photo.sha256 and await self._alike(case, file, content,
                                                                 elsewhere=True):
                await self._are_kin(case, other)
        for other in neighbours:
            if await self._alike(case, other.message.photos[0], content, elsewhere=False):
                await self._are_kin(case, other)

    async def _alike(self, case: Case, file: FileRef, content: bytes, *, elsewhere: bool) -> bool:
        try:
            said = await self.judge.compare(
                await self.office.files.get(file), content, case.received_at,
                self.office.clock.now(), elsewhere=elsewhere)
        except (NotFoundError, UnreadableReferenceError):
            return False
        return said.verdict in {REUSED, SAME_ANGLE}

    async def _are_kin(self, one: Case, other: Case) -> None:
        """The later one is shown with the earlier."""
        earlier, later = sorted((one, other), key=lambda case: (case.received_at, case.id))
        if later.state not in kindred.UNDECIDED or not kindred.comes_into_question(
                earlier, later) or earlier.id in later.photo_kin:
            return
        actor = Actor(Channel.SYSTEM, f"kin:{later.id}:{earlier.id}",
                      speaks_for=frozenset({Role.SYSTEM}))
        try:
            await self.office.do(actor, CaseRef(later.id), kindred.note_photo_kin, (earlier.id,))
        except AlreadyDoneError:
            log.info("%s and %s are known to be alike", earlier.number, later.number)

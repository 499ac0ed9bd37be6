"""Photos are accepted at once and judged afterwards; a restart takes up what was not judged."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from core.assignment import Assignment, Photo
from core.bell import Ear
from core.case import Case
from core.errors import NotFoundError
from core.files import FileRef
from core.notices import NoticeKind
from core.people import Actor, Channel
from core.regulation.lifecycle import AT_WORK
from core.regulation.terms import Role
from core.usecases.execution import TO_RETAKE
from core.usecases.office import Act, CaseRef, Office


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the photo judge says: a verdict code, 0..1, advice in Russian, and a picture (JPEG)."""

    verdict: str
    confidence: float
    advice: str
    findings: tuple[str, ...] = ()
    picture: bytes = b""


class Judge(Protocol):
    """The photo judge in its worker process."""

    async def compare(self, reference: bytes, new: bytes, arrived_at: datetime, now: datetime
                      ) -> Judgement:
        """The executor's photo against the citizen's."""
        ...

    async def inspect(self, new: bytes, arrived_at: datetime, now: datetime) -> Judgement:
        """The executor's photo alone, where the citizen sent none."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """A photo that has no verdict yet."""

    case: Case
    part: Assignment
    photo: Photo


@dataclass(frozen=True, slots=True)
class PhotoDesk:
    """Judges photos one after another; woken by the bell."""

    office: Office
    judge: Judge
    ear: Ear

    async def run(self) -> None:
        """Judge for ever; also what was left from before a restart."""
        while True:
            if not await self.judge_pending():
                await self.ear.wait(15)

    async def judge_pending(self) -> int:
        """Judge every photo without a verdict; returns how many there were."""
        async with self.office.work() as work:
            cases = await work.cases.in_states(*AT_WORK)
        waiting = [Waiting(case, part, photo) for case in cases for part in case.parts
                   for photo in part.photos if not photo.verdict]
        for one in waiting:
            await self._judge(one)
        return len(waiting)

    async def _judge(self, one: Waiting) -> None:
        new = await self.office.files.get(one.photo.file)
        references = one.case.message.photos
        now, arrived = self.office.clock.now(), one.case.received_at
        best: Judgement | None = None
        reference: FileRef | None = None
        for candidate in references:
            said = await self.judge.compare(
                await self.office.files.get(candidate), new, arrived, now)
            if best is None or _rank(said) > _rank(best):
                best, reference = said, candidate
        if best is None:
            best = await self.judge.inspect(new, arrived, now)
        picture = await self.office.files.put(best.picture, "comparison.jpg", "image/jpeg") if (
            best.picture) else None
        photo = replace(
            one.photo, verdict=best.verdict, confidence=best.confidence, advice=best.advice,
            findings=best.findings, reference=reference, picture=picture)
        source = f"judge:{one.case.id}:{one.case.round}:{one.part.key}:{photo.file.sha256}"
        actor = Actor(Channel.SYSTEM, source, speaks_for=frozenset({Role.SYSTEM}))
        try:
            await self.office.do(actor, CaseRef(one.case.id), judged, one.part.key, photo)
        except NotFoundError:
            return


def _rank(said: Judgement) -> tuple[bool, bool, float]:
    return said.verdict == "same_angle", said.verdict not in TO_RETAKE, said.confidence


def judged(act: Act, key: int, photo: Photo) -> None:
    """Write the verdict beside the photo; tell the executor (R17, R23)."""
    part = act.case.part(key)
    photos = tuple(photo if one.file == photo.file else one for one in part.photos)
    act.case = act.case.with_part(replace(part, photos=photos))
    act.facts.append(act.fact(
        f"part:{key}", "photo_judged", clause="4.6¶2 ракурс", requirement="R17",
        details={"verdict": photo.verdict, "confidence": f"{photo.confidence:.2f}"}))
    act.tell(NoticeKind.PHOTO_VERDICT, [photo.by_id], about=photo.file.sha256[:16],
             facts={"photo": photo.file.sha256, "part": str(key)})

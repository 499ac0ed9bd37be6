"""Photos are accepted at once and judged afterwards; a restart takes up what was not judged."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from core.assignment import Assignment, Photo
from core.bell import Ear
from core.case import Case
from core.errors import AlreadyDoneError, AssistantError, NotFoundError, StaleCardError
from core.files import FileRef
from core.notices import NoticeKind
from core.people import Actor, Channel
from core.regulation.lifecycle import AT_WORK
from core.regulation.terms import Role
from core.usecases.execution import TO_RETAKE
from core.usecases.office import Act, CaseRef, Office

log = logging.getLogger(__name__)

UNSURE = "unsure"
NOT_JUDGED = ("Сравнить снимок автоматически не удалось. Проверьте сами, тот ли ракурс; "
              "решит согласующий.")
NOTHING_TO_COMPARE = "Фото заявителя не открывается, сравнить ракурс не с чем: решит согласующий."


class UnreadableReferenceError(AssistantError):
    """The citizen's picture cannot be opened: nobody's photo is worse for that."""


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
        """The executor's photo against the citizen's.

        Raises UnreadableReferenceError where the citizen's cannot be opened.
        """
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
            try:
                judged_now = await self.judge_pending()
            except AssistantError:
                log.exception("the photos will be looked at again")
                judged_now = 0
            if not judged_now:
                await self.ear.wait(15)

    async def judge_pending(self) -> int:
        """Judge every photo without a verdict; returns how many verdicts were written."""
        async with self.office.work() as work:
            cases = await work.cases.in_states(*AT_WORK)
        waiting = [Waiting(case, part, photo) for case in cases for part in case.parts
                   for photo in part.photos if not photo.verdict]
        return sum([await self._judge(one) for one in waiting])

    async def _judge(self, one: Waiting) -> bool:
        try:
            photo = await self._look(one)
        except Exception:  # whatever went wrong, the executor must not wait for ever
            log.exception("photo %s of case %s was not judged", one.photo.file.sha256[:12],
                          one.case.number)
            photo = replace(one.photo, verdict=UNSURE, advice=NOT_JUDGED)
        source = (f"judge:{one.case.id}:{one.case.round}:{one.part.key}:"
                  f"{photo.file.sha256[:16]}:{photo.source}")
        actor = Actor(Channel.SYSTEM, source, speaks_for=frozenset({Role.SYSTEM}))
        try:
            await self.office.do(actor, CaseRef(one.case.id), judged, one.part.key, photo)
        except (NotFoundError, AlreadyDoneError, StaleCardError) as moved_on:
            log.info("a verdict came too late: %s", moved_on)
            return False
        return True

    async def _look(self, one: Waiting) -> Photo:
        """The photo with its verdict: against the citizen's that it fits best."""
        new = await self.office.files.get(one.photo.file)
        now, arrived = self.office.clock.now(), one.case.received_at
        best: Judgement | None = None
        reference: FileRef | None = None
        for candidate in one.case.message.photos:
            try:
                said = await self.judge.compare(
                    await self.office.files.get(candidate), new, arrived, now)
            except (NotFoundError, UnreadableReferenceError):
                continue
            if best is None or _rank(said) > _rank(best):
                best, reference = said, candidate
        if best is None:
            best = await self.judge.inspect(new, arrived, now)
            if one.case.message.photos and best.verdict not in TO_RETAKE:
                best = replace(best, verdict=UNSURE, advice=NOTHING_TO_COMPARE)
        picture = await self.office.files.put(best.picture, "comparison.jpg", "image/jpeg") if (
            best.picture) else None
        return replace(
            one.photo, verdict=best.verdict, confidence=best.confidence, advice=best.advice,
            findings=best.findings, reference=reference, picture=picture)


def _rank(said: Judgement) -> tuple[bool, bool, float]:
    return said.verdict == "same_angle", said.verdict not in TO_RETAKE, said.confidence


def judged(act: Act, key: int, photo: Photo) -> None:
    """Write the verdict beside the photo; tell the executor (R17, R23)."""
    part = act.case.part(key)
    there = next((one for one in part.photos if one.file == photo.file), None)
    if there is None:
        raise NotFoundError("Этой фотографии уже нет в поручении.")
    kept = replace(photo, override=there.override)
    photos = tuple(kept if one is there else one for one in part.photos)
    act.case = act.case.with_part(replace(part, photos=photos))
    act.facts.append(act.fact(
        f"part:{key}", "photo_judged", clause="4.6¶2 ракурс", requirement="R17",
        details={"verdict": photo.verdict, "confidence": f"{photo.confidence:.2f}"}))
    act.tell(NoticeKind.PHOTO_VERDICT, [photo.by_id], about=photo.file.sha256[:16],
             facts={"photo": photo.file.sha256, "part": str(key)})

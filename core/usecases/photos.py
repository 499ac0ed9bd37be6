"""Photos are accepted at once and judged afterwards; a restart takes up what was not judged."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import PurePath

from core.assignment import Photo
from core.bell import Ear
from core.case import Case
from core.errors import AlreadyDoneError, AssistantError, NotFoundError, StaleCardError
from core.files import FileRef
from core.notices import NoticeKind
from core.people import Actor, Channel
from core.photos import formats
from core.photos.workers import JudgeBusyError, PhotoNotReadError
from core.ports import PhotoKind, PhotoPrint
from core.regulation.lifecycle import AT_WORK
from core.regulation.terms import Role, State
from core.reports.facts import located_at
from core.usecases import reuse
from core.usecases.attachments import Attachments
from core.usecases.execution import NO_PHOTO, TO_RETAKE
from core.usecases.judging import (
    REUSED,
    SAME_ANGLE,
    Judge,
    Judgement,
    UnreadableReferenceError,
)
from core.usecases.office import Act, CaseRef, Office
from core.usecases.photokin import PhotoKin
from core.usecases.reuse import Earlier, Memory, Unremembered, Waiting, photos_of
from core.usecases.whereabouts import Where, where_taken

log = logging.getLogger(__name__)

PAUSE = 5.0
"""Seconds after a fault of the database or the disk."""
SETTLE = 0.2
"""Seconds after the bell: an album's photos are taken up together."""
LOOKED_AT = (*AT_WORK, State.RECEIVED, State.REGISTERED)
"""At work, or fresh: those photos tell duplicates (R24)."""
TRIES = 3
AT_ONCE = 20
"""Of the backlog between two looks for new photos."""
FIRST_PAUSE = timedelta(seconds=5)
"""Before the second try; four times as long before the third."""

UNSURE = "unsure"
OF_THE_PLACE = frozenset({SAME_ANGLE, "different_angle"})
"""These verdicts say that the photo shows the citizen's place."""

NOT_CHECKED = (
    "Проверить снимок не удалось. Если он чёткий и снят с того же места, что и у заявителя, "
    "оставьте его: ракурс оценит согласующий. Если нет, уберите его и отправьте другой.")
NOT_LIGHTER = ("Сжать фотографии не удалось. Уберите лишние или сохраните их меньшим размером и "
               "пришлите заново.")
FILE_GONE = "Файла снимка нет в хранилище. Уберите его и отправьте снимок ещё раз."
NOTHING_TO_COMPARE = "Фото заявителя не открывается, сравнить ракурс не с чем: решит согласующий."


@dataclass(frozen=True, slots=True)
class _Look:
    """One photo compared with the citizen's, and not yet with earlier ones."""

    photo: Photo  # of a HEIC file: the JPEG that was made of it
    content: bytes
    said: Judgement
    reference: FileRef | None
    fingerprint: bytes  # empty for what is no photo, and while not everything is remembered


@dataclass(slots=True)
class PhotoDesk:
    """Judges photos, woken by the bell: ``at_once`` are compared with the citizens' at a time.

    With earlier photos they are compared one after another, in the order in which they were sent:
    of two alike the later is the one that was used before.
    """

    office: Office
    judge: Judge
    ear: Ear
    at_once: int = 1
    attachments: Attachments | None = None
    """Makes photos lighter for who asked by letter; the buttons do so by themselves."""
    memory: Memory = field(init=False)
    _faults: dict[str, tuple[int, datetime]] = field(default_factory=dict, init=False)
    _remembered: set[tuple[int, str]] = field(default_factory=set, init=False)
    _backlog: list[Unremembered] = field(default_factory=list, init=False)
    _swept: bool = field(default=False, init=False)
    _settled: dict[int, int] = field(default_factory=dict, init=False)
    """Cases with nothing left to do, and the version at which it was so."""

    def __post_init__(self) -> None:
        """Nothing is remembered yet."""
        self.memory = Memory(self.office)

    async def run(self) -> None:
        """Judge for ever; also what was left from before a restart."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._fill(), name="photo memory")
            group.create_task(self._keep_judging(), name="photo verdicts")

    async def _keep_judging(self) -> None:
        while True:
            try:
                if not await self.judge_pending():
                    await self.ear.wait(15)
                    await asyncio.sleep(SETTLE)
            except (AssistantError, OSError):
                log.exception("photos will be judged on")
                await asyncio.sleep(PAUSE)

    async def _fill(self) -> None:
        while not self.memory.full:
            try:
                await self.memory.fill()
            except (AssistantError, OSError):
                log.exception("the photos of earlier cases will be read on")
                await asyncio.sleep(PAUSE)
        self.ear.heard.set()

    async def judge_pending(self) -> int:
        """Do what can be done now; returns how much was done."""
        cases = await self._moved()
        waiting = [Waiting(case, part, photo) for case in cases for part in case.parts
                   for photo in part.photos if not photo.verdict]
        done = await self._judge_in_order(sorted(
            (one for one in waiting if self._may_try(one.key)), key=lambda one: one.photo.at))
        done += sum([await self._lighten(one) for one in cases if one.lighten_for is not None])
        if self.memory.full:
            done += await self._catch_up(cases)
            if self._swept:
                self._settled |= {
                    case.id: case.version for case in cases if case.lighten_for is None and all(
                        photo.verdict for part in case.parts for photo in part.photos)}
        return done

    async def _lighten(self, case: Case) -> bool:
        """Whether who asked by letter for lighter photos was answered (4.6¶6)."""
        key = f"lighter:{case.id}"
        if self.attachments is None or not self._may_try(key):
            return False
        try:
            await self.attachments.lighten_asked(case)
        except JudgeBusyError:
            return False
        except Exception as fault:  # whatever went wrong, the executor must not wait for ever
            if self._failed(key, fault) < TRIES:
                return False
            await self.attachments.say(case, NOT_LIGHTER)
        self._faults.pop(key, None)
        return True

    async def _moved(self) -> Sequence[Case]:
        """The cases about which something may be to do: all of them at first, later those that
        have moved since nothing was, so that a bell costs the same in a large office."""
        async with self.office.work() as work:
            if not self._settled:
                return await work.cases.in_states(*LOOKED_AT)
            versions = await work.cases.open_versions()
            moved = [one for one, version in versions.items() if self._settled.get(one) != version]
            cases = await work.cases.several(moved) if moved else ()
        self._settled = {one: self._settled[one] for one in versions if one in self._settled}
        self._settled |= {case.id: case.version for case in cases if case.state not in LOOKED_AT}
        return [case for case in cases if case.state in LOOKED_AT]

    async def _judge_in_order(self, waiting: Sequence[Waiting]) -> int:
        """Look ahead at some, settle one after another; returns how many verdicts were written."""
        done = 0
        ahead: deque[tuple[Waiting, asyncio.Task[_Look]]] = deque()
        try:
            for one in waiting:
                ahead.append((one, asyncio.create_task(self._look(one))))
                if len(ahead) >= self.at_once:
                    done += await self._settle_or_give_up(*ahead.popleft())
            while ahead:
                done += await self._settle_or_give_up(*ahead.popleft())
        finally:  # nothing is left here unless the desk is being closed
            for _, look in ahead:
                look.cancel()
            await asyncio.gather(*(look for _, look in ahead), return_exceptions=True)
        return done

    async def _settle_or_give_up(self, one: Waiting, look: asyncio.Task[_Look]) -> bool:
        """Whether a verdict was written."""
        try:
            written = await self._settle(one, await look)
        except JudgeBusyError:
            return False
        except Exception as fault:  # whatever went wrong, the executor must not wait for ever
            if self._failed(one.key, fault) < TRIES:
                return False
            gone = isinstance(fault, NotFoundError)
            written = await self._save(one, replace(
                one.photo, verdict=UNSURE, confidence=0.0,
                advice=FILE_GONE if gone else NOT_CHECKED))
        self._faults.pop(one.key, None)
        return written

    def _may_try(self, key: str) -> bool:
        return key not in self._faults or self._faults[key][1] <= self.office.clock.now()

    def _failed(self, key: str, fault: Exception) -> int:
        """How many times by now."""
        count = self._faults.get(key, (0, None))[0] + 1
        again = self.office.clock.now() + FIRST_PAUSE * 4 ** (count - 1)
        self._faults[key] = (count, again)
        log.warning("photo %s: try %d failed", key, count, exc_info=fault)
        return count

    async def _look(self, one: Waiting) -> _Look:
        """What does not depend on other photos of the work."""
        new = await self.office.files.get(one.photo.file)
        photo = one.photo
        if formats.sniff(new) == "HEIC":
            photo, new = await self._as_jpeg(photo, new)
        said, reference = await self._against_citizen(one.case, new)
        wanted = self._ready and _is_photo(said)
        fingerprint = await self.judge.fingerprint(new) if wanted else b""
        return _Look(photo, new, said, reference, fingerprint)

    async def _settle(self, one: Waiting, look: _Look) -> bool:
        """Compare with what came before, write the verdict, remember the photo."""
        said, earlier = look.said, None
        if look.fingerprint and said.verdict != REUSED:
            said, earlier = await self._unless_used_before(
                one, look.content, look.fingerprint, said)
        photo = await self._photo_of(one, look.photo, said, look.reference, earlier)
        where = await asyncio.to_thread(where_taken, look.content)
        if not await self._save(one, photo, where=where):
            return False
        if look.fingerprint:
            await self._remember(one.case.id, photo.file, PhotoKind.EXECUTOR, look.fingerprint)
        elif _is_photo(said):
            self._backlog.append(Unremembered(one.case.id, photo.file, PhotoKind.EXECUTOR,
                                              photo.at, Waiting(one.case, one.part, photo)))
        return True

    async def _photo_of(self, one: Waiting, photo: Photo, said: Judgement,
                        reference: FileRef | None, earlier: Earlier | None) -> Photo:
        """The photo with what was said of it; the picture is kept first."""
        picture = await self.office.files.put(said.picture, "comparison.jpg", "image/jpeg") if (
            said.picture) else None
        elsewhere = earlier is not None and earlier.case.id != one.case.id
        return replace(
            photo, verdict=said.verdict, confidence=said.confidence, advice=said.advice,
            findings=said.findings, reference=reference, picture=picture,
            used_in=earlier.case.id if earlier and elsewhere else None)

    async def _as_jpeg(self, photo: Photo, content: bytes) -> tuple[Photo, bytes]:
        """The work photo is the JPEG; the file that was sent is kept beside it."""
        try:
            jpeg = await self.judge.to_jpeg(content)
        except PhotoNotReadError:
            return photo, content  # the judge will say why
        name = f"{PurePath(photo.file.name).stem or 'photo'}.jpg"
        file = await self.office.files.put(jpeg, name, "image/jpeg")
        return replace(photo, file=file, original=photo.file), jpeg

    async def _against_citizen(self, case: Case, new: bytes) -> tuple[Judgement, FileRef | None]:
        """What counts of the comparisons with the citizen's photos, and with which it was."""
        now, arrived = self.office.clock.now(), case.received_at
        async with self.office.work() as work:
            house = (await work.people.addresses()).house(case.message.place)
        address = house.where if house else None
        best: Judgement | None = None
        reference: FileRef | None = None
        for candidate in case.message.photos:
            try:
                content = await self.office.files.get(candidate)
                said = await self.judge.compare(content, new, arrived, now, address=address)
            except (NotFoundError, UnreadableReferenceError):
                continue
            if best is None or _rank(said) > _rank(best):
                best, reference = said, candidate
        if best is not None:
            return best, reference
        alone = await self.judge.inspect(new, arrived, now, address=address)
        if case.message.photos and alone.verdict not in TO_RETAKE:
            alone = replace(alone, verdict=UNSURE, advice=NOTHING_TO_COMPARE)
        return alone, None

    async def _unless_used_before(self, one: Waiting, new: bytes, fingerprint: bytes,
                                  said: Judgement) -> tuple[Judgement, Earlier | None]:
        """The judgement, or the allegation that the photo was used before (R17)."""
        now = self.office.clock.now()
        for earlier in await self.memory.alike(one.case, one.photo, fingerprint):
            try:
                content = await self.office.files.get(earlier.file)
                found = await self.judge.compare(content, new, one.case.received_at, now,
                                                 elsewhere=True)
            except (NotFoundError, UnreadableReferenceError):
                continue
            if found.verdict == REUSED:
                where = (reuse.EARLIER_ROUND if earlier.case.id == one.case.id
                         else reuse.ELSEWHERE)
                return replace(found, advice=reuse.advice(where), findings=said.findings), earlier
        return said, None

    async def _save(self, one: Waiting, photo: Photo, *, again: bool = False,
                    where: Where | None = None) -> bool:
        """Whether the photo was still there to be judged."""
        source = f"{'reuse' if again else 'judge'}:{one.key}"
        actor = Actor(Channel.SYSTEM, source, speaks_for=frozenset({Role.SYSTEM}))
        try:
            await self.office.do(actor, CaseRef(one.case.id), judged, one.part.key, photo, where)
        except (NotFoundError, AlreadyDoneError, StaleCardError) as moved_on:
            log.info("a verdict on %s came too late: %s", one.key, moved_on)
            return False
        return True

    # What was judged before everything was remembered, and what is not judged: citizens' photos.

    @property
    def _ready(self) -> bool:
        """Whether a photo judged now is compared with all that came before it."""
        return self.memory.full and self._swept and not self._backlog

    async def _catch_up(self, present: Sequence[Case]) -> int:
        """A part of the backlog; returns how much was done."""
        if not self._swept:
            async with self.office.work() as work:
                everything = await work.cases.open_cases()
            self._backlog += await self._unremembered(everything)
            self._swept = True
        else:
            there = {(one.case_id, one.file.sha256) for one in self._backlog}
            self._backlog += [one for one in await self._unremembered(present)
                              if (one.case_id, one.file.sha256) not in there]
        part, self._backlog = self._backlog[:AT_ONCE], self._backlog[AT_ONCE:]
        left = [one for one in part if not await self._remember_or_give_up(one)]
        self._backlog += left
        return len(part) - len(left)

    async def _unremembered(self, cases: Sequence[Case]) -> list[Unremembered]:
        """Citizens' photos and those of earlier rounds first, then the executors' in order."""
        lacking = {case.id: [one for one in photos_of(case)
                             if (case.id, one.file.sha256) not in self._remembered]
                   for case in cases}
        ids = [number for number, photos in lacking.items() if photos]
        if not ids:
            return []
        async with self.office.work() as work:
            known = await work.fingerprints.of_cases(ids)
        self._remembered |= {(one.case_id, one.sha256) for one in known}
        found = [one for number in ids for one in lacking[number]
                 if (number, one.file.sha256) not in self._remembered]
        return sorted(found, key=lambda one: one.order)

    async def _remember_or_give_up(self, one: Unremembered) -> bool:
        """Whether it is done with."""
        key = f"memory:{one.case_id}:{one.file.sha256}"
        if not self._may_try(key):
            return False
        try:
            await self._take_in(one)
        except JudgeBusyError:
            return False
        except (PhotoNotReadError, NotFoundError) as fault:
            log.info("%s is not remembered: %s", key, fault)
        except Exception as fault:  # one bad photo must not keep the others from being remembered
            if self._failed(key, fault) < TRIES:
                return False
        self._faults.pop(key, None)
        self._remembered.add((one.case_id, one.file.sha256))
        return True

    async def _take_in(self, one: Unremembered) -> None:
        content = await self.office.files.get(one.file)
        fingerprint = await self.judge.fingerprint(content)
        waiting = one.waiting
        if waiting is not None and waiting.photo.verdict != REUSED:
            nothing = Judgement("", 0.0, "", waiting.photo.findings)
            said, earlier = await self._unless_used_before(waiting, content, fingerprint, nothing)
            if earlier is not None:
                await self._save(waiting, await self._photo_of(
                    waiting, waiting.photo, said, waiting.photo.reference, earlier), again=True)
        if one.kind is PhotoKind.CITIZEN:
            await PhotoKin(self.office, self.judge, self.memory).note(
                one.case_id, one.file, content, fingerprint)
        await self._remember(one.case_id, one.file, one.kind, fingerprint)

    async def _remember(self, case_id: int, file: FileRef, kind: PhotoKind, fingerprint: bytes
                        ) -> None:
        await self.memory.remember(PhotoPrint(file.sha256, case_id, kind, fingerprint))
        self._remembered.add((case_id, file.sha256))


def _is_photo(said: Judgement) -> bool:
    return not said.verdict.startswith(NO_PHOTO)


def _rank(said: Judgement) -> tuple[bool, bool, bool, float]:
    """The best fit counts; a copy of any of the citizen's photos fits none of them."""
    return (said.verdict == REUSED, said.verdict == SAME_ANGLE, said.verdict not in TO_RETAKE,
            said.confidence)


def judged(act: Act, key: int, photo: Photo, where: Where | None = None) -> None:
    """Write the verdict beside the photo; tell the executor (R17, R23).

    A reason that a person gave for keeping it stands, but not against a new allegation. ``where``
    it was taken is noted of a photo of the place alone (R44). Raises NotFoundError where the photo
    was taken back meanwhile.
    """
    part = act.case.part(key)
    files = (photo.file, photo.original)
    before = next((one for one in part.photos if one.file in files), None)
    if before is None:
        raise NotFoundError("Этой фотографии уже нет в поручении.")
    override = before.override if before.verdict in {"", photo.verdict} else ""
    photo = replace(photo, override=override)
    photos = tuple(photo if one is before else one for one in part.photos)
    act.case = act.case.with_part(replace(part, photos=photos))
    details = {"verdict": photo.verdict, "confidence": f"{photo.confidence:.2f}"}
    if photo.used_in is not None:
        details["used_in"] = str(photo.used_in)
    if photo.verdict in OF_THE_PLACE:
        details |= located_at(where)
    act.facts.append(act.fact(f"part:{key}", "photo_judged", clause="4.6¶2 ракурс",
                              requirement="R17", details=details))
    act.tell(NoticeKind.PHOTO_VERDICT, [photo.by_id], about=photo.file.sha256[:16],
             facts={"photo": photo.file.sha256, "part": str(key)})


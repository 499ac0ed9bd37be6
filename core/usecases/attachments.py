"""What goes beside the answer: scans taken on and taken back, photos made lighter (R22)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Protocol

from core import access
from core import draft as drafting
from core.case import Case
from core.draft import Draft
from core.errors import MoveNotAllowedError, NotAcceptedError, NotFoundError
from core.files import FileRef
from core.notices import NoticeKind
from core.people import Actor, Channel
from core.photos import formats
from core.photos.workers import PhotoNotReadError
from core.ports import FileStore
from core.regulation.terms import Event, Role
from core.usecases.execution import still_at_work
from core.usecases.office import Act, CaseRef, Office
from core.wordforms import megabytes

LIGHTER = "lighter"
"""How the journal names photos made lighter."""
WORTH_IT = 300_000
"""Bytes below which a picture is left as it is."""


class Lightener(Protocol):
    """Makes photos lighter in the photo judge's worker process."""

    async def lighter(self, data: bytes) -> bytes:
        """The same photo in fewer bytes, or the same bytes; raises PhotoNotReadError,
        JudgeBusyError and JudgeFailedError."""
        ...


def attach(act: Act, file: FileRef) -> None:
    """A scan beside the draft (4.6¶6): into this version, or a new one where it has gone on."""
    draft = _draft_of_lead(act)
    drafting.accept_scan(file)
    if any(one.sha256 == file.sha256 for one in draft.files):
        raise NotAcceptedError(f"«{file.name}» уже приложен к проекту ответа.")
    drafting.accept_while_working((*act.case.attachments, file))
    _with_files(act, draft, (*draft.files, file), file)


def detach(act: Act, sha256: str) -> None:
    """A document beside the draft is taken back."""
    draft = _draft_of_lead(act)
    file = next((one for one in draft.files if one.sha256.startswith(sha256)), None)
    if file is None:
        raise NotFoundError("Этого документа уже нет в проекте ответа.")
    _with_files(act, draft, tuple(one for one in draft.files if one is not file), file)


def _draft_of_lead(act: Act) -> Draft:
    if act.case.draft is None:
        raise NotAcceptedError("Сначала подготовьте проект ответа, затем приложите документы.")
    return act.case.draft


def _with_files(act: Act, draft: Draft, files: tuple[FileRef, ...], changed: FileRef) -> None:
    last = next((one.event for one in reversed(act.case.history)
                 if one.event in {Event.SAVE_DRAFT, Event.SUBMIT_DRAFT}), None)
    act.move(Event.SAVE_DRAFT, {"kind": draft.kind.value, "file": changed.sha256[:12]})
    if last is Event.SUBMIT_DRAFT:
        fresh = replace(draft, version=draft.version + 1, files=files, at=act.at,
                        author_id=act.actor.person_id or 0, insisted="", findings=())
        act.case = replace(act.case, drafts=(*act.case.drafts, fresh))
    else:
        act.case = replace(act.case, drafts=(*act.case.drafts[:-1], replace(draft, files=files)))


def made_lighter(act: Act, lighter: Mapping[str, FileRef]) -> None:
    """Photos and scans replaced by lighter copies, by the hash of what they replace (4.6¶6).

    The file that was sent is kept beside each photo; what was said of it stands.
    """
    still_at_work(act)
    saved = 0
    for part in act.case.parts:
        photos = tuple(
            replace(photo, file=lighter[photo.file.sha256], original=photo.original or photo.file)
            if photo.file.sha256 in lighter else photo for photo in part.photos)
        saved += sum(old.file.size - new.file.size
                     for old, new in zip(part.photos, photos, strict=True))
        act.case = act.case.with_part(replace(part, photos=photos))
    draft = act.case.draft
    if draft is not None:
        files = tuple(lighter.get(one.sha256, one) for one in draft.files)
        saved += sum(old.size - new.size for old, new in zip(draft.files, files, strict=True))
        act.case = replace(act.case, drafts=(*act.case.drafts[:-1], replace(draft, files=files)))
    act.facts.append(act.fact("case", LIGHTER, clause="4.6¶6 форматы", requirement="R22",
                              details={"saved": str(saved)}))


@dataclass(frozen=True, slots=True)
class Weight:
    """How many bytes go with the answer, before and after."""

    before: int
    after: int

    @property
    def said(self) -> str:
        """For the letter about it."""
        if self.after >= self.before:
            return ("Сжать не удалось, фотографии уже малы. Уберите лишние: вместе "
                    f"{megabytes(self.before)}.")
        rest = (" Этого мало: уберите ещё что-нибудь."
                if self.after > drafting.MOST_TOGETHER else "")
        return (f"Фотографии сжаты: было {megabytes(self.before)}, стало "
                f"{megabytes(self.after)}. Размер снимков в точках, дата и место съёмки "
                f"сохранены.{rest}")


def ask_lighter(act: Act) -> None:
    """By letter: the photos are made lighter afterwards, the result comes by letter (4.6¶6)."""
    if access.part_of(act.case, act.person) is None:
        raise NotFoundError("У вас нет поручения по этому сообщению.")
    still_at_work(act)
    if not any(_worth_it(one) for one in act.case.attachments):
        raise NotAcceptedError("Сжимать нечего: больших фотографий среди приложений нет.")
    act.case = replace(act.case, lighten_for=act.actor.person_id)


def answer_asked(act: Act, said: str) -> None:
    """Who asked by letter hears what came of it."""
    asked, act.case = act.case.lighten_for, replace(act.case, lighten_for=None)
    act.tell(NoticeKind.REPLY, [asked], about="lighter", facts={"said": said})


def _worth_it(file: FileRef) -> bool:
    return file.media_type in formats.PHOTOS and file.size >= WORTH_IT


@dataclass(frozen=True, slots=True)
class Attachments:
    """The lead's and the co-executors' word on the size of what they send."""

    office: Office
    lightener: Lightener

    async def lighten(self, actor: Actor, case_id: int) -> Weight:
        """Make the photos and scans of a case lighter; the executors may ask for it.

        Each is coded outside any transaction; one that cannot be read stays as it is.
        """
        async with self.office.work() as work:
            act = await self.office.begin(work, actor, CaseRef(case_id))
        roles = access.roles_in(act.case, actor)
        if Role.LEAD not in roles and access.part_of(act.case, actor.person) is None:
            raise MoveNotAllowedError("Фотографии сжимают исполнители сообщения.")
        lighter = {}
        for file in act.case.attachments:
            if _worth_it(file):
                made = await self._lighter(file, self.office.files)
                if made is not None:
                    lighter[file.sha256] = made
        before = sum(one.size for one in act.case.attachments)
        if not lighter:
            return Weight(before, before)
        case = await self.office.do(actor, CaseRef(case_id), made_lighter, lighter)
        return Weight(before, sum(one.size for one in case.attachments))

    async def lighten_asked(self, case: Case) -> None:
        """Do what somebody asked by letter; raises as :meth:`lighten` and the judge do."""
        async with self.office.work() as work:
            person = (await work.people.directory()).people.get(case.lighten_for or 0)
        weight = await self.lighten(
            Actor(Channel.EMAIL, f"lighter:{case.id}:{case.version}", person), case.id)
        await self.say(case, weight.said)

    async def say(self, case: Case, said: str) -> None:
        """Answer who asked."""
        system = Actor(Channel.SYSTEM, f"lighter:{case.id}:{case.version}:said",
                       speaks_for=frozenset({Role.SYSTEM}))
        await self.office.do(system, CaseRef(case.id), answer_asked, said)

    async def _lighter(self, file: FileRef, files: FileStore) -> FileRef | None:
        try:
            content = await self.lightener.lighter(await files.get(file))
        except PhotoNotReadError:
            return None
        if len(content) >= file.size:
            return None
        kind = formats.media_type(content, file.media_type)
        name = file.name if kind == file.media_type else f"{PurePath(file.name).stem}.jpg"
        return await files.put(content, name, kind)

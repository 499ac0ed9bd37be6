"""A case through its rounds: the returns side by side, the approval lists (R46, R50)."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from core import privacy
from core.approval import ApprovalSheet, ApprovalStep
from core.assignment import Assignment
from core.case import Case, CitizenMessage, PastRound
from core.documents import making, pictures
from core.documents.house import Templates
from core.documents.values import (
    Approval,
    ApprovalDocument,
    Executor,
    Picture,
    ReturnsDocument,
    RoundRow,
    Side,
)
from core.files import FileRef
from core.outbound import LetterFile
from core.people import Directory
from core.regulation.terms import AssignmentState
from core.usecases.office import Office
from core.usecases.readable import readable

PDF = "application/pdf"
TO_ANSWER = "подготовьте новый, с учётом того, что написал пользователь"
MOST_PHOTOS = 4
"""Of one party in one round; the others are in the case's files."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """Makes the documents that look back."""

    office: Office
    templates: Templates

    async def returned(self, case: Case, now: str = TO_ANSWER) -> tuple[LetterFile, ...]:
        """The user's words and photos beside what was answered, round by round (R46): PDF, and
        its first page as a picture. Names and contacts are masked (4.1).

        ``now`` stands where there is no answer yet.
        """
        rows = [RoundRow(await self._said(past.message, past.number, case.past[:place]),
                         await self._answered(past))
                for place, past in enumerate(case.past)]
        rows.append(RoundRow(await self._said(case.message, case.round, case.past)))
        rows.reverse()  # what must be answered now stands first
        document = ReturnsDocument(
            case.number, case.message.topic or "Сообщение пользователя", case.message.place,
            case.returns, tuple(rows), case.received_at, now)
        pdf = await asyncio.to_thread(making.to_pdf, document, self.templates)
        pages = await asyncio.to_thread(making.to_pages, document, self.templates)
        name = making.file_name(document, "pdf")
        return (LetterFile(name.replace(".pdf", ".png"), "image/png", pages[0]),
                LetterFile(name, PDF, pdf))

    async def _said(self, message: CitizenMessage, number: int, before: Sequence[PastRound]
                    ) -> Side:
        known = {file.sha256 for past in before for file in past.message.photos}
        when = f" от {message.sent_on:%d.%m.%Y}" if message.sent_on else ""
        title = f"Возврат {number - 1}{when}" if number > 1 else f"Сообщение{when}"
        fresh = [file for file in message.photos if file.sha256 not in known]
        return Side(title, privacy.masked(message.text, message.named),
                    await self._pictures(fresh))

    async def _answered(self, past: PastRound) -> Side | None:
        if past.answer is None:
            return None
        on = self.office.calendar.local_date(past.registered_at) if past.registered_at else None
        number = f" № {past.answer_number}" if past.answer_number else ""
        when = f" от {on:%d.%m.%Y}" if on else ""
        interim = [f"Промежуточный ответ № {one.number}: {one.answer.text}" for one in past.given]
        return Side(f"Ответ{number}{when} ({past.answer.kind.label})",
                    "\n".join((*interim, past.answer.text)),
                    await self._pictures(work_photos(past.parts)))

    async def _pictures(self, files: Iterable[FileRef]) -> tuple[Picture, ...]:
        found = [Picture((await readable(self.office, one)).content, name=one.name)
                 for one in list(files)[:MOST_PHOTOS]]
        opening = await asyncio.to_thread(lambda: [pictures.opens(one) for one in found])
        return tuple(one for one, fit in zip(found, opening, strict=True) if fit)

    async def approval_sheets(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """The approval list of each round, every version's decisions in it (4.6¶9-10)."""
        rounds = [(past.number, past.sheets, past.answer.author_id if past.answer else None)
                  for past in case.past]
        present = (*case.sheets, *((case.sheet,) if case.sheet else ()))
        rounds.append((case.round, present, case.draft.author_id if case.draft else None))
        made = []
        for number, sheets, author in rounds:
            if not sheets:
                continue
            document = self._list(case, sheets, directory, author)
            pdf = await asyncio.to_thread(making.to_pdf, document, self.templates)
            made.append(LetterFile(f"Лист согласования, круг {number}.pdf", PDF, pdf))
        return tuple(made)

    def _list(self, case: Case, sheets: Sequence[ApprovalSheet], directory: Directory,
              author_id: int | None) -> ApprovalDocument:
        last = sheets[-1]
        zone = self.office.calendar.zone
        rows = [_line(sheet, step, directory, zone, void=sheet is not last)
                for sheet in sheets for step in sheet.steps]
        decided = [step.at for sheet in sheets for step in sheet.steps if step.at]
        author = directory.people.get(author_id or 0)
        return ApprovalDocument(
            case.number, f"по теме «{case.message.topic or 'сообщение пользователя'}»",
            last.draft_version, tuple(rows),
            Executor(author.name, author.post) if author else Executor("Исполнитель"),
            max(decided, default=case.received_at).astimezone(zone))


def _line(sheet: ApprovalSheet, step: ApprovalStep, directory: Directory, zone: tzinfo, *,
          void: bool) -> Approval:
    person = directory.people.get(step.approver_id)
    body = directory.body_of(person) if person else None
    return Approval(
        person.short_name if person else "сотрудник не указан", person.post if person else "",
        body.name if body else "", step.version or sheet.draft_version,
        step.decision.label.capitalize() if step.decision else "",
        step.at.astimezone(zone) if step.at else None, step.remark,
        void=void and step.decision is not None)


def work_photos(parts: Sequence[Assignment]) -> tuple[FileRef, ...]:
    """The photos of the work in those parts; not of who declined."""
    return tuple(photo.file for part in parts if part.state is not AssignmentState.DECLINED
                 for photo in part.photos)

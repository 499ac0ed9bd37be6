"""Cases, letters and digests as documents; made in a worker thread, outside any transaction."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import PurePath

from core import answercard
from core.assignment import Photo
from core.calendar import WorkingCalendar
from core.cards import CaseLine, Digest
from core.case import Case, Given, PastRound, Signature
from core.documents import making
from core.documents.house import BUILT_IN, Templates
from core.documents.values import (
    AnswerDocument,
    Cell,
    Column,
    ElectronicSignature,
    Executor,
    Kind,
    LetterDocument,
    Letterhead,
    PhotoRow,
    Picture,
    RegisterDocument,
    Registration,
    ReportDocument,
    Section,
    Signatory,
)
from core.draft import Draft
from core.errors import NotFoundError
from core.files import FileRef, handed_on
from core.letters import Letter
from core.outbound import LetterFile
from core.people import Directory, Person
from core.regulation.terms import AnswerKind, AssignmentState, Event, LetterForm, Role
from core.usecases.office import Office
from core.usecases.rounds import Rounds

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TO_DECIDE = "решение о закрытии за оператором"
"""What stands beside the last return in the operator's package."""
MOST_PHOTOS = 12
"""Photos printed in the document; all of them go beside it as files."""


@dataclass(frozen=True, slots=True)
class Papers:
    """Makes documents from what the core knows."""

    office: Office
    templates: Templates = BUILT_IN

    async def answer(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """PDF and DOCX of the answer, its card, and the files that confirm the work (4.6¶6-8)."""
        document = await self._answer(case, directory)
        name = case.answer_number.replace("/", "-") or f"{case.number} проект"
        pdf = await asyncio.to_thread(making.to_pdf, document, self.templates)
        docx = await asyncio.to_thread(making.to_docx, document, self.templates)
        draft = case.draft
        signature = case.signature
        signed = (*signature.documents, signature.file) if signature and signature.file else ()
        files = [*(photo.file for photo in case.photos), *(draft.files if draft else ()), *signed]
        beside = (
            LetterFile(f"Ответ {name}.pdf", PDF, pdf),
            LetterFile(f"Ответ {name}.docx", DOCX, docx),
            *[await self._stored(file) for file in files],
        )
        card = answercard.as_xml(case, directory, beside)
        return (*beside, LetterFile("card.xml", "application/xml", card))

    async def preview(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """The draft as PDF and its first page as a picture."""
        document = await self._answer(case, directory)
        pdf = await asyncio.to_thread(making.to_pdf, document, self.templates)
        page = await asyncio.to_thread(making.to_preview, document, self.templates)
        return (LetterFile("Проект ответа.pdf", PDF, pdf),
                LetterFile("Проект ответа.png", "image/png", page))

    async def closing(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """For the operator or the commission (2.1¶2-3): every answer given on a case, interim
        ones too, and the user's words beside them."""
        given = [await self._given(case, past, one, directory) for past in case.past
                 for one in past.answers]
        sides = await Rounds(self.office, self.templates).returned(case, TO_DECIDE)
        return (*given, *(one for one in sides if one.media_type == PDF),
                *[await self._stored(file) for file in handed_on(case.message.files)])

    async def interim(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """This round's interim answers as they were given (4.6¶5)."""
        now = PastRound(case.round, None, "", case.received_at, case.message, case.parts,
                        case.official_id, received_at=case.received_at)
        return tuple([await self._given(case, now, one, directory) for one in case.given])

    async def _given(self, case: Case, past: PastRound, given: Given, directory: Directory
                     ) -> LetterFile:
        """An answer with the photos that there were when it was written."""
        photos = [photo for part in past.parts if part.state is not AssignmentState.DECLINED
                  for photo in part.photos if photo.at <= given.answer.at]
        rows = tuple([await self._pair(photo) for photo in photos[:MOST_PHOTOS]])
        document = self._values(case, given.answer, directory, photos=rows, past=replace(
            past, answer_number=given.number, registered_at=given.registered_at,
            signature=given.signature))
        pdf = await asyncio.to_thread(making.to_pdf, document, self.templates)
        return LetterFile(f"Ответ {given.number.replace('/', '-')}.pdf", PDF, pdf)

    async def returned(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """The earlier answers beside the user's words and photos, for the executor (R46)."""
        return await Rounds(self.office, self.templates).returned(case)

    async def approval_sheets(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """The approval list of each round (4.6¶9-10)."""
        return await Rounds(self.office, self.templates).approval_sheets(case, directory)

    async def letter(self, letter: Letter, directory: Directory) -> tuple[LetterFile, ...]:
        """The letter on its form, to be printed and signed by hand (5¶3)."""
        pdf = await asyncio.to_thread(
            making.to_pdf, self._letter(letter, directory), self.templates)
        return (LetterFile(f"Письмо по {letter.case_number}.pdf", PDF, pdf),)

    async def register(self, register: RegisterDocument) -> tuple[LetterFile, ...]:
        """A dispatch register as PDF, to be signed, and as a workbook (5¶4, R36)."""
        pdf = await asyncio.to_thread(making.to_pdf, register, self.templates)
        xlsx = await asyncio.to_thread(making.to_xlsx, register)
        name = f"Реестр отправки {register.first_day:%d.%m.%Y}–{register.last_day:%d.%m.%Y}"
        return LetterFile(f"{name}.pdf", PDF, pdf), LetterFile(f"{name}.xlsx", XLSX, xlsx)

    async def digest(self, digest: Digest) -> tuple[LetterFile, ...]:
        """The digest's lists as a workbook."""
        xlsx = await asyncio.to_thread(making.to_xlsx, self._digest(digest))
        return (LetterFile(f"Сводка {digest.on:%d.%m.%Y}.xlsx", XLSX, xlsx),)

    async def _stored(self, file: FileRef) -> LetterFile:
        return LetterFile(file.name, file.media_type, await self.office.files.get(file))

    async def _answer(self, case: Case, directory: Directory) -> AnswerDocument:
        if case.draft is None:
            raise NotFoundError("Проекта ответа ещё нет.")
        rows = tuple([await self._pair(photo) for photo in case.photos[:MOST_PHOTOS]])
        return self._values(case, case.draft, directory, photos=rows)

    async def _pair(self, photo: Photo) -> PhotoRow:
        after = await self.office.files.get(photo.file)
        before = await self.office.files.get(photo.reference) if photo.reference else None
        return PhotoRow(
            before=Picture(before, name=photo.reference.name)
            if before and photo.reference else None,
            after=Picture(after, name=photo.file.name))

    def _values(self, case: Case, draft: Draft, directory: Directory, *,
                photos: tuple[PhotoRow, ...] = (), past: PastRound | None = None
                ) -> AnswerDocument:
        calendar = self.office.calendar
        message, received_at = (past.message, past.received_at) if past else (
            case.message, case.received_at)
        number = past.answer_number if past else case.answer_number
        registered_at = (past.registered_at if past else
                         case.last_moment_of(Event.CONFIRM_FORM)) or draft.at
        signature = past.signature if past else case.signature
        return AnswerDocument(
            case_number=case.number, topic=message.topic or "Сообщение пользователя",
            place=message.place, result=draft.kind.label.capitalize(), text=draft.text,
            signatory=_signatory(directory.people.get(case.signatory_id or 0)),
            executor=_executor(directory.people.get(draft.author_id), directory),
            made_at=draft.at,
            received_on=calendar.local_date(received_at) if received_at else None,
            final_answer_on=draft.promised_on if draft.kind is AnswerKind.INTERIM else None,
            registration=Registration(
                number, calendar.local_date(registered_at)) if number else None,
            signature=_stamp(signature, calendar) if signature else None,
            version=None if number else draft.version,
            attachments=tuple(_titled(file) for file in draft.files), photos=photos)

    def _letter(self, letter: Letter, directory: Directory) -> LetterDocument:
        addressee = directory.bodies[letter.addressee_id]
        own = directory.bodies.get(letter.body_id)
        author = directory.people.get(letter.author_id)
        on_body_form = letter.form is LetterForm.BODY and own is not None
        head = _head_of(letter.body_id, directory) if on_body_form else _signer(directory)
        return LetterDocument(
            addressee=tuple(one for one in (addressee.name, addressee.address) if one),
            subject=letter.subject or "О рассмотрении сообщения", text=letter.text,
            signatory=_signatory(head), executor=_executor(author, directory),
            made_at=letter.history[0].at, case_number=letter.case_number,
            letterhead=Letterhead(self.templates.style.letterhead.authority, own.name,
                                  tuple(one for one in (own.address, own.phone) if one))
            if on_body_form and own is not None else None)

    def _digest(self, digest: Digest) -> ReportDocument:
        columns = (Column("Номер"), Column("Тема"), Column("Адрес"), Column("Состояние"),
                   Column("Срок", Kind.DATE), Column("Осталось рабочих дней", Kind.NUMBER),
                   Column("У кого"))

        def rows(lines: tuple[CaseLine, ...]) -> tuple[tuple[Cell, ...], ...]:
            return tuple((line.number, line.topic, line.place, line.state_label,
                          line.due.due_on if line.due else None,
                          line.due.left if line.due else None, line.holder) for line in lines)

        lists = (("Просрочено", digest.overdue), ("Срок сегодня", digest.due_today),
                 ("Под угрозой", digest.at_risk), ("Возвращено пользователями", digest.returned))
        sections = tuple(Section(title, columns, rows(lines)) for title, lines in lists if lines)
        if digest.letters:
            sections = (*sections, Section("Письма без ответа", (
                Column("Сообщение"), Column("Письмо"), Column("Кому"),
                Column("Отправлено", Kind.DATE), Column("Рабочих дней без ответа", Kind.NUMBER)),
                tuple((one.case_number, one.number, one.to, one.sent_on, one.waits)
                      for one in digest.letters)))
        moment = self.office.calendar.start_of_work(digest.on)
        return ReportDocument("Сводка упреждающего контроля", f"{digest.on:%d.%m.%Y}",
                              sections, moment, landscape=True, to_approve=False)


def _titled(file: FileRef) -> str:
    """«акт осмотра.pdf» as a document is called among the attachments: «Акт осмотра»."""
    name = PurePath(file.name).stem.replace("_", " ").strip() or file.name
    return f"{name[0].upper()}{name[1:]}"


def _stamp(signature: Signature, calendar: WorkingCalendar) -> ElectronicSignature:
    """The stamp of the page: by the certificate where its file is here, else as МСЭД says."""
    proof = signature.proof
    if proof is None:
        return ElectronicSignature(signature.signer, "в МСЭД", calendar.local_date(signature.at))
    return ElectronicSignature(
        proof.owner, proof.certificate or "не указан",
        calendar.local_date(proof.signed_at or signature.at),
        calendar.local_date(proof.valid_from) if proof.valid_from else None,
        calendar.local_date(proof.valid_until) if proof.valid_until else None)


def _signatory(person: Person | None) -> Signatory:
    if person is None:
        return Signatory("Уполномоченное должностное лицо", "")
    family, *rest = person.name.split()
    return Signatory(person.post, f"{''.join(f'{word[0]}.' for word in rest)} {family}".strip())


def _executor(person: Person | None, directory: Directory) -> Executor:
    if person is None:
        return Executor("Исполнитель")
    body = directory.body_of(person)
    post = person.post if person.post[1:2].isupper() else (
        f"{person.post[:1].lower()}{person.post[1:]}")
    return Executor(person.name, post, body.phone if body else "")


def _head_of(body_id: int, directory: Directory) -> Person | None:
    return next((one for one in directory.holding(Role.HEAD_OF_BODY)
                 if one.body_id == body_id), None)


def _signer(directory: Directory) -> Person | None:
    return next(iter(directory.holding(Role.SIGNATORY)), None)



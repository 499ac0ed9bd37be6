"""Parcels: a notice with all that its courier needs, put together at the moment of sending."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from core import access
from core.cards import CaseCard, CaseLine, Digest
from core.case import Case
from core.documents.values import RegisterDocument
from core.files import FileRef, handed_on
from core.letters import Letter
from core.notices import NoticeKind, OutboxRow
from core.outbound import LetterFile, RefusedError
from core.people import Actor, Body, Channel, Directory, Person
from core.ports import StoredMail, Token, UnitOfWork
from core.regulation.terms import Role, State
from core.reports.book import Report, Standing
from core.usecases.control import Control
from core.usecases.lookups import Lookups
from core.usecases.office import CaseRef, Office
from core.usecases.post import from_outside
from core.usecases.readable import readable
from core.usecases.registers import Registers
from core.usecases.reuse import reveal
from core.usecases.signing import hand_over
from core.usecases.tokens import (
    TO_CONFIRM,
    TO_ORGANISATIONS,
    about_no_case,
    key_of,
    token_for,
    token_hash,
)

KEY = 12
MOST_PICTURES = 4
"""Before-and-after pictures that an approver is shown at once; the others by «Сравнение фото»."""
REPEATED = "repeated"
"""How the outbox notes that a card was perhaps sent before."""

REPORTS = frozenset({*TO_CONFIRM, NoticeKind.REPORT})

DOCUMENTS = frozenset({
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document"})
"""The answer itself comes first among its files, in these two forms."""
MOST_ATTACHED = 10 * 1024 * 1024
"""Bytes of the files of a letter that came which are passed on with a notice about it."""
MOST_AWAITING = 5
"""Of our letters that an unclear one may answer so many are named."""
ABOUT_DRAFT = frozenset({NoticeKind.TO_APPROVE, NoticeKind.TO_SIGN})


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that a courier needs to word and send one notice; nothing is looked up any more."""

    row_id: int
    kind: NoticeKind
    facts: Mapping[str, str]
    person: Person | None = None
    address: str = ""
    case: Case | None = field(default=None, repr=False)
    card: CaseCard | None = field(default=None, repr=False)
    digest: Digest | None = None
    letter: Letter | None = None
    body: Body | None = None
    directory: Directory = field(default_factory=Directory, repr=False)
    files: tuple[LetterFile, ...] = field(default=(), repr=False)
    token: str = ""
    key: str = ""
    """Unguessable, the same for every try: it shows that a mail server's report is about ours."""
    repeated: bool = False
    more: tuple["Parcel", ...] = field(default=(), repr=False)
    """What else is said in the same message."""
    lines: tuple[CaseLine, ...] = ()
    """For MY_DAY: what waits for the person."""
    reports: tuple[Report, ...] = ()
    """The report that the notice is about; of a reminder, those that wait."""

    mail: StoredMail | None = field(default=None, repr=False)
    """The letter that came, which the notice is about."""
    awaiting: tuple[tuple[Letter, str], ...] = ()
    """For UNCLEAR_MAIL: our letters that it may answer, with their addressees."""
    may_open: bool = True
    """Whether the reader may still look the case up (4.1)."""

    @property
    def report(self) -> Report | None:
        """The report, or the first of those that wait."""
        return self.reports[0] if self.reports else None

    @property
    def file(self) -> LetterFile | None:
        """The first file, for notices that show a picture."""
        return self.files[0] if self.files else None


class Leaving(Protocol):
    """Notes that a parcel is about to go: until then a crash leaves no doubt."""

    async def __call__(self, raw: bytes = b"") -> None:
        """``raw`` is the letter byte for byte, where it is one: it is kept for the case file."""
        ...


async def at_once(raw: bytes = b"") -> None:
    """A ``Leaving`` that notes nothing."""


class Courier(Protocol):
    """A face that carries parcels: Telegram or e-mail."""

    async def deliver(self, parcel: Parcel, leaving: Leaving) -> str:
        """Send; returns a reference to what was sent (message id, Message-ID).

        ``leaving`` is awaited when all is ready, before anything goes on the line. Raises
        TryLaterError, RefusedError or InDoubtError, and lets pass what ``leaving`` raises.
        """
        ...


class Papers(Protocol):
    """Makes the documents that go with a parcel (PDF, DOCX, XLSX), in a worker thread."""

    async def answer(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """The answer to a citizen's message with its attachments (4.6¶8)."""
        ...

    async def returned(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """The earlier answers beside the citizen's words and photos (R46)."""
        ...

    async def closing(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """All answers of a case for the operator or the commission (R47)."""
        ...

    async def letter(self, letter: Letter, directory: Directory) -> tuple[LetterFile, ...]:
        """A letter outside МСЭД on its form, to be signed by hand (5¶3)."""
        ...

    async def register(self, register: RegisterDocument) -> tuple[LetterFile, ...]:
        """A dispatch register (R36)."""
        ...

    async def digest(self, digest: Digest) -> tuple[LetterFile, ...]:
        """The digest as a table."""
        ...


async def _reports(work: UnitOfWork, row: OutboxRow) -> tuple[Report, ...]:
    """Of a reminder those that still wait; if none does any more, what it was about."""
    found = tuple([await work.reports.get(int(one))
                   for one in row.notice.facts["report"].split()])
    if row.notice.kind is not NoticeKind.REPORT_WAITS:
        return found
    return tuple(one for one in found if one.standing is Standing.READY) or found[:1]


async def _mail(work: UnitOfWork, row: OutboxRow) -> StoredMail | None:
    """The letter that the notice is about; an unclear one is shown by e-mail alone (4.1)."""
    kind = row.notice.kind
    if kind is NoticeKind.MAIL_JOINED or (
            kind is NoticeKind.UNCLEAR_MAIL and row.channel is Channel.EMAIL):
        return await work.mailbox.get(int(row.notice.facts["mail"]))
    return None


@dataclass(frozen=True, slots=True)
class Packer:
    """Puts parcels together."""

    office: Office
    lookups: Lookups
    control: Control
    papers: Papers

    async def pack(self, row: OutboxRow) -> Parcel:
        """Everything that the courier of the row needs, read at the moment of sending."""
        notice = row.notice
        async with self.office.work() as work:
            directory = await work.people.directory()
            case = await work.cases.get(notice.case_id) if notice.case_id else None
            letter = (await work.letters.get(int(notice.facts["letter"]))
                      if "letter" in notice.facts else None)
            reports = await _reports(work, row) if notice.kind in REPORTS else ()
            person = directory.people.get(notice.person_id or 0)
            case = case and await reveal(work, case, person, directory)
            card = await self._card(work, row, case, person)
            token = await self._token(work, row, case, person, letter)
            mail = await _mail(work, row)
        if notice.person_id is not None and not directory.is_working(notice.person_id):
            raise RefusedError("Сотрудник больше не работает с сообщениями.")
        body = directory.bodies.get(letter.addressee_id) if letter else None
        now_at = body.email if body and notice.kind in TO_ORGANISATIONS else ""
        parcel = Parcel(
            row_id=row.id, kind=notice.kind, facts=notice.facts, person=person,
            address=now_at or notice.address or (person.email if person else ""), case=case,
            card=card, may_open=case is None or person is None or access.may_read(
                case, person, directory), letter=letter, reports=reports, body=body, mail=mail,
            directory=directory, token=token,
            key=self.office.secret.token(f"message:{row.id}")[:KEY],
            repeated=row.last_error.startswith(REPEATED))
        parcel = await self._with_papers(parcel)
        if parcel.kind is NoticeKind.TO_SIGN:
            await self._hand_over(row, parcel)
        return parcel

    async def _hand_over(self, row: OutboxRow, parcel: Parcel) -> None:
        """Keep the document that goes to the signatory, byte for byte (R32)."""
        case = parcel.case
        if case is None or case.draft is None or case.state is not State.SIGNING:
            return
        documents = tuple([await self.office.files.put(one.content, one.name, one.media_type)
                           for one in parcel.files[:2] if one.media_type in DOCUMENTS])
        if case.to_sign == documents:
            return
        system = Actor(Channel.SYSTEM, f"outbox:{row.id}", speaks_for=frozenset({Role.SYSTEM}))
        async with self.office.work() as work, self.office.act(
                work, system, CaseRef(case.id)) as act:
            hand_over(act, documents, case.draft.version)

    async def _card(self, work: UnitOfWork, row: OutboxRow, case: Case | None,
                    person: Person | None) -> CaseCard | None:
        if case is None or person is None:
            return None
        reader = Actor(row.channel, f"outbox:{row.id}", person)
        return await self.lookups.card_in(work, reader, case, checked=True)

    async def _token(self, work: UnitOfWork, row: OutboxRow, case: Case | None,
                     person: Person | None, letter: Letter | None) -> str:
        """A key for the answer, the same for every try of the same row."""
        if row.channel is not Channel.EMAIL:
            return ""
        alone = about_no_case(row.notice)
        if not alone and (case is None or (
                row.notice.person_id is None and row.notice.kind not in TO_ORGANISATIONS)):
            return ""
        token = key_of(self.office.secret, row.id)
        if await work.tokens.find(token_hash(token)) is None:
            made = (Token(alone, person_id=row.notice.person_id) if alone or case is None
                    else token_for(row.notice, case, person, letter.id if letter else None))
            await work.tokens.add(token_hash(token), made, self.office.clock.now())
        return token

    async def _with_papers(self, parcel: Parcel) -> Parcel:
        if parcel.kind is NoticeKind.DIGEST:
            digest = await self.control.digest()
            return replace(parcel, digest=digest, files=await self.papers.digest(digest))
        if parcel.report is not None:
            files = parcel.report.files if len(parcel.reports) == 1 else ()
            return replace(parcel, files=await self._stored(*files))
        if parcel.kind is NoticeKind.MY_DAY and parcel.person is not None:
            return replace(parcel, lines=tuple(await self.lookups.mine(parcel.person)))
        if parcel.kind is NoticeKind.DISPATCH_REGISTER:
            return replace(parcel, files=await self._register(parcel))
        if parcel.mail is not None:
            return await self._about_mail(parcel, parcel.mail)
        if parcel.letter is not None:
            return replace(parcel, files=await self._letter_papers(parcel, parcel.letter))
        if parcel.case is not None:
            return replace(parcel, files=await self._case_papers(parcel, parcel.case))
        return parcel

    async def _about_mail(self, parcel: Parcel, mail: StoredMail) -> Parcel:
        """With its files, where they are not too heavy, and our letters that it may answer."""
        passed = handed_on(mail.files)
        light = sum(one.size for one in passed) <= MOST_ATTACHED
        files = await self._stored(*passed) if light else ()
        asked = parcel.kind is NoticeKind.UNCLEAR_MAIL and parcel.person is not None
        awaiting = (await self.lookups.awaiting_answer(parcel.person, mail.id)
                    if asked and parcel.person and from_outside(mail) else ())
        return replace(parcel, files=files, awaiting=tuple(awaiting[:MOST_AWAITING]))

    async def _register(self, parcel: Parcel) -> tuple[LetterFile, ...]:
        facts = parcel.facts
        first, last = (date.fromisoformat(facts[one]) for one in ("first", "last"))
        return await self.papers.register(await Registers(self.office).document(
            parcel.person, int(facts["sender"]), first, last))

    async def _letter_papers(self, parcel: Parcel, letter: Letter) -> tuple[LetterFile, ...]:
        if parcel.kind is NoticeKind.LETTER_TO_SIGN:
            return await self.papers.letter(letter, parcel.directory)
        if parcel.kind in {*TO_ORGANISATIONS, NoticeKind.LETTER_TO_REGISTER} and letter.scan:
            return await self._stored(letter.scan)
        if parcel.kind is NoticeKind.LETTER_ANSWERED:
            return await self._stored(*handed_on(letter.answer_files))
        return ()

    async def _case_papers(self, parcel: Parcel, case: Case) -> tuple[LetterFile, ...]:
        if parcel.kind in ABOUT_DRAFT and case.draft is None:
            return ()  # the case has moved on since the notice was queued; the card says where
        match parcel.kind:
            case NoticeKind.TO_APPROVE:
                pictures = [one.picture for one in case.photos if one.picture][:MOST_PICTURES]
                return (*await self._stored(*pictures),
                        *await self.papers.answer(case, parcel.directory))
            case NoticeKind.ANSWER_PACKAGE | NoticeKind.TO_SIGN:
                return await self.papers.answer(case, parcel.directory)
            case NoticeKind.CLOSING_PACKAGE:
                return await self.papers.closing(case, parcel.directory)
            case NoticeKind.REDIRECTED:
                return await self._stored(*handed_on(case.message.files))
            case NoticeKind.CITIZEN_RETURN | NoticeKind.ASSIGNMENT:
                return await self._to_start_from(parcel, case)
            case NoticeKind.PHOTO_VERDICT:
                sha256 = parcel.facts.get("photo", "")
                return await self._stored(*(photo.picture for photo in case.photos
                                            if photo.file.sha256 == sha256 and photo.picture))
            case _:
                return ()

    async def _to_start_from(self, parcel: Parcel, case: Case) -> tuple[LetterFile, ...]:
        """The citizen's photos for a new assignment; after a return also what was answered."""
        photos = case.message.photos[:3] if parcel.kind is NoticeKind.ASSIGNMENT else ()
        back = await self.papers.returned(case, parcel.directory) if case.past else ()
        return (*[await readable(self.office, one) for one in photos], *back)

    async def _stored(self, *files: FileRef) -> tuple[LetterFile, ...]:
        return tuple([LetterFile(one.name, one.media_type, await self.office.files.get(one))
                      for one in files])

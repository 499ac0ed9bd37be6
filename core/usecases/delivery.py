"""The outbox's way out: claim in one transaction, send outside any, settle in another.

Certainly not sent: tried again with back-off, then shown to the desk. Perhaps sent: a Telegram card
is repeated once, visibly marked; a letter is in doubt, shown to the desk, never repeated silently.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from core.bell import Bell
from core.cards import CaseCard, Digest
from core.case import Case
from core.errors import AssistantError, NotFoundError
from core.letters import Letter
from core.notices import TO_OUTSIDE, Notice, NoticeKind, OutboxRow
from core.outbound import Delivery as State
from core.outbound import InDoubtError, LetterFile, RefusedError, TryLaterError
from core.people import Actor, Body, Channel, Directory, Person
from core.ports import Token, UnitOfWork
from core.regulation.terms import Event, Role
from core.usecases import execution
from core.usecases.control import Control
from core.usecases.letters import Letters
from core.usecases.lookups import Lookups
from core.usecases.office import CaseRef, Office, address
from core.usecases.replies import PURPOSE_CASE, PURPOSE_LETTER, token_hash

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=3)
ATTEMPTS = 10
FIRST_WAIT = 5.0
LONGEST_WAIT = 1800.0
NEVER_TWICE = frozenset({NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.DIGEST,
                         NoticeKind.PHOTO_VERDICT, NoticeKind.DELIVERY_TROUBLE})
"""Perhaps sent is enough for these: the next mark or a look at the card makes up for it."""
REPEATED = "repeated"
SYSTEM = frozenset({Role.SYSTEM})


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
    repeated: bool = False

    @property
    def file(self) -> LetterFile | None:
        """The first file, for notices that show a picture."""
        return self.files[0] if self.files else None


class Courier(Protocol):
    """A face that carries parcels: Telegram or e-mail."""

    async def deliver(self, parcel: Parcel) -> str:
        """Send; returns a reference to what was sent (message id, Message-ID).

        Raises TryLaterError, RefusedError or InDoubtError.
        """
        ...


class Papers(Protocol):
    """Makes the documents that go with a parcel (PDF, DOCX, XLSX), in a worker thread."""

    async def answer(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """The answer to a citizen's message with its attachments (4.6¶8)."""
        ...

    async def closing(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        """All answers of a case for the operator or the commission (R47)."""
        ...

    async def letter(self, letter: Letter, directory: Directory) -> tuple[LetterFile, ...]:
        """A letter outside МСЭД on its form, to be signed by hand (5¶3)."""
        ...

    async def digest(self, digest: Digest) -> tuple[LetterFile, ...]:
        """The digest as a table."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """Carries what the outbox holds, one channel at a time."""

    office: Office
    couriers: Mapping[Channel, Courier]
    lookups: Lookups
    control: Control
    letters: Letters
    papers: Papers
    tokens: Mapping[Channel, bool] = field(default_factory=lambda: {Channel.EMAIL: True})

    async def run(self, channel: Channel, bell: Bell) -> None:
        """Carry for ever, woken by the bell."""
        await self.recover(channel)
        while True:
            try:
                if await self.carry(channel) == 0:
                    await bell.wait(2)
            except AssistantError:
                log.exception("delivery by %s will go on", channel.value)
                await bell.wait(5)

    async def recover(self, channel: Channel) -> None:
        """Settle what a crash left between sending and settling."""
        now = self.office.clock.now()
        async with self.office.work() as work:
            for row in await work.outbox.claimed_and_lost(now):
                if row.channel is channel:
                    await self._in_doubt(work, row, "программа была остановлена при отправке", now)

    async def carry(self, channel: Channel, limit: int = 20) -> int:
        """Send what is due now; returns how many rows were taken."""
        now = self.office.clock.now()
        async with self.office.work() as work:
            rows = await work.outbox.claim(channel, now, now + CLAIM, limit)
        for row in rows:
            await self._carry_one(row)
        return len(rows)

    async def _carry_one(self, row: OutboxRow) -> None:
        now = self.office.clock.now()
        if row.notice.expires_at is not None and row.notice.expires_at < now:
            await self._settle(row, State.FAILED, error="устарело до отправки")
            return
        try:
            parcel = await self._parcel(row)
            reference = await self.couriers[row.channel].deliver(parcel)
        except TryLaterError as trouble:
            await self._try_later(row, trouble)
        except InDoubtError as trouble:
            async with self.office.work() as work:
                await self._in_doubt(work, row, str(trouble), self.office.clock.now())
        except (RefusedError, AssistantError) as trouble:
            await self._give_up(row, str(trouble))
        else:
            await self._sent(row, reference)

    async def _settle(self, row: OutboxRow, state: State, *, error: str = "",
                      not_before: datetime | None = None) -> None:
        async with self.office.work() as work:
            await work.outbox.settle(row.id, state, self.office.clock.now(), error=error,
                                     not_before=not_before)

    async def _sent(self, row: OutboxRow, reference: str) -> None:
        """Settle, and let the case know what the post has done (4.4¶1, 5¶4)."""
        now = self.office.clock.now()
        system = Actor(Channel.SYSTEM, f"outbox:{row.id}", speaks_for=SYSTEM)
        notice = row.notice
        async with self.office.work() as work:
            await work.outbox.settle(row.id, State.SENT, now, message_ref=reference)
            try:
                if notice.kind is NoticeKind.ASSIGNMENT and notice.case_id is not None:
                    async with self.office.act(work, system, CaseRef(notice.case_id)) as act:
                        execution.delivered(act, int(notice.facts["part"]))
                elif notice.kind is NoticeKind.LETTER_OUT:
                    await self.letters.happened(work, system, int(notice.facts["letter"]),
                                                Event.SEND_LETTER)
            except AssistantError as moved_on:
                log.info("row %s: the case has moved on: %s", row.id, moved_on)

    async def _try_later(self, row: OutboxRow, trouble: TryLaterError) -> None:
        if row.attempts >= ATTEMPTS:
            await self._give_up(row, str(trouble))
            return
        wait = trouble.after or min(LONGEST_WAIT, FIRST_WAIT * 2 ** row.attempts)
        await self._settle(row, State.QUEUED, error=str(trouble),
                           not_before=self.office.clock.now() + timedelta(seconds=wait))

    async def _give_up(self, row: OutboxRow, reason: str) -> None:
        """It will not get there this way: by e-mail instead of Telegram, else the desk."""
        now = self.office.clock.now()
        async with self.office.work() as work:
            await work.outbox.settle(row.id, State.FAILED, now, error=reason)
            directory = await work.people.directory()
            person = directory.people.get(row.notice.person_id or 0)
            if row.channel is Channel.TELEGRAM and person is not None and person.email:
                again = replace(row.notice, key=f"{row.notice.key}:by-mail")
                await work.outbox.put([(again, Channel.EMAIL)], now)
            await self._tell_desk(work, row, reason, directory, now)
        self.office.bell.ring()

    async def _in_doubt(self, work: UnitOfWork, row: OutboxRow, reason: str, now: datetime
                        ) -> None:
        notice = row.notice
        repeatable = (row.channel is Channel.TELEGRAM and notice.kind not in NEVER_TWICE
                      and not row.last_error.startswith(REPEATED))
        if repeatable:
            await work.outbox.settle(row.id, State.QUEUED, now, error=f"{REPEATED}: {reason}",
                                     not_before=now)
            return
        await work.outbox.settle(row.id, State.IN_DOUBT, now, error=reason)
        if notice.kind not in NEVER_TWICE:
            await self._tell_desk(work, row, reason, await work.people.directory(), now)

    async def _tell_desk(self, work: UnitOfWork, row: OutboxRow, reason: str,
                         directory: Directory, now: datetime) -> None:
        if row.notice.kind is NoticeKind.DELIVERY_TROUBLE:
            return
        to = directory.names([row.notice.person_id or 0]) or row.notice.address
        doubt = "1" if row.notice.kind in TO_OUTSIDE or row.channel is Channel.EMAIL else ""
        await work.outbox.put([address(Notice(
            NoticeKind.DELIVERY_TROUBLE, f"trouble:{row.id}:{row.attempts}:{one.id}", one.id,
            case_id=row.notice.case_id,
            facts={"row": str(row.id), "to": to, "reason": reason, "what": row.notice.kind.value,
                   "doubt": doubt}),
            directory) for one in directory.holding(Role.DESK)], now)

    async def decide(self, actor: Actor, row_id: int, *, repeat: bool) -> None:
        """The desk's word on a parcel in trouble: send again (the same letter), or let it be."""
        if actor.person is None or not actor.person.offices & {Role.DESK, Role.DESK_HEAD}:
            raise NotFoundError("Недоставленным занимается подразделение «Добродел».")
        now = self.office.clock.now()
        async with self.office.work() as work:
            await work.sources.mark(actor.source, now)
            troubled = {row.id for row in await work.outbox.troubled()}
            if row_id not in troubled:
                raise NotFoundError("С этой отправкой уже решено.")
            state = State.QUEUED if repeat else State.SENT
            await work.outbox.settle(row_id, state, now, not_before=now,
                                     error="решение сотрудника")
        self.office.bell.ring()

    async def _parcel(self, row: OutboxRow) -> Parcel:
        notice = row.notice
        async with self.office.work() as work:
            directory = await work.people.directory()
            case = await work.cases.get(notice.case_id) if notice.case_id else None
            letter = (await work.letters.get(int(notice.facts["letter"]))
                      if "letter" in notice.facts else None)
            person = directory.people.get(notice.person_id or 0)
            token = await self._token(work, row, case, letter)
        if person is None and notice.person_id is not None:
            raise RefusedError("Сотрудника больше нет в справочнике.")
        parcel = Parcel(
            row_id=row.id, kind=notice.kind, facts=notice.facts, person=person,
            address=notice.address or (person.email if person else ""), case=case,
            card=self._card(row, case, person, directory), letter=letter,
            body=directory.bodies.get(letter.addressee_id) if letter else None,
            directory=directory, token=token,
            repeated=row.last_error.startswith(REPEATED))
        return await self._with_papers(parcel)

    def _card(self, row: OutboxRow, case: Case | None, person: Person | None,
              directory: Directory) -> CaseCard | None:
        if case is None or person is None:
            return None
        reader = Actor(row.channel, f"outbox:{row.id}", person)
        return self.lookups.card_of(case, reader, directory)

    async def _token(self, work: UnitOfWork, row: OutboxRow, case: Case | None,
                     letter: Letter | None) -> str:
        """A key for the answer, the same for every try of the same row."""
        if row.channel is not Channel.EMAIL or case is None:
            return ""
        if row.notice.person_id is None and row.notice.kind is not NoticeKind.LETTER_OUT:
            return ""
        token = self.office.secret.token(f"outbox:{row.id}")
        outside = row.notice.kind is NoticeKind.LETTER_OUT and letter is not None
        await work.tokens.add(token_hash(token), Token(
            PURPOSE_LETTER if outside else PURPOSE_CASE, case.id, row.notice.person_id,
            letter.id if letter and outside else None,
            case.sheet.draft_version if case.sheet else 0), self.office.clock.now())
        return token

    async def _with_papers(self, parcel: Parcel) -> Parcel:
        files: tuple[LetterFile, ...] = ()
        case, letter = parcel.case, parcel.letter
        match parcel.kind:
            case NoticeKind.ANSWER_PACKAGE | NoticeKind.TO_SIGN if case is not None:
                files = await self.papers.answer(case, parcel.directory)
            case NoticeKind.CLOSING_PACKAGE if case is not None:
                files = await self.papers.closing(case, parcel.directory)
            case NoticeKind.REDIRECTED if case is not None:
                files = tuple([LetterFile(one.name, one.media_type,
                                          await self.office.files.get(one))
                               for one in case.message.files])
            case NoticeKind.LETTER_TO_SIGN if letter is not None:
                files = await self.papers.letter(letter, parcel.directory)
            case NoticeKind.LETTER_OUT if letter is not None and letter.scan is not None:
                files = (LetterFile(letter.scan.name, letter.scan.media_type,
                                    await self.office.files.get(letter.scan)),)
            case NoticeKind.ASSIGNMENT if case is not None:
                files = tuple([LetterFile(one.name, one.media_type,
                                          await self.office.files.get(one))
                               for one in case.message.photos[:3]])
            case NoticeKind.PHOTO_VERDICT if case is not None:
                files = await self._verdict_picture(case, parcel.facts.get("photo", ""))
            case NoticeKind.DIGEST:
                digest = await self.control.digest()
                return replace(parcel, digest=digest, files=await self.papers.digest(digest))
            case _:
                pass
        return replace(parcel, files=files)

    async def _verdict_picture(self, case: Case, sha256: str) -> tuple[LetterFile, ...]:
        for photo in case.photos:
            if photo.file.sha256 == sha256 and photo.picture is not None:
                content = await self.office.files.get(photo.picture)
                return (LetterFile("сравнение.jpg", "image/jpeg", content),)
        return ()

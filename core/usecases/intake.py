"""The mailbox: each letter is kept first, then acted on once, then the cursor moves.

What the program cannot act on becomes a row that a person sees; nothing is dropped.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress, groupby
from typing import TypeVar

from core import inbound, privacy
from core.case import Case, CitizenMessage
from core.errors import (
    AlreadyDoneError,
    AssistantError,
    MoveNotAllowedError,
    NotAcceptedError,
)
from core.files import FileRef, NewFile
from core.inbound import InboundMail, MailboxNews, MessageCard, MsedNotice, NewMessage, NewMessages
from core.notices import Notice, NoticeKind
from core.people import Actor, Channel
from core.photos import formats
from core.ports import StoredMail, UnavailableError, UnitOfWork
from core.regulation.terms import Role
from core.usecases import returns
from core.usecases.births import Birth, as_message, open_cases
from core.usecases.letters import Letters
from core.usecases.msed import MsedNotices
from core.usecases.office import CaseRef, Office, address
from core.usecases.post import REPLY, TABLE, Outcome, Post
from core.usecases.replies import Replies
from core.usecases.whereabouts import Where, located

T = TypeVar("T")

MSED_SPEAKS_FOR = frozenset({Role.MSED, Role.OPERATOR, Role.CITIZEN})
SYSTEM = frozenset({Role.SYSTEM})

KNOWN = "Повторная выгрузка: уже принято."
SAID_OF_ROWS = {"taken": "принято", "repeat": "возвратов пользователем",
                "known": "уже были приняты"}
MOST_NAMED = 10
"""Bad rows of a table that the desk is told one by one."""
MOST_FAULTS = 3
"""Unforeseen faults after which a table is left for another try: the database is away."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that came, and the row that will name it."""

    mail: InboundMail
    row: StoredMail


@dataclass(frozen=True, slots=True)
class Intake:
    """The core's side of the mail bridge."""

    office: Office
    letters: Letters
    replies: Replies

    async def cursor(self, mailbox: str) -> tuple[int, int] | None:
        """UIDVALIDITY and the last UID taken in from the mailbox; None at the first start."""
        async with self.office.work() as work:
            return await work.mailbox.cursor(mailbox)

    async def accept(self, mail: InboundMail) -> None:
        """Take one letter in. Coming again, it only moves the cursor.

        The bytes are kept before the transaction; the row, what was made of it and the cursor
        are one transaction. Of a table each row is a transaction of its own before that.
        """
        (mail,) = await _with_places(mail)
        (row,) = await self._kept(mail)
        table = None
        if isinstance(mail.reading, NewMessages) and not await self._is_here(row):
            table = await self._take_table(mail, mail.reading, row.raw)
        async with self.office.work() as work:
            await self._take_in(work, [Letter(mail, row)], table)
        self.office.bell.ring()

    async def accept_all(self, mails: Sequence[InboundMail],
                         before: Awaitable[None] | None = None) -> None:
        """Take several letters in, in one transaction: all of them, or none.

        Their files are put on the disk at once, the transaction begins when ``before`` has ended
        well. A table has transactions of its own, so letters with one among them come one by one.
        """
        if any(isinstance(mail.reading, NewMessages) for mail in mails):
            if before is not None:
                await before
            for mail in mails:
                await self.accept(mail)
            return
        mails = await _with_places(*mails)
        rows = await self._kept(*mails)
        if before is not None:
            await before
        async with self.office.work() as work:
            await self._take_in(work, list(map(Letter, mails, rows)))
        self.office.bell.ring()

    async def _kept(self, *mails: InboundMail) -> list[StoredMail]:
        """The letters' bytes and files on the disk, and the rows that will name them."""
        new = [one for mail in mails for one in _files_of(mail)]
        refs = iter(await self.office.files.put_all(new))
        rows = []
        for mail in mails:
            raw, *files = (next(refs) for _ in range(1 + len(mail.attachments)))
            rows.append(StoredMail(
                id=0, mailbox=mail.place.mailbox, uidvalidity=mail.place.uidvalidity,
                uid=mail.place.uid, message_id=mail.message_id, sender=mail.sender,
                subject=mail.subject, text=mail.text, received_at=mail.received_at, raw=raw,
                kind="", outcome="", handled=False, files=tuple(files)))
        return rows

    async def _take_in(self, work: UnitOfWork, letters: Sequence[Letter],
                       table: Outcome | None = None) -> None:
        """The rows, what is made of them, and the cursor, in the caller's transaction.

        Neighbours that concern no case that is here are written together: of many letters most
        are such, and it costs a quarter.
        """
        fresh = await work.mailbox.fresh([one.row for one in letters])
        letters, last = list(compress(letters, fresh)), letters[-1].row
        births = await self._births(work, letters)
        for new, group in groupby(zip(letters, births, strict=True), key=_is_birth):
            some = list(group)
            if new:
                cases = await open_cases(
                    self.office, work, [birth for _, birth in some if birth])
                await self._note(work, [one for one, _ in some], list(map(taken, cases)))
                continue
            for one, _ in some:
                outcome = table or await self._make_of(work, one.mail, one.row.files)
                await self._note(work, [one], [outcome])
        await work.mailbox.move_cursor(last.mailbox, last.uidvalidity, last.uid)

    async def _births(self, work: UnitOfWork, letters: Sequence[Letter]
                      ) -> Sequence[Birth | None]:
        """Of each letter the case that it begins, if it is a message of a number never heard of,
        before it in this sequence neither."""
        births = [birth_of(one) for one in letters]
        if len(births) < 2:
            return [None] * len(births)
        new = await work.cases.are_new([one.card.number if one else "" for one in births])
        return [birth if birth and not birth.card.repeat_of and unheard else None
                for birth, unheard in zip(births, new, strict=True)]

    async def _note(self, work: UnitOfWork, letters: Sequence[Letter],
                    outcomes: Sequence[Outcome]) -> None:
        """What came of the letters; a person is asked where the program could not act."""
        kept = await work.mailbox.add(*(replace(
            one.row, kind=outcome.kind, outcome=outcome.said, handled=outcome.handled,
            case_id=outcome.case_id) for one, outcome in zip(letters, outcomes, strict=True)))
        for letter, row in zip(letters, kept, strict=True):
            if not row.handled and not letter.mail.backlog:
                await self._ask_a_person(work, row)

    async def note(self, news: MailboxNews) -> None:
        """Tell the desk and the administrators of the mailbox as a whole, each thing once a day.

        In a backlog the letters that need a person are counted at the end, not told one by one.
        """
        now = self.office.clock.now()
        today = self.office.calendar.local_date(now)
        async with self.office.work() as work:
            directory = await work.people.directory()
            unclear = len(await work.mailbox.unclear())
            await work.outbox.put([address(Notice(
                NoticeKind.MAILBOX_NEWS,
                f"mailbox:{news.mailbox}:{news.event}:{today}:{one.id}", one.id,
                facts={"event": news.event.value, "count": str(news.count),
                       "unclear": str(unclear)}), directory)
                for one in directory.to_tell(Role.DESK, Role.ADMIN)], now)
        self.office.bell.ring()

    async def _is_here(self, row: StoredMail) -> bool:
        async with self.office.work() as work:
            return not (await work.mailbox.fresh([row]))[0]

    async def _take_table(self, mail: InboundMail, table: NewMessages, raw: FileRef) -> Outcome:
        """Each row by itself; a bad one is named and the others go on.

        A restart in the middle passes over the rows that were taken, by the letter's content,
        place and number. An unforeseen fault stops nothing either, but is raised at the end, so
        that the letter is tried again.
        """
        said: list[str] = []
        refused = list(table.problems)
        faults: list[Exception] = []
        for place, card in zip(table.places, table.cards, strict=True):
            source = row_source(raw, place, card)
            try:
                said.append(await self._take_row(mail, source, card))
            except UnavailableError:
                raise  # the letter waits for another try
            except AssistantError as refusal:
                refused.append(f"{place}: {refusal}")
            except Exception as fault:
                log.exception("a row of a table could not be taken in: %s", place)
                faults.append(fault)
                if len(faults) == MOST_FAULTS:
                    break
        if faults:
            raise faults[0]
        counts = (f"{SAID_OF_ROWS[kind]}: {count}" for kind, count in Counter(said).items())
        sentences = [*counts, *table.notes]
        if refused:
            named = " ".join(refused[:MOST_NAMED])
            more = f" И ещё: {len(refused) - MOST_NAMED}." if len(refused) > MOST_NAMED else ""
            sentences.append(f"требуют внимания ({len(refused)}): {named}{more}")
        return Outcome(TABLE, f"Таблица сообщений: {'; '.join(sentences) or 'строк нет'}",
                       handled=not refused)

    async def _take_row(self, mail: InboundMail, source: str, card: MessageCard) -> str:
        """One row in one transaction: which of :data:`SAID_OF_ROWS` came of it."""
        msed = Actor(Channel.MSED, source, speaks_for=MSED_SPEAKS_FOR)
        try:
            async with self.office.work() as work:
                await work.sources.mark(source, self.office.clock.now())
                outcome = await self.take_message(work, msed, card, ())
        except AlreadyDoneError:
            return "taken"
        return outcome.kind if outcome.kind == "repeat" else (
            "known" if outcome.said == KNOWN else "taken")

    async def _make_of(self, work: UnitOfWork, mail: InboundMail, files: Sequence[FileRef]
                       ) -> Outcome:
        try:
            return await self._by_reading(work, mail, tuple(files))
        except AssistantError as refusal:
            return Outcome("refused", str(refusal), handled=False)

    async def _by_reading(self, work: UnitOfWork, mail: InboundMail, files: tuple[FileRef, ...]
                          ) -> Outcome:
        source, msed = source_of(mail), as_msed(mail)
        system = Actor(Channel.SYSTEM, source, speaks_for=SYSTEM)
        post = Post(self.office, self.letters)
        match mail.reading:
            case NewMessage(card=card, where=where):
                return await self.take_message(work, msed, card, files, where)
            case NewMessages():
                raise AssertionError("a table is taken row by row")
            case MsedNotice() as notice:
                about, said = await MsedNotices(self.office).take(work, msed, notice, files)
                return Outcome(notice.kind.value, said, case_id=about)
            case inbound.PersonReply(token=token, text=text):
                answer = await self.replies.take(
                    work, source, mail.sender, token, text, files, mail.message_id)
                await post.answered(work, mail.in_reply_to)
                return Outcome(REPLY, answer.said, answer.handled, answer.case_id)
            case inbound.Bounce() | inbound.Delivered() as report:
                return await post.reported(work, system, report)
            case inbound.AutoReply():
                return Outcome("auto_reply", "Автоответ: оставлен без действий.")
            case inbound.Unrecognised() as unread:
                return await self._unrecognised(work, mail, unread)

    async def _unrecognised(self, work: UnitOfWork, mail: InboundMail,
                            unread: inbound.Unrecognised) -> Outcome:
        if unread.keyless and mail.in_reply_to:
            asked = await self.replies.past_its_key(work, source_of(mail), mail)
            if asked is not None:
                return Outcome(REPLY, asked.said, asked.handled, asked.case_id)
        return Outcome("unrecognised", unread.reason, handled=False)

    async def take_message(self, work: UnitOfWork, actor: Actor, card: MessageCard,
                           files: tuple[FileRef, ...],
                           where: Where | None = None) -> Outcome:
        """A new case, a citizen's return, or an export of what is here already.

        ``where``: latitude and longitude, where they are known.
        """
        message = as_message(card, files)
        if card.repeat_of:
            earlier = await work.cases.find_written(card.repeat_of)
            if earlier is not None:
                if any(_same_export(message, one) for one in messages_of(earlier)[1:]):
                    return Outcome("repeat", KNOWN, case_id=earlier.id)
                return await self._returned(work, actor, card, message, earlier, where)
        known = await work.cases.find_written(card.number) if card.number else None
        if known is not None and any(_same_number_and_text(message, one)
                                     for one in messages_of(known)):
            return Outcome("new_message", KNOWN, case_id=known.id)
        if known is not None:
            raise NotAcceptedError(
                f"Номер {card.number} уже принят ({known.number}), но текст отличается. "
                "Решите, новое ли это сообщение.")
        return taken(*await open_cases(self.office, work, [Birth(actor, card, message, where)]))

    async def _returned(self, work: UnitOfWork, actor: Actor, card: MessageCard,
                        message: CitizenMessage, earlier: Case,
                        where: Where | None) -> Outcome:
        """The citizen's return (2.1¶2).

        A table names no earlier message, it only says «доработка» of one day after day
        (``repeat_of`` is the number itself): the same words about a case at work are no news.
        """
        if not card.applicant.name:
            known = await work.cases.applicant(earlier.id)
            message = replace(message, named=privacy.of_applicant(message.text, known.name))
        try:
            async with self.office.act(work, actor, CaseRef(earlier.id)) as act:
                returns.citizen_return(act, message, where)
        except MoveNotAllowedError:
            if card.repeat_of != card.number or earlier.message.text != message.text:
                raise
            return Outcome("new_message", KNOWN, case_id=earlier.id)
        return Outcome("repeat", "Возврат пользователем.", case_id=earlier.id)

    async def _ask_a_person(self, work: UnitOfWork, mail: StoredMail) -> None:
        directory = await work.people.directory()
        about = mail.case_id if mail.kind == REPLY else None
        await work.outbox.put([address(Notice(
            NoticeKind.UNCLEAR_MAIL, f"unclear_mail:{mail.id}:{one.id}", one.id, case_id=about,
            facts={"mail": str(mail.id), "reason": mail.outcome}), directory)
            for one in directory.to_tell(Role.DESK)], self.office.clock.now())


async def _with_places(*mails: InboundMail) -> Sequence[InboundMail]:
    """The letters with what their photos say of the place; opening photos takes a worker."""
    if not any(mail.attachments for mail in mails):
        return mails
    return await asyncio.to_thread(lambda: [located(mail) for mail in mails])


def _files_of(mail: InboundMail) -> Iterator[NewFile]:
    """The letter as it came, then its attachments."""
    whole = NewFile(mail.raw, f"{mail.place.uid}.eml", "message/rfc822")
    yield whole
    for one in mail.attachments:
        kind = formats.media_type(one.content, one.media_type)
        if one.place is None:
            yield NewFile(one.content, one.name, kind)
        else:
            yield NewFile(one.content, one.name, kind, whole, one.place)


def source_of(mail: InboundMail) -> str:
    """The key under which a letter is acted on."""
    return f"mail:{mail.place.mailbox}:{mail.place.uidvalidity}:{mail.place.uid}"


def as_msed(mail: InboundMail) -> Actor:
    """МСЭД, by that letter."""
    return Actor(Channel.MSED, source_of(mail), speaks_for=MSED_SPEAKS_FOR)


def birth_of(letter: Letter) -> Birth | None:
    """The case that a message begins; None where the letter is none."""
    reading = letter.mail.reading
    if not isinstance(reading, NewMessage):
        return None
    return Birth(as_msed(letter.mail), reading.card,
                 as_message(reading.card, letter.row.files), reading.where)


def _is_birth(pair: tuple[Letter, Birth | None]) -> bool:
    return pair[1] is not None


def taken(case: Case) -> Outcome:
    """A message became that case."""
    return Outcome("new_message", "Принято новое сообщение.", case_id=case.id)


def messages_of(case: Case) -> tuple[CitizenMessage, ...]:
    """What the citizen wrote in each round, the first message first."""
    return (*(past.message for past in case.past), case.message)


def _same_number_and_text(one: CitizenMessage, other: CitizenMessage) -> bool:
    return (one.portal_number.strip().casefold(), one.text) == (
        other.portal_number.strip().casefold(), other.text)


def _same_export(one: CitizenMessage, other: CitizenMessage) -> bool:
    """The same return: a portal may leave it the first message's number, not the day."""
    return _same_number_and_text(one, other) and one.sent_on == other.sent_on


def row_source(raw: FileRef, place: str, card: MessageCard) -> str:
    """The key under which a row is taken in once, wherever its letter lies in the mailbox."""
    return f"row:{raw.sha256}:{place[-100:]}:{card.number[:200]}"

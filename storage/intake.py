"""What came in: sources acted on, Telegram updates, letters."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.queryset import QuerySet

from core.errors import AlreadyDoneError, NotFoundError
from core.files import FileRef
from core.ports import StoredMail, StoredUpdate
from storage import documents, statements
from storage.documents import clean
from storage.fields import utc
from storage.inserts import insert
from storage.records import CursorRecord, MailRecord, UpdateRecord


class SourceRepository:
    """Implements ``core.ports.Sources``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    async def mark(self, source: str, now: datetime) -> None:
        """Mark as done in this transaction; raises AlreadyDoneError if it was."""
        if not await statements.change(
                self._client, "INSERT INTO sources (source, at) VALUES (?, ?) "
                "ON CONFLICT (source) DO NOTHING", source, utc(now)):
            raise AlreadyDoneError("Это уже сделано.")


class UpdateRepository:
    """Implements ``core.ports.Updates``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    def _rows(self) -> QuerySet[UpdateRecord]:
        return UpdateRecord.all().using_db(self._client)

    async def store(self, updates: Sequence[StoredUpdate]) -> Sequence[StoredUpdate]:
        """Keep those not seen before and return them."""
        return [one for one in updates if await statements.change(
            self._client, "INSERT INTO updates (update_id, payload, received_at, attempts) "
            "VALUES (?, ?, ?, ?) ON CONFLICT (update_id) DO NOTHING",
            one.update_id, clean(one.payload), utc(one.received_at), one.attempts)]

    async def unhandled(self) -> Sequence[StoredUpdate]:
        """Kept and not yet handled, in order."""
        rows = await self._rows().filter(handled_at__isnull=True).order_by("update_id")
        return [StoredUpdate(row.update_id, row.payload, row.received_at, row.attempts)
                for row in rows]

    async def handled(self, update_id: int, now: datetime) -> None:
        """Done with it, well or badly; its text is not kept any longer."""
        await statements.change(self._client, "UPDATE updates SET handled_at = ?, payload = '' "
                     "WHERE update_id = ?", utc(now), update_id)

    async def attempt(self, update_id: int) -> None:
        """Count one try."""
        row = await self._rows().get_or_none(update_id=update_id)
        if row is not None:
            row.attempts += 1
            await row.save(using_db=self._client, update_fields=["attempts"])

    async def purge(self, before: datetime) -> int:
        """Forget those handled before that moment; returns how many."""
        return await self._rows().filter(handled_at__lt=utc(before)).delete()


PLACE = ("mailbox", "uidvalidity", "uid")


def mail_of(row: MailRecord) -> StoredMail:
    """A record as a letter that came."""
    return StoredMail(
        id=row.id, mailbox=row.mailbox, uidvalidity=row.uidvalidity, uid=row.uid,
        message_id=row.message_id, sender=row.sender, subject=row.subject, text=row.text,
        received_at=row.received_at, raw=documents.read(row.raw_file, FileRef), kind=row.kind,
        outcome=row.outcome, handled=row.handled, case_id=row.case_id,
        files=documents.read(row.files, tuple[FileRef, ...]))


def content_digest(mail: StoredMail) -> str:
    """The same for the same letter, by whatever way it came.

    With a Message-ID: that and what a person reads (two deliveries differ in their ``Received``
    lines). Without: the bytes themselves.
    """
    message_id = mail.message_id.strip()
    content = [message_id, mail.sender, mail.subject, mail.text,
               sorted(one.sha256 for one in mail.files)] if message_id else mail.raw.sha256
    return hashlib.sha256(documents.write(content).encode()).hexdigest()


def _place(mail: StoredMail) -> tuple[str, int, int]:
    return mail.mailbox, mail.uidvalidity, mail.uid


class MailRepository:
    """Implements ``core.ports.Mailbox``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    def _rows(self) -> QuerySet[MailRecord]:
        return MailRecord.all().using_db(self._client)

    async def cursor(self, mailbox: str) -> tuple[int, int] | None:
        """UIDVALIDITY and the last UID taken in."""
        row = await CursorRecord.filter(mailbox=mailbox).using_db(self._client).get_or_none()
        return None if row is None else (row.uidvalidity, row.uid)

    async def move_cursor(self, mailbox: str, uidvalidity: int, uid: int) -> None:
        """Note how far the mailbox has been read."""
        moved = await CursorRecord.filter(mailbox=mailbox).using_db(self._client).update(
            uidvalidity=uidvalidity, uid=uid)
        if not moved:
            await CursorRecord.create(
                mailbox=mailbox, uidvalidity=uidvalidity, uid=uid, using_db=self._client)

    async def fresh(self, mails: Sequence[StoredMail]) -> Sequence[bool]:
        """Of each letter: whether neither its place nor one of its Message-ID and content is here
        already, or comes before it in the sequence."""
        digests = [content_digest(one) for one in mails]
        known: set[object] = set(await self._rows().filter(content_digest__in=digests).values_list(
            "content_digest", flat=True))
        for mailbox, uidvalidity in {(one.mailbox, one.uidvalidity) for one in mails}:
            uids = [one.uid for one in mails
                    if (one.mailbox, one.uidvalidity) == (mailbox, uidvalidity)]
            known.update(await self._rows().filter(
                mailbox=mailbox, uidvalidity=uidvalidity, uid__in=uids).values_list(*PLACE))
        fresh = []
        for mail, digest in zip(mails, digests, strict=True):
            keys = {digest, _place(mail)}
            fresh.append(known.isdisjoint(keys))
            known |= keys
        return fresh

    async def add(self, *mails: StoredMail) -> Sequence[StoredMail]:
        """Keep the rows (their ``id`` is given here)."""
        ids = {tuple(place): row_id for row_id, *place in await insert(
            self._client, MailRecord, [{
                "mailbox": mail.mailbox, "uidvalidity": mail.uidvalidity, "uid": mail.uid,
                "message_id": clean(mail.message_id), "content_digest": content_digest(mail),
                "sender": clean(mail.sender), "subject": clean(mail.subject),
                "text": clean(mail.text), "received_at": mail.received_at,
                "raw_file": documents.write(mail.raw), "kind": mail.kind,
                "outcome": clean(mail.outcome), "handled": mail.handled, "case_id": mail.case_id,
                "files": documents.write(mail.files)} for mail in mails], "id", *PLACE)}
        return [replace(mail, id=ids[_place(mail)]) for mail in mails]

    async def get(self, mail_id: int) -> StoredMail:
        """The row; raises NotFoundError."""
        row = await self._rows().get_or_none(id=mail_id)
        if row is None:
            raise NotFoundError("Такого входящего письма нет.")
        return mail_of(row)

    async def settle(self, mail_id: int, outcome: str, case_id: int | None) -> None:
        """A person has dealt with it; raises NotFoundError."""
        settled = await self._rows().filter(id=mail_id).update(
            outcome=clean(outcome), case_id=case_id, handled=True)
        if not settled:
            raise NotFoundError("Такого входящего письма нет.")

    async def of_case(self, case_id: int) -> Sequence[StoredMail]:
        """Every letter that came about a case, oldest first."""
        rows = await self._rows().filter(case_id=case_id).order_by("id")
        return [mail_of(row) for row in rows]

    async def unclear(self) -> Sequence[StoredMail]:
        """What a person must still look at, oldest first."""
        return [mail_of(row) for row in await self._rows().filter(handled=False).order_by("id")]

"""What is to be told, and how far it got."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q
from tortoise.functions import Min
from tortoise.queryset import QuerySet

from core.errors import NotFoundError
from core.files import FileRef
from core.notices import Notice, NoticeKind, OutboxRow
from core.outbound import Delivery
from core.people import Channel
from storage import documents, statements
from storage.documents import clean
from storage.fields import utc
from storage.inserts import insert
from storage.records import OutboxRecord, SentLetterRecord

AT_ONCE = 500
"""Keys in one question: SQLite takes no more than some thousands of parameters."""

RECIPIENT = ("person_id", "address")
SEVERAL = 3
TOGETHER = 50
"""So many rows of one person go as one message at least, and at most."""
TROUBLE = (Delivery.FAILED, Delivery.BOUNCED, Delivery.IN_DOUBT)


def row_of(row: OutboxRecord) -> OutboxRow:
    """A record as a row of the outbox."""
    return OutboxRow(
        id=row.id,
        notice=Notice(
            kind=NoticeKind(row.kind), key=row.key, person_id=row.person_id, address=row.address,
            case_id=row.case_id, facts=documents.read(row.facts, dict[str, str]),
            not_before=row.not_before, expires_at=row.expires_at,
            channel=None if row.wanted_channel is None else Channel(row.wanted_channel)),
        channel=Channel(row.channel), state=Delivery(row.state), attempts=row.attempts,
        queued_at=row.queued_at, claimed_until=row.claimed_until, settled_at=row.settled_at,
        message_ref=row.message_ref, last_error=row.last_error, opened_at=row.opened_at)


class OutboxRepository:
    """Implements ``core.ports.Outbox``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    def _rows(self) -> QuerySet[OutboxRecord]:
        return OutboxRecord.all().using_db(self._client)

    async def put(self, notices: Sequence[tuple[Notice, Channel]], now: datetime) -> None:
        """Queue; a notice whose key is there already is passed over in silence."""
        keys = [clean(notice.key) for notice, _ in notices]
        there = await self._known(keys)
        fresh: list[dict[str, object]] = []
        for key, (notice, channel) in zip(keys, notices, strict=True):
            if key in there:
                continue
            there.add(key)
            fresh.append({
                "key": key, "kind": notice.kind.value, "channel": channel.value,
                "wanted_channel": notice.channel and notice.channel.value,
                "person_id": notice.person_id, "address": clean(notice.address),
                "case_id": notice.case_id, "facts": documents.write(dict(notice.facts)),
                "not_before": notice.not_before, "expires_at": notice.expires_at,
                "state": Delivery.QUEUED.value, "attempts": 0, "queued_at": now,
                "message_ref": "", "last_error": ""})
        await insert(self._client, OutboxRecord, fresh)

    async def _known(self, keys: Sequence[str]) -> set[str]:
        """Those of the keys that were queued before."""
        there: set[str] = set()
        for first in range(0, len(keys), AT_ONCE):
            rows = self._rows().filter(key__in=keys[first:first + AT_ONCE])
            there.update(str(one) for one in await rows.values_list("key", flat=True))
        return there

    async def claim(self, channel: Channel, now: datetime, until: datetime, limit: int,
                    busy: Collection[int] = ()) -> Sequence[OutboxRow]:
        """Take due rows (queued, not_before reached, not claimed), oldest first.

        They stay QUEUED: a claim that runs out frees them. One row for each recipient, none for
        the recipients of the rows ``busy``. The claim counts as an attempt, so that a row whose
        sending kills the process shows.
        """
        served = set(await self._rows().filter(id__in=list(busy)).values_list(*RECIPIENT)
                     if busy else ())
        waiting = await self._due(channel, now).annotate(
            first=Min("id")).group_by(*RECIPIENT).values_list(
            "first", *RECIPIENT)
        first = sorted(row_id for row_id, *recipient in waiting if tuple(recipient) not in served)
        if not first:
            return []
        due = await self._rows().filter(id__in=first[:limit]).order_by("id")
        return await self._take(due, until)

    def _due(self, channel: Channel, now: datetime) -> QuerySet[OutboxRecord]:
        return self._rows().filter(
            Q(not_before__isnull=True) | Q(not_before__lte=utc(now)),
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=utc(now)),
            state=Delivery.QUEUED.value, channel=channel.value)

    async def _take(self, due: Sequence[OutboxRecord], until: datetime) -> list[OutboxRow]:
        for row in due:
            row.claimed_until = utc(until)
            row.attempts += 1
            await row.save(using_db=self._client, update_fields=["claimed_until", "attempts"])
        return [row_of(row) for row in due]

    async def claim_with(self, row: OutboxRow, kinds: Collection[NoticeKind], now: datetime,
                         until: datetime) -> Sequence[OutboxRow]:
        """Take what else of these kinds is due for the same person by the same channel.

        Only where, with ``row``, there are three at least; at most fifty, oldest first.
        """
        if row.notice.person_id is None:
            return ()
        others = await self._due(row.channel, now).filter(
            person_id=row.notice.person_id, kind__in=[one.value for one in kinds],
            last_error="", case_id__isnull=False).exclude(id=row.id).order_by("id").limit(
            TOGETHER - 1)
        return await self._take(others, until) if len(others) >= SEVERAL - 1 else ()

    async def leave(self, row: OutboxRow, until: datetime, sent: FileRef | None = None) -> bool:
        """Mark a claimed row SENDING, ``sent`` kept with it; False if another has claimed it."""
        ours = bool(await self._rows().filter(
            id=row.id, state=Delivery.QUEUED.value, attempts=row.attempts).update(
            state=Delivery.SENDING.value, claimed_until=utc(until)))
        if ours and sent is not None:
            await SentLetterRecord.create(
                row_id=row.id, case_id=row.notice.case_id, file=documents.write(sent),
                using_db=self._client)
        return ours

    async def hold(self, row_ids: Collection[int], until: datetime) -> None:
        """Work on them goes on: their claims last until then."""
        await self._rows().filter(id__in=list(row_ids), claimed_until__isnull=False).update(
            claimed_until=utc(until))

    async def claimed_and_lost(self, now: datetime) -> Sequence[OutboxRow]:
        """Rows SENDING whose claim ran out, oldest first."""
        rows = await self._rows().filter(
            state=Delivery.SENDING.value, claimed_until__lte=utc(now)).order_by("id")
        return [row_of(row) for row in rows]

    async def settle(self, row_id: int, state: Delivery, now: datetime, *, message_ref: str = "",
                     error: str = "", not_before: datetime | None = None) -> None:
        """How it ended; QUEUED with ``not_before`` puts it back for another try.

        A reference once given stays unless a new one comes. Raises NotFoundError.
        """
        changes: dict[str, object] = {
            "state": state.value, "claimed_until": None, "dealt_at": None,
            "last_error": clean(error), "settled_at": utc(now)}
        if state is Delivery.QUEUED:
            changes |= {"not_before": not_before and utc(not_before), "settled_at": None}
        if message_ref:
            changes["message_ref"] = clean(message_ref)
        if not await self._rows().filter(id=row_id).update(**changes):
            raise NotFoundError("Такого уведомления в очереди нет.")

    async def by_message_ref(self, message_ref: str) -> OutboxRow | None:
        """The row sent as that Message-ID (the newest, should there be several)."""
        if not message_ref:
            return None
        row = await self._rows().filter(message_ref=clean(message_ref)).order_by("-id").first()
        return None if row is None else row_of(row)

    async def by_key(self, key: str) -> OutboxRow | None:
        """The row of that key, if it was ever queued."""
        row = await self._rows().get_or_none(key=clean(key))
        return None if row is None else row_of(row)

    async def of_case(self, case_id: int, kinds: Collection[NoticeKind]) -> Sequence[OutboxRow]:
        """Rows of these kinds about a case, oldest first."""
        rows = await self._rows().filter(
            case_id=case_id, kind__in=[one.value for one in kinds]).order_by("id")
        return [row_of(row) for row in rows]

    async def letters_of_case(self, case_id: int) -> Sequence[OutboxRow]:
        """Letters about a case as they went, one for each sending, oldest first."""
        letters = await SentLetterRecord.filter(case_id=case_id).using_db(
            self._client).order_by("id")
        rows = {row.id: row_of(row) for row in await self._rows().filter(case_id=case_id)}
        return [replace(rows[one.row_id], sent=documents.read(one.file, FileRef))
                for one in letters]

    async def queued_since(self, kind: NoticeKind, person_id: int, since: datetime) -> int:
        """How many rows of that kind were queued for the person from that moment on."""
        return await self._rows().filter(
            person_id=person_id, kind=kind.value, queued_at__gte=utc(since)).count()

    def _unopened(self) -> QuerySet[OutboxRecord]:
        return self._rows().filter(
            state=Delivery.SENT.value, channel=Channel.TELEGRAM.value, opened_at__isnull=True)

    async def opened(self, person_id: int, now: datetime) -> None:
        """The person has acted in the chat: what Telegram brought before is opened."""
        await statements.change(
            self._client, "UPDATE outbox SET opened_at = ? WHERE person_id = ? "
            "AND opened_at IS NULL AND state = ? AND channel = ?",
            utc(now), person_id, Delivery.SENT.value, Channel.TELEGRAM.value)

    async def unopened(self, kinds: Collection[NoticeKind], since: datetime
                       ) -> Sequence[OutboxRow]:
        """Of these kinds, what Telegram brought since then and nobody has opened, oldest first."""
        rows = await self._unopened().filter(
            kind__in=[one.value for one in kinds], settled_at__gte=utc(since)).order_by("id")
        return [row_of(row) for row in rows]

    async def troubled(self) -> Sequence[OutboxRow]:
        """Rows FAILED, BOUNCED or IN_DOUBT that nobody has dealt with, oldest first."""
        rows = await self._rows().filter(
            state__in=[one.value for one in TROUBLE], dealt_at__isnull=True).order_by("id")
        return [row_of(row) for row in rows]

    async def dealt_with(self, row_id: int, now: datetime) -> None:
        """A person has seen to a troubled row; ``troubled`` names it no more."""
        await self._rows().filter(id=row_id).update(dealt_at=utc(now))

    async def count(self, state: Delivery) -> int:
        """How many rows are in that state."""
        return await self._rows().filter(state=state.value).count()

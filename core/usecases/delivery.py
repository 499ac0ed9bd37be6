"""The outbox's way out: claim in one transaction, send outside any, settle in another.

Certainly not sent: tried again with back-off, then shown to the desk. Perhaps sent: a Telegram
card is repeated once, visibly marked; a letter is in doubt, shown to the desk, never repeated
silently.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from core import privacy
from core.bell import Ear
from core.errors import AssistantError, NotFoundError
from core.notices import TO_OUTSIDE, Notice, NoticeKind, OutboxRow
from core.outbound import Delivery as State
from core.outbound import InDoubtError, TryLaterError
from core.people import Actor, Channel, Directory
from core.ports import UnavailableError, UnitOfWork
from core.regulation.terms import Event, Role
from core.usecases import execution
from core.usecases.letters import Letters
from core.usecases.office import CaseRef, Office, address
from core.usecases.parcels import REPEATED, Courier, Packer

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=3)
BATCH = {Channel.TELEGRAM: 20, Channel.EMAIL: 1}
"""How many rows are claimed at once: letters singly, so that a crash leaves one in doubt."""
ATTEMPTS = 10
FIRST_WAIT = 5.0
LONGEST_WAIT = 1800.0
NEVER_TWICE = frozenset({NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.DIGEST,
                         NoticeKind.PHOTO_VERDICT, NoticeKind.DELIVERY_TROUBLE})
"""Perhaps sent is enough for these: the next mark or a look at the card makes up for it."""
SYSTEM = frozenset({Role.SYSTEM})
PATIENCE = (0.5, 2.0, 5.0, 15.0, 30.0, 60.0)
"""Pauses in seconds while the database is away and we alone know how a sending ended; together
less than a claim, after which it counts as perhaps sent."""

Noting = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Carries what the outbox holds, one channel at a time."""

    office: Office
    couriers: Mapping[Channel, Courier]
    packer: Packer
    letters: Letters

    async def run(self, channel: Channel, ear: Ear) -> None:
        """Carry for ever, woken by the bell."""
        while True:
            try:
                if await self.carry(channel) == 0:
                    await self.recover(channel)  # again and again: a claim runs out in its time
                    await ear.wait(2)
            except UnavailableError as trouble:
                log.warning("delivery by %s waits: %s", channel.value, trouble)
                await ear.wait(5)
            except AssistantError:
                log.exception("delivery by %s will go on", channel.value)
                await ear.wait(5)

    async def recover(self, channel: Channel) -> None:
        """Settle what a crash left between sending and settling."""
        now = self.office.clock.now()
        async with self.office.work() as work:
            for row in await work.outbox.claimed_and_lost(now):
                if row.channel is channel:
                    await self._in_doubt(work, row, "программа была остановлена при отправке", now)

    async def carry(self, channel: Channel) -> int:
        """Send what is due now; returns how many rows were taken."""
        now = self.office.clock.now()
        async with self.office.work() as work:
            rows = await work.outbox.claim(channel, now, now + CLAIM, BATCH[channel])
        for row in rows:
            await self._carry_one(row)
        return len(rows)

    async def _carry_one(self, row: OutboxRow) -> None:
        now = self.office.clock.now()
        if row.notice.expires_at is not None and row.notice.expires_at < now:
            await _patiently(partial(self._settle, row, State.FAILED,
                                     error="устарело до отправки"))
            return
        await _patiently(await self._attempt(row))

    async def _attempt(self, row: OutboxRow) -> Noting:
        """Try once; what is to be noted of how it ended."""
        try:
            parcel = await self.packer.pack(row)
        except UnavailableError as trouble:
            return partial(self._try_later, row, TryLaterError(str(trouble)))
        except AssistantError as trouble:
            return partial(self._give_up, row, str(trouble))
        try:
            reference = await self.couriers[row.channel].deliver(parcel)
        except TryLaterError as trouble:
            return partial(self._try_later, row, trouble)
        except (InDoubtError, UnavailableError) as trouble:
            return partial(self._perhaps_sent, row, str(trouble))
        except AssistantError as trouble:
            return partial(self._give_up, row, str(trouble))
        return partial(self._sent, row, reference)

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

    async def _perhaps_sent(self, row: OutboxRow, reason: str) -> None:
        async with self.office.work() as work:
            await self._in_doubt(work, row, reason, self.office.clock.now())

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
            facts={"row": str(row.id), "to": to, "reason": privacy.masked(reason),
                   "what": row.notice.kind.value, "doubt": doubt}),
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
            if repeat:
                await work.outbox.settle(row_id, State.QUEUED, now, not_before=now,
                                         error="решение сотрудника")
            else:
                await work.outbox.dealt_with(row_id, now)
        self.office.bell.ring()


async def _patiently(noting: Noting) -> None:
    """Note it, waiting for a database that is away for a while; each noting is one transaction."""
    for pause in PATIENCE:
        try:
            await noting()
        except UnavailableError as trouble:
            log.warning("how a sending ended cannot be noted yet: %s", trouble)
            await asyncio.sleep(pause)
        else:
            return
    await noting()

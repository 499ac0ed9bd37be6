"""The outbox's way out: claim in one transaction, send outside any, settle in another.

Each recipient's rows go one after another, many recipients' at the same time. A claim is renewed
while the work on it lasts; one that ran out was lost in a crash. What had not begun to leave is
then simply due again; only what was on the line is in doubt.

Certainly not sent: tried again with back-off, then shown to the desk. Perhaps sent: a Telegram
card is repeated once, visibly marked; a letter is in doubt, shown to the desk, never repeated
silently.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from core import privacy, quiet
from core.bell import Ear
from core.errors import AssistantError, NotFoundError
from core.notices import IN_ONE, Notice, NoticeKind, OutboxRow
from core.outbound import Delivery as State
from core.outbound import InDoubtError, TryLaterError, UnreachableError
from core.people import Actor, Channel, Directory
from core.ports import UnavailableError, UnitOfWork
from core.regulation.terms import Event, Role
from core.usecases import execution
from core.usecases.letters import Letters
from core.usecases.office import CaseRef, Office, address
from core.usecases.parcels import REPEATED, Courier, Packer, Parcel
from core.usecases.reach import note_lost

log = logging.getLogger(__name__)

CLAIM = timedelta(seconds=10)
"""How long after a crash its rows are left alone: another process may be holding them."""
LOOK_SECONDS = 2.0
"""Between looks at the queue and at the claims, if the bell does not ring."""
GATHER_SECONDS = 0.03
"""After the bell: what several people do at the same moment is one look."""
STOP_SECONDS = 15.0
"""On a clean stop what is being sent may be finished for so long."""
AT_ONCE = {Channel.TELEGRAM: 20, Channel.EMAIL: 1}
"""To how many recipients at the same time; letters singly: a crash leaves one in doubt."""
ATTEMPTS = 10
FIRST_WAIT = 5.0
LONGEST_WAIT = 1800.0
NEVER_TWICE = frozenset({
    NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATION, NoticeKind.NOT_TAKEN_UP,
    NoticeKind.DIGEST})
"""Perhaps sent is enough for these: the next mark or the next day makes up for it."""
SYSTEM = frozenset({Role.SYSTEM})
SENT_BY_POST = {NoticeKind.LETTER_OUT: Event.SEND_LETTER,
                NoticeKind.LETTER_REMINDER: Event.REMIND_LETTER}
"""What the sending means for a letter outside МСЭД."""
DECIDED = "решение сотрудника"
LETTER = "message/rfc822"
PATIENCE = (0.5, 2.0, 5.0, 15.0, 30.0, 60.0)
"""Pauses in seconds while the database is away and we alone know how a sending ended; this process
takes none of its own for lost meanwhile."""

Batch = tuple[OutboxRow, ...]
"""Rows of one recipient that go as one message."""
Noting = Callable[[OutboxRow], Awaitable[None]]


class NotOursError(Exception):
    """The claim ran out while the parcel was made, and another process has the row."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Carries what the outbox holds, one channel at a time."""

    office: Office
    couriers: Mapping[Channel, Courier]
    packer: Packer
    letters: Letters
    _carrying: dict[int, asyncio.Task[None]] = field(default_factory=dict, init=False)
    """What this process is sending, by row: no claim of these is ever taken for lost."""

    async def run(self, channel: Channel, ear: Ear) -> None:
        """Carry for ever, woken by the bell. Cancelled, it lets what is being sent finish."""
        try:
            while True:
                try:
                    await self._look(channel, ear)
                except UnavailableError as trouble:
                    log.warning("delivery by %s waits: %s", channel.value, trouble)
                except AssistantError:
                    log.exception("delivery by %s will go on", channel.value)
                await ear.wait(LOOK_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)
        finally:
            if self._carrying:
                await asyncio.wait(self._carrying.values(), timeout=STOP_SECONDS)

    async def _look(self, channel: Channel, ear: Ear) -> None:
        """Keep our claims, settle the lost ones, begin what is due."""
        await self.recover(channel)
        for rows in await self._claim(channel):
            ids = tuple(row.id for row in rows)
            task = asyncio.create_task(self._carry(rows), name=f"row {ids[0]}")
            self._carrying.update(dict.fromkeys(ids, task))
            task.add_done_callback(partial(self._carried, ids, ear))

    def _carried(self, row_ids: tuple[int, ...], ear: Ear, done: asyncio.Task[None]) -> None:
        for row_id in row_ids:
            del self._carrying[row_id]
        ear.heard.set()
        if not done.cancelled() and (fault := done.exception()) is not None:
            log.error("row %s was not settled, its claim will run out", row_ids[0],
                      exc_info=fault)

    async def recover(self, channel: Channel) -> None:
        """Settle what a crash left between sending and settling."""
        now = self.office.clock.now()
        async with self.office.work() as work:
            if self._carrying:
                await work.outbox.hold(self._carrying, now + CLAIM)
            for row in await work.outbox.claimed_and_lost(now):
                if row.channel is channel and row.id not in self._carrying:
                    await self._in_doubt(work, row, "программа была остановлена при отправке", now)

    async def carry(self, channel: Channel) -> int:
        """Send what is due now; returns how many rows were taken."""
        batches = await self._claim(channel)
        for rows in batches:
            await self._carry(rows)
        return sum(map(len, batches))

    async def _claim(self, channel: Channel) -> Sequence[Batch]:
        """What may go now, to each recipient at once what goes as one message."""
        now = self.office.clock.now()
        room = AT_ONCE[channel] - len(set(self._carrying.values()))
        if room <= 0:
            return ()
        async with self.office.work() as work:
            rows = await work.outbox.claim(channel, now, now + CLAIM, room, self._carrying)
            if channel is not Channel.TELEGRAM:
                return [(row,) for row in rows]
            loud = [row for row in rows if not await self._held_back(work, row, now)]
            return [await self._with_others(work, row, now) for row in loud]

    async def _held_back(self, work: UnitOfWork, row: OutboxRow, now: datetime) -> bool:
        """Put it back until the person's quiet hours are over."""
        person = (await work.people.directory()).people.get(row.notice.person_id or 0)
        end = None if person is None else quiet.until(
            row.notice, person, self.office.rules.quiet, self.office.calendar, now)
        if end is None:
            return False
        await work.outbox.settle(row.id, State.QUEUED, now, not_before=end, error=row.last_error)
        return True

    async def _with_others(self, work: UnitOfWork, row: OutboxRow, now: datetime) -> Batch:
        """What else waits for the person and can be said in the same message."""
        if row.notice.kind not in IN_ONE or row.last_error or row.notice.case_id is None:
            return (row,)
        return (row, *await work.outbox.claim_with(row, IN_ONE, now, now + CLAIM))

    async def _carry(self, rows: Batch) -> None:
        """Make the parcels and send them as one; each row is settled as the message was."""
        packed = [(row, parcel) for row in rows if (parcel := await self._pack(row)) is not None]
        if not packed:
            return
        going = tuple(row for row, _ in packed)
        first, *more = (parcel for _, parcel in packed)
        noting = await self._attempt(going, replace(first, more=tuple(more)))
        if noting is not None:
            for row in going:
                await _patiently(partial(noting, row))

    async def _pack(self, row: OutboxRow) -> Parcel | None:
        """The parcel; None where the row was settled without one."""
        noting: Noting
        if row.notice.expires_at is not None and row.notice.expires_at < self.office.clock.now():
            noting = partial(self._settle, state=State.FAILED, error="устарело до отправки")
        elif row.attempts > ATTEMPTS:
            noting = partial(self._give_up, reason="программа несколько раз останавливалась при "
                             "подготовке")
        else:
            try:
                return await self.packer.pack(row)
            except UnavailableError as trouble:
                noting = partial(self._try_later, trouble=TryLaterError(str(trouble)))
            except AssistantError as trouble:
                noting = partial(self._give_up, reason=str(trouble))
        await _patiently(partial(noting, row))
        return None

    async def _attempt(self, rows: Batch, parcel: Parcel) -> Noting | None:
        """Try once; what is to be noted of how it ended, nothing if the rows are not ours."""
        try:
            reference = await self.couriers[rows[0].channel].deliver(
                parcel, partial(self._leave, rows))
        except NotOursError:
            log.warning("row %s: the claim ran out before it could leave", rows[0].id)
            return None
        except TryLaterError as trouble:
            return partial(self._try_later, trouble=trouble)
        except (InDoubtError, UnavailableError) as trouble:
            return partial(self._perhaps_sent, reason=str(trouble))
        except UnreachableError as trouble:
            return partial(self._lost, reason=str(trouble))
        except AssistantError as trouble:
            return partial(self._give_up, reason=str(trouble))
        return partial(self._sent, reference=reference)

    async def _leave(self, rows: Batch, raw: bytes = b"") -> None:
        for row in rows:
            await self._leaves(row, raw)

    async def _leaves(self, row: OutboxRow, raw: bytes) -> None:
        """Note that from now on it may have been sent; called just before it is.

        A letter about a case is kept as it goes: it belongs to the case file (R50).
        """
        try:
            sent = None
            if raw and row.notice.case_id is not None:
                sent = await self.office.files.put(raw, f"исходящее-{row.id}.eml", LETTER)
            async with self.office.work() as work:
                ours = await work.outbox.leave(row, self.office.clock.now() + CLAIM, sent)
        except UnavailableError as trouble:
            raise TryLaterError(str(trouble)) from trouble
        if not ours:
            raise NotOursError

    async def _settle(self, row: OutboxRow, state: State, *, error: str = "",
                      not_before: datetime | None = None) -> None:
        async with self.office.work() as work:
            await work.outbox.settle(row.id, state, self.office.clock.now(), error=error,
                                     not_before=not_before)

    async def _sent(self, row: OutboxRow, reference: str) -> None:
        async with self.office.work() as work:
            await self._settle_sent(work, row, reference)

    async def _settle_sent(self, work: UnitOfWork, row: OutboxRow, reference: str, said: str = ""
                           ) -> None:
        """Settle, and let the case know what the post has done (4.4¶1, 5¶4)."""
        now = self.office.clock.now()
        system = Actor(Channel.SYSTEM, f"outbox:{row.id}", speaks_for=SYSTEM)
        notice = row.notice
        await work.outbox.settle(row.id, State.SENT, now, message_ref=reference, error=said)
        try:
            if notice.kind is NoticeKind.ASSIGNMENT and notice.case_id is not None:
                async with self.office.act(work, system, CaseRef(notice.case_id)) as act:
                    execution.delivered(act, int(notice.facts["part"]))
            elif notice.kind in SENT_BY_POST:
                await self.letters.happened(work, system, int(notice.facts["letter"]),
                                            SENT_BY_POST[notice.kind])
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
            if row.notice.kind is NoticeKind.LETTER_OUT:
                await self._undelivered(work, row, reason)
            await self._tell_desk(work, row, reason, directory, now, doubt=False)
        self.office.bell.ring()

    async def _lost(self, row: OutboxRow, reason: str) -> None:
        """The person is not reached any more: by e-mail from now on, told to the desk once."""
        now = self.office.clock.now()
        async with self.office.work() as work:
            person = (await work.people.directory()).people.get(row.notice.person_id or 0)
            if person is not None:
                await note_lost(work, person, now)
            if person is not None and person.email:
                await work.outbox.settle(row.id, State.FAILED, now, error=reason)
                await work.outbox.dealt_with(row.id, now)
                again = replace(row.notice, key=f"{row.notice.key}:by-mail")
                await work.outbox.put([(again, Channel.EMAIL)], now)
        if person is None or not person.email:
            await self._give_up(row, reason)
        self.office.bell.ring()

    async def _undelivered(self, work: UnitOfWork, row: OutboxRow, reason: str) -> None:
        """The server would not even take it: for the letter the same as a bounce."""
        system = Actor(Channel.SYSTEM, f"outbox:{row.id}:{row.attempts}", speaks_for=SYSTEM)
        try:
            await self.letters.happened(work, system, int(row.notice.facts["letter"]),
                                        Event.LETTER_BOUNCED, reason)
        except AssistantError as moved_on:
            log.info("row %s: the letter has moved on: %s", row.id, moved_on)

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
            await self._tell_desk(work, row, reason, await work.people.directory(), now,
                                  doubt=True)

    async def _tell_desk(self, work: UnitOfWork, row: OutboxRow, reason: str,
                         directory: Directory, now: datetime, *, doubt: bool) -> None:
        if row.notice.kind is NoticeKind.DELIVERY_TROUBLE:
            return
        to = directory.names([row.notice.person_id or 0]) or row.notice.address
        await work.outbox.put([address(Notice(
            NoticeKind.DELIVERY_TROUBLE, f"trouble:{row.id}:{row.attempts}:{one.id}", one.id,
            case_id=row.notice.case_id,
            facts={"row": str(row.id), "to": to, "reason": privacy.masked(reason),
                   "what": row.notice.kind.value, "doubt": "1" if doubt else ""}),
            directory) for one in directory.to_tell(Role.DESK)], now)

    async def decide(self, actor: Actor, row_id: int, *, repeat: bool) -> None:
        """The desk's word on a parcel in trouble: send again (the same letter), or let it be.

        What was in doubt and need not be sent again has arrived: the case gets to know.
        """
        if actor.person is None or not actor.person.all_offices & {Role.DESK, Role.DESK_HEAD}:
            raise NotFoundError("Недоставленным занимается подразделение «Добродел».")
        now = self.office.clock.now()
        async with self.office.work() as work:
            await work.sources.mark(actor.source, now)
            row = next((one for one in await work.outbox.troubled() if one.id == row_id), None)
            if row is None:
                raise NotFoundError("Об этой отправке решение уже принято.")
            if repeat:
                await work.outbox.settle(row_id, State.QUEUED, now, not_before=now, error=DECIDED)
            elif row.state is State.IN_DOUBT:
                await self._settle_sent(work, row, row.message_ref, DECIDED)
            else:
                await work.outbox.dealt_with(row_id, now)
        self.office.bell.ring()


async def _patiently(noting: Callable[[], Awaitable[None]]) -> None:
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

"""What mail servers and answers tell of a letter of ours: bounced, delivered, answered (R36)."""

import logging
from dataclasses import dataclass

from core import inbound, privacy
from core.errors import MoveNotAllowedError
from core.notices import Notice, NoticeKind, OutboxRow
from core.outbound import Delivery
from core.people import Actor
from core.ports import StoredMail, UnitOfWork
from core.regulation.terms import Event, Role
from core.usecases.letters import Letters
from core.usecases.office import Office, address

log = logging.getLogger(__name__)

REPLY = "reply"
"""The kind of a letter that answered one of ours."""
TABLE = "new_messages"
"""The kind of a letter that was a table of messages."""
ARRIVED_IF_ANSWERED = frozenset({
    Delivery.SENT, Delivery.DELIVERED, Delivery.IN_DOUBT, Delivery.BOUNCED})
"""What is known of a letter until its answer comes; the answer proves that it arrived."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was made of a letter: ``handled`` is false while a person must look."""

    kind: str
    said: str
    handled: bool = True
    case_id: int | None = None


def from_outside(mail: StoredMail) -> bool:
    """Whether a letter that waits for the desk is neither a table nor a colleague's reply."""
    return mail.kind not in {TABLE, REPLY}


@dataclass(frozen=True, slots=True)
class Post:
    """Notes it on the row of the outbox, and on the letter outside МСЭД if it was one."""

    office: Office
    letters: Letters

    async def reported(self, work: UnitOfWork, actor: Actor,
                       report: inbound.Bounce | inbound.Delivered) -> Outcome:
        """A mail server's report."""
        if isinstance(report, inbound.Bounce):
            return await self._bounce(work, actor, report)
        return await self._delivered(work, actor, report)

    async def answered(self, work: UnitOfWork, message_id: str) -> None:
        """The letter that was answered has arrived, whatever was known of it."""
        await self._has_arrived(work, await work.outbox.by_message_ref(message_id))

    async def answered_by_hand(self, work: UnitOfWork, letter_id: int) -> None:
        """The same of a letter outside МСЭД, where a person knew the answer."""
        await self._has_arrived(work, await work.outbox.by_key(f"letter_out:{letter_id}"))

    async def _has_arrived(self, work: UnitOfWork, row: OutboxRow | None) -> None:
        if row is not None and row.state in ARRIVED_IF_ANSWERED:
            await work.outbox.settle(row.id, Delivery.ANSWERED, self.office.clock.now())

    async def _bounce(self, work: UnitOfWork, actor: Actor, bounce: inbound.Bounce) -> Outcome:
        row = await work.outbox.by_message_ref(bounce.message_id)
        if row is None:
            return Outcome("bounce", f"Не доставлено неизвестное письмо: {bounce.reason}",
                           handled=False)
        if not bounce.permanent:
            return Outcome("bounce", f"Доставка задерживается: {bounce.reason}",
                           case_id=row.notice.case_id)
        now = self.office.clock.now()
        await work.outbox.settle(row.id, Delivery.BOUNCED, now, error=bounce.reason,
                                 message_ref=row.message_ref)
        if "letter" in row.notice.facts and row.notice.person_id is None:
            await self._note_letter(work, actor, row, Event.LETTER_BOUNCED, bounce.reason)
        directory = await work.people.directory()
        to = directory.names([row.notice.person_id or 0]) or row.notice.address
        await work.outbox.put([address(Notice(
            NoticeKind.DELIVERY_TROUBLE, f"bounced:{row.id}:{one.id}", one.id,
            case_id=row.notice.case_id,
            facts={"row": str(row.id), "to": to, "reason": privacy.masked(bounce.reason)}),
            directory) for one in directory.to_tell(Role.DESK)], now)
        return Outcome("bounce", f"Письмо не доставлено: {bounce.reason}",
                       case_id=row.notice.case_id)

    async def _delivered(self, work: UnitOfWork, actor: Actor, delivered: inbound.Delivered
                         ) -> Outcome:
        """The addressee's server has it. What is known already by an answer stays known."""
        row = await work.outbox.by_message_ref(delivered.message_id)
        if row is None:
            return Outcome("delivered", "Подтверждена доставка неизвестного письма.")
        if row.state in {Delivery.SENT, Delivery.IN_DOUBT}:
            await work.outbox.settle(row.id, Delivery.DELIVERED, self.office.clock.now())
            if row.notice.kind is NoticeKind.LETTER_OUT:
                if row.state is Delivery.IN_DOUBT:
                    await self._note_letter(work, actor, row, Event.SEND_LETTER)
                await self._note_letter(work, actor, row, Event.LETTER_DELIVERED)
        return Outcome("delivered", "Доставка письма подтверждена.", case_id=row.notice.case_id)

    async def _note_letter(self, work: UnitOfWork, actor: Actor, row: OutboxRow, event: Event,
                           reason: str = "") -> None:
        """What the post did to a letter outside МСЭД; one that has moved on stays as it is."""
        try:
            await self.letters.happened(work, actor, int(row.notice.facts["letter"]), event,
                                        reason)
        except MoveNotAllowedError as moved_on:
            log.info("row %s: %s", row.id, moved_on)

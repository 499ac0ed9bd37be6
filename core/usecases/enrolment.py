"""Joining the bot by a one-time invitation."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from core.errors import UnknownPersonError
from core.journal import Fact
from core.people import Actor, Channel, Person
from core.ports import WorkFactory
from core.regulation.terms import Role
from core.usecases.office import Office
from core.usecases.reach import note_lost
from core.usecases.staff import require_office

INVITATION_LIVES = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Invitations, and who is behind a Telegram account."""

    office: Office

    @property
    def _work(self) -> WorkFactory:
        return self.office.work

    async def invite(self, person_code: str, actor: Actor | None = None) -> str:
        """A one-time code for the person of that directory code; lives seven days.

        Made by an administrator in the bot (``actor``), or from the console.
        """
        if actor is not None:
            require_office(actor.person, Role.ADMIN)
        code = secrets.token_urlsafe(16)
        async with self._work() as work:
            directory = await work.people.directory()
            person = next((one for one in directory.people.values()
                           if one.code.casefold() == person_code.casefold() and one.active), None)
            if person is None:
                raise UnknownPersonError(
                    f"В справочнике нет действующего сотрудника с кодом «{person_code}».")
            now = self.office.clock.now()
            await work.people.add_invitation(
                person.id, sha256(code.encode()).hexdigest(), now + INVITATION_LIVES)
            await work.journal.append([Fact(
                at=now, subject="directory", event="invite",
                actor=actor.name if actor else "администратор",
                channel=(actor.channel if actor else Channel.CONSOLE).value,
                source=actor.source if actor else "",
                actor_id=actor.person_id if actor else None, clause="4.1", requirement="R9",
                details={"person": person.code})])
        return code

    async def join(self, code: str, telegram_id: int) -> Person | None:
        """Link the account to the invited person; None for an unknown, used or old code."""
        now = self.office.clock.now()
        async with self._work() as work:
            person = await work.people.use_invitation(
                sha256(code.encode()).hexdigest(), telegram_id, now)
            if person is not None:
                await work.journal.append([Fact(
                    at=now, subject="directory", event="join", actor=person.short_name,
                    channel=Channel.TELEGRAM.value, source="", actor_id=person.id,
                    clause="4.1", requirement="R9")])
        self.office.bell.ring()
        return person

    async def lost(self, telegram_id: int, *, lost: bool) -> None:
        """The person has shut the bot out, or let it in again; the desk is told of the first."""
        async with self._work() as work:
            person = await work.people.by_telegram(telegram_id)
            if person is not None and lost:
                await note_lost(work, person, self.office.clock.now())
            elif person is not None:
                await work.people.reached(person.id, None)
        self.office.bell.ring()

    async def actor(self, telegram_id: int, source: str) -> Actor | None:
        """Who acts from that account; None for a stranger.

        Whoever acts has opened what came before, and is reached again.
        """
        async with self._work() as work:
            person = await work.people.by_telegram(telegram_id)
            if person is not None:
                await work.outbox.opened(person.id, self.office.clock.now())
            if person is not None and person.unreachable_since is not None:
                await work.people.reached(person.id, None)
        return Actor(Channel.TELEGRAM, source, person) if person else None

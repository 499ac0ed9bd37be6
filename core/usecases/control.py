"""Control (section 6): the minute scan with reminders, and the office's daily digest."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Protocol

from core import due
from core.cards import Digest, Expiry
from core.marks import Look
from core.notices import Notice, NoticeKind
from core.people import Channel, Directory, Person
from core.quiet import minute
from core.regulation.terms import Role
from core.silence import Listening
from core.usecases import digesting
from core.usecases.forecasting import Forecaster
from core.usecases.office import Office, address
from core.usecases.watch import Watch, next_look

DIGEST = "digest"
DESK = (Role.DESK, Role.DESK_HEAD)
EXPIRES_WITHIN = timedelta(days=14)
"""Certificates that renew themselves do so earlier."""
AT_ONCE = 250
"""Cases that the scan looks at in one transaction."""


def is_desk(person: Person) -> bool:
    """Whether the office's digest is this person's to read (R39)."""
    return bool(person.offices & set(DESK))


class Expiries(Protocol):
    """What ends by itself outside the program: certificates of the servers it speaks with."""

    async def by(self, day: date) -> Sequence[Expiry]:
        """What ends on that day or before; what cannot be learned is left out."""
        ...


class NothingExpires:
    """For an office that speaks with no server over TLS."""

    async def by(self, day: date) -> Sequence[Expiry]:
        """Nothing."""
        return ()


@dataclass(slots=True)
class Control:
    """Looks at every open case; what is due is computed, never stored."""

    office: Office
    expiries: Expiries = field(default_factory=NothingExpires)
    little_room: Callable[[], int | None] = field(default=lambda: None)
    """The bytes left for the office's data where they are too few."""
    watch: Watch = field(default_factory=Watch)
    forecaster: Forecaster = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is known of the office's pace yet."""
        self.forecaster = Forecaster(self.office)

    async def scan(self) -> int:
        """Queue the reminders that are due now; each mark once.

        Returns how many are due, the known ones of the cases looked at included.
        """
        now = self.office.clock.now()
        if not self._at_work(now):
            return 0
        async with self.office.work() as work:
            directory = await work.people.directory()
            versions = await work.cases.open_versions()
        waiting = self.watch.to_look_at(versions, directory, now)
        queued = 0
        for start in range(0, len(waiting), AT_ONCE):
            queued += await self._look_at(waiting[start:start + AT_ONCE], directory, now)
        if queued:
            self.office.bell.ring()
        return queued

    async def _look_at(self, case_ids: Sequence[int], directory: Directory, now: datetime) -> int:
        """A transaction of its own, so that nobody waits for the whole scan."""
        calendar = self.office.calendar
        async with self.office.work() as work:
            cases = await work.cases.several(case_ids)
            duties = {case.id: due.open_duties(case, calendar) for case in cases}
            look = Look(self.office.rules.marks, calendar, directory, now)
            listening = Listening(calendar, directory, now)
            notices = [notice for case in cases for one in duties[case.id]
                       for notice in look.notices(case, one)]
            notices += [notice for case in cases for notice in listening.notices(case)]
            await work.outbox.put([address(one, directory) for one in notices], now)
        for case in cases:
            again = next_look(duties[case.id], calendar, now, listening.moments(case))
            self.watch.looked_at(case.id, case.version, again)
        return len(notices)

    def _at_work(self, now: datetime) -> bool:
        calendar = self.office.calendar
        today = calendar.local_date(now)
        return calendar.is_working(today) and (
            calendar.start_of_work(today) <= now <= calendar.end_of_work(today)
            + timedelta(hours=1))

    async def digest_if_due(self) -> bool:
        """Send the office its digest, once a working day, after its hour; caught up if missed."""
        now = self.office.clock.now()
        calendar, rules = self.office.calendar, self.office.rules
        today = calendar.local_date(now)
        if not calendar.is_working(today) or now < self._digest_hour(today):
            return False
        async with self.office.work() as work:
            if await work.routines.done(DIGEST, today.isoformat()):
                return False
            directory = await work.people.directory()
            notices: list[tuple[Notice, Channel]] = [
                address(self._digest_notice(today.isoformat(), person), directory)
                for person in directory.to_tell(*DESK) if person.digest_at is None]
            notices += [(Notice(NoticeKind.DIGEST, f"digest:{today}:{mail}", address=mail,
                                facts={"on": today.isoformat()}), Channel.EMAIL)
                        for mail in rules.office_addresses]
            await work.outbox.put(notices, now)
            await work.routines.mark(DIGEST, today.isoformat(), now)
        self.office.bell.ring()
        return True

    async def own_digests_if_due(self) -> int:
        """The digest of each who chose the hour: the desk's for the desk, else what waits."""
        now, calendar = self.office.clock.now(), self.office.calendar
        today = calendar.local_date(now)
        end = calendar.end_of_work(today) + timedelta(hours=1)
        if not calendar.is_working(today) or now > end:
            return 0
        local = minute(now.astimezone(calendar.zone))
        async with self.office.work() as work:
            directory = await work.people.directory()
            waiting = [one for one in directory.people.values()
                       if one.active and one.digest_at is not None and one.digest_at <= local
                       and one.id not in directory.acting
                       and not await work.routines.done(f"{DIGEST}:{one.id}", today.isoformat())]
            for one in waiting:
                notice = self._digest_notice(today.isoformat(), one)
                kind = NoticeKind.DIGEST if is_desk(one) else NoticeKind.MY_DAY
                await work.outbox.put([address(replace(
                    notice, kind=kind, expires_at=end), directory)], now)
                await work.routines.mark(f"{DIGEST}:{one.id}", today.isoformat(), now)
        if waiting:
            self.office.bell.ring()
        return len(waiting)

    def _digest_hour(self, day: date) -> datetime:
        rules = self.office.rules
        return datetime.combine(day, time(rules.digest_hour, rules.digest_minute),
                                self.office.calendar.zone)

    def _digest_notice(self, day: str, person: Person) -> Notice:
        return Notice(NoticeKind.DIGEST, f"digest:{day}:{person.id}", person.id,
                      facts={"on": day})

    async def digest(self) -> Digest:
        """The digest as it stands this moment.

        What came and what went is counted since the digest hour of the working day before, so
        that a morning's digest tells of the whole day behind it, and Monday's of the weekend.
        Worked out in a thread, after the transaction: nobody waits for it.
        """
        now = self.office.clock.now()
        today = self.office.calendar.local_date(now)
        await self.forecaster.learn_if_due()
        expiring = tuple(await self.expiries.by(today + EXPIRES_WITHIN))
        since = self._digest_hour(self.office.calendar.add_working_days(today, -1))
        async with self.office.work() as work:
            standing = await digesting.standing(work, since, now)
        made = await asyncio.to_thread(
            digesting.digest, standing, self.office.calendar, self.office.rules.marks,
            self.forecaster)
        return replace(made, expiring=expiring, room_left=self.little_room())

"""The directory and who joined the bot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from core import substitution
from core.addresses import Address, Addresses
from core.errors import BadTableError, NotFoundError
from core.people import Absence, ApprovalRule, Body, Directory, Person, Quiet, Route
from core.regulation.terms import BodyKind, Role
from storage import counters, documents
from storage.documents import clean
from storage.fields import utc
from storage.records import (
    AbsenceRecord,
    AddressRecord,
    ApprovalRuleRecord,
    BodyRecord,
    InvitationRecord,
    PersonRecord,
    RouteRecord,
)

REVISION = "directory"
"""The counter that grows with every change of the directory."""
ADDRESSES = "addresses"
"""The same of its table of addresses."""


@dataclass(slots=True)
class DirectoryCache:
    """The directory as last read by this process: at which revision, for which day.

    ``today`` is the office's date; without it nobody is away.
    """

    revision: int = -1
    directory: Directory = field(default_factory=Directory)
    day: date | None = None
    addresses_revision: int = -1
    addresses: Addresses = field(default_factory=Addresses)
    today: Callable[[], date] | None = None

    def forget(self) -> None:
        """Read it anew next time."""
        self.revision = self.addresses_revision = -1


def person_of(row: PersonRecord) -> Person:
    """A row as a person."""
    return Person(
        id=row.id, code=row.code, name=row.name, post=row.post, body_id=row.body_id,
        offices=documents.read(row.offices, frozenset[Role]),
        telegram_id=row.telegram_id, email=row.email, active=row.active, blocked=row.blocked,
        quiet=None if row.quiet_from is None or row.quiet_until is None else Quiet(
            row.quiet_from, row.quiet_until, row.quiet_days_off),
        digest_at=row.digest_at, unreachable_since=row.unreachable_since)


def body_of(row: BodyRecord) -> Body:
    """A row as a body."""
    return Body(
        id=row.id, code=row.code, name=row.name, kind=msgspec.convert(row.kind, BodyKind),
        address=row.address, phone=row.phone, email=row.email, hours=row.hours,
        confirmed_on=row.confirmed_on)


class PeopleRepository:
    """Implements ``core.ports.People``."""

    def __init__(self, client: BaseDBAsyncClient, cache: DirectoryCache) -> None:
        self._client = client
        self._cache = cache
        self._changed = False

    async def directory(self) -> Directory:
        """The whole directory today; one small query while its revision and the day stand."""
        revision = await counters.current(self._client, REVISION)
        cache = self._cache
        day = cache.today() if cache.today is not None else None
        if (revision, day) == (cache.revision, cache.day) and not self._changed:
            return cache.directory
        directory = await self._read_all()
        if day is not None:
            directory = substitution.on_day(directory, day)
        if not self._changed:  # a change not yet committed may yet be rolled back
            cache.revision, cache.day, cache.directory = revision, day, directory
        return directory

    async def _read_all(self) -> Directory:
        people = await PersonRecord.all().using_db(self._client).order_by("id")
        bodies = await BodyRecord.all().using_db(self._client).order_by("id")
        routes = await RouteRecord.all().using_db(self._client).order_by("id")
        rules = await ApprovalRuleRecord.all().using_db(self._client).order_by("id")
        absences = await AbsenceRecord.all().using_db(self._client).order_by("id")
        return Directory(
            absences=tuple(Absence(row.person_id, row.substitute_id, row.first_on, row.last_on,
                                   row.id) for row in absences),
            people={row.id: person_of(row) for row in people},
            bodies={row.id: body_of(row) for row in bodies},
            routes=tuple(Route(
                topic=row.topic, territory=row.territory, official_id=row.official_id,
                lead_id=row.lead_id,
                co_executor_ids=documents.read(row.co_executor_ids, tuple[int, ...]),
                signatory_id=row.signatory_id) for row in routes),
            approvals=tuple(ApprovalRule(
                row.category, documents.read(row.approver_ids, tuple[int, ...]))
                for row in rules))

    async def addresses(self) -> Addresses:
        """The table of coordinates; one small query while its revision stands."""
        revision = await counters.current(self._client, ADDRESSES)
        cache = self._cache
        if revision == cache.addresses_revision and not self._changed:
            return cache.addresses
        rows = await AddressRecord.all().using_db(self._client).order_by("id").values_list(
            "settlement", "street", "house", "latitude", "longitude")
        found = Addresses(Address(*row) for row in rows)
        if not self._changed:
            cache.addresses_revision, cache.addresses = revision, found
        return found

    async def import_all(self, bodies: Sequence[Body], people: Sequence[Person],
                         routes: Sequence[Route], approvals: Sequence[ApprovalRule],
                         addresses: Sequence[Address] | None = None) -> None:
        """Replace what the file names, keyed by ``code``.

        Ids inside refer to the given sequences' own ids; a reference to none of them raises
        BadTableError. People left out become inactive, bodies left out stay (old cases name
        them); accounts are kept, and so is the table of addresses where none is given.
        """
        if addresses is not None:
            await self._set_addresses(addresses)
        body_ids = await self._import_bodies(bodies)
        ids = await self._import_people(people, body_ids)
        await self.set_rules(
            [replace(one, official_id=_id(ids, one.official_id), lead_id=_id(ids, one.lead_id),
                     co_executor_ids=tuple(_id(ids, other) for other in one.co_executor_ids),
                     signatory_id=None if one.signatory_id is None
                     else _id(ids, one.signatory_id)) for one in routes],
            [replace(one, approver_ids=tuple(_id(ids, other) for other in one.approver_ids))
             for one in approvals])

    async def _set_addresses(self, addresses: Sequence[Address]) -> None:
        await AddressRecord.all().using_db(self._client).delete()
        await AddressRecord.bulk_create([AddressRecord(
            settlement=clean(one.settlement), street=clean(one.street), house=clean(one.house),
            latitude=one.latitude, longitude=one.longitude) for one in addresses],
            using_db=self._client)
        await counters.advance(self._client, ADDRESSES, 0)

    async def set_rules(self, routes: Sequence[Route], approvals: Sequence[ApprovalRule]) -> None:
        """Replace the routing table and the approval lists."""
        await RouteRecord.all().using_db(self._client).delete()
        for route in routes:
            await RouteRecord.create(
                topic=clean(route.topic), territory=clean(route.territory),
                official_id=route.official_id, lead_id=route.lead_id,
                co_executor_ids=documents.write(list(route.co_executor_ids)),
                signatory_id=route.signatory_id, using_db=self._client)
        await ApprovalRuleRecord.all().using_db(self._client).delete()
        for rule in approvals:
            await ApprovalRuleRecord.create(
                category=clean(rule.category),
                approver_ids=documents.write(list(rule.approver_ids)), using_db=self._client)
        await self._touch()

    async def save_person(self, person: Person) -> None:
        """Write what the program itself may change of a person: name, post and code stay.

        Raises NotFoundError.
        """
        quiet = person.quiet
        if not await PersonRecord.filter(id=person.id).using_db(self._client).update(
                body_id=person.body_id,
                offices=documents.write(sorted(one.value for one in person.offices)),
                telegram_id=person.telegram_id, active=person.active, blocked=person.blocked,
                quiet_from=quiet and quiet.start, quiet_until=quiet and quiet.end,
                quiet_days_off=quiet is not None and quiet.days_off,
                digest_at=person.digest_at,
                unreachable_since=person.unreachable_since and utc(person.unreachable_since)):
            raise NotFoundError("Такого сотрудника нет в справочнике.")
        await self._touch()

    async def save_body(self, body: Body) -> None:
        """Write the reference data of a body (2.1); raises NotFoundError."""
        if not await BodyRecord.filter(id=body.id).using_db(self._client).update(
                address=clean(body.address), phone=clean(body.phone), email=clean(body.email),
                hours=clean(body.hours), confirmed_on=body.confirmed_on):
            raise NotFoundError("Такого органа нет в справочнике.")
        await self._touch()

    async def add_absence(self, absence: Absence) -> None:
        """Keep it."""
        await AbsenceRecord.create(
            person_id=absence.person_id, substitute_id=absence.substitute_id,
            first_on=absence.first, last_on=absence.last, using_db=self._client)
        await self._touch()

    async def end_absence(self, absence_id: int, last: date | None) -> None:
        """Let it end on that day; None as if it had never been."""
        rows = AbsenceRecord.filter(id=absence_id).using_db(self._client)
        if last is None:
            await rows.delete()
        else:
            await rows.update(last_on=last)
        await self._touch()

    async def _import_bodies(self, bodies: Sequence[Body]) -> dict[int, int]:
        """The file's ids to the database's."""
        known = {row.code: row for row in await BodyRecord.all().using_db(self._client)}
        ids = {}
        for body in bodies:
            row = known.get(body.code) or BodyRecord(code=body.code)
            row.update_from_dict({
                "name": clean(body.name), "kind": body.kind.value,
                "address": clean(body.address), "phone": clean(body.phone),
                "email": clean(body.email), "hours": clean(body.hours),
                "confirmed_on": body.confirmed_on or (
                    row.confirmed_on if body.code in known else self._today())})
            await row.save(using_db=self._client)
            ids[body.id] = row.id
        return ids

    def _today(self) -> date | None:
        """The day on which data that were just typed in are taken for confirmed (R4)."""
        return self._cache.today() if self._cache.today is not None else None

    async def _import_people(self, people: Sequence[Person], body_ids: dict[int, int]
                             ) -> dict[int, int]:
        """The file's ids to the database's; whoever is not in the file becomes inactive."""
        rows = await PersonRecord.all().using_db(self._client)
        known = {row.code: row for row in rows}
        accounts = {row.telegram_id for row in rows if row.telegram_id is not None}
        ids = {}
        for person in people:
            row = known.pop(person.code, None) or PersonRecord(code=person.code)
            if row.telegram_id is None and person.telegram_id not in accounts:
                row.telegram_id = person.telegram_id
            row.update_from_dict({
                "name": clean(person.name), "post": clean(person.post),
                "body_id": _id(body_ids, person.body_id),
                "offices": documents.write(sorted(one.value for one in person.offices)),
                "email": clean(person.email), "email_folded": _folded(person.email),
                "active": person.active and not row.blocked})
            await row.save(using_db=self._client)
            ids[person.id] = row.id
        left_out = [row.id for row in known.values() if row.active]
        if left_out:
            await PersonRecord.filter(id__in=left_out).using_db(self._client).update(active=False)
        return ids

    async def _touch(self) -> None:
        self._changed = True
        await counters.advance(self._client, REVISION, 0)

    async def reached(self, person_id: int, lost_at: datetime | None) -> None:
        """Note that Telegram takes nothing for the person since then; None: it does again."""
        await PersonRecord.filter(id=person_id).using_db(self._client).update(
            unreachable_since=lost_at and utc(lost_at))
        await self._touch()

    async def commands(self) -> Mapping[int, str]:
        """Which list of commands Telegram was told for each person, where it was told any."""
        rows = PersonRecord.exclude(commands="").using_db(self._client)
        return dict(await rows.values_list("id", "commands"))

    async def set_commands(self, person_id: int, mark: str) -> None:
        """Note that it was told; the directory does not change by it."""
        await PersonRecord.filter(id=person_id).using_db(self._client).update(commands=mark)

    async def by_telegram(self, telegram_id: int) -> Person | None:
        """The active person of that account."""
        directory = await self.directory()
        return next((one for one in directory.people.values()
                     if one.telegram_id == telegram_id and one.active), None)

    async def by_email(self, address: str) -> Person | None:
        """The active person of that address, letters' case ignored; None too where several share
        it, since nobody can tell which of them wrote."""
        folded = _folded(address)
        if not folded:
            return None
        rows = await PersonRecord.filter(
            email_folded=folded, active=True).using_db(self._client).limit(2)
        return person_of(rows[0]) if len(rows) == 1 else None

    async def add_invitation(self, person_id: int, code_hash: str, expires_at: datetime) -> None:
        """Keep a one-time invitation by the hash of its code."""
        await InvitationRecord.create(
            code_hash=code_hash, person_id=person_id, expires_at=utc(expires_at),
            using_db=self._client)

    async def use_invitation(self, code_hash: str, telegram_id: int, now: datetime
                             ) -> Person | None:
        """Link the account and use the invitation up; None if unknown, used, expired, or the
        person is no longer active. An account linked to somebody else is unlinked there."""
        invitations = InvitationRecord.filter(code_hash=code_hash).using_db(self._client)
        invitation = await invitations.get_or_none()
        if invitation is None or invitation.used_at or invitation.expires_at <= utc(now):
            return None
        people = PersonRecord.all().using_db(self._client)
        row = await people.filter(id=invitation.person_id, active=True).get_or_none()
        if row is None:
            return None
        await people.filter(telegram_id=telegram_id).update(telegram_id=None)
        await people.filter(id=row.id).update(telegram_id=telegram_id, unreachable_since=None)
        await invitations.update(used_at=utc(now))
        await self._touch()
        row.telegram_id = telegram_id
        return person_of(row)


def _folded(address: str) -> str:
    return clean(address).strip().casefold()


def _id(ids: dict[int, int], given: int) -> int:
    try:
        return ids[given]
    except KeyError:
        raise BadTableError(
            f"Справочник ссылается на строку {given}, которой в нём нет. Исправьте файл."
        ) from None

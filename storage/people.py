"""The directory and who joined the bot."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from core.errors import BadTableError
from core.people import ApprovalRule, Body, Directory, Person, Route
from core.regulation.terms import BodyKind, Role
from storage import counters, documents
from storage.documents import clean
from storage.fields import utc
from storage.records import (
    ApprovalRuleRecord,
    BodyRecord,
    InvitationRecord,
    PersonRecord,
    RouteRecord,
)

REVISION = "directory"
"""The counter that grows with every change of the directory."""


@dataclass(slots=True)
class DirectoryCache:
    """The directory as last read by this process, and at which revision."""

    revision: int = -1
    directory: Directory = field(default_factory=Directory)


def person_of(row: PersonRecord) -> Person:
    """A row as a person."""
    return Person(
        id=row.id, code=row.code, name=row.name, post=row.post, body_id=row.body_id,
        offices=documents.read(row.offices, frozenset[Role]),
        telegram_id=row.telegram_id, email=row.email, active=row.active)


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
        """The whole directory; one small query while its revision stands."""
        revision = await counters.current(self._client, REVISION)
        if revision == self._cache.revision and not self._changed:
            return self._cache.directory
        directory = await self._read_all()
        if not self._changed:  # a change not yet committed may yet be rolled back
            self._cache.revision, self._cache.directory = revision, directory
        return directory

    async def _read_all(self) -> Directory:
        people = await PersonRecord.all().using_db(self._client).order_by("id")
        bodies = await BodyRecord.all().using_db(self._client).order_by("id")
        routes = await RouteRecord.all().using_db(self._client).order_by("id")
        rules = await ApprovalRuleRecord.all().using_db(self._client).order_by("id")
        return Directory(
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

    async def import_all(self, bodies: Sequence[Body], people: Sequence[Person],
                         routes: Sequence[Route], approvals: Sequence[ApprovalRule]) -> None:
        """Replace what the file names, keyed by ``code``.

        Ids inside refer to the given sequences' own ids; a reference to none of them raises
        BadTableError. People left out become inactive, bodies left out stay (old cases name
        them); accounts are kept.
        """
        body_ids = await self._import_bodies(bodies)
        person_ids = await self._import_people(people, body_ids)
        await RouteRecord.all().using_db(self._client).delete()
        for route in routes:
            await RouteRecord.create(
                topic=clean(route.topic), territory=clean(route.territory),
                official_id=_id(person_ids, route.official_id),
                lead_id=_id(person_ids, route.lead_id),
                co_executor_ids=documents.write(
                    [_id(person_ids, one) for one in route.co_executor_ids]),
                signatory_id=None if route.signatory_id is None
                else _id(person_ids, route.signatory_id),
                using_db=self._client)
        await ApprovalRuleRecord.all().using_db(self._client).delete()
        for rule in approvals:
            await ApprovalRuleRecord.create(
                category=clean(rule.category),
                approver_ids=documents.write([_id(person_ids, one) for one in rule.approver_ids]),
                using_db=self._client)
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
                "confirmed_on": body.confirmed_on})
            await row.save(using_db=self._client)
            ids[body.id] = row.id
        return ids

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
                "active": person.active})
            await row.save(using_db=self._client)
            ids[person.id] = row.id
        left_out = [row.id for row in known.values() if row.active]
        if left_out:
            await PersonRecord.filter(id__in=left_out).using_db(self._client).update(active=False)
        return ids

    async def _touch(self) -> None:
        self._changed = True
        await counters.advance(self._client, REVISION, 0)

    async def by_telegram(self, telegram_id: int) -> Person | None:
        """The active person of that account."""
        row = await PersonRecord.filter(
            telegram_id=telegram_id, active=True).using_db(self._client).get_or_none()
        return None if row is None else person_of(row)

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
        await people.filter(id=row.id).update(telegram_id=telegram_id)
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

"""The directory and the invitations, on either database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.addresses import Address
from core.errors import BadTableError
from core.people import Absence, ApprovalRule, Body, Person, Quiet, Route
from core.ports import UnitOfWork
from core.regulation.terms import BodyKind, Role
from storage.database import Database
from tests.storage.contract.values import NOW


class TestPeople:
    BODIES = (Body(10, "admin", "Администрация", BodyKind.DEPARTMENT, email="a@b.ru",
                   confirmed_on=date(2026, 9, 1)),
              Body(20, "roads", "МБУ «Дороги»", BodyKind.SUBORDINATE))
    PEOPLE = (Person(1, "ivanova", "Иванова Анна Петровна", "начальник", 10,
                     frozenset({Role.DESK, Role.ADMIN}), email="Ivanova@Example.RU"),
              Person(2, "petrov", "Петров Сергей", "мастер", 20),
              Person(3, "orlov", "Орлов Иван", "глава", 10, frozenset({Role.OFFICIAL})))
    ROUTES = (Route("Дороги", "", official_id=3, lead_id=2, co_executor_ids=(2, 1),
                    signatory_id=3),)
    RULES = (ApprovalRule("Дороги", (3, 1, 2)),)

    async def load(self, work: UnitOfWork) -> None:
        await work.people.import_all(self.BODIES, self.PEOPLE, self.ROUTES, self.RULES)

    async def test_directory_comes_back_with_its_own_ids(self, database: Database) -> None:
        async with database.work() as work:
            await self.load(work)
            directory = await work.people.directory()
        ids = {one.code: one.id for one in directory.people.values()}
        assert [one.code for one in directory.people.values()] == ["ivanova", "petrov", "orlov"]
        ivanova = directory.people[ids["ivanova"]]
        assert ivanova.offices == {Role.DESK, Role.ADMIN}
        body = directory.body_of(ivanova)
        assert body is not None
        assert replace(body, id=10) == self.BODIES[0]
        assert directory.routes == (Route(
            "Дороги", "", ids["orlov"], ids["petrov"], (ids["petrov"], ids["ivanova"]),
            ids["orlov"]),)
        assert directory.approvals == (ApprovalRule(
            "Дороги", (ids["orlov"], ids["ivanova"], ids["petrov"])),)

    async def test_importing_again_keeps_ids_and_accounts(self, database: Database) -> None:
        async with database.work() as work:
            await self.load(work)
            before = await work.people.directory()
            person_id = next(iter(before.people))
            await work.people.add_invitation(person_id, "h" * 64, NOW + timedelta(days=1))
            await work.people.use_invitation("h" * 64, 555, NOW)
        async with database.work() as work:
            await work.people.import_all(
                [replace(self.BODIES[0], id=1)], [replace(self.PEOPLE[0], id=7, body_id=1)],
                [], [])
            after = await work.people.directory()
        assert after.people.keys() == before.people.keys()
        assert after.people[person_id].telegram_id == 555
        assert [one.active for one in after.people.values()] == [True, False, False]
        assert after.routes == ()
        assert after.approvals == ()

    async def test_addresses_come_back_and_stay_where_an_import_brings_none(
            self, database: Database) -> None:
        listed = (Address("Мытищи", "ул. Мира", "5", 55.9105, 37.7364),
                  Address("пос. Пироговский", "", "", 55.98, 37.72))
        async with database.work() as work:
            assert (await work.people.addresses()).listed == ()
            await work.people.import_all(self.BODIES, self.PEOPLE, (), (), listed)
            assert (await work.people.addresses()).listed == listed
        async with database.work() as work:
            await self.load(work)
            assert (await work.people.addresses()).listed == listed
        async with database.work() as work:
            await work.people.import_all(self.BODIES, self.PEOPLE, (), (), listed[1:])
        async with database.work() as work:
            assert (await work.people.addresses()).listed == listed[1:]

    async def test_reference_to_nobody_imports_nothing(self, database: Database) -> None:
        wrong = [replace(self.ROUTES[0], lead_id=77)]
        with pytest.raises(BadTableError, match="77"):
            async with database.work() as work:
                await work.people.import_all(self.BODIES, self.PEOPLE, wrong, self.RULES)
        async with database.work() as work:
            assert (await work.people.directory()).people == {}

    async def test_rolled_back_directory_is_not_remembered(self, database: Database) -> None:
        async def fail() -> None:
            async with database.work() as work:
                await self.load(work)
                assert len((await work.people.directory()).people) == 3
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        async with database.work() as work:
            assert (await work.people.directory()).people == {}
            await work.people.import_all(self.BODIES[:1], self.PEOPLE[:1], [], [])
        async with database.work() as work:
            assert len((await work.people.directory()).people) == 1

    async def test_unchanged_directory_is_not_read_again(self, database: Database) -> None:
        async with database.work() as work:
            await self.load(work)
        async with database.work() as work:
            first = await work.people.directory()
        async with database.work() as work:
            assert await work.people.directory() is first

    async def test_what_is_chosen_and_who_is_blocked_outlives_the_next_import(
            self, database: Database) -> None:
        async with database.work() as work:
            await self.load(work)
            one, two, _ = (await work.people.directory()).people.values()
            wished = replace(one, quiet=Quiet(21 * 60, 8 * 60, days_off=True), digest_at=510,
                             offices=frozenset({Role.CLERK}))
            await work.people.save_person(wished)
            await work.people.save_person(replace(two, active=False, blocked=True))
            await work.people.reached(one.id, NOW)
            await work.people.set_commands(one.id, "555:abc")
        async with database.work() as work:
            people = (await work.people.directory()).people
            assert people[one.id] == replace(wished, unreachable_since=NOW)
            assert await work.people.commands() == {one.id: "555:abc"}
            await self.load(work)
            people = (await work.people.directory()).people
            assert (people[one.id].quiet, people[one.id].digest_at) == (wished.quiet, 510)
            assert people[one.id].offices == one.offices, "roles are the file's"
            assert (people[two.id].active, people[two.id].blocked) == (False, True)

    async def test_an_absence_holds_on_its_days_and_ends_as_told(self, database: Database
                                                                 ) -> None:
        day = [date(2026, 11, 23)]
        database.lives_by(lambda: day[0])
        async with database.work() as work:
            await self.load(work)
            one, two, _ = (await work.people.directory()).people
            await work.people.add_absence(Absence(one, two, date(2026, 11, 24),
                                                  date(2026, 11, 27)))
        acting = []
        for day[0] in (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27),
                       date(2026, 11, 28)):
            async with database.work() as work:
                acting.append(dict((await work.people.directory()).acting))
        assert acting == [{}, {one: two}, {one: two}, {}]
        async with database.work() as work:
            day[0] = date(2026, 11, 26)
            (absence,) = (await work.people.directory()).absences
            await work.people.end_absence(absence.id, date(2026, 11, 25))
        async with database.work() as work:
            assert (await work.people.directory()).acting == {}
            await work.people.end_absence(absence.id, None)
            assert (await work.people.directory()).absences == ()

    async def test_person_is_known_by_address_whatever_its_case(self, database: Database) -> None:
        async with database.work() as work:
            await self.load(work)
            found = await work.people.by_email(" iVANOVA@example.ru")
            assert found is not None
            assert found.code == "ivanova"
            assert await work.people.by_email("") is None
            assert await work.people.by_email("petrov@example.ru") is None

    async def test_shared_address_names_nobody(self, database: Database) -> None:
        people = [replace(one, email="office@example.ru") for one in self.PEOPLE]
        async with database.work() as work:
            await work.people.import_all(self.BODIES, people, [], [])
            assert await work.people.by_email("office@example.ru") is None

    async def test_invitation_serves_once_and_in_time(self, database: Database) -> None:
        async with database.work() as work:
            await self.load(work)
            one, two, three = (await work.people.directory()).people
            for code, person_id in (("a", one), ("b", two), ("c", three)):
                await work.people.add_invitation(person_id, code * 64, NOW + timedelta(hours=1))
        async with database.work() as work:
            joined = await work.people.use_invitation("a" * 64, 100, NOW)
            assert joined is not None
            assert (joined.id, joined.telegram_id) == (one, 100)
            assert await work.people.by_telegram(100) == joined
            assert await work.people.use_invitation("a" * 64, 200, NOW) is None
            assert await work.people.use_invitation("z" * 64, 200, NOW) is None
            late = NOW + timedelta(hours=1)
            assert await work.people.use_invitation("c" * 64, 200, late) is None
        async with database.work() as work:
            moved = await work.people.use_invitation("b" * 64, 100, NOW)
            assert moved is not None
            assert await work.people.by_telegram(100) == moved
            directory = await work.people.directory()
            assert [p.telegram_id for p in directory.people.values()] == [None, 100, None]

    async def test_who_left_is_known_no_more(self, database: Database) -> None:
        async with database.work() as work:
            await self.load(work)
            one = next(iter((await work.people.directory()).people))
            await work.people.add_invitation(one, "a" * 64, NOW + timedelta(hours=1))
            await work.people.add_invitation(one, "b" * 64, NOW + timedelta(hours=1))
            await work.people.use_invitation("a" * 64, 100, NOW)
            await work.people.import_all(self.BODIES, self.PEOPLE[1:], [], [])
            assert await work.people.by_telegram(100) is None
            assert await work.people.by_email("ivanova@example.ru") is None
            assert await work.people.use_invitation("b" * 64, 300, NOW) is None

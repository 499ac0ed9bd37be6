"""What the use cases may count on, on SQLite and on PostgreSQL alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from core.approval import ApprovalSheet, ApprovalStep
from core.assignment import Assignment, Delegation, Milestone
from core.case import Case, CitizenMessage, new_round
from core.errors import AlreadyDoneError, BadTableError, NotFoundError, StaleCardError
from core.files import FileRef
from core.inbound import Applicant
from core.journal import Checked, Fact
from core.letters import Letter
from core.notices import Notice, NoticeKind
from core.outbound import Delivery
from core.people import Absence, ApprovalRule, Body, Channel, Person, Quiet, Route
from core.ports import Prompt, ShownCard, StoredMail, StoredUpdate, Token, UnitOfWork, WorkFactory
from core.regulation.terms import BodyKind, Event, LetterForm, LetterState, Role, State
from storage.database import Database

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOSCOW = timezone(timedelta(hours=3))
WHO = Applicant("Сидоров Пётр", "+7 900 000-00-00")


def message(portal_number: str = "ДБ-77", text: str = "Яма у дома") -> CitizenMessage:
    return CitizenMessage(portal_number, text, category="Дороги", place="Улица ЛЕНИНА, 5")


def fact(event: str = "register", case_id: int | None = 1) -> Fact:
    return Fact(at=NOW, subject="case", event=event, actor="Иванова А.П.", channel="telegram",
                source="tg:1", case_id=case_id, details={"куда": "МБУ «Дороги»"})


async def add_case(work: UnitOfWork, portal_number: str = "ДБ-77", at: datetime = NOW) -> Case:
    return await work.cases.add(message(portal_number), WHO, at)


def test_the_database_offers_what_the_core_asks_for(database: Database) -> None:
    factory: WorkFactory = database.work
    assert factory() is not factory()


class TestCases:
    async def test_case_comes_back_as_it_was_saved(self, database: Database) -> None:
        async with database.work() as work:
            added = await add_case(work)
        async with database.work() as work:
            assert await work.cases.get(added.id) == added
        assert added.number == "ЕКЖ-2026-000001"
        assert added.version == 1

    async def test_year_of_the_number_is_the_year_by_the_offices_clock(self, database: Database
                                                                       ) -> None:
        eve = datetime(2025, 12, 31, 23, 59, tzinfo=MOSCOW)
        async with database.work() as work:
            old = await add_case(work, at=eve)
            new = await add_case(work, at=eve + timedelta(minutes=1))
            next_new = await add_case(work, at=eve + timedelta(minutes=2))
        assert [one.number for one in (old, new, next_new)] == [
            "ЕКЖ-2025-000001", "ЕКЖ-2026-000001", "ЕКЖ-2026-000002"]

    async def test_number_of_a_rolled_back_case_is_given_again(self, database: Database) -> None:
        async def fail() -> None:
            async with database.work() as work:
                await add_case(work)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        async with database.work() as work:
            assert (await add_case(work)).number == "ЕКЖ-2026-000001"
            assert len(await work.cases.open_cases()) == 1

    @pytest.mark.parametrize("asked", [
        "ЕКЖ-2026-000001", "екж-2026-1", " 000001 ", "1", "2026-000001", "ДБ-77", "дб-77"])
    async def test_case_is_found_by_any_of_its_numbers(self, database: Database, asked: str
                                                       ) -> None:
        async with database.work() as work:
            added = await add_case(work)
            found = await work.cases.find(asked)
        assert found == added

    @pytest.mark.parametrize("asked", ["", "2", "ЕКЖ-2025-000001", "ДБ-7", "ЕКЖ-2026-", "%"])
    async def test_nothing_is_found_by_a_strange_number(self, database: Database, asked: str
                                                        ) -> None:
        async with database.work() as work:
            await add_case(work)
            assert await work.cases.find(asked) is None

    async def test_portal_number_finds_the_newest_case(self, database: Database) -> None:
        async with database.work() as work:
            await add_case(work, "123456789")
            newest = await add_case(work, "123456789")
            assert await work.cases.find("123456789") == newest

    async def test_case_is_found_by_the_numbers_of_its_returns_too(self, database: Database
                                                                   ) -> None:
        async with database.work() as work:
            case = await add_case(work, "ДБ-77")
            for number in (" ДБ-90 ", "ДБ-91", "ДБ-91"):
                case = await work.cases.save(new_round(case, message(number), NOW))
            other = await add_case(work, "ДБ-92")
        async with database.work() as work:
            for asked in ("ДБ-77", "дб-90", "ДБ-91"):
                assert await work.cases.find(asked) == case
            assert await work.cases.find("ДБ-92") == other

    async def test_number_of_two_cases_finds_the_newer(self, database: Database) -> None:
        async with database.work() as work:
            old = await add_case(work, "ДБ-77")
            new = await add_case(work, "ДБ-80")
            await work.cases.save(new_round(old, message("ДБ-80"), NOW))
            assert await work.cases.find("ДБ-80") == new

    async def test_number_however_long_does_not_stop_a_message(self, database: Database) -> None:
        async with database.work() as work:
            added = await add_case(work, "Ё" * 5000)
            assert await work.cases.find("ё" * 5000) == added

    async def test_versions_of_open_cases_tell_which_to_read(self, database: Database) -> None:
        async with database.work() as work:
            first, second, done = [await add_case(work, f"{n}") for n in range(3)]
            await work.cases.save(replace(done, state=State.CLOSED))
            changed = await work.cases.save(replace(first, official_id=1))
        async with database.work() as work:
            assert await work.cases.open_versions() == {first.id: 2, second.id: 1}
            assert await work.cases.several([second.id, first.id, 77]) == [changed, second]
            assert await work.cases.several([]) == []

    async def test_two_changes_of_one_version_do_not_overwrite(self, database: Database) -> None:
        async with database.work() as work:
            read = await add_case(work)
        async with database.work() as work:
            saved = await work.cases.save(replace(read, official_id=1))
        assert saved.version == read.version + 1
        with pytest.raises(StaleCardError):
            async with database.work() as work:
                await work.cases.save(replace(read, official_id=2))
        async with database.work() as work:
            assert await work.cases.get(read.id) == saved

    async def test_case_that_is_not_there_is_not_found(self, database: Database) -> None:
        async with database.work() as work:
            added = await add_case(work)
            with pytest.raises(NotFoundError):
                await work.cases.get(added.id + 1)
            with pytest.raises(NotFoundError):
                await work.cases.save(replace(added, id=added.id + 1))
            with pytest.raises(NotFoundError):
                await work.cases.applicant(added.id + 1)

    async def test_everyone_with_a_part_sees_the_case(self, database: Database) -> None:
        part = Assignment(
            key=0, executor_id=3, role=Role.LEAD, due_on=date(2026, 12, 1), given_at=NOW,
            chain=(Delegation(4, 3, NOW, date(2026, 11, 30)),))
        sheet = ApprovalSheet(1, (ApprovalStep(5), ApprovalStep(6)))
        async with database.work() as work:
            added = await add_case(work)
            await add_case(work)
            busy = await work.cases.save(replace(
                added, official_id=1, signatory_id=2, parts=(part,), sheet=sheet))
            for person_id in range(1, 7):
                assert await work.cases.with_person(person_id) == [busy]
            assert await work.cases.with_person(7) == []
            calm = await work.cases.save(replace(busy, sheet=None))
            assert await work.cases.with_person(5) == []
            await work.cases.save(replace(calm, state=State.CLOSED))
            assert await work.cases.with_person(1) == []

    async def test_a_case_at_rest_asks_nothing_more_of_its_people(self, database: Database
                                                                  ) -> None:
        async with database.work() as work:
            case = await work.cases.save(replace(await add_case(work), official_id=1))
            assert await work.cases.with_person(1) == [case]
            await work.cases.save(replace(case, state=State.PUBLISHED))
            assert await work.cases.with_person(1) == []

    @pytest.mark.parametrize("many", [400, 1], ids=["by the places", "by the newest cases"])
    async def test_cases_are_found_by_words_of_their_place_the_newest_first(
            self, database: Database, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("storage.cases.MANY_PLACES", many)
        places = ("Мытищи, ул. Лётная, 12", "Мытищи, ул. Мира, 12", "Мытищи, ул. Летная, 5",
                  "", "Мытищи, ул. Лётная, 12", "ул. 100%_Мира " + "очень далеко " * 400)
        async with database.work() as work:
            for number, place in enumerate(places, 1):
                await work.cases.add(replace(message(f"ДБ-{number}"), place=place), WHO, NOW)

            async def found(*words: str, limit: int = 200) -> list[int]:
                return [case.id for case in await work.cases.at_place(words, limit)]

            assert await found("летная") == [5, 3, 1]
            assert await found("ЛЁТНАЯ", "12") == [5, 1]
            assert await found("етн", limit=2) == [5, 3]
            assert await found("100%_") == [6]
            assert await found("мира") == [6, 2]
            assert await found("Заречная") == []

    async def test_closed_case_is_not_among_the_open(self, database: Database) -> None:
        async with database.work() as work:
            first, second, third = [await add_case(work) for _ in range(3)]
            await work.cases.save(replace(second, state=State.CLOSED))
            moved = await work.cases.save(replace(third, state=State.SIGNING))
            resting = await add_case(work)
            resting = await work.cases.save(replace(resting, state=State.PUBLISHED))
            assert await work.cases.open_cases() == [first, moved]
            assert await work.cases.in_states(State.PUBLISHED) == [resting]
            assert await work.cases.in_states(State.SIGNING, State.CLOSED) == [moved]
            assert await work.cases.in_states() == []

    async def test_cases_added_together_are_those_added_one_by_one(self, database: Database
                                                                  ) -> None:
        people = [Applicant(f"Житель {number}", "8") for number in range(3)]
        async with database.work() as work:
            first = await add_case(work)
            cases = await work.cases.add_all(
                [(message(f"ДБ-{number}"), one) for number, one in enumerate(people)], NOW)
            last = await add_case(work)
        assert [one.number for one in (first, *cases, last)] == [
            f"ЕКЖ-2026-00000{number}" for number in range(1, 6)]
        async with database.work() as work:
            assert [await work.cases.get(one.id) for one in cases] == cases
            assert [await work.cases.applicant(one.id) for one in cases] == people
            assert await work.cases.find("дб-2") == cases[2]
            assert await work.cases.add_all([], NOW) == []

    async def test_number_is_new_if_it_would_find_no_case(self, database: Database) -> None:
        async with database.work() as work:
            await add_case(work, "ДБ-1")
            await add_case(work, "ДБ-2")
            asked = ["дб-1 ", "ДБ-3", "", "дб-3", "", "2", "2026-000009", "ЕКЖ-2026-000012",
                     "9000123", "ДБ-4", "ДБ-5", "13", "14"]
            assert await work.cases.are_new(asked) == [
                False, True, True, False, True, False, False, False,
                True, True, True, False, False]
            assert await work.cases.are_new([*asked[-1:], "16"]) == [True, True]
            assert await work.cases.are_new([]) == []

    async def test_applicant_is_kept_apart(self, database: Database) -> None:
        async with database.work() as work:
            added = await add_case(work)
            assert await work.cases.applicant(added.id) == WHO

    async def test_text_no_database_can_keep_does_not_stop_a_message(self, database: Database
                                                                     ) -> None:
        async with database.work() as work:
            added = await work.cases.add(
                message(text="до\x00 и \ud83d после"), Applicant("И\x00", "\udcff"), NOW)
        async with database.work() as work:
            assert (await work.cases.get(added.id)).message.text == "до\ufffd и \ufffd после"
            assert await work.cases.applicant(added.id) == Applicant("И\ufffd", "\ufffd")

    async def test_naive_moment_is_refused(self, database: Database) -> None:
        naive = NOW.replace(tzinfo=None)
        with pytest.raises(ValueError, match="naive"):
            async with database.work() as work:
                await add_case(work, at=naive)
        async with database.work() as work:
            case = await add_case(work)
            with pytest.raises(ValueError, match="naive"):
                await work.cases.save(replace(case, history=(Milestone(Event.REGISTER, naive),)))


class TestLetters:
    @staticmethod
    def letter(case_id: int) -> Letter:
        return Letter(
            id=0, version=0, case_id=case_id, case_number="ЕКЖ-2026-000001", addressee_id=5,
            form=LetterForm.BODY, subject="О ремонте", text="Просим", author_id=1, body_id=2)

    async def test_letter_comes_back_and_guards_its_version(self, database: Database) -> None:
        async with database.work() as work:
            first = await work.letters.add(self.letter(1))
            second = await work.letters.add(self.letter(1))
            await work.letters.add(self.letter(2))
            saved = await work.letters.save(
                first.after(Event.SIGN_BY_HAND, LetterState.HAND_SIGNED, NOW))
            with pytest.raises(StaleCardError):
                await work.letters.save(first)
            with pytest.raises(NotFoundError):
                await work.letters.get(99)
            assert await work.letters.get(first.id) == saved
            assert await work.letters.of_case(1) == [saved, second]

    async def test_register_of_a_period_takes_its_first_moment_not_its_last(
            self, database: Database) -> None:
        async with database.work() as work:
            letters = []
            for hours in (0, 1, 2):
                added = await work.letters.add(self.letter(1))
                at = (NOW + timedelta(hours=hours)).astimezone(MOSCOW)
                letters.append(await work.letters.save(
                    added.after(Event.REGISTER_LETTER, LetterState.REGISTERED, at)))
            found = await work.letters.registered_between(
                NOW.astimezone(MOSCOW), NOW + timedelta(hours=2))
        assert found == letters[:2]

    async def test_an_answer_is_awaited_to_what_was_sent_while_the_case_is_at_work(
            self, database: Database) -> None:
        async with database.work() as work:
            cases = [await add_case(work, f"ДБ-{number}") for number in range(2)]
            sent = []
            for case in cases:
                await work.letters.add(self.letter(case.id))
                added = await work.letters.add(self.letter(case.id))
                sent.append(await work.letters.save(
                    added.after(Event.SEND_LETTER, LetterState.SENT, NOW)))
            assert await work.letters.unanswered() == sent
            await work.cases.save(replace(cases[0], state=State.PUBLISHED))
            assert await work.letters.unanswered() == sent[1:]
            await work.letters.save(
                sent[1].after(Event.LETTER_ANSWERED, LetterState.ANSWERED, NOW))
            assert await work.letters.unanswered() == []

    async def test_registers_count_apart_and_from_one_each_year(self, database: Database) -> None:
        async with database.work() as work:
            given = [await work.letters.next_number(series, year) for series, year in (
                ("А", 2026), ("А", 2026), ("Б", 2026), ("А", 2027), ("А", 2026))]
        assert given == [1, 2, 1, 1, 3]


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


class TestJournal:
    async def test_history_comes_back_in_order_and_chained(self, database: Database) -> None:
        async with database.work() as work:
            await work.journal.append([fact("receive"), fact("other", case_id=2)])
            await work.journal.append([fact("register")])
            entries = await work.journal.of_case(1)
            assert [one.fact for one in entries] == [fact("receive"), fact("register")]
            assert [one.id for one in entries] == [1, 3]
            other = await work.journal.of_case(2)
            assert entries[1].previous == other[0].digest
            assert other[0].previous == entries[0].digest
            assert await work.journal.first_break() is None

    async def test_facts_of_a_day_are_counted_from_its_first_moment_to_before_its_last(
            self, database: Database) -> None:
        async with database.work() as work:
            await work.journal.append([
                replace(fact(), at=NOW + timedelta(hours=hours)) for hours in (-1, 0, 1, 2)])
            await work.journal.append([fact("dispatch")])
            counted = await work.journal.count(
                "register", NOW.astimezone(MOSCOW), NOW + timedelta(hours=2))
        assert counted == 2

    async def test_the_way_of_a_case_is_its_changes_of_state_in_order(self, database: Database
                                                                      ) -> None:
        def step(case_id: int, event: str, before: str, after: str, hours: int) -> Fact:
            return replace(fact(event), case_id=case_id, subject="case", before=before,
                           after=after, at=NOW + timedelta(hours=hours))

        async with database.work() as work:
            await work.journal.append([
                step(1, "receive", "", "received", 0), step(2, "receive", "", "received", 1),
                step(1, "save_draft", "assigned", "assigned", 2),
                replace(step(1, "deliver", "given", "delivered", 2), subject="part:0"),
                step(1, "dispatch", "answer_registered", "dispatched", 4),
                step(2, "dispatch", "answer_registered", "dispatched", 3)])
            passages = await work.journal.passages([1, 2, 77])
            assert [(one.case_id, one.state, one.at) for one in passages] == [
                (1, "received", NOW), (2, "received", NOW + timedelta(hours=1)),
                (1, "dispatched", NOW + timedelta(hours=4)),
                (2, "dispatched", NOW + timedelta(hours=3))]
            assert await work.journal.latest_cases("dispatch", 2) == [1, 2]
            assert await work.journal.latest_cases("dispatch", 1) == [1]
            assert await work.journal.latest_cases("publish", 5) == []

    async def test_the_chain_is_followed_step_by_step_while_the_journal_grows(
            self, database: Database) -> None:
        checked = Checked()
        for number in range(4):
            async with database.work() as work:
                await work.journal.append([fact(f"step{number}a"), fact(f"step{number}b")])
            async with database.work() as work:
                checked = await work.journal.check(checked, 2)
            assert (checked.last_id, checked.broken, checked.over) == (2 * number + 2, None, False)
        async with database.work() as work:
            assert await work.journal.check(checked, 2) == replace(checked, over=True)
            wrong = replace(checked, digest="0" * 64)
            await work.journal.append([fact("after")])
            assert (await work.journal.check(wrong, 2)).broken == 9

    async def test_appending_nothing_is_nothing(self, database: Database) -> None:
        async with database.work() as work:
            await work.journal.append([])
            assert await work.journal.first_break() is None


class TestOutbox:
    @staticmethod
    def notice(key: str, person_id: int = 1, **more: object) -> Notice:
        return Notice(NoticeKind.ASSIGNMENT, key, person_id=person_id, case_id=2,
                      facts={"номер": "ЕКЖ-2026-000001"}, **more)  # type: ignore[arg-type]

    async def test_second_notice_of_a_key_is_passed_over(self, database: Database) -> None:
        async with database.work() as work:
            await work.outbox.put([(self.notice("a"), Channel.TELEGRAM),
                                   (self.notice("a"), Channel.TELEGRAM)], NOW)
        async with database.work() as work:
            await work.outbox.put([(self.notice("a"), Channel.EMAIL)], NOW)
            assert await work.outbox.count(Delivery.QUEUED) == 1

    async def test_row_comes_back_whole(self, database: Database) -> None:
        notice = self.notice("a", address="x@y.ru", not_before=NOW, channel=Channel.EMAIL,
                             expires_at=NOW + timedelta(days=1))
        async with database.work() as work:
            await work.outbox.put([(notice, Channel.EMAIL)], NOW.astimezone(MOSCOW))
            (row,) = await work.outbox.claim(
                Channel.EMAIL, NOW.astimezone(MOSCOW), NOW + timedelta(minutes=5), 10)
        assert row.notice == notice
        assert (row.state, row.attempts, row.queued_at, row.claimed_until) == (
            Delivery.QUEUED, 1, NOW, NOW + timedelta(minutes=5))

    async def test_rows_are_found_by_key_by_case_and_by_person_since(self, database: Database
                                                                     ) -> None:
        async with database.work() as work:
            for key, person, minutes in (("a", 1, 0), ("b", 1, 5), ("c", 2, 5)):
                await work.outbox.put([(self.notice(key, person), Channel.EMAIL)],
                                      NOW + timedelta(minutes=minutes))
            found = await work.outbox.by_key("b")
            assert found is not None
            assert found.notice.key == "b"
            assert await work.outbox.by_key("нет") is None
            of_case = await work.outbox.of_case(2, {NoticeKind.ASSIGNMENT})
            assert [one.notice.key for one in of_case] == ["a", "b", "c"]
            assert not await work.outbox.of_case(2, {NoticeKind.LETTER_OUT})
            since = (NOW + timedelta(minutes=5)).astimezone(MOSCOW)
            assert await work.outbox.queued_since(NoticeKind.ASSIGNMENT, 1, since) == 1
            assert await work.outbox.queued_since(NoticeKind.ASSIGNMENT, 1, NOW) == 2

    async def test_three_short_notices_of_one_person_are_claimed_together_and_no_others(
            self, database: Database) -> None:
        until, kinds = NOW + timedelta(minutes=1), {NoticeKind.ASSIGNMENT}
        async with database.work() as work:
            await work.outbox.put([
                (self.notice(key, person), channel) for key, person, channel in (
                    ("a", 1, Channel.TELEGRAM), ("b", 1, Channel.TELEGRAM),
                    ("c", 2, Channel.TELEGRAM), ("d", 1, Channel.EMAIL))], NOW)
            first, _ = await work.outbox.claim(Channel.TELEGRAM, NOW, until, 10)
            assert not await work.outbox.claim_with(first, kinds, NOW, until), "two are two"
            late = self.notice("later", not_before=until)
            await work.outbox.put([(self.notice("e"), Channel.TELEGRAM),
                                   (late, Channel.TELEGRAM)], NOW)
            others = await work.outbox.claim_with(first, kinds, NOW, until)
            assert [one.notice.key for one in others] == ["b", "e"]
            assert not await work.outbox.claim_with(first, kinds, NOW, until), "claimed already"
            assert not await work.outbox.claim_with(
                first, {NoticeKind.DIGEST}, NOW, until)

    async def test_what_was_opened_is_known_for_its_reader_alone(self, database: Database
                                                                 ) -> None:
        kinds = {NoticeKind.ASSIGNMENT}
        async with database.work() as work:
            await work.outbox.put([(self.notice(key, person), Channel.TELEGRAM)
                                   for key, person in (("a", 1), ("b", 2), ("c", 1))], NOW)
            for key in ("a", "b"):
                row = await work.outbox.by_key(key)
                assert row is not None
                await work.outbox.settle(row.id, Delivery.SENT, NOW)
            await work.outbox.opened(1, NOW + timedelta(minutes=3))
            opened = {one.notice.key: one.opened_at
                      for one in await work.outbox.of_case(2, kinds)}
            assert opened == {"a": NOW + timedelta(minutes=3), "b": None, "c": None}
            waiting = await work.outbox.unopened(kinds, NOW)
            assert [one.notice.key for one in waiting] == ["b"]
            assert not await work.outbox.unopened(kinds, NOW + timedelta(seconds=1))

    async def test_claim_takes_what_is_due_oldest_first_and_once(self, database: Database
                                                                 ) -> None:
        later = NOW + timedelta(minutes=1)
        async with database.work() as work:
            await work.outbox.put([
                (self.notice("1"), Channel.TELEGRAM), (self.notice("2"), Channel.EMAIL),
                (self.notice("3", 3, not_before=later.astimezone(MOSCOW)), Channel.TELEGRAM),
                (self.notice("4", 4), Channel.TELEGRAM),
                (self.notice("5", 5), Channel.TELEGRAM)], NOW)

        async def claim(now: datetime, limit: int) -> list[str]:
            async with database.work() as work:
                rows = await work.outbox.claim(Channel.TELEGRAM, now, now + timedelta(1), limit)
                return [row.notice.key for row in rows]

        assert await claim(NOW, 2) == ["1", "4"]
        assert await claim(later - timedelta(microseconds=1), 9) == ["5"]
        assert await claim(later, 9) == ["3"]
        assert await claim(later, 9) == []

    async def test_each_recipient_is_served_one_row_at_a_time_in_order(self, database: Database
                                                                       ) -> None:
        until = NOW + timedelta(minutes=1)
        async with database.work() as work:
            await work.outbox.put([(self.notice(str(number), number % 2 + 1), Channel.TELEGRAM)
                                   for number in range(6)], NOW)
            first = await work.outbox.claim(Channel.TELEGRAM, NOW, until, 9)
            assert [row.notice.key for row in first] == ["0", "1"]
            held = [row.id for row in first]
            assert await work.outbox.claim(Channel.TELEGRAM, NOW, until, 9, held) == []
            await work.outbox.settle(held[0], Delivery.SENT, NOW)
            (second,) = await work.outbox.claim(Channel.TELEGRAM, NOW, until, 9, held[1:])
            assert second.notice.key == "2"

    async def test_claim_that_is_held_runs_out_later(self, database: Database) -> None:
        later = NOW + timedelta(minutes=1)
        async with database.work() as work:
            await work.outbox.put([(self.notice("1"), Channel.TELEGRAM),
                                   (self.notice("2", 2), Channel.TELEGRAM)], NOW)
            rows = await work.outbox.claim(Channel.TELEGRAM, NOW, NOW, 2)
            assert [await work.outbox.leave(row, NOW) for row in rows] == [True, True]
            await work.outbox.settle(rows[1].id, Delivery.SENT, NOW)
            await work.outbox.hold([row.id for row in rows], later)
            assert await work.outbox.claimed_and_lost(NOW) == []
            (lost,) = await work.outbox.claimed_and_lost(later)
            assert lost.id == rows[0].id

    async def test_claim_that_ran_out_before_leaving_frees_the_row_for_another(
            self, database: Database) -> None:
        later = NOW + timedelta(minutes=1)
        async with database.work() as work:
            await work.outbox.put([(self.notice("1"), Channel.TELEGRAM)], NOW)
            (first,) = await work.outbox.claim(Channel.TELEGRAM, NOW, later, 1)
            assert await work.outbox.claim(Channel.TELEGRAM, NOW, later, 1) == []
            (second,) = await work.outbox.claim(Channel.TELEGRAM, later, later, 1)
            assert (second.id, second.attempts) == (first.id, 2)
            assert not await work.outbox.leave(first, later)
            assert await work.outbox.leave(second, later)
            assert not await work.outbox.leave(second, later)

    async def test_letter_about_a_case_is_kept_as_it_went_each_time(
            self, database: Database) -> None:
        again = NOW + timedelta(minutes=1)
        about = replace(self.notice("1"), case_id=7)
        went = FileRef("a" * 64, "исходящее-1.eml", "message/rfc822", 9)
        async with database.work() as work:
            await work.outbox.put([(about, Channel.EMAIL), (self.notice("2", 2), Channel.EMAIL)],
                                  NOW)
            rows = await work.outbox.claim(Channel.EMAIL, NOW, again, 2)
            for row in rows:
                assert await work.outbox.leave(row, again, went)
            await work.outbox.settle(rows[0].id, Delivery.QUEUED, NOW, not_before=again)
            (row,) = await work.outbox.claim(Channel.EMAIL, again, again, 1)
            last = replace(went, name="ещё раз.eml")
            assert await work.outbox.leave(row, again, last)
            await work.outbox.settle(row.id, Delivery.SENT, again, message_ref="<1@x>")
        async with database.work() as work:
            letters = await work.outbox.letters_of_case(7)
        assert [(one.id, one.sent, one.message_ref) for one in letters] == [
            (row.id, went, "<1@x>"), (row.id, last, "<1@x>")]

    async def test_lost_claim_is_seen_when_it_runs_out(self, database: Database) -> None:
        until = NOW + timedelta(minutes=5)
        async with database.work() as work:
            await work.outbox.put([(self.notice("1"), Channel.TELEGRAM)], NOW)
            (row,) = await work.outbox.claim(Channel.TELEGRAM, NOW, until, 1)
            assert await work.outbox.leave(row, until)
            assert await work.outbox.claimed_and_lost(until - timedelta(seconds=1)) == []
            (lost,) = await work.outbox.claimed_and_lost(until)
            assert lost.notice.key == "1"

    async def test_row_put_back_is_tried_again_later(self, database: Database) -> None:
        again = NOW + timedelta(minutes=1)
        async with database.work() as work:
            await work.outbox.put([(self.notice("1"), Channel.TELEGRAM)], NOW)
            (row,) = await work.outbox.claim(Channel.TELEGRAM, NOW, again, 1)
            await work.outbox.settle(row.id, Delivery.QUEUED, NOW, error="429", not_before=again)
            assert await work.outbox.claim(Channel.TELEGRAM, NOW, again, 1) == []
            (retried,) = await work.outbox.claim(Channel.TELEGRAM, again, again, 1)
        assert (retried.attempts, retried.last_error, retried.settled_at) == (2, "429", None)

    async def test_sent_letter_is_found_by_its_message_id_and_can_bounce(
            self, database: Database) -> None:
        async with database.work() as work:
            await work.outbox.put([(self.notice("1"), Channel.EMAIL)], NOW)
            (row,) = await work.outbox.claim(Channel.EMAIL, NOW, NOW, 1)
            await work.outbox.settle(row.id, Delivery.SENT, NOW, message_ref="<1@x>")
            await work.outbox.settle(row.id, Delivery.BOUNCED, NOW, error="550")
            found = await work.outbox.by_message_ref("<1@x>")
            assert found is not None
            assert (found.state, found.settled_at, found.last_error) == (
                Delivery.BOUNCED, NOW, "550")
            assert await work.outbox.by_message_ref("") is None
            assert await work.outbox.troubled() == [found]
            await work.outbox.dealt_with(row.id, NOW)
            assert await work.outbox.troubled() == []
            with pytest.raises(NotFoundError):
                await work.outbox.settle(row.id + 1, Delivery.SENT, NOW)


class TestIntake:
    async def test_source_is_acted_on_once(self, database: Database) -> None:
        async with database.work() as work:
            await work.sources.mark("tg:1", NOW)
        with pytest.raises(AlreadyDoneError):
            async with database.work() as work:
                await work.sources.mark("tg:1", NOW)
        async with database.work() as work:
            await work.sources.mark("tg:2", NOW)

    async def test_update_is_kept_until_handled(self, database: Database) -> None:
        first, second, third = [StoredUpdate(2**40 + n, f'{{"n":{n}}}', NOW) for n in range(3)]
        async with database.work() as work:
            assert await work.updates.store([second, first]) == [second, first]
            assert await work.updates.store([first, third, third]) == [third]
        async with database.work() as work:
            await work.updates.attempt(first.update_id)
            await work.updates.handled(second.update_id, NOW)
        async with database.work() as work:
            assert await work.updates.unhandled() == [replace(first, attempts=1), third]
            assert await work.updates.store([second]) == []

    @staticmethod
    def mail(number: int = 1, **changes: object) -> StoredMail:
        mail = StoredMail(
            id=0, mailbox="INBOX", uidvalidity=7, uid=number, message_id=f"<{number}@x>",
            sender="a@b.ru", subject="Тема", text="Текст", received_at=NOW,
            raw=FileRef(f"{number:064x}", "letter.eml", "message/rfc822", 10), kind="unrecognised",
            outcome="", handled=False, files=(FileRef("f" * 64, "1.jpg", "image/jpeg", 5),))
        return replace(mail, **changes)  # type: ignore[arg-type]

    async def test_letter_waits_until_a_person_deals_with_it(self, database: Database) -> None:
        async with database.work() as work:
            added, _ = await work.mailbox.add(self.mail(1), self.mail(2, handled=True))
            assert await work.mailbox.get(added.id) == added
            assert await work.mailbox.unclear() == [added]
            await work.mailbox.settle(added.id, "к сообщению", 5)
            assert await work.mailbox.unclear() == []
            assert await work.mailbox.get(added.id) == replace(
                added, outcome="к сообщению", case_id=5, handled=True)
            with pytest.raises(NotFoundError):
                await work.mailbox.settle(99, "", None)

    async def test_letter_is_known_again_by_place_or_content(self, database: Database) -> None:
        other_way = FileRef("9" * 64, "letter.eml", "message/rfc822", 11)
        async with database.work() as work:
            await work.mailbox.add(self.mail(1), self.mail(2, message_id=""))
            fresh = [(await work.mailbox.fresh([one]))[0] for one in (
                self.mail(1, text="другое", message_id="<9@x>"),
                self.mail(1, uidvalidity=8, uid=50, raw=other_way),
                self.mail(1, uidvalidity=8, text="другое"),
                self.mail(2, uidvalidity=8, message_id=""),
                self.mail(2, uidvalidity=8, message_id="", raw=other_way),
                self.mail(3))]
        assert fresh == [False, False, True, False, True, True]

    async def test_letter_that_comes_twice_in_a_group_is_known_the_second_time(
            self, database: Database) -> None:
        async with database.work() as work:
            await work.mailbox.add(self.mail(1))
            assert await work.mailbox.fresh([
                self.mail(1), self.mail(2), self.mail(2, uid=3), self.mail(2, subject="Другое"),
                self.mail(4, uidvalidity=8), self.mail(5)]) == [
                    False, True, False, False, True, True]

    async def test_cursor_moves(self, database: Database) -> None:
        async with database.work() as work:
            assert await work.mailbox.cursor("INBOX") is None
            await work.mailbox.move_cursor("INBOX", 2**32 - 1, 5)
            await work.mailbox.move_cursor("INBOX", 2**32 - 1, 6)
            assert await work.mailbox.cursor("INBOX") == (2**32 - 1, 6)


class TestDialogue:
    async def test_single_use_token_serves_once(self, database: Database) -> None:
        token = Token("approve", case_id=1, person_id=2, case_version=3, single_use=True)
        async with database.work() as work:
            await work.tokens.add("a" * 64, token, NOW)
            await work.tokens.add("b" * 64, Token("reply"), NOW)
            assert await work.tokens.find("a" * 64) == token
            for token_hash in ("a" * 64, "b" * 64):
                await work.tokens.use_up(token_hash)
            assert await work.tokens.find("a" * 64) == replace(token, used=True)
            assert await work.tokens.find("c" * 64) is None
            assert await work.tokens.find("b" * 64) == Token("reply")
            assert await work.tokens.find("c" * 64) is None

    async def test_question_waits_for_its_answer(self, database: Database) -> None:
        first = Prompt(-100, 1, 5, "report", case_id=1, facts={"шаг": "1"})
        second = Prompt(-100, 2, 5, "photo")
        async with database.work() as work:
            await work.prompts.put(first, NOW)
            await work.prompts.put(second, NOW)
            await work.prompts.put(Prompt(7, 3, 6, "report"), NOW)
            assert await work.prompts.find(-100, 1) == first
            assert await work.prompts.find(-100, 9) is None
            assert await work.prompts.find(-100, None) == second
            assert await work.prompts.find_purpose(-100, "report") == first
            changed = replace(first, facts={"шаг": "2"})
            await work.prompts.update(changed)
            assert await work.prompts.find(-100, 1) == changed
            await work.prompts.put(changed, NOW)
            assert await work.prompts.find(-100, None) == changed
            await work.prompts.close(-100, 1)
            assert await work.prompts.find(-100, None) == second
            await work.prompts.close_all(-100)
            assert await work.prompts.find(-100, None) is None
            assert await work.prompts.find(7, None) is not None

    async def test_duty_is_done_once_for_a_period(self, database: Database) -> None:
        async with database.work() as work:
            assert not await work.routines.done("digest", "2026-11-24")
            await work.routines.mark("digest", "2026-11-24", NOW)
            await work.routines.mark("digest", "2026-11-24", NOW)
            assert await work.routines.done("digest", "2026-11-24")
            assert not await work.routines.done("digest", "2026-11-25")


class TestShownCards:
    async def test_card_is_behind_once_its_case_has_moved(self, database: Database) -> None:
        async with database.work() as work:
            case = await add_case(work)
            card = ShownCard(70, 5, 1, case.id, case.version, "stamp", "Вам поручено", "look")
            assert await work.shown.put(card, NOW) is None
            assert await work.shown.put(replace(card, look="other"), NOW) is None
            assert await work.shown.behind(9) == []
            moved = await work.cases.save(case)
        async with database.work() as work:
            (old,) = await work.shown.behind(9)
            new = replace(old, case_version=moved.version, head="", look="new")
            assert await work.shown.caught_up(old, new)
            assert await work.shown.behind(9) == []
            newer = replace(new, message_id=6)
            assert await work.shown.put(newer, NOW) == new
            assert not await work.shown.caught_up(new, replace(new, look="late"))
            await work.shown.forget(new)
            assert await work.shown.put(new, NOW) == newer

    async def test_card_edited_past_a_newer_state_is_behind_again(self, database: Database
                                                                  ) -> None:
        async with database.work() as work:
            case = await work.cases.save(await add_case(work))
            old = ShownCard(70, 5, 1, case.id, 1, "stamp", "", "look")
            newest = replace(old, case_version=case.version, look="newest")
            await work.shown.put(newest, NOW)
            await work.shown.caught_up(old, replace(old, case_version=case.version, look="older"))
            (again,) = await work.shown.behind(9)
            assert (again.message_id, again.case_version) == (5, 0)
            assert await work.shown.purge(NOW) == 0
            assert await work.shown.purge(NOW + timedelta(seconds=1)) == 1

    async def test_card_with_an_open_choice_is_marked_until_the_choice_is_over(
            self, database: Database) -> None:
        async with database.work() as work:
            case = await work.cases.save(await add_case(work))
            card = ShownCard(70, 5, 1, case.id, case.version, "stamp", "", "look")
            await work.shown.put(card, NOW)
            await work.shown.choose(70, 4)
            assert await work.shown.still(card), "another message"
            await work.shown.choose(70, 5)
            assert not await work.shown.still(card)
            await work.shown.go_on(70, 5, 6)
            assert await work.shown.behind(9) == []
            assert await work.shown.chosen(70, 5) == 0
            assert await work.shown.chosen(70) == 1
            (again,) = await work.shown.behind(9)
            assert (again.message_id, again.choosing) == (6, False)


class TestPurging:
    async def test_only_what_is_old_and_done_with_is_forgotten(self, database: Database) -> None:
        old, border = NOW - timedelta(days=61), NOW - timedelta(days=60)
        async with database.work() as work:
            await work.prompts.put(Prompt(1, 1, 1, "assignment", 1), old)
            await work.prompts.put(Prompt(1, 2, 1, "album:7", 1), border)
            await work.updates.store([StoredUpdate(one, "{}", old) for one in (1, 2, 3)])
            await work.updates.handled(1, old)
            await work.updates.handled(2, NOW.astimezone(MOSCOW))
            for token in "abc":
                await work.tokens.add(token, Token("case", single_use=True),
                                      NOW if token == "b" else old)
            await work.tokens.use_up("a")
            await work.tokens.use_up("b")
            purged = [await work.prompts.purge(border.astimezone(MOSCOW)),
                      await work.updates.purge(border), await work.tokens.purge(border)]
        assert purged == [1, 1, 1]
        async with database.work() as work:
            assert await work.prompts.find(1, 1) is None
            assert await work.prompts.find(1, 2) is not None
            assert [one.update_id for one in await work.updates.unhandled()] == [3]
            assert await work.updates.store([StoredUpdate(2, "{}", NOW)]) == []
            assert await work.tokens.find("c") is not None
            assert [await one.purge(border) for one in (
                work.prompts, work.updates, work.tokens)] == [0, 0, 0]

"""What the use cases may count on of the cases, on SQLite and on PostgreSQL alike."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.approval import ApprovalSheet, ApprovalStep
from core.assignment import Assignment, Delegation, Milestone
from core.case import new_round
from core.errors import NotFoundError, StaleCardError
from core.inbound import Applicant
from core.ports import WorkFactory
from core.regulation.terms import Event, Role, State
from storage.database import Database
from tests.builders import kept_case
from tests.storage.contract.values import MOSCOW, NOW, WHO, add_case, message


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

    @pytest.mark.parametrize("asked", [
        "", "2", "ЕКЖ-2025-000001", "ДБ-7", "ЕКЖ-2026-", "%", f"ЕКЖ-2026-{'9' * 20}"])
    async def test_nothing_is_found_by_a_strange_number(self, database: Database, asked: str
                                                        ) -> None:
        async with database.work() as work:
            await add_case(work)
            assert await work.cases.find(asked) is None

    async def test_an_exports_short_number_is_not_one_of_ours(self, database: Database) -> None:
        async with database.work() as work:
            ours = await add_case(work)
            assert await work.cases.find_written("1") is None
            assert list(await work.cases.are_new(["1", "1", "ДБ-77", ours.number])) == [
                True, False, False, False]
            portals = await add_case(work, "1")
            assert await work.cases.find_written("1") == portals
            assert await work.cases.find_written("дб-77") == ours
            assert await work.cases.find_written(ours.number) == ours
            assert await work.cases.find("1") == ours, "a person means our first"

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
                await kept_case(work, replace(message(f"ДБ-{number}"), place=place), WHO, NOW)

            async def found(*words: str, limit: int = 200) -> list[int]:
                return [case.id for case in await work.cases.at_place(words, limit)]

            assert await found("летная") == [5, 3, 1]
            assert await found("ЛЁТНАЯ", "12") == [5, 1]
            assert await found("етн", limit=2) == [5, 3]
            assert await found("100%_") == [6]
            assert await found("мира") == [6, 2]
            assert await found("Заречная") == []

    @pytest.mark.parametrize("many", [400, 1], ids=["by the places", "by the newest cases"])
    async def test_beside_a_case_are_those_of_its_street_before_it_at_work_or_not_long_done(
            self, database: Database, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("storage.places.MANY_PLACES", many)
        long_ago, before = NOW - timedelta(days=90), NOW - timedelta(days=5)

        async with database.work() as work:
            async def arrived(at: datetime, state: State = State.RECEIVED,
                              place: str = "ул. Лётная, 12") -> int:
                case = await kept_case(work, replace(message(), place=place), WHO, at)
                return (await work.cases.save(replace(case, state=state))).id

            at_work_for_long = await arrived(long_ago)
            await arrived(long_ago, State.PUBLISHED)
            done_lately = await arrived(before, State.CLOSED)
            await arrived(before, place="ул. Мира, 12")
            same_moment = await arrived(NOW)
            case = await work.cases.get(await arrived(NOW))
            noted_later = await arrived(before)
            await arrived(NOW)

            async def beside(limit: int = 200) -> list[int]:
                since = NOW - timedelta(days=60)
                return [one.id for one in await work.cases.beside(case, since, limit)]

            assert await beside() == [at_work_for_long, done_lately, same_moment, noted_later]
            assert await beside(2) == [same_moment, noted_later]

    async def test_beside_a_case_its_town_says_nothing_where_its_street_is_told(
            self, database: Database) -> None:
        places = ("Мытищи, ул. Мира, 1", "г. Мытищи, Летная улица, 5", "Мытищи", "на Лётной, 3",
                  "Мытищи, ул. Лётная, 12")
        async with database.work() as work:
            *_, case = await work.cases.add_all(
                [(replace(message(f"ДБ-{n}"), place=one), WHO) for n, one in enumerate(places)],
                NOW)
            found = await work.cases.beside(case, NOW - timedelta(days=60), 200)
            assert [one.message.place for one in found] == [places[1], places[3]]

    async def test_beside_a_case_are_those_that_came_back_about_its_street(
            self, database: Database) -> None:
        async with database.work() as work:
            first = await kept_case(work, replace(message(), place="ул. Мира, 1"), WHO, NOW)
            case = await kept_case(work, replace(message(), place="ул. Лётная, 2"), WHO, NOW)
            nowhere = await kept_case(work, replace(message(), place="12"), WHO, NOW)
            assert await work.cases.beside(case, NOW - timedelta(days=60), 200) == []
            assert await work.cases.beside(nowhere, NOW - timedelta(days=60), 200) == []
            moved = await work.cases.save(new_round(
                first, replace(message(), place="ул. Летная, 7"), NOW))
            assert await work.cases.beside(case, NOW - timedelta(days=60), 200) == [moved]

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
                False, True, True, False, True, True, True, False,
                True, True, True, True, True]
            assert await work.cases.are_new([]) == []

    async def test_applicant_is_kept_apart(self, database: Database) -> None:
        async with database.work() as work:
            added = await add_case(work)
            assert await work.cases.applicant(added.id) == WHO

    async def test_text_no_database_can_keep_does_not_stop_a_message(self, database: Database
                                                                     ) -> None:
        async with database.work() as work:
            added = await kept_case(
                work, message(text="до\x00 и \ud83d после"), Applicant("И\x00", "\udcff"), NOW)
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

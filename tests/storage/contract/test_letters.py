"""Letters to bodies outside МСЭД, on either database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import NotFoundError, StaleCardError
from core.letters import Letter
from core.regulation.terms import Event, LetterForm, LetterState, State
from storage.database import Database
from tests.storage.contract.values import MOSCOW, NOW, add_case


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

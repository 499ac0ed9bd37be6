"""A table of messages in the database: each row once, by itself, whatever happens in between."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.errors import NotAcceptedError
from core.inbound import MessageCard
from core.people import Actor
from core.ports import UnitOfWork
from core.usecases.intake import Intake
from core.usecases.post import Outcome
from tests.mail.office import Desk, desk

HEADER = "Номер;Адрес;Текст;Статус\n"
THREE = HEADER + "8800001;Мира;Яма;\n8800002;Мира;Лужа;\n8800003;Мира;Снег;\n"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path) as opened:
        yield opened


async def test_every_row_becomes_a_case_and_the_letter_says_how_many(office: Desk) -> None:
    await office.intake.accept(office.letter(THREE))
    assert await office.numbers() == ["8800001", "8800002", "8800003"]
    assert await office.waiting() == []
    async with office.office.work() as work:
        kept = await work.mailbox.get(1)
    assert kept.outcome == "Таблица сообщений: принято: 3"


async def test_bad_rows_are_named_to_the_desk_and_the_others_go_on(office: Desk) -> None:
    await office.intake.accept(office.letter(HEADER + "8800001;Мира;Яма;\n8800009;Мира;Снег;\n"))
    table = (HEADER + "8800001;Мира;Совсем другое;\n8800002;Мира;Лужа;\n;Мира;Ничья;\n"
             "8800009;Мира;Снег;\n8800004;Мира;Лёд;закрыто\n")  # fmt: skip
    await office.intake.accept(office.letter(table))
    assert await office.numbers() == ["8800001", "8800009", "8800002"]
    (waiting,) = await office.waiting()
    assert "принято: 1; уже были приняты: 1; закрытых на портале пропущено: 1" in waiting.outcome
    assert "требуют внимания (2)" in waiting.outcome
    assert "«a.csv», строка 2: Номер 8800001 уже принят" in waiting.outcome
    assert "«a.csv», строка 4: нет номера." in waiting.outcome


async def test_the_same_table_coming_again_doubles_nothing(office: Desk) -> None:
    await office.intake.accept(office.letter(THREE))
    await office.intake.accept(office.letter(THREE))
    await office.intake.accept(office.letter(THREE, uid=1))
    assert await office.numbers() == ["8800001", "8800002", "8800003"]
    async with office.office.work() as work:
        again = await work.mailbox.get(2)
        assert again.outcome == "Таблица сообщений: уже были приняты: 3"
        assert await work.mailbox.cursor("INBOX") == (7, 1)


@pytest.mark.parametrize("stop_at", [0, 1, 2])
async def test_restart_in_the_middle_takes_every_row_once(
    office: Desk, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    """The process dies after so many rows; the next one begins the letter anew."""
    whole = Intake.take_message
    done: list[str] = []

    async def die(self: Intake, work: UnitOfWork, actor: Actor, card: MessageCard,
                  files: tuple[()]) -> Outcome:
        if len(done) == stop_at:
            raise KeyboardInterrupt
        done.append(card.number)
        return await whole(self, work, actor, card, files)

    letter = office.letter(THREE)
    with monkeypatch.context() as dying:
        dying.setattr(Intake, "take_message", die)
        with pytest.raises(KeyboardInterrupt):
            await office.intake.accept(letter)
    assert len(await office.numbers()) == stop_at
    await office.intake.accept(letter)
    assert await office.numbers() == ["8800001", "8800002", "8800003"]
    async with office.office.work() as work:
        assert (await work.mailbox.get(1)).outcome == "Таблица сообщений: принято: 3"
        assert await work.mailbox.cursor("INBOX") == (7, 1)


async def test_fault_in_one_row_stops_no_other_and_the_letter_is_tried_again(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Intake.take_message

    async def fail(self: Intake, work: UnitOfWork, actor: Actor, card: MessageCard,
                   files: tuple[()]) -> Outcome:
        outcome = await whole(self, work, actor, card, files)
        if card.number == "8800002":
            raise RuntimeError("диск")
        return outcome

    letter = office.letter(THREE)
    with monkeypatch.context() as failing:
        failing.setattr(Intake, "take_message", fail)
        with pytest.raises(RuntimeError):
            await office.intake.accept(letter)
    assert await office.numbers() == ["8800001", "8800003"]
    async with office.office.work() as work:
        assert await work.mailbox.cursor("INBOX") is None
    await office.intake.accept(letter)
    assert await office.numbers() == ["8800001", "8800003", "8800002"]


async def test_rework_of_a_case_at_work_is_no_news_day_after_day(office: Desk) -> None:
    rework = HEADER + "8800001;Мира;Яма;доработка\n8800002;Мира;Лужа;\n"
    for _ in range(2):
        await office.intake.accept(office.letter(rework))
    assert await office.numbers() == ["8800001", "8800002"]
    assert await office.waiting() == []


async def test_seen_table_keeps_its_account_and_cannot_be_registered_as_a_letter(
    office: Desk,
) -> None:
    await office.intake.accept(office.letter(HEADER + ";Мира;Ничья;\n8800001;Мира;Яма;\n"))
    (waiting,) = await office.waiting()
    with pytest.raises(NotAcceptedError, match="таблица сообщений"):
        await office.mailroom.register(office.clerk("tg:1"), waiting.id)
    await office.mailroom.dismiss(office.clerk("tg:2"), waiting.id)
    async with office.office.work() as work:
        seen = await work.mailbox.get(waiting.id)
    assert seen.outcome.startswith("Просмотрено сотрудником. Таблица сообщений: принято: 1;")


async def test_files_of_a_table_with_many_citizens_join_no_case(office: Desk) -> None:
    await office.intake.accept(office.letter(THREE))
    async with office.office.work() as work:
        assert [one.message.files for one in await work.cases.open_cases()] == [(), (), ()]
        assert len((await work.mailbox.get(1)).files) == 1

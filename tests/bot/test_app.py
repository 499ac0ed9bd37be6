"""The composition root: the office's secret, the clocks, starting and stopping the program."""

import asyncio
import os
import signal
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import app, operations
from bot.clock import RehearsalClock, SystemClock
from bot.console import CommandFailedError
from bot.sandbox.telegram import TelegramSandbox
from bot.settings import Settings
from core.errors import AssistantError
from core.regulation.terms import Role
from tests.bot.house import TOKEN, staff


def settings_in(folder: Path, **values: str) -> Settings:
    return Settings.model_validate({
        "database_url": f"sqlite://{folder / 'rakurs.db'}", "data_dir": str(folder), **values})


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    made = app.secret_of(tmp_path / "data")
    assert len(made.key) == 32
    assert app.secret_of(tmp_path / "data") == made
    assert app.secret_of(tmp_path / "other") != made
    mode = (tmp_path / "data" / "secret.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert [one.name for one in (tmp_path / "data").iterdir()] == ["secret.key"]


def test_the_rehearsals_clock_runs_ahead_by_what_its_file_says(tmp_path: Path) -> None:
    clock, system = RehearsalClock(tmp_path / "clock"), SystemClock()
    assert abs(clock.now() - system.now()) < timedelta(seconds=5), "no file, no shift"
    (tmp_path / "clock").write_text("86400")
    assert timedelta(hours=23) < clock.now() - system.now() < timedelta(hours=25)
    (tmp_path / "clock").write_text("сутки", encoding="utf-8")
    assert abs(clock.now() - system.now()) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC


def test_the_offices_hours_come_from_the_settings(tmp_path: Path) -> None:
    calendar = app.calendar_of(settings_in(tmp_path, workday_start="08:30", workday_end="17:15"))
    day = datetime(2026, 11, 23).date()  # noqa: DTZ001
    assert (calendar.start_of_work(day).hour, calendar.end_of_work(day).minute) == (8, 15)


async def test_the_programs_rules_are_those_of_the_settings(tmp_path: Path) -> None:
    chosen = settings_in(tmp_path, reminder_marks="3, 0", digest_at="08:15",
                         deadline_marks="draft: 4, 1", escalation_marks="desk_head: -2",
                         msed_address="msed@a.ru", office_addresses="a@b.ru, c@d.ru",
                         personal_data_in_telegram="yes")
    async with app.program(chosen) as program:
        rules = program.office.rules
        assert (rules.digest_hour, rules.digest_minute) == (8, 15)
        assert (rules.marks.of("answer"), rules.marks.of("draft")) == ((3, 0), (4, 1))
        assert [(one.superior, one.left) for one in rules.marks.ladder] == [(Role.DESK_HEAD, -2)]
        assert rules.office_addresses == ("a@b.ru", "c@d.ru")
        assert not program.lookups.mask_contacts
        delivery = app.delivery_of(program, {})
        assert delivery.packer.papers is program.papers
        assert await program.database.pending_migrations() == []


async def test_a_program_without_migrating_leaves_the_database_as_it_is(tmp_path: Path) -> None:
    async with app.program(settings_in(tmp_path), migrate=False) as program:
        assert await program.database.pending_migrations() != []


@pytest.mark.usefixtures("migrated")
async def test_the_bot_starts_and_stops_cleanly_by_a_signal(tmp_path: Path) -> None:
    telegram = await TelegramSandbox.start(staff(), token=TOKEN)
    chosen = settings_in(tmp_path, bot_token=TOKEN, telegram_api_url=telegram.url)
    try:
        running = asyncio.create_task(app.run(chosen, frozenset({"bot", "schedule"})))
        async with asyncio.timeout(30):
            await telegram.polled()
            os.kill(os.getpid(), signal.SIGTERM)
            await running
    finally:
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(name)
        await telegram.stop()
    assert telegram.violations == []


@pytest.mark.usefixtures("migrated")
async def test_a_face_that_fails_stops_the_program_with_its_error(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails() -> None:
        raise AssistantError("почта сломана")

    monkeypatch.setitem(app.BUILDERS, "schedule", lambda _: [("broken", fails())])
    with pytest.raises(AssistantError, match="сломана"):
        await app.run(settings_in(tmp_path), frozenset({"schedule"}))
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().remove_signal_handler(name)


@pytest.mark.usefixtures("migrated")
async def test_an_invitation_of_a_stranger_is_refused_before_telegram_is_asked(
        tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with app.program(settings):
        pass  # the first start migrates
    with pytest.raises(AssistantError, match="нет действующего"):
        await operations.invite(settings, "nobody")


def test_a_wrong_database_address_is_refused_by_the_settings(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgres://")
    from bot.settings import load
    with pytest.raises(CommandFailedError, match="DATABASE_URL"):
        load()


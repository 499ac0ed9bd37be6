"""A house for each test: sandbox, storage and bot, all real."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.telegram import TelegramSandbox
from storage.database import Database, open_database
from tests.bot import city
from tests.bot.house import TOKEN, House, staff


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated database with the made-up city in it."""
    opened = await open_database(f"sqlite://{tmp_path / 'rakurs.db'}", tmp_path)
    await opened.migrate()
    async with opened.work() as work:
        await work.people.import_all(city.BODIES, city.PEOPLE, city.ROUTES, city.APPROVALS)
    yield opened
    await opened.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[TelegramSandbox]:
    """The Bot API; at the end nothing the bot said may have broken its description."""
    running = await TelegramSandbox.start(staff(), token=TOKEN, callback_seconds=5.0)
    yield running
    await running.stop()
    assert running.violations == []


@pytest.fixture
async def house(sandbox: TelegramSandbox, database: Database) -> AsyncIterator[House]:
    """The bot running."""
    opened = await House.open(sandbox, database)
    yield opened
    await opened.close()

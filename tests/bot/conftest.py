"""A house for each test: sandbox, storage and bot, all real."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copyfile

import pytest

from bot.sandbox.telegram import TelegramSandbox
from storage.database import Database, open_database
from tests.bot import city
from tests.bot.house import TOKEN, House, staff


@pytest.fixture(scope="session")
def empty_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the made-up city in it, to be copied for each test."""
    folder = tmp_path_factory.mktemp("city")

    async def make() -> None:
        made = await open_database(f"sqlite://{folder / 'rakurs.db'}", folder)
        await made.migrate()
        async with made.work() as work:
            await work.people.import_all(city.BODIES, city.PEOPLE, city.ROUTES, city.APPROVALS)
        await made.close()

    asyncio.run(make())
    return folder / "rakurs.db"


@pytest.fixture
async def database(tmp_path: Path, empty_city: Path) -> AsyncIterator[Database]:
    """A copy of the empty city's database."""
    copyfile(empty_city, tmp_path / "rakurs.db")
    os.mkdir(tmp_path / "templates")
    opened = await open_database(f"sqlite://{tmp_path / 'rakurs.db'}", tmp_path)
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

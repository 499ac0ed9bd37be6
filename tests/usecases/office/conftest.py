"""A house for each test, over a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.template import open_fresh
from tests.usecases.office.house import House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """An office with its people and nothing to do."""
    database = await open_fresh(tmp_path)
    opened = await House.open(database)
    await opened.settle_in()
    yield opened
    await database.close()

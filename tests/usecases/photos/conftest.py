"""The desk that judges photos, with its worker process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.usecases.photos.desk import Desk, a_desk
from tests.usecases.photos.house import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """An office, empty of cases."""
    async with a_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def desk(house: House) -> AsyncIterator[Desk]:
    """The desk of an office without cases."""
    async with a_desk(house) as opened:
        yield opened

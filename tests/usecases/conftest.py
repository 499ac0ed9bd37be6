"""The office on its real database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.usecases.house import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """An office, empty of cases."""
    async with a_house(tmp_path) as opened:
        yield opened

"""The desk that judges photos, with its worker process."""

from collections.abc import AsyncIterator

import pytest

from tests.usecases.house import House
from tests.usecases.photos.desk import Desk, a_desk


@pytest.fixture
async def desk(house: House) -> AsyncIterator[Desk]:
    """The desk of an office without cases."""
    async with a_desk(house) as opened:
        yield opened

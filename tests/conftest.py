"""The order of the tests, and what any of them may need."""

import asyncio
import gc
from pathlib import Path

import pytest

from storage.template import put_fresh


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories first, since they are long and mostly wait; the rest keep their order."""
    items.sort(key=lambda item: item.get_closest_marker("story") is None)


def pytest_collection() -> None:
    """Nearly half of the time of loading tests and modules goes into looking for garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What is loaded stays to the end: it is looked through no more."""
    gc.enable()
    gc.freeze()


@pytest.fixture
def migrated(tmp_path: Path) -> None:
    """The test's folder holds a migrated, empty database: much quicker than migrating there."""
    with asyncio.Runner() as runner:
        runner.run(put_fresh(tmp_path))

"""The order of the tests: stories begin first, since they are long and mostly wait."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories first; the rest keep their order."""
    items.sort(key=lambda item: item.get_closest_marker("story") is None)

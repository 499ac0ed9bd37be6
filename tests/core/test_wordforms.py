"""Nouns beside numbers."""

import pytest

from core.wordforms import working_days


@pytest.mark.parametrize(("count", "words"), [
    (1, "1 рабочий день"), (2, "2 рабочих дня"), (4, "4 рабочих дня"), (5, "5 рабочих дней"),
    (11, "11 рабочих дней"), (12, "12 рабочих дней"), (21, "21 рабочий день"),
    (22, "22 рабочих дня"), (111, "111 рабочих дней"), (0, "0 рабочих дней")])
def test_days_are_counted_in_good_russian(count: int, words: str) -> None:
    assert working_days(count) == words

"""Russian words: plurals, dates as people say them, clauses, and texts cut safely."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words


@pytest.mark.parametrize(("left", "late", "said"), [
    (2, False, "осталось 2 рабочих дня, до 15.12, вт"),
    (1, False, "остался 1 рабочий день, до 15.12, вт"),
    (21, False, "остался 21 рабочий день, до 15.12, вт"),
    (0, False, "последний день, до 15.12, вт"),
    (0, True, "срок истёк, был до 15.12, вт"),
    (-3, True, "просрочено на 3 рабочих дня, был до 15.12, вт")])
def test_deadline_is_said_as_people_say_it(left: int, late: bool, said: str) -> None:
    assert words.deadline(left, date(2026, 12, 15), late=late) == said


@pytest.mark.parametrize(("key", "said"), [
    ("4.6¶2 срок", "п. 4.6, абз. 2"), ("4.2", "п. 4.2"), ("1т", "разд. 1, термины"),
    ("3¶1", "разд. 3, абз. 1"),
    ("", "")])
def test_clause_is_named_in_words(key: str, said: str) -> None:
    assert words.clause(key) == said


TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=400)


@given(TEXTS, st.integers(2, 60))
def test_cut_text_fits_and_begins_as_the_whole(text: str, limit: int) -> None:
    short = words.cut(text, limit)
    assert words.units(short) <= limit
    assert text.startswith(short.removesuffix("…")) or short == text


@given(TEXTS, st.integers(2, 60))
def test_pages_fit_and_lose_nothing_but_white_space(text: str, limit: int) -> None:
    pieces = words.pages(text, limit)
    assert all(words.units(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())

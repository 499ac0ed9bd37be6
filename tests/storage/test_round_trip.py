"""Whatever a case or a letter holds comes back equal: made-up values of every field."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.case import Case
from core.journal import Fact
from core.letters import Letter
from core.regulation.terms import AnswerKind, Event, State
from storage import documents
from storage.fields import utc

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
MOMENTS = st.datetimes(
    datetime(2019, 1, 1), datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Kamchatka")]))
"""In zones without summer time in these years: no hour happens twice or never."""

st.register_type_strategy(str, TEXT)
st.register_type_strategy(datetime, MOMENTS)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.from_type(Case))
def test_case_comes_back_equal(case: Case) -> None:
    again = documents.read(documents.write(case), Case)
    assert again == case
    assert all(one.at.tzinfo is UTC for one in again.history)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.one_of(st.from_type(Case), MOMENTS, st.text(max_size=9), st.dictionaries(
    st.text(max_size=9), st.one_of(st.text(max_size=9), MOMENTS, st.none()))))
def test_the_quick_way_writes_what_the_tidy_one_does(value: object) -> None:
    assert documents.write(value) == documents._written_tidy(value)


@pytest.mark.parametrize("text", ["\0", "a\ud800", "\\u0000", "2026-11-23T10:00:00", "é\u2028"])
def test_what_no_database_keeps_is_tidied_whichever_way(text: str) -> None:
    written = documents.write({text: [text]})
    assert written == documents._written_tidy({text: [text]})
    assert documents.read(written, dict[str, list[str]]) == {
        documents.clean(text): [documents.clean(text)]}


def test_naive_moment_is_written_by_nobody() -> None:
    with pytest.raises(ValueError, match="naive"):
        documents.write({"at": datetime(2026, 11, 23, 10)})  # noqa: DTZ001


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.from_type(Letter))
def test_letter_comes_back_equal(letter: Letter) -> None:
    assert documents.read(documents.write(letter), Letter) == letter


@pytest.mark.parametrize("term", [*State, *Event, *AnswerKind])
def test_term_comes_back_as_itself_with_its_label(term: State | Event | AnswerKind) -> None:
    again = documents.read(documents.write(term), type(term))
    assert again is term
    assert again.label == term.label


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.dictionaries(TEXT, TEXT))
def test_equal_values_are_written_alike(details: dict[str, str]) -> None:
    turned = dict(reversed(details.items()))
    assert documents.write(details) == documents.write(turned)


@settings(deadline=None, derandomize=True)
@given(MOMENTS)
def test_moment_is_the_same_in_utc(moment: datetime) -> None:
    assert utc(moment) == moment
    assert utc(moment).tzinfo is UTC


def test_naive_moment_inside_a_value_is_refused() -> None:
    fact = Fact(datetime(2026, 1, 1), "case", "x", "", "", "")  # noqa: DTZ001
    with pytest.raises(ValueError, match="naive"):
        documents.write(fact)

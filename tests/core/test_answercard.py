"""The card that goes to МСЭД with an answer: well-formed on any text, without the citizen."""

from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from core import answercard
from core.calendar import MOSCOW
from core.regulation.terms import AnswerKind
from tests import builders as b
from tests.builders import ENOUGH, Story, a_message

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)


def sent() -> Story:
    story = Story().at_work()
    story.draft(AnswerKind.INTERIM, datetime(2026, 12, 14, tzinfo=MOSCOW))
    story.submit()
    story.approve()
    story.sign()
    story.confirm()
    return story


def _own_fields(card: bytes) -> ET.Element:
    """Our own element of the МЭДО-shaped card."""
    found = ET.fromstring(card).find(f"{{{answercard.ANSWER}}}answer")  # noqa: S314
    assert found is not None
    return found


def test_the_card_says_what_the_operator_needs() -> None:
    story = sent()
    answer = _own_fields(answercard.as_xml(story.case, story.directory))
    assert {one.tag.rpartition("}")[2]: one.text for one in answer} == {
        "number": "ЕКЖ-2026-000001", "portal_number": "ДД-1001",
        "answer_number": "ЕКЖ-2026-000001/1", "answer_kind": AnswerKind.INTERIM.label,
        "promised_on": "2026-12-14", "category": "Дороги", "topic": "Дороги и дворы",
        "place": "Мытищи, ул. Мира, 12", "returns": "0", "executor": "Дорожный С.К.",
        "signer": "Подписов Ю.Ю.", "text": ENOUGH}


def test_the_card_for_people_names_the_same_in_russian() -> None:
    story = sent()
    lines = answercard.as_text(story.case, story.directory).splitlines()
    assert lines[0] == "Номер: ЕКЖ-2026-000001"
    assert f"Текст ответа: {ENOUGH}" in lines
    assert len(lines) == 12


def test_what_is_not_known_is_left_out() -> None:
    story = Story()
    assert set(answercard.fields(story.case, story.directory)) == {
        "number", "portal_number", "category", "topic", "place", "returns"}


@given(text=ANYTHING, topic=ANYTHING)
def test_any_text_makes_well_formed_xml(text: str, topic: str) -> None:
    case = replace(Story().case, message=a_message(topic=topic, place=text))
    answer = _own_fields(answercard.as_xml(case, b.a_directory()))
    place = answer.findtext(f"{{{answercard.ANSWER}}}place") or ""
    assert set(place) <= set(text)


def test_markup_and_pictures_in_a_text_come_through_unchanged() -> None:
    text = "<b>Яма</b> & \"люк\" 🕳\n\tвторая строка"
    case = replace(Story().case, message=a_message(place=text))
    answer = _own_fields(answercard.as_xml(case, b.a_directory()))
    assert answer.findtext(f"{{{answercard.ANSWER}}}place") == text

"""Answers that say nothing of what was asked, or nothing of a result (4.6¶4, 4.6¶7)."""

import csv
from datetime import date
from pathlib import Path

import pytest

from core.regulation.terms import AnswerKind
from core.textchecks import Code
from core.textchecks.dated import promise_not_told
from core.textchecks.substance import Asked, substance

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 4, 15)
POTHOLE = Asked("Во дворе огромная яма, пробил колесо.", "Дороги", "Мытищи, ул. Мира, 12")


def codes(text: str, kind: AnswerKind = AnswerKind.PLANNED, asked: Asked = POTHOLE) -> set[Code]:
    return {one.code for one in substance(text, kind, asked, TODAY)}


def rows(half: int) -> list[dict[str, str]]:
    with (DATA / "questions.csv").open(encoding="utf-8", newline="") as lines:
        return [row for number, row in enumerate(csv.DictReader(lines)) if number % 2 == half]


def asked(row: dict[str, str]) -> Asked:
    return Asked(row["question"], "", row["place"])


@pytest.mark.parametrize("text", [
    "Покрытие дворового проезда восстановят до 20.05.2026.", "Выбоину засыплют 16.04.2026.",
    "По улице Мира всё приведено в порядок.", "У дома 12 завершены работы."])
def test_object_by_another_name_or_the_place_is_enough(text: str) -> None:
    assert codes(text) == set()


def test_answer_about_something_else_is_found() -> None:
    assert codes("Светильники у подъездов заменены.") == {Code.OFF_SUBSTANCE}
    assert codes("Ваше обращение рассмотрено, вопрос на контроле.") == {Code.OFF_SUBSTANCE}


def test_question_that_says_nothing_accuses_no_answer() -> None:
    assert codes("Светильники заменены.", asked=Asked("Когда?")) == set()


def test_solved_means_that_something_was_done() -> None:
    solved = AnswerKind.SOLVED
    assert codes("Сообщение о яме рассмотрено и направлено в отдел.", solved) == {Code.NO_RESULT}
    assert codes("Яму на улице Мира заделают до 20.05.2026.", solved) == {Code.NO_RESULT}
    assert codes("Сообщение рассмотрено, яма заделана 10.04.2026.", solved) == set()
    assert codes("Яма ограждена, проезд открыт.", solved) == set()


def test_impossible_needs_its_grounds() -> None:
    no = AnswerKind.IMPOSSIBLE
    assert codes("Яму на улице Мира заделать в этом году.", no) == {Code.NO_RESULT}
    assert codes("Ремонт ямы невозможен: проезд в частной собственности.", no) == set()


def test_date_in_the_text_is_the_date_under_control() -> None:
    text = "Яму заделают до 20.05.2026."
    (found,) = promise_not_told(text, [date(2026, 5, 20)], date(2026, 5, 15))
    assert (found.code, found.sentence, found.clause) == (Code.WRONG_DATE, "20.05.2026", "4.6¶5")
    assert "15.05.2026" in found.advice
    assert not list(promise_not_told(text, [date(2026, 5, 20)], date(2026, 5, 20)))
    assert not list(promise_not_told(text, [date(2026, 5, 20)], None))


def test_held_out_answers_that_name_no_address_are_mostly_recognised() -> None:
    held_out = rows(1)
    false = [row for row in held_out if Code.OFF_SUBSTANCE in codes(
        row["answer"], asked=asked(row))]
    wrong = [(one, other) for one in held_out for other in held_out if one is not other]
    found = [pair for pair in wrong
             if Code.OFF_SUBSTANCE in codes(pair[1]["answer"], asked=asked(pair[0]))]
    assert len(false) <= 3  # of 21; a warning that the lead answers with a word
    assert len(found) / len(wrong) >= 0.9


def test_evasions_are_found_whatever_was_asked() -> None:
    evasions = (DATA / "evasions.txt").read_text(encoding="utf-8").splitlines()
    pairs = [(row, text) for row in rows(1) for text in evasions]
    missed = [text for row, text in pairs
              if Code.OFF_SUBSTANCE not in codes(text, asked=asked(row))]
    assert len(missed) <= len(pairs) // 100

"""What stands around the words of a letter: the signature that names its writer (R11, R29)."""

import pytest

from core.courtesies import unsigned

NAME, POST = "Белов Антон Игоревич", "консультант"


@pytest.mark.parametrize("signature", [
    "Антон Белов\nМинистерство транспорта\nтел. 8 (495) 000-00-00", "Белов А.И.", "А. И. Белов",
    "Консультант отдела\nБелов Антон Игоревич\n+7 916 000-00-00", "Белов Антон, консультант",
    "*Антон Игоревич*", "БЕЛОВ А. И."])
def test_the_writers_own_name_begins_the_signature(signature: str) -> None:
    assert unsigned(f"Исправьте дату.\n\n{signature}", NAME, POST) == "Исправьте дату."


@pytest.mark.parametrize("text", [
    "Белов А.И.\nсогласовано", "Белов А.И.", "Работы принял Белов А.И. лично.\nЯма заделана.",
    "Исправьте дату.\nПетров А.И."])
def test_other_lines_stay(text: str) -> None:
    assert unsigned(text, NAME, POST) == text

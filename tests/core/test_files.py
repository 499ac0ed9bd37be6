"""What kind of file a name promises."""

import pytest

from core.files import is_program


@pytest.mark.parametrize("name", [
    "счёт.exe", "Фото.JPG.SCR", "яма.lnk", "акт.pdf.js", "смета.docm",
    "диск.ISO", "яма.exe.", "яма.exe ",
    ".bat"])
def test_what_a_computer_would_run_is_a_program_whatever_stands_before_the_ending(
    name: str
) -> None:
    assert is_program(name)


@pytest.mark.parametrize("name", [
    "яма.jpg", "акт.pdf", "письмо.docx", "смета.xlsx", "архив.zip", "exe", "видео.mp4", "",
    "ул. Мира"])
def test_photos_and_papers_are_none(name: str) -> None:
    assert not is_program(name)

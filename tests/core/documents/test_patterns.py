"""How an answer begins: files that the office changes without a programmer (R28)."""

from pathlib import Path

import pytest

from core.documents import checking, patterns
from core.documents.errors import BadTemplateError
from core.documents.house import BUILT_IN, Templates
from core.documents.patterns import Known
from core.regulation.terms import AnswerKind

HERE = Known("ул. Мира, 5", "Дороги", "14.12.2026")


@pytest.mark.parametrize("kind", AnswerKind)
def test_every_kind_has_a_pattern_with_the_place_and_gaps(kind: AnswerKind) -> None:
    text = patterns.begin(BUILT_IN, kind, HERE)
    assert text.startswith("По адресу: ул. Мира, 5")
    assert "[✎ " in text
    assert "#" not in text


def test_promised_day_stands_in_the_interim_answer_and_what_is_unknown_is_a_gap() -> None:
    assert "до 14.12.2026" in patterns.begin(BUILT_IN, AnswerKind.INTERIM, HERE)
    assert "По адресу: [✎ адрес]" in patterns.begin(BUILT_IN, AnswerKind.SOLVED, Known())


def test_offices_own_pattern_is_taken_and_the_topics_own_before_it(tmp_path: Path) -> None:
    (tmp_path / "draft-solved.txt").write_text("# пометка\nПо теме «{тема}»: [✎ что сделано].")
    (tmp_path / "draft-solved-Дороги.txt").write_text("\ufeffДорога отремонтирована [✎ дата].")
    own = Templates(tmp_path)
    assert patterns.begin(own, AnswerKind.SOLVED, HERE) == "Дорога отремонтирована [✎ дата]."
    assert patterns.begin(own, AnswerKind.SOLVED, Known(topic="Свет")) == (
        "По теме «Свет»: [✎ что сделано].")
    assert list(patterns.check(own)) == []


@pytest.mark.parametrize(("content", "said"), [
    ("Сделано: {адресс}.", "неизвестное поле {адресс}: возможны {адрес}, {тема}, {срок}"),
    ("Сделано: [✎ что сделано.", "не закрыта скобка"),
    ("Сделано: {адрес.", "не закрыта скобка"),
    ("# одна пометка", "пуст"),
    ("слово " * 700, "длиннее 3500 знаков"),
])
def test_slip_in_a_pattern_is_told_with_its_file(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "draft-planned.txt").write_text(content)
    (told,) = patterns.check(Templates(tmp_path))
    assert said in told
    assert "draft-planned.txt" in told
    with pytest.raises(BadTemplateError):
        patterns.begin(Templates(tmp_path), AnswerKind.PLANNED, HERE)


def test_pattern_in_another_encoding_or_of_a_wrong_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "draft-solved.txt").write_bytes("Сделано.".encode("cp1251"))
    (tmp_path / "draft-done.txt").write_text("Сделано.")
    told = checking.check(tmp_path)
    assert any("draft-done.txt в папке шаблонов не используется" in one for one in told)
    assert any("не в кодировке UTF-8" in one for one in told)

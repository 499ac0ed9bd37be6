"""What people are told of a verdict."""

import pytest

from bot.texts import news
from core.photos import words
from core.photos.rules import Verdict


def test_every_verdict_has_words_and_no_other_code_has() -> None:
    assert set(words.VERDICTS) == {one.value for one in Verdict}
    assert words.verdict("") == "Сравнивается"


@pytest.mark.parametrize(("code", "said"), [
    ("same_angle", "✅ Ракурс совпадает"),
    ("other_place", "⚠️ Не удаётся узнать место"),
    ("reused_photo", "⚠️ Похоже, этот снимок уже использован"),
    ("unsure", "❔ Уверенно сравнить не удалось"),
    ("reject_corrupt", "⛔ Файл повреждён"),
    ("", "⏳ Сравнивается"),
])
def test_doubt_is_worded_as_doubt_and_not_as_an_accusation(code: str, said: str) -> None:
    assert news.verdict(code) == said


@pytest.mark.parametrize(("share", "said"), [
    (0.88, "88%"), (0.29, "29%"), (0.996, "99%"), (0.9999, "99%"), (1.0, "100%")])
def test_certainty_is_never_rounded_up_to_a_promise(share: float, said: str) -> None:
    assert words.certainty(share) == said

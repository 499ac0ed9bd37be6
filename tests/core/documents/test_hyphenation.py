"""Lines are broken as Russian is hyphenated, not in the middle of a syllable."""

import re
from dataclasses import replace

import pypdfium2

from core.documents.making import to_pdf
from core.documents.samples import FINAL

TEXT = ("Администрацией городского округа организовано освидетельствование внутриквартальных "
        "проездов, восстановлено асфальтобетонное покрытие, отремонтированы водоотводящие "
        "сооружения и обновлена горизонтальная разметка пешеходных переходов. ") * 6
BREAK = re.compile(r"([А-Яа-яё]+)(?:\ufffe|\u0002|\u00ad)\r?\n?([А-Яа-яё]+)")
"""A word that the line's end broke, as PDFium gives it."""
VOWELS = set("аеёиоуыэюя")


def test_words_at_the_line_s_end_are_broken_by_russian_syllables() -> None:
    document = pypdfium2.PdfDocument(to_pdf(replace(FINAL, text=TEXT)))
    raw = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    broken = BREAK.findall(raw)
    assert len(broken) >= 3, "long words in a column of the page"
    for before, after in broken:
        assert before + after in TEXT
        assert VOWELS & set(before.lower())
        assert VOWELS & set(after.lower())
        assert len(before) > 1
        assert len(after) > 1
        assert after[0].lower() not in "ъьй"

"""Whatever a citizen or an executor writes is printed, never obeyed."""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.documents.making import to_docx, to_pdf, to_xlsx
from core.documents.samples import APPROVAL, EVERY, FINAL, LETTER, REGISTER, REPORT
from core.documents.values import (
    AnswerDocument,
    ApprovalDocument,
    Column,
    Document,
    LetterDocument,
    RegisterDocument,
    ReportDocument,
    ReturnsDocument,
    RoundRow,
    Section,
    Side,
)
from core.documents.wording import clean
from tests.core.documents.opening import cells, docx_text, pdf_pages, pdf_text, xlsx_sheets

HOSTILE = {
    "typst": '#import "x.typ": * *жирно* _курсив_ $x^2$ @ссылка <метка> `код` #panic("!") \\n',
    "typst-string": '") #panic() ("',
    "jinja": "{{ 7*7 }} {% for x in y %} {# нет #} {%p if z %}",
    "docxtpl": "{_{ a }_} {_% b %_} {{_ {% raw %}",
    "xml": '<script>alert("1")</script> &amp; </w:t></w:r> ]]> <?xml?>',
    "formula": '=HYPERLINK("http://example.org";"жми")',
    "plus": "+7 (495) 000-00-00 @SUM(A1) -1+1",
    "comment": "// не примечание /* и это */ http://example.org/a_b?c=d&e=f",
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_answer_prints_markup_as_it_was_written(words: str) -> None:
    answer = replace(FINAL, text=words, topic=words, place=words, result=words)
    expected = " ".join(words.split())
    assert pdf_text(to_pdf(answer)).count(expected) >= 4
    assert docx_text(to_docx(answer)).replace("\u2060", "").count(expected) >= 4


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_tables_print_markup_as_it_was_written(words: str) -> None:
    expected = "".join(words.split())  # in a narrow column a line may end anywhere
    row = replace(REGISTER.rows[0], addressee=words, subject=words)
    printed = pdf_text(to_pdf(replace(REGISTER, rows=(row,)))).replace(" ", "")
    assert printed.count(expected) == 2
    remark = replace(APPROVAL.rows[1], remark=words)
    assert expected in pdf_text(to_pdf(replace(APPROVAL, rows=(remark,)))).replace(" ", "")


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_workbook_cell_is_text_and_never_a_formula(words: str) -> None:
    row = replace(REGISTER.rows[0], addressee=words, number=words)
    (sheet,) = xlsx_sheets(to_xlsx(replace(REGISTER, rows=(row,)))).values()
    found = [cell for line in sheet.iter_rows() for cell in line if cell.value == words]
    assert len(found) == 2
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.hyperlink is None for cell in found)
    with zipfile.ZipFile(io.BytesIO(to_xlsx(replace(REGISTER, rows=(row,))))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


CONTROLS = "".join(map(chr, range(32))) + "\x7f\x85\ud800\udfff\ufffe\uffff\u202e\u2066\ufdd0"


@pytest.mark.parametrize("document", EVERY, ids=lambda document: type(document).__name__)
def test_control_characters_and_unpaired_surrogates_do_no_harm(document: Document) -> None:
    words = f"до{CONTROLS}после"
    spoilt = _with_text(document, words)
    text = pdf_text(to_pdf(spoilt))
    assert "до" in text
    assert "после" in text
    assert "\u202e" not in text


def test_control_characters_do_no_harm_to_a_docx_and_a_workbook() -> None:
    words = f"до{CONTROLS}после"
    assert "после" in docx_text(to_docx(replace(FINAL, text=words, topic=words)))
    section = Section(words, (Column(words),), ((words,),))
    sheets = xlsx_sheets(to_xlsx(replace(REPORT, sections=(section,), title=words)))
    assert "после" in str([cells(sheet) for sheet in sheets.values()])


def test_signs_no_font_has_become_a_square_and_the_rest_stays() -> None:
    words = "Спасибо 😀👍🏽 за 漢字 и 👨‍👩‍👧 ответ x̌ ✅"
    text = pdf_text(to_pdf(replace(FINAL, text=words)))
    assert "Спасибо □" in text
    assert "ответ" in text
    assert "😀" not in text
    assert words in docx_text(to_docx(replace(FINAL, text=words)))


def test_right_to_left_text_is_kept() -> None:
    text = pdf_text(to_pdf(replace(FINAL, text="Адрес: שלום и مرحبا далее")))
    assert "Адрес:" in text
    assert "далее" in text
    assert "□" not in text


def test_thirty_thousand_characters_are_all_there() -> None:
    words = " ".join(f"слово{i}" for i in range(3200))
    assert len(words) > 30_000
    started = time.process_time()
    text = pdf_text(to_pdf(replace(FINAL, text=words, photos=())))
    assert time.process_time() - started < 10
    assert all(f"слово{i}" in text for i in range(0, 3200, 37))
    assert "слово3199" in docx_text(to_docx(replace(FINAL, text=words, photos=())))
    remark = replace(APPROVAL.rows[1], remark=words)
    assert "слово3199" in pdf_text(to_pdf(replace(APPROVAL, rows=(remark,))))


def test_text_longer_than_a_cell_can_hold_is_cut_and_says_so() -> None:
    row = replace(REGISTER.rows[0], subject="я" * 40_000)
    (sheet,) = xlsx_sheets(to_xlsx(replace(REGISTER, rows=(row,)))).values()
    (value,) = [v for line in cells(sheet) for v in line if isinstance(v, str) and "яя" in v]
    assert len(value) <= 32_767
    assert value.endswith("не помещается в ячейку)")


def test_very_long_word_stays_inside_its_column() -> None:
    word = "9" * 400
    row = replace(REGISTER.rows[0], addressee=word)
    pages = pdf_pages(to_pdf(replace(REGISTER, rows=(row,))))
    assert word in pages[0].replace(" ", "")
    assert "О проведении работ на ул. Мира" in pages[0]


@pytest.mark.parametrize("document", EVERY, ids=lambda document: type(document).__name__)
def test_same_values_give_the_same_bytes(document: Document) -> None:
    assert to_pdf(document) == to_pdf(document)


def test_documents_made_at_the_same_time_do_not_mix() -> None:
    alone = [to_pdf(document) for document in EVERY]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(to_pdf, EVERY * 3))
    assert together == alone * 3


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_large_registers_one_after_another_do_not_fill_the_memory() -> None:
    script = (
        "from dataclasses import replace; from pathlib import Path; "
        "from core.documents.making import *; from core.documents.samples import REGISTER as r\n"
        "for i in range(12): to_pdf(replace(r, rows=r.rows * 200, sender=str(i)))\n"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    # Measured: 88 MB, and 380 MB when typst is not made to forget.
    assert int(_run(script)) < 200_000


def test_bytes_depend_on_neither_the_process_nor_the_machines_zone() -> None:
    script = (
        "import hashlib, json; from core.documents.making import *; "
        "from core.documents.samples import *; "
        "made = [to_pdf(FINAL), to_docx(FINAL), to_xlsx(REPORT), to_xlsx(REGISTER)]; "
        "print(json.dumps([hashlib.sha256(b).hexdigest() for b in made]))"
    )
    answers = [
        _run(script, TZ=zone, PYTHONHASHSEED=seed)
        for zone, seed in (("UTC", "1"), ("Asia/Vladivostok", "2"))
    ]
    assert answers[0] == answers[1]
    assert len(set(json.loads(answers[0]))) == 4


def test_pdf_is_declared_pdf_a_2b_and_dated_by_the_document() -> None:
    pdf = to_pdf(FINAL)
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"2026-11-23T11:05:00" in pdf


def test_docx_says_the_executor_and_the_moment_given() -> None:
    properties = docx.Document(io.BytesIO(to_docx(FINAL))).core_properties
    assert properties.author == "Петрова Мария Сергеевна"
    assert str(properties.created).startswith("2026-11-23 11:05")
    assert properties.title == "О рассмотрении сообщения № ЕКЖ-2026-000123"


def test_bot_starts_without_loading_the_document_libraries() -> None:
    script = (
        "import sys, core.documents.making, core.documents.values, core.documents.checking; "
        "print([m for m in ('typst', 'docxtpl', 'docx', 'xlsxwriter', 'PIL', 'jinja2') "
        "if m in sys.modules])"
    )
    assert _run(script).strip() == "[]"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_any_text_makes_a_letter(words: str) -> None:
    letter = replace(LETTER, text=words, subject=words, addressee=(words,))
    assert to_pdf(letter).startswith(b"%PDF-")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_any_text_makes_a_docx_that_opens(words: str) -> None:
    shown = docx_text(to_docx(replace(FINAL, text=f"начало {words}", photos=())))
    assert "начало" in shown


@given(st.text())
def test_cleaned_text_is_clean(words: str) -> None:
    once = clean(words)
    assert clean(once) == once
    assert not set(once) & set(map(chr, range(9)))


def _with_text(document: Document, words: str) -> Document:
    match document:
        case AnswerDocument():
            return replace(document, text=words, topic=words, attachments=(words,))
        case LetterDocument():
            return replace(document, text=words, subject=words)
        case RegisterDocument():
            return replace(document, rows=(replace(REGISTER.rows[0], subject=words),))
        case ReportDocument():
            return replace(document, title=words, notes=(words,))
        case ApprovalDocument():
            return replace(document, subject=words)
        case ReturnsDocument():
            return replace(document, topic=words, rounds=(
                RoundRow(Side(words, words), Side(words, words)),))


def _run(script: str, **environment: str) -> str:
    """What a Python of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": ".", **environment},
        cwd=Path(__file__).parents[3],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout

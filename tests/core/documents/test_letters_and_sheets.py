"""Letters by hand, the dispatch register and the approval sheet (4.6¶9-10, 5¶3-4)."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from core.documents.making import file_name, to_pages, to_pdf, to_xlsx
from core.documents.samples import (
    APPROVAL,
    BODY_LETTER,
    FINAL,
    INTERIM,
    LETTER,
    REGISTER,
    REPORT,
)
from core.documents.values import Dispatch, Document
from tests.core.documents.opening import (
    cells,
    image,
    keep_pages,
    pdf_edges_mm,
    pdf_pages,
    pdf_sizes_mm,
    pdf_text,
    xlsx_sheets,
)


def test_letter_to_an_authority_stands_on_the_administrations_form() -> None:
    words = pdf_text(to_pdf(LETTER))
    assert words.startswith("АДМИНИСТРАЦИЯ ГОРОДСКОГО ОКРУГА МЫТИЩИ МОСКОВСКОЙ ОБЛАСТИ 141008")
    assert "АО «Мытищинская теплосеть» К. Д. Орлову" in words
    assert "Уважаемый Кирилл Дмитриевич!" in words
    assert "А. В. Соколов" in words


def test_letter_to_a_subordinate_organisation_stands_on_the_bodys_form() -> None:
    words = pdf_text(to_pdf(BODY_LETTER))
    assert "УПРАВЛЕНИЕ ЖИЛИЩНО-КОММУНАЛЬНОГО ХОЗЯЙСТВА" in words
    assert "УЖКХ-88" in words
    assert "23.11.2026" in words


def test_letter_not_yet_registered_leaves_room_for_a_number_by_hand() -> None:
    words = pdf_text(to_pdf(LETTER))
    assert "№ На № от" in words.replace("_", "")
    assert "23.11.2026" not in words


def test_letter_for_hand_signature_has_no_electronic_stamp() -> None:
    assert "ПОДПИСАН" not in pdf_text(to_pdf(LETTER))


def test_letter_is_a4() -> None:
    assert pdf_sizes_mm(to_pdf(LETTER)) == [(210, 297)]


def test_register_lists_every_letter_in_both_files() -> None:
    pdf = to_pdf(REGISTER)
    keep_pages(pdf, "dispatch_register")
    words = pdf_text(pdf)
    (sheet,) = xlsx_sheets(to_xlsx(REGISTER)).values()
    written = cells(sheet)
    for text in ("И-1543", "АО «Мытищинская теплосеть»", "электронная почта", "О. И. Белова"):
        assert text in words
        assert any(text in str(value) for row in written for value in row)
    assert "с 01.11.2026 по 30.11.2026" in words
    assert "Всего писем: 2" in words


def test_register_workbook_has_true_dates_and_a_frozen_header() -> None:
    (sheet,) = xlsx_sheets(to_xlsx(REGISTER)).values()
    rows = cells(sheet)
    head = rows.index(
        ["№", "Дата", "Номер письма", "Адресат", "Содержание", "Способ отправки", "Результат"]
    )
    assert rows[head + 1][0] == 1
    assert rows[head + 1][1] == datetime(2026, 11, 23)  # noqa: DTZ001 - Excel has no zones
    frozen = sheet.freeze_panes
    assert frozen is not None
    assert sheet.cell(int(frozen[1:]) - 1, 1).value == "№"
    assert sheet.column_dimensions["D"].width > 20


def test_register_header_is_repeated_on_every_page() -> None:
    letter = Dispatch(date(2026, 11, 2), "И-1", "Организация", "О работах", "почта", "вручено")
    pages = pdf_pages(to_pdf(replace(REGISTER, rows=(letter,) * 120)))
    assert len(pages) > 3
    assert sum("Номер письма" in page for page in pages) >= len(pages) - 1
    assert "Всего писем: 120" in pages[-1]


def test_empty_register_says_that_nothing_was_sent() -> None:
    assert "письма не отправлялись" in pdf_text(to_pdf(replace(REGISTER, rows=())))
    assert "Всего писем: 0" in str(
        cells(xlsx_sheets(to_xlsx(replace(REGISTER, rows=())))["Реестр"])
    )


def test_approval_sheet_keeps_the_order_the_decisions_and_the_remarks() -> None:
    words = pdf_text(to_pdf(APPROVAL))
    first, last = words.index("Журавлёва Е. Н."), words.rindex("Крылов И. П.")
    assert first < last
    assert "Укажите точную дату работ." in words
    assert "22.11.2026 14:05" in words
    assert "Версия проекта: 2" in words


def test_approval_of_an_earlier_version_is_shown_as_void() -> None:
    assert "(утратило силу: новая версия)" in pdf_text(to_pdf(APPROVAL))
    still = replace(APPROVAL, rows=tuple(replace(row, void=False) for row in APPROVAL.rows))
    assert "утратило силу" not in pdf_text(to_pdf(still))


def test_approver_who_has_not_decided_is_awaited() -> None:
    assert pdf_text(to_pdf(APPROVAL)).count("ожидается") == 1


def test_a_short_row_of_the_approval_sheet_is_not_torn_between_pages() -> None:
    for shift in range(4):
        rows = tuple(replace(
            APPROVAL.rows[0], name=f"Журавлёва-{order} Е. Н.", post="заместитель начальника " * 3,
            body=f"Орган {order};", remark="Верно.\n" * (10 + shift if order == 10 else 1))
            for order in range(10, 25))
        pages = pdf_pages(to_pdf(replace(APPROVAL, rows=rows)))
        assert len(pages) > 1
        for order in range(10, 25):
            (page,) = [page for page in pages if f"Журавлёва-{order}" in page]
            assert f"Орган {order};" in page


def test_a_remark_longer_than_a_page_goes_over_to_the_next() -> None:
    remark = " ".join(f"Пункт {number}." for number in range(1, 900))
    pages = pdf_pages(to_pdf(replace(APPROVAL, rows=(replace(APPROVAL.rows[0], remark=remark),))))
    assert "Пункт 1." in pages[0]
    assert "Пункт 899." in " ".join(pages[1:])


def test_a_double_surname_is_parted_at_its_hyphen_or_by_syllables() -> None:
    name = "Константинопольский-Задунайский А. В."
    sheet = replace(APPROVAL, rows=(replace(APPROVAL.rows[0], name=name),))
    assert name in pdf_text(to_pdf(sheet)).replace("- ", "-")


def test_every_file_has_a_name_that_any_disk_takes() -> None:
    assert [file_name(document, "pdf") for document in (LETTER, REGISTER, REPORT, APPROVAL)] == [
        "Письмо ЕКЖ-2026-000123.pdf",
        "Реестр отправки 2026-11-01 — 2026-11-30.pdf",
        "Отчёт по исполнительской дисциплине за 23 ноября 2026 г.pdf",
        "Лист согласования ЕКЖ-2026-000123, версия 2.pdf",
    ]
    hostile = file_name(replace(REPORT, title="../../etc/passwd\0" + "я" * 300), "pdf")
    assert not set(hostile) & set('/\\:*?"<>|\0')
    assert not hostile.startswith(".")
    assert len(hostile.encode()) < 255


def test_every_page_of_a_document_can_be_drawn() -> None:
    letter = Dispatch(date(2026, 11, 2), "И-1", "Организация", "О работах", "почта", "вручено")
    long = replace(REGISTER, rows=(letter,) * 60)
    pages = to_pages(long, width_px=400)
    assert len(pages) == len(pdf_pages(to_pdf(long))) > 1
    assert {image(page).format for page in pages} == {"PNG"}


@pytest.mark.parametrize("document", [FINAL, INTERIM, LETTER, BODY_LETTER, APPROVAL],
                         ids=["final", "interim", "letter", "body letter", "approval"])
def test_no_word_stands_in_the_margins_of_the_standard(document: Document) -> None:
    """ГОСТ Р 7.0.97-2016, 3.3: left 20 mm, right 10 mm, bottom 20 mm at least."""
    for left, bottom, right in pdf_edges_mm(to_pdf(document)):
        assert left >= 20
        assert 210 - right >= 10 - 1.5  # a line ends in a space, which is counted too
        assert bottom >= 20 - 1  # descenders hang below the line

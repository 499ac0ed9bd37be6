"""Reports made of tables as PDF and XLSX (section 6)."""

import io
import zipfile
from dataclasses import replace

import pytest

from core.documents.making import to_pdf, to_xlsx
from core.documents.samples import REPORT
from core.documents.values import Chart, Column, Kind, Section
from tests.core.documents.opening import cells, pdf_pages, pdf_sizes_mm, pdf_text, xlsx_sheets


def test_report_writes_numbers_shares_and_dates_as_an_office_does() -> None:
    words = pdf_text(to_pdf(REPORT))
    assert "Управление ЖКХ 1 214 3 97,5 % 25.11.2026" in words
    assert "Управление дорог 18 0 100 % —" in words
    assert "Итого 1 232 3 97,6 % —" in words


def test_report_says_period_notes_and_who_stands_behind_it() -> None:
    words = pdf_text(to_pdf(REPORT))
    for text in (
        "за 23 ноября 2026 г.",
        "Срок ответа — 8 рабочих дней",
        "Доля в срок — ответы, направленные",
        "Подготовил: Руководитель подразделения О. И. Белова",
        "Утвердил: Начальник Управления делами В. П. Громов",
        "Карта повторных мест",
    ):
        assert text in words


def test_report_that_nobody_confirmed_says_so() -> None:
    assert "не утверждён" not in pdf_text(to_pdf(REPORT))
    waiting = replace(REPORT, approved_by=None)
    assert "не утверждён" in pdf_text(to_pdf(waiting))
    assert "не утверждён" in str(cells(xlsx_sheets(to_xlsx(waiting))["Примечания"]))


def test_section_without_rows_says_that_there_is_nothing() -> None:
    assert "Просроченные Нет данных за период." in pdf_text(to_pdf(REPORT))
    assert ["Нет данных за период.", None] in cells(
        xlsx_sheets(to_xlsx(REPORT))["Просроченные"])


def test_chart_of_the_pdf_names_each_bar_with_its_figure() -> None:
    words = pdf_text(to_pdf(REPORT))
    chart = words[words.index("На исполнении и просрочено") :]
    assert "Управление ЖКХ" in chart
    assert "1 214" in chart


def test_landscape_report_lies_on_its_side() -> None:
    assert set(pdf_sizes_mm(to_pdf(replace(REPORT, landscape=True)))) == {(297, 210)}


def test_workbook_has_a_sheet_per_table_with_real_numbers() -> None:
    sheets = xlsx_sheets(to_xlsx(REPORT))
    assert list(sheets) == ["По органам администрации", "Просроченные", "Примечания"]
    rows = cells(sheets["По органам администрации"])
    assert ["Управление ЖКХ", 1214, 3, 0.9754] in [row[:4] for row in rows]
    assert ["Итого", 1232, 3, 0.976] in [row[:4] for row in rows]


def test_workbook_header_is_frozen_and_shares_are_percents() -> None:
    sheet = xlsx_sheets(to_xlsx(REPORT))["По органам администрации"]
    frozen = sheet.freeze_panes
    assert frozen is not None
    head = int(frozen[1:]) - 1
    assert sheet.cell(head, 1).value == "Орган"
    assert sheet.cell(head + 1, 4).number_format == "0.0%"
    assert sheet.cell(head + 1, 5).number_format == "dd.mm.yyyy"


def test_workbook_chart_is_a_real_one_over_the_cells() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx(REPORT))) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert "'По органам администрации'!$B$6:$B$7" in chart
    sheet = xlsx_sheets(to_xlsx(REPORT))["По органам администрации"]
    assert [sheet["B6"].value, sheet["B7"].value] == [1214, 18]


@pytest.mark.parametrize("heading", ["a" * 50, "[Итоги]: 2026/11?*", "History", "'", ""])
def test_any_heading_makes_a_sheet_name_excel_accepts(heading: str) -> None:
    section = Section(heading, (Column("К"),), (("х",),))
    names = list(xlsx_sheets(to_xlsx(replace(REPORT, sections=(section, section)))))
    assert len(names) == len(set(names)) == 3
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_number_that_is_none_is_a_dash_everywhere() -> None:
    section = Section(
        "Ч", (Column("К", Kind.NUMBER),), ((float("nan"),), (float("inf"),), (None,), (-1234.5,))
    )
    report = replace(REPORT, sections=(section,))
    assert "— — — −1 234,5" in pdf_text(to_pdf(report))
    assert [row[0] for row in cells(xlsx_sheets(to_xlsx(report))["Ч"])[-4:]] == ["—"] * 3 + [
        -1234.5
    ]


def test_a_whole_number_of_days_is_written_without_a_comma_at_its_end() -> None:
    section = Section("Ч", (Column("К", Kind.NUMBER),), ((2.0,), (2.5,), (3,)))
    sheet = xlsx_sheets(to_xlsx(replace(REPORT, sections=(section,))))["Ч"]
    formats = {one.value: one.number_format for row in sheet.iter_rows() for one in row
               if isinstance(one.value, int | float)}
    assert formats == {2: "#,##0", 2.5: "#,##0.##", 3: "#,##0"}


def test_a_moment_has_room_in_its_column() -> None:
    column = Column("Когда", Kind.DATE)
    section = Section("Ч", (column, column), ((REPORT.made_at, REPORT.made_at.date()),))
    widths = xlsx_sheets(to_xlsx(replace(REPORT, sections=(section,))))["Ч"].column_dimensions
    assert widths["A"].width >= len("23.11.2026 14:05") + 1
    assert widths["B"].width < widths["A"].width


@pytest.mark.parametrize(("rows", "under"), [(3, True), (60, False)])
def test_a_chart_stands_under_its_table_so_that_the_table_is_printed_large(
        rows: int, under: bool) -> None:
    section = Section("Ч", (Column("О"), Column("К", Kind.NUMBER)),
                      tuple((f"Орган {one}", one) for one in range(rows)),
                      chart=Chart("К", 0, (1,)), note="Примечание.")
    book = to_xlsx(replace(REPORT, sections=(section,)))
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    column, row = (int(drawing.partition(f"<xdr:{one}>")[2].partition("<")[0])
                   for one in ("col", "row"))
    assert (column == 0 and row >= xlsx_sheets(book)["Ч"].max_row) is under


def test_row_of_the_wrong_length_is_refused() -> None:
    columns = (Column("К"), Column("Л"))
    with pytest.raises(ValueError, match="2 columns"):
        Section("Ч", columns, (("один", "два"), ("один",)))
    with pytest.raises(ValueError, match="2 columns"):
        Section("Ч", columns, (), ("один", "два", "три"))


def test_long_table_repeats_its_header() -> None:
    section = Section("Все", (Column("Номер дела"),), tuple((f"ЕКЖ-{i}",) for i in range(200)))
    pages = pdf_pages(to_pdf(replace(REPORT, sections=(section,), pictures=())))
    assert len(pages) > 3
    assert all("Номер дела" in page for page in pages[:-1])
    assert "ЕКЖ-199" in " ".join(pages)


def test_the_total_stands_on_the_page_of_the_last_line() -> None:
    columns = (Column("Орган"), Column("Ответов", Kind.NUMBER))
    lengths = set()
    for count in range(30, 37):
        rows = tuple((f"Орган № {number};", number) for number in range(1, count + 1))
        pages = pdf_pages(to_pdf(replace(REPORT, pictures=(), sections=(
            Section("По органам", columns, rows, ("Всего", 999)),))))
        (last,) = [page for page in pages if "Всего 999" in page]
        assert f"Орган № {count};" in last, f"of {count} lines the total is alone"
        lengths.add(sum("Орган №" in page for page in pages))
    assert lengths == {1, 2}, "the table went over the end of a page meanwhile"


def test_the_signatures_are_never_alone_on_a_page() -> None:
    signed = set()
    for count in range(20, 30):
        rows = tuple((f"Орган № {number};",) for number in range(1, count + 1))
        pages = pdf_pages(to_pdf(replace(REPORT, pictures=(), sections=(
            Section("По органам", (Column("Орган"),), rows),))))
        (at,) = [at for at, page in enumerate(pages) if "Утвердил:" in page]
        assert "Доля в срок" in pages[at], f"under {count} lines the signatures are alone"
        signed.add(at)
    assert signed == {0, 1}, "the signatures went over the end of a page meanwhile"

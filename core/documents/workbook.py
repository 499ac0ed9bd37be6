"""Registers and reports as XLSX: real numbers and dates, frozen headers, real charts.

Text is written as text whatever it begins with: «=HYPERLINK(…)» in a citizen's words stays
words (CWE-1236).
"""

import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.documents.fields import period
from core.documents.values import (
    Cell,
    Chart,
    Column,
    Kind,
    RegisterDocument,
    ReportDocument,
    Section,
)
from core.documents.wording import cell, clean, moment

if TYPE_CHECKING:
    from xlsxwriter import Workbook

CELL_LIMIT = 32_767  # ECMA-376; a longer text would make the file unreadable
SHEET_NAME_LIMIT = 31
CUT = "… (текст сокращён: больше не помещается в ячейку)"
LONGEST_ABOVE = 40
"""Rows of a table under which its chart is still found; beside a longer one it is on top."""
NOTHING = "Нет данных за период."
_WIDTHS = {Kind.TEXT: (14, 60), Kind.NUMBER: (11, 18), Kind.PERCENT: (11, 14), Kind.DATE: (12, 18)}
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")  # Okabe, Ito: told apart by everyone
REGISTER_COLUMNS = (
    Column("№", Kind.NUMBER),
    Column("Дата", Kind.DATE),
    Column("Номер письма"),
    Column("Адресат"),
    Column("Содержание"),
    Column("Способ отправки"),
    Column("Результат"),
)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One worksheet: lines above the table, the table, lines below it."""

    name: str
    above: tuple[str, ...]
    section: Section
    below: tuple[str, ...] = ()


def register_xlsx(register: RegisterDocument) -> bytes:
    """The dispatch register (R36) as one sheet."""
    rows = tuple(
        (position, row.sent_on, row.number, row.addressee, row.subject, row.way, row.result)
        for position, row in enumerate(register.rows, 1)
    )
    by = register.made_by
    sheet = _Sheet(
        "Реестр",
        ("Реестр отправки писем", f"Отправитель: {register.sender}", period(register)),
        Section("", REGISTER_COLUMNS, rows),
        (f"Всего писем: {len(rows)}", f"{by.post} {by.name}, {moment(register.made_at)}"),
    )
    return _workbook([sheet], "Реестр отправки писем", register.made_at)


def report_xlsx(report: ReportDocument) -> bytes:
    """A report as a sheet per section, then a sheet of notes."""
    signed = [
        f"{label}: {person.post} {person.name}"
        for label, person in (("Подготовил", report.prepared_by), ("Утвердил", report.approved_by))
        if person is not None
    ]
    made = f"Сформирован {moment(report.made_at)}"
    remarks = [*signed, f"{made}, не утверждён" if report.waits else made]
    sheets = [
        _Sheet(
            section.heading or report.title,
            tuple(part for part in (report.title, report.period, section.heading) if part),
            section,
            (*(() if section.rows else (NOTHING,)), *((section.note,) if section.note else ())),
        )
        for section in report.sections
    ]
    lines = [*clean(report.summary).splitlines(), *report.notes, *remarks]
    notes = Section("", (Column("Примечания"),), tuple((text,) for text in lines))
    sheets.append(_Sheet("Примечания", (report.title, report.period), notes))
    return _workbook(sheets, report.title, report.made_at)


def _workbook(sheets: Sequence[_Sheet], title: str, made_at: datetime) -> bytes:
    import xlsxwriter

    saved = io.BytesIO()
    book = xlsxwriter.Workbook(saved, {"in_memory": True})
    # Excel keeps a naive moment; UTC, so that it does not depend on the machine.
    created = made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": _text(title)[:255], "created": created})
    book.set_calc_mode("manual")
    names = _sheet_names(sheet.name for sheet in sheets)
    for name, sheet in zip(names, sheets, strict=True):
        _Writer(book, name, sheet).write()
    book.close()
    return saved.getvalue()


def _sheet_names(wanted: Iterable[str]) -> list[str]:
    """Names Excel accepts: no ``[]:*?/\\``, at most 31 signs, no two alike."""
    names: list[str] = []
    for name in wanted:
        base = " ".join(re.sub(r"[\[\]:*?/\\]", " ", clean(name)).split()).strip("' ") or "Лист"
        candidate, count = base[:SHEET_NAME_LIMIT].strip("' "), 1
        while candidate.casefold() in {taken.casefold() for taken in [*names, "history"]}:
            count += 1
            tail = f" {count}"
            candidate = base[: SHEET_NAME_LIMIT - len(tail)].strip("' ") + tail
        names.append(candidate)
    return names


def _text(value: str) -> str:
    text = clean(value)
    # Excel counts UTF-16 units.
    if len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT:
        return text
    kept = text.encode("utf-16-le")[: 2 * (CELL_LIMIT - len(CUT))]
    return kept.decode("utf-16-le", "ignore") + CUT


class _Writer:
    """Writes one sheet of a workbook from the top down."""

    def __init__(self, book: "Workbook", name: str, sheet: _Sheet) -> None:
        self.book, self.name, self.sheet = book, name, sheet
        self.page = book.add_worksheet(name)
        self.widths: list[float] = []
        self.looks: dict[tuple[str, Kind, type, bool], object] = {}

    def write(self) -> None:
        section, page = self.sheet.section, self.page
        at = 0
        for index, line in enumerate(self.sheet.above):
            style = {"bold": index == 0, "font_size": 14 if index == 0 else 11}
            page.write_string(at, 0, _text(line), self.book.add_format(style))
            at += 1
        head = at + 1
        self.widths = [self._width(index, column) for index, column in enumerate(section.columns)]
        self._row(head, [column.title for column in section.columns], "head")
        for offset, row in enumerate(section.rows, 1):
            self._row(head + offset, row, "body")
        last = head + len(section.rows)
        page.freeze_panes(head + 1, 0)
        page.autofilter(head, 0, max(last, head), len(section.columns) - 1)
        if section.total is not None:
            last += 1
            self._row(last, section.total, "total")
        for offset, line in enumerate(self.sheet.below, 2):
            page.write_string(last + offset, 0, _text(line))
        for index, width in enumerate(self.widths):
            page.set_column(index, index, width)
        page.repeat_rows(head)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer("&CСтраница &P из &N")
        if section.chart is not None and section.rows:
            # Beside the table it would be printed on the same width, and the table half as large.
            below = last + len(self.sheet.below) + 3
            self._chart(section.chart, head, *((below, 0) if len(section.rows) <= LONGEST_ABOVE
                                               else (head, len(section.columns) + 1)))

    def _row(self, at: int, row: Sequence[Cell], role: str) -> None:
        columns = self.sheet.section.columns
        self.page.set_row(at, self._height(row, role))
        for index, (value, column) in enumerate(zip(row, columns, strict=True)):
            look = self._format(role, Kind.TEXT if role == "head" else column.kind, value)
            match value:
                case str():
                    self.page.write_string(at, index, _text(value), look)
                case datetime():
                    self.page.write_datetime(at, index, value.replace(tzinfo=None), look)
                case date():
                    self.page.write_datetime(at, index, value, look)
                case int() | float() if math.isfinite(value):
                    self.page.write_number(at, index, value, look)
                case _:
                    self.page.write_string(at, index, "—", look)

    def _format(self, role: str, kind: Kind, value: Cell) -> object:
        look = (role, kind, type(value), isinstance(value, float) and value.is_integer())
        if look not in self.looks:
            self.looks[look] = self._made_format(role, kind, value)
        return self.looks[look]

    def _made_format(self, role: str, kind: Kind, value: Cell) -> object:
        style: dict[str, object] = {"border": 1, "valign": "vcenter", "text_wrap": True}
        if role == "head":
            style |= {"bold": True, "bg_color": "#E0E0E0", "align": "center"}
        elif role == "total":
            style |= {"bold": True, "bg_color": "#F2F2F2"}
        if role != "head":
            style |= _number_style(kind, value)
        return self.book.add_format(style)

    def _width(self, index: int, column: Column) -> float:
        low, high = _WIDTHS[column.kind]
        cells = {row[index] for row in self.sheet.section.rows}  # most stand in many rows
        longest = max((len(cell(value, column.kind)) for value in cells), default=0)
        word = max((len(word) for word in column.title.split()), default=0)
        return float(min(max(low, longest + 2, word + 4), high))

    def _height(self, row: Sequence[Cell], role: str) -> float:
        """Points for the tallest cell; not every program fits the rows by itself."""
        room = 0.8 if role == "head" else 0.95
        lines = 1
        for value, width in zip(row, self.widths, strict=True):
            parts = value.splitlines() if isinstance(value, str) else []
            lines = max(lines, sum(-(-len(part) // int(width * room)) or 1 for part in parts))
        return min(15.0 * lines + 3.0, 409.0)  # 409 is the most a row can be

    def _chart(self, chart: Chart, head: int, row: int, column: int) -> None:
        section = self.sheet.section
        bars = min(len(section.rows), chart.most)
        first, last = head + 1, head + bars
        drawn = self.book.add_chart({"type": "bar"})
        for order, index in enumerate(chart.values):
            drawn.add_series(
                {
                    "name": [self.name, head, index],
                    "categories": [self.name, first, chart.labels, last, chart.labels],
                    "values": [self.name, first, index, last, index],
                    "fill": {"color": _COLOURS[order % len(_COLOURS)]},
                    "data_labels": {"value": True},
                }
            )
        title = _text(chart.titled(len(section.rows)))
        drawn.set_title({"name": title, "name_font": {"size": 12}})
        drawn.set_y_axis({"reverse": True})
        drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        drawn.set_legend({"position": "bottom", "none": len(chart.values) == 1})
        drawn.set_size({"width": 640, "height": 160 + 26 * bars * len(chart.values)})
        self.page.insert_chart(row, column, drawn)


def _number_style(kind: Kind, value: Cell) -> dict[str, object]:
    match value:
        case datetime():
            return {"num_format": "dd.mm.yyyy hh:mm", "align": "center"}
        case date():
            return {"num_format": "dd.mm.yyyy", "align": "center"}
        case int() | float() if kind is Kind.PERCENT:
            return {"num_format": "0.0%"}
        case int():
            return {"num_format": "#,##0"}
        case float() if value.is_integer():  # else Excel would write «2,»
            return {"num_format": "#,##0"}
        case float():
            return {"num_format": "#,##0.##"}
        case None:
            return {"align": "center"}
        case _:
            return {}

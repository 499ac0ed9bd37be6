"""The rows of a table file: XLSX, CSV in any charset, and HTML that calls itself XLS.

Bounded: a file that unpacks to more than :data:`MOST_UNPACKED` bytes, more than
:data:`MOST_ROWS` rows or :data:`MOST_COLUMNS` columns is refused with a sentence or cut there.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import cast

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import BadTableError
from core.inbound import Attachment
from mail.charsets import decode
from mail.hypertext import rows as rows_of_markup

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_UNPACKED = 64 * MEGABYTE
MOST_ROWS = 5000
MOST_COLUMNS = 100
MOST_SHEETS = 10
LONGEST_CELL = 20_000
_EMPTY_RUN = 200
"""Empty rows after which a sheet is over: formatting often reaches far below the data."""

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv")
_MEDIA_TYPES = frozenset({
    "text/csv", "application/csv", "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
})  # fmt: skip
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MARKUP = re.compile(rb"\s*(?:<!doctype html|<html|<table|<meta|<head)", re.IGNORECASE)
_DELIMITERS = ";,\t|"
_HEAD = 100_000
"""Characters by which the delimiter is judged."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, from 1, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; ``name`` is empty where a file has but one. ``cut``: there were more rows."""

    name: str
    rows: tuple[Row, ...]
    cut: bool = False


def is_table(file: Attachment) -> bool:
    """Whether the file calls itself a table."""
    return file.name.lower().endswith(SPREADSHEETS) or file.media_type in _MEDIA_TYPES


def sheets_of(file: Attachment) -> list[Sheet]:
    """The sheets that have rows. Raises :class:`BadTableError` with a Russian sentence."""
    data = file.content
    if len(data) > MOST_BYTES:
        raise BadTableError(
            f"«{file.name}»: {len(data) // MEGABYTE} МБ, таблицы читаются не больше "
            f"{MOST_BYTES // MEGABYTE} МБ. Разделите выгрузку на части."
        )
    if data.startswith(b"PK"):
        found = _workbook(file)
    elif data.startswith(_OLD_EXCEL):
        raise BadTableError(
            f"«{file.name}»: старый формат Excel (xls). Пересохраните таблицу как XLSX или CSV."
        )
    elif _MARKUP.match(data[:200].removeprefix(b"\xef\xbb\xbf")):
        found = [_sheet("", rows_of_markup(decode(data)[0]))]
    else:
        found = [_sheet("", _delimited(data))]
    return [one for one in found if one.rows]


def _sheet(name: str, lines: Iterable[Iterable[object]]) -> Sheet:
    """Rows that hold anything, to the limit; numbers count the empty ones too."""
    rows: list[Row] = []
    for number, line in enumerate(lines, 1):
        cells = tuple(_text(cell) for cell in islice(line, MOST_COLUMNS))
        if any(cells):
            if len(rows) > MOST_ROWS:
                return Sheet(name, tuple(rows[:-1]), cut=True)
            rows.append(Row(number, cells))
        elif number - (rows[-1].number if rows else 0) > _EMPTY_RUN:
            break
    return Sheet(name, tuple(rows))


def _text(cell: object) -> str:
    """A cell as an office would write it: days in ISO, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    text = str(cell)[:LONGEST_CELL].replace("_x000D_", "").replace("\r\n", "\n")
    return text.replace("\r", "\n").replace("\0", "").strip()


def _workbook(file: Attachment) -> list[Sheet]:
    try:
        _require_small(file)
        book = openpyxl.load_workbook(io.BytesIO(file.content), read_only=True, data_only=True)
        try:
            sheets = [one for one in book.worksheets if isinstance(one, ReadOnlyWorksheet)]
            return [_of_worksheet(one) for one in sheets[:MOST_SHEETS]]
        finally:
            book.close()
    except BadTableError:
        raise
    except Exception as fault:  # openpyxl lets anything through that a broken file can cause
        raise BadTableError(
            f"«{file.name}» не читается как таблица Excel ({type(fault).__name__}). "
            "Откройте её и сохраните заново как XLSX."
        ) from None


def _of_worksheet(sheet: ReadOnlyWorksheet) -> Sheet:
    sheet.reset_dimensions()  # what a file says of its size is often untrue
    lines = cast("Worksheet", sheet).iter_rows(max_col=MOST_COLUMNS, values_only=True)
    return _sheet(str(sheet.title), lines)


def _require_small(file: Attachment) -> None:
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        unpacked = sum(one.file_size for one in archive.infolist())
    if unpacked > MOST_UNPACKED:
        raise BadTableError(
            f"«{file.name}»: в распакованном виде больше {MOST_UNPACKED // MEGABYTE} МБ. "
            "Разделите выгрузку на части."
        )


def _delimited(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data).replace("\0", "")
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r"sep=(.)\s*", first)  # Excel's own way to name the delimiter
    delimiter = named[1] if named else _delimiter_of(text)
    try:
        yield from csv.reader(io.StringIO(rest if named else text, newline=""),
                              delimiter=delimiter)  # fmt: skip
    except csv.Error as fault:
        raise BadTableError(f"Таблица CSV не читается: {fault}.") from None


def _delimiter_of(text: str) -> str:
    """The delimiter that cuts the first lines into rows of one width: texts have commas too."""

    def evenness(delimiter: str) -> tuple[float, int]:
        lines = io.StringIO(text[:_HEAD], newline="")
        try:
            rows = list(islice(csv.reader(lines, delimiter=delimiter), 20))
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in (rows[:-1] or rows) if row)
        wide = [(count, width) for width, count in widths.items() if width > 1]
        count, width = max(wide, default=(0, 0))
        return count / max(widths.total(), 1), width

    return max(_DELIMITERS, key=evenness)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return decode(data)[0].removeprefix("\ufeff")

"""Workbooks (XLSX) as rows of text, and back; openpyxl is imported when one is read."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from core.errors import BadTableError

Sheets = dict[str, list[dict[str, str]]]
NOT_A_BOOK = "не книга Excel (.xlsx). Сохраните её заново"
MOST_ROWS = 20_000
"""Rows of one sheet: no city has more, a spoiled sheet may."""


def read(source: Path | bytes, name: str = "") -> Sheets:
    """Sheets as rows keyed by the titles of the first row; empty rows too, so that the row's
    number is that of the sheet. Raises BadTableError; FileNotFoundError of a path."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException
    if isinstance(source, Path):
        source.stat()  # a missing file is missing, whatever its name ends with
    try:
        book = load_workbook(BytesIO(source) if isinstance(source, bytes) else source,
                             read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, OSError, ValueError):
        what = name if isinstance(source, bytes) else str(source)
        raise BadTableError(f"{what} — {NOT_A_BOOK}.") from None
    sheets: Sheets = {}
    for sheet in book.worksheets:
        rows = [[str(cell).strip() if cell is not None else "" for cell in row]
                for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS)]
        titles = rows[0] if rows else []
        sheets[sheet.title.strip()] = [dict(zip(titles, row, strict=False)) for row in rows[1:]]
    book.close()
    return sheets


def write(titles: Mapping[str, Sequence[str]], rows: Mapping[str, Sequence[Sequence[str]]]
          ) -> bytes:
    """A workbook with these sheets; every cell is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns in titles.items():
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for number, row in enumerate(rows[name], 2):
            for place, value in enumerate(row, 1):
                cell = sheet.cell(number, place, value)
                cell.data_type = "s"
        for place, column in enumerate(columns):
            longest = max((len(column), *(len(row[place]) for row in rows[name])))
            sheet.column_dimensions[chr(ord("A") + place)].width = min(longest + 2, 50)
        sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()

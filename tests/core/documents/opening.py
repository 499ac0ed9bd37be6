"""Opens finished files again, with libraries that had no part in making them."""

import io
import os
import zipfile
from pathlib import Path

import docx
import openpyxl
import pypdfium2
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image


def pdf_pages(pdf: bytes) -> list[str]:
    """The words of each page, hyphenation and line breaks undone."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_plain(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def pdf_text(pdf: bytes) -> str:
    return " ".join(pdf_pages(pdf))


def pdf_sizes_mm(pdf: bytes) -> list[tuple[int, int]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        sizes = [page.get_size() for page in document]
    finally:
        document.close()
    return [(round(wide / 72 * 25.4), round(high / 72 * 25.4)) for wide, high in sizes]


def pdf_pictures(pdf: bytes) -> list[tuple[int, float, float, float, float]]:
    """Page index and left, bottom, right, top in millimetres of each picture."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            (index, *(edge / 72 * 25.4 for edge in thing.get_bounds()))
            for index, page in enumerate(document)
            for thing in page.get_objects(max_depth=6)
            if thing.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
        ]
    finally:
        document.close()


def docx_text(content: bytes) -> str:
    """All words of the body, the tables and the first page's header, in order."""
    document = docx.Document(io.BytesIO(content))
    header = document.sections[0].first_page_header.paragraphs
    words = [paragraph.text for paragraph in header]
    words += [
        "".join(node.text or "" for node in paragraph.iter() if node.tag.endswith("}t"))
        for paragraph in document.element.body.iter()
        if paragraph.tag.endswith("}p")
    ]
    return _plain("\n".join(words))


def docx_pictures(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [name for name in archive.namelist() if name.startswith("word/media/")]


def xlsx_sheets(content: bytes) -> dict[str, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: sheet for sheet in book.worksheets}


def cells(sheet: Worksheet) -> list[list[object]]:
    """Every row that says anything."""
    rows: list[list[object]] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [row for row in rows if any(value is not None for value in row)]


def image(content: bytes) -> Image.Image:
    opened = Image.open(io.BytesIO(content))
    opened.load()
    return opened


def _plain(text: str) -> str:
    # PDFium gives U+FFFE (as U+0002 in places) for a hyphen that only the line's end made.
    for hyphen in ("\ufffe\r\n", "\ufffe", "\u0002\r\n", "\u0002", "\u00ad\r\n", "\u00ad"):
        text = text.replace(hyphen, "")
    return " ".join(text.replace("\u200b", "").replace("\u00a0", " ").split())


def keep_pages(pdf: bytes, name: str) -> None:
    """Pictures of the pages into the folder named by SCREENSHOTS, for people to look at."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, page in enumerate(document, 1):
            page.render(scale=1.5).to_pil().save(Path(folder) / f"{name}_{number}.png")
    finally:
        document.close()

"""Opens finished files again, with libraries that had no part in making them."""

import io
import os
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import docx
import openpyxl
import pypdfium2
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image


def pdf_pages(pdf: bytes) -> list[str]:
    """The words of each page, hyphenation and line breaks undone.

    Where pdftotext is installed it must read the very same letters: what two readers that share
    nothing agree on is what people search for and copy.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [_plain(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()
    for number, (page, again) in enumerate(zip(pages, _by_poppler(pdf), strict=False), 1):
        assert _letters(page) == _letters(again), f"page {number} reads otherwise in pdftotext"
    return pages


def _by_poppler(pdf: bytes) -> list[str]:
    tool = shutil.which("pdftotext")
    if tool is None:
        return []
    read = subprocess.run([tool, "-", "-"], input=pdf, capture_output=True, check=True)
    return read.stdout.decode().split("\f")


def _letters(text: str) -> Counter[str]:
    return Counter(one for one in text if one.isalnum())


def pdf_text(pdf: bytes) -> str:
    return " ".join(pdf_pages(pdf))


def pdf_sizes_mm(pdf: bytes) -> list[tuple[int, int]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        sizes = [page.get_size() for page in document]
    finally:
        document.close()
    return [(round(wide / 72 * 25.4), round(high / 72 * 25.4)) for wide, high in sizes]


def pdf_edges_mm(pdf: bytes) -> list[tuple[float, float, float]]:
    """Left-, bottom- and rightmost words of each page: left, bottom, right in millimetres.

    A slanting mark behind the words («ПРОЕКТ») does not count.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = []
        for page in document:
            words = page.get_textpage()
            boxes = [words.get_rect(one) for one in range(words.count_rects())]
            level = [box for box in boxes if box[3] - box[1] < 30]
            found.append((min(box[0] for box in level) / 72 * 25.4,
                          min(box[1] for box in level) / 72 * 25.4,
                          max(box[2] for box in level) / 72 * 25.4))
        return found
    finally:
        document.close()


def pdf_columns_mm(pdf: bytes, words: str) -> tuple[float, float]:
    """Where the words begin and end on their line, from the left edge of the page, in mm."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            text = page.get_textpage()
            if found := text.search(words).get_next():
                boxes = [text.get_charbox(found[0] + one) for one in range(found[1])]
                return (min(box[0] for box in boxes) / 72 * 25.4,
                        max(box[2] for box in boxes) / 72 * 25.4)
    finally:
        document.close()
    raise AssertionError(f"no {words!r} in the document")


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

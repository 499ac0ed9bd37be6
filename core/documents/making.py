"""Values in, a file's bytes out: the functions the rest of the program calls.

All of them compute and nothing else, for up to some seconds with many photos: call them
through ``asyncio.to_thread``, outside any transaction.
"""

from core.documents.fields import Filled, filled
from core.documents.house import BUILT_IN, Templates
from core.documents.typesetting import typeset
from core.documents.values import (
    AnswerDocument,
    ApprovalDocument,
    Document,
    LetterDocument,
    RegisterDocument,
    ReportDocument,
    ReturnsDocument,
)

A4_WIDTH_INCHES = 210 / 25.4


def to_pdf(document: Document, templates: Templates = BUILT_IN) -> bytes:
    """Make the PDF/A-2b of ``document``; the same values give the same bytes.

    Raises BadPictureError, BadTemplateError or DocumentError with a sentence for the office.
    """
    full = filled(document, templates)
    return typeset(full.template, full.fields, full.pictures, document.made_at, templates)[0]


def to_pages(
    document: Document, templates: Templates = BUILT_IN, width_px: int = 1000
) -> list[bytes]:
    """Draw every page of ``document`` as PNG, an upright page ``width_px`` wide.

    Raises as to_pdf.
    """
    return _drawn(filled(document, templates), document, templates, width_px)


def to_preview(document: Document, templates: Templates = BUILT_IN, width_px: int = 1000) -> bytes:
    """Draw the first page of ``document`` as PNG, for a chat. Raises as to_pdf.

    The photos, which come after it, cost no time here and are not examined.
    """
    full = filled(document, templates, with_photos=False)
    return _drawn(full, document, templates, width_px)[0]


def _drawn(full: Filled, document: Document, templates: Templates, width_px: int) -> list[bytes]:
    ppi = width_px / A4_WIDTH_INCHES
    return typeset(full.template, full.fields, full.pictures, document.made_at, templates, ppi)


def to_docx(answer: AnswerDocument, templates: Templates = BUILT_IN) -> bytes:
    """Make the DOCX of an answer, to be edited or taken into МСЭД. Raises as to_pdf."""
    from core.documents.word import answer_docx

    return answer_docx(answer, templates)


def to_xlsx(document: RegisterDocument | ReportDocument) -> bytes:
    """Make the workbook of a register or a report: one sheet per table, real charts."""
    from core.documents.workbook import register_xlsx, report_xlsx

    match document:
        case RegisterDocument():
            return register_xlsx(document)
        case ReportDocument():
            return report_xlsx(document)


def file_name(document: Document, suffix: str) -> str:
    """A file name people recognise: «Ответ ЕКЖ-2026-000123.pdf»; ``suffix`` without the dot."""
    match document:
        case AnswerDocument():
            name = f"Ответ {document.case_number}"
            if document.registration is None:
                name = f"Проект ответа {document.case_number}"
        case LetterDocument():
            name = f"Письмо {document.case_number}"
        case RegisterDocument():
            name = f"Реестр отправки {document.first_day} — {document.last_day}"
        case ReportDocument():
            name = f"{document.short or document.title} {document.period}".replace(":", ".")
        case ApprovalDocument():
            name = f"Лист согласования {document.case_number}, версия {document.version}"
        case ReturnsDocument():
            name = f"Возврат {document.returns} {document.case_number}"
    kept = "".join(sign if sign.isalnum() or sign in " -—,." else " " for sign in name)
    return f"{' '.join(kept.split())[:100].strip(' .')}.{suffix}"

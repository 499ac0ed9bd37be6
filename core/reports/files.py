"""A made report as files: PDF on the administration's form, a workbook, pictures."""

from dataclasses import replace

from core.documents.house import BUILT_IN, Templates
from core.documents.making import file_name, to_pdf, to_xlsx
from core.documents.values import Picture, ReportDocument
from core.outbound import LetterFile
from core.reports import charts
from core.reports.values import Made

PNG = "image/png"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pictures(made: Made) -> tuple[LetterFile, ...]:
    """The chart, then the maps. Takes about a second the first time: call it in a worker."""
    wanted = (*((made.chart,) if made.chart is not None else ()), *made.maps)
    return tuple(LetterFile(file_name(made.document, "png" if place == 0 else f"{place + 1}.png"),
                            PNG, charts.draw(one)) for place, one in enumerate(wanted))


def documents(made: Made, drawn: tuple[LetterFile, ...], templates: Templates = BUILT_IN
              ) -> tuple[LetterFile, ...]:
    """PDF/A-2b with the maps, and the workbook with the proof. Raises as ``to_pdf`` does."""
    shown = drawn[-len(made.maps):] if made.maps else ()
    whole = replace(made.document, pictures=tuple(
        Picture(file.content, one.title, file.name)
        for file, one in zip(shown, made.maps, strict=True)))
    book = replace(whole, sections=(*whole.sections, *made.proof))
    return (_file(whole, "pdf", PDF, to_pdf(whole, templates)),
            _file(whole, "xlsx", XLSX, to_xlsx(book)))


def _file(document: ReportDocument, suffix: str, kind: str, content: bytes) -> LetterFile:
    return LetterFile(file_name(document, suffix), kind, content)

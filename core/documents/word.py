"""The answer as DOCX, from the template the office edits in its word processor."""

import io
import re
import zipfile
from datetime import UTC, datetime

from core.documents.errors import BadTemplateError
from core.documents.fields import filled
from core.documents.house import ANSWER_DOCX, Templates
from core.documents.pictures import Placed
from core.documents.values import AnswerDocument

_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # what a ZIP can hold


def answer_docx(answer: AnswerDocument, templates: Templates) -> bytes:
    """Fill ``answer.docx``; the same values give the same bytes.

    Every field must exist: a misspelt name in the template is an error, not a blank. Raises
    BadTemplateError, BadPictureError.
    """
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    full = filled(answer, templates)
    source = templates.read(ANSWER_DOCX)
    try:
        document = DocxTemplate(io.BytesIO(source))

        def image(name: str) -> InlineImage:
            picture: Placed = full.pictures[name]
            return InlineImage(
                document, io.BytesIO(picture.content), Mm(picture.width_mm), Mm(picture.height_mm)
            )

        # A template is a program; the sandbox keeps it from reaching beyond its fields.
        environment = SandboxedEnvironment(
            autoescape=True, undefined=StrictUndefined, finalize=_literal
        )
        document.render({**full.fields, "image": image}, environment, autoescape=True)
        # After rendering: the properties of the template are themselves rendered as a template.
        properties = document.docx.core_properties
        properties.title = str(full.fields["title"])[:255]
        properties.author = answer.executor.name[:255]
        properties.last_modified_by = ""
        properties.created = properties.modified = answer.made_at.astimezone(UTC)
        saved = io.BytesIO()
        document.save(saved)
    except Exception as error:  # the libraries raise whatever a damaged template leads them to
        raise BadTemplateError(_explained(error)) from error
    return _dated(saved.getvalue(), answer.made_at)


def _literal(value: object) -> object:
    """Keep docxtpl from turning «{_{» in a text into «{{»: part the signs invisibly."""
    if isinstance(value, str):
        return re.sub(r"(?<=[{}%])_(?=[{}%])", "\u2060_", value)
    return value


def _explained(error: Exception) -> str:
    words = " ".join(str(error).split())[:200] or type(error).__name__
    return (
        f"Шаблон {ANSWER_DOCX} не заполняется: {words}. "
        "Исправьте его или удалите из папки шаблонов, тогда возьмётся встроенный."
    )


def _dated(archive: bytes, made_at: datetime) -> bytes:
    """Pack ``archive`` anew with one date for all parts, the date of the document."""
    at = max(made_at.astimezone(UTC), _EARLIEST)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = zipfile.ZipInfo(name, at.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return packed.getvalue()

"""Whether the office's templates work: sets every one with made-up data (``rakurs doctor``)."""

import io
import re
import zipfile
from pathlib import Path

from core.documents import patterns
from core.documents.errors import DocumentError
from core.documents.house import ANSWER_DOCX, BUILT_IN_FOLDER, Templates
from core.documents.making import to_docx, to_pdf
from core.documents.samples import EVERY
from core.documents.values import AnswerDocument, Document

# What an official document of its kind cannot be without, by field (4.6¶5, ¶8; 5¶2-4).
REQUIRED = {
    "answer.typ": {"paragraphs": "текст ответа", "signatory": "подпись", "case_number":
                   "номер сообщения", "final_answer_on": "срок окончательного ответа"},
    "letter.typ": {"paragraphs": "текст письма", "signatory": "подпись"},
    "register.typ": {"rows": "строки реестра", "sender": "отправитель"},
    "report.typ": {"sections": "таблицы отчёта", "period": "период"},
    "approval.typ": {"rows": "согласующие лица", "version": "версия"},
    "returns.typ": {"rounds": "круги", "case_number": "номер сообщения"},
    ANSWER_DOCX: {"paragraphs": "текст ответа", "signatory": "подпись", "number":
                  "регистрационный номер", "date": "дата", "final_answer_on":
                  "срок окончательного ответа"},
}  # fmt: skip


def check(folder: Path | None = None) -> list[str]:
    """Set every template with sample data; return what is wrong, a Russian sentence each.

    An empty list means that every document can be made. ``folder`` is the office's own
    templates; None checks the built-in ones.
    """
    if folder is not None and not folder.is_dir():
        return [f"Папки шаблонов {folder} нет: создайте её или исправьте настройку."]
    try:
        problems = _unknown_files(folder)
        problems += [problem for name in REQUIRED for problem in _missing(Templates(folder), name)]
        problems += patterns.check(Templates(folder))
        for document in EVERY:
            problems += _attempt(document, folder)
    except OSError as error:
        return [
            f"Папка шаблонов {folder} не читается ({error.strerror}): проверьте права доступа."
        ]
    return list(dict.fromkeys(problems))


def _attempt(document: Document, folder: Path | None) -> list[str]:
    """Make ``document`` in every form it has; a problem a sentence."""
    problems = []
    try:
        to_pdf(document, Templates(folder))
    except DocumentError as error:
        problems.append(str(error))
    if isinstance(document, AnswerDocument):
        try:
            to_docx(document, Templates(folder))
        except DocumentError as error:
            problems.append(str(error))
    return problems


def _missing(templates: Templates, name: str) -> list[str]:
    """The required fields that ``name`` never mentions."""
    try:
        source = _source(templates, name)
    except (DocumentError, zipfile.BadZipFile, KeyError):
        return []  # setting it will say so
    return [
        f"В шаблоне {name} нет поля {key} ({meaning}): без него документ неполон."
        for key, meaning in REQUIRED[name].items()
        if not re.search(rf"\b{key}\b", source)
    ]


def _source(templates: Templates, name: str) -> str:
    """The words of a template; a typst one may use ``common.typ``."""
    content = templates.read(name)
    if name == ANSWER_DOCX:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())
    return (content + templates.read("common.typ")).decode("utf-8", "replace")


def _unknown_files(folder: Path | None) -> list[str]:
    """Files that no document uses: most likely a misspelt name."""
    if folder is None:
        return []
    known = {path.name for path in BUILT_IN_FOLDER.iterdir()}
    imported = b"".join(path.read_bytes() for path in folder.glob("*.typ") if path.is_file())
    return [
        f"Файл {path.name} в папке шаблонов не используется: "
        f"проверьте имя, возможны {', '.join(sorted(known))}."
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in (".typ", ".docx", ".toml", ".txt")
        and path.name not in known
        and not patterns.is_pattern(path.name)
        and path.name.encode() not in imported
    ]

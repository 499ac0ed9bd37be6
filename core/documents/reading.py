"""The text of an answer out of a DOCX that a person sent back: of the bare text, or of our form.

The form around the text (head, salutation, attachments, signature) is left out: it is put there
anew with every version.
"""

import io
import zipfile
from collections.abc import Iterator

from core.errors import NotAcceptedError

MOST_BYTES = 60 * 1024 * 1024
"""All parts of a DOCX unpacked; an answer with its photos is far below."""
LONGEST = 100_000
"""Characters of an answer: some forty pages."""
MOST_PARAGRAPHS = 5_000
"""Empty ones too: each takes its time to read, and twenty kilobytes may hold a million."""
SALUTATION = "уважаем"
AFTER_TEXT = ("приложение:", "приложение к ответу", "настоящий ответ является промежуточным")
UNREADABLE = ("Файл «{name}» не открывается как документ Word (.docx). Сохраните его в этом "
              "формате и пришлите ещё раз или пришлите текст сообщением.")

TOO_LONG = "Текст в файле «{name}» слишком длинный для ответа: сократите его."


def answer_text(content: bytes, name: str, executor: str = "") -> str:
    """The paragraphs of the answer, a line each. Raises NotAcceptedError with what to do.

    ``executor`` is who is named in the note below the text of our form. Takes some time: for a
    worker thread.
    """
    lines = list(_lines(content, name))
    starts = [place for place, line in enumerate(lines)
              if line.casefold().startswith(SALUTATION)]
    lines = lines[starts[0] + 1:] if starts else lines
    after = (*AFTER_TEXT, *([executor.casefold()] if executor else []))
    ends = [place for place, line in enumerate(lines) if line.casefold().startswith(after)]
    text = "\n".join(lines[:ends[0]] if ends else lines).strip()
    if not text:
        raise NotAcceptedError(
            f"В файле «{name}» нет текста ответа: впишите его и пришлите файл снова.")
    if len(text) > LONGEST:
        raise NotAcceptedError(TOO_LONG.format(name=name))
    return text


def _lines(content: bytes, name: str) -> Iterator[str]:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_BYTES:
                raise NotAcceptedError(UNREADABLE.format(name=name))
        document = Document(io.BytesIO(content))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as fault:
        raise NotAcceptedError(UNREADABLE.format(name=name)) from fault
    paragraphs = document.paragraphs
    if len(paragraphs) > MOST_PARAGRAPHS:
        raise NotAcceptedError(TOO_LONG.format(name=name))
    for paragraph in paragraphs:
        if line := " ".join(paragraph.text.split()):
            yield line


def text_docx(text: str) -> bytes:
    """The bare text as a DOCX, a paragraph a line, to be edited and sent back."""
    from docx import Document
    document = Document()
    for line in text.splitlines():
        if line.strip():
            document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()

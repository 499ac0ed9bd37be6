"""The body of a letter: which parts are its text, which are attachments, and their bytes."""

import binascii
import mimetypes
import re
from dataclasses import dataclass, field

from core.inbound import Attachment
from mail import headers as fields
from mail.charsets import decode
from mail.hypertext import to_text
from mail.mime import ENCLOSED, MULTIPART, Part, split

_READABLE = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_HEADER = 65536
"""Bytes in which the subject of an enclosed letter is looked for."""
_CHARSET_PROBLEM = "Кодировка текста указана неверно, подобрана по содержанию."
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_UUENCODED = re.compile(
    r"^begin [0-7]{3,4}(?: ([^\n]*))?\n((?:[ -`]{1,90}\n)*?)(?:`|[ ])?\n?end[ \t]*$",
    re.MULTILINE,
)
_ENCODINGS = frozenset({"", "7bit", "8bit", "binary", "base64", "quoted-printable",
                        "x-uuencode", "uuencode", "x-uue", "uue"})  # fmt: skip


@dataclass(slots=True)
class Contents:
    """What a letter holds: the best text, the HTML if any, the files, what was wrong."""

    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Walk:
    """Texts and files gathered on the way through the tree."""

    texts: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def absorb(self, other: "_Walk", *, texts: bool) -> None:
        self.files += other.files
        self.problems += other.problems
        self.markup += other.markup
        if texts:
            self.texts += other.texts


def contents_of(letter: Part) -> Contents:
    """Go through the parts of a letter."""
    walk = _Walk()
    _visit(letter, walk, root=True)
    text = "\n\n".join(piece for piece in walk.texts if piece).strip("\n")
    return Contents(
        text=text,
        html="\n".join(walk.markup),
        attachments=tuple(walk.files),
        problems=walk.problems,
    )


def _visit(part: Part, walk: _Walk, *, root: bool = False) -> None:
    walk.problems += part.problems
    if part.media_type == "multipart/alternative" and part.parts:
        _choose(part, walk)
    elif part.parts:
        for child in part.parts:
            _visit(child, walk)
    elif part.media_type in ENCLOSED:
        walk.files.append(_enclosed(part, len(walk.files)))
    elif _is_text(part, root=root):
        _read_text(part, walk)
    else:
        walk.files.append(_file(part, len(walk.files), walk))


def _choose(part: Part, walk: _Walk) -> None:
    """Of alternatives the first with plain words is the text; HTML serves where none has any."""
    chosen = False
    branches = []
    for child in part.parts:
        branch = _Walk()
        _visit(child, branch)
        branches.append((child.media_type == "text/html" or bool(branch.markup), branch))
    for _, branch in sorted(branches, key=lambda pair: pair[0]):
        worth = not chosen and any(piece.strip() for piece in branch.texts)
        walk.absorb(branch, texts=worth)
        chosen = chosen or worth


def _name(part: Part) -> str:
    disposition = fields.parameters_of(part.field("content-disposition"))
    kind = fields.parameters_of(part.field("content-type"))
    name = disposition.get("filename") or kind.get("name") or disposition.get("name") or ""
    return name.replace("\\", "/").rsplit("/", 1)[-1].strip()


def _is_text(part: Part, *, root: bool) -> bool:
    if fields.value_of(part.field("content-disposition")) == "attachment":
        return False
    if part.media_type.startswith(MULTIPART):
        return True  # said to have parts and has none: its bytes are the text
    return part.media_type in _READABLE and (root or not _name(part))


def _read_text(part: Part, walk: _Walk) -> None:
    data = _data(part, walk)
    declared = fields.parameters_of(part.field("content-type"))
    charset = declared.get("charset", "")
    if part.media_type == "text/html":
        meta = _META_CHARSET.search(data[:4096])
        charset = charset or (meta[1].decode("ascii") if meta else "")
    text, honest = decode(data, charset)
    if not honest:
        walk.problems.append(_CHARSET_PROBLEM)
    if "\0" in text:
        walk.problems.append("В тексте были нулевые байты, они убраны.")
    text = _clean(text)
    if part.media_type == "text/html":
        walk.markup.append(text)
        walk.texts.append(to_text(text))
    else:
        flowed = declared.get("format", "").lower() == "flowed"
        text = _unflow(text, declared.get("delsp", "").lower() == "yes") if flowed else text
        walk.texts.append(_without_uuencoded(text, walk))


def _clean(text: str) -> str:
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode().removeprefix("\ufeff")


def _unflow(text: str, delete_space: bool) -> str:
    """Join the lines that RFC 3676 lets a mail program break."""
    lines: list[str] = []
    open_line = False
    for line in text.split("\n"):
        stuffed = line[1:] if line.startswith(" ") else line
        quoted = stuffed.startswith(">")
        if open_line and not quoted:
            lines[-1] = (lines[-1].removesuffix(" ") if delete_space else lines[-1]) + stuffed
        else:
            lines.append(stuffed)
        open_line = line.endswith(" ") and not quoted and line != "-- "
    return "\n".join(lines)


def _without_uuencoded(text: str, walk: _Walk) -> str:
    if "\nend" not in text or "begin" not in text:
        return text

    def take(match: re.Match[str]) -> str:
        name = (match[1] or "").strip() or f"вложение-{len(walk.files) + 1}.bin"
        content = _from_uu(match[2].encode("ascii", "ignore"))
        walk.files.append(Attachment(name, guess_type(name), content))
        return ""

    return _UUENCODED.sub(take, text)


def guess_type(name: str) -> str:
    """The media type that a file name promises."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _from_uu(data: bytes) -> bytes:
    out = []
    for line in data.splitlines():
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        length = (((line[0] - 32) & 63) * 4 + 5) // 3  # what the line says, were it overlong
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            try:
                out.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                break
    return b"".join(out)


def _data(part: Part, walk: _Walk) -> bytes:
    """The part's own bytes, its transfer encoding undone as far as it can be."""
    encoding = fields.value_of(part.field("content-transfer-encoding"))
    if encoding not in _ENCODINGS:
        walk.problems.append("Неизвестный способ передачи части письма, взята как есть.")
    return _undone(part, encoding)


def _undone(part: Part, encoding: str) -> bytes:
    if encoding == "base64":
        return fields.from_base64(part.body)
    raw = bytes(part.body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw)
    return _from_uu(raw) if encoding.endswith(("uuencode", "uue")) else raw


def _file(part: Part, number: int, walk: _Walk) -> Attachment:
    name = _name(part)
    if not name:
        name = f"вложение-{number + 1}{mimetypes.guess_extension(part.media_type) or '.bin'}"
    if fields.value_of(part.field("content-transfer-encoding")) == "base64":
        content = fields.sound_base64(part.body)
        if content is not None:
            place = part.start, part.start + len(part.body)
            return Attachment(name, part.media_type, content, place)
    return Attachment(name, part.media_type, _data(part, walk))


def _enclosed(part: Part, number: int) -> Attachment:
    """A letter inside the letter, as a file. Some programs encode it, which the RFC forbids."""
    content = _undone(part, fields.value_of(part.field("content-transfer-encoding")))
    subject = fields.text_of(split(content[:_HEADER]).field("subject"))
    name = _name(part) or f"{_safe(subject) or f'письмо-{number + 1}'}.eml"
    return Attachment(name, "message/rfc822", content)


def _safe(subject: str) -> str:
    return re.sub(r'[\\/:*?"<>|]+', " ", subject)[:80].strip(" .")

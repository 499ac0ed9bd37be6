"""Files inside files: ZIP one level deep and Outlook's winmail.dat (TNEF).

Bounded against bombs. What cannot be opened stays whole, with a sentence that says why.
"""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable

from core.inbound import Attachment
from mail import tnef
from mail.bodies import guess_type

MEGABYTE = 1024 * 1024
MOST_ENTRIES = 200
MOST_UNPACKED = 100 * MEGABYTE
MOST_RATIO = 100
"""How many times larger than packed an entry above a megabyte may be; photos are near 1."""

_ZIP_TYPES = frozenset({"application/zip", "application/x-zip-compressed", "application/x-zip"})
_TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_CONTAINER = ".edc.zip"
_LITTER = re.compile(
    r"(^|/)(__MACOSX/|\._[^/]*$|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE
)
_UNSAFE = re.compile(r'[\x00-\x1f<>:"|?*]')
_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError,
           OSError, ValueError, EOFError, LookupError, OverflowError)  # fmt: skip


class _RefusedError(Exception):
    """Why an archive is not opened."""


def opened(files: Iterable[Attachment]) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """The files with the archives among them replaced by what they hold, and what went wrong.

    МЭДО containers (``*.edc.zip``), workbooks and documents are no archives here.
    """
    found: list[Attachment] = []
    problems = []
    for file in files:
        try:
            found += _inside(file)
        except _RefusedError as refusal:
            found.append(file)
            problems.append(f"«{file.name}» оставлен нераспакованным: {refusal}.")
    return tuple(found), tuple(problems)


def unzipped(file: Attachment) -> tuple[Attachment, ...]:
    """The files of a ZIP. Raises :class:`ValueError` with the reason in Russian."""
    try:
        return _unzipped(file.content)
    except _RefusedError as refusal:
        raise ValueError(str(refusal)) from None


def _inside(file: Attachment) -> tuple[Attachment, ...]:
    name = file.name.lower()
    if file.content.startswith(tnef.SIGNATURE) and (
        file.media_type in _TNEF_TYPES or name == "winmail.dat"
    ):
        return _from_tnef(file.content)
    called_zip = name.endswith(".zip") or file.media_type in _ZIP_TYPES
    if called_zip and not name.endswith(_CONTAINER) and file.content.startswith(b"PK"):
        return _unzipped(file.content)
    return (file,)


def _unzipped(content: bytes) -> tuple[Attachment, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            _require_harmless(entries)
            return tuple(
                _attachment(_name_of(one), _read(archive, one))
                for one in entries
                if not _LITTER.search(one.filename)
            )
    except _FAULTS as fault:
        raise _RefusedError(f"архив повреждён ({type(fault).__name__})") from None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """No more than the entry says it holds: ``ZipFile.read`` unpacks first and cuts then."""
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size)
        if len(content) != entry.file_size or stream.read(1):
            raise zipfile.BadZipFile
    return content


def _require_harmless(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise _RefusedError(f"в нём больше {MOST_ENTRIES} файлов")
    if sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise _RefusedError(f"в распакованном виде больше {MOST_UNPACKED // MEGABYTE} МБ")
    if any(one.file_size > max(MEGABYTE, MOST_RATIO * one.compress_size) for one in entries):
        raise _RefusedError("файлы в нём сжаты неправдоподобно сильно")
    if any(one.flag_bits & 1 for one in entries):
        raise _RefusedError("он защищён паролем")


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name as its author saw it: archivers of Windows write cp866 and do not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    if raw.isascii():
        return entry.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp866")


def _attachment(name: str, content: bytes) -> Attachment:
    """A file under its bare name: folders, drives and ``..`` of an archive mean nothing here."""
    bare = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")[:200]
    return Attachment(bare or "файл", guess_type(bare), content)


def _from_tnef(content: bytes) -> tuple[Attachment, ...]:
    try:
        return tuple(_attachment(name, data) for name, data in tnef.files_of(content))
    except tnef.BadTnefError:
        raise _RefusedError("вложение Outlook повреждено") from None

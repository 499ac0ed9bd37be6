"""Files kept under the hash of their content: the same bytes once, never changed."""

import asyncio
import errno
import hashlib
import os
import re
import tempfile
from pathlib import Path

from core.errors import NotFoundError
from core.files import FileRef
from storage.errors import StorageError

HASH = re.compile(r"[0-9a-f]{64}")


class DiskFileStore:
    """Implements ``core.ports.FileStore``: ``aa/aabbcc…`` under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rooted: set[Path] = set()
        """Folders that this process has seen on the disk."""

    async def put(self, content: bytes, name: str, media_type: str) -> FileRef:
        """Keep the bytes and return their reference. Raises StorageError."""
        digest = await asyncio.to_thread(self._write, content)
        return FileRef(digest, name, media_type, len(content))

    async def get(self, file: FileRef) -> bytes:
        """The bytes; raises NotFoundError where the file is gone, StorageError where it is not
        what was put."""
        return await asyncio.to_thread(self._read, file)

    def path_of(self, sha256: str) -> Path:
        """Where the content of that hash lies."""
        if not HASH.fullmatch(sha256):
            raise NotFoundError("Такого файла в хранилище нет.")
        return self.folder / sha256[:2] / sha256

    def _write(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self.path_of(digest)
        try:
            if path.is_file() and path.stat().st_size == len(content):
                return digest
            path.parent.mkdir(parents=True, exist_ok=True)
            write_aside(path, content)
            if path.parent not in self._rooted:
                _sync_folder(self.folder)
                self._rooted.add(path.parent)
        except OSError as error:
            raise as_file_error(error, self.folder) from error
        return digest

    def _read(self, file: FileRef) -> bytes:
        try:
            content = self.path_of(file.sha256).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(f"Файла «{file.name}» нет в хранилище.") from None
        except OSError as error:
            raise as_file_error(error, self.folder) from error
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise StorageError(
                f"Файл «{file.name}» в хранилище повреждён. Восстановите его из резервной копии.")
        return content


def write_aside(path: Path, content: bytes) -> None:
    """The file whole or not at all, on the disk before this returns."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Put the folder's entries on the disk (where the system can)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def as_file_error(error: OSError, folder: Path) -> StorageError:
    """What the disk refused, in a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            "На диске закончилось место: файл не сохранён. Освободите место и повторите.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"В папку «{folder}» нельзя писать. Дайте программе права или измените DATA_DIR.")
    return StorageError(f"Хранилище файлов не отвечает: {error.strerror}. Папка: «{folder}».")

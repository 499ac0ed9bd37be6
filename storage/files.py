"""Files kept under the hash of their content: the same bytes once, never changed."""

import asyncio
import errno
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, TypeVar

from core.errors import NotFoundError
from core.files import Content, FileRef, NewFile, blocks
from storage.errors import StorageError

T = TypeVar("T")

AT_ONCE = 64
"""Files open at the same time."""
_WAITING = ThreadPoolExecutor(16, "disk")
"""Threads that wait for the disk at the same time."""
HASH = re.compile(r"[0-9a-f]{64}")


class DiskFileStore:
    """Implements ``core.ports.FileStore``: ``aa/aabbcc…`` under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rooted: set[Path] = set()
        """Folders that this process has seen on the disk."""

    async def put(self, content: bytes, name: str, media_type: str) -> FileRef:
        """Keep the bytes and return their reference. Raises StorageError."""
        digests = await asyncio.to_thread(self._write, [content])
        return FileRef(digests[0], name, media_type, len(content))

    async def put_all(self, files: Sequence[NewFile]) -> list[FileRef]:
        """Keep many files at the price of a few; their references in order. Raises StorageError.
        """
        digests = await asyncio.to_thread(self._write, [one.content for one in files])
        return [FileRef(digest, one.name, one.media_type, len(one.content))
                for digest, one in zip(digests, files, strict=True)]

    async def get(self, file: FileRef) -> bytes:
        """The bytes; raises NotFoundError where the file is gone, StorageError where it is not
        what was put."""
        return await asyncio.to_thread(self._read, file)

    def path_of(self, sha256: str) -> Path:
        """Where the content of that hash lies."""
        if not HASH.fullmatch(sha256):
            raise NotFoundError("Такого файла в хранилище нет.")
        return self.folder / sha256[:2] / sha256

    def _write(self, contents: Sequence[Content]) -> list[str]:
        """Whole files on the disk before this returns; their hashes, in order.

        All are written before the first is waited for, and a folder is synced once: so a disk
        waits for a handful of writes however many files there are.
        """
        digests = [_digest(one) for one in contents]
        wanted = dict(zip(digests, contents, strict=True))
        try:
            missing = [(self.path_of(digest), content) for digest, content in wanted.items()
                       if not self._is_there(digest, len(content))]
            for start in range(0, len(missing), AT_ONCE):
                write_aside(missing[start:start + AT_ONCE])
            fresh = {path.parent for path, _ in missing} - self._rooted
            if fresh:
                _sync_folder(self.folder)
                self._rooted |= fresh
        except OSError as error:
            raise as_file_error(error, self.folder) from error
        return digests

    def _is_there(self, digest: str, size: int) -> bool:
        path = self.path_of(digest)
        return path.is_file() and path.stat().st_size == size

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


def _digest(content: Content) -> str:
    digest = hashlib.sha256()
    for block in blocks(content):
        digest.update(block)
    return digest.hexdigest()


def write_aside(files: Sequence[tuple[Path, Content]]) -> None:
    """Each file whole or not at all, all of them on the disk before this returns."""
    asides: list[tuple[BinaryIO, Path, Path]] = []
    try:
        for path, content in files:
            aside = path.with_name(f".new-{secrets.token_hex(8)}")
            asides.append((_created(aside), aside, path))
            asides[-1][0].writelines(blocks(content))
            asides[-1][0].flush()
        _side_by_side(os.fsync, [stream.fileno() for stream, _, _ in asides])
        for _, aside_, path in asides:
            aside_.replace(path)
    finally:
        for stream, aside_, _ in asides:
            stream.close()
            aside_.unlink(missing_ok=True)
    _side_by_side(_sync_folder, {path.parent for path, _ in files})


def _created(path: Path) -> BinaryIO:
    """A new file that only its owner may read, its folder made where there is none."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    return os.fdopen(handle, "wb")


def _side_by_side(wait: Callable[[T], None], things: Collection[T]) -> None:
    """Wait for the disk once for all: it writes what many ask for in hardly more time than for
    one."""
    if len(things) == 1:
        wait(*things)
    else:
        list(_WAITING.map(wait, things))


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

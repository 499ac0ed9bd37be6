"""Files kept under the hash of their content: the same bytes once, never changed."""

import asyncio
import binascii
import ctypes
import errno
import hashlib
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

import pybase64

from core.errors import NotFoundError
from core.files import Content, FileRef, Inside, NewFile, blocks
from storage.errors import StorageError

AT_ONCE = 128
"""Files open at the same time."""
FEW = 4
"""So many are waited for one by one."""
HASH = re.compile(r"[0-9a-f]{64}")


class DiskFileStore:
    """Implements ``core.ports.FileStore``: ``aa/aabbcc…`` under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rooted: set[Path] = set()
        """Folders that this process has seen on the disk."""

    async def put(self, content: bytes, name: str, media_type: str) -> FileRef:
        """Keep the bytes and return their reference. Raises StorageError."""
        (ref,) = await self.put_all([NewFile(content, name, media_type)])
        return ref

    async def put_all(self, files: Sequence[NewFile]) -> list[FileRef]:
        """Keep many files at the price of a few; their references in order. Raises StorageError.
        """
        return await asyncio.to_thread(self._put, files)

    async def get(self, file: FileRef) -> bytes:
        """The bytes; raises NotFoundError where the file is gone, StorageError where it is not
        what was put."""
        return await asyncio.to_thread(self._read, file)

    def path_of(self, sha256: str) -> Path:
        """Where the content of that hash lies."""
        if not HASH.fullmatch(sha256):
            raise NotFoundError("Такого файла в хранилище нет.")
        return self.folder / sha256[:2] / sha256

    def _put(self, files: Sequence[NewFile]) -> list[FileRef]:
        digests = {id(one): _digest(one.content) for one in files}
        self._write({self.path_of(digests[id(one)]): one.content
                     for one in files if one.whole is None})
        return [FileRef(digests[id(one)], one.name, one.media_type, len(one.content),
                        Inside(digests[id(one.whole)], *one.place) if one.whole else None)
                for one in files]

    def _write(self, paths: Mapping[Path, Content]) -> None:
        """Whole files on the disk before this returns."""
        try:
            missing = [(path, content) for path, content in paths.items()
                       if not _is_there(path, len(content))]
            for start in range(0, len(missing), AT_ONCE):
                write_aside(missing[start:start + AT_ONCE])
            fresh = {path.parent for path, _ in missing} - self._rooted
            if fresh:
                _sync_folder(self.folder)
                self._rooted |= fresh
        except OSError as error:
            raise as_file_error(error, self.folder) from error

    def _read(self, file: FileRef) -> bytes:
        try:
            content = (self.path_of(file.sha256).read_bytes() if file.inside is None
                       else _cut_out(self.path_of(file.inside.sha256), file.inside))
        except FileNotFoundError:
            raise NotFoundError(f"Файла «{file.name}» нет в хранилище.") from None
        except OSError as error:
            raise as_file_error(error, self.folder) from error
        except binascii.Error:
            content = b""
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise StorageError(
                f"Файл «{file.name}» в хранилище повреждён. Восстановите его из резервной копии.")
        return content


def _cut_out(path: Path, inside: Inside) -> bytes:
    """What stands there in base64; something else where the file is damaged."""
    with path.open("rb") as whole:
        whole.seek(inside.start)
        return pybase64.b64decode(whole.read(inside.end - inside.start))


def _digest(content: Content) -> str:
    digest = hashlib.sha256()
    for block in blocks(content):
        digest.update(block)
    return digest.hexdigest()


def _is_there(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def write_aside(files: Sequence[tuple[Path, Content]]) -> None:
    """Each file whole or not at all, all of them on the disk before this returns."""
    asides: list[tuple[int, Path, Path]] = []
    try:
        for path, content in files:
            aside = path.with_name(f".new-{secrets.token_hex(8)}")
            asides.append((_created(aside), aside, path))
            for block in blocks(content):
                _write_whole(asides[-1][0], block)
        _wait_for([handle for handle, _, _ in asides])
        for _, aside, path in asides:
            aside.replace(path)
    except BaseException:
        for _, aside, _ in asides:
            aside.unlink(missing_ok=True)
        raise
    finally:
        for handle, _, _ in asides:
            os.close(handle)
    folders = [os.open(folder, os.O_RDONLY) for folder in {path.parent for path, _ in files}]
    try:
        _wait_for(folders)
    finally:
        for handle in folders:
            os.close(handle)


def _created(path: Path) -> int:
    """A new file that only its owner may read, its folder made where there is none."""
    try:
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)


def _write_whole(handle: int, block: memoryview) -> None:
    while block:
        block = block[os.write(handle, block):]


def _wait_for(handles: Sequence[int]) -> None:
    """Until all of these files or folders, which lie on one disk, are on it.

    For more than a few the system is asked once, to write all that waits (syncfs(2)): asking of
    each by itself costs more than the writing.
    """
    if len(handles) <= FEW or not _synced(handles[0]):
        for handle in handles:
            os.fsync(handle)


def _synced(handle: int) -> bool:
    """False where the system knows no such thing."""
    try:
        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except AttributeError:
        return False
    if syncfs(handle):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return True


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

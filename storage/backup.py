"""A copy of everything in one file, taken while the program runs, and the way back.

The archive (tar) holds ``manifest.json``, the database, ``files/…`` and the office's secret, by
which the keys in letters already sent are known; only its owner may read it. The database is
copied first: every file it names is in the store by then and is never changed, so the two agree.
"""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from storage.copying import Copier, copier_for
from storage.errors import StorageError
from storage.files import HASH, DiskFileStore, as_file_error, write_aside

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files"
KEY = "secret.key"
CHUNK = 1 << 20

NOT_OURS = "Файл «{archive}» — не резервная копия «Ракурса» или повреждён. Ничего не изменено."
OTHER_KIND = ("Копия снята с базы другого вида (SQLite или PostgreSQL). Укажите в DATABASE_URL "
              "базу того же вида.")
NOT_EMPTY = ("В базе {where} уже есть данные, восстановление их заменит. Если это и нужно, "
             "повторите с ключом --force.")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An archive that was read whole and found sound."""

    database: Path
    files: tuple[Path, ...]
    secret: bytes
    """Empty where the office had none yet."""


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StorageError(f"Нет такого файла или папки: «{error.filename}».") from error
    except OSError as error:
        raise as_file_error(error, folder) from error


def back_up(url: str, data_dir: Path, archive: Path) -> str:
    """Write the archive, whole or not at all; one sentence on what went in.

    Safe while the program runs. Raises StorageError. Blocking: not for the event loop.
    """
    folder = archive.absolute().parent
    copier = copier_for(url)
    if not folder.is_dir():
        raise StorageError(f"Нет такого файла или папки: «{folder}».")
    with _disk_errors(folder), tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as name:
        aside = Path(name)
        database = aside / copier.name
        copier.dump(database)
        files = sorted(one for one in (data_dir / FILES).glob("??/*")
                       if HASH.fullmatch(one.name))
        _pack(aside / "archive", database, files, data_dir / KEY)
        (aside / "archive").replace(archive)
    return f"Сохранено в {archive}: база данных и файлы ({len(files)})."


def _pack(archive: Path, database: Path, files: list[Path], secret: Path) -> None:
    note, key = database.parent / MANIFEST, database.parent / KEY
    key.write_bytes(secret.read_bytes() if secret.is_file() else b"")
    note.write_text(json.dumps(
        {"format": FORMAT, "database": database.name, "files": len(files),
         KEY: hashlib.sha256(key.read_bytes()).hexdigest()}), encoding="utf-8")
    archive.touch(mode=0o600)
    with archive.open("wb") as stream:
        with tarfile.open(fileobj=stream, mode="w") as tar:
            tar.add(note, MANIFEST)
            tar.add(database, database.name)
            tar.add(key, KEY)
            for one in files:
                tar.add(one, f"{FILES}/{one.name}")
        stream.flush()
        os.fsync(stream.fileno())


def restore(url: str, data_dir: Path, archive: Path, *, force: bool = False) -> str:
    """Put the database, the files and the office's secret back; one sentence on what came.

    Everything is read and checked before anything is written; files already there stay. A
    database that is not empty is replaced only with ``force``. Raises StorageError.
    """
    copier = copier_for(url)
    with _disk_errors(data_dir), tempfile.TemporaryDirectory(prefix="rakurs-restore-") as name:
        try:
            unpacked = _unpack(archive, Path(name), copier)
        except (tarfile.TarError, EOFError, ValueError, KeyError) as error:
            raise StorageError(NOT_OURS.format(archive=archive)) from error
        if not force and not copier.is_empty():
            raise StorageError(NOT_EMPTY.format(where=copier.where))
        store = DiskFileStore(data_dir / FILES)
        for one in unpacked.files:
            target = store.path_of(one.name)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                write_aside([(target, one.read_bytes())])
        copier.load(unpacked.database)
        if unpacked.secret:
            data_dir.mkdir(parents=True, exist_ok=True)
            write_aside([(data_dir / KEY, unpacked.secret)])
    return (f"Восстановлено: база данных и файлы ({len(unpacked.files)}). Если программа "
            "работает, перезапустите её.")


def _unpack(archive: Path, aside: Path, copier: Copier) -> Unpacked:
    """The archive's parts in ``aside``, each checked; ValueError where one is not as it was."""
    with tarfile.open(archive, mode="r:") as tar:
        manifest = json.load(_content(tar, tar.getmember(MANIFEST)))
        if manifest["format"] != FORMAT:
            raise ValueError("a format of another version")
        if manifest["database"] != copier.name:
            raise StorageError(OTHER_KIND)
        database = aside / copier.name
        _spill(_content(tar, tar.getmember(copier.name)), database)
        secret = _secret(tar, manifest)
        files = []
        for member in tar.getmembers():
            folder, _, name = member.name.partition("/")
            if folder == FILES and HASH.fullmatch(PurePosixPath(name).name):
                path = aside / PurePosixPath(name).name
                if _spill(_content(tar, member), path) != path.name:
                    raise ValueError(f"{name} is not what it was")
                files.append(path)
    if len(files) != manifest["files"]:
        raise ValueError("files are missing")
    copier.inspect(database)
    return Unpacked(database, tuple(files), secret)


def _secret(tar: tarfile.TarFile, manifest: dict[str, Any]) -> bytes:
    """The office's secret; a copy of an earlier version has none."""
    if KEY not in manifest:
        return b""
    secret = _content(tar, tar.getmember(KEY)).read()
    if hashlib.sha256(secret).hexdigest() != manifest[KEY]:
        raise ValueError("the secret is not what it was")
    return secret


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = tar.extractfile(member)
    if stream is None:
        raise ValueError(f"{member.name} is no file")
    return stream


def _spill(stream: IO[bytes], path: Path) -> str:
    """Write the stream to ``path``; its SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as target:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()

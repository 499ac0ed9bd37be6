"""Copying a whole database out and in: SQLite by its online backup, PostgreSQL by its tools."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from storage.database import is_postgres, sqlite_path
from storage.errors import StorageError, as_storage_error

COPY_PAGES = 1000
"""Pages copied at a time; in between the program may write."""

BUSY_SECONDS = 30


class Copier(Protocol):
    """How one kind of database is copied."""

    name: str
    """Of its copy in the archive."""
    where: str
    """Which database, for people."""

    def dump(self, copy: Path) -> None:
        """Write a consistent copy while the program runs."""
        ...

    def inspect(self, copy: Path) -> None:
        """Raises ValueError if that is no sound copy."""
        ...

    def is_empty(self) -> bool:
        """Whether nothing would be lost by loading."""
        ...

    def load(self, copy: Path) -> None:
        """Replace the database by the copy, whole or not at all."""
        ...


def copier_for(url: str) -> Copier:
    """The copier of that database; raises StorageError."""
    if is_postgres(url):
        return PostgresCopier(url)
    path = sqlite_path(url)
    if path is None:
        raise StorageError("База данных в памяти не копируется: укажите файл в DATABASE_URL.")
    return SqliteCopier(path)


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise as_storage_error(error) from error


class SqliteCopier:
    """One file."""

    name = "database.sqlite3"

    def __init__(self, path: Path) -> None:
        self._path = path
        self.where = str(path)

    def dump(self, copy: Path) -> None:
        """By SQLite's online backup: what is committed when it ends."""
        if not self._path.is_file():
            raise StorageError(f"Базы данных «{self._path}» нет: сохранять нечего.")
        with _sqlite(self._path) as source, _sqlite(copy) as target:
            source.backup(target, pages=COPY_PAGES)
            target.execute("PRAGMA journal_mode = DELETE")

    def inspect(self, copy: Path) -> None:
        """Read every page."""
        try:
            with closing(sqlite3.connect(copy)) as connection:
                (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
                connection.execute("SELECT count(*) FROM cases")
        except sqlite3.Error as error:
            raise ValueError("no sound database") from error
        if verdict != "ok":
            raise ValueError("a damaged database")

    def is_empty(self) -> bool:
        """No file, or one without tables."""
        if not self._path.is_file() or not self._path.stat().st_size:
            return True
        with _sqlite(self._path) as connection:
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return not tables

    def load(self, copy: Path) -> None:
        """Into the file in place, as one transaction, so that nobody is left with half of it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with _sqlite(copy) as source, _sqlite(self._path) as target:
            source.backup(target)


class PostgresCopier:
    """By ``pg_dump`` and ``pg_restore``."""

    name = "database.pgdump"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._password = unquote(parts.password or "")
        self._target = [
            "--host", parts.hostname or "localhost", "--port", f"{parts.port or 5432}",
            "--username", unquote(parts.username or ""), "--no-password",
            "--dbname", unquote(parts.path.lstrip("/"))]
        self.where = f"{parts.hostname}{parts.path}"

    def _run(self, tool: str, *arguments: str) -> str:
        found = shutil.which(tool)
        if found is None:
            raise StorageError(
                f"Не найдена программа {tool}. Установите клиент PostgreSQL "
                "(в Debian: postgresql-client) и повторите.")
        done = subprocess.run(  # noqa: S603
            [found, *self._target, *arguments], capture_output=True, text=True, check=False,
            env={**os.environ, "PGPASSWORD": self._password})
        if done.returncode:
            reason = done.stderr.strip().splitlines()[0] if done.stderr.strip() else "без причины"
            raise StorageError(f"Программа {tool} не справилась: {reason}")
        return done.stdout

    def dump(self, copy: Path) -> None:
        """One snapshot, in PostgreSQL's own format."""
        self._run("pg_dump", "--format=custom", "--no-owner", f"--file={copy}")

    def inspect(self, copy: Path) -> None:
        """Its list of contents can be read and has the cases."""
        tool = shutil.which("pg_restore")
        if tool is not None:
            done = subprocess.run(  # noqa: S603
                [tool, "--list", str(copy)], capture_output=True, text=True, check=False)
            if done.returncode or " cases " not in done.stdout:
                raise ValueError("no sound dump")

    def is_empty(self) -> bool:
        """No tables."""
        count = self._run("psql", "--no-psqlrc", "--tuples-only", "--command",
                          "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return count.strip() == "0"

    def load(self, copy: Path) -> None:
        """As one transaction."""
        self._run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
                  "--exit-on-error", str(copy))

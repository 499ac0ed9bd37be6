"""What can go wrong below the repositories, said in one Russian sentence."""

import sqlite3

import asyncpg
from tortoise.exceptions import BaseORMException

from core.ports import UnavailableError

LINE_BROKE = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError,
              asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError)
"""How a server that stops, starts or is gone makes itself felt. A line that PostgreSQL closed
while a statement was being sent leaves asyncpg in a state that it calls internal."""
FOREIGN = (BaseORMException, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError,
           asyncpg.InternalClientError, ConnectionError, TimeoutError)
"""What the database libraries raise, a line that broke or was silent too long included; none of
it leaves this package."""


class StorageError(UnavailableError):
    """The database or the file store cannot serve; the sentence says what to do."""


class BusyError(StorageError):
    """Another program holds the database's lock."""


class UnexpectedError(StorageError):
    """What the database said fits no sentence: only the trace in the log tells more."""

    plain = False


class NewerSchemaError(StorageError):
    """The database was written by a later version of the program."""


class OldSchemaError(StorageError):
    """The database has not been brought to this version's schema."""


SENTENCES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("readonly database", "read-only"),
     "База данных доступна только для чтения. Дайте программе право записи в папку данных."),
    (("disk is full", "could not extend", "no space left"),
     "На диске закончилось место: запись не сохранена. Освободите место и повторите."),
    (("unable to open database",),
     "Файл базы данных не открывается. Проверьте путь в DATABASE_URL и права на папку."),
    (("not a database", "malformed"),
     "Файл базы данных повреждён. Восстановите его из резервной копии: rakurs restore."),
    (("no such table", "does not exist", "no such column"),
     "В базе данных нет нужных таблиц. Выполните: rakurs migrate."),
    (("password authentication", "no password supplied", "role"),
     "PostgreSQL не принял имя или пароль. Проверьте DATABASE_URL."),
)
"""Parts of the libraries' messages (small letters) and what to tell a person."""

LOCKED = ("database is locked", "lock timeout", "busy")
BUSY = "База данных занята другой программой. Закройте её или повторите через минуту."
UNREACHABLE = "База данных не отвечает. Проверьте, что она запущена, и DATABASE_URL."
UNEXPECTED = "База данных не выполнила действие: {reason}. Подробности — в журнале программы."


def as_storage_error(error: BaseException) -> StorageError:
    """The library's error as ours; the original stays as the cause."""
    text = str(error).casefold()
    if any(part in text for part in LOCKED):
        return BusyError(BUSY)
    for parts, sentence in SENTENCES:
        if any(part in text for part in parts):
            return StorageError(sentence)
    if isinstance(error, LINE_BROKE):
        return StorageError(UNREACHABLE)
    return UnexpectedError(UNEXPECTED.format(reason=type(error).__name__))

"""Opening the database: where it is, in what order, and what may be wrong with it."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import ConfigurationError

from storage import schema
from storage.errors import FOREIGN, BusyError, OldSchemaError, StorageError, as_storage_error
from storage.files import DiskFileStore
from storage.gate import Gate
from storage.people import DirectoryCache
from storage.sqlite import SqliteEngine
from storage.transactions import Engine, PostgresEngine
from storage.unit_of_work import TortoiseUnitOfWork

log = logging.getLogger(__name__)

Result = TypeVar("Result")

BUSY_MILLISECONDS = 30_000
"""How long SQLite waits for another process to finish its transaction."""

OPENING_SECONDS = 120.0
"""How long to wait at the start while another program brings the same database up to date."""
NEXT_TRY = 0.1

STILL_BUSY = ("База данных больше двух минут занята другой программой. Если это «Ракурс», который "
              "обновляет базу, дождитесь его; другую программу закройте. Потом запустите снова.")

POSTGRES_SETTINGS = {
    "application_name": "rakurs",
    "timezone": "UTC",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "2min",
}

SILENCE_SECONDS = 60.0
"""How long PostgreSQL may be silent before the line is given up: a lost one does not tell."""

MEMORY = ":memory:"

BAD_URL = ("DATABASE_URL не понят. Примеры: sqlite://data/rakurs.db или "
           "postgres://имя:пароль@сервер:5432/rakurs.")


class Database:
    """An open database. ``work`` is the ``core.ports.WorkFactory``, ``files`` the file store."""

    def __init__(self, context: TortoiseContext, engine: Engine, where: str, path: Path | None,
                 data_dir: Path) -> None:
        self._directory = DirectoryCache()
        self._gate = Gate(engine, context, self._directory.forget)
        self.where = where
        """Which database this is, without its password."""
        self.path = path
        """The SQLite file; None for PostgreSQL and for a database in memory."""
        self.files = DiskFileStore(data_dir / "files")

    def lives_by(self, today: Callable[[], date]) -> None:
        """Tell it the office's date: the directory says who is away on that day."""
        self._directory.today = today

    def work(self) -> TortoiseUnitOfWork:
        """A fresh unit of work: ``async with database.work() as work``."""
        return TortoiseUnitOfWork(self._gate, self._directory)

    async def migrate(self, to: str = "__latest__") -> list[str]:
        """Bring the schema up to date (or to the migration ``to``); names of what was done.

        Raises NewerSchemaError, StorageError. Safe while other processes do the same.
        """
        client = await _patiently(partial(self._gate.enter, alone=True))
        done = False
        try:
            names = await schema.migrate(client, to)
            done = True
        except FOREIGN as error:
            raise as_storage_error(error) from error
        finally:
            await self._gate.leave(client, commit=done)
        self._directory.forget()
        return names

    async def pending_migrations(self) -> list[str]:
        """Migrations that ``migrate`` would apply. Raises NewerSchemaError, StorageError."""
        client = await self._gate.enter(alone=True)
        try:
            return await schema.pending(client)
        except FOREIGN as error:
            raise as_storage_error(error) from error
        finally:
            await self._gate.leave(client, commit=False)

    async def schema_is_current(self) -> bool:
        """Whether nothing is left to migrate. Raises NewerSchemaError, StorageError."""
        return not await self.pending_migrations()

    async def check(self) -> str:
        """One line for ``doctor``; raises StorageError with what is wrong."""
        pending = await self.pending_migrations()
        if pending:
            raise OldSchemaError(
                f"Схема базы данных устарела (миграций впереди: {len(pending)}). "
                "Выполните: rakurs migrate.")
        client = await self._gate.enter(alone=True)
        try:
            if client.capabilities.dialect == "sqlite":
                rows = await client.execute_query_dict("PRAGMA quick_check(1)")
                if rows[0]["quick_check"] != "ok":
                    raise StorageError(
                        "Файл базы данных повреждён. Восстановите его из резервной копии: "
                        "rakurs restore.")
        except FOREIGN as error:
            raise as_storage_error(error) from error
        finally:
            await self._gate.leave(client, commit=False)
        return f"{self.where}: схема текущая, запись возможна"

    async def close(self) -> None:
        """Wait for the unit of work under way and close the connections."""
        await self._gate.close()


async def open_database(url: str, data_dir: Path, *, create: bool = True) -> Database:
    """Open ``sqlite://data/rakurs.db``, ``sqlite://:memory:`` or ``postgres://…``.

    The folder of a SQLite file is made if need be, a relative path is taken from the current
    folder; without ``create`` the file must be there. Does not migrate. Raises StorageError.
    """
    alias, config, path = _configuration(url)
    if path is not None and not create and not path.exists():
        raise StorageError(
            f"Базы данных {path} нет. Перейдите в папку программы или укажите базу в "
            "DATABASE_URL; при первой установке выполните: rakurs migrate.")
    if path is not None:
        _make_folder(path.parent)
        _open_once(path)
    context = TortoiseContext()
    environment = {name: os.environ.get(name) for name in ("USE_TZ", "TIMEZONE")}
    try:
        with context:
            await context.init(config={
                "connections": {alias: config}, "apps": schema.app_config(alias)})
    finally:
        _put_back(environment)
    client = context.connections.get(alias)
    engine: Engine
    if isinstance(client, SqliteClient):
        engine = SqliteEngine(client, BUSY_MILLISECONDS / 1000)
        where = f"SQLite {path or 'в памяти'}"
    elif isinstance(client, AsyncpgDBClient):
        engine = PostgresEngine(client)
        where = f"PostgreSQL {client.host}:{client.port}/{client.database}"
    else:
        raise StorageError(BAD_URL)
    database = Database(context, engine, where, path, data_dir)
    try:
        await _patiently(partial(_try_writing, database))
    except BaseException:
        await database.close()
        raise
    return database


async def _try_writing(database: Database) -> None:
    """A unit of work that does nothing: shows a read-only file or a server that is away."""
    async with database.work():
        pass


async def _patiently(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Try again while another program holds the lock: it may be migrating. Raises StorageError.

    Two that open an empty SQLite file at the same moment both turn it to WAL; there one of them
    is refused at once, whatever ``busy_timeout`` says.
    """
    give_up_at = asyncio.get_running_loop().time() + OPENING_SECONDS
    while True:
        try:
            return await attempt()
        except BusyError as error:
            if asyncio.get_running_loop().time() >= give_up_at:
                raise BusyError(STILL_BUSY) from error
            log.info("the database is busy, another program may be bringing it up to date")
            await asyncio.sleep(NEXT_TRY)


def _configuration(url: str) -> tuple[str, dict[str, Any], Path | None]:
    """Tortoise's name and settings of the connection, and the SQLite file.

    The name tells the kind: Tortoise caches statements by it, and the two kinds write their
    parameters differently.
    """
    if is_postgres(url):
        try:
            known = expand_db_url(urlsplit(url)._replace(scheme="asyncpg").geturl())
        except (ValueError, ConfigurationError) as error:
            raise StorageError(BAD_URL) from error
        known["credentials"].setdefault("server_settings", dict(POSTGRES_SETTINGS))
        known["credentials"].setdefault("maxsize", 2)
        known["credentials"].setdefault("command_timeout", SILENCE_SECONDS)
        return "postgres", known, None
    path = sqlite_path(url)
    return "sqlite", {"engine": "storage.sqlite", "credentials": {
        "file_path": str(path or MEMORY), "busy_timeout": BUSY_MILLISECONDS}}, path


def is_postgres(url: str) -> bool:
    """Whether that is a PostgreSQL database."""
    return url.startswith(("postgres://", "postgresql://"))


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite database, None for one in memory; raises StorageError."""
    place = unquote(url.removeprefix("sqlite://").partition("?")[0])
    if not url.startswith("sqlite://") or not place:
        raise StorageError(BAD_URL)
    return None if place == MEMORY else Path(place).absolute()


def _open_once(path: Path) -> None:
    """Before the driver does: where the file cannot be opened, its thread outlives the loop and
    ends with a traceback."""
    try:
        sqlite3.connect(path).close()
    except sqlite3.Error as error:
        raise as_storage_error(error) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"Папку для базы данных «{folder}» нельзя создать: {error.strerror}. Укажите другую "
            "в DATABASE_URL или дайте права на запись.") from error


def _put_back(environment: dict[str, str | None]) -> None:
    """Tortoise writes its own TIMEZONE into the environment, where ours has the office's."""
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value

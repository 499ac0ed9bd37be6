"""A fresh database at once: migrated the first time in this process, copied every further time."""

import asyncio
import tempfile
from pathlib import Path

from storage.database import Database, open_database

_template: list[bytes] = []


async def open_fresh(folder: Path) -> Database:
    """An empty, migrated SQLite database in ``folder``, opened (for tests: about 10 ms)."""
    await put_fresh(folder)
    return await open_database(f"sqlite://{folder / 'rakurs.db'}", folder)


async def put_fresh(folder: Path) -> None:
    """The file ``rakurs.db`` of an empty, migrated SQLite database in ``folder``."""
    if not _template:
        with tempfile.TemporaryDirectory() as aside:
            database = await open_database(f"sqlite://{aside}/template.db", Path(aside))
            try:
                await database.migrate()
            finally:
                await database.close()
            await asyncio.to_thread(
                lambda: _template.append((Path(aside) / "template.db").read_bytes()))
    await asyncio.to_thread(_copy, folder)


def _copy(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rakurs.db").write_bytes(_template[0])

"""Every test of the contract runs over SQLite and over PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from storage.database import Database, open_database
from storage.template import open_fresh
from tests.storage import postgres

_names = count(1)


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]

EMPTY = """
SET session_replication_role = replica;
DO $$ DECLARE names text; BEGIN
  SELECT string_agg(quote_ident(tablename), ', ') INTO names FROM pg_tables
  WHERE schemaname = 'public' AND tablename NOT IN ('tortoise_migrations', 'journal_head');
  EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY';
END $$;
UPDATE journal_head SET last_id = 0, digest = repeat('0', 64);
SET session_replication_role = DEFAULT;
"""
"""Empties a migrated PostgreSQL database, its triggers off: quicker than making another."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a running server."""
    if postgres.binaries() is None:
        pytest.skip(postgres.MISSING)
    with postgres.running_server() as server:
        yield server


@pytest.fixture(scope="session")
def shared_postgres(postgres_server: str) -> str:
    """URL of a migrated database that tests share, one after the other."""
    url = postgres.create_database(postgres_server, "shared")
    with ThreadPoolExecutor(1) as aside:  # away from the loop of the test
        aside.submit(lambda: asyncio.run(_migrate(url))).result()
    return url


async def _migrate(url: str) -> None:
    database = await open_database(url, Path("/nonexistent"))
    await database.migrate()
    await database.close()


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """URL of an empty database."""
    return postgres.create_database(postgres_server, f"empty{next(_names)}")


@pytest.fixture(params=BOTH)
def migrated_postgres(request: pytest.FixtureRequest) -> str | None:
    """URL of a migrated PostgreSQL database, or None for SQLite."""
    if request.param == "sqlite":
        return None
    return str(request.getfixturevalue("shared_postgres"))


@pytest.fixture
async def database(migrated_postgres: str | None, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh migrated database of each kind."""
    if migrated_postgres is None:
        opened = await open_fresh(tmp_path)
    else:
        connection = await asyncpg.connect(migrated_postgres)
        await connection.execute(EMPTY)
        await connection.close()
        opened = await open_database(migrated_postgres, tmp_path)
    yield opened
    await opened.close()


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path}/empty.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def empty_database(empty_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database of each kind, opened; closed however the test ends."""
    opened = await open_database(empty_url, tmp_path)
    yield opened
    await opened.close()

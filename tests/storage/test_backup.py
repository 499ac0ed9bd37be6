"""A backup taken while the program runs comes back whole, and nothing is lost by mistake."""

import asyncio
import io
import json
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.case import CitizenMessage
from core.inbound import Applicant
from core.journal import Fact
from storage.backup import back_up, restore
from storage.database import Database, open_database
from storage.errors import StorageError
from tests.builders import kept_case

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def url(migrated_postgres: str | None, database: Database) -> str:
    return migrated_postgres or f"sqlite://{database.path}"


@pytest.fixture
def elsewhere(migrated_postgres: str | None, request: pytest.FixtureRequest, tmp_path: Path
              ) -> str:
    """An empty database of the same kind."""
    if migrated_postgres is None:
        return f"sqlite://{tmp_path}/elsewhere/rakurs.db"
    return str(request.getfixturevalue("postgres_url"))


async def add_case(database: Database, content: bytes) -> None:
    photo = await database.files.put(content, "яма.jpg", "image/jpeg")
    async with database.work() as work:
        case = await kept_case(
            work, CitizenMessage("1", "Яма", files=(photo,)), Applicant("И", "8"), NOW)
        await work.journal.append([Fact(NOW, "case", "receive", "", "msed", "", case.id)])


async def contents(url: str, data_dir: Path) -> list[bytes]:
    """Every photo of every case, read back; the journal must hold."""
    database = await open_database(url, data_dir)
    async with database.work() as work:
        cases = await work.cases.open_cases()
        assert await work.journal.first_break() is None
    photos = [await database.files.get(one) for case in cases for one in case.message.files]
    await database.close()
    return photos


async def test_backup_while_the_program_writes_comes_back_whole(
        database: Database, url: str, elsewhere: str, tmp_path: Path) -> None:
    await add_case(database, b"first")
    archive = tmp_path / "copy.tar"
    stop = asyncio.Event()

    async def busy() -> int:
        number = 0
        while not stop.is_set():
            number += 1
            await add_case(database, f"{number}".encode())
        return number

    writing = asyncio.ensure_future(busy())
    said = await asyncio.to_thread(back_up, url, tmp_path, archive)
    stop.set()
    written = await writing
    assert str(archive) in said
    await asyncio.to_thread(restore, elsewhere, tmp_path / "elsewhere", archive)
    photos = await contents(elsewhere, tmp_path / "elsewhere")
    assert photos[0] == b"first"
    assert photos[1:] == [f"{n}".encode() for n in range(1, len(photos))]
    assert len(photos) <= written + 1


async def test_restore_replaces_data_only_when_told_to(database: Database, url: str,
                                                       tmp_path: Path) -> None:
    await add_case(database, b"old")
    archive = tmp_path / "copy.tar"
    await asyncio.to_thread(back_up, url, tmp_path, archive)
    await add_case(database, b"new")
    with pytest.raises(StorageError, match="--force"):
        await asyncio.to_thread(restore, url, tmp_path, archive)
    assert await contents(url, tmp_path) == [b"old", b"new"]
    await asyncio.to_thread(restore, url, tmp_path, archive, force=True)
    assert await contents(url, tmp_path) == [b"old"]
    async with database.work() as work:
        assert len(await work.cases.open_cases()) == 1


async def test_the_office_secret_comes_back_with_the_rest(
        database: Database, url: str, elsewhere: str, tmp_path: Path) -> None:
    """Else the keys in letters already sent would fit nothing."""
    (tmp_path / "secret.key").write_bytes(b"k" * 32)
    archive, other = tmp_path / "copy.tar", tmp_path / "elsewhere"
    await asyncio.to_thread(back_up, url, tmp_path, archive)
    assert archive.stat().st_mode & 0o077 == 0
    other.mkdir()
    (other / "secret.key").write_bytes(b"made at the first start of an empty office")
    await asyncio.to_thread(restore, elsewhere, other, archive)
    assert (other / "secret.key").read_bytes() == b"k" * 32
    assert (other / "secret.key").stat().st_mode & 0o777 == 0o600


async def test_copy_without_a_secret_leaves_the_one_that_is_there(
        database: Database, url: str, tmp_path: Path) -> None:
    await asyncio.to_thread(back_up, url, tmp_path, tmp_path / "copy.tar")
    (tmp_path / "secret.key").write_bytes(b"k" * 32)
    await asyncio.to_thread(restore, url, tmp_path, tmp_path / "copy.tar", force=True)
    assert (tmp_path / "secret.key").read_bytes() == b"k" * 32


@pytest.mark.parametrize("spoilt", [True, False])
async def test_secret_that_is_not_what_it_was_changes_nothing(
        database: Database, url: str, tmp_path: Path, spoilt: bool) -> None:
    (tmp_path / "secret.key").write_bytes(b"k" * 32)
    await add_case(database, b"photo")
    await asyncio.to_thread(back_up, url, tmp_path, tmp_path / "copy.tar")
    bad = altered(tmp_path / "copy.tar", _spoil("secret") if spoilt else _cut("secret"))
    with pytest.raises(StorageError, match="не резервная копия"):
        await asyncio.to_thread(restore, url, tmp_path, bad, force=True)
    assert (tmp_path / "secret.key").read_bytes() == b"k" * 32
    assert await contents(url, tmp_path) == [b"photo"]


def altered(archive: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The archive with its members changed (None: left out)."""
    other = archive.with_name("altered.tar")
    with tarfile.open(archive) as source, tarfile.open(other, "w") as target:
        for member in source.getmembers():
            stream = source.extractfile(member)
            assert stream is not None
            content = change(member.name, stream.read())
            if content is not None:
                member.size = len(content)
                target.addfile(member, io.BytesIO(content))
    return other


def _cut(start: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, content: None if name.startswith(start) else content


def _spoil(start: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, content: b"x" * len(content) if name.startswith(start) else content


@pytest.mark.parametrize("change", [
    _cut("files/"), _spoil("files/"), _cut("database"), _spoil("database"), _cut("manifest"),
    _spoil("manifest"),
    lambda name, content: json.dumps({"format": 2}).encode() if "manifest" in name else content,
], ids=["no file", "other file", "no database", "other database", "no manifest",
        "other manifest", "other format"])
async def test_damaged_archive_changes_nothing(
        database: Database, url: str, tmp_path: Path,
        change: Callable[[str, bytes], bytes | None]) -> None:
    await add_case(database, b"photo")
    await asyncio.to_thread(back_up, url, tmp_path, tmp_path / "copy.tar")
    bad = altered(tmp_path / "copy.tar", change)
    with pytest.raises(StorageError, match="не резервная копия"):
        await asyncio.to_thread(restore, url, tmp_path, bad, force=True)
    assert await contents(url, tmp_path) == [b"photo"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"\0" * 1024])
def test_strange_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(StorageError, match="не резервная копия"):
        restore(f"sqlite://{tmp_path}/x.db", tmp_path, tmp_path / "x")
    assert not (tmp_path / "x.db").exists()


def test_what_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/x.db"
    with pytest.raises(StorageError, match="сохранять нечего"):
        back_up(url, tmp_path, tmp_path / "copy")
    with pytest.raises(StorageError, match="Нет такого файла"):
        restore(url, tmp_path, tmp_path / "copy")
    with pytest.raises(StorageError, match="Нет такого файла"):
        back_up(url, tmp_path, tmp_path / "no" / "copy")
    with pytest.raises(StorageError, match="в памяти"):
        back_up("sqlite://:memory:", tmp_path, tmp_path / "copy")


def test_copy_of_one_kind_is_not_put_into_the_other(tmp_path: Path) -> None:
    archive = tmp_path / "copy"
    with tarfile.open(archive, "w") as tar:
        note = json.dumps({"format": 1, "database": "database.pgdump", "files": 0}).encode()
        member = tarfile.TarInfo("manifest.json")
        member.size = len(note)
        tar.addfile(member, io.BytesIO(note))
    with pytest.raises(StorageError, match="другого вида"):
        restore(f"sqlite://{tmp_path}/x.db", tmp_path, archive)


def test_missing_postgres_tools_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path
                                          ) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StorageError, match="postgresql-client"):
        back_up("postgres://a:b@127.0.0.1/x", tmp_path, tmp_path / "copy")

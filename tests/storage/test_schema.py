"""The schema: made step by step, gone back step by step, with the data in it."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core.case import CitizenMessage, new_round
from core.errors import AssistantError
from core.inbound import Applicant
from core.journal import Fact
from storage import schema
from storage.database import Database, open_database
from storage.errors import NewerSchemaError, StorageError
from storage.template import open_fresh, put_fresh
from tests.builders import kept_case
from tests.storage.processes import program

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
STEPS = sorted(one.stem for one in (ROOT / "storage/migrations").glob("[0-9]*.py"))


async def execute(database: Database, statement: str) -> list[dict[str, object]]:
    async with database.work() as work:
        assert work._client is not None
        return await work._client.execute_query_dict(statement)


async def test_records_and_migrations_say_the_same() -> None:
    assert await schema.drift() == []


async def test_drift_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", "tests.storage.no_migrations")
    lines = await schema.drift()
    assert any("ApplicantRecord" in line for line in lines)


async def test_every_migration_goes_up_and_down_on_a_database_with_data(
        empty_database: Database) -> None:
    assert await empty_database.pending_migrations() == STEPS
    assert await empty_database.migrate() == STEPS
    assert await empty_database.schema_is_current()
    async with empty_database.work() as work:
        case = await kept_case(work, CitizenMessage(" ДБ-1 ", "Яма"), Applicant("И", "8"), NOW)
        case = await work.cases.save(new_round(
            case, CitizenMessage("дб-2", "Яма", place="Мытищи, ул. Лётная, 5"), NOW))
        near = await kept_case(
            work, CitizenMessage("дб-3", "Яма", place="ул. Лётная, 7"), Applicant(), NOW)
        await kept_case(work, CitizenMessage("", "Без номера"), Applicant(), NOW)
        await work.journal.append([Fact(NOW, "case", "receive", "", "msed", "", case.id)] * 3)
    assert await empty_database.migrate(STEPS[0]) == STEPS[:0:-1]
    rows = await execute(empty_database, "SELECT number FROM cases WHERE id = 1")
    assert rows == [{"number": case.number}]
    with pytest.raises(StorageError, match="rakurs migrate"):
        await execute(empty_database, "SELECT * FROM case_numbers")
    assert await empty_database.migrate() == STEPS[1:]
    async with empty_database.work() as work:
        assert await work.cases.get(case.id) == case
        assert await work.cases.find("ДБ-1") == case
        assert await work.cases.find("ДБ-2") == case
        assert await work.cases.beside(near, NOW, 200) == [case]
        assert await work.journal.first_break() is None
        await work.journal.append([Fact(NOW, "case", "register", "", "msed", "", case.id)])
        assert [one.id for one in await work.journal.of_case(case.id)] == [1, 2, 3, 4]
    assert len(await execute(empty_database, "SELECT * FROM case_numbers")) == 3
    assert await execute(empty_database, "SELECT word FROM place_words ORDER BY word") == [
        {"word": "летн"}, {"word": "летн"}, {"word": "мыти"}]


async def test_a_database_gone_back_to_nothing_begins_anew(empty_database: Database) -> None:
    await empty_database.migrate(STEPS[1])
    await empty_database.migrate("__first__")
    with pytest.raises(StorageError, match="rakurs migrate"):
        await execute(empty_database, "SELECT number FROM cases")
    assert await empty_database.pending_migrations() == STEPS
    assert await empty_database.migrate(STEPS[0]) == STEPS[:1]
    assert await execute(empty_database, "SELECT number FROM cases") == []


async def test_a_place_too_long_to_be_indexed_stands_in_no_migrations_way(
        empty_database: Database) -> None:
    await empty_database.migrate()
    place = "Мытищи, " + "за углом, " * 2000
    async with empty_database.work() as work:
        case = await kept_case(work, CitizenMessage("1", "Яма", place=place), Applicant(), NOW)
    await empty_database.migrate("0009_places_folded")
    await execute(empty_database, f"UPDATE cases SET place_folded = '{place.casefold()}'")  # noqa: S608
    await empty_database.migrate()
    async with empty_database.work() as work:
        assert await work.cases.at_place(["мытищи"]) == [case]
        assert case.message.place == place


async def test_migrating_twice_does_nothing(database: Database) -> None:
    assert await database.migrate() == []
    assert "схема текущая" in await database.check()


async def test_two_programs_that_start_at_once_migrate_once(empty_url: str, tmp_path: Path
                                                            ) -> None:
    code = ("import asyncio, sys\nfrom pathlib import Path\n"
            "from storage.database import open_database\n"
            "async def main():\n"
            "    database = await open_database(sys.argv[1], Path(sys.argv[2]))\n"
            "    print(len(await database.migrate()))\n"
            "    await database.close()\n"
            "asyncio.run(main())\n")
    programs = [program(code, empty_url, str(tmp_path)) for _ in range(2)]
    said = []
    for one in programs:
        out, errors = await asyncio.to_thread(one.communicate, timeout=60)
        assert one.returncode == 0, errors
        said.append(int(out))
    assert sorted(said) == [0, len(STEPS)]


async def test_failed_migration_leaves_the_database_as_it_was(
        empty_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = import_module("storage.migrations.0002_journal_guard")
    with monkeypatch.context() as patch:
        patch.setattr(guard, "HEAD_UP", "INSERT INTO no_such_table VALUES (1)")
        with pytest.raises(StorageError):
            await empty_database.migrate()
    assert await empty_database.pending_migrations() == STEPS
    assert await empty_database.migrate(STEPS[1]) == STEPS[:2]


async def test_database_of_a_newer_program_is_refused(database: Database) -> None:
    await execute(database, "INSERT INTO tortoise_migrations (app, name, applied_at) "
                            "VALUES ('rakurs', '9999_future', '2027-01-01 00:00:00+00:00')")
    for attempt in (database.migrate, database.schema_is_current, database.check):
        with pytest.raises(NewerSchemaError, match="9999_future"):
            await attempt()
    await execute(database, "DELETE FROM tortoise_migrations WHERE name = '9999_future'")


async def test_database_not_migrated_says_what_to_do(empty_database: Database) -> None:
    with pytest.raises(StorageError, match="rakurs migrate"):
        await empty_database.check()
    async with empty_database.work():
        pass
    with pytest.raises(StorageError, match="rakurs migrate"):
        await execute(empty_database, "SELECT * FROM cases")


@pytest.mark.parametrize("url", [
    "", "mysql://a/b", "sqlite://", "rakurs.db", "postgres://a:b@h:port/x"])
async def test_strange_address_is_refused_with_examples(url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"sqlite://data/rakurs\.db"):
        await open_database(url, tmp_path)


async def test_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="не отвечает"):
        await open_database("postgres://a:secret@127.0.0.1:1/x", tmp_path)


async def test_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match="повреждён"):
        await open_database(f"sqlite://{tmp_path}/x.db", tmp_path)


async def test_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="нельзя создать"):
        await open_database(f"sqlite://{tmp_path}/file/x.db", tmp_path)


async def test_read_only_folder_is_one_sentence() -> None:
    code = ("import asyncio, os, sys\nfrom pathlib import Path\n"
            "from storage.database import open_database\n"
            "from core.errors import AssistantError\n"
            "if os.geteuid() == 0:\n"
            "    os.setgroups([])\n    os.setgid(65534)\n    os.setuid(65534)\n"
            "try:\n    asyncio.run(open_database(sys.argv[1], Path(sys.argv[2])))\n"
            "except AssistantError as error:\n    print(error)\n")
    with TemporaryDirectory() as name:  # pytest's own folders are closed to all others
        folder = Path(name)
        await put_fresh(folder)
        for place, mode in ((folder / "rakurs.db", 0o444), (folder, 0o555)):
            os.chmod(place, mode)
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", code, f"sqlite://{name}/rakurs.db", name],
            cwd=ROOT, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "только для чтения" in done.stdout or "не открывается" in done.stdout
    assert done.stdout.count("\n") == 1


async def test_our_time_zone_setting_is_left_alone(tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "Europe/Moscow")
    monkeypatch.delenv("USE_TZ", raising=False)
    in_memory = await open_database("sqlite://:memory:", tmp_path)
    assert await in_memory.pending_migrations() == STEPS
    await in_memory.close()
    assert os.environ["TIMEZONE"] == "Europe/Moscow"
    assert "USE_TZ" not in os.environ
    database = await open_fresh(tmp_path)
    async with database.work() as work:
        case = await kept_case(work, CitizenMessage("1", ""), Applicant(), NOW)
        assert case.received_at == NOW
    await database.close()


def test_what_goes_wrong_is_an_error_of_the_core() -> None:
    assert issubclass(StorageError, AssistantError)

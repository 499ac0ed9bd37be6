"""What keeps the program from starting is one sentence with what to do, and never a traceback.

Each wrong setting by itself is in ``tests/bot/test_settings.py``; here the whole program starts.
"""

import fcntl
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.stories.telling import ROOT

pytestmark = pytest.mark.story

OFFICE = {
    "BOT_TOKEN": "1:a", "TELEGRAM_API_URL": "http://127.0.0.1:9",
    "IMAP_URL": "imap://a:b@127.0.0.1:9/INBOX", "SMTP_URL": "smtp://127.0.0.1:9",
    "MAIL_FROM": "rakurs@example.ru", "MSED_ADDRESS": "msed@example.ru",
    "MSED_SENDERS": "msed@example.ru"}
"""Settings of an office whose Telegram and mail do not answer: that alone stops nothing."""


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


@pytest.fixture
def unwritable(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nothing can be made, whoever we are."""
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o500)
    yield folder if os.geteuid() else Path("/proc/sys")
    folder.chmod(0o700)


def refused(folder: Path, *command: str, **settings: str) -> tuple[int, str]:
    """Exit code and the one sentence of a command that could not begin its work."""
    office: Mapping[str, str] = {**OFFICE, "DATA_DIR": str(folder / "data"),
                                 "DATABASE_URL": f"sqlite://{folder / 'rakurs.db'}", **settings}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *(command or ("run",))], cwd=folder, timeout=60,
        env={**os.environ, **office, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False)
    said = [line for line in done.stderr.splitlines() if line.startswith("rakurs: ")]
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    assert len(said) == 1, done.stderr
    return done.returncode, said[0].removeprefix("rakurs: ")


def test_a_missing_setting(tmp_path: Path) -> None:
    code, said = refused(tmp_path, BOT_TOKEN="")
    assert code == 2
    assert "BOT_TOKEN" in said
    assert "Пример: BOT_TOKEN=" in said


@pytest.mark.parametrize(("settings", "name"), [
    ({"SMTP_URL": "mail.example.ru"}, "SMTP_URL"),
    ({"SENTRY_DSN": "https://sentry.example.ru"}, "SENTRY_DSN"),
    ({"WEBHOOK_URL": "https://bot.example.ru/t"}, "WEBHOOK_SECRET"),
    ({"WORKDAY_START": "10:00", "WORKDAY_END": "09:00"}, "WORKDAY_END")])
def test_a_wrong_setting(tmp_path: Path, settings: Mapping[str, str], name: str) -> None:
    code, said = refused(tmp_path, **settings)
    assert code == 2
    assert said.startswith(f"Настройка {name}: ")
    assert f"Пример: {name}=" in said


def test_templates_that_are_not_there(tmp_path: Path) -> None:
    code, said = refused(tmp_path, TEMPLATES_DIR=str(tmp_path / "templates"))
    assert code == 1
    assert said.startswith("Настройка TEMPLATES_DIR: ")


@pytest.mark.parametrize(("line", "number"), [
    ("ЭТО НЕ НАСТРОЙКА", 2), ('TIMEZONE="Europe/Moscow', 2), ("=value", 2)])
def test_a_line_of_the_env_file_that_is_not_understood(tmp_path: Path, line: str, number: int
                                                       ) -> None:
    (tmp_path / ".env").write_text(f"# настройки\n{line}\n", encoding="utf-8")
    code, said = refused(tmp_path)
    assert code == 2
    assert said.startswith(f"Файл .env, строка {number}: ")


def test_an_env_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("MAIL_FROM=Ракурс <a@b.ru>".encode("cp1251"))
    code, said = refused(tmp_path)
    assert code == 2
    assert "UTF-8" in said


@pytest.mark.parametrize("where", ["DATA_DIR", "DATABASE_URL"])
def test_a_folder_that_cannot_be_written(tmp_path: Path, unwritable: Path, where: str) -> None:
    inside = unwritable / "rakurs"
    code, said = refused(tmp_path, **{
        where: str(inside) if where == "DATA_DIR" else f"sqlite://{inside / 'rakurs.db'}"})
    assert code in {1, 2}
    assert str(inside) in said
    assert "прав" in said


def test_a_rehearsals_folder_that_cannot_be_written(tmp_path: Path, unwritable: Path) -> None:
    code, said = refused(tmp_path, "demo", "--out", str(unwritable / "out"))
    assert code == 2
    assert str(unwritable / "out") in said


@pytest.mark.usefixtures("migrated")
def test_a_database_of_a_newer_program(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "rakurs.db") as tables:
        tables.execute("INSERT INTO tortoise_migrations (app, name, applied_at) "
                       "VALUES ('rakurs', '9999_future', '2027-01-01 00:00:00+00:00')")
        before = list(tables.iterdump())
    code, said = refused(tmp_path)
    assert code == 1
    assert "более новой версией" in said
    assert "Обновите программу" in said
    with sqlite3.connect(tmp_path / "rakurs.db") as tables:
        assert list(tables.iterdump()) == before


def test_a_taken_port_of_the_sandbox(tmp_path: Path, taken: int) -> None:
    code, said = refused(tmp_path, "sandbox", "--port", str(taken))
    assert code == 1
    assert f"Порт {taken} занят" in said
    assert "--port" in said


@pytest.mark.parametrize("settings", [
    {"METRICS_LISTEN": "127.0.0.1:{}"},
    {"WEBHOOK_LISTEN": "127.0.0.1:{}", "WEBHOOK_URL": "https://bot.example.ru/t",
     "WEBHOOK_SECRET": "abc"}])
def test_a_taken_port_of_the_program(tmp_path: Path, taken: int, settings: Mapping[str, str]
                                     ) -> None:
    code, said = refused(tmp_path, **{name: one.format(taken) for name, one in settings.items()})
    assert code == 1
    assert said.startswith(f"Настройка {next(iter(settings))}: ")
    assert str(taken) in said


def test_a_number_that_is_no_port(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "sandbox", "--port", "99999"], cwd=ROOT,
        capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "порт — число от 0 до 65535" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_sandbox_leaves_the_first_one_whole(tmp_path: Path) -> None:
    first = tmp_path / "data" / "sandbox"
    first.mkdir(parents=True)
    (first / "rakurs.db").write_bytes(b"in use")
    with (first / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, said = refused(tmp_path, "sandbox", "--port", "0")
    assert code == 1
    assert said.startswith(f"Учебный город в папке {first} уже запущен.")
    assert (first / "rakurs.db").read_bytes() == b"in use"

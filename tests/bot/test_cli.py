"""``rakurs``: exit codes 0, 1, 2; one readable line on stderr, never a traceback."""

import argparse
import asyncio
import os
import re
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bot import cli
from bot.rehearsal import city
from bot.sandbox.telegram import TelegramSandbox
from bot.settingwords import EXAMPLES
from core.directory_table import ADDRESSES, APPROVALS, BODIES, COLUMNS, PEOPLE, ROUTES
from tests.bot.house import TOKEN, staff

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def aside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder and settings of its own."""
    monkeypatch.chdir(tmp_path)
    for name in EXAMPLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite://{tmp_path / 'rakurs.db'}")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


def commands() -> list[str]:
    parser = cli.build_parser()
    chosen = next(one for one in parser._actions
                  if isinstance(one, argparse._SubParsersAction))
    return sorted(chosen.choices)


def run(*arguments: str) -> int:
    try:
        return cli.main(arguments)
    except SystemExit as left:
        return int(left.code or 0)


def workbook(path: Path, **changes: Sequence[tuple[object, ...]]) -> Path:
    """The made-up city's directory as the office would keep it in Excel."""
    people = [(*row[:4], row[4], row[5]) for row in city._PEOPLE]
    rows: dict[str, Sequence[tuple[object, ...]]] = {
            BODIES: list(city._BODIES), PEOPLE: people,
            ROUTES: list(city._ROUTES), APPROVALS: list(city._APPROVALS), ADDRESSES: (),
            **changes}
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, titles in COLUMNS.items():
        sheet = book.create_sheet(name)
        sheet.append(titles)
        for row in rows[name]:
            sheet.append(row)
    book.save(path)
    return path


def people_in(folder: Path) -> list[tuple[str, int]]:
    with sqlite3.connect(folder / "rakurs.db") as line:
        found = line.execute("SELECT code, active FROM people ORDER BY id").fetchall()
    line.close()
    return found


async def as_process(*arguments: str) -> tuple[int, str, str]:
    """The command as a process of its own: code, stdout, stderr."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})
    out, complaint = await process.communicate()
    return process.returncode or 0, out.decode(), complaint.decode()


def test_the_contracts_commands_are_there() -> None:
    assert {"run", "sandbox", "demo", "migrate", "import-directory", "invite", "doctor",
            "compare", "exif", "due", "check-text", "parse-mail", "backup", "restore",
            "audit-check"} <= set(commands())


@pytest.mark.parametrize("command", ["", *commands()])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*filter(None, [command, "--help"])) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Вызов: rakurs")
    assert said.err == ""


@pytest.mark.parametrize("call", [
    [], ["fly"], ["migrate", "--fast"], ["invite"], ["import-directory"],
    ["import-directory", "no.xlsx"], ["run", "--only", "post"], ["run", "--only", ""],
    ["run", "--only", "bot"], ["run", "--only", "mail"], ["sandbox", "--port", "many"]])
def test_a_bad_call_is_code_two_with_a_sentence(
        call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*call) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip()
    assert "Traceback" not in said.err


@pytest.mark.parametrize(("call", "said"), [
    ("", "не хватает: КОМАНДА. Как вызывать: rakurs --help"),
    ("due", "нужно одно из: --received --input. Как вызывать: rakurs due --help"),
    ("due --received", "--received: нет значения. Как вызывать: rakurs due --help"),
    ("due --received 1 --input 2",
     "--input не сочетается с --received. Как вызывать: rakurs due --help"),
    ("report hourly", "ВИД: «hourly» не подходит, можно daily, weekly, monthly, public, bonus, "
     "analysis. Как вызывать: rakurs report --help"),
    ("migrate now", "лишнее: now. Как вызывать: rakurs --help"),
    ("exif --json=1 a", "--json: значения не нужно, а дано «1». Как вызывать: rakurs exif --help"),
    ("sandbox --port x", "--port: порт — число от 0 до 65535, а не «x». "
     "Как вызывать: rakurs sandbox --help"),
])
def test_a_bad_call_is_one_russian_line_that_says_where_to_read_on(
        call: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*call.split()) == 2
    assert capsys.readouterr().err == f"rakurs: {said}\n"


@pytest.mark.parametrize("call", [
    "exif {}", "compare {0} {0}", "parse-mail {}", "check-text {}", "due --input {}",
    "compare --pairs {}", "import-directory {}"])
def test_a_file_that_is_not_there_is_a_bad_call(
        call: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "нет.такого"
    assert run(*call.format(missing).split()) == 2
    said = capsys.readouterr()
    lines = (said.out + said.err).splitlines()
    assert len(lines) == 1
    assert lines[0].removeprefix("rakurs: ") == (
        f"{missing}: такого файла нет. Проверьте имя и папку.")


@pytest.mark.parametrize("call", [
    "report daily", "audit-check", "invite p1", "export ЕКЖ-2026-000001 --out a.zip", "register",
    "calibrate --collect there"])
def test_a_report_from_a_wrong_folder_is_no_report_of_an_empty_city(
        call: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*call.split()) == 1
    assert f"Базы данных {tmp_path / 'rakurs.db'} нет" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_stops_any_command_with_its_name(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TIMEZONE", "Moscow")
    for command in (["migrate"], ["doctor"], ["audit-check"], ["invite", "p1"], ["run"]):
        assert run(*command) == 2
        assert "Настройка TIMEZONE" in capsys.readouterr().err


def test_a_data_folder_that_cannot_be_used_is_a_sentence(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
        ) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "data"))
    assert run("audit-check") in {1, 2}
    said = capsys.readouterr().err
    assert said.startswith("rakurs: ")
    assert said.count("\n") == 1


def test_migrate_says_what_it_did_and_then_that_nothing_is_left(
        capsys: pytest.CaptureFixture[str]) -> None:
    assert run("migrate") == 0
    assert capsys.readouterr().out.startswith("Применены миграции")
    assert run("migrate") == 0
    assert "уже текущая" in capsys.readouterr().out
    assert run("audit-check") == 0


@pytest.mark.usefixtures("migrated")
def test_a_database_of_a_newer_schema_is_refused(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(tmp_path / "rakurs.db") as line:
        table = line.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE '%migration%'").fetchone()[0]
        columns = [one[1] for one in line.execute(f"PRAGMA table_info({table})")]
        row = line.execute(f"SELECT * FROM {table} ORDER BY 1 DESC").fetchone()  # noqa: S608
        values = dict(zip(columns, row, strict=True))
        values["name"] = "9999_from_the_future"
        values.pop("id", None)
        line.execute(f"INSERT INTO {table} ({','.join(values)}) VALUES "  # noqa: S608
                     f"({','.join('?' * len(values))})", list(values.values()))
    line.close()
    capsys.readouterr()
    assert run("audit-check") == 1
    assert "нов" in capsys.readouterr().err


@pytest.mark.usefixtures("migrated")
def test_the_directory_is_imported_twice_to_the_same_end(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(workbook(tmp_path / "city.xlsx"))
    for _ in range(2):
        assert run("import-directory", file) == 0
        assert "людей 13" in capsys.readouterr().out
        assert len(people_in(tmp_path)) == 13


@pytest.mark.usefixtures("migrated")
def test_who_is_left_out_of_the_next_file_is_no_longer_active(tmp_path: Path) -> None:
    run("import-directory", str(workbook(tmp_path / "city.xlsx")))
    fewer = [(*row[:4], row[4], row[5]) for row in city._PEOPLE
             if row[0] != "pavlov"]
    assert run("import-directory", str(workbook(tmp_path / "next.xlsx", **{PEOPLE: fewer}))) == 0
    assert dict(people_in(tmp_path))["pavlov"] == 0
    assert run("invite", "pavlov") == 1


@pytest.mark.usefixtures("migrated")
def test_every_bad_row_is_named_and_nothing_is_half_imported(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import-directory", str(workbook(tmp_path / "city.xlsx"))) == 0
    before = people_in(tmp_path)
    path = workbook(tmp_path / "bad.xlsx")
    book = load_workbook(path)
    book[PEOPLE].append(["new", "Новый Иван", None, "nowhere", None, None])
    book[PEOPLE].append([])
    book[PEOPLE].append(["", "Без Кода", None, "adm"])
    book[ROUTES].append(["вода", None, "zimin", "nobody"])
    book.save(path)
    assert run("import-directory", str(path)) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.strip() for line in lines[1:]] == [
        "лист «Люди», строка 15: нет органа с кодом «nowhere»",
        "лист «Люди», строка 17: не заполнено «Код»",
        "лист «Маршруты», строка 5: у «zimin» нет роли «должностное лицо»",
        "лист «Маршруты», строка 5: нет человека с кодом «nobody»"]
    assert people_in(tmp_path) == before


@pytest.mark.parametrize(("name", "content"), [
    ("words.xlsx", b"just words"), ("empty.xlsx", b""), ("old.xls", b"\xd0\xcf\x11\xe0"),
    ("zip.xlsx", b"PK\x05\x06" + b"\0" * 18)])
def test_what_is_no_workbook_is_refused_in_one_sentence(
        tmp_path: Path, name: str, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_bytes(content)
    assert run("import-directory", str(tmp_path / name)) == 1
    assert re.fullmatch(r"rakurs: .*Сохраните её заново\.\n", capsys.readouterr().err)


@pytest.mark.usefixtures("migrated")
def test_report_of_an_office_without_messages_is_made_of_noughts(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("migrate") == 0
    capsys.readouterr()
    assert run("report", "daily", "--date", "2026-11-23", "--out", str(tmp_path / "out")) == 0
    named = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert {one.suffix for one in named} == {".pdf", ".xlsx"}
    assert all(one.is_file() for one in named)
    sheet = load_workbook(next(one for one in named if one.suffix == ".xlsx")).worksheets[0]
    assert ("Поступило сообщений", 0, 0) in {row[:3] for row in sheet.iter_rows(values_only=True)}


@pytest.mark.parametrize(("arguments", "code", "advice"), [
    (("--date", "23.11.2026"), 2, "нужна дата вида 2026-11-23"),
    (("--from", "2026-11-30", "--to", "2026-11-01"), 2, "первый не позже последнего"),
    (("--date", "2999-01-01"), 1, "выходит за пределы"),
])
@pytest.mark.usefixtures("migrated")
def test_report_refuses_a_wrong_period_in_one_sentence(
        tmp_path: Path, arguments: Sequence[str], code: int, advice: str,
        capsys: pytest.CaptureFixture[str]) -> None:
    assert run("migrate") == 0
    assert run("report", "daily", *arguments, "--out", str(tmp_path)) == code
    assert advice in capsys.readouterr().err


@pytest.mark.usefixtures("migrated")
def test_the_sample_of_a_directory_can_be_filled_in_and_imported(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = tmp_path / "образец.xlsx"
    assert run("import-directory", "--sample", str(sample)) == 0
    assert run("import-directory", str(sample)) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == ("Загружено: органов 9, людей 13, маршрутов 3, правил "
                        "согласования 1, адресов 3.")
    assert run("import-directory") == 2
    assert run("import-directory", str(sample), "--sample", str(sample)) == 2


def test_codes_kept_as_numbers_are_codes(tmp_path: Path) -> None:
    path = workbook(tmp_path / "city.xlsx")
    book = load_workbook(path)
    book[PEOPLE].append([101, "Числов Иван Иванович", None, "adm", None, None])
    book[APPROVALS].append(["Дворы", "101, belov"])
    book.save(path)
    assert run("import-directory", str(path)) == 0
    assert ("101", 1) in people_in(tmp_path)


async def test_a_database_that_cannot_be_opened_is_one_line_and_no_traceback(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("DATABASE_URL", f"sqlite://{tmp_path / 'folder'}")
    code, out, complaint = await as_process("migrate")
    assert (code, out) == (1, "")
    assert complaint == ("rakurs: Файл базы данных не открывается. Проверьте путь в DATABASE_URL "
                         "и права на папку.\n")


async def test_directory_and_invitation_as_processes(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    telegram = await TelegramSandbox.start(staff(), token=TOKEN)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.url)
    try:
        code, out, complaint = await as_process(
            "import-directory", str(workbook(tmp_path / "city.xlsx")))
        assert (code, complaint) == (0, "")
        assert "органов 9, людей 13" in out
        code, out, note = await as_process("invite", "Sokolova")
        assert code == 0
        assert re.fullmatch(r"https://t\.me/rakurs_bot\?start=[\w-]{16,64}\n", out)
        assert "7 дней" in note
    finally:
        await telegram.stop()
    code, out, note = await as_process("invite", "sokolova")
    assert code == 0, "Telegram being away does not keep the code back"
    assert re.fullmatch(r"/start [\w-]{16,64}\n", out)
    assert "отправит ему строку выше" in note
    code, out, complaint = await as_process("invite", "nobody")
    assert (code, out) == (1, "")
    assert complaint == "rakurs: В справочнике нет действующего сотрудника с кодом «nobody».\n"


@pytest.mark.usefixtures("migrated")
def test_registers_are_printed_for_a_sender_and_a_period(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import-directory", str(workbook(tmp_path / "город.xlsx"))) == 0
    capsys.readouterr()
    period = ("--from", "2026-11-01", "--to", "2026-11-30")
    assert run("register", *period, "--sender", "desk", "--out", str(tmp_path / "out")) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [one.suffix for one in written] == [".pdf", ".xlsx"]
    assert written[0].read_bytes().startswith(b"%PDF")
    assert run("register", *period) == 1
    assert "писем не отправляли" in capsys.readouterr().err
    assert run("register", *period, "--sender", "нет") == 1
    assert "Есть: desk" in capsys.readouterr().err
    assert run("register", "--from", "2026-11-30", "--to", "2026-11-01") == 2

"""The log: one line an event, readable by people or by machines."""

import json
import logging
import sqlite3
from collections.abc import Iterator

import pytest

from bot.logs import JsonLines, set_up
from core.errors import AssistantError
from storage.errors import as_storage_error


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The test runner's own handlers come back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def record(message: str, *values: object, error: bool = False) -> logging.LogRecord:
    fault = ValueError("нет связи")
    trace = (type(fault), fault, None) if error else None
    return logging.LogRecord("bot.face", logging.WARNING, "", 1, message, values, trace)


def test_a_record_is_one_line_of_json() -> None:
    line = JsonLines().format(record("строка %s", "из двух\nстрок"))
    assert "\n" not in line
    said = json.loads(line)
    assert (said["level"], said["from"], said["message"]) == (
        "WARNING", "bot.face", "строка из двух\nстрок")
    assert "Ракурс" not in line
    assert "строк" in line, "Cyrillic as it is"


def test_a_fault_carries_its_trace_in_the_same_line() -> None:
    line = JsonLines().format(record("x", error=True))
    assert "ValueError" in json.loads(line)["trace"]
    assert "\n" not in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_is_one_sentence_in_the_log_and_no_page_of_trace(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(form, "INFO")
    log = logging.getLogger("bot.test")
    try:
        raise as_storage_error(sqlite3.OperationalError("database or disk is full"))
    except AssistantError:
        log.exception("%s will be judged on", "photos")
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "photos will be judged on" in said
    assert "На диске закончилось место" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_the_database_says_for_the_first_time_keeps_its_trace(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(form, "INFO")
    try:
        raise as_storage_error(sqlite3.OperationalError("no one has ever seen this"))
    except AssistantError:
        logging.getLogger("bot.test").exception("photos will be judged on")
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "Подробности — в журнале программы" in said


def test_a_stranger_cannot_write_a_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """The name of a file or the subject of a letter may hold anything."""
    set_up("text", "INFO")
    logging.getLogger("bot.test").warning(
        "файл %s", "a.jpg\n2026-11-28 10:00:00,000 ERROR bot.app: взлом\x1b[31m\u2028")
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert said.endswith(r"bot.app: взлом\x1b[31m\u2028" + "\n")


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_goes_to_stderr_alone(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up(form, "INFO")
    logging.getLogger("bot.test").info("слышно")
    logging.getLogger("bot.test").debug("не слышно")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "слышно" in said.err


def test_libraries_speak_only_of_trouble(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("text", "DEBUG")
    for name in ("aiogram", "aiohttp", "tortoise", "aioimaplib", "apscheduler"):
        logging.getLogger(name).info("болтовня")
        logging.getLogger(name).warning("беда %s", name)
    said = capsys.readouterr().err
    assert "болтовня" not in said
    assert said.count("беда") == 5

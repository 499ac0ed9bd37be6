"""What every console command shares: how it answers, and how it fails."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

Subcommands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""Where a command file hangs its commands: ``def add_to(commands: Subcommands) -> None``."""

Run: TypeAlias = Callable[[argparse.Namespace], int]
"""A command's function, kept as ``parser.set_defaults(run=...)``; returns the exit code."""

OK = 0
FOUND_FAULT = 1
BAD_CALL = 2


class CommandFailedError(Exception):
    """The command cannot go on; its text is one sentence that says what to do next."""

    def __init__(self, sentence: str, code: int = FOUND_FAULT) -> None:
        super().__init__(sentence)
        self.code = code


def a_day(text: str) -> date:
    """The ``type`` of an argument that is a date, as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"«{text}» — не дата; нужна дата вида 2026-11-23") from None


def say(line: str = "") -> None:
    """One line of the answer, on stdout."""
    sys.stdout.write(line + "\n")


def say_json(value: object) -> None:
    """One answer as one line of JSON (UTF-8, Cyrillic as it is)."""
    say(json.dumps(value, ensure_ascii=False))


def complain(sentence: str) -> None:
    """One readable line on stderr."""
    sys.stderr.write(f"rakurs: {sentence}\n")


def unreadable(failure: OSError) -> str:
    """Why a file that the caller named cannot be read, and what to do."""
    if isinstance(failure, FileNotFoundError):
        return "такого файла нет. Проверьте имя и папку."
    if isinstance(failure, IsADirectoryError):
        return "это папка, а нужен файл."
    if isinstance(failure, PermissionError):
        return "нет прав на чтение. Проверьте права на файл."
    return f"файл не читается ({failure.strerror or failure}). Проверьте диск и путь."


def explained(failure: OSError) -> str:
    """What the system refused, and what to look at."""
    if failure.filename is None:
        return f"система отказала: {failure.strerror or failure}"
    return f"нет доступа к {failure.filename} ({failure.strerror}). Проверьте путь и права."

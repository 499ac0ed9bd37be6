"""``rakurs``: the console command. Each command lives in ``bot/commands``."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

from bot.commandline import Commands, Parser
from bot.console import BAD_CALL, FOUND_FAULT, CommandFailedError, Run, complain, explained
from core.errors import AssistantError

GROUPS = (
    "running", "checking", "directory", "storage", "deadlines", "photos", "calibrate", "texts",
    "mail", "casefile", "registers", "report", "demo",
)
"""Command files in the order of the help; each has ``add_to(commands)``."""


def build_parser() -> argparse.ArgumentParser:
    """The whole command line with every command's help."""
    parser = Parser(
        prog="rakurs",
        description="Ракурс: помощник исполнителей сообщений портала «Добродел».",
    )
    commands = parser.add_subparsers(
        action=Commands, dest="command", required=True, metavar="КОМАНДА",
        title="команды", description="О каждой подробно: rakurs КОМАНДА --help")
    for group in GROUPS:
        import_module(f"bot.commands.{group}").add_to(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit 0 done, 1 the work found a fault, 2 bad call."""
    parsed = build_parser().parse_args(arguments)
    run: Run = parsed.run
    try:
        code = run(parsed)
        sys.stdout.flush()
    except CommandFailedError as failure:
        complain(str(failure))
        return failure.code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND_FAULT
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except AssistantError as refusal:
        complain(str(refusal))
        return FOUND_FAULT
    except OSError as failure:
        complain(explained(failure))
        return BAD_CALL
    except UnicodeDecodeError as failure:
        complain(f"файл не в кодировке UTF-8: {failure.reason}. Сохраните его в UTF-8.")
        return BAD_CALL
    return code

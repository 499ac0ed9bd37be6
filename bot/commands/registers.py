"""``rakurs register``: the dispatch registers of a period as PDF and XLSX (5¶4, R36)."""

import argparse
import asyncio
from pathlib import Path

from bot.console import (
    BAD_CALL,
    FOUND_FAULT,
    OK,
    CommandFailedError,
    Subcommands,
    a_day,
    complain,
    say,
)
from bot.settings import load
from core.errors import AssistantError


def add_to(commands: Subcommands) -> None:
    """Hang the command."""
    command = commands.add_parser("register", help="реестры отправки писем за период")
    command.add_argument("--from", dest="first", type=a_day, metavar="ДАТА",
                         help="первый день, например 2026-11-01 (по умолчанию начало месяца)")
    command.add_argument("--to", dest="last", type=a_day, metavar="ДАТА",
                         help="последний день (по умолчанию сегодня)")
    command.add_argument("--sender", metavar="ОРГАН", help="код органа или desk — подразделение "
                         "«Добродел» (по умолчанию все, у кого в периоде были письма)")
    command.add_argument("--out", type=Path, default=Path(), metavar="ПАПКА",
                         help="куда записать (по умолчанию текущая папка)")
    command.set_defaults(run=write)


def write(arguments: argparse.Namespace) -> int:
    """Write the files and name them."""
    from bot import operations
    first, last = arguments.first, arguments.last
    if first and last and last < first:
        raise CommandFailedError("последний день раньше первого: поменяйте --from и --to.",
                                 BAD_CALL)
    try:
        written = asyncio.run(operations.print_registers(
            load(), first, last, arguments.sender or "", arguments.out))
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal)) from None
    for path in written:
        say(str(path))
    if not written:
        complain("за этот период писем не отправляли; чтобы получить пустой реестр, укажите "
                 "--sender.")
        return FOUND_FAULT
    return OK

"""``rakurs export``: the whole file of one case."""

import argparse
import asyncio
from pathlib import Path

from bot.console import OK, CommandFailedError, Subcommands, say
from bot.settings import load


def add_to(commands: Subcommands) -> None:
    """Hang the command."""
    export = commands.add_parser("export", help="всё дело одного сообщения одним архивом")
    export.add_argument("case", metavar="НОМЕР", help="номер сообщения, например ЕКЖ-2026-000123")
    export.add_argument("--out", type=Path, required=True, metavar="ДЕЛО.zip",
                        help="куда сохранить")
    export.set_defaults(run=write)


def write(arguments: argparse.Namespace) -> int:
    """Write the archive."""
    from bot import operations
    from core.errors import AssistantError
    try:
        number = asyncio.run(operations.export_case(load(), arguments.case, arguments.out))
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal)) from None
    say(f"Дело {number} сохранено: {arguments.out}")
    return OK

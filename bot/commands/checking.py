"""``rakurs doctor``."""

import argparse
import asyncio
from pathlib import Path

from bot.console import FOUND_FAULT, OK, CommandFailedError, Subcommands, say, say_json
from bot.settings import Settings, load


def add_to(commands: Subcommands) -> None:
    """Hang the command."""
    doctor = commands.add_parser("doctor", help="проверить всё, от чего зависит работа")
    doctor.add_argument("--json", action="store_true", help="ответ в формате JSON")
    doctor.add_argument("--samples", type=Path, metavar="ПАПКА",
                        help="вместо этого прочитать образцы писем из папки и показать таблицу")
    doctor.set_defaults(run=examine)


def examine(arguments: argparse.Namespace) -> int:
    """One line for each thing; exit 1 if any fails."""
    settings = load()
    if arguments.samples is not None:
        return _samples(settings, arguments.samples)
    from bot import doctor
    found = asyncio.run(doctor.examine(settings))
    if arguments.json:
        say_json([{"what": one.what, "ok": one.ok, "said": one.said} for one in found])
    else:
        for one in found:
            say(f"{'✓' if one.ok else '✗'} {one.what}: {one.said}")
    return OK if all(one.ok for one in found) else FOUND_FAULT


def _samples(settings: Settings, folder: Path) -> int:
    """What the mail bridge makes of the office's own samples."""
    from bot import app
    from core.errors import AssistantError
    try:
        say(app.read_samples(settings, folder))
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal)) from None
    return OK

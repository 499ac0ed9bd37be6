"""``rakurs doctor``."""

import argparse
import asyncio

from bot.console import FOUND_FAULT, OK, Subcommands, say, say_json
from bot.settings import load


def add_to(commands: Subcommands) -> None:
    """Hang the command."""
    doctor = commands.add_parser("doctor", help="проверить всё, от чего зависит работа")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(run=examine)


def examine(arguments: argparse.Namespace) -> int:
    """One line for each thing; exit 1 if any fails."""
    settings = load()
    from bot import doctor
    found = asyncio.run(doctor.examine(settings))
    if arguments.json:
        say_json([{"what": one.what, "ok": one.ok, "said": one.said} for one in found])
    else:
        for one in found:
            say(f"{'✓' if one.ok else '✗'} {one.what}: {one.said}")
    return OK if all(one.ok for one in found) else FOUND_FAULT

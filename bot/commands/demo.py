"""``rakurs demo``."""

import argparse
import asyncio
from pathlib import Path

from bot.console import FOUND_FAULT, OK, Subcommands


def add_to(commands: Subcommands) -> None:
    """Hang the command."""
    demo = commands.add_parser(
        "demo", help="провести одно сообщение через весь регламент в учебном городе")
    demo.add_argument("--out", type=Path, default=Path("out/demo"), metavar="ПАПКА",
                      help="куда сложить документы и картинки")
    demo.set_defaults(run=show)


def show(arguments: argparse.Namespace) -> int:
    """Play the story; exit 0 only if every step was seen to happen."""
    from bot.rehearsal.demo import play
    arguments.out.mkdir(parents=True, exist_ok=True)
    return OK if asyncio.run(play(arguments.out.absolute())) else FOUND_FAULT

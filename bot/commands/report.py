"""``rakurs report``: the reports of section 6 as files."""

import argparse
import asyncio
from datetime import date
from pathlib import Path

from bot.console import BAD_CALL, OK, CommandFailedError, Subcommands, a_day, say

NAMES = {"daily": "daily", "weekly": "weekly", "monthly": "monthly", "public": "public",
         "bonus": "bonus", "analysis": "programmes"}
"""What the command calls a report, and its routine."""


def add_to(commands: Subcommands) -> None:
    """Hang the command."""
    report = commands.add_parser(
        "report", help="отчёты раздела 6: PDF, XLSX и картинки за любой период")
    report.add_argument("kind", metavar="ВИД", choices=tuple(NAMES), help=(
        "daily — дисциплина за рабочий день, weekly — неделя, monthly — месяц, public — для сайта "
        "и СМИ, bonus — для премирования, analysis — для муниципальных программ"))
    report.add_argument("--date", type=a_day, metavar="ДАТА",
                        help="день периода, например 2026-11-23; без него — сегодня")
    report.add_argument("--from", dest="first", type=a_day, metavar="ДАТА",
                        help="первый день своего периода, например квартала")
    report.add_argument("--to", dest="last", type=a_day, metavar="ДАТА",
                        help="последний день своего периода")
    report.add_argument("--out", type=Path, default=Path(), metavar="ПАПКА",
                        help="папка для файлов; по умолчанию текущая")
    report.set_defaults(run=write)


def write(arguments: argparse.Namespace) -> int:
    """Write the files and name them."""
    from bot import operations
    from bot.settings import load
    from core.errors import AssistantError
    run = _run_of(arguments)
    try:
        named = asyncio.run(operations.write_report(
            load(), NAMES[arguments.kind], arguments.date, run, arguments.out))
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal)) from None
    for one in named:
        say(str(one))
    return OK


def _run_of(arguments: argparse.Namespace) -> tuple[date, date] | None:
    first, last = arguments.first, arguments.last
    if first is None and last is None:
        return None
    if first is None or last is None or first > last:
        raise CommandFailedError(
            "нужны оба дня периода, первый не позже последнего: --from 2026-07-01 --to 2026-09-30",
            BAD_CALL)
    return first, last

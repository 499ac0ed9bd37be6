"""``rakurs import-directory`` and ``rakurs invite``: who works here, and how they join."""

import argparse
import asyncio
from pathlib import Path

from bot import workbooks
from bot.console import BAD_CALL, OK, CommandFailedError, Subcommands, complain, say, unreadable


def add_to(commands: Subcommands) -> None:
    """Hang the two commands."""
    table = commands.add_parser(
        "import-directory", help="загрузить органы, людей, роли, маршруты и согласующих из XLSX")
    table.add_argument("file", nargs="?", type=Path, metavar="СПРАВОЧНИК.xlsx",
                       help="листы «Органы», «Люди», «Маршруты», «Согласование» и, если есть "
                            "координаты, «Адреса»")
    table.add_argument("--sample", type=Path, metavar="ОБРАЗЕЦ.xlsx",
                       help="вместо этого записать образец: справочник вымышленного города")
    table.set_defaults(run=import_directory)
    invite = commands.add_parser("invite", help="одноразовая ссылка для сотрудника")
    invite.add_argument("person", metavar="КОД", help="код сотрудника из справочника")
    invite.set_defaults(run=invite_person)


def read_workbook(path: Path) -> workbooks.Sheets:
    """The sheets of a workbook; raises BadTableError and CommandFailedError."""
    try:
        return workbooks.read(path)
    except FileNotFoundError as failure:
        raise CommandFailedError(f"{path}: {unreadable(failure)}", BAD_CALL) from None


def import_directory(arguments: argparse.Namespace) -> int:
    """Import the file; idempotent, whole or not at all."""
    if (arguments.file is None) == (arguments.sample is None):
        raise CommandFailedError("нужен либо файл СПРАВОЧНИК.xlsx, либо --sample ОБРАЗЕЦ.xlsx",
                                 BAD_CALL)
    return _import(arguments.file) if arguments.file else _write_sample(arguments.sample)


def _write_sample(path: Path) -> int:
    from bot.rehearsal import city
    from core.directory_table import COLUMNS
    path.write_bytes(workbooks.write(COLUMNS, city.sheets()))
    say(f"Образец записан: {path}. Впишите вместо вымышленных свои органы и людей.")
    return OK


def _import(path: Path) -> int:
    from bot import operations, settings
    from core import directory_table
    from core.errors import AssistantError
    try:
        plan = directory_table.read(read_workbook(path))
        asyncio.run(operations.import_directory(settings.load(), plan))
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal)) from None
    addresses = "" if plan.addresses is None else f", адресов {len(plan.addresses)}"
    say(f"Загружено: органов {len(plan.bodies)}, людей {len(plan.people)}, "
        f"маршрутов {len(plan.routes)}, правил согласования {len(plan.approvals)}{addresses}.")
    return OK


def invite_person(arguments: argparse.Namespace) -> int:
    """Print the one-time link; what to do with it goes to stderr."""
    from bot import operations, settings
    from core.errors import AssistantError
    try:
        link, note = asyncio.run(operations.invite(settings.load(), arguments.person))
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal)) from None
    say(link)
    complain(note)
    return OK

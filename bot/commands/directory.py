"""``rakurs import-directory`` and ``rakurs invite``: who works here, and how they join."""

import argparse
import asyncio
from pathlib import Path

from bot.console import BAD_CALL, OK, CommandFailedError, Subcommands, complain, say


def add_to(commands: Subcommands) -> None:
    """Hang the two commands."""
    table = commands.add_parser(
        "import-directory", help="загрузить органы, людей, роли, маршруты и согласующих из XLSX")
    table.add_argument("file", type=Path, metavar="FILE.xlsx")
    table.set_defaults(run=import_directory)
    invite = commands.add_parser("invite", help="одноразовая ссылка для сотрудника")
    invite.add_argument("person", metavar="КОД", help="код сотрудника из справочника")
    invite.set_defaults(run=invite_person)


def read_workbook(path: Path) -> dict[str, list[dict[str, str]]]:
    """Sheets of a workbook as rows keyed by the titles of the first row; empty rows too, so that
    the row's number is that of the sheet."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise CommandFailedError(f"Файла {path} нет. Проверьте путь.", BAD_CALL) from None
    except (InvalidFileException, BadZipFile, KeyError, OSError, ValueError):
        raise CommandFailedError(
            f"{path} — не книга Excel (.xlsx). Сохраните её заново.") from None
    sheets = {}
    for sheet in book.worksheets:
        rows = [[str(cell).strip() if cell is not None else "" for cell in row]
                for row in sheet.iter_rows(values_only=True)]
        titles = rows[0] if rows else []
        sheets[sheet.title.strip()] = [dict(zip(titles, row, strict=False)) for row in rows[1:]]
    book.close()
    return sheets


def import_directory(arguments: argparse.Namespace) -> int:
    """Import the file; idempotent, whole or not at all."""
    from bot import app, settings
    from core import directory_table
    from core.errors import AssistantError
    try:
        plan = directory_table.read(read_workbook(arguments.file))
        asyncio.run(app.import_directory(settings.load(), plan))
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal)) from None
    say(f"Загружено: органов {len(plan.bodies)}, людей {len(plan.people)}, "
        f"маршрутов {len(plan.routes)}, правил согласования {len(plan.approvals)}.")
    return OK


def invite_person(arguments: argparse.Namespace) -> int:
    """Print the one-time link; what to do with it goes to stderr."""
    from bot import app, settings
    from core.errors import AssistantError
    try:
        link, note = asyncio.run(app.invite(settings.load(), arguments.person))
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal)) from None
    say(link)
    complain(note)
    return OK

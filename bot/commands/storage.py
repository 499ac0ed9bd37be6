"""``migrate``, ``audit-check``, ``backup``, ``restore``: the database and the files."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.console import FOUND_FAULT, OK, CommandFailedError, Subcommands, complain, say
from core.errors import AssistantError

Result = TypeVar("Result")


def add_to(commands: Subcommands) -> None:
    """Hang the four commands."""
    command = commands.add_parser("migrate", help="привести базу данных к текущей схеме")
    command.set_defaults(run=migrate)
    command = commands.add_parser("audit-check", help="проверить цепочку журнала действий")
    command.set_defaults(run=audit_check)
    command = commands.add_parser(
        "backup", help="сохранить базу данных и файлы в один архив, не останавливая работу")
    command.add_argument("file", type=Path, metavar="КОПИЯ.tar", help="куда сохранить")
    command.set_defaults(run=back_up)
    command = commands.add_parser("restore", help="восстановить базу данных и файлы из архива")
    command.add_argument("file", type=Path, metavar="КОПИЯ.tar", help="откуда взять")
    command.add_argument("--force", action="store_true", help="заменить имеющиеся данные")
    command.set_defaults(run=restore)


def _or_fail(act: Callable[[], Result]) -> Result:
    try:
        return act()
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal)) from None


def migrate(arguments: argparse.Namespace) -> int:
    """Apply what is missing and say what it was."""
    from bot import app, settings
    done = _or_fail(lambda: app.migrate(settings.load()))
    say(f"Применены миграции: {', '.join(done)}." if done else "Схема уже текущая.")
    return OK


def audit_check(arguments: argparse.Namespace) -> int:
    """Check the chain; names the first entry that does not hold."""
    from bot import operations, settings
    broken = _or_fail(lambda: operations.first_journal_break(settings.load()))
    if broken is not None:
        complain(f"журнал изменён в обход программы, первая нарушенная запись: {broken}. "
                 "Сравните с резервной копией.")
        return FOUND_FAULT
    say("Журнал цел.")
    return OK


def back_up(arguments: argparse.Namespace) -> int:
    """Write the archive."""
    from bot import app, settings
    say(_or_fail(lambda: app.back_up(settings.load(), arguments.file)))
    return OK


def restore(arguments: argparse.Namespace) -> int:
    """Read the archive back."""
    from bot import app, settings
    say(_or_fail(lambda: app.restore(settings.load(), arguments.file, force=arguments.force)))
    return OK

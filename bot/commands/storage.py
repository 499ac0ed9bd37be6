"""``migrate``, ``audit-check``, ``backup``, ``restore``: the database and the files."""

import argparse
from pathlib import Path

from bot.console import FOUND_FAULT, OK, CommandFailedError, Subcommands, complain, say
from bot.settings import load
from core.errors import AssistantError


def add_to(commands: Subcommands) -> None:
    """Hang the commands on ``rakurs``."""
    migrate = commands.add_parser("migrate", help="привести базу данных к текущей схеме")
    migrate.set_defaults(run=_migrate)
    audit = commands.add_parser("audit-check", help="проверить цепочку журнала действий")
    audit.set_defaults(run=_audit_check)
    backup = commands.add_parser("backup", help="сохранить базу данных и файлы в один архив")
    backup.add_argument("file", type=Path, metavar="FILE", help="куда сохранить")
    backup.set_defaults(run=_back_up)
    restore = commands.add_parser("restore", help="восстановить базу данных и файлы из архива")
    restore.add_argument("file", type=Path, metavar="FILE", help="архив команды backup")
    restore.add_argument("--force", action="store_true", help="заменить имеющиеся данные")
    restore.set_defaults(run=_restore)


def _migrate(parsed: argparse.Namespace) -> int:
    from bot import app
    try:
        done = app.migrate(load())
    except AssistantError as error:
        raise CommandFailedError(str(error)) from error
    say(f"Применены миграции: {', '.join(done)}." if done else "Схема уже текущая.")
    return OK


def _audit_check(parsed: argparse.Namespace) -> int:
    from bot import app
    try:
        broken = app.first_journal_break(load())
    except AssistantError as error:
        raise CommandFailedError(str(error)) from error
    if broken is not None:
        complain(f"журнал изменён в обход программы: первая нарушенная запись — № {broken}.")
        return FOUND_FAULT
    say("Журнал цел.")
    return OK


def _back_up(parsed: argparse.Namespace) -> int:
    from bot import app
    try:
        say(app.back_up(load(), parsed.file))
    except AssistantError as error:
        raise CommandFailedError(str(error)) from error
    return OK


def _restore(parsed: argparse.Namespace) -> int:
    from bot import app
    try:
        say(app.restore(load(), parsed.file, force=parsed.force))
    except AssistantError as error:
        raise CommandFailedError(str(error)) from error
    return OK

"""``rakurs run`` and ``rakurs sandbox``: the program itself."""

import argparse
import asyncio

from bot.console import BAD_CALL, OK, CommandFailedError, Subcommands
from bot.settings import load, require

NEEDS = {
    "bot": ("BOT_TOKEN",),
    "mail": ("IMAP_URL", "SMTP_URL", "MAIL_FROM", "MSED_ADDRESS", "MSED_SENDERS"),
    "schedule": (),
}


def add_to(commands: Subcommands) -> None:
    """Hang the two commands."""
    run = commands.add_parser("run", help="бот, почта и расписание в одном процессе")
    run.add_argument("--only", default=",".join(NEEDS), metavar="bot,mail,schedule",
                     help="запустить только часть")
    run.set_defaults(run=run_program)
    sandbox = commands.add_parser(
        "sandbox", help="то же с учебными Telegram и почтой на этом компьютере")
    sandbox.add_argument("--port", type=port_number, default=8800, metavar="ПОРТ",
                         help="порт страницы (0 — любой)")
    sandbox.set_defaults(run=run_sandbox)


def port_number(text: str) -> int:
    """A port for argparse."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"порт — число от 0 до 65535, а не «{text}»")
    return int(text)


def run_program(arguments: argparse.Namespace) -> int:
    """Run until stopped."""
    faces = frozenset(one.strip() for one in arguments.only.split(",") if one.strip())
    unknown = faces - set(NEEDS)
    if unknown or not faces:
        raise CommandFailedError(
            f"--only принимает {', '.join(NEEDS)}, а не «{arguments.only}».", BAD_CALL)
    settings = load()
    for face in sorted(faces):
        require(settings, *NEEDS[face])
    from bot import app, logs
    from core.errors import AssistantError
    logs.set_up(settings.log_format, settings.log_level, settings.sentry_dsn.get_secret_value())
    try:
        asyncio.run(app.run(settings, faces))
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal)) from None
    return OK


def run_sandbox(arguments: argparse.Namespace) -> int:
    """Bring the sandbox up and print its address."""
    from bot.rehearsal.stage import show
    asyncio.run(show(arguments.port))
    return OK

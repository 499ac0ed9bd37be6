"""The stage: sandbox servers of Telegram and mail, and the program as a process of its own.

The program under it is the very same: it is told by its settings alone where Telegram and the
mailbox are, and may be killed and started again while the servers stand.
"""

import asyncio
import fcntl
import os
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Protocol, TextIO

from bot.console import CommandFailedError, say
from bot.rehearsal import city
from bot.sandbox.people import Hand
from bot.sandbox.telegram import SandboxPerson, TelegramSandbox
from mail.sandbox import Link, MailSandbox, MailUser

TOKEN = "424242:sandbox-token-of-the-made-up-city"  # noqa: S105 (of the sandbox)
START_SECONDS = 120.0
"""A cold disk and a busy machine take their time; a program that died is noticed at once."""


class Mailboxes(Protocol):
    """Mail servers with the city's mailboxes: the embedded ones, or any others."""

    @property
    def smtp_url(self) -> str:
        """For ``SMTP_URL``."""
        ...

    @property
    def links(self) -> Sequence[Link]:
        """Pages that show the letters, if there are any."""
        ...

    def imap_url(self, address: str) -> str:
        """For ``IMAP_URL`` of that mailbox."""
        ...

    async def stop(self) -> None:
        """Stop what was started."""
        ...


@dataclass(slots=True)
class Stage:
    """Servers, folder and process of one rehearsal."""

    folder: Path
    telegram: TelegramSandbox
    mail: Mailboxes
    settings: dict[str, str]
    lock: TextIO
    """Held open: nobody else rehearses in the folder meanwhile."""
    process: asyncio.subprocess.Process | None = None
    hands: dict[str, Hand] = field(default_factory=dict)

    @classmethod
    async def build(cls, folder: Path, *, port: int = 0, extra: dict[str, str] | None = None,
                    mailboxes: Mailboxes | None = None) -> "Stage":
        """Start the servers and lay out the folder; the program does not run yet.

        ``mailboxes`` take the place of the embedded ones. Raises CommandFailedError.
        """
        lock = _claim(folder)
        people = [SandboxPerson(one.account, *_first_and_last(one.name), note=one.note)
                  for one in city.staff() if one.account is not None]
        try:
            telegram = await TelegramSandbox.start(people, token=TOKEN, port=port)
        except OSError:
            lock.close()
            raise CommandFailedError(
                f"Порт {port} занят. Укажите другой: make run PORT=8900 или rakurs sandbox "
                "--port 0.") from None
        mail = mailboxes or await _embedded_mailboxes(telegram.page_url)
        telegram.links.extend(mail.links)
        clock = folder / "clock"
        clock.write_text("0", encoding="ascii")
        settings = {
            "BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url,
            "DATABASE_URL": f"sqlite://{folder / 'rakurs.db'}", "DATA_DIR": str(folder),
            "IMAP_URL": mail.imap_url(city.BOT_BOX), "SMTP_URL": mail.smtp_url,
            "MAIL_FROM": f"Ракурс <{city.BOT_BOX}>", "MSED_ADDRESS": city.MSED_BOX,
            "OPERATOR_ADDRESS": city.OPERATOR_BOX, "MSED_SENDERS": city.MSED_BOX,
            "OFFICE_ADDRESSES": city.OFFICE_BOX, "LOG_LEVEL": "INFO", "MAIL_POLL_SECONDS": "2",
            "CLOCK_FILE": str(clock), "QUIET_HOURS": "00:00-00:00", **_camera(), **(extra or {})}
        return cls(folder, telegram, mail, settings, lock)

    @property
    def environment(self) -> dict[str, str]:
        """The program's environment: ours with the stage's settings."""
        return {**os.environ, **self.settings}

    async def begin(self) -> None:
        """Start the program; meanwhile the city is imported and everyone joins."""
        await asyncio.gather(self.start_program(), self.settle_in())

    async def start_program(self) -> None:
        """Start the program and wait until it asks Telegram for updates."""
        with (self.folder / "program.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=self.environment, stdout=log, stderr=log,
                stdin=asyncio.subprocess.DEVNULL)
        polled = asyncio.ensure_future(self.telegram.polled())
        died = asyncio.ensure_future(self.process.wait())
        done, rest = await asyncio.wait(
            {polled, died}, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for one in rest:
            one.cancel()
        if polled not in done:
            raise CommandFailedError(
                f"Программа не запустилась. Журнал: {self.folder / 'program.log'}")

    async def kill_program(self) -> None:
        """SIGKILL, as a power cut would."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def stop_program(self) -> int:
        """SIGTERM, and the exit code of the clean stop."""
        if self.process is None:
            return 0
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()

    async def close(self) -> None:
        """Stop everything that was started."""
        for hand in self.hands.values():
            await hand.close()
        await self.stop_program()
        await self.mail.stop()
        await self.telegram.stop()
        self.lock.close()

    async def command(self, *arguments: str) -> str:
        """One console command of the program; returns what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        out, complaint = await process.communicate()
        if process.returncode != 0:
            raise CommandFailedError(complaint.decode(errors="replace").strip())
        return out.decode()

    async def settle_in(self) -> None:
        """Import the city; everyone with Telegram joins by an invitation of their own."""
        operations = await asyncio.to_thread(  # the page answers meanwhile
            import_module, "bot.operations")
        from bot.settings import Settings
        settings = Settings.model_validate(
            {name.lower(): value for name, value in self.settings.items()})
        codes = await operations.found(
            settings, city.plan(), [one.code for one in city.staff() if one.account is not None])
        for one in city.staff():
            if one.account is not None:
                hand = Hand(self.telegram.page_url, one.account)
                self.hands[one.code] = hand
                await hand.starts(codes[one.code])

    def set_clock(self, moment: datetime) -> None:
        """Move the program's clock to ``moment`` (aware); it runs on from there."""
        shift = (moment - datetime.now(UTC)) / timedelta(seconds=1)  # noqa: TID251
        fresh = self.folder / "clock.new"
        fresh.write_text(f"{shift:.3f}", encoding="ascii")
        fresh.replace(self.folder / "clock")


async def _embedded_mailboxes(chats: str) -> MailSandbox:
    mail = await MailSandbox.start([
        MailUser(address, city.PASSWORD, note) for address, note in city.mailboxes()])
    mail.navigation = (("Чаты сотрудников", chats),)
    return mail


def _camera() -> dict[str, str]:
    """Where the program shows its camera page, on a port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    return {"CAMERA_URL": f"http://{listen}/camera", "CAMERA_LISTEN": listen}


def _claim(folder: Path) -> TextIO:
    """The folder for this rehearsal alone, and the lock to be held while it lasts.

    It begins with nothing, since the sandbox's Telegram remembers nothing either.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CommandFailedError(
            f"Учебный город в папке {folder} уже запущен. Откройте его страницу или остановите "
            "его: Ctrl+C там, где он запущен.") from None
    for one in folder.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        elif one.name != "lock":
            one.unlink()
    return lock


def _first_and_last(name: str) -> tuple[str, str]:
    family, *rest = name.split()
    return " ".join(rest[:1]), family


async def show(port: int) -> None:
    """``rakurs sandbox``: everything up, a first message in the mailbox, until Ctrl+C."""
    from bot.rehearsal import messages, pictures
    from bot.rehearsal.post import Post
    folder = Path("data") / "sandbox"
    stage = await Stage.build(folder.absolute(), port=port)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        say("Ракурс запускается в учебном городе: настоящие Telegram и почта не используются.")
        say(f"  Чаты сотрудников: {stage.telegram.page_url}")
        say(f"  Почтовые ящики:   {stage.mail.links[0][1]}")
        sys.stdout.flush()
        await stage.begin()
        now = datetime.now(UTC)  # noqa: TID251 (the moment of a letter, not of the program)
        await Post(stage.mail.imap_url, stage.mail.smtp_url).sends(
            city.MSED_BOX, city.BOT_BOX,
            messages.card(messages.POTHOLE, now, pictures.choose().before))
        say("Запущен. Начните с регистратора (Соколова): пришло первое сообщение. "
            "Остановить: Ctrl+C.")
        sys.stdout.flush()
        ended = asyncio.ensure_future(stage.process.wait()) if stage.process else None
        waits = [asyncio.ensure_future(stop.wait()), *([ended] if ended else [])]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            raise CommandFailedError(
                f"Программа остановилась. Журнал: {stage.folder / 'program.log'}")
    finally:
        await stage.close()

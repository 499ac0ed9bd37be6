"""The embedded mailbox: a real IMAP server and a real SMTP server on loopback, in memory.

For the sandbox, the demonstration and the tests. Nothing in the program knows that it talks to
these and not to the office's own servers: the protocols are the same.
"""

import asyncio
import logging
from argparse import Namespace
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime, localtime
from typing import Any, Self
from urllib.parse import quote
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Envelope, Session
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import BuiltinHash

from mail.parsing import Letter, parse
from mail.rules import MEGABYTE
from mail.sandbox.boxes import Kept, Link, MailUser
from mail.sandbox.page import MailPage

_NO_SUCH_USER = "550 5.1.1 No such user here"


@dataclass(slots=True)
class _Faults:
    """What goes wrong next, each once."""

    rcpt: deque[str] = field(default_factory=deque)
    data: deque[str] = field(default_factory=deque)
    drops: deque[bool] = field(default_factory=deque)


class _QuietConfig(Config):
    """pymap's settings without its look-up of the machine's own name, which can take seconds."""

    @property
    def greeting(self) -> bytes:
        return b"Rakurs sandbox"


class MailSandbox:
    """Mailboxes of several users over IMAP, SMTP and a page; see :meth:`start`."""

    def __init__(self, users: Sequence[MailUser], host: str) -> None:
        self.users = tuple(users)
        self.host = host
        self.navigation: tuple[Link, ...] = ()
        """Links of the other sandbox pages, shown at the top of each page."""
        self.faults = _Faults()
        self._kept: dict[str, list[Kept]] = {one.address.lower(): [] for one in users}
        self._changed = asyncio.Condition()
        self._config = self._pymap_config()
        self._login = Login(self._config)
        self._imap_port = 0
        self._smtp_port = 0
        self._imap: asyncio.Server | None = None
        self._smtp: asyncio.Server | None = None
        self._talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._page = MailPage(self)

    @classmethod
    async def start(cls, users: Sequence[MailUser], *, host: str = "127.0.0.1") -> Self:
        """Start the servers on ports of the system's choice, in the running event loop."""
        sandbox = cls(users, host)
        for user in sandbox.users:
            name = user.address.lower()
            sandbox._config.set_cache[name] = (MailboxSet(), FilterSet())
            sandbox._login.users_dict[name] = UserMetadata(
                sandbox._config,
                name,
                password=sandbox._config.hash_context.hash(user.password),
            )
        await sandbox.imap_up()
        loop = asyncio.get_running_loop()
        sandbox._smtp = await loop.create_server(sandbox._smtp_protocol, host, 0)
        sandbox._smtp_port = sandbox._smtp.sockets[0].getsockname()[1]
        await sandbox._page.start(host)
        return sandbox

    async def stop(self) -> None:
        """Close everything; the letters are gone."""
        await self._page.stop()
        if self._smtp:
            self._smtp.close()
        await self.imap_down()

    @property
    def smtp_url(self) -> str:
        """For ``SMTP_URL``."""
        return f"smtp://{self.host}:{self._smtp_port}"

    @property
    def page_url(self) -> str:
        """The page with the mailboxes."""
        return self._page.url

    @property
    def links(self) -> tuple[Link, ...]:
        """The pages of this sandbox."""
        return (("Почта", self.page_url),)

    def imap_url(self, address: str) -> str:
        """For ``IMAP_URL`` of that user."""
        user = self.user(address)
        name, password = quote(user.address.lower(), safe=""), quote(user.password, safe="")
        return f"imap://{name}:{password}@{self.host}:{self._imap_port}/INBOX"

    def user(self, address: str) -> MailUser:
        """The user with that address. Raises :class:`KeyError`."""
        for one in self.users:
            if one.address.lower() == address.lower():
                return one
        raise KeyError(address)

    def owner(self, recipient: str) -> str | None:
        """Whose mailbox takes mail for that address (its plus-address too), or None."""
        local, _, domain = recipient.lower().rpartition("@")
        address = f"{local.partition('+')[0]}@{domain}"
        return address if address in self._kept else None

    def letters(self, address: str) -> tuple[Kept, ...]:
        """The letters of a mailbox, oldest first."""
        return tuple(self._kept[address.lower()])

    async def mailbox(self, address: str) -> list[bytes]:
        """The letters of a mailbox as bytes, oldest first."""
        return [one.raw for one in self.letters(address)]

    async def deliver(self, raw: bytes, to: str, sender: str = "") -> None:
        """Put a letter into a mailbox as a server would, noting the envelope in its header.

        Raises :class:`KeyError` if there is no such mailbox.
        """
        owner = self.owner(to)
        if owner is None:
            raise KeyError(to)
        now = localtime()
        trace = (
            f"Return-Path: <{sender}>\r\nDelivered-To: {to}\r\n"
            f"Received: from {self.host} by sandbox with ESMTP; {format_datetime(now)}\r\n"
        )
        data = trace.encode() + raw
        mailboxes, _ = self._config.set_cache[owner]
        inbox = await mailboxes.get_mailbox("INBOX")
        message = await inbox.append(AppendMessage(data, now, frozenset()), recent=True)
        async with self._changed:
            self._kept[owner].append(Kept(message.uid, data, now))
            self._changed.notify_all()

    async def wait_for(
        self, address: str, wanted: Callable[[Letter], bool], seconds: float = 10
    ) -> Letter:
        """The first letter of that mailbox that is wanted, waiting for it if need be.

        Raises :class:`TimeoutError`.
        """
        seen = 0
        async with asyncio.timeout(seconds), self._changed:
            while True:
                letters = self.letters(address)
                for one in letters[seen:]:
                    letter = parse(one.raw)
                    if wanted(letter):
                        return letter
                seen = len(letters)
                await self._changed.wait()

    # What goes wrong: for tests

    def answer_next(self, stage: str, answer: str) -> None:
        """The next RCPT (``rcpt``) or the end of the next DATA (``data``) gets this answer."""
        {"rcpt": self.faults.rcpt, "data": self.faults.data}[stage].append(answer)

    def drop_after_next_data(self, *, delivered: bool) -> None:
        """The next letter's line breaks before the answer, the letter delivered or not."""
        self.faults.drops.append(delivered)

    def kick(self) -> int:
        """Break every IMAP line without a word; how many there were."""
        for writer in self._talks.values():
            writer.transport.abort()
        return len(self._talks)

    async def imap_down(self) -> None:
        """Stop the IMAP server, keeping its letters."""
        if self._imap:
            self._imap.close()
            self._imap = None
        self.kick()
        talks = list(self._talks)
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def imap_up(self) -> None:
        """Start the IMAP server, on the port it had before."""
        self._imap = await asyncio.start_server(self._talk, self.host, self._imap_port)
        self._imap_port = self._imap.sockets[0].getsockname()[1]

    # The servers

    def _pymap_config(self) -> Config:
        asked = Namespace(debug=False, passlib_cfg=None, proxy_protocol=None)
        return _QuietConfig(
            asked,
            host=self.host,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            tls_enabled=False,
            hash_context=BuiltinHash(rounds=1),  # made-up passwords on loopback
            invalid_user_sleep=0,
        )

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        serve = IMAPServer(self._login, self._config)
        if task:
            self._talks[task] = writer
        try:
            await serve(reader, writer, SocketInfo.get(writer, None, unique_id=uuid4().bytes))
        except (ConnectionError, EOFError, asyncio.CancelledError):
            pass
        finally:
            if task:
                self._talks.pop(task, None)
            writer.close()

    def _smtp_protocol(self) -> SMTP:
        return SMTP(
            _Handler(self),
            data_size_limit=70 * MEGABYTE,
            hostname="sandbox",
            ident="Rakurs sandbox",
            loop=asyncio.get_running_loop(),
        )


class _Handler:
    """aiosmtpd's hooks: who is known, where a letter goes, what goes wrong."""

    def __init__(self, sandbox: MailSandbox) -> None:
        self._sandbox = sandbox

    async def handle_RCPT(  # noqa: N802  (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        faults = self._sandbox.faults.rcpt
        if faults:
            return faults.popleft()
        if self._sandbox.owner(address) is None:
            return _NO_SUCH_USER
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        faults = self._sandbox.faults
        if faults.data:
            return faults.data.popleft()
        dropped = bool(faults.drops)
        if not dropped or faults.drops.popleft():
            await self._deliver(envelope)
        if dropped and server.transport:
            transport: Any = server.transport
            transport.abort()
        return "250 2.0.0 OK"

    async def _deliver(self, envelope: Envelope) -> None:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        for recipient in envelope.rcpt_tos:
            await self._sandbox.deliver(raw, recipient, envelope.mail_from or "")


for _name in ("mail.log", "pymap", "aiosmtpd"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # aiosmtpd tells every session at INFO

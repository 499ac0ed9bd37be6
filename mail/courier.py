"""Sends one letter by SMTP and says exactly how that ended.

Three endings besides success, none ever mixed up (RFC 5321): certainly not sent and worth another
try; certainly not sent and never will be; nobody can know. The last is only the time between the
end of the data and the server's answer.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import aiosmtplib

from core.outbound import InDoubtError, OutgoingLetter, RefusedError, TryLaterError
from core.usecases.parcels import Leaving, at_once
from mail.address import server_address
from mail.composing import as_bytes, compose, wire_address
from mail.linefaults import line_fault
from mail.rules import MailRules

SCHEMES = ("smtps", "smtp+starttls", "smtp")
_NO_LINE = (OSError, aiosmtplib.SMTPException, asyncio.TimeoutError, ValueError)
_NOTIFY = ["NOTIFY=SUCCESS,FAILURE,DELAY"]
_DOT = re.compile(rb"^\.", re.MULTILINE)


class SmtpCourier:
    """Carries letters to one SMTP server; every letter over a connection of its own.

    ``url`` is ``smtps://``, ``smtp+starttls://`` or ``smtp://`` with user and password if the
    server wants them; ``clock`` gives the aware moment for the ``Date`` field; ``timeout`` are
    seconds for one step, ``data_timeout`` for the server's answer after the data (RFC 5321
    4.5.3.2.6 asks for ten minutes).
    """

    def __init__(
        self,
        url: str,
        mail_from: str,
        clock: Callable[[], datetime],
        *,
        timeout: float = 60,
        data_timeout: float = 600,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server_address(url, *SCHEMES)
        self._from = mail_from
        self._sender = wire_address(MailRules(mail_from).own_address)
        self._own_domain = self._sender.rpartition("@")[2]
        self._clock = clock
        self._timeout = timeout
        self._data_timeout = data_timeout
        self._tls = tls

    async def send(self, letter: OutgoingLetter, leaving: Leaving = at_once) -> None:
        """Hand the letter to the server for all its recipients, or for none.

        ``leaving`` is told the letter's bytes once the server has said that it takes them. Raises
        :class:`TryLaterError`, :class:`RefusedError` or :class:`InDoubtError`.
        """
        if not letter.to:
            raise RefusedError("У письма нет ни одного получателя.")
        recipients = [wire_address(one) for one in letter.to]
        data = as_bytes(compose(letter, self._from, self._clock()))
        async with self._connected() as client:
            await self._announce(client, recipients, len(data), receipt=letter.receipt)
            await leaving(data)
            await self._hand_over(client, data)

    async def check(self) -> str:
        """Connect, log in, say good-bye: a sentence for ``doctor``. Raises as :meth:`send`."""
        async with self._connected() as client:
            await client.noop()
        entered = "вход выполнен" if self._server.user else "вход не требуется"
        return f"SMTP {self._server.shown}: сервер отвечает, {entered}."

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=self._timeout,
            use_tls=server.scheme == "smtps",
            start_tls=server.scheme == "smtp+starttls",
            tls_context=self._tls,
            local_hostname=self._own_domain,
        )
        try:
            await self._enter(client)
            yield client
            with suppress(*_NO_LINE):
                await client.quit(timeout=5)
        finally:
            client.close()

    async def _enter(self, client: aiosmtplib.SMTP) -> None:
        shown = self._server.shown
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await _greet(client)
            if self._server.user:
                await client.login(self._server.user, self._server.password)
        except aiosmtplib.SMTPAuthenticationError as refusal:
            raise TryLaterError(
                f"Почтовый сервер {shown} не принял имя и пароль (SMTP_URL): {_said(refusal)}"
            ) from None
        except aiosmtplib.SMTPResponseException as refusal:
            raise TryLaterError(
                f"Почтовый сервер {shown} не готов принять: {_said(refusal)}"
            ) from None
        except _NO_LINE as fault:
            raise TryLaterError(
                f"Нет связи с почтовым сервером {shown}: {line_fault(fault)}."
            ) from None

    async def _announce(self, client: aiosmtplib.SMTP, recipients: list[str], size: int, *,
                        receipt: bool) -> None:
        """The envelope. One recipient refused means the letter goes to none."""
        options = [f"SIZE={size}"] if client.supports_extension("size") else []
        confirmed = receipt and client.supports_extension("dsn")
        options += ["RET=HDRS"] if confirmed else []
        limit = client.esmtp_extensions.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < size:
            raise RefusedError(
                f"Письмо ({size // 1024} КБ) больше, чем принимает почтовый сервер "
                f"({int(limit) // 1024} КБ)."
            )
        try:
            await client.mail(self._sender, options=options)
            for recipient in recipients:
                await client.rcpt(recipient, options=_NOTIFY if confirmed else [])
            answer = await client.execute_command(b"DATA", timeout=self._timeout)
        except aiosmtplib.SMTPResponseException as refusal:
            raise _ending(refusal.code, _said(refusal)) from None
        except _NO_LINE as fault:
            raise TryLaterError(f"Связь прервалась до передачи письма: {_said(fault)}") from None
        if answer.code != 354:
            raise _ending(answer.code, f"{answer.code} {answer.message}")

    async def _hand_over(self, client: aiosmtplib.SMTP, data: bytes) -> None:
        """The letter and its final dot. From here on a broken line leaves the letter in doubt."""
        protocol = client.protocol
        try:
            if protocol is None:
                raise aiosmtplib.SMTPServerDisconnected("Connection lost")
            protocol.write(_DOT.sub(b"..", data) + b".\r\n")
        except _NO_LINE as fault:
            raise TryLaterError(f"Связь прервалась до передачи письма: {_said(fault)}") from None
        try:
            answer = await protocol.read_response(timeout=self._data_timeout)
        except _NO_LINE as fault:
            raise InDoubtError(
                "Связь прервалась, когда письмо было передано, а ответа сервера ещё не было: "
                f"дошло ли оно, неизвестно ({_said(fault)})."
            ) from None
        if not 200 <= answer.code < 600 or 300 <= answer.code < 400:
            raise InDoubtError(
                f"Почтовый сервер ответил на письмо непонятно ({answer.code}): дошло ли оно, "
                "неизвестно."
            )
        if answer.code >= 400:
            raise _ending(answer.code, f"{answer.code} {answer.message}")


async def _greet(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


def _ending(code: int, said: str) -> TryLaterError | RefusedError:
    """4xx: another time; 5xx: never; anything else is no answer at all."""
    line = " ".join(said.split())[:300]
    if 500 <= code < 600:
        return RefusedError(f"Почтовый сервер отказался принять письмо: {line}")
    return TryLaterError(f"Почтовый сервер просит повторить позже: {line}")


def _said(fault: BaseException) -> str:
    if isinstance(fault, aiosmtplib.SMTPResponseException):
        return f"{fault.code} {fault.message}"
    return str(fault) or type(fault).__name__

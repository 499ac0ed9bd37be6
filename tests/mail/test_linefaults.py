"""A mail server that cannot be reached: what the office reads, over real lines and keys."""

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from core.outbound import TryLaterError
from mail.address import server_address
from mail.courier import SmtpCourier
from mail.imap import MailUnavailableError, open_mailbox

CA = trustme.CA()
NOW = datetime.now(UTC)  # noqa: TID251 (certificates live by the real clock)
DAYS = timedelta(days=10)


async def _greets(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        writer.write(b"220 mail\r\n")
        await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def server(certificate: trustme.LeafCert | None) -> AsyncIterator[int]:
    """The port of a server that greets, over TLS if it has a certificate."""
    tls = None
    if certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(tls)
    async with await asyncio.start_server(_greets, "127.0.0.1", 0, ssl=tls) as running:
        yield running.sockets[0].getsockname()[1]


async def said_of(host: str, port: int) -> list[str]:
    """What is said of the server by the mailbox and by the courier."""
    with pytest.raises(MailUnavailableError) as by_mailbox:
        async with open_mailbox(server_address(f"imaps://u:p@{host}:{port}", "imaps"), limit=10):
            pass
    courier = SmtpCourier(f"smtps://u:p@{host}:{port}", "a@gorod.test", lambda: NOW, timeout=10)
    with pytest.raises(TryLaterError) as by_courier:
        await courier.check()
    return [str(by_mailbox.value), str(by_courier.value)]


@pytest.mark.parametrize(("certificate", "advice"), [
    (lambda: CA.issue_cert("127.0.0.1", not_before=NOW - 2 * DAYS, not_after=NOW - DAYS),
     "срок сертификата сервера истёк: обратитесь к администратору почты"),
    (lambda: CA.issue_cert("127.0.0.1", not_before=NOW + DAYS, not_after=NOW + 2 * DAYS),
     "сертификат сервера ещё не действует: проверьте часы этого компьютера"),
    (lambda: CA.issue_cert("127.0.0.2"),
     "сертификат выдан другому серверу: укажите имя из сертификата"),
    (lambda: trustme.CA().issue_cert("127.0.0.1"),
     "сертификату сервера нельзя доверять: если его выдал ваш удостоверяющий центр, укажите "
     "файл его сертификата в переменной SSL_CERT_FILE"),
    (lambda: None,
     "на этом порту сервер не шифрует сразу: проверьте порт и начало адреса"),
], ids=["expired", "not yet", "another's", "unknown authority", "no TLS"])
async def test_a_wrong_certificate_is_told_from_the_others(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
        certificate: Callable[[], trustme.LeafCert | None], advice: str) -> None:
    CA.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    async with server(certificate()) as port:
        for said in await said_of("127.0.0.1", port):
            assert re.fullmatch(rf"Нет связи с почтовым сервером \w+://\S+: {advice}\.", said)


async def test_a_server_that_is_away_is_told_from_a_name_that_nobody_has() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = await said_of("127.0.0.1", taken.getsockname()[1])
    assert all("на этом порту никто не отвечает: проверьте адрес и порт" in one for one in away)
    unknown = await said_of("mail.invalid", 993)
    assert all("сервера с таким именем нет: проверьте адрес и сеть" in one for one in unknown)

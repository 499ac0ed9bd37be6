"""Certificates that are about to end are told of; a server that is silent hides none of them."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest
import trustme
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP

from bot.certificates import Certificates
from bot.settings import Settings
from core.cards import Expiry

LAST = date(2126, 12, 10)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def serving(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", not_after=datetime(
        LAST.year, LAST.month, LAST.day, 12, tzinfo=UTC)).configure_cert(context)
    return context


@asynccontextmanager
async def listening(tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_a_certificate_is_told_of_from_the_day_on_that_it_is_near(
        serving: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    async with listening(serving) as port:
        looked = Certificates((("Почта IMAP", f"imaps://u:p@localhost:{port}/INBOX"),), trusting)
        assert await looked.by(LAST) == (Expiry("Почта IMAP", LAST),)
        assert await looked.by(date(2126, 12, 9)) == ()


async def test_the_certificate_behind_starttls_is_seen_too(
        serving: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Sink(), tls_context=serving, loop=loop), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        looked = Certificates((("Почта SMTP", f"smtp+starttls://localhost:{port}"),), trusting)
        assert await looked.by(LAST) == (Expiry("Почта SMTP", LAST),)


async def test_a_server_that_shows_nothing_hides_none_of_the_others(
        serving: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    async with listening(serving) as good, listening(None) as plain:
        looked = Certificates((
            ("нет такого", "imaps://localhost:1"), ("без TLS", f"smtps://localhost:{plain}"),
            ("Почта SMTP", f"smtps://localhost:{good}")), trusting)
        assert await looked.by(LAST) == (Expiry("Почта SMTP", LAST),)


async def test_a_certificate_of_a_stranger_is_not_believed(serving: ssl.SSLContext) -> None:
    async with listening(serving) as port:
        assert await Certificates((("кто-то", f"https://localhost:{port}"),)).by(LAST) == ()


def test_only_the_addresses_with_tls_are_asked() -> None:
    settings = Settings.model_validate({
        "imap_url": "imaps://u:p@mail.gorod.test", "smtp_url": "smtp://mail.gorod.test:25",
        "webhook_url": "https://bot.gorod.test/t", "webhook_secret": "s"})
    assert [what for what, _ in Certificates.of(settings).servers] == [
        "Почта IMAP", "Адрес WEBHOOK_URL"]

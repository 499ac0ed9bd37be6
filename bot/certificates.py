"""When the certificates of the servers end that the program speaks with; told in the digest."""

import asyncio
import logging
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import aiosmtplib

from bot.settings import Settings
from core.cards import Expiry

log = logging.getLogger(__name__)

WAIT = 10.0
"""Seconds for one server; the digest must not wait for a server that is silent."""
PORTS = {"imaps": 993, "smtps": 465, "smtp+starttls": 587, "https": 443}


@dataclass(frozen=True, slots=True)
class Certificates:
    """Implements ``core.usecases.control.Expiries``. ``tls`` trusts the system's authorities.

    A server that cannot be asked is left out: ``rakurs doctor`` and the log of its own line say
    what is wrong with it.
    """

    servers: tuple[tuple[str, str], ...]
    """What it is for people, and its address."""
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    @classmethod
    def of(cls, settings: Settings) -> "Certificates":
        """The mail servers and the program's own web address, those with TLS."""
        named = (("Почта IMAP", settings.imap_url.get_secret_value()),
                 ("Почта SMTP", settings.smtp_url.get_secret_value()),
                 ("Адрес WEBHOOK_URL", settings.webhook_url))
        return cls(tuple((what, url) for what, url in named if urlsplit(url).scheme in PORTS))

    async def by(self, day: date) -> Sequence[Expiry]:
        """Which of them end on that day or before."""
        asked = await asyncio.gather(*(self._last_day(url) for _, url in self.servers))
        return tuple(Expiry(what, on) for (what, _), on in zip(self.servers, asked, strict=True)
                     if on is not None and on <= day)

    async def _last_day(self, url: str) -> date | None:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        look = self._after_starttls if parts.scheme == "smtp+starttls" else self._at_once
        try:
            async with asyncio.timeout(WAIT):
                shown = await look(host, port)
        except (OSError, TimeoutError, aiosmtplib.SMTPException) as fault:
            log.info("the certificate of %s could not be seen: %s", host, fault)
            return None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown), UTC).date()

    async def _at_once(self, host: str, port: int) -> str:
        _, writer = await asyncio.open_connection(host, port, ssl=self.tls)
        try:
            return _ends(writer.get_extra_info("peercert"))
        finally:
            writer.transport.abort()

    async def _after_starttls(self, host: str, port: int) -> str:
        smtp = aiosmtplib.SMTP(
            hostname=host, port=port, start_tls=True, tls_context=self.tls, timeout=WAIT)
        async with smtp:
            return _ends(smtp.transport.get_extra_info("peercert") if smtp.transport else None)


def _ends(certificate: object) -> str:
    ends = certificate.get("notAfter") if isinstance(certificate, dict) else None
    if not isinstance(ends, str):
        raise ssl.SSLError("no certificate was shown")
    return ends

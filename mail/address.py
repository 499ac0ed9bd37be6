"""Addresses of mail servers, as the settings give them: ``imaps://user:password@host:port/box``."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from core.errors import AssistantError

_PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "smtp+starttls": 587, "smtp": 25}


class BadAddressError(AssistantError):
    """A mail server's address in the settings is wrong; the sentence says how."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A parsed address; printing it never shows the password."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = "INBOX"

    @property
    def shown(self) -> str:
        """The address for people and logs, without user and password."""
        return f"{self.scheme}://{self.host}:{self.port}"


def server_address(url: str, *schemes: str) -> ServerAddress:
    """Read an address, allowing only the given schemes.

    Raises :class:`BadAddressError` with a sentence that never repeats the password.
    """
    example = f"{schemes[0]}://user:password@mail.example.ru:{_PORTS[schemes[0]]}"
    try:
        parts = urlsplit(url.strip())
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise BadAddressError(
            f"Адрес почтового сервера записан неверно, пример: {example}."
        ) from None
    if parts.scheme not in schemes or not parts.hostname:
        allowed = ", ".join(f"{scheme}://" for scheme in schemes)
        raise BadAddressError(
            f"Адрес почтового сервера должен начинаться с {allowed} и содержать имя сервера, "
            f"пример: {example}."
        )
    return ServerAddress(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )

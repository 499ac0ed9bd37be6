"""The office's own secret: makes unguessable keys that are the same for the same thing."""

import base64
import hmac
from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Secret:
    """``key`` is 32 random bytes kept in the data folder, never printed."""

    key: bytes = field(repr=False)

    def token(self, subject: str) -> str:
        """26 lower-case letters and digits (130 bits), fit for the local part of an address."""
        digest = hmac.new(self.key, subject.encode(), sha256).digest()
        return base64.b32encode(digest).decode().lower()[:26]

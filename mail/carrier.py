"""The e-mail face of the courier: words a parcel and hands it to SMTP."""

from typing import Protocol

from core.outbound import OutgoingLetter, RefusedError
from core.usecases.parcels import Leaving, Parcel, at_once
from mail import wording


class Sender(Protocol):
    """What sends one letter by SMTP."""

    async def send(self, letter: OutgoingLetter, leaving: Leaving = at_once) -> None:
        """Send; raises TryLaterError, RefusedError or InDoubtError.

        ``leaving`` is told the bytes of the letter before the server is given any of it.
        """
        ...


class MailCarrier:
    """Implements ``core.usecases.parcels.Courier`` for e-mail."""

    def __init__(self, sender: Sender, domain: str) -> None:
        """``domain`` is the right-hand side of our Message-IDs."""
        self._sender = sender
        self._domain = domain

    async def deliver(self, parcel: Parcel, leaving: Leaving = at_once) -> str:
        """Send the parcel as one letter; returns its Message-ID, the same for every try."""
        if not parcel.address:
            raise RefusedError("Не указан адрес электронной почты получателя.")
        key = f".{parcel.key}" if parcel.key else ""
        message_id = f"<rakurs.{parcel.row_id}{key}@{self._domain}>"
        letter = wording.letter_of(parcel, message_id, (parcel.address,))
        await self._sender.send(letter, leaving)
        return message_id

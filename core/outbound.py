"""A letter that leaves by e-mail, as plain values, and how its sending can end."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import AssistantError


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file that goes with a letter."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """Everything the mail bridge needs to send one letter.

    ``message_id`` is stable (derived from the outbox row), so that a repeat is the same letter.
    ``token`` goes into the plus-address of ``Reply-To``; empty where no answer is awaited.
    ``case_number`` goes into the subject as ``[ЕКЖ-2026-000123]``; empty if about none.
    ``automatic`` marks a machine's letter (``Auto-Submitted``, RFC 3834). ``receipt`` asks the
    addressee's server to confirm the delivery (RFC 3461).
    """

    message_id: str
    to: tuple[str, ...]
    subject: str
    text: str = field(repr=False)
    case_number: str = ""
    token: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[LetterFile, ...] = ()
    automatic: bool = True
    receipt: bool = False


class Delivery(StrEnum):
    """How far an outgoing thing got.

    SENDING is on the line; SENT is accepted by our server; DELIVERED is confirmed by the
    addressee's; ANSWERED is answered by a person.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    BOUNCED = "bounced"
    IN_DOUBT = "in_doubt"
    FAILED = "failed"


class DeliveryError(AssistantError):
    """The sending did not succeed; see the subclasses for what that means."""


class TryLaterError(DeliveryError):
    """Certainly not sent; worth another try (4xx, no line); ``after`` seconds, if said."""

    def __init__(self, sentence: str, after: float | None = None) -> None:
        super().__init__(sentence)
        self.after = after


class RefusedError(DeliveryError):
    """Certainly not sent and never will be (5xx, blocked): a person must look."""


class UnreachableError(RefusedError):
    """The messenger takes nothing for this person (blocked, deleted, never begun)."""


class InDoubtError(DeliveryError):
    """It may or may not have been sent (the line broke after the data); never repeated."""

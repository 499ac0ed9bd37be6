"""Telegram's sending limits, and faults that a test orders."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from bot.sandbox.refusals import too_many_requests

SENDING = {"sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup"}


@dataclass
class RateLimits:
    """At most ``overall`` messages in any second, ``per_chat`` calls in any second of a chat and
    ``per_group`` messages in any minute of a group (its id is negative).

    Always counted; refused with 429 only while ``enforced``. Source: the Bot API FAQ, «My bot is
    hitting limits». The window is strict: no burst is forgiven.
    """

    clock: Callable[[], float]
    enforced: bool = False
    overall: int = 30
    per_chat: int = 1
    per_group: int = 20
    window: float = 1.0
    group_window: float = 60.0
    sent: int = 0
    overall_violations: int = 0
    chat_violations: int = 0
    _recent: deque[float] = field(default_factory=deque)
    _recent_of: dict[int, deque[float]] = field(default_factory=dict)

    def count(self, chat_id: int, messages: int = 1) -> None:
        """One sending call; raises 429 if it is too early and limits are enforced."""
        now = self.clock()
        chat = self._recent_of.setdefault(chat_id, deque())
        wait, group = 0.0, chat_id < 0
        for recent, room, more, window in (
            (self._recent, self.overall, messages, self.window),
            (chat, self.per_group if group else self.per_chat, messages if group else 1,
             self.group_window if group else self.window),
        ):
            while recent and recent[0] <= now - window:
                recent.popleft()
            if len(recent) + more > room and recent:
                wait = max(wait, recent[0] + window - now)
                self.overall_violations += recent is self._recent
                self.chat_violations += recent is chat
        if wait and self.enforced:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._recent.extend([now] * messages)
        chat.extend([now] * (messages if group else 1))
        self.sent += messages


class Fault(Enum):
    """What goes wrong with a call."""

    BAD_GATEWAY = "bad_gateway"
    """502 with an HTML page, the call is not carried out."""
    BAD_GATEWAY_AFTER = "bad_gateway_after"
    """502 with an HTML page although the call was carried out."""
    RESET = "reset"
    """The connection is cut before anything is done."""
    RESET_AFTER = "reset_after"
    """The connection is cut after the call was carried out: the bot cannot know."""
    FLOOD = "flood"
    """429 with ``retry_after``."""


@dataclass
class Faults:
    """Orders of faults by method; ``download`` stands for fetching a file."""

    _ordered: dict[str, deque[tuple[Fault, int]]] = field(default_factory=dict)

    def order(self, method: str, fault: Fault, *, times: int = 1, retry_after: int = 1) -> None:
        """The next ``times`` calls of ``method`` go wrong."""
        self._ordered.setdefault(method.lower(), deque()).extend([(fault, retry_after)] * times)

    def take(self, method: str) -> tuple[Fault, int] | None:
        """The fault for this call, if one is ordered; it is used up."""
        ordered = self._ordered.get(method.lower())
        return ordered.popleft() if ordered else None

    @property
    def left(self) -> int:
        """Faults ordered and not yet met."""
        return sum(len(ordered) for ordered in self._ordered.values())

"""Which cards of cases stand in whose chats."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card in a chat: which case it shows to whom, as it was at ``case_version``.

    ``head`` is the notice's sentence above it, kept while the reader's ``stamp`` is the same;
    ``look`` a short mark of what it looks like, so that nothing is edited in vain: ``CHOICE``
    where a choice that its reader opened stands in its place (whom to, by when, which remark).
    """

    chat_id: int
    message_id: int
    person_id: int
    case_id: int
    case_version: int
    stamp: str
    head: str = ""
    look: str = ""

    @property
    def choosing(self) -> bool:
        """Whether its reader is choosing in its place."""
        return self.look == CHOICE


class ShownCards(Protocol):
    """The newest card of each case in each chat."""

    async def put(self, card: ShownCard, now: datetime) -> ShownCard | None:
        """This is the card of its case in its chat now; returns the one it takes the place of.

        None where there was none, or where it was the same message.
        """
        ...

    async def behind(self, limit: int) -> Sequence[ShownCard]:
        """Cards whose cases have moved since, the oldest first."""
        ...

    async def renew(self, case_ids: Sequence[int], person_ids: Collection[int]) -> None:
        """The cards of these cases are behind though none has moved: others do these people's
        parts now. What stood above the cards of these people is not so any more."""
        ...

    async def still(self, card: ShownCard) -> bool:
        """Whether that message has shown nothing newer since the card was read."""
        ...

    async def caught_up(self, before: ShownCard, now: ShownCard) -> bool:
        """The message was edited from ``before`` to ``now``; whether it is still the card.

        Where the person was shown a newer state in it meanwhile, it is behind again.
        """
        ...

    async def choose(self, chat_id: int, message_id: int) -> None:
        """A choice was opened in the place of that card, if it is one."""
        ...

    async def chosen(self, chat_id: int, message_id: int | None = None) -> int:
        """The choice in that card, or every one of the chat, is over: the card is behind.

        Returns how many there were.
        """
        ...

    async def go_on(self, chat_id: int, before: int, now: int) -> None:
        """The choice in the message ``before`` goes on in another one, which is the card now."""
        ...

    async def forget(self, card: ShownCard) -> None:
        """The message is a card no more."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget those not shown anew since that moment; returns how many."""
        ...

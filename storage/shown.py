"""Which cards stand in whose chats, to be edited as their cases move."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F
from tortoise.queryset import QuerySet

from core.ports import ShownCard
from core.ports.shown import CHOICE
from storage import statements
from storage.fields import utc
from storage.records import ShownCardRecord

KEPT = tuple(one.name for one in fields(ShownCard))
"""The columns of a card."""


class ShownCardRepository:
    """Implements ``core.ports.ShownCards``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    def _rows(self) -> QuerySet[ShownCardRecord]:
        return ShownCardRecord.all().using_db(self._client)

    def _row(self, card: ShownCard) -> QuerySet[ShownCardRecord]:
        return self._rows().filter(
            case_id=card.case_id, chat_id=card.chat_id, message_id=card.message_id)

    def _unchanged(self, card: ShownCard) -> QuerySet[ShownCardRecord]:
        return self._row(card).filter(case_version=card.case_version, look=card.look)

    async def put(self, card: ShownCard, now: datetime) -> ShownCard | None:
        """This is the card of its case in its chat now; returns the one it takes the place of."""
        columns = {**asdict(card), "shown_at": utc(now)}
        found = await statements.rows(
            self._client, f"SELECT {', '.join(KEPT)} FROM shown_cards "  # noqa: S608
            "WHERE case_id = ? AND chat_id = ?", card.case_id, card.chat_id)
        if not found:
            await statements.change(
                self._client, statements.insert_into("shown_cards", *columns), *columns.values())
            return None
        before = ShownCard(**{name: found[0][name] for name in KEPT})
        await statements.change(
            self._client, f"UPDATE shown_cards SET {statements.assigned(*columns)} "  # noqa: S608
            "WHERE case_id = ? AND chat_id = ?", *columns.values(), card.case_id, card.chat_id)
        return None if before.message_id == card.message_id else before

    async def behind(self, limit: int) -> Sequence[ShownCard]:
        """Cards whose cases have moved since, the oldest first."""
        rows = self._rows().filter(case__version__gt=F("case_version")).order_by("id")
        return [_card(one) for one in await rows.limit(limit)]

    async def renew(self, case_ids: Sequence[int], person_ids: Collection[int]) -> None:
        """The cards of these cases are behind: others do these people's parts now."""
        rows = self._rows().filter(case_id__in=list(case_ids))
        await rows.filter(person_id__in=list(person_ids)).update(head="")
        await rows.update(case_version=0)

    async def still(self, card: ShownCard) -> bool:
        """Whether that message has shown nothing newer since the card was read."""
        return await self._unchanged(card).exists()

    async def caught_up(self, before: ShownCard, now: ShownCard) -> bool:
        """The message was edited; where it changed meanwhile, it is behind again."""
        if await self._unchanged(before).update(
                case_version=now.case_version, stamp=now.stamp, head=now.head, look=now.look):
            return True
        return bool(await self._row(now).update(case_version=0))

    async def choose(self, chat_id: int, message_id: int) -> None:
        """A choice was opened in the place of that card, if it is one."""
        await self._rows().filter(chat_id=chat_id, message_id=message_id).update(look=CHOICE)

    async def chosen(self, chat_id: int, message_id: int | None = None) -> int:
        """The choice in that card, or every one of the chat, is over: the card is behind."""
        rows = self._rows().filter(chat_id=chat_id, look=CHOICE)
        if message_id is not None:
            rows = rows.filter(message_id=message_id)
        return await rows.update(look="", case_version=0)

    async def go_on(self, chat_id: int, before: int, now: int) -> None:
        """The choice goes on in another message, which is the card now."""
        await self._rows().filter(
            chat_id=chat_id, message_id=before, look=CHOICE).update(message_id=now)

    async def forget(self, card: ShownCard) -> None:
        """The message is a card no more."""
        await self._row(card).delete()

    async def purge(self, before: datetime) -> int:
        """Forget those not shown anew since that moment; returns how many."""
        return await self._rows().filter(shown_at__lt=utc(before)).delete()


def _card(row: ShownCardRecord) -> ShownCard:
    return ShownCard(row.chat_id, row.message_id, row.person_id, row.case_id, row.case_version,
                     row.stamp, row.head, row.look)

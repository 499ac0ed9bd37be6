"""Whose turn it is in a chat: a card is read and put into its message without another between.

An edit that was under way when its reader pressed a button would else bring back the card as it
was before, with buttons that are answered by «уже решено».
"""

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """One lock for each chat in which something is being shown."""

    def __init__(self) -> None:
        """Nobody speaks anywhere."""
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def of(self, chat_id: int) -> asyncio.Lock:
        """The lock of that chat; hold on to it while you wait for it."""
        return self._locks.setdefault(chat_id, asyncio.Lock())

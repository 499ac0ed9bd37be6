"""A bell that wakes loops: rung after a commit, so that nobody polls faster than needed."""

import asyncio
from enum import Enum, auto


class Sound(Enum):
    """What a ring is about, where that is known: the other loops sleep on."""

    CASES = auto()
    NOTICES = auto()
    PHOTOS = auto()
    PEOPLE = auto()


class Bell:
    """``ring`` wakes every loop with an ear for it; a ring while nobody waits is remembered."""

    def __init__(self) -> None:
        """A silent bell."""
        self._ears: list[Ear] = []

    def another(self, *sounds: Sound) -> "Ear":
        """An ear of its own for one more loop; without ``sounds`` it hears every ring."""
        ear = Ear(*(sounds or Sound))
        self._ears.append(ear)
        return ear

    def ring(self, *sounds: Sound) -> None:
        """Wake the waiting loops, now or at their next wait; without ``sounds`` all of them."""
        for ear in self._ears:
            if not sounds or not ear.sounds.isdisjoint(sounds):
                ear.heard.set()


class Ear:
    """One loop's hearing of the bell."""

    def __init__(self, *sounds: Sound) -> None:
        """Nothing heard yet."""
        self.sounds = frozenset(sounds)
        self.heard = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Until the bell rings, at most ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self.heard.wait()
        except TimeoutError:
            return  # a ring at this very moment is heard by the next wait
        self.heard.clear()

"""A bell that wakes loops: rung after a commit, so that nobody polls faster than needed."""

import asyncio


class Bell:
    """``ring`` wakes every loop that has an ear; a ring while nobody waits is remembered."""

    def __init__(self) -> None:
        """A silent bell."""
        self._ears: list[Ear] = []

    def another(self) -> "Ear":
        """An ear of its own for one more loop."""
        ear = Ear()
        self._ears.append(ear)
        return ear

    def ring(self) -> None:
        """Wake the waiting loops, now or at their next wait."""
        for ear in self._ears:
            ear.heard.set()


class Ear:
    """One loop's hearing of the bell."""

    def __init__(self) -> None:
        """Nothing heard yet."""
        self.heard = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Until the bell rings, at most ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self.heard.wait()
        except TimeoutError:
            return  # a ring at this very moment is heard by the next wait
        self.heard.clear()

"""A bell that wakes a loop: rung after a commit, so that nobody polls faster than needed."""

import asyncio


class Bell:
    """``ring`` wakes whoever waits; a ring while nobody waits is remembered."""

    def __init__(self) -> None:
        """A silent bell."""
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiting loop, now or at its next wait."""
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Until the bell rings, at most ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()

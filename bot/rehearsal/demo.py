"""``rakurs demo``: the whole story on a fresh stage, told step by step."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.rehearsal import pictures, returns
from bot.rehearsal.post import NoLetterError, Post
from bot.rehearsal.stage import Mailboxes, Stage
from bot.rehearsal.steps import NotSeenError, Rehearsal, Step
from bot.rehearsal.telling import Teller
from bot.sandbox.people import HandError

NOT_SEEN = (NotSeenError, HandError, NoLetterError)

Beside = Callable[[Rehearsal], Awaitable[None]]
"""Something that goes on beside the story: a fault of the world, say. Cancelled at the end."""


async def play(out: Path, beside: Beside | None = None, *, mailboxes: Mailboxes | None = None,
               steps: Sequence[Step] = tuple(returns.SCRIPT.steps)) -> bool:
    """Play every step; True if each was seen. Artefacts are left in ``out``."""
    with tempfile.TemporaryDirectory(prefix="rakurs-demo-") as folder:
        stage = await Stage.build(Path(folder) / "data", extra={"SCAN_SECONDS": "1"},
                                  mailboxes=mailboxes)
        try:
            await stage.begin()
            now = Rehearsal(stage, Post(stage.mail.imap_url, stage.mail.smtp_url),
                            pictures.choose(), out)
            async with _going_on(beside, now):
                return await _steps(now, steps)
        finally:
            await stage.stop_program()
            await asyncio.to_thread(shutil.copy, stage.folder / "program.log", out)
            await stage.close()


@asynccontextmanager
async def _going_on(beside: Beside | None, now: Rehearsal) -> AsyncIterator[None]:
    """What goes on beside the story, while it lasts."""
    aside = asyncio.ensure_future(beside(now)) if beside else None
    try:
        yield
    finally:
        if aside is not None:
            aside.cancel()
            await asyncio.wait([aside])
            if not aside.cancelled():
                aside.result()


async def _steps(now: Rehearsal, steps: Sequence[Step]) -> bool:
    teller = Teller(steps)
    for place, step in enumerate(steps):
        teller.begins(place)
        try:
            await step.deed(now)
        except (*NOT_SEEN, TimeoutError) as missed:
            teller.failed(place, str(missed) or type(missed).__name__)
            return False
        teller.done(place)
    teller.ends(str(now.out))
    return True

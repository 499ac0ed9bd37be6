"""``rakurs demo``: the whole story on a fresh stage, told step by step."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.rehearsal import pictures, returns
from bot.rehearsal.post import NoLetterError, Post
from bot.rehearsal.stage import Stage
from bot.rehearsal.steps import NotSeenError, Rehearsal
from bot.rehearsal.telling import Teller
from bot.sandbox.people import HandError

NOT_SEEN = (NotSeenError, HandError, NoLetterError)

Beside = Callable[[Rehearsal], Awaitable[None]]
"""Something that goes on beside the story: a fault of the world, say. Cancelled at the end."""


async def play(out: Path, beside: Beside | None = None) -> bool:
    """Play every step; True if each was seen. Artefacts are left in ``out``."""
    with tempfile.TemporaryDirectory(prefix="rakurs-demo-") as folder:
        stage = await Stage.build(Path(folder) / "data", extra={"SCAN_SECONDS": "1"})
        try:
            await stage.settle_in()
            await stage.start_program()
            now = Rehearsal(stage, Post(stage.mail.imap_url, stage.mail.smtp_url),
                            pictures.choose(), out)
            aside = asyncio.ensure_future(beside(now)) if beside else None
            try:
                return await _steps(now)
            finally:
                if aside is not None:
                    aside.cancel()
        finally:
            log = stage.folder / "program.log"
            await asyncio.to_thread(shutil.copy, log, out)
            await stage.close()


async def _steps(now: Rehearsal) -> bool:
    teller = Teller(returns.SCRIPT.steps)
    for place, step in enumerate(returns.SCRIPT.steps):
        teller.begins(place)
        try:
            await step.deed(now)
        except (*NOT_SEEN, TimeoutError) as missed:
            teller.failed(place, str(missed) or type(missed).__name__)
            return False
        teller.done(place)
    teller.ends(str(now.out))
    return True

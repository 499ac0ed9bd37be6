"""A voice message as text, by a recogniser that runs on the office's own computer.

No sound leaves the office: the command of ``SPEECH_COMMAND`` gets the file and prints the text.
Without the setting dictation is off.
"""

import asyncio
import logging
import shlex
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.texts import general
from core.errors import NotAcceptedError

log = logging.getLogger(__name__)

FILE = "{file}"
"""In the command, for the path of the voice message (OGG with Opus, as Telegram sends it)."""
LONGEST_SECONDS = 300
"""Of a voice message."""
WAIT_SECONDS = 180.0
"""For the recogniser."""
MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Dictation:
    """The office's recogniser; an empty ``command`` means that there is none."""

    command: str = ""
    wait: float = WAIT_SECONDS

    async def text_of(self, sound: bytes) -> str:
        """What was said; raises NotAcceptedError with what to do instead."""
        if not self.command:
            raise NotAcceptedError(general.NO_DICTATION)
        with tempfile.TemporaryDirectory(prefix="rakurs-voice-") as folder:
            path = Path(folder) / "voice.ogg"
            await asyncio.to_thread(path.write_bytes, sound)
            said = await self._recognised(path)
        text = " ".join(said.split())[:MOST_TEXT]
        if not text:
            raise NotAcceptedError(general.NOTHING_HEARD)
        return text

    async def _recognised(self, path: Path) -> str:
        """What the command prints; its own words of a fault go to the log alone."""
        parts = [one.replace(FILE, str(path)) for one in shlex.split(self.command)]
        try:
            process = await asyncio.create_subprocess_exec(
                *parts, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE)
        except OSError as fault:
            log.warning("the recogniser of SPEECH_COMMAND does not start: %s", fault)
            raise NotAcceptedError(general.DICTATION_FAILED) from fault
        try:
            out, errors = await asyncio.wait_for(process.communicate(), self.wait)
        except TimeoutError:
            log.warning("the recogniser of SPEECH_COMMAND took more than %s s", self.wait)
            raise NotAcceptedError(general.DICTATION_FAILED) from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode:
            log.warning("the recogniser of SPEECH_COMMAND ended with %s: %s", process.returncode,
                        errors.decode(errors="replace")[-300:])
            raise NotAcceptedError(general.DICTATION_FAILED)
        return out.decode(errors="replace")

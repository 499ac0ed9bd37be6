"""A voice message as text, by a recogniser that runs on the office's own computer.

No sound leaves the office: the command of ``SPEECH_COMMAND`` gets the file and prints the text.
Without the setting dictation is off.
"""

import asyncio
import logging
import shlex
import shutil
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.texts import general
from core.errors import NotAcceptedError

log = logging.getLogger(__name__)

FILE = "{file}"
"""In the command, for the path of the voice message (OGG with Opus, as Telegram sends it)."""
WAV = "{wav}"
"""In the command, for the path of the same as WAV (16 kHz, one channel, 16 bits)."""
TRANSCODER = Path(__file__).with_name("wav.py")
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
            wav = path.with_suffix(".wav")
            if WAV in self.command:
                await self._printed([sys.executable, "-P", str(TRANSCODER), str(path), str(wav)])
            said = await self._printed([one.replace(FILE, str(path)).replace(WAV, str(wav))
                                        for one in shlex.split(self.command)])
        text = " ".join(said.split())[:MOST_TEXT]
        if not text:
            raise NotAcceptedError(general.NOTHING_HEARD)
        return text

    def missing(self) -> str:
        """The program of the command, if there is none of that name; else empty."""
        program = (shlex.split(self.command) or [""])[0]
        return "" if not program or shutil.which(program) else program

    async def _printed(self, parts: list[str]) -> str:
        """What the command prints; its own words of a fault go to the log alone."""
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
            log.warning("%s of SPEECH_COMMAND took more than %s s", parts[0], self.wait)
            raise NotAcceptedError(general.DICTATION_FAILED) from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode:
            log.warning("%s of SPEECH_COMMAND ended with %s: %s", parts[0], process.returncode,
                        errors.decode(errors="replace")[-300:])
            raise NotAcceptedError(general.DICTATION_FAILED)
        return out.decode(errors="replace")

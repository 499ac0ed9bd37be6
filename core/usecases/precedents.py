"""What past cases say where the directory is silent: a suggestion for a person to weigh (R6).

Learnt once a day from the office's own decisions, in a process of its own; the model is derived
from the journal and may be thrown away at any time. Nothing is ever decided by it.
"""

import asyncio
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import msgspec

from core import privacy
from core.case import Case, CitizenMessage
from core.people import Directory
from core.precedents.model import Model, Rows, terms_of
from core.regulation.terms import Event, Role
from core.usecases.office import Office

log = logging.getLogger(__name__)

ROUTINE = "precedents"
MOST_CASES = 3000
"""The newest decisions: an office changes, and what is older teaches what was."""
PAGE = 100
SECONDS = 300.0
FILE = "precedents.json"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """To whom messages like this went; ``certainty``: so many of such guesses were right, 0..1."""

    official_id: int
    lead_id: int
    certainty: float
    cases: int


@dataclass(slots=True)
class Precedents:
    """The office's experience; silent until there is enough of it."""

    office: Office
    folder: Path
    _model: Rows | None = field(default=None, init=False)
    _read_at: float = field(default=-1.0, init=False)

    def suggest(self, message: CitizenMessage, directory: Directory) -> Suggestion | None:
        """To whom like messages went; None where the model is not sure, or they have left."""
        model = self._fresh()
        if model is None:
            return None
        guess = model.guess(terms_of(message.topic, message.category, message.place,
                                     message.text))
        if guess is None:
            return None
        official, lead = (int(one) for one in guess.label.split(":"))
        if not (directory.is_working(official) and directory.is_working(lead)) or (
                Role.OFFICIAL not in directory.person(official).offices):
            return None
        return Suggestion(official, lead, guess.certainty, model.model.cases)

    def _fresh(self) -> Rows | None:
        """The newest model; another process may have learnt meanwhile."""
        path = self.folder / FILE
        try:
            written = path.stat().st_mtime
            if written != self._read_at:
                self._model = msgspec.json.decode(path.read_bytes(), type=Model).rows()
                self._read_at = written
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, ValueError) as fault:
            log.warning("what past cases teach cannot be read: %s", fault)
            return None
        return self._model

    async def learn_if_due(self) -> bool:
        """Learn once a day; whether there is a new model."""
        today = self.office.calendar.local_date(self.office.clock.now()).isoformat()
        async with self.office.work() as work:
            if await work.routines.done(ROUTINE, today):
                return False
            await work.routines.mark(ROUTINE, today, self.office.clock.now())
        return await self.learn()

    async def learn(self) -> bool:
        """Learn from the newest decisions now; whether there was enough to learn from."""
        examples = await self._examples()
        told = await asyncio.to_thread(msgspec.json.encode, examples)
        made = await self._trained(told)
        if not made:
            return False
        await asyncio.to_thread(self._keep, made)
        return True

    def _keep(self, made: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f"{FILE}.{token_hex(4)}"
        fresh.write_bytes(made)
        fresh.replace(self.folder / FILE)

    async def _examples(self) -> list[dict[str, object]]:
        async with self.office.work() as work:
            ids = await work.journal.latest_cases(Event.IMPOSE_RESOLUTION.value, MOST_CASES)
        found: list[dict[str, object]] = []
        for first in range(0, len(ids), PAGE):
            async with self.office.work() as work:
                cases = await work.cases.several(ids[first:first + PAGE])
            found += await asyncio.to_thread(_decided, cases)
        return found

    async def _trained(self, examples: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "core.precedents.training",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            cwd=ROOT)
        try:
            made, _ = await asyncio.wait_for(process.communicate(examples), SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            log.warning("learning from past cases ended with %s", process.returncode)
            return b""
        return made


def _decided(cases: Sequence[Case]) -> list[dict[str, object]]:
    """Each round that had a lead, without names and contacts (4.1)."""
    found: list[dict[str, object]] = []
    for case in cases:
        rounds = [(past.message, past.official_id, next(
            (part.executor_id for part in past.parts if part.is_lead), None))
            for past in case.past]
        rounds.append((case.message, case.official_id,
                       case.lead.executor_id if case.lead else None))
        for message, official, lead in rounds:
            if official is not None and lead is not None:
                terms = terms_of(message.topic, message.category, message.place,
                                 privacy.masked(message.text, message.named))
                found.append({"terms": terms, "label": f"{official}:{lead}"})
    return found

"""The whole file of a case as one archive that opens without the program (terms, R50)."""

import asyncio
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

from core.case import Case
from core.errors import NotFoundError
from core.files import FileRef
from core.journal import Entry, Fact
from core.notices import OutboxRow
from core.outbound import LetterFile
from core.people import Actor
from core.usecases import casepage
from core.usecases.casepage import JOURNAL, Contents, Outgoing
from core.usecases.office import Office
from core.usecases.papers import Papers

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Writes the file of a case; the export itself is a fact of the journal (4.1)."""

    office: Office
    papers: Papers

    async def write(self, actor: Actor, number: str, out: Path) -> Case:
        """The ZIP of the case of that number at ``out``: an index page, documents, letters as
        they came and as they went, photos with their verdicts, the journal.

        Raises NotFoundError.
        """
        contents = await self._read(actor, number)
        case, directory = contents.case, contents.directory
        documents: tuple[LetterFile, ...] = (
            *await self.papers.interim(case, directory),
            *await self.papers.approval_sheets(case, directory))
        if case.past:
            documents = (*await self.papers.closing(case, directory), *documents,
                         *await self.papers.returned(case, directory))
        if case.draft is not None:
            documents = (*await self.papers.answer(case, directory), *documents)
        files = {casepage.place_of(file): file for file in casepage.files(contents)}
        outgoing = [await self._outgoing(row, row.sent) for row in contents.sent if row.sent]
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            named = {f"documents/{casepage.safe(one.name)}": one.content for one in documents}
            for place, content in named.items():
                await asyncio.to_thread(archive.writestr, place, content)
            for place, file in files.items():
                content = await self.office.files.get(file)
                await asyncio.to_thread(archive.writestr, place, content)
            archive.writestr(JOURNAL, _journal(contents.journal))
            archive.writestr(INDEX, casepage.page(contents, list(named), outgoing))
        return case

    async def _outgoing(self, row: OutboxRow, file: FileRef) -> Outgoing:
        header = BytesHeaderParser(policy=default).parsebytes(await self.office.files.get(file))
        at = header["Date"].datetime.astimezone(self.office.calendar.zone)
        return Outgoing(f"{at:%d.%m.%Y %H:%M}", str(header["To"]), str(header["Subject"]),
                        row.state, file)

    async def _read(self, actor: Actor, number: str) -> Contents:
        async with self.office.work() as work:
            case = await work.cases.find(number)
            if case is None:
                raise NotFoundError(f"Сообщение «{number}» не найдено.")
            await work.journal.append([Fact(
                at=self.office.clock.now(), subject="access", event="export", actor=actor.name,
                channel=actor.channel.value, source=actor.source, case_id=case.id,
                round=case.round, clause="1т", requirement="R50")])
            return Contents(
                case, await work.people.directory(), await work.journal.of_case(case.id),
                await work.mailbox.of_case(case.id), await work.letters.of_case(case.id),
                await work.outbox.letters_of_case(case.id), self.office.calendar.zone)


def _journal(entries: Sequence[Entry]) -> str:
    rows = [{
        "id": entry.id, "at": entry.fact.at.isoformat(), "subject": entry.fact.subject,
        "event": entry.fact.event, "actor": entry.fact.actor, "channel": entry.fact.channel,
        "before": entry.fact.before, "after": entry.fact.after, "clause": entry.fact.clause,
        "details": dict(entry.fact.details), "digest": entry.digest,
        "previous": entry.previous} for entry in entries]
    return json.dumps(rows, ensure_ascii=False, indent=1)

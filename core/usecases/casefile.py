"""The whole file of a case as one archive that opens without the program (terms, R50)."""

import asyncio
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from html import escape
from pathlib import Path, PurePosixPath

from core.assignment import Photo
from core.calendar import WorkingCalendar
from core.case import Case, Signature
from core.draft import Draft
from core.errors import NotFoundError
from core.files import FileRef
from core.journal import Entry, Fact
from core.letters import Letter
from core.outbound import LetterFile
from core.people import Actor, Directory
from core.photos import words
from core.ports import StoredMail
from core.regulation.clauses import spoken
from core.regulation.terms import Event
from core.signatures.words import said
from core.textdiff import Change, changes
from core.usecases.lookups import OTHER_EVENTS, files_of, told
from core.usecases.office import Office
from core.usecases.papers import Papers

INDEX = "index.html"
JOURNAL = "journal.json"
STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;"
    "padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "img{max-width:100%;max-height:14rem}td{overflow-wrap:anywhere}"
    "h2{margin-top:2rem}pre{white-space:pre-wrap;font:inherit}")
LABELS = {**{event.value: event.label for event in Event}, **OTHER_EVENTS,
          "export": "выгрузка дела", "read_applicant": "просмотр данных заявителя"}
SHOWN_BY_BROWSERS = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the archive is made of, read in one transaction."""

    case: Case
    directory: Directory
    journal: Sequence[Entry]
    mails: Sequence[StoredMail]
    letters: Sequence[Letter]
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Writes the file of a case; the export itself is a fact of the journal (4.1)."""

    office: Office
    papers: Papers

    async def write(self, actor: Actor, number: str, out: Path) -> Case:
        """The ZIP of the case of that number at ``out``: an index page, documents, letters as
        they came, photos with their verdicts, the journal. Raises NotFoundError."""
        contents = await self._read(actor, number)
        case, directory = contents.case, contents.directory
        documents: tuple[LetterFile, ...] = (
            *await self.papers.closing(case, directory),
            *await self.papers.approval_sheets(case, directory))
        if case.past:
            documents = (*documents, *await self.papers.returned(case, directory))
        if case.draft is not None:
            documents = (*await self.papers.answer(case, directory), *documents)
        files = {_place(file): file for file in _files(contents)}
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            named = {f"documents/{_safe(one.name)}": one.content for one in documents}
            for place, content in named.items():
                await asyncio.to_thread(archive.writestr, place, content)
            for place, file in files.items():
                content = await self.office.files.get(file)
                await asyncio.to_thread(archive.writestr, place, content)
            archive.writestr(JOURNAL, _journal(contents.journal))
            archive.writestr(INDEX, _page(contents, list(named), self.office.calendar))
        return case

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
                self.office.calendar.zone)


def _files(contents: Contents) -> Iterator[FileRef]:
    yield from files_of(contents.case)
    for past in contents.case.past:
        yield from past.message.files
        yield from (past.answer.files if past.answer else ())
        yield from _of_signature(past.signature)
        for photo in (photo for part in past.parts for photo in part.photos):
            yield from filter(None, (photo.file, photo.original, photo.picture))
    for mail in contents.mails:
        yield mail.raw
    for letter in contents.letters:
        yield from (*([letter.scan] if letter.scan else []), *letter.answer_files)


def _of_signature(signature: Signature | None) -> tuple[FileRef, ...]:
    if signature is None:
        return ()
    return (*signature.documents, *((signature.file,) if signature.file else ()))


def _place(file: FileRef) -> str:
    folder = "letters" if file.media_type == "message/rfc822" else "files"
    return f"{folder}/{file.sha256[:12]} {_safe(file.name)}"


def _safe(name: str) -> str:
    """A file name that unpacks anywhere: no folders, no control characters."""
    base = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join("_" if one in '<>:"|?*' or ord(one) < 32 else one for one in base)
    return clean.strip(". ")[-120:] or "file"


def _journal(entries: Sequence[Entry]) -> str:
    rows = [{
        "id": entry.id, "at": entry.fact.at.isoformat(), "subject": entry.fact.subject,
        "event": entry.fact.event, "actor": entry.fact.actor, "channel": entry.fact.channel,
        "before": entry.fact.before, "after": entry.fact.after, "clause": entry.fact.clause,
        "details": dict(entry.fact.details), "digest": entry.digest,
        "previous": entry.previous} for entry in entries]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _page(contents: Contents, documents: Sequence[str], calendar: WorkingCalendar) -> str:
    case, message = contents.case, contents.case.message
    parts = [
        f"<!doctype html><html lang='ru'><meta charset='utf-8'><title>{escape(case.number)}"
        f"</title><style>{STYLE}</style><h1>Дело {escape(case.number)}</h1>",
        _table({"Состояние": case.state.label, "Номер на портале": message.portal_number,
                "Категория": message.category, "Тема": message.topic, "Адрес": message.place,
                "Возвратов пользователем": str(case.returns),
                "Ответ": case.answer_number}),
        f"<h2>Сообщение</h2><pre>{escape(message.text)}</pre>",
        _links("Документы", documents),
        _links("Файлы заявителя", [_place(file) for file in message.files]),
        _photos(contents), _drafts(case),
        _approvals(contents), _signatures(contents), _mails(contents),
        _letters(contents), _history(contents.journal, calendar),
        f"<p><a href='{JOURNAL}'>Журнал с цепочкой хешей</a></p></html>"]
    return "\n".join(part for part in parts if part)


def _table(rows: Mapping[str, str]) -> str:
    lines = "".join(f"<tr><th>{escape(name)}<td>{escape(value)}"
                    for name, value in rows.items() if value)
    return f"<table>{lines}</table>"


def _links(title: str, places: Sequence[str]) -> str:
    if not places:
        return ""
    items = "".join(f"<li>{_link(place)}" for place in dict.fromkeys(places))
    return f"<h2>{escape(title)}</h2><ul>{items}</ul>"


def _link(place: str) -> str:
    name = PurePosixPath(place).name
    if not place.startswith("documents/"):
        name = name.partition(" ")[2] or name  # the hash only keeps files of one name apart
    return f"<a href='{escape(place, quote=True)}'>{escape(name)}</a>"


def _photos(contents: Contents) -> str:
    """Every photo of the work of every round, with what was said of it (R17)."""
    case, names = contents.case, contents.directory.names
    rounds = [*((past.number, past.parts) for past in case.past), (case.round, case.parts)]
    rows = "".join(
        f"<tr><td>{number}<td>{escape(names([part.holder_id]))}<td>{_shown(photo.file)}"
        f"<td>{escape(_verdict(photo))}"
        f"<td>{_shown(photo.picture) if photo.picture else ''}"
        for number, parts in rounds for part in parts for photo in part.photos)
    return (f"<h2>Фотографии работ</h2><table><tr><th>Круг<th>Исполнитель<th>Файл<th>Проверка"
            f"<th>Сравнение{rows}</table>" if rows else "")


def _shown(file: FileRef) -> str:
    """A link, and the picture itself where a browser shows it."""
    link = _link(_place(file))
    if file.media_type not in SHOWN_BY_BROWSERS:
        return link
    return f"{link}<br><img src='{escape(_place(file), quote=True)}' alt='' loading='lazy'>"


def _signatures(contents: Contents) -> str:
    """Who signed each answer, when and by which certificate (R32)."""
    case, zone = contents.case, contents.zone
    rounds = [*((past.number, past.signature) for past in case.past),
              (case.round, case.signature)]
    rows = ""
    for number, one in rounds:
        if one is None:
            continue
        known = [*(said(one.proof, zone) if one.proof else ()), *([one.note] if one.note else ())]
        files = "<br>".join(_link(_place(file)) for file in _of_signature(one))
        rows += (f"<tr><td>{number}<td>{escape(one.signer)}"
                 f"<td>{one.at.astimezone(zone):%d.%m.%Y %H:%M}"
                 f"<td>{'<br>'.join(escape(line) for line in known) or 'подписано в МСЭД'}"
                 f"<td>{files}")
    return (f"<h2>Подпись</h2><table><tr><th>Круг<th>Кто<th>Учтено<th>Что известно<th>Файлы{rows}"
            "</table>" if rows else "")


def _mails(contents: Contents) -> str:
    """Every letter about the case as it came (R50)."""
    rows = "".join(
        f"<tr><td>{one.received_at.astimezone(contents.zone):%d.%m.%Y %H:%M}"
        f"<td>{escape(one.sender)}<td>{escape(one.subject)}<td>{escape(one.outcome)}"
        f"<td>{_link(_place(one.raw))}" for one in contents.mails)
    return (f"<h2>Письма, как они пришли</h2><table><tr><th>Когда<th>От кого<th>Тема"
            f"<th>Что из них вышло<th>Письмо{rows}</table>" if rows else "")


def _verdict(photo: Photo) -> str:
    said = f"{words.verdict(photo.verdict)} ({photo.confidence:.0%}). {photo.advice}".strip()
    return f"{said} Оставлено: {photo.override}" if photo.override else said


def _drafts(case: Case) -> str:
    """Every version of this round's draft, with what the checks found in it (R25, R30)."""
    parts = []
    for place, one in enumerate(case.drafts):
        until = f", до {one.promised_on:%d.%m.%Y}" if one.promised_on else ""
        parts.append(f"<h3>Версия {one.version} ({escape(one.kind.label)}{until})</h3>"
                     f"<pre>{escape(one.text)}</pre>")
        parts += [_changed(case.drafts[place - 1], one)] if place else []
        parts += ["<p>Приложено: " + ", ".join(_link(_place(file)) for file in one.files)
                  ] if one.files else []
        found = "".join(f"<li>{escape(finding.label)} ({escape(spoken(finding.clause))})"
                        f"{f': «{escape(finding.sentence)}»' if finding.sentence else ''}"
                        for finding in one.findings)
        parts += [f"<p>Проверка текста:<ul>{found}</ul>"] if found else []
        parts += [f"<p>Пояснение исполнителя: {escape(one.insisted)}"] if one.insisted else []
    return "\n".join(["<h2>Проект ответа</h2>", *parts]) if parts else ""


def _changed(before: Draft, now: Draft) -> str:
    """What went struck out, what came underlined (4.6¶10)."""
    tags = {Change.GONE: "del", Change.NEW: "ins"}
    said = "".join(f"<{tags[one.change]}>{escape(one.text)}</{tags[one.change]}>"
                   if one.change in tags else escape(one.text)
                   for one in changes(before.text, now.text))
    return f"<p>Изменилось с версии {before.version}: {said or 'текст прежний'}"


def _approvals(contents: Contents) -> str:
    """Every approval list of every version and round, with decisions and remarks (R50)."""
    case, zone = contents.case, contents.zone
    rounds = [(past.number, past.sheets) for past in case.past]
    rounds.append((case.round, (*case.sheets, *((case.sheet,) if case.sheet else ()))))
    rows = "".join(
        f"<tr><td>{number}<td>{step.version or sheet.draft_version}"
        f"<td>{escape(contents.directory.names([step.approver_id]))}"
        f"<td>{escape(step.decision.label) if step.decision else 'не рассмотрено'}"
        f"<td>{f'{step.at.astimezone(zone):%d.%m.%Y %H:%M}' if step.at else ''}"
        f"<td>{escape(step.remark)}"
        for number, sheets in rounds for sheet in sheets for step in sheet.steps)
    return (f"<h2>Согласование</h2><table><tr><th>Круг<th>Версия<th>Согласующий<th>Решение"
            f"<th>Когда<th>Замечание{rows}</table>" if rows else "")


def _letters(contents: Contents) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.number)}<td>{escape(one.subject)}<td>{escape(one.state.label)}"
        f"<td>{escape(one.answer)}" for one in contents.letters)
    return (f"<h2>Письма вне МСЭД</h2><table><tr><th>Номер<th>О чём<th>Состояние<th>Ответ{rows}"
            "</table>" if rows else "")


def _history(entries: Sequence[Entry], calendar: WorkingCalendar) -> str:
    rows = "".join(
        f"<tr><td>{entry.fact.at.astimezone(calendar.zone):%d.%m.%Y %H:%M}"
        f"<td>{escape(entry.fact.actor)}"
        f"<td>{escape(LABELS.get(entry.fact.event, entry.fact.event))}"
        f"<td>{escape(spoken(entry.fact.clause)) if entry.fact.clause else ''}"
        f"<td>{escape(told(entry.fact.details))}" for entry in entries)
    return (f"<h2>Ход дела</h2><table><tr><th>Когда<th>Кто<th>Что<th>Пункт<th>Подробности{rows}"
            "</table>")

"""The index page of a case file: everything in it, to be read by anybody offline (R50)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from html import escape
from pathlib import PurePosixPath

from core.approval import ApprovalSheet
from core.assignment import Assignment, Photo
from core.case import Case, Given, PastRound, Signature
from core.draft import Draft
from core.files import FileRef
from core.journal import Entry
from core.letters import Letter
from core.notices import OutboxRow
from core.outbound import Delivery
from core.people import Directory
from core.photos import words
from core.ports import StoredMail
from core.regulation.clauses import spoken
from core.regulation.terms import Event
from core.signatures.words import said
from core.textdiff import Change, changes
from core.usecases.casecards import files_of
from core.usecases.lookups import OTHER_EVENTS, told

JOURNAL = "journal.json"
STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;"
    "padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "img{max-width:100%;min-width:9rem;max-height:14rem}a,pre{overflow-wrap:anywhere}"
    "div{overflow-x:auto}"
    "h2{margin-top:2rem}pre{white-space:pre-wrap;font:inherit}")
LABELS = {**{event.value: event.label for event in Event}, **OTHER_EVENTS,
          "export": "выгрузка дела", "read_applicant": "просмотр данных заявителя"}
SAID = {Delivery.QUEUED: "ждёт отправки", Delivery.SENDING: "отправляется",
        Delivery.SENT: "отправлено", Delivery.DELIVERED: "доставлено",
        Delivery.ANSWERED: "получен ответ", Delivery.BOUNCED: "не доставлено",
        Delivery.IN_DOUBT: "неизвестно", Delivery.FAILED: "не отправлено"}
SHOWN_BY_BROWSERS = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the archive is made of, read in one transaction."""

    case: Case
    directory: Directory
    journal: Sequence[Entry]
    mails: Sequence[StoredMail]
    letters: Sequence[Letter]
    sent: Sequence[OutboxRow]
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter as it really went: what its own header says, and how far it got."""

    at: str
    to: str
    subject: str
    state: Delivery
    file: FileRef


@dataclass(frozen=True, slots=True)
class Round:
    """What was done in one round, those behind and the present one alike."""

    number: int
    parts: Sequence[Assignment]
    drafts: Sequence[Draft]
    sheets: Sequence[ApprovalSheet]
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class Version:
    """A draft of one of the rounds, with the one before it and the remarks on it."""

    round: int
    draft: Draft
    before: Draft | None
    remarks: Sequence[str]


def files(contents: Contents) -> Iterator[FileRef]:
    """Every stored file that the archive takes along, of all rounds."""
    yield from files_of(contents.case)
    for past in contents.case.past:
        yield from past.message.files
        for draft in _drafts_of(past):
            yield from draft.files
        yield from _of_signature(past.signature)
        for photo in (photo for part in past.parts for photo in part.photos):
            yield from filter(None, (photo.file, photo.original, photo.picture))
    for mail in contents.mails:
        yield mail.raw
    for letter in contents.letters:
        yield from (*([letter.scan] if letter.scan else []), *letter.answer_files)
    for row in contents.sent:
        yield from (row.sent,) if row.sent else ()


def _rounds(case: Case) -> Iterator[Round]:
    """Oldest first."""
    for past in case.past:
        yield Round(past.number, past.parts, _drafts_of(past), past.sheets, past.signature)
    sheets = (*case.sheets, *((case.sheet,) if case.sheet else ()))
    yield Round(case.round, case.parts, case.drafts, sheets, case.signature)


def _drafts_of(past: PastRound) -> tuple[Draft, ...]:
    """Every version; of a round that ended before they were kept, the answer given."""
    return past.drafts or ((past.answer,) if past.answer else ())


def _of_signature(signature: Signature | None) -> tuple[FileRef, ...]:
    if signature is None:
        return ()
    return (*signature.documents, *((signature.file,) if signature.file else ()))


def place_of(file: FileRef) -> str:
    """Where the file lies in the archive; the hash keeps files of one name apart."""
    folder = "letters" if file.media_type == "message/rfc822" else "files"
    return f"{folder}/{file.sha256[:12]} {safe(file.name)}"


def safe(name: str) -> str:
    """A file name that unpacks anywhere: no folders, no control characters."""
    base = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join("_" if one in '<>:"|?*' or ord(one) < 32 else one for one in base)
    return clean.strip(". ")[-120:] or "file"


def page(contents: Contents, documents: Sequence[str], outgoing: Sequence[Outgoing]) -> str:
    """The whole page; ``documents`` are places in the archive."""
    case, message = contents.case, contents.case.message
    parts = [
        "<!doctype html><html lang='ru'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>{escape(case.number)}</title><style>{STYLE}</style>"
        f"<h1>Дело {escape(case.number)}</h1>",
        _table({"Состояние": case.state.label, "Номер на портале": message.portal_number,
                "Категория": message.category, "Тема": message.topic, "Адрес": message.place,
                "Возвратов пользователем": str(case.returns),
                "Ответ": case.answer_number}),
        _messages(contents), _links("Документы", documents),
        _work(contents), _photos(contents), _drafts(contents),
        _approvals(contents), _signatures(contents), _mails(contents), _sent(outgoing),
        _letters(contents), _history(contents.journal, contents.zone),
        f"<p><a href='{JOURNAL}'>Журнал с цепочкой хешей</a></p></html>"]
    return "\n".join(part for part in parts if part)


def _table(rows: Mapping[str, str]) -> str:
    lines = "".join(f"<tr><th>{escape(name)}<td>{escape(value)}"
                    for name, value in rows.items() if value)
    return f"<table>{lines}</table>"


def _listed(title: str, columns: Sequence[str], rows: str) -> str:
    """A table under its heading, or nothing where it has no rows (these are HTML already)."""
    heads = "".join(f"<th>{column}" for column in columns)
    return f"<h2>{title}</h2><div><table><tr>{heads}{rows}</table></div>" if rows else ""


def _messages(contents: Contents) -> str:
    """What the user wrote, each time, and what was answered to it (2.1¶2)."""
    case = contents.case
    given = case.given if case.draft is None or not case.answer_number else (*case.given, Given(
        case.draft, case.answer_number, case.last_moment_of(Event.CONFIRM_FORM), case.signature))
    rounds = [*((one.number, one.message, one.received_at, one.answers) for one in case.past),
              (case.round, case.message, case.received_at, given)]
    zone, parts = contents.zone, ["<h2>Сообщение</h2>"]
    for number, message, at, answers in rounds:
        came = f", {at.astimezone(zone):%d.%m.%Y}" if at else ""
        parts += [f"<h3>Круг {number}{came}, № {escape(message.portal_number)}</h3>"
                  ] if case.past else []
        parts += [f"<pre>{escape(message.text)}</pre>"]
        parts += ["<p>Файлы заявителя: " + ", ".join(
            _link(place_of(file)) for file in message.files)] if message.files else []
        parts += [f"<p>{_given(one, zone)}" for one in answers]
    return "\n".join(parts)


def _given(one: Given, zone: tzinfo) -> str:
    on = f" от {one.registered_at.astimezone(zone):%d.%m.%Y}" if one.registered_at else ""
    return f"Ответ № {escape(one.number)}{on} ({escape(_kind(one.answer))})"


def _kind(draft: Draft) -> str:
    until = f", до {draft.promised_on:%d.%m.%Y}" if draft.promised_on else ""
    return f"{draft.kind.label}{until}"


def _work(contents: Contents) -> str:
    """Who was given what by when in every round, and what they reported (4.6¶1-3)."""
    names = contents.directory.names
    rows = "".join(
        f"<tr><td>{one.number}"
        f"<td>{escape(names(dict.fromkeys((part.executor_id, part.holder_id))))}"
        f"{' (ответственный)' if part.is_lead else ''}<td>{escape(part.scope)}"
        f"<td>{part.own_due:%d.%m.%Y}<td>{escape(part.state.label)}<td>{escape(part.report)}"
        f"<td>{escape(part.remark or part.decline_reason)}"
        for one in _rounds(contents.case) for part in one.parts)
    return _listed("Исполнители", (
        "Круг", "Исполнитель", "Поручено", "Срок", "Состояние", "Отчёт", "Замечание"), rows)


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
    names = contents.directory.names
    rows = "".join(
        f"<tr><td>{one.number}<td>{escape(names([part.holder_id]))}<td>{_shown(photo.file)}"
        f"<td>{escape(_verdict(photo))}"
        f"<td>{_shown(photo.picture) if photo.picture else ''}"
        for one in _rounds(contents.case) for part in one.parts for photo in part.photos)
    return _listed(
        "Фотографии работ", ("Круг", "Исполнитель", "Файл", "Проверка", "Сравнение"), rows)


def _shown(file: FileRef) -> str:
    """A link, and the picture itself where a browser shows it."""
    link = _link(place_of(file))
    if file.media_type not in SHOWN_BY_BROWSERS:
        return link
    return f"{link}<br><img src='{escape(place_of(file), quote=True)}' alt='' loading='lazy'>"


def _signatures(contents: Contents) -> str:
    """Who signed each answer, when and by which certificate (R32)."""
    zone, rows = contents.zone, ""
    for number, one in ((done.number, done.signature) for done in _rounds(contents.case)):
        if one is None:
            continue
        known = [*(said(one.proof, zone) if one.proof else ()), *([one.note] if one.note else ())]
        files = "<br>".join(_link(place_of(file)) for file in _of_signature(one))
        rows += (f"<tr><td>{number}<td>{escape(one.signer)}"
                 f"<td>{one.at.astimezone(zone):%d.%m.%Y %H:%M}"
                 f"<td>{'<br>'.join(escape(line) for line in known) or 'подписано в МСЭД'}"
                 f"<td>{files}")
    return _listed("Подпись", ("Круг", "Кто", "Учтено", "Что известно", "Файлы"), rows)


def _mails(contents: Contents) -> str:
    """Every letter about the case as it came (R50)."""
    rows = "".join(
        f"<tr><td>{one.received_at.astimezone(contents.zone):%d.%m.%Y %H:%M}"
        f"<td>{escape(one.sender)}<td>{escape(one.subject)}<td>{escape(one.outcome)}"
        f"<td>{_link(place_of(one.raw))}" for one in contents.mails)
    return _listed("Письма, как они пришли",
                   ("Когда", "От кого", "Тема", "Что из них вышло", "Письмо"), rows)


def _sent(outgoing: Sequence[Outgoing]) -> str:
    """Every letter about the case as it really went (R50)."""
    rows = "".join(
        f"<tr><td>{one.at}<td>{escape(one.to)}<td>{escape(one.subject)}<td>{SAID[one.state]}"
        f"<td>{_link(place_of(one.file))}" for one in outgoing)
    return _listed(
        "Письма, как они ушли", ("Когда", "Кому", "Тема", "Дошло ли", "Письмо"), rows)


def _verdict(photo: Photo) -> str:
    said = (f"{words.verdict(photo.verdict)} ({words.certainty(photo.confidence)}). "
            f"{photo.advice}").strip()
    return f"{said} Оставлено: {photo.override}" if photo.override else said


def _versions(contents: Contents) -> Iterator[Version]:
    """Every version of the draft of every round, oldest first."""
    for done in _rounds(contents.case):
        for place, one in enumerate(done.drafts):
            remarks = [f"{contents.directory.names([step.approver_id])}: {step.remark}"
                       for sheet in done.sheets for step in sheet.steps
                       if step.remark and (step.version or sheet.draft_version) == one.version]
            yield Version(done.number, one, done.drafts[place - 1] if place else None, remarks)


def _drafts(contents: Contents) -> str:
    """What was written, found in it, changed and remarked on (R25, R30)."""
    parts = [_version(one, several=contents.case.round > 1) for one in _versions(contents)]
    return "\n".join(["<h2>Проекты ответа</h2>", *parts]) if parts else ""


def _version(one: Version, *, several: bool) -> str:
    draft = one.draft
    head = f"Круг {one.round}, версия" if several else "Версия"
    parts = [f"<h3>{head} {draft.version} ({escape(_kind(draft))})</h3>"
             f"<pre>{escape(draft.text)}</pre>"]
    parts += [_changed(one.before, draft)] if one.before else []
    parts += ["<p>Приложено: " + ", ".join(_link(place_of(file)) for file in draft.files)
              ] if draft.files else []
    found = "".join(f"<li>{escape(finding.label)} ({escape(spoken(finding.clause))})"
                    f"{f': «{escape(finding.sentence)}»' if finding.sentence else ''}"
                    for finding in draft.findings)
    parts += [f"<p>Проверка текста:<ul>{found}</ul>"] if found else []
    parts += [f"<p>Пояснение исполнителя: {escape(draft.insisted)}"] if draft.insisted else []
    parts += [f"<p>Замечание: {escape(remark)}" for remark in one.remarks]
    return "\n".join(parts)


def _changed(before: Draft, now: Draft) -> str:
    """What went struck out, what came underlined (4.6¶10)."""
    tags = {Change.GONE: "del", Change.NEW: "ins"}
    said = "".join(f"<{tags[one.change]}>{escape(one.text)}</{tags[one.change]}>"
                   if one.change in tags else escape(one.text)
                   for one in changes(before.text, now.text))
    return f"<p>Изменилось с версии {before.version}: {said or 'текст прежний'}"


def _approvals(contents: Contents) -> str:
    """Every approval list of every version and round, with decisions and remarks (R50)."""
    zone = contents.zone
    rows = "".join(
        f"<tr><td>{done.number}<td>{step.version or sheet.draft_version}"
        f"<td>{escape(contents.directory.names([step.approver_id]))}"
        f"<td>{escape(step.decision.label) if step.decision else 'не рассмотрено'}"
        f"<td>{f'{step.at.astimezone(zone):%d.%m.%Y %H:%M}' if step.at else ''}"
        f"<td>{escape(step.remark)}"
        for done in _rounds(contents.case) for sheet in done.sheets for step in sheet.steps)
    return _listed("Согласование", (
        "Круг", "Версия", "Согласующий", "Решение", "Когда", "Замечание"), rows)


def _letters(contents: Contents) -> str:
    """Letters outside МСЭД: what was written to whom, the signed original, the answer (5¶3-4)."""
    bodies, rows = contents.directory.bodies, ""
    for one in contents.letters:
        to = bodies[one.addressee_id].name if one.addressee_id in bodies else ""
        steps = "<br>".join(
            f"{escape(step.event.label)} {step.at.astimezone(contents.zone):%d.%m.%Y}"
            for step in one.history)
        files = "<br>".join(_link(place_of(file)) for file in one.answer_files)
        rows += (f"<tr><td>{escape(one.number)}<td>{escape(to)}"
                 f"<td>{escape(one.subject)}<pre>{escape(one.text)}</pre>"
                 f"{_link(place_of(one.scan)) if one.scan else ''}"
                 f"<td>{escape(one.state.label)}<br>{steps}<td>{escape(one.answer)}<br>{files}")
    return _listed("Письма вне МСЭД", (
        "Номер", "Кому", "Письмо", "Состояние", "Ответ"), rows)


def _history(entries: Sequence[Entry], zone: tzinfo) -> str:
    rows = "".join(
        f"<tr><td>{entry.fact.at.astimezone(zone):%d.%m.%Y %H:%M}"
        f"<td>{escape(entry.fact.actor)}"
        f"<td>{escape(LABELS.get(entry.fact.event, entry.fact.event))}"
        f"<td>{escape(spoken(entry.fact.clause)) if entry.fact.clause else ''}"
        f"<td>{escape(told(entry.fact.details))}" for entry in entries)
    return _listed("Ход дела", ("Когда", "Кто", "Что", "Пункт", "Подробности"), rows)

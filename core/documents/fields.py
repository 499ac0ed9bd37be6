"""A document's values -> the named fields its template prints, worded as an office words them.

The names are the contract with the templates the office edits: ``docs`` and the sample data of
``core.documents.checking`` show them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.documents.house import Templates
from core.documents.pictures import Placed, placed
from core.documents.typesetting import Fields, Json
from core.documents.values import (
    LONGEST_LABEL,
    AnswerDocument,
    ApprovalDocument,
    Cell,
    Column,
    Document,
    ElectronicSignature,
    Executor,
    Kind,
    LetterDocument,
    Letterhead,
    PhotoRow,
    Picture,
    RegisterDocument,
    Registration,
    ReportDocument,
    ReturnsDocument,
    Section,
    Side,
    Signatory,
)
from core.documents.wording import cell, clean, line, long_date, moment, paragraphs, short_date

PAIR_MM = (82.0, 96.0)  # two side by side and two rows on a page of 170 x 257 mm
SINGLE_MM = (165.0, 112.0)
SIDE_MM = (58.0, 48.0)  # two beside one another in half of a landscape page
MAP_MM = (165.0, 200.0)
MAP_LANDSCAPE_MM = (230.0, 150.0)  # a page lying, with the caption


@dataclass(frozen=True, slots=True)
class Filled:
    """A template's name, its fields, and the pictures they refer to by name."""

    template: str
    fields: Fields
    pictures: dict[str, Placed] = field(default_factory=dict)


def filled(document: Document, templates: Templates, *, with_photos: bool = True) -> Filled:
    """Name the template of ``document`` and fill its fields.

    Without ``with_photos`` an answer's photo pages are left out, though they are still counted.
    """
    match document:
        case AnswerDocument():
            return _answer(document, templates, with_photos)
        case LetterDocument():
            return Filled("letter.typ", _letter(document, templates))
        case RegisterDocument():
            return Filled("register.typ", _register(document))
        case ReportDocument():
            return _report(document, templates)
        case ApprovalDocument():
            return Filled("approval.typ", _approval(document))
        case ReturnsDocument():
            return _returns(document)


def _answer(answer: AnswerDocument, templates: Templates, with_photos: bool) -> Filled:
    pictures = _Pictures()
    photos: list[Json] = [pictures.row(row) for row in answer.photos if with_photos]
    count = sum((row.before is not None) + (row.after is not None) for row in answer.photos)
    attachments = [line(name) for name in answer.attachments]
    if count:
        attachments.insert(0, f"Фотоматериалы ({count} шт.).")
    interim = answer.final_answer_on is not None
    subject = "Промежуточный ответ на сообщение" if interim else "О рассмотрении сообщения"
    fields: Fields = {
        "title": f"{subject} № {line(answer.case_number)}",
        "subject": f"{subject} по теме «{line(answer.topic)}»",
        "draft": answer.registration is None,
        "draft_label": _draft_label(answer.version),
        "case_number": line(answer.case_number),
        "received": "" if answer.received_on is None else short_date(answer.received_on),
        "topic": line(answer.topic),
        "place": line(answer.place),
        "result": line(answer.result),
        "interim": interim,
        "final_answer_on": (
            "" if answer.final_answer_on is None else long_date(answer.final_answer_on)
        ),
        "paragraphs": list[Json](paragraphs(answer.text)),
        "signature": _signature(answer.signature),
        "photos": photos,
    }
    fields |= _requisites(
        answer.letterhead, answer.registration, answer.addressee, attachments,
        answer.signatory, answer.executor, templates,
    )  # fmt: skip
    return Filled("answer.typ", fields, pictures.kept)


def _draft_label(version: int | None) -> str:
    return "ПРОЕКТ" if version is None else f"ПРОЕКТ, версия {version}"


def _letter(letter: LetterDocument, templates: Templates) -> Fields:
    fields: Fields = {
        "title": line(letter.subject),
        "subject": line(letter.subject),
        "salutation": line(letter.salutation),
        "case_number": line(letter.case_number),
        "paragraphs": list[Json](paragraphs(letter.text)),
    }
    return fields | _requisites(
        letter.letterhead, letter.registration, letter.addressee, letter.attachments,
        letter.signatory, letter.executor, templates,
    )  # fmt: skip


def _register(register: RegisterDocument) -> Fields:
    rows: list[Json] = [
        [
            str(position),
            short_date(row.sent_on),
            line(row.number),
            line(row.addressee),
            line(row.subject),
            line(row.way),
            line(row.result),
        ]
        for position, row in enumerate(register.rows, 1)
    ]
    return {
        "title": f"Реестр отправки писем {period(register)}",
        "sender": line(register.sender),
        "period": period(register),
        "rows": rows,
        "made_by": _signatory(register.made_by),
        "made_on": short_date(register.made_at),
    }


def period(register: RegisterDocument) -> str:
    """«с 01.11.2026 по 30.11.2026»"""
    return f"с {short_date(register.first_day)} по {short_date(register.last_day)}"


def _report(report: ReportDocument, templates: Templates) -> Filled:
    pictures = _Pictures()
    fields: Fields = {
        "title": line(report.title),
        "period": line(report.period),
        "landscape": report.landscape,
        "letterhead": _letterhead(report.letterhead or templates.style.letterhead),
        "summary": list[Json](paragraphs(report.summary)),
        "sections": [_section(section) for section in report.sections],
        "pictures": [pictures.entry(picture, MAP_LANDSCAPE_MM if report.landscape else MAP_MM)
                     for picture in report.pictures],
        "notes": [line(note) for note in report.notes],
        "made_at": moment(report.made_at),
        "prepared_by": None if report.prepared_by is None else _signatory(report.prepared_by),
        "approved_by": None if report.approved_by is None else _signatory(report.approved_by),
        "waits": report.waits,
    }
    return Filled("report.typ", fields, pictures.kept)


def _section(section: Section) -> Json:
    kinds = [column.kind for column in section.columns]

    def written(row: Sequence[Cell]) -> list[Json]:
        return [cell(value, kind) for value, kind in zip(row, kinds, strict=True)]

    columns: list[Json] = [
        {
            "title": line(column.title),
            "align": _ALIGN[column.kind],
            "width": column.width or _width(column),
        }
        for column in section.columns
    ]
    return {
        "heading": line(section.heading),
        "columns": columns,
        "rows": [written(row) for row in section.rows[:section.on_paper]],
        "total": None if section.total is None else written(section.total),
        "chart": _chart(section),
        "note": line(f"{_left_out(section)} {section.note}"),
    }


def _left_out(section: Section) -> str:
    shown = section.on_paper
    if shown is None or len(section.rows) <= shown:
        return ""
    return f"Показаны первые {shown} из {len(section.rows)}, все — в таблице XLSX."


_ALIGN = {Kind.TEXT: "left", Kind.NUMBER: "right", Kind.PERCENT: "right", Kind.DATE: "center"}


def _width(column: Column) -> float:
    """Text gets most of the page; a number no less than the longest word of its title."""
    longest = max((len(word) for word in column.title.split()), default=1)
    return 3.0 if column.kind is Kind.TEXT else max(1.2, 0.13 * longest)


def _chart(section: Section) -> Json:
    chart = section.chart
    if chart is None or not section.rows:
        return None
    rows = section.rows[:chart.most]
    lengths = [_length(row[at]) for row in rows for at in chart.values]
    longest = max(lengths) or 1.0
    bars: list[Json] = [
        {
            "label": _cut(cell(row[chart.labels], section.columns[chart.labels].kind)),
            "values": [
                {
                    "share": _length(row[at]) / longest,
                    "text": cell(row[at], section.columns[at].kind),
                }
                for at in chart.values
            ],
        }
        for row in rows
    ]
    legend: list[Json] = [line(section.columns[at].title) for at in chart.values]
    return {"title": line(chart.titled(len(section.rows))), "legend": legend, "bars": bars}


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[:LONGEST_LABEL - 1]}…"


def _length(value: Cell) -> float:
    return max(float(value), 0.0) if isinstance(value, int | float) and value == value else 0.0


def _approval(sheet: ApprovalDocument) -> Fields:
    rows: list[Json] = [
        {
            "order": str(position),
            "name": line(row.name),
            "post": line(row.post),
            "body": line(row.body),
            "version": str(row.version),
            "decision": line(row.decision),
            "decided_at": "" if row.decided_at is None else moment(row.decided_at),
            "remark": list[Json](paragraphs(row.remark)),
            "void": row.void,
        }
        for position, row in enumerate(sheet.rows, 1)
    ]
    return {
        "title": f"Лист согласования к ответу на сообщение № {line(sheet.case_number)}",
        "case_number": line(sheet.case_number),
        "subject": line(sheet.subject),
        "version": str(sheet.version),
        "rows": rows,
        "executor": _executor(sheet.executor),
        "made_at": moment(sheet.made_at),
    }


def _returns(document: ReturnsDocument) -> Filled:
    pictures = _Pictures()

    def side(one: Side) -> Json:
        return {
            "title": line(one.title),
            "paragraphs": list[Json](paragraphs(one.text)),
            "photos": [pictures.entry(photo, SIDE_MM) for photo in one.photos],
        }

    rounds: list[Json] = [
        {"said": side(row.said), "answered": None if row.answered is None else side(row.answered)}
        for row in document.rounds
    ]
    return Filled(
        "returns.typ",
        {
            "title": f"Возврат ответа пользователем: № {line(document.case_number)}",
            "case_number": line(document.case_number),
            "topic": line(document.topic),
            "place": line(document.place),
            "returns": str(document.returns),
            "rounds": rounds,
            "now": line(document.now),
        },
        pictures.kept,
    )


def _requisites(
    letterhead: Letterhead | None,
    registration: Registration | None,
    addressee: Sequence[str],
    attachments: Sequence[str],
    signatory: Signatory,
    executor: Executor,
    templates: Templates,
) -> Fields:
    """What every letter on a form has (ГОСТ Р 7.0.97-2016, section 5)."""
    registered = registration is not None
    return {
        "letterhead": _letterhead(letterhead or templates.style.letterhead),
        "registered": registered,
        "number": line(registration.number) if registration else "",
        "date": short_date(registration.on) if registration else "",
        "addressee": [line(part) for part in addressee],
        "attachments": [line(name) for name in attachments],
        "signatory": _signatory(signatory),
        "executor": _executor(executor),
    }


def _letterhead(letterhead: Letterhead) -> Json:
    return {
        "authority": line(letterhead.authority),
        "body": line(letterhead.body),
        "details": [line(detail) for detail in letterhead.details],
    }


def _signatory(person: Signatory) -> Json:
    return {"post": line(person.post), "name": line(person.name)}


def _signature(signature: ElectronicSignature | None) -> Json:
    if signature is None:
        return None
    valid = ""
    if signature.valid_from is not None and signature.valid_until is not None:
        valid = f"с {short_date(signature.valid_from)} по {short_date(signature.valid_until)}"
    return {
        "owner": line(signature.owner),
        "certificate": line(signature.certificate),
        "signed_on": short_date(signature.signed_on),
        "valid": valid,
    }


def _executor(executor: Executor) -> Json:
    """The lines of the executor's note: who, then how to reach them."""
    who = ", ".join(line(part) for part in (executor.name, executor.post) if part.strip())
    reach = ", ".join(line(part) for part in (executor.phone, executor.email) if part.strip())
    return [part for part in (who, reach) if part]


class _Pictures:
    """The pictures of one document, named in the order they are met."""

    def __init__(self) -> None:
        self.kept: dict[str, Placed] = {}

    def row(self, row: PhotoRow) -> Json:
        box = PAIR_MM if row.before and row.after else SINGLE_MM
        return {
            "title": line(row.title),
            "before": None if row.before is None else self.entry(row.before, box),
            "after": None if row.after is None else self.entry(row.after, box),
        }

    def entry(self, picture: Picture, box: tuple[float, float]) -> Json:
        name = f"picture-{len(self.kept) + 1}.svg"
        ready = placed(picture, *box)
        self.kept[name] = ready
        return {
            "file": name,
            "width": ready.width_mm,
            "height": ready.height_mm,
            "caption": line(picture.caption),
            "alt": line(picture.caption) or clean(picture.name) or "Фотография",
        }

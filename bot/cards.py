"""Cards, lists and the digest as Telegram HTML. Pure: values in, text out; always escaped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from html import escape
from typing import TypeVar

from bot import words
from bot.texts import changed, findings, general, news, outcomes, signatures
from core.approval import Decision
from core.assignment import Photo
from core.cards import CaseCard, CaseLine, DraftView, DueLine, HistoryLine, PartLine
from core.draft import HEAVY
from core.files import FileRef, is_program
from core.photos import words as judged
from core.ports import StoredMail
from core.privacy import masked
from core.regulation.limits import ATTACHMENTS_MEGABYTES
from core.wordforms import megabytes

T = TypeVar("T")

LIMIT = 4096
"""Characters of a message after parsing (Bot API, ``sendMessage``)."""
ROOM = 3600
"""What a card may take: a notice's head stands above it."""
PIECE = 3900
TEXT_SHOWN = 700
DRAFT_SHOWN = 900
NOTE_SHOWN = 300
ADVICE_SHOWN = 200
FIT = "same_angle"
LINES_ON_PAGE = 8
MARKS = {Decision.APPROVED: "✅", Decision.REMARK: "💬"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A text for a message; ``shortened``: something was left out that can be asked for."""

    text: str
    shortened: bool = False


class _Sheet:
    """Sections of a card, each whole or not at all, so that the markup always closes."""

    def __init__(self) -> None:
        self.sections: list[str] = []
        self.shortened = False

    def add(self, section: str) -> None:
        if section:
            self.sections.append(section)

    def quote(self, title: str, text: str, limit: int) -> None:
        """Somebody's words under a title."""
        clean = text.strip()
        if not clean:
            return
        short = words.cut(clean, limit)
        self.shortened |= short != clean
        self.add(f"{title}\n<blockquote>{escape(short)}</blockquote>")

    def done(self) -> Shown:
        kept: list[str] = []
        room = ROOM
        for section in self.sections:
            room -= words.units(section) + 2
            if room < 0:
                self.shortened = True
                break
            kept.append(section)
        text = "\n\n".join(kept).replace("</blockquote>\n\n", "</blockquote>\n")
        return Shown(text, self.shortened)


def due(line: DueLine) -> str:
    """«Проект ответа: осталось 2 рабочих дня, до 14.12, вт (п. 4.6, абз. 3)»."""
    mark = "🔴" if line.late else "🟡" if line.left <= 1 else "⏳"
    said = words.deadline(line.left, line.due_on, late=line.late)
    label = escape(line.label) + (f", {escape(line.who)}" if line.who else "")
    return f"{mark} {label[:1].upper()}{label[1:]}: {said} ({words.clause(line.clause)})"


def card(shown: CaseCard, zone: tzinfo) -> Shown:
    """The card of a case: what, where, by when, who has the ball, and how far it is."""
    sheet = _Sheet()
    sheet.add(_head(shown))
    sheet.quote("Сообщение:", shown.text, TEXT_SHOWN)
    sheet.add(_standing(shown))
    sheet.quote("🚫 <b>Вернули как не своё:</b>", shown.given_back, NOTE_SHOWN)
    for section in (_proposal, _parts):
        sheet.add(section(shown))
    sheet.quote("↩️ <b>Доработать:</b>", shown.rework_reason, NOTE_SHOWN)
    if shown.draft is not None:
        sheet.quote(_draft_title(shown), shown.draft.text, DRAFT_SHOWN)
        sheet.add(_scans(shown.draft))
        sheet.add(changed.on_card(shown.draft))
        sheet.add(findings.on_card(shown.draft))
    sheet.add(_approvals(shown, zone))
    sheet.add(signatures.on_card(shown.signer, shown.signature, zone))
    sheet.add(_answer(shown))
    for past in shown.earlier:
        sheet.quote(
            f"Ответ {past.round}-го круга № {escape(past.number or '—')}, возвращён "
            f"{words.moment(past.returned_at, zone)}:", past.text, NOTE_SHOWN)
    return sheet.done()


def _head(shown: CaseCard) -> str:
    lines = [f"<b>{escape(shown.number)}</b> · {escape(shown.state_label)}"]
    topic = " · ".join(escape(words.cut(one, 200)) for one in (shown.topic, shown.category) if one)
    lines += [topic] if topic else []
    lines += [f"📍 {escape(words.cut(shown.place, 200))}"] if shown.place else []
    if shown.returns:
        lines.append(f"🔁 Возвратов: {shown.returns}")
    lines += _kin(shown)
    if shown.files:
        lines.append(f"📎 Файлов от заявителя: {len(shown.files)}")
    if programs := [one for one in shown.files if is_program(one.name)]:
        lines.append(general.PROGRAMS.format(names=_named(programs)))
    return "\n".join(lines)


def _kin(shown: CaseCard) -> list[str]:
    """Messages about the same: the first, the later ones, and those that only look so (R24)."""
    lines = []
    if shown.duplicate_of:
        first = shown.first
        gives = f", {words.photos(first.photos)} работ" if first and first.photos else ""
        state = f" ({escape(first.state)}{gives})" if first else ""
        lines.append(f"🔗 Дубликат к {escape(shown.duplicate_of)}{state}: работы одни, "
                     "ответ нужен отдельный")
    if shown.duplicates:
        lines.append(f"🔗 О том же: {escape(', '.join(shown.duplicates))}; "
                     "каждому нужен свой ответ")
    lines += [f"👥 Похоже на {escape(one.number)} ({escape(one.state)}): {escape(one.why)}"
              for one in shown.kin]
    return lines


def _standing(shown: CaseCard) -> str:
    lines = [due(line) for line in shown.dues]
    if shown.holder:
        lines.append(f"👤 Сейчас у: {escape(shown.holder)}")
    if shown.attached_bytes >= HEAVY:
        lines.append(f"📦 Приложения вместе: {megabytes(shown.attached_bytes)} "
                     f"из {ATTACHMENTS_MEGABYTES} Мб")
    if shown.promised_on:
        lines.append(f"📅 Обещано к {words.day(shown.promised_on)}")
    return "\n".join(lines)


def _proposal(shown: CaseCard) -> str:
    """Who is proposed, by when, and why (R6, R10)."""
    found = shown.proposal
    if found is None:
        return _suggestion(shown)
    lines = [f"💡 <b>Предлагается</b> ({escape(found.reason)})",
             f"• резолюция: {escape(found.official)}",
             f"• ответственный: {escape(found.lead)}{_until(found.lead_until)}"]
    if found.co_executors:
        lines.append(f"• соисполнители: {escape(found.co_executors)}"
                     f"{_until(found.co_executors_until)}")
    return "\n".join(lines)


def _suggestion(shown: CaseCard) -> str:
    """What past cases say, with its certainty; a person decides (R6)."""
    found = shown.suggestion
    if found is None:
        return ""
    return ("🧠 <b>В справочнике правила нет.</b> Похожие сообщения "
            f"{words.sure(found.certainty)} ({found.certainty:.0%}) направляли: "
            f"{escape(found.official)} → {escape(found.lead)}. Это подсказка по прошлым решениям "
            f"({found.cases}), решаете вы")


def _until(on: date | None) -> str:
    return f", до {words.day(on)}" if on else ""


def _parts(shown: CaseCard) -> str:
    if not shown.parts:
        return ""
    several = len(shown.parts) > 1
    return "\n".join(["<b>Исполнители</b>", *(
        _part(part, words.circled(place) if several else "•")
        for place, part in enumerate(shown.parts))])


def _part(part: PartLine, mark: str) -> str:
    """``mark``: the number that stands on the buttons about this part."""
    role = "отв." if part.lead else "соисп."
    you = " (вы)" if part.held else ""
    line = (f"{mark} {escape(part.who)}{you}, {role}: {escape(part.state)}, "
            f"до {words.day(part.due_on)}")
    notes = [f"задача: {escape(words.cut(part.scope, NOTE_SHOWN))}" if part.scope else "",
             words.photos(len(part.photos)) if part.photos else "",
             *(_photo(number, photo) for number, photo in enumerate(part.photos, 1)),
             f"отчёт: {escape(words.cut(part.report, NOTE_SHOWN))}" if part.report else "",
             f"вернули: {escape(words.cut(part.remark, NOTE_SHOWN))}" if part.remark else ""]
    return "\n   ".join([line, *(note for note in notes if note)])


def _photo(number: int, photo: Photo) -> str:
    """What the judge said of a photo and why it was kept; the advice where it is not fit."""
    said = f"фото {number}: {news.verdict(photo.verdict)}"
    if _telling(photo):
        said += f". {escape(words.cut(photo.advice, ADVICE_SHOWN))}"
    if photo.override:
        said += f"\n   оставлено: {escape(words.cut(photo.override, ADVICE_SHOWN))}"
    return said


def _telling(photo: Photo) -> bool:
    """Whether the advice says more than the verdict."""
    return bool(photo.advice) and photo.verdict != FIT


def _draft_title(shown: CaseCard) -> str:
    draft = shown.draft
    if draft is None:
        return ""
    until = f", до {words.day(draft.promised_on)}" if draft.promised_on else ""
    return f"📄 <b>Проект ответа</b>, версия {draft.version} ({escape(draft.kind.label)}{until}):"


def _scans(draft: DraftView) -> str:
    return f"📎 К ответу приложено: {_named(draft.files)}" if draft.files else ""


def _named(files: Sequence[FileRef]) -> str:
    names = ", ".join(f"«{escape(words.cut(one.name, 60))}»" for one in files[:5])
    return names + (f" и ещё {len(files) - 5}" if len(files) > 5 else "")


def _approvals(shown: CaseCard, zone: tzinfo) -> str:
    lines = []
    for step in shown.sheet:
        mark = MARKS[step.decision] if step.decision else "▶️" if step.current else "·"
        when = f", {words.moment(step.at, zone)}" if step.at else ""
        when += f", версия {step.version}" if step.version else ""
        said = f": {escape(words.cut(step.remark, NOTE_SHOWN))}" if step.remark else ""
        lines.append(f"{mark} {escape(step.who)}{when}{said}")
    lines += [f"💬 к версии {one.version}, {escape(one.who)}: {escape(words.cut(one.text, 150))}"
              for one in shown.remarks[-2:] if lines]
    return "\n".join(["<b>Согласование</b>", *lines]) if lines else ""


def _answer(shown: CaseCard) -> str:
    return f"Ответ № {escape(shown.answer_number)}" if shown.answer_number else ""


def whole(shown: CaseCard) -> tuple[str, ...]:
    """Everything that a card shortens, as further messages; nothing is lost."""
    parts = [("Сообщение", shown.text), ("Вернули как не своё", shown.given_back),
             ("Доработать", shown.rework_reason)]
    parts += [(f"Отчёт, {part.who}", part.report) for part in shown.parts]
    parts += [(f"Задача, {part.who}", part.scope) for part in shown.parts]
    if shown.draft is not None:
        parts.append((f"Проект ответа, версия {shown.draft.version}", shown.draft.text))
        parts.append(("Пояснение исполнителя", shown.draft.insisted))
        parts.append((f"Изменилось с версии {shown.draft.seen}", changed.plain(shown.draft)))
    parts += [(f"Замечание к версии {one.version}, {one.who}", one.text) for one in shown.remarks]
    parts += [(f"Замечание, {step.who}", step.remark) for step in shown.sheet]
    parts += [(f"Ответ {past.round}-го круга", past.text) for past in shown.earlier]
    text = "\n\n".join(f"— {title} —\n{body.strip()}" for title, body in parts if body.strip())
    return tuple(escape(piece) for piece in words.pages(f"{shown.number}\n\n{text}", PIECE))


def noticed(head: str, shown: CaseCard, zone: tzinfo) -> Shown:
    """A notice's sentence above the card."""
    below = card(shown, zone)
    return Shown(f"<b>{head}</b>\n\n{below.text}", below.shortened)


def brief(head: str, shown: CaseCard) -> str:
    """A notice that asks for nothing: the sentence and which case it is."""
    topic = " · ".join(escape(words.cut(one, 200)) for one in (shown.topic, shown.place) if one)
    return f"<b>{head}</b>\n{escape(shown.number)}{': ' + topic if topic else ''}"


def line(one: CaseLine, number: int) -> str:
    """A case in a list."""
    about = " · ".join(escape(words.cut(part, 90)) for part in (one.topic, one.place) if part)
    standing = [escape(one.state_label)]
    if one.due is not None:
        mark = "🔴 " if one.due.late else ""
        standing.append(mark + words.deadline(one.due.left, one.due.due_on, late=one.due.late))
    if one.holder:
        standing.append(escape(words.cut(one.holder, 80)))
    return f"{number}. <b>{escape(one.number)}</b> {about}\n   {' · '.join(standing)}"


def pages_of(count: int) -> int:
    """How many pages a list takes."""
    return max(1, -(-count // LINES_ON_PAGE))


def first_on_page(count: int, page: int) -> int:
    """The place of a page's first thing, from 0; a page past the end is the last one."""
    return min(max(page, 0), pages_of(count) - 1) * LINES_ON_PAGE


def on_page(things: Sequence[T], page: int) -> Sequence[T]:
    """The things on a page; a page past the end is the last one."""
    place = first_on_page(len(things), page)
    return things[place:place + LINES_ON_PAGE]


def case_list(title: str, lines: Sequence[CaseLine], page: int, empty: str) -> str:
    """A page of a list of cases, most urgent first."""
    if not lines:
        return empty
    first = first_on_page(len(lines), page) + 1
    shown = [line(one, first + place) for place, one in enumerate(on_page(lines, page))]
    return "\n\n".join([f"<b>{title}</b>: {len(lines)}", *shown])


def history(number: str, lines: Sequence[HistoryLine], zone: tzinfo) -> tuple[str, ...]:
    """What happened, oldest first, as one or more messages."""
    if not lines:
        return (f"<b>{escape(number)}</b>\n{general.NO_HISTORY}",)
    said = []
    for one in lines:
        details = f" ({words.cut(one.details, 200)})" if one.details else ""
        said.append(f"{words.moment(one.at, zone)} {one.what} — {one.who}{details}, "
                    f"{words.clause(one.clause)}".rstrip(", "))
    text = f"{number}. История\n" + "\n".join(said)
    return tuple(escape(piece) for piece in words.pages(text, PIECE))


def photo_list(shown: CaseCard) -> str:
    """The photos of the reader's own part, each with its verdict."""
    mine = shown.mine
    if mine is None or not mine.photos:
        return f"<b>{escape(shown.number)}</b>\nФотографий работ пока нет."
    lines = [f"{number}. {news.verdict(photo.verdict)}"
             + (f". {escape(words.cut(photo.advice, 200))}" if _telling(photo) else "")
             + (f"\n   Оставлено: {escape(words.cut(photo.override, 200))}"
                if photo.override else "")
             for number, photo in enumerate(mine.photos, 1)]
    return "\n".join([f"<b>{escape(shown.number)}</b>. Ваши фотографии", *lines])


def photo_verdict(shown: CaseCard, sha256: str) -> str:
    """The caption of the comparison picture: verdict, certainty, advice (at most 1024)."""
    for part in shown.parts:
        for number, photo in enumerate(part.photos, 1):
            if photo.file.sha256 == sha256:
                return _caption(f"<b>{escape(shown.number)}</b>, фото {number}", photo)
    return f"<b>{escape(shown.number)}</b>: этой фотографии уже нет в поручении."


def comparison(shown: CaseCard, part: PartLine, number: int) -> str:
    """The caption of the same picture for whoever else looks at the case (at most 1024)."""
    head = f"<b>{escape(shown.number)}</b>, {escape(words.cut(part.who, 100))}, фото {number}"
    return _caption(head, part.photos[number - 1])


def _caption(head: str, photo: Photo) -> str:
    sure = f" (уверенность {judged.certainty(photo.confidence)})" if photo.confidence else ""
    lines = [head, f"{news.verdict(photo.verdict)}{sure}"]
    lines += [escape(words.cut(photo.advice, 300))] if _telling(photo) else []
    lines += [f"• {escape(words.cut(one, 150))}" for one in photo.findings[:2]]
    lines += [f"Оставлено: {escape(words.cut(photo.override, 150))}"] if photo.override else []
    lines += [outcomes.COMPRESSED] if photo.without_exif else []
    lines += [outcomes.BY_CAMERA] if photo.by_camera else []
    return "\n".join(lines)


def mail_list(mails: Sequence[StoredMail], page: int, moment: Callable[[StoredMail], str]) -> str:
    """Letters that a person must look at: when, about what, why. Never the text (4.1)."""
    if not mails:
        return general.NO_MAIL
    first = first_on_page(len(mails), page) + 1
    shown = [f"{first + place}. {escape(words.cut(masked(one.subject), 150)) or 'без темы'}\n"
             f"   {moment(one)} · файлов: {len(one.files)} · {escape(words.cut(one.outcome, 200))}"
             for place, one in enumerate(on_page(mails, page))]
    return "\n\n".join([f"<b>Неразобранные письма</b>: {len(mails)}", *shown])


def plain(text: str) -> tuple[str, ...]:
    """A text as it is, to be copied, in as many messages as it takes."""
    return tuple(escape(piece) for piece in words.pages(text, PIECE))

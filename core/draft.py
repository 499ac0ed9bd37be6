"""The draft answer and its versions (4.6¶3-8)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.errors import NotAcceptedError, TooLargeError
from core.files import FileRef
from core.photos.formats import SCANS
from core.regulation.limits import ATTACHMENTS_MEGABYTES, INTERIM_DAYS
from core.regulation.terms import AnswerKind
from core.textchecks import Code, Finding
from core.wordforms import megabytes

MOST_TOGETHER = ATTACHMENTS_MEGABYTES * 1024 * 1024
HEAVY = MOST_TOGETHER * 4 // 5
"""From here on people are told how much goes with the answer."""
GATHERED = 3
"""So many times the limit may be gathered before it is made lighter."""
LEAST_WORDS = 5
"""An answer «по существу» (4.6¶7) cannot be shorter than a sentence."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of the draft. ``promised_on`` is the exact date of an interim answer.

    ``findings`` is what the checks found in it; ``insisted`` the lead's words to the approvers
    on why it is to go on all the same (R25).
    """

    version: int
    kind: AnswerKind
    text: str
    author_id: int
    at: datetime
    promised_on: date | None = None
    files: tuple[FileRef, ...] = ()
    insisted: str = ""
    findings: tuple[Finding, ...] = ()


GAP = "[✎ {}]"
"""A gap in a text that was begun for the lead: what must stand there."""
_GAP = re.compile(r"\[✎ [^\]]*\]")


def accept_text(text: str) -> str:
    """The text as it goes into the draft; refuses gaps, an empty or one-word answer (4.6¶7)."""
    clean = text.strip()
    if gaps := _GAP.findall(clean):
        raise NotAcceptedError(
            f"В тексте не заполнено: {', '.join(dict.fromkeys(gaps))}. Впишите и пришлите снова.")
    if len(clean.split()) < LEAST_WORDS:
        raise NotAcceptedError(
            "Текст ответа слишком короткий. Напишите по существу вопроса, что сделано, "
            "что и когда будет сделано или почему это невозможно.")
    return clean


def accept_promise(promised_on: date, registered_on: date, today: date) -> date:
    """The date of an interim answer: exact, ahead, not later than 30 days (4.6¶5)."""
    latest = latest_promise(registered_on)
    if promised_on <= today:
        raise NotAcceptedError("Дата исполнения должна быть позже сегодняшней. Укажите другую.")
    if promised_on > latest:
        raise NotAcceptedError(
            f"Дата исполнения не может быть позже {latest:%d.%m.%Y} — {INTERIM_DAYS} дней "
            "с регистрации. Укажите более раннюю.")
    return promised_on


def latest_promise(registered_on: date) -> date:
    """The last day that an interim answer may name (4.6¶5)."""
    return registered_on + timedelta(days=INTERIM_DAYS)


def too_heavy(files: Sequence[FileRef]) -> str:
    """What is wrong with the weight of all together, empty where nothing is (4.6¶6)."""
    total = sum(one.size for one in files)
    return "" if total <= MOST_TOGETHER else (
        f"Приложения вместе занимают {megabytes(total)} при допустимых {ATTACHMENTS_MEGABYTES} "
        "Мб (п. 4.6, абз. 6).")


def accept_attachments(files: tuple[FileRef, ...]) -> tuple[FileRef, ...]:
    """All attachments together are at most 50 MB (4.6¶6); names the largest otherwise."""
    if fault := too_heavy(files):
        largest = max(files, key=lambda one: one.size)
        raise TooLargeError(
            f"{fault} Самый большой файл — «{largest.name}»: уберите его или сожмите снимки "
            "кнопкой «Сжать фотографии» либо письмом с этими словами; на вид они не изменятся.")
    return files


def accept_while_working(files: tuple[FileRef, ...]) -> tuple[FileRef, ...]:
    """Executors may gather more than goes with the answer, and then make it lighter (4.6¶6)."""
    largest = max(files, key=lambda one: one.size, default=None)
    if largest is not None and (largest.size > MOST_TOGETHER or sum(
            one.size for one in files) > GATHERED * MOST_TOGETHER):
        return accept_attachments(files)
    return files


def accept_scan(file: FileRef) -> FileRef:
    """A document beside the answer is a scan or a photo by its content (4.6¶6)."""
    if file.media_type not in SCANS:
        raise NotAcceptedError(
            f"«{file.name}» не принимается: к ответу прикладывают скан или фотографию — PDF, JPG, "
            "PNG, TIFF (п. 4.6, абз. 6). Отсканируйте документ или сохраните его в PDF.")
    return file


def confirmed(draft: Draft) -> Draft:
    """The draft once there are photos or scans: what was found of that is met (4.6¶6)."""
    return replace(draft, findings=tuple(
        one for one in draft.findings if one.code is not Code.UNCONFIRMED))


def quoted(finding: Finding) -> str:
    """«: «предложение»», or nothing where the finding is about the answer as a whole."""
    sentence = " ".join(finding.sentence.split())[:300]
    return f": «{sentence}»" if sentence else ""


def insist(draft: Draft, comment: str) -> Draft:
    """The draft as it goes on: without findings, or with the lead's comment on them (R25)."""
    said = comment.strip() or draft.insisted
    if not draft.findings:
        return replace(draft, insisted="")
    if not said:
        first = draft.findings[0]
        raise NotAcceptedError(
            f"Проверка нашла замечания ({len(draft.findings)}), первое: {first.label}. Исправьте "
            "текст или направьте с пояснением для согласующих.")
    return replace(draft, insisted=said)


def still_insisted(draft: Draft, findings: tuple[Finding, ...], earlier: Draft | None) -> str:
    """The comment that holds on: nothing was found that the lead has not spoken for already."""
    for known in (draft, earlier):
        if known is not None and known.insisted and {
                (one.code, one.sentence) for one in findings} <= {
                (one.code, one.sentence) for one in known.findings}:
            return known.insisted
    return ""

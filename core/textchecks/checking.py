"""The checks of an answer's text before a person reads it (R21, R24–R27)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.calendar import WorkingCalendar
from core.errors import BeyondCalendarError
from core.regulation.limits import INTERIM_DAYS
from core.regulation.terms import AnswerKind
from core.textchecks.dates import find_dates
from core.textchecks.organisations import informs, passed_on
from core.textchecks.promises import judge, undated
from core.textchecks.sentences import Sentence, split
from core.textchecks.workdates import work_dates

LEAST_WORDS = 4
"""Fewer words than this cannot answer «по существу вопроса» (4.6¶7)."""

EXAMPLE = timedelta(days=14)
"""How far ahead the date lies that an advice gives for an example."""


class Code(StrEnum):
    """What a finding is about."""

    UNDATED_PROMISE = "undated_promise"
    NOT_OUR_MATTER = "not_our_matter"
    TOO_SHORT = "too_short"
    WRONG_DATE = "wrong_date"
    # found only where the case is known beside the text
    NO_RESULT = "no_result"
    OFF_SUBSTANCE = "off_substance"
    PERSONAL_DATA = "personal_data"
    REUSED_TEXT = "reused_text"
    REUSED_FILE = "reused_file"
    UNCONFIRMED = "unconfirmed"

    @property
    def label(self) -> str:
        """What it is called to people."""
        return _LABELS[self]


_LABELS = {
    Code.UNDATED_PROMISE: "обещание без точной даты",
    Code.NOT_OUR_MATTER: "отсылка к другой организации без её уведомления",
    Code.TOO_SHORT: "ответ не по существу: слишком короткий",
    Code.WRONG_DATE: "неверная дата",
    Code.NO_RESULT: "не назван результат",
    Code.OFF_SUBSTANCE: "ответ не о том, о чём спрашивали",
    Code.PERSONAL_DATA: "персональные данные",
    Code.REUSED_TEXT: "текст ответа на другое сообщение",
    Code.REUSED_FILE: "файл ответа на другое сообщение",
    Code.UNCONFIRMED: "нет ни фотографии, ни скана",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the regulation sends an answer back for.

    ``sentence`` stands at characters [``start``, ``end``) of the text; ``requirement`` and
    ``clause`` say which rule, ``advice`` what to write instead (Russian).
    """

    code: Code
    sentence: str
    start: int
    end: int
    requirement: str
    clause: str
    advice: str

    @property
    def label(self) -> str:
        """What it is called to people."""
        return self.code.label


@dataclass(frozen=True, slots=True)
class TextReport:
    """What was found in one text, in the order of the text."""

    findings: tuple[Finding, ...]
    dates: tuple[date, ...]
    """Exact dates of the work promised or done, in the order of the text, each once."""


def check(
    text: str,
    *,
    today: date,
    result_kind: str | None = None,
    calendar: WorkingCalendar | None = None,
    registered_letter: bool = False,
    registered_on: date | None = None,
) -> TextReport:
    """Judge the text of a draft answer.

    ``result_kind`` is an :class:`AnswerKind` value: a planned and an interim answer must name a
    date, an interim one within 30 days of ``registered_on`` (else of ``today``). With
    ``calendar``, a promised day off is found too. ``registered_letter``: a letter to the
    organisation is already registered, so the text need not say that it was informed.

    Raises:
        ValueError: ``result_kind`` is none of :class:`AnswerKind`.
    """
    kind = _kind(result_kind)
    sentences = split(text, find_dates(text, today))
    findings = [
        *_too_short(text, sentences),
        *_wrong_dates(sentences, _Terms(today, kind, calendar, registered_on or today)),
        *_undated(text, sentences, kind, today + EXAMPLE),
        *([] if registered_letter else _not_ours(sentences)),
    ]
    days = [token.date.day for one in sentences for _, token in work_dates(one) if token.date]
    return TextReport(
        tuple(sorted(findings, key=lambda one: one.start)),
        tuple(dict.fromkeys(day for day in days if day)),
    )


def _kind(code: str | None) -> AnswerKind | None:
    if code is None:
        return None
    for kind in AnswerKind:
        if kind.value == code:
            return kind
    raise ValueError(f"{code!r} is no AnswerKind")


def _finding(sentence: Sentence, code: Code, rule: tuple[str, str], advice: str) -> Finding:
    return Finding(code, sentence.text, sentence.start, sentence.end, *rule, advice)


def _too_short(text: str, sentences: tuple[Sentence, ...]) -> Iterator[Finding]:
    words = [token for one in sentences for token in one.tokens if token.word.lemmas or token.date]
    if len(words) < LEAST_WORDS:
        yield Finding(
            Code.TOO_SHORT, text.strip(), 0, len(text), "R24", "4.6¶7",
            "Напишите по существу вопроса: что сделано и где, либо что и к какому числу будет "
            "сделано, либо почему это невозможно.",
        )  # fmt: skip


def _undated(
    text: str, sentences: tuple[Sentence, ...], kind: AnswerKind | None, example: date
) -> Iterator[Finding]:
    found = False
    for sentence in undated(sentences):
        found = True
        yield _finding(
            sentence, Code.UNDATED_PROMISE, ("R25", "4.6¶7"),
            f"Назовите точную дату, например «до {example:%d.%m.%Y}»; если её ещё нет — уточните "
            "у исполнителя или подготовьте промежуточный ответ с датой.",
        )  # fmt: skip
    must_name = kind in (AnswerKind.PLANNED, AnswerKind.INTERIM)
    if must_name and not found and not any(True for s in sentences for _ in work_dates(s)):
        yield Finding(
            Code.UNDATED_PROMISE, text.strip(), 0, len(text), "R25", "4.6¶7",
            "В таком ответе должна стоять точная дата исполнения: допишите, к какому числу "
            "вопрос будет решён.",
        )  # fmt: skip


def _not_ours(sentences: tuple[Sentence, ...]) -> Iterator[Finding]:
    if informs(sentences):
        return
    for sentence in passed_on(sentences):
        yield _finding(
            sentence, Code.NOT_OUR_MATTER, ("R26", "4.6¶7"),
            "Сообщите организации о проблеме письмом и напишите об этом: «…направлено в "
            "(название) письмом от (дата) № (номер)».",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a promised day is measured by."""

    today: date
    kind: AnswerKind | None
    calendar: WorkingCalendar | None
    counted_from: date


def _wrong_dates(sentences: tuple[Sentence, ...], terms: _Terms) -> Iterator[Finding]:
    for sentence in sentences:
        dated = tuple(work_dates(sentence))
        promised = {
            id(one.clause) for one in judge(sentence, done_later=False, done=False) if one.promises
        } if dated else set()  # fmt: skip
        for clause, token in dated:
            mention = token.date
            if mention is None:
                continue
            if mention.day is None:
                fault = (f"Даты «{token.text}» нет в календаре: исправьте её.", "R25", "4.6¶7")
                yield _finding(sentence, Code.WRONG_DATE, fault[1:], fault[0])
            elif id(clause) in promised:
                wrong = _fault(mention.day, terms)
                if wrong:
                    yield _finding(sentence, Code.WRONG_DATE, wrong[1:], wrong[0])


def _fault(day: date, terms: _Terms) -> tuple[str, str, str] | None:
    """What is wrong with a promised day: advice, requirement, clause."""
    if day < terms.today:
        return (f"Обещанная дата {day:%d.%m.%Y} уже прошла: назовите новую или напишите, "
                "что сделано."), "R25", "4.6¶7"  # fmt: skip
    latest = terms.counted_from + timedelta(INTERIM_DAYS)
    calendar = terms.calendar
    if terms.kind is AnswerKind.INTERIM and day > latest:
        return (f"В промежуточном ответе дата должна наступить не позднее {INTERIM_DAYS} дней, "
                f"то есть до {latest:%d.%m.%Y}."), "R21", "4.6¶5"  # fmt: skip
    if calendar and _is_day_off(day, calendar):
        working = calendar.moved_from_day_off(day)
        return (f"{day:%d.%m.%Y} — выходной день: проверьте дату; ближайший рабочий день — "
                f"{working:%d.%m.%Y}."), "R25", "4.6¶7"  # fmt: skip
    return None


def _is_day_off(day: date, calendar: WorkingCalendar) -> bool:
    try:
        return not calendar.is_working(day)
    except BeyondCalendarError:
        return False

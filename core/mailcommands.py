"""What a person's e-mail asks for, read from its first words (contract: «By e-mail»)."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.regulation.terms import AnswerKind


class Wish(StrEnum):
    """What the writer wants done."""

    ACCEPT = "accept"
    DECLINE = "decline"
    SUBMIT_DRAFT = "submit_draft"
    INSIST = "insist"
    APPROVE = "approve"
    APPROVERS = "approvers"
    ALL_AT_ONCE = "all_at_once"
    LIGHTEN = "lighten"
    DRAFT = "draft"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Said:
    """The wish and its text; ``kind`` and ``promised_on`` for a draft."""

    wish: Wish
    text: str = ""
    kind: AnswerKind | None = None
    promised_on: date | None = None


FIRST_WORDS: tuple[tuple[str, Wish], ...] = (
    ("согласовано без замечаний", Wish.APPROVE),
    ("согласовано", Wish.APPROVE),
    ("согласована", Wish.APPROVE),
    ("согласован", Wish.APPROVE),
    ("согласовываю", Wish.APPROVE),
    ("без замечаний", Wish.APPROVE),
    ("согласен", Wish.APPROVE),
    ("согласна", Wish.APPROVE),
    ("не возражаю", Wish.APPROVE),
    ("замечаний нет", Wish.APPROVE),
    ("нет замечаний", Wish.APPROVE),
    ("лист согласования", Wish.APPROVERS),
    *((f"{verb}{how}", Wish.ALL_AT_ONCE)
      for verb in ("", "направить ", "отправить ", "направьте ", "отправьте ")
      for how in ("на согласование всем", "на согласование одновременно",
                  "на согласование параллельно", "на параллельное согласование",
                  "всем сразу на согласование", "всем на согласование")),
    ("согласовать всем сразу", Wish.ALL_AT_ONCE),
    ("согласовать параллельно", Wish.ALL_AT_ONCE),
    ("согласовать одновременно", Wish.ALL_AT_ONCE),
    ("на согласование с пояснением", Wish.INSIST),
    ("на согласование", Wish.SUBMIT_DRAFT),
    ("принято в работу", Wish.ACCEPT),
    ("принято к исполнению", Wish.ACCEPT),
    ("принято", Wish.ACCEPT),
    ("принимаю", Wish.ACCEPT),
    *((f"{verb} {what}".strip(), Wish.LIGHTEN)
      for verb in ("сжать", "сожмите", "сжимайте")
      for what in ("фотографии", "фото", "снимки", "все фотографии", "")),
    ("не моё", Wish.DECLINE),
    ("не мое", Wish.DECLINE),
    ("не наше", Wish.DECLINE),
)

DRAFT_WORDS: tuple[tuple[str, AnswerKind], ...] = (
    ("решено", AnswerKind.SOLVED),
    ("запланировано", AnswerKind.PLANNED),
    ("невозможно", AnswerKind.IMPOSSIBLE),
    ("промежуточный ответ", AnswerKind.INTERIM),
)

_UNTIL = re.compile(r"\s*до\s+(\d{1,2})\.(\d{1,2})\.(\d{4})", re.IGNORECASE)
BETWEEN = " \t\r\n.,:;!—–-"
"""What may stand between a word of command and what is said with it."""
_COURTESY = re.compile(
    r"(?:[Пп]ожалуйста)?[\s.,!]*(?:[Сс]пасибо|[Бб]лагодарю)?[\s.,!]*"
    r"(?:[Сс] уважением[\s.,!]*(?:[А-ЯЁ][\w.-]*[\s.,]*){0,8})?")
"""Thanks and a signature of names alone: any other word may be a remark."""
_WITHOUT_TEXT = frozenset({Wish.APPROVE, Wish.ACCEPT, Wish.SUBMIT_DRAFT, Wish.LIGHTEN})


def read(text: str) -> Said:
    """The wish behind a letter.

    A wish without a text («Согласовано», «Принято») is taken only where the letter says nothing
    else but thanks and a name: «Согласовано, но исправьте дату» is a text, which a person or a
    deed must judge.
    """
    clean = text.strip()
    folded = clean.casefold()
    for words, wish in FIRST_WORDS:
        if not _begins(folded, words):
            continue
        rest = clean[len(words):].strip(BETWEEN)
        if wish in _WITHOUT_TEXT and rest and not _COURTESY.fullmatch(rest):
            return Said(Wish.TEXT, clean)
        return Said(wish, "" if wish in _WITHOUT_TEXT else rest)
    for words, kind in DRAFT_WORDS:
        if _begins(folded, words):
            return _draft(clean[len(words):], kind, clean)
    return Said(Wish.TEXT, clean)


def said_with(command: str, text: str) -> str | None:
    """What follows the word of command (small letters) that the text begins with; else None."""
    clean = text.strip()
    if not clean.casefold().startswith(command):
        return None
    return clean[len(command):].strip(BETWEEN)


class MailWord(StrEnum):
    """What the desk decides on a letter that the program could not act on."""

    JOIN = "join"
    ANSWER = "answer"
    REGISTER = "register"
    DISMISS = "dismiss"


@dataclass(frozen=True, slots=True)
class OnMail:
    """The decision; ``number`` names the message or our letter to which it belongs."""

    word: MailWord
    number: str = ""


_NUMBER = r"\s+(?:№\s*)?([\w/-]*\d[\w/-]*)"
ON_MAIL: tuple[tuple[re.Pattern[str], MailWord], ...] = tuple(
    (re.compile(words, re.IGNORECASE), word) for words, word in (
        (rf"(?:приобщ\w+\s+)?к\s+сообщению{_NUMBER}", MailWord.JOIN),
        (r"(?:приобщ\w+\s+)?к\s+(?:№\s*)?(ЕКЖ-\d{4}-\d+)", MailWord.JOIN),
        (rf"(?:(?:приобщ\w+\s+|это\s+)?ответ\s+на|(?:приобщ\w+\s+)?к)\s+(?:наше\w*\s+)?"
         rf"письм[оу]{_NUMBER}", MailWord.ANSWER),
        (r"зарегистрир(?:овать|уйте)", MailWord.REGISTER),
        (r"не\s+относится(?:\s+к\s+(?:нам|работе\s+с\s+сообщениями))?", MailWord.DISMISS),
        (r"разобрано", MailWord.DISMISS)))


def read_on_mail(text: str) -> OnMail | None:
    """The desk's word, if the letter says that one thing and nothing else but thanks and a name.
    """
    clean = text.strip().strip("«»\"")
    for words, word in ON_MAIL:
        match = words.match(clean)
        if match and _COURTESY.fullmatch(clean[match.end():].strip(f"{BETWEEN}«»\"")):
            return OnMail(word, (match[1] if match.groups() else "").strip("-/"))
    return None


@dataclass(frozen=True, slots=True)
class Away:
    """An absence that a letter tells of: its days and who stands in, by name."""

    first: date
    last: date
    substitute: str


_DAY = r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s*г\.?)?"
_ABSENT = re.compile(
    rf"\s*отсутствую\s*:?\s+(?:с\s+)?{_DAY}(?:\s*(?:по|до|—|–|-)\s*{_DAY})?[\s,.;—–-]*"
    r"(?:меня\s+)?замещает\s*:?\s*([^\n]+)", re.IGNORECASE)
BACK = "отсутствие отменить"


def read_absence(text: str) -> Away | None:
    """«Отсутствую с 01.12.2026 по 14.12.2026, замещает Иванов И.И.», or one day; else None."""
    match = _ABSENT.match(text)
    if match is None:
        return None
    numbers = [int(one) for one in match.groups()[:6] if one]
    try:
        days = [date(year, month, day) for day, month, year in
                zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)]
    except ValueError:
        return None
    return Away(days[0], days[-1], match[7].strip(BETWEEN))


def is_back(text: str) -> bool:
    """«Отсутствие отменить»."""
    return text.strip().casefold().startswith(BACK)


def says_away(text: str) -> bool:
    """Whether a short letter says that its writer is away, in whatever words."""
    return len(text) <= _LONG and bool(_AWAY.search(text))


def asks_all_at_once(text: str | None) -> bool:
    """Whether that is all that is said: «На согласование всем сразу» (4.6¶9)."""
    return bool(text) and len(text or "") <= _WISH_ALONE and (
        read(text or "").wish is Wish.ALL_AT_ONCE)


_WISH_ALONE = 80
"""Letters; a longer text says something else besides."""
_NOTHING = frozenset({
    "спасибо", "благодарю", "ок", "окей", "ok", "okay", "хорошо", "понял", "поняла", "понятно",
    "ясно", "да", "нет", "получил", "получила", "получено", "увидел", "увидела", "ознакомлен",
    "ознакомлена", "ознакомился", "ознакомилась", "прочитал", "прочитала", "прочитано",
    "здравствуйте", "добрый", "доброе", "день", "утро", "вечер", "коллеги", "большое", "вас",
    "вам", "и", "я", "с", "к", "сведению", "информации", "принял", "приняла", "уважением", "угу",
    "ага", "плюс",
})
_WORD = re.compile(r"[а-яёa-z]+", re.IGNORECASE)
_REFUSAL = re.compile(r"не (?:согласован[оа]?|согласен|согласна|согласую)|против|возражаю")
_AWAY = re.compile(
    r"\b(?:в отпуске|в отпуску|на больничном|в командировке|отсутствую|отсутствует на рабочем|"
    r"вне офиса|автоматическ\w+ (?:ответ|сообщение|уведомление)|out of (?:the )?office)\b",
    re.IGNORECASE)
_LONG = 300
"""Letters; who writes more than that says something of substance."""


def says_nothing(text: str) -> bool:
    """Whether the words are thanks, a greeting or a bare «ок»: nothing to act on."""
    words = [one.casefold() for one in _WORD.findall(text)]
    return all(word in _NOTHING for word in words)


def is_bare_refusal(text: str) -> bool:
    """«Не согласовано» without a reason: R30 asks for the remark's text."""
    return bool(_REFUSAL.fullmatch(text.strip(BETWEEN).casefold()))


def tells_no_work(text: str) -> bool:
    """Whether an executor's words are no account of work: nothing said, a mere question, or that
    the writer is away."""
    short = text.strip()
    if says_nothing(short):
        return True
    if len(short) > _LONG:
        return False
    return bool(_AWAY.search(short)) or (
        short.endswith("?") and not re.search(r"[.!]\s", short))


def _begins(folded: str, words: str) -> bool:
    return folded.startswith(words) and not folded[len(words):len(words) + 1].isalnum()


def _draft(rest: str, kind: AnswerKind, whole: str) -> Said:
    promised_on = None
    if kind is AnswerKind.INTERIM and (until := _UNTIL.match(rest)):
        day, month, year = (int(one) for one in until.groups())
        try:
            promised_on = date(year, month, day)
        except ValueError:
            return Said(Wish.TEXT, whole)
        rest = rest[until.end():]
    if not rest.lstrip().startswith(":"):
        return Said(Wish.TEXT, whole)
    return Said(Wish.DRAFT, rest.lstrip(BETWEEN).rstrip(), kind, promised_on)

"""What a person's e-mail asks for, read from its first words (contract: «By e-mail»)."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from itertools import product

from core.courtesies import is_signature, ungreeted, unhailed
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
    """The wish and its text; ``kind`` and ``promised_on`` for a draft.

    A text has a ``kind`` too where its first word is one («Запланировано устройство тротуара»).
    """

    wish: Wish
    text: str = ""
    kind: AnswerKind | None = None
    promised_on: date | None = None


FIRST_WORDS: tuple[tuple[str, Wish], ...] = (
    ("согласовано без замечаний", Wish.APPROVE),
    ("согласовано", Wish.APPROVE),
    ("согласована", Wish.APPROVE),
    ("согласован", Wish.APPROVE),
    ("согласованно", Wish.APPROVE),
    ("согласовываю", Wish.APPROVE),
    ("согласую", Wish.APPROVE),
    ("утверждаю", Wish.APPROVE),
    ("одобрено", Wish.APPROVE),
    ("одобряю", Wish.APPROVE),
    ("поддерживаю", Wish.APPROVE),
    *((f"{what} {word}", Wish.APPROVE) for what in ("проект", "проект ответа")
      for word in ("согласован", "согласовываю", "согласую", "одобряю", "поддерживаю")),
    ("без замечаний", Wish.APPROVE),
    *((f"{word}{what}", Wish.APPROVE) for what in (" с проектом ответа", " с проектом", "")
      for word in ("согласен", "согласна")),
    ("не возражаю", Wish.APPROVE),
    *((words, Wish.APPROVE) for what in ("замечаний", "возражений")
      for words in (f"{what} нет", f"нет {what}", f"{what} не имею")),
    ("замечания отсутствуют", Wish.APPROVE),
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
    *((f"{verb}на согласование", Wish.SUBMIT_DRAFT) for verb in (
        "", "направить ", "отправить ", "направьте ", "отправьте ", "прошу направить ")),
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
    *((f"{this}{what}", Wish.DECLINE) for this in ("", "это ")
      for what in ("не к нам", "не наш вопрос", "не мой вопрос", "не наш участок")),
    *((f"это {what}", Wish.DECLINE) for what in ("не моё", "не мое", "не наше")),
)

DRAFT_WORDS: tuple[tuple[str, AnswerKind], ...] = (
    ("решено", AnswerKind.SOLVED),
    ("запланировано", AnswerKind.PLANNED),
    ("невозможно", AnswerKind.IMPOSSIBLE),
    ("промежуточный ответ", AnswerKind.INTERIM),
)

_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_UNTIL = re.compile(
    rf"\s*до\s+(\d{{1,2}})(?:\.(\d{{1,2}})\.|\s+({'|'.join(_MONTHS)})[а-я]*\s+)"
    r"(\d{4}|\d{2})\b(?:\s*г(?:ода|\.)?)?", re.IGNORECASE)
BETWEEN = " \t\r\n.,:;!—–-"
"""What may stand between a word of command and what is said with it."""
_SAID = re.compile(r"\s*[:.;\n—–-]")
"""What parts the kind of an answer from its text; «Решено давно» is a sentence of its own."""
_THANKS = re.compile(
    r"[\W_]*(?:[Пп]ожалуйста)?[\W_]*(?:(?:[Сс]пасибо|[Бб]лагодарю)(?: за [а-яё]+)?)?[\W_]*"
    r"([Сс] уважением[\s.,!]*)?")
_CAPITALS = re.compile(r"(?:[А-ЯЁ][\w.-]*[\s.,]*){0,8}")
"""What may follow «с уважением»: names, the words of a letterhead."""
_WITHOUT_TEXT = frozenset({Wish.APPROVE, Wish.ACCEPT, Wish.SUBMIT_DRAFT, Wish.LIGHTEN})


def read(text: str) -> Said:
    """The wish behind a letter; a greeting before it does not count.

    A wish without a text («Согласовано», «Принято») is taken only where the letter says nothing
    else but thanks and a name: «Согласовано, но исправьте дату» is a text, which a person or a
    deed must judge.
    """
    clean = text.strip()
    for words in ungreeted(clean):
        said = _commanded(words)
        if said is not None:
            return said
    return Said(Wish.TEXT, unhailed(clean))


def _commanded(clean: str) -> Said | None:
    """The wish that the text begins with; None where it begins with none."""
    folded = clean.casefold()
    for words, wish in FIRST_WORDS:
        if not _begins(folded, words):
            continue
        rest = clean[len(words):].strip(BETWEEN)
        if wish in _WITHOUT_TEXT and rest and not _is_courtesy(rest):
            # «Без замечаний, согласовано», «Принято. Решено: …»
            again = _commanded(clean[len(words):].lstrip(BETWEEN))
            more = again is not None and (
                again.wish is wish or (wish is Wish.ACCEPT and again.wish is Wish.DRAFT))
            return again if more else Said(Wish.TEXT, clean)
        return Said(wish, "" if wish in _WITHOUT_TEXT else rest)
    for words, kind in DRAFT_WORDS:
        if _begins(folded, words):
            return _draft(clean[len(words):], kind, clean)
    return None


def _is_courtesy(rest: str) -> bool:
    """Thanks and a signature alone: any other word may be a remark."""
    thanks = _THANKS.match(rest)
    name = rest[thanks.end():] if thanks else rest
    return not name or is_signature(name) or bool(
        thanks and thanks[1] and _CAPITALS.fullmatch(name))


def said_with(command: str, text: str) -> str | None:
    """What follows the word of command (small letters) that the text begins with; else None."""
    for clean in ungreeted(text.strip()):
        if clean.casefold().startswith(command):
            return clean[len(command):].strip(BETWEEN)
    return None


def says_only(text: str, words: frozenset[str]) -> bool:
    """Whether one of the words (small letters) is all that the text says, but for courtesies."""
    return any(_begins(one.casefold(), word) and _is_courtesy(one[len(word):].strip(BETWEEN))
               for one in ungreeted(text.strip(BETWEEN)) for word in words)


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
    for (words, word), clean in product(ON_MAIL, ungreeted(text.strip().strip("«»\""))):
        match = words.match(clean)
        if match and _is_courtesy(clean[match.end():].strip(f"{BETWEEN}«»\"")):
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
    match = next(filter(None, map(_ABSENT.match, ungreeted(text.strip()))), None)
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
    return said_with(BACK, text) is not None


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
    "ага", "плюс", "принято", "всем",
})
_WORD = re.compile(r"[а-яёa-z]+", re.IGNORECASE)
_REFUSAL = re.compile(
    r"не ?(?:согласованн?[оа]?|согласен|согласна|согласую|утверждаю|одобряю)|против|возражаю|"
    r"(?:согласован[оа]?|согласен|согласна) с замечани(?:ем|ями)|(?:есть|имеются) замечания")
_ENCLOSED = re.compile(r"вложени|прилага|приложен|прикрепл|прикладыва|файл")
_PAPER = re.compile(r"во?$|на$|см$|смотри|отч[её]т|проект|ответ|замечани|документ|акт|текст|письм|"
                    r"направля|высыла|отправля|мои$|наши$|все$|указан|изложен")
_SHORT = 40
"""Letters; a command, well spelt or not, is no longer."""
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


def is_consent(text: str) -> bool:
    """Whether a report is confirmed: «Утверждаю», and nothing in it is to be corrected."""
    return not _BUT.search(text) and any(
        one.casefold().startswith(_CONFIRMS) for one in ungreeted(text.strip(BETWEEN)))


_CONFIRMS = ("утверж", "утверд", "соглас")
_BUT = re.compile(r"\b(?:но|однако|кроме|исправ\w+|замечани\w+|уточн\w+|добав\w+|неверн\w+)\b",
                  re.IGNORECASE)


def is_bare_refusal(text: str) -> bool:
    """«Не согласовано» without a reason: R30 asks for the remark's text."""
    return bool(_REFUSAL.fullmatch(text.strip(BETWEEN).casefold()))


def points_elsewhere(text: str) -> bool:
    """Whether the words only say that what is meant stands in the attached file."""
    words = [one.casefold() for one in _WORD.findall(text)]
    return any(map(_ENCLOSED.match, words)) and all(
        one in _NOTHING or _ENCLOSED.match(one) or _PAPER.match(one) for one in words)


def is_misspelt(text: str) -> bool:
    """Whether a short letter is nearly, but not quite, a word of command («Сагласовано»).

    Nearly is not enough to act on: «несогласовано» is near to «согласовано» too.
    """
    said = text.strip(BETWEEN).casefold()
    return len(said) <= _SHORT and bool(get_close_matches(said, _WORDS_OF_COMMAND, 1, 0.8))


_WORDS_OF_COMMAND = tuple(words for words, _ in (*FIRST_WORDS, *DRAFT_WORDS))


def tells_no_work(text: str) -> bool:
    """Whether an executor's words are no account of work: nothing said, a mere question, or that
    the writer is away."""
    short = text.strip()
    if says_nothing(short) or is_misspelt(short) or points_elsewhere(short):
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
        day, month, named, year = until.groups()
        number = int(month) if month else 1 + _MONTHS.index(named.casefold())
        try:
            promised_on = date(int(year) if len(year) == len("2026") else 2000 + int(year),
                               number, int(day))
        except ValueError:
            return Said(Wish.TEXT, whole, kind)
        rest = rest[until.end():]
    if promised_on is None and not _SAID.match(rest):
        return Said(Wish.TEXT, whole, kind)
    return Said(Wish.DRAFT, _unordered(rest.lstrip(BETWEEN).rstrip()), kind, promised_on)


def _unordered(text: str) -> str:
    """The text of an answer without «На согласование» on a last line of its own: it is a wish,
    not a word to the citizen."""
    *lines, last = text.split("\n")
    wish = read(last).wish if lines else Wish.TEXT
    return "\n".join(lines).rstrip() if wish in {Wish.SUBMIT_DRAFT, Wish.ALL_AT_ONCE} else text

"""The office's own samples, read by its profiles: what was understood in each, and what not."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from core.errors import BadTableError
from core.inbound import Attachment, MessageCard, MsedNotice, NewMessage, NewMessages, Unrecognised
from mail.bodies import guess_type
from mail.msed import Understanding, understand
from mail.parsing import Letter, parse
from mail.preview import kind_of
from mail.profiles import SAID
from mail.rules import MailRules
from mail.trust import Trust

KINDS = {
    "new_message": "сообщение", "repeat": "возврат", "signature": "подписан",
    "registration": "зарегистрирован", "publication": "опубликован", "return": "возвращён",
    "receipt": "квитанция", "approval": "ответ согласующего", "executor_reply": "ответ сотрудника",
    "bounce": "не доставлено", "auto_reply": "автоответ", "unrecognised": "НЕ РАСПОЗНАНО",
}  # fmt: skip
_WORDS = {name: word for word, name in SAID.items()}
LARGEST = 60 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """What was made of one file.

    ``filled`` counts in how many of ``count`` messages each of our fields was filled, by its
    Russian name; ``empty`` are fields found in none; ``unread`` the office's columns that no
    field uses; ``problems`` sentences.
    """

    file: str
    kind: str
    profile: str = ""
    count: int = 0
    filled: tuple[tuple[str, int], ...] = ()
    empty: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def understood(self) -> bool:
        """Whether the program would act on it without a person."""
        return self.kind != "unrecognised"


def read_samples(folder: Path, rules: MailRules) -> tuple[Sample, ...]:
    """Every file of the folder: letters (``.eml``), or bare tables, XML and ZIP as if enclosed.

    Raises :class:`BadTableError` where the folder is missing or empty.
    """
    if not folder.is_dir():
        raise BadTableError(f"Папки с образцами {folder} нет.")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name[0] != ".")
    if not paths:
        raise BadTableError(
            f"В папке {folder} нет образцов: положите туда письма (.eml) или выгрузки."
        )
    return tuple(_sample(path, str(path.relative_to(folder)), rules) for path in paths)


def _sample(path: Path, name: str, rules: MailRules) -> Sample:
    try:
        if path.stat().st_size > LARGEST:
            return Sample(name, "unrecognised", problems=("Файл больше 60 МБ.",))
        content = path.read_bytes()
    except OSError as fault:
        return Sample(name, "unrecognised", problems=(f"Не читается: {fault.strerror}.",))
    if path.suffix.lower() == ".eml":
        letter = parse(content)
    else:
        enclosed = Attachment(path.name, guess_type(path.name), content)
        letter = Letter(sender=_known(rules), subject=path.stem, attachments=(enclosed,))
    stranger = () if rules.believes(letter.sender) else (
        f"Отправителя {letter.sender or 'нет'} нет в MSED_SENDERS: в работе письмо увидит "
        "сотрудник.",)  # fmt: skip
    trusting = replace(
        rules, msed_senders=(*rules.msed_senders, letter.sender.lower()), trust=Trust.FROM
    )
    seen = understand(letter, trusting)
    exported = isinstance(seen.reading, NewMessage | NewMessages | MsedNotice)
    return _described(name, seen, (*letter.problems, *(stranger if exported else ())))


def _known(rules: MailRules) -> str:
    """A sender whom the rules believe, for a file that came without a letter."""
    first = next(iter(rules.msed_senders), "msed.example")
    return first if "@" in first.lstrip("@") else f"msed@{first.lstrip('@')}"


def _described(name: str, seen: Understanding, problems: Iterable[str]) -> Sample:
    reading = seen.reading
    cards: Sequence[MessageCard | MsedNotice] = ()
    said = [*problems, *seen.problems]
    match reading:
        case NewMessage(card):
            cards = (card,)
        case NewMessages(cards=several):
            cards = several
            said += [*reading.problems, *reading.notes]
        case MsedNotice():
            cards = (reading,)
        case Unrecognised(reason):
            said.append(reason)
    filled, empty = _filled(cards)
    return Sample(
        name, kind_of(reading), seen.profile, len(cards), filled, empty, seen.unread, tuple(said)
    )


def _filled(
    cards: Sequence[MessageCard | MsedNotice],
) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
    counts: Counter[str] = Counter()
    for card in cards:
        for field, value in _values(card).items():
            counts[field] += bool(value)
    named = [(_WORDS.get(field, field), count) for field, count in counts.items()]
    return (
        tuple((word, count) for word, count in named if count),
        tuple(word for word, count in named if not count),
    )


def _values(card: MessageCard | MsedNotice) -> dict[str, object]:
    values = asdict(card)
    values.pop("kind", None)
    person = values.pop("applicant", None)
    if isinstance(card, MessageCard) and isinstance(person, dict):
        values |= {"applicant": person["name"], "contacts": person["contacts"]}
    return values


def as_table(samples: Sequence[Sample]) -> str:
    """The samples as lines for a console; says nothing of what the messages themselves say."""
    lines = []
    for one in samples:
        rows = f", сообщений: {one.count}" if one.count > 1 else ""
        profile = f", профиль «{one.profile}»" if one.profile else ""
        lines.append(f"{'✓' if one.understood else '✗'} {one.file}: "
                     f"{KINDS.get(one.kind, one.kind)}{rows}{profile}")  # fmt: skip
        if one.filled:
            lines.append("    прочитано: " + ", ".join(_share(*pair, one.count)
                                                       for pair in one.filled))  # fmt: skip
        if one.empty:
            lines.append("    не найдено: " + ", ".join(one.empty))
        if one.unread:
            lines.append("    столбцы без поля: " + ", ".join(f"«{two}»" for two in one.unread))
        lines += [f"    ! {problem}" for problem in one.problems]
    good = sum(one.understood for one in samples)
    lines.append(f"Распознано {good} из {len(samples)}.")
    return "\n".join(lines)


def _share(word: str, count: int, of: int) -> str:
    return word if count == of else f"{word} ({count} из {of})"

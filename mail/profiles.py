"""Layouts that an office writes itself: one TOML file for each, see docs/profiles.md.

A profile says whose letters it reads, and which of our fields the office's headings mean. It
adds to the built-in headings and grants no trust: the sender must be among the МСЭД's still.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from core.errors import BadTableError
from mail import cards, exports, notices
from mail.pairs import Field, plain
from mail.parsing import Letter

READERS: Mapping[str, tuple[Field, ...]] = {
    "table": exports.COLUMNS,
    "lines": cards.FIELDS,
    "notice": notices.FIELDS,
}
"""What reads the letter, and the built-in headings it goes by."""

SAID: Mapping[str, str] = {
    "номер": "number", "дата": "sent_on", "категория": "category", "тема": "topic",
    "адрес": "place", "район": "locality", "текст": "text", "заявитель": "applicant",
    "контакты": "contacts", "публичность": "public", "повтор": "repeat_of", "статус": "status",
    "уведомление": "kind", "номер сообщения": "case_number",
    "регистрационный номер": "document_number", "подписал": "person",
    "согласовал": "person", "причина": "reason",
    "дата документа": "on",
}  # fmt: skip
"""Our fields as the office names them; the English names serve too."""

IGNORED = frozenset({"", "-", "нет"})
"""A column so marked is no field, even if a built-in heading says otherwise."""
_PATTERN_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Profile:
    """One layout. An empty condition is met by every letter; ``files`` is a glob of names."""

    name: str
    reader: str
    fields: tuple[Field, ...]
    senders: tuple[str, ...] = ()
    subject: str = ""
    files: str = "*"

    def reads(self, letter: Letter) -> bool:
        """Whether the profile is meant for this letter."""
        sender = letter.sender.lower()
        domain = sender.rpartition("@")[2]
        known = {one.lower() for one in self.senders}
        if known and known.isdisjoint({sender, domain, "@" + domain}):
            return False
        return re.search(self.subject, letter.subject[:1000], re.IGNORECASE) is not None

    def takes(self, file_name: str) -> bool:
        """Whether the profile is meant for a table of this name."""
        return fnmatchcase(file_name.lower(), self.files.lower())


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """Every ``*.toml`` of the folder, by name.

    Raises :class:`BadTableError` that names each wrong file and key and what should stand there.
    """
    if not folder.is_dir():
        raise BadTableError(f"Папки профилей {folder} нет: создайте её или уберите PROFILES_DIR.")
    found, wrong = [], []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(read_profile(path))
        except BadTableError as fault:
            wrong.append(str(fault))
    if wrong:
        raise BadTableError(" ".join(wrong))
    return tuple(found)


def read_profile(path: Path) -> Profile:
    """One profile. Raises :class:`BadTableError` with every fault of the file."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as fault:
        place = re.search(r"line (\d+), column (\d+)", str(fault))
        where = f"строка {place[1]}, знак {place[2]}" if place else "конец файла"
        raise BadTableError(
            f"Профиль {path.name}: записан не по правилам TOML, {where}. "
            "Проверьте кавычки и знак «=»."
        ) from None
    except (OSError, UnicodeDecodeError):
        raise BadTableError(
            f"Профиль {path.name} не читается: нужен текстовый файл в кодировке UTF-8."
        ) from None
    return _Reading(path, data).profile()


class _Reading:
    """One file being read; faults are gathered, so that the office mends them all at once."""

    def __init__(self, path: Path, data: Mapping[str, object]) -> None:
        self._path = path
        self._data = data
        self._wrong: list[str] = []

    def profile(self) -> Profile:
        for key in sorted(self._data.keys() - set(_KEYS)):
            self._fault(key, f"такого ключа нет, есть {', '.join(_KEYS)}")
        values = {key: self._value(key, check) for key, check in _KEYS.items()}
        reader = str(values["reader"] or "table")
        fields: tuple[Field, ...] = ()
        if reader not in READERS:
            self._fault("reader", f"«{reader}» неизвестно, возможны {', '.join(READERS)}")
        else:
            only = values["builtin"] is False
            fields = self._fields(values["fields"] or {}, READERS[reader], only=only)
        subject = str(values["subject"] or "")
        self._check_pattern(subject)
        if self._wrong:
            raise BadTableError(f"Профиль {self._path.name}: {'; '.join(self._wrong)}.")
        return Profile(
            name=str(values["name"] or self._path.stem), reader=reader, fields=fields,
            senders=_listed(values["sender"]), subject=subject,
            files=str(values["file"] or "*"),
        )  # fmt: skip

    def _fault(self, key: str, sentence: str) -> None:
        self._wrong.append(f"ключ «{key}»: {sentence}")

    def _value(self, key: str, check: tuple[Callable[[object], bool], str]) -> object:
        value = self._data.get(key)
        if value is None or check[0](value):
            return value
        self._fault(key, f"нужно: {check[1]}")
        return None

    def _check_pattern(self, pattern: str) -> None:
        try:
            re.compile(pattern)
        except re.error as fault:
            self._fault("subject", f"выражение записано неверно ({fault})")
        if len(pattern) > _PATTERN_LIMIT:
            self._fault("subject", f"выражение длиннее {_PATTERN_LIMIT} знаков")

    def _fields(self, given: object, built_in: Iterable[Field], *, only: bool
                ) -> tuple[Field, ...]:
        """The built-in fields with the office's headings before their own."""
        known = {one.name for one in built_in}
        said = [word for word, name in SAID.items() if name in known]
        asked: dict[str, str] = {}
        for heading, name in given.items() if isinstance(given, dict) else ():
            field = SAID.get(plain(str(name)), str(name).strip())
            if field not in known and field.lower() not in IGNORED:
                self._fault(f"fields.{heading}", f"поля «{name}» нет, есть {', '.join(said)}")
            asked[plain(heading)] = field
        if only and not {"number", "text", "kind", "case_number"} & set(asked.values()):
            self._fault("builtin", "своих заголовков номера и текста нет, а встроенные отключены")
        return tuple(
            replace(one, headings=(
                *(heading for heading, name in asked.items() if name == one.name),
                *(() if only else (word for word in one.headings if plain(word) not in asked)),
            ))
            for one in built_in
        )  # fmt: skip


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value.strip(),)
    return tuple(str(one).strip() for one in value) if isinstance(value, list) else ()


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return _is_text(value) or (isinstance(value, list) and all(map(_is_text, value)))


def _is_map(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


_TEXT = (_is_text, "текст в кавычках")
_KEYS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "name": _TEXT,
    "reader": _TEXT,
    "sender": (_is_texts, 'адрес или список адресов, пример: ["export@msed.example"]'),
    "subject": _TEXT,
    "file": _TEXT,
    "builtin": (lambda value: isinstance(value, bool), "true или false"),
    "fields": (_is_map, 'строки вида "Заголовок столбца" = "номер"'),
}

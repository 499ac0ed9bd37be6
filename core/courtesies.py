"""What politeness puts around the words of a letter: a greeting before, a signature after."""

import re
from collections.abc import Iterator

from core.textchecks.morphology import read

_GREETING = re.compile(
    r"(?i:(?:добр(?:ый|ое|ого|ой)\s+(?:день|дня|утро|утра|вечер|вечера|времени\s+суток)|"
    r"здравствуйте|приветствую|(?:уважаемые\s+)?коллеги|да|ок|окей|хорошо)\b"
    r"(?:[\s,]+(?:уважаемые\s+)?коллеги\b)?)")
_NAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_CALLED = re.compile(
    rf"[\s,]*(?:[Уу]важаем(?:ый|ая)\s+)?{_NAME}(?:\s+[А-ЯЁ][а-яё]+(?:вич|вна|ична|инична))?"
    r"\s*[,.!\n]")
_HAIL = re.compile(
    r"(?i:добр(?:ый|ое|ого|ой)\s+(?:день|дня|утро|утра|вечер|вечера|времени\s+суток)|"
    r"здравствуйте|приветствую)(?:[\s,]+(?i:(?:уважаемые\s+)?коллеги)|"
    rf"[\s,]+(?:[Уу]важаем(?:ый|ая)\s+)?{_NAME}\s+[А-ЯЁ][а-яё]+(?:вич|вна|ична|инична))?"
    r"\s*[,.!\n]\s*")
_BETWEEN = " \t\r\n,.!;:—–-"


def ungreeted(text: str) -> Iterator[str]:
    """The text, then the text without its greeting, then without the name called in it.

    A reader takes the first one that begins with a word of command.
    """
    yield text
    greeting = _GREETING.match(text)
    rest = text[greeting.end():] if greeting else text
    if greeting:
        yield rest.lstrip(_BETWEEN)
    if called := _CALLED.match(rest):
        yield rest[called.end():].lstrip(_BETWEEN)


def unhailed(text: str) -> str:
    """The text without «Добрый день, Марина Игоревна!» before it: no part of an answer or a
    report. A greeting alone is left."""
    hail = _HAIL.match(text)
    rest = text[hail.end():] if hail else ""
    return f"{rest[:1].upper()}{rest[1:]}" if rest.strip() else text


def is_signature(text: str) -> bool:
    """Whether the words are a person's name alone, or with the post before or after it:
    «начальник отдела Белов А.И.», «Антон Белов»."""
    if len(text) > _LONGEST or not _NAMES_ALONE.fullmatch(text):
        return False
    words = _WORD.findall(text)
    return any(_is_name(name) and (not post or _is_post(post))
               for size in (2, 3) for name, post in (
                   (words[-size:], words[:-size]), (words[:size], words[size:])))


def _is_name(words: list[str]) -> bool:
    """Initials with a surname, or names in full; not in another's case («Белову А.И.»)."""
    whole = [one for one in words if len(one) > 1]
    known = [read(one.lower()) for one in whole]
    if not whole or not all(one[0].isupper() for one in words) or any(
            one.cases and "nomn" not in one.cases for one in known):
        return False
    people = all(one.person for one in known)
    if len(whole) == 1:
        return people or len(words) == len(("Фамилия", "И", "О"))
    parts = frozenset().union(*(one.person for one in known))
    return "Patr" in parts or (people and "Name" in parts)


def _is_post(words: list[str]) -> bool:
    """Nouns and adjectives with one for a person among them, who takes no part in the case."""
    first = read(words[0].lower())
    if words[0].lower() not in _ACTING and not (
            "nomn" in first.cases and (first.animate or first.adjective)):
        return False
    known = [read(one.lower()) for one in words
             if not one.isupper() and one.lower() not in _ACTING | {"и", "по", "с"}]
    return any(one.animate for one in known) and all(
        (one.noun or one.adjective) and not one.lemmas & _OF_CASE for one in known)


_LONGEST = 150
_NAMES_ALONE = re.compile(r"[А-Яа-яЁё\s.,«»\"-]*")
_WORD = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
_ACTING = frozenset({"и", "о", "ио", "врио", "зам"})
_OF_CASE = frozenset({
    "исполнитель", "соисполнитель", "ответственный", "заявитель", "житель", "гражданин"})
"""Beside a name they are a remark: «Исполнитель Белов А.И.»."""


def unsigned(text: str, name: str, post: str = "") -> str:
    """The text without its writer's signature: from the line of the own name on.

    ``name`` is «Фамилия Имя Отчество»; a line of the ``post`` right above goes too. A letter
    that begins with the name is left as it is.
    """
    family, *given = name.split()
    if not given:
        return text
    initials = r"\s*".join(rf"{re.escape(one[0])}\." for one in given)
    first, whole = re.escape(given[0]), r"\s+".join(map(re.escape, given))
    own = re.compile(
        rf"[\W_]*(?:{re.escape(family)}\s+(?:{whole}|{first}|{initials}|{re.escape(given[0][0])}\.)|"
        rf"(?:{whole}|{first}|{initials}|{re.escape(given[0][0])}\.)\s*{re.escape(family)}|{whole})"
        r"(?:\s*,.{0,80})?[\W_]*", re.IGNORECASE)
    lines = text.split("\n")
    at = next((at for at, line in enumerate(lines) if own.fullmatch(line)), 0)
    while at > 1 and post and lines[at - 1].strip().casefold().startswith(post.casefold()):
        at -= 1
    return "\n".join(lines[:at]).rstrip() if any(map(str.strip, lines[:at])) else text

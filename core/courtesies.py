"""What politeness puts around the words of a letter: a greeting before, a signature after."""

import re
from collections.abc import Iterator

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

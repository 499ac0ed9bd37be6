"""How an answer of each kind begins (4.6¶4-5): files that the office edits, with gaps to fill.

``draft-solved.txt`` and its like are found as every template is: the office's own before the one
built in. Beside it may lie one for a topic, ``draft-solved-дороги.txt``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.documents.errors import BadTemplateError
from core.documents.house import Templates
from core.draft import GAP
from core.regulation.terms import AnswerKind

NAMES = tuple(f"draft-{kind.value}.txt" for kind in AnswerKind)
PLACE, TOPIC, UNTIL = "адрес", "тема", "срок"
LONGEST = 3500
_FIELD = re.compile(r"\{([^{}]*)\}")
_GAPS = re.compile(r"\[✎ [^\[\]]+\]")


@dataclass(frozen=True, slots=True)
class Known:
    """What the case fills in; a gap stands for what is empty."""

    place: str = ""
    topic: str = ""
    until: str = ""


def begin(templates: Templates, kind: AnswerKind, known: Known) -> str:
    """The text to go on from. Raises BadTemplateError with the file and what is wrong in it."""
    name = _name(templates, kind, known.topic)
    values = {PLACE: known.place, TOPIC: known.topic, UNTIL: known.until}

    def fill(field: re.Match[str]) -> str:
        return values[field[1]] or GAP.format(field[1])

    return _FIELD.sub(fill, _read(templates, name))


def check(templates: Templates) -> Iterator[str]:
    """What is wrong in the patterns in use, a sentence each (``rakurs doctor``)."""
    for name in (*NAMES, *_of_topics(templates)):
        try:
            _read(templates, name)
        except BadTemplateError as error:
            yield str(error)


def is_pattern(name: str) -> bool:
    """Whether a file of that name is used, for every topic or for one."""
    return name in NAMES or name.startswith(tuple(f"{one.removesuffix('.txt')}-" for one in NAMES))


def _of_topics(templates: Templates) -> tuple[str, ...]:
    folder = templates.folder or Path()
    found = sorted(folder.glob("draft-*-*.txt")) if templates.folder else []
    return tuple(path.name for path in found if is_pattern(path.name))


def _name(templates: Templates, kind: AnswerKind, topic: str) -> str:
    general = f"draft-{kind.value}.txt"
    wanted = f"draft-{kind.value}-{topic.strip()}.txt".casefold()
    return next((one for one in _of_topics(templates) if one.casefold() == wanted), general)


def _read(templates: Templates, name: str) -> str:
    """The text without the remarks to its editors."""
    try:
        lines = templates.read(name).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadTemplateError(f"Образец {name} не в кодировке UTF-8: сохраните его в ней."
                               ) from error
    text = "\n".join(one for one in lines if not one.startswith("#")).strip()
    if not text:
        raise BadTemplateError(f"Образец {name} пуст: впишите текст ответа.")
    if len(text) > LONGEST:
        raise BadTemplateError(f"Образец {name} длиннее {LONGEST} знаков: он не войдёт в одно "
                               "сообщение Telegram, сократите его.")
    known = {PLACE, TOPIC, UNTIL}
    if unknown := [one for one in _FIELD.findall(text) if one not in known]:
        raise BadTemplateError(
            f"В образце {name} неизвестное поле {{{unknown[0]}}}: возможны "
            f"{', '.join(f'{{{one}}}' for one in (PLACE, TOPIC, UNTIL))}.")
    if "✎" in _GAPS.sub("", text) or set("{}") & set(_FIELD.sub("", text)):
        raise BadTemplateError(f"В образце {name} не закрыта скобка: пропуск пишется [✎ что "
                               "вписать], поле — {адрес}.")
    return text

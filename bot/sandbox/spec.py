"""The described Bot API as data (``bot_api.json``) and the check of values against it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TypeAlias

Json: TypeAlias = dict[str, object]

MISSING_WORDS = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "file_id": "file_id not specified",
    "message_id": "message identifier is not specified",
    "action": "wrong parameter action in request",
}
"""What Telegram says when a required field is missing; other fields have a common sentence."""

BROKEN_JSON_WORDS = {
    "reply_markup": "can't parse reply keyboard markup JSON object",
    "reply_parameters": "can't parse reply parameters JSON object",
    "link_preview_options": "can't parse link preview options JSON object",
    "entities": "can't parse entities JSON object",
    "caption_entities": "can't parse entities JSON object",
    "media": "can't parse media JSON object",
    "commands": "can't parse commands JSON object",
    "scope": "can't parse BotCommandScope JSON object",
    "menu_button": "can't parse menu button JSON object",
    "reaction": "can't parse reaction types JSON object",
}


@dataclass(frozen=True)
class Upload:
    """A file that came with the call as a part of the form."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Shape:
    """Fields of a method or type, name to type expression, or the types it may be one of."""

    required: Mapping[str, str]
    optional: Mapping[str, str]
    one_of: tuple[str, ...] = ()
    returns: str = ""

    def kind_of(self, field: str) -> str | None:
        """The field's type expression; None where there is no such field."""
        return self.required.get(field) or self.optional.get(field)


class Spec:
    """Methods and types of the Bot API that the sandbox serves."""

    def __init__(self, described: Json) -> None:
        self.version = str(described["version"])
        self._methods = {
            name.lower(): (name, shape) for name, shape in _shapes(described["methods"]).items()
        }
        self._types = _shapes(described["types"])

    def method(self, name: str) -> tuple[str, Shape] | None:
        """The method in its own spelling (Telegram ignores case); None if it is not served."""
        return self._methods.get(name.lower())

    def wrong_call(self, shape: Shape, given: Mapping[str, object]) -> str | None:
        """Why the call's fields do not fit, in Telegram's words; None where they do."""
        for field, value in given.items():
            kind = shape.kind_of(field)
            if kind is None:
                return f'unknown parameter "{field}"'
            if trouble := self.trouble(value, kind, field):
                return trouble
        for field in shape.required:
            if field not in given:
                return MISSING_WORDS.get(field, f'parameter "{field}" is required')
        return None

    def trouble(self, value: object, kind: str, path: str) -> str | None:
        """Why ``value`` is not of the type expression ``kind``; None where it is."""
        options, items = _options(kind)
        if items:
            return self._trouble_array(value, items, path)
        if isinstance(value, dict) and len(options) > 1:
            return self._trouble_choice(value, options, path)
        if any(self._trouble_one(value, option, path) is None for option in options):
            return None
        if len(options) == 1:
            return self._trouble_one(value, kind, path)
        return f'field "{path}" must be of type {" or ".join(options)}'

    def _trouble_one(self, value: object, kind: str, path: str) -> str | None:
        kind, _, constant = kind.partition("=")
        if kind.startswith(ARRAY):
            return self._trouble_array(value, kind.removeprefix(ARRAY), path)
        if _is_plain(value, kind):
            fits = not constant or value == constant
            return None if fits else f'field "{path}" must be "{constant}"'
        if kind in PLAIN:
            return f'field "{path}" must be of type {kind}'
        return self._trouble_object(value, kind, path)

    def _trouble_array(self, value: object, item: str, path: str) -> str | None:
        if not isinstance(value, list):
            return f'field "{path}" must be of type Array'
        for number, each in enumerate(value):
            if trouble := self.trouble(each, item, f"{path}[{number}]"):
                return trouble
        return None

    def _trouble_object(self, value: object, kind: str, path: str) -> str | None:
        shape = self._types.get(kind)
        if not isinstance(value, dict):
            return f'field "{path}" must be of type {kind}'
        if shape is None:
            return f'field "{path}" of type {kind} is not served by the sandbox'
        if shape.one_of:
            return self._trouble_choice(value, shape.one_of, path)
        for field, inner in value.items():
            wanted = shape.kind_of(field)
            if wanted is None:
                return f'unknown field "{path}.{field}" of {kind}'
            if trouble := self.trouble(inner, wanted, f"{path}.{field}"):
                return trouble
        missing = [field for field in shape.required if field not in value]
        return f'field "{path}.{missing[0]}" of {kind} is required' if missing else None

    def _trouble_choice(self, value: Json, names: tuple[str, ...], path: str) -> str | None:
        """One of several: the one whose constant fields («type», «status») agree and whose
        required fields are there is the one that was meant."""
        meant = [
            name
            for name in names
            if (shape := self._types.get(name)) and _constants_agree(shape, value)
        ]
        meant.sort(key=lambda name: len(self._types[name].required.keys() - value.keys()))
        troubles = [self._trouble_one(value, name, path) for name in meant]
        if None in troubles:
            return None
        return troubles[0] if troubles else f'field "{path}" has an unsupported type'


ARRAY = "Array of "
PLAIN: Mapping[str, type | tuple[type, ...]] = {
    "Integer": int,
    "Float": (int, float),
    "Boolean": bool,
    "String": str,
    "InputFile": (Upload, str),
}


@lru_cache(maxsize=1024)
def _options(kind: str) -> tuple[tuple[str, ...], str]:
    """The alternatives of a type expression; of what, where each of them is an array."""
    options = tuple(kind.split("|"))
    arrays = all(option.startswith(ARRAY) for option in options)
    return options, "|".join(one.removeprefix(ARRAY) for one in options) if arrays else ""


def _is_plain(value: object, kind: str) -> bool:
    if kind == "Boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    return kind in PLAIN and isinstance(value, PLAIN[kind])


def _constants_agree(shape: Shape, value: Json) -> bool:
    for field, kind in shape.required.items():
        _, _, constant = kind.partition("=")
        if constant and value.get(field) != constant:
            return False
    return True


def from_text(text: str, kind: str) -> object:
    """A form field's text as the value its type wants; ``ValueError`` where it cannot be.

    Numbers and truth values are read as Telegram reads them, objects and arrays as JSON.
    """
    options = [option.partition("=")[0] for option in kind.split("|")]
    if "Integer" in options and text.lstrip("-").isdigit():
        return int(text)
    if "String" in options or "InputFile" in options:
        return text
    if options == ["Boolean"]:
        return _truth(text)
    if "Integer" in options:
        return text
    return json.loads(text)


def _truth(text: str) -> object:
    lowered = text.strip().lower()
    if lowered in {"true", "1", "yes", "t", "y"}:
        return True
    if lowered in {"false", "0", "no", "f", "n", ""}:
        return False
    return text


def _shapes(described: object) -> dict[str, Shape]:
    return {name: _shape(fields) for name, fields in as_object(described).items()}


def _shape(described: object) -> Shape:
    fields = as_object(described)
    return Shape(
        required=_kinds(fields.get("required")),
        optional=_kinds(fields.get("optional")),
        one_of=tuple(str(each) for each in as_array(fields.get("one_of"))),
        returns=str(fields.get("returns", "")),
    )


def _kinds(described: object) -> dict[str, str]:
    return {name: str(kind) for name, kind in as_object(described).items()}


@lru_cache(maxsize=1)
def packaged_spec() -> Spec:
    """The spec that ships with the package."""
    text = files("bot.sandbox").joinpath("bot_api.json").read_text("utf-8")
    return Spec(json.loads(text))


def as_object(value: object) -> Json:
    """The JSON object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_array(value: object) -> Sequence[object]:
    """The JSON array, or an empty one for anything else."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """The string, or an empty one for anything else."""
    return value if isinstance(value, str) else ""


def as_number(value: object, default: int = 0) -> int:
    """The integer, or ``default`` for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else default

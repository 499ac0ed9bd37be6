"""XML from outside as a small tree of local names: no DTD, no entities, bounded.

Prefixes and namespaces differ from sender to sender, so only local names are kept. The declared
encoding is not believed: bytes that are UTF-8 are UTF-8 (МЭДО files often say otherwise).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from core.errors import AssistantError
from mail.charsets import decode

MOST_BYTES = 20 * 1024 * 1024
MOST_ELEMENTS = 100_000
DEEPEST = 64

_DECLARED = re.compile(r"\A\s*<\?xml[^>]{0,200}?\?>")
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)


class BadXmlError(AssistantError):
    """The XML cannot be read, or asks for what is refused; one Russian sentence."""


@dataclass(slots=True)
class Node:
    """An element: local name, attributes by local name, own text, children."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    def all(self, *path: str) -> list["Node"]:
        """Every element down that path of local names."""
        found = [self]
        for name in path:
            found = [one for node in found for one in node.children if one.name == name]
        return found

    def child(self, *path: str) -> "Node | None":
        """The first element down that path."""
        return next(iter(self.all(*path)), None)

    def text(self, *path: str) -> str:
        """The text of the first filled element down the path, spaces tidied at the ends."""
        return next(filter(None, (one.own_text for one in self.all(*path))), "")

    @property
    def own_text(self) -> str:
        """The text right inside this element."""
        return "".join(self.words).strip()

    def walk(self) -> Iterator["Node"]:
        """This element and all inside it, in order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def inside(self, name: str) -> list["Node"]:
        """Every element of that local name, however deep."""
        return [one for one in self.walk() if one.name == name]

    def attribute(self, name: str) -> str:
        """An attribute by its local name, or an empty string."""
        return self.attributes.get(name, "").strip()


def parse_xml(data: bytes) -> Node:
    """The root. Raises :class:`BadXmlError`."""
    if len(data) > MOST_BYTES:
        raise BadXmlError(f"файл XML больше {MOST_BYTES // 1024 // 1024} МБ")
    builder = _Builder()
    try:
        builder.parser.Parse(_DECLARED.sub("", _decoded(data)), True)
    except expat.ExpatError as fault:
        raise BadXmlError(
            f"файл XML повреждён (строка {fault.lineno}, знак {fault.offset})"
        ) from None
    if builder.root is None:
        raise BadXmlError("файл XML пуст")
    return builder.root


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        declared = _ENCODING.search(data[:300])
        return decode(data, declared[1].decode() if declared else "")[0]


class _Builder:
    """Expat's events to a tree."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise BadXmlError("файл XML слишком велик или вложен слишком глубоко")
        node = Node(_local(name), {_local(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(node)
        elif self.root is None:
            self.root = node
        self._open.append(node)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _said(self, text: str) -> None:
        self._open[-1].words.append(text)

    def _refuse(self, *_: object) -> int:
        raise BadXmlError("в файле XML есть DTD или сущности, такие файлы не принимаются")


def _local(name: str) -> str:
    return name.rpartition(" ")[2].rpartition(":")[2]

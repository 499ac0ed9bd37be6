"""Message text as Telegram reads it: HTML tags to entities, commands and links found, limits.

Offsets and lengths are in UTF-16 units, as in the Bot API. Refusals follow TDLib's words.
"""

import re
from dataclasses import dataclass, field

from bot.sandbox.refusals import TelegramRefusalError, bad_request
from bot.sandbox.spec import Json, as_number, as_text

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_RAW_BYTES = 1 << 15

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}

CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
PLAIN_RUN = re.compile(r"[^<&]+")
TAG_NAME = re.compile(r"[^\s>]*")
ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
SPACE = re.compile(r"\s*")

FOUND = (
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}(?![\w#])")),
    ("url", re.compile(r"(?<![\w@])https?://[^\s<>\"«»]+[^\s<>\"«».,:;!?)\]'…]")),
    (
        "email",
        re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}(?!\w)"),
    ),
)
"""What Telegram finds by itself in a text (the kinds that matter to an office)."""


@dataclass(frozen=True)
class Formatted:
    """A text after parsing."""

    text: str
    entities: tuple[Json, ...] = ()


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, the unit of every limit and offset of the Bot API."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def formatted(text: str, parse_mode: str, entities: list[Json] | None) -> Formatted:
    """Parsed, trimmed text with given and found entities.

    Raises ``TelegramRefusalError`` for bad markup. Only the HTML mode is read.
    """
    if len(text.encode()) > MAX_RAW_BYTES:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if mode in {"", "none"}:
        given = tuple(entities or ())
        _check_given(given, utf16_length(text))
        result = Formatted(text, given)
    elif mode == "html":
        result = _Html(text).parse()
    else:
        raise bad_request("unsupported parse_mode")
    return _with_found(_trimmed(result))


def _check_given(entities: tuple[Json, ...], length: int) -> None:
    for entity in entities:
        start, size = as_number(entity["offset"]), as_number(entity["length"])
        if start < 0 or size <= 0 or start + size > length:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends beyond the end of the text"
            )


def _trimmed(parsed: Formatted) -> Formatted:
    """Without white space at the ends, as Telegram keeps messages."""
    left = utf16_length(parsed.text) - utf16_length(parsed.text.lstrip())
    text = parsed.text.strip()
    length = utf16_length(text)
    entities = []
    for entity in parsed.entities:
        start = max(as_number(entity["offset"]) - left, 0)
        end = min(as_number(entity["offset"]) + as_number(entity["length"]) - left, length)
        if end > start:
            entities.append({**entity, "offset": start, "length": end - start})
    return Formatted(text, tuple(entities))


def _with_found(parsed: Formatted) -> Formatted:
    taken = [
        (as_number(each["offset"]), as_number(each["offset"]) + as_number(each["length"]))
        for each in parsed.entities
        if as_text(each["type"]) in {"code", "pre", "text_link"}
    ]
    entities = list(parsed.entities)
    for kind, pattern in FOUND:
        for match in pattern.finditer(parsed.text):
            start = utf16_length(parsed.text[: match.start()])
            end = start + utf16_length(match.group())
            if all(end <= left or start >= right for left, right in taken):
                taken.append((start, end))
                entities.append({"type": kind, "offset": start, "length": end - start})
    entities.sort(key=lambda each: (as_number(each["offset"]), -as_number(each["length"])))
    return Formatted(parsed.text, tuple(entities))


@dataclass
class _Open:
    """A start tag waiting for its end."""

    name: str
    argument: str
    offset: int
    expandable: bool = False


@dataclass
class _Html:
    """One reading of an HTML text; errors name the byte, as Telegram does."""

    source: str
    position: int = 0
    written: list[str] = field(default_factory=list)
    units: int = 0
    opened: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def parse(self) -> Formatted:
        while self.position < len(self.source):
            if self._peek() == "<":
                self._tag()
            else:
                self._write(self._take(PLAIN_RUN) or self._character())
        if self.opened:
            name = self.opened[-1].name
            raise _cannot(f'Can\'t find end tag corresponding to start tag "{name}"')
        self.entities.sort(
            key=lambda each: (as_number(each["offset"]), -as_number(each["length"]))
        )
        return Formatted("".join(self.written), tuple(self.entities))

    def _write(self, text: str) -> None:
        self.written.append(text)
        self.units += utf16_length(text)

    def _character(self) -> str:
        """The next character, an entity like ``&lt;`` resolved."""
        match = CHARACTER.match(self.source, self.position)
        if match:
            hexadecimal, decimal, name = match.groups()
            code = int(hexadecimal, 16) if hexadecimal else int(decimal or 0)
            if name or (0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF):
                self.position = match.end()
                return NAMED[name] if name else chr(code)
        self.position += 1
        return self.source[self.position - 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.source, self.position)
        text = match.group() if match else ""
        self.position += len(text)
        return text

    def _peek(self) -> str:
        return self.source[self.position : self.position + 1]

    def _tag(self) -> None:
        begin = len(self.source[: self.position].encode())
        self.position += 1
        if self._peek() == "/":
            self.position += 1
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        name = self._take(TAG_NAME).lower()
        if not self._peek():
            raise _cannot(f"Unclosed start tag at byte offset {begin}")
        if name not in TAGS:
            raise _cannot(f'Unsupported start tag "{name}" at byte offset {begin}')
        tag = _Open(name, "", self.units)
        self._take(SPACE)
        while self._peek() != ">":
            self._attribute(tag, begin)
            self._take(SPACE)
            if not self._peek():
                raise _cannot(f"Unclosed start tag at byte offset {begin}")
        self.position += 1
        if name == "span" and tag.argument != "tg-spoiler":
            raise _cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.opened.append(tag)

    def _attribute(self, tag: _Open, begin: int) -> None:
        name = self._take(ATTRIBUTE_NAME).lower()
        where = f'the tag "{tag.name}" at byte offset {begin}'
        if not name:
            raise _cannot(f"Empty attribute name in {where}")
        self._take(SPACE)
        if tag.name == "blockquote" and name == "expandable" and self._peek() != "=":
            tag.expandable = True
            return
        if self._peek() != "=":
            raise _cannot(f"Expected equal sign in declaration of an attribute of {where}")
        self.position += 1
        self._take(SPACE)
        value = self._value()
        if (tag.name, name) in {("a", "href"), ("code", "class"), ("span", "class")}:
            tag.argument = value

    def _value(self) -> str:
        quote = self._peek()
        if quote not in {'"', "'"}:
            start = len(self.source[: self.position].encode())
            value = self._take(NAME_TOKEN)
            if self._peek() and not self._peek().isspace() and self._peek() != ">":
                raise _cannot(f"Unexpected end of name token at byte offset {start}")
            return value.lower()
        self.position += 1
        parts: list[str] = []
        while self._peek() and self._peek() != quote:
            parts.append(self._character())
        self.position += 1
        return "".join(parts)

    def _end_tag(self, begin: int) -> None:
        if not self.opened:
            raise _cannot(f"Unexpected end tag at byte offset {begin}")
        name = self._take(TAG_NAME).lower()
        self._take(SPACE)
        if self._peek() != ">":
            raise _cannot(f"Unclosed end tag at byte offset {begin}")
        self.position += 1
        tag = self.opened.pop()
        if name and name != tag.name:
            raise _cannot(
                f'Unmatched end tag at byte offset {begin}, expected "</{tag.name}>", '
                f'found "</{name}>"'
            )
        if self.units > tag.offset:
            self._close(tag)

    def _close(self, tag: _Open) -> None:
        entity: Json = {
            "type": TAGS[tag.name],
            "offset": tag.offset,
            "length": self.units - tag.offset,
        }
        if tag.name == "a":
            link = checked_link(tag.argument or self._text_from(tag.offset))
            if link is None:
                return
            entity["url"] = link
        if tag.expandable:
            entity["type"] = "expandable_blockquote"
        if tag.name == "code" and tag.argument.startswith("language-"):
            entity["language"] = tag.argument.removeprefix("language-")
        if tag.name == "pre":
            self._absorb_code(entity)
        self.entities.append(entity)

    def _absorb_code(self, pre: Json) -> None:
        """``<pre><code class="language-x">`` is one entity with a language."""
        last = self.entities[-1] if self.entities else {}
        same = all(last.get(each) == pre[each] for each in ("offset", "length"))
        if same and last.get("type") == "code" and "language" in last:
            pre["language"] = last["language"]
            self.entities.pop()

    def _text_from(self, offset: int) -> str:
        raw = "".join(self.written).encode("utf-16-le")
        return raw[offset * 2 :].decode("utf-16-le")


def checked_link(link: str) -> str | None:
    """The link as Telegram keeps it; None where it would not be a link (no dot in the host)."""
    if re.match(r"(tg|mailto|tel):", link):
        return link if link.startswith("tg:") else None
    whole = link if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", link) else f"http://{link}"
    match = re.fullmatch(r"https?://([^/?#\s:@]+)(:\d+)?([/?#]\S*)?", whole, re.IGNORECASE)
    if not match or "." not in match.group(1):
        return None
    return whole if match.group(3) else f"{whole}/"


def _cannot(words: str) -> TelegramRefusalError:
    return TelegramRefusalError(400, f"Bad Request: can't parse entities: {words}")

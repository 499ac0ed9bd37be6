"""HTML of a letter to plain text, and the tables in it. Parsed by lexbor (selectolax)."""

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

_LARGEST = 2_000_000
"""Characters of HTML that are read; the rest of a larger body is left to the attachment."""

_DEEPEST = 10_000
_MAY_STAY_OPEN = frozenset({
    "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "o", "option", "p", "td",
    "th", "tr", "wbr",
})  # fmt: skip
_OPENING = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>?")

_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "-comment"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table",
    "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_SOFT, _PARAGRAPH = "\x01", "\x02"
"""Marks of a block's edge and of a paragraph's end until line ends are settled."""
_NO_MARKS = {1: None, 2: None, 0: None}
_BREAKS = re.compile(r"[ \t\n\x01\x02]+")
_QUOTATIONS = ", ".join(
    (
        "blockquote",
        ".gmail_quote",
        ".gmail_attr",
        ".moz-cite-prefix",
        ".yahoo_quoted",
        ".js-helper.js-readmsg-msg",
        "[id^=reply-intro]",
    )
)
"""What mail programs put around the letter being answered."""
_HEADINGS = "#divRplyFwdMsg, #appendonsend, .OutlookMessageHeader"
"""What Outlook puts before it: everything after goes too."""


def to_text(markup: str) -> str:
    """What a reader would see, block by block; ``cell: cell`` on one line in tables of two."""
    return _render(_tree(markup))


def own_text(markup: str) -> str:
    """As :func:`to_text`, without what the letter quotes."""
    tree = _tree(markup)
    for node in tree.css(_QUOTATIONS):
        node.decompose()
    for heading in tree.css(_HEADINGS)[:1]:
        while heading.next:
            heading.next.decompose()
        heading.decompose()
    return _render(tree)


def rows(markup: str) -> Iterator[list[str]]:
    """The rows of every table, cell by cell, nested tables' rows each on their own."""
    tree = _tree(markup)
    for row in tree.css("tr"):
        cells = [cell for cell in row.iter() if cell.tag in _CELLS]
        if not any(cell.css_first("tr") for cell in cells):
            yield [_tidy("".join(_pieces(cell))) for cell in cells]


def _tree(markup: str) -> LexborHTMLParser:
    """The parsed markup. What nests absurdly deep takes quadratic time: its tags are dropped."""
    markup = markup[:_LARGEST]
    open_tags: Counter[str] = Counter()
    for slash, tag in _OPENING.findall(markup):
        open_tags[tag.lower()] += -1 if slash else 1
    unclosed = sum(n for tag, n in open_tags.items() if n > 0 and tag not in _MAY_STAY_OPEN)
    return LexborHTMLParser(_TAG.sub(" ", markup) if unclosed > _DEEPEST else markup)


def _render(tree: LexborHTMLParser) -> str:
    root = tree.root
    return _tidy("".join(_pieces(root))) if root else ""


def _tidy(text: str) -> str:
    text = _BREAKS.sub(_line_end, text)
    lines = [_SPACES.sub(" ", line).strip() for line in text.replace("\xa0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _line_end(breaks: re.Match[str]) -> str:
    """Blocks that meet make one line end; a paragraph's end makes an empty line."""
    if _SOFT not in breaks[0] and _PARAGRAPH not in breaks[0]:
        return breaks[0]
    run = breaks[0].replace(" ", "").replace("\t", "")
    hard = run.count("\n") + (not run.startswith("\n"))
    return "\n" * max(hard, 2 if _PARAGRAPH in run else 1)


def _pieces(root: LexborNode) -> Iterator[str]:
    """Text and line ends in reading order; a stack, since mail nests deeper than Python may."""
    stack: list[LexborNode | str] = [root]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            yield top
            continue
        tag = top.tag or ""
        if tag in _SILENT:
            continue
        if tag == "-text":
            yield _SPACES.sub(" ", (top.text_content or "").translate(_NO_MARKS))
            continue
        if tag == "br":
            yield "\n"
            continue
        yield from _opening(tag)
        stack.append(_closing(tag))
        children = list(top.iter(include_text=True))
        stack.extend(reversed(children))


def _opening(tag: str) -> Iterator[str]:
    if tag in _BLOCKS:
        yield _SOFT
    if tag == "li":
        yield "• "


def _closing(tag: str) -> str:
    if tag == "p":
        return _PARAGRAPH
    if tag in _BLOCKS:
        return _SOFT
    return "\t" if tag in _CELLS else ""

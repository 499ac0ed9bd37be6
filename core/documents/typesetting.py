"""Typst: a template and its data -> PDF/A-2b or page pictures.

Data reach the template as JSON in ``sys.inputs`` and are placed as strings, so a text with
typst markup in it prints as it was written.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from core.documents.errors import BadTemplateError, DocumentError
from core.documents.house import BUILT_IN_FOLDER, Templates
from core.documents.pictures import Placed, placed
from core.documents.values import Picture

if TYPE_CHECKING:
    from typst import Fonts

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"
Fields: TypeAlias = "dict[str, Json]"

# A sign that no available font has; PDF/A requires every sign to be drawn.
TOFU = "□"
ZERO_SPACE = "\u200b"
_NO_GLYPH = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
# In a table column a word must break sooner than in a line of the page.
_LONGEST_WORD = {"answer.typ": 48, "letter.typ": 48}
_LONGEST_IN_TABLE = 18
EMBLEM = "emblem.svg"
LARGE = 200_000
_ROUNDS = 4
_REMEMBERED = 11


def typeset(
    name: str,
    fields: Fields,
    pictures: Mapping[str, Placed],
    made_at: datetime,
    templates: Templates,
    ppi: float | None = None,
) -> list[bytes]:
    """Set the template ``name``: one PDF, or with ``ppi`` a PNG of each page.

    Signs that no font has are replaced by «□». Raises BadTemplateError if the template does
    not compile.
    """
    sources = templates.sources()
    sources["main.typ"] = sources.pop(name)
    sources |= {file: picture.svg() for file, picture in pictures.items()}
    style = templates.style
    if style.emblem:
        sources[EMBLEM] = _emblem(style.emblem, templates)
    available = _fonts(templates.fonts_folder()).families()
    fields = {
        **fields,
        "style": {
            "fonts": [font for font in style.fonts if font in available] or ["Libertinus Serif"],
            "font_size": style.font_size,
            "emblem": EMBLEM if style.emblem else "",
        },
    }
    missing: set[str] = set()
    for _ in range(_ROUNDS):
        longest = _LONGEST_WORD.get(name, _LONGEST_IN_TABLE)
        data = _prepared(fields, frozenset(missing), longest)
        packed = json.dumps(data)
        found = _compiled(name, sources, packed, made_at, templates, ppi)
        if len(packed) + sum(map(len, sources.values())) > LARGE:
            _forget(templates)
        if isinstance(found, list):
            return found
        if found <= missing:
            break
        missing |= found
    raise DocumentError(
        "Документ не удалось собрать: в тексте есть знаки, для которых нет шрифта "
        f"({' '.join(sorted(missing))}). Уберите их или добавьте шрифт в папку fonts."
    )


def _emblem(name: str, templates: Templates) -> bytes:
    content = templates.read(name)
    if name.lower().endswith(".svg"):
        return content
    return placed(Picture(content, name=name), 60, 18).svg()


def _compiled(
    name: str,
    sources: Mapping[str, bytes],
    data: str,
    made_at: datetime,
    templates: Templates,
    ppi: float | None,
) -> list[bytes] | set[str]:
    """Return the pages, or the signs no font has."""
    import typst

    fonts = templates.fonts_folder()
    # The published stub does not know that several files may be given as a mapping.
    compile_files = cast("Callable[..., bytes | list[bytes]]", typst.compile)
    kind: Literal["pdf", "png"] = "pdf" if ppi is None else "png"
    try:
        made = compile_files(
            dict(sources),
            sys_inputs={"data": data},
            font_paths=_fonts(fonts),
            root=templates.folder or BUILT_IN_FOLDER,  # else a template could read the cwd
            format=kind,
            ppi=ppi,
            pdf_standards=["a-2b"] if ppi is None else [],
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        if missing := {_unescaped(text) for text in _NO_GLYPH.findall(error.diagnostic)}:
            return {sign for text in missing for sign in text if not _everyday(sign)}
        raise BadTemplateError(_explained(name, error)) from error
    return made if isinstance(made, list) else [made]


def _forget(templates: Templates) -> None:
    """Let typst drop the pages it keeps for the next ten compilations.

    Ten registers of 2,000 letters would otherwise hold 1.6 GB; now one's 250 MB is all.
    """
    import typst

    for _ in range(_REMEMBERED):
        typst.compile(b"", font_paths=_fonts(templates.fonts_folder()), format="pdf")


@lru_cache(maxsize=8)
def _fonts(folder: Path | None) -> "Fonts":
    """The built-in fonts and the office's; the machine's own would make files differ."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[] if folder is None else [folder])


def _prepared(value: Json, missing: frozenset[str], longest: int) -> Json:
    """Return ``value`` with undrawable signs replaced and break points in very long words."""
    match value:
        case str():
            text = "".join(_drawn(sign) if sign in missing else sign for sign in value)
            return _broken(text, longest)
        case list():
            return [_prepared(item, missing, longest) for item in value]
        case Mapping():
            return {key: _prepared(item, missing, longest) for key, item in value.items()}
        case _:
            return value


def _everyday(sign: str) -> bool:
    """Whether every font has ``sign``: it came along in a cluster with one that is missing."""
    return sign.isascii() or "\u0400" <= sign <= "\u045f"


def _drawn(sign: str) -> str:
    return "" if unicodedata.category(sign) in ("Mn", "Me", "Cf") else TOFU


def _broken(text: str, longest: int) -> str:
    """Let a word that no dictionary hyphenates (a link, a row of digits) go over a line's end.

    Words of letters up to 30 between hyphens are left alone: typst hyphenates them.
    """
    if len(text) <= longest:
        return text
    return re.sub(rf"\S{{{longest + 1},}}", lambda word: _with_breaks(word[0], longest), text)


def _with_breaks(word: str, longest: int) -> str:
    letters = re.fullmatch(r"[^\W\d_]+(-[^\W\d_]+)*[.,;:!?»)]*", word)
    if letters and max(map(len, word.split("-"))) <= 30:
        return word
    parts = re.sub(r"(?<=[/@&?=_])(?=\w)", ZERO_SPACE, word)
    return re.sub(rf"([^{ZERO_SPACE}]{{{longest}}})(?=[^{ZERO_SPACE}])", rf"\1{ZERO_SPACE}", parts)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)


def _explained(name: str, error: Exception) -> str:
    diagnostic = str(getattr(error, "diagnostic", "") or error)
    message = diagnostic.strip().splitlines()[0].removeprefix("error: ")
    place = re.search(r"(\S+\.typ):(\d+):(\d+)", diagnostic)
    file, where = name, ""
    if place:
        file = name if place[1].endswith("main.typ") else place[1].lstrip("\\/")
        where = f", строка {place[2]}"
    return (
        f"Шаблон {file}{where} не собирается: {message}. "
        "Исправьте его или удалите из папки шаблонов, тогда возьмётся встроенный."
    )

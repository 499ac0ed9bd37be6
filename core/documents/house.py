"""The office's templates and form: built in, or replaced file by file from a folder."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from core.documents.errors import BadTemplateError
from core.documents.values import Letterhead

BUILT_IN_FOLDER = Path(__file__).with_name("templates")
FORM = "form.toml"
ANSWER_DOCX = "answer.docx"
_EMBLEMS = (".png", ".jpg", ".jpeg", ".svg")


@dataclass(frozen=True, slots=True)
class Style:
    """What ``form.toml`` says: the administration's form and the look of the text."""

    letterhead: Letterhead
    fonts: tuple[str, ...]
    font_size: float
    emblem: str = ""


@dataclass(frozen=True)
class Templates:
    """The templates in use: a file in ``folder`` replaces the built-in one of that name.

    The folder may also hold further ``.typ`` files, an emblem and ``fonts/``. Templates are
    read anew for each ``Templates``, so make one per document to take in the office's edits.
    Raises BadTemplateError with the file and what is wrong in it.
    """

    folder: Path | None = None

    def path(self, name: str) -> Path:
        """Where the template ``name`` lies: the office's file, else the built-in one."""
        if self.folder is not None and (self.folder / name).is_file():
            return self.folder / name
        return BUILT_IN_FOLDER / name

    def read(self, name: str) -> bytes:
        """The bytes of the template ``name``."""
        try:
            return self.path(name).read_bytes()
        except OSError as error:
            raise BadTemplateError(
                f"Шаблон {name} не читается: проверьте, что файл есть и доступен программе."
            ) from error

    def sources(self) -> dict[str, bytes]:
        """Every typst file by name, the office's own included."""
        names = {path.name for path in BUILT_IN_FOLDER.glob("*.typ")}
        if self.folder is not None:
            names |= {path.name for path in self.folder.glob("*.typ")}
        sources = {name: self.read(name) for name in sorted(names)}
        for name, source in sources.items():
            if b'"@preview/' in source:
                raise BadTemplateError(
                    f"Шаблон {name} берёт пакет из сети (@preview): документы собираются без "
                    "сети, перенесите нужное в файл .typ этой же папки."
                )
        return sources

    def fonts_folder(self) -> Path | None:
        """The office's own fonts, if it has any."""
        if self.folder is not None and (self.folder / "fonts").is_dir():
            return self.folder / "fonts"
        return None

    @cached_property
    def style(self) -> Style:
        """What ``form.toml`` says."""
        try:
            table: Mapping[str, object] = tomllib.loads(self.read(FORM).decode("utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadTemplateError(f"Файл {FORM} записан с ошибкой: {error}.") from error
        emblem = _text(table, "emblem", "")
        if emblem:
            if Path(emblem).name != emblem or not emblem.lower().endswith(_EMBLEMS):
                raise _wrong("emblem", "имя файла PNG, JPG или SVG в той же папке")
            self.read(emblem)
        return Style(
            Letterhead(_text(table, "authority"), details=_texts(table, "details")),
            _texts(table, "fonts"),
            _size(table),
            emblem,
        )


def _text(table: Mapping[str, object], key: str, default: str | None = None) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise _wrong(key, "строка в кавычках")
    return value


def _texts(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(key, 'список строк, например ["строка 1", "строка 2"]')
    return tuple(value)


def _size(table: Mapping[str, object]) -> float:
    value = table.get("font_size", 14)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 10 <= value <= 18:
        raise _wrong("font_size", "число от 10 до 18")
    return float(value)


def _wrong(key: str, expected: str) -> BadTemplateError:
    return BadTemplateError(f"В файле {FORM} неверно задано {key}: нужно {expected}.")


BUILT_IN = Templates()

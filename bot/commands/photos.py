"""``rakurs compare`` and ``rakurs exif``: the photo judge on files."""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.console import (
    BAD_CALL,
    FOUND_FAULT,
    OK,
    CommandFailedError,
    Subcommands,
    say,
    say_json,
    unreadable,
)
from core.errors import AssistantError
from core.photos import words

if TYPE_CHECKING:
    from core.photos.comparison import Comparison
    from core.photos.metadata import ExifReport
    from core.photos.rules import Parameters

SIGNS = {"match": "✓", "mismatch": "✗", "unknown": "?"}
FIELDS = {
    "width": "ширина", "height": "высота", "orientation": "ориентация (EXIF)",
    "taken_at": "снято", "gps": "широта, долгота, направление", "focal_35mm":
    "фокусное расстояние (35 мм)", "make": "производитель", "model": "модель",
    "software": "программа", "edited": "следы правки",
}
"""What is said of a file, by the keys of ``--json``."""
BAD_CALL_NEEDS = "нужны два файла (фото жителя и новое фото) либо --pairs ПАРЫ.csv"


def add_to(commands: Subcommands) -> None:
    """Hang both commands."""
    compare = commands.add_parser("compare", help="сравнить фото исполнителя с фото жителя")
    compare.add_argument("reference", nargs="?", type=Path, metavar="ФОТО_ЖИТЕЛЯ")
    compare.add_argument("new", nargs="?", type=Path, metavar="НОВОЕ_ФОТО")
    compare.add_argument("--pairs", type=Path, metavar="ПАРЫ.csv", help="столбцы ref,new")
    compare.add_argument("--json", action="store_true", help="ответ в формате JSON")
    compare.add_argument("--model", type=Path, metavar="МОДЕЛЬ.json",
                         help="модель из rakurs calibrate вместо поставленной")
    compare.add_argument("--picture", type=Path, metavar="СНИМОК.jpg", help="сохранить сравнение")
    compare.set_defaults(run=run_compare)
    exif = commands.add_parser("exif", help="показать, что говорит о себе файл снимка")
    exif.add_argument("files", nargs="+", type=Path, metavar="ФАЙЛ")
    exif.add_argument("--json", action="store_true", help="ответ в формате JSON")
    exif.set_defaults(run=run_exif)


def run_compare(arguments: argparse.Namespace) -> int:
    """One pair, or every pair of a list."""
    if arguments.pairs is not None:
        if arguments.reference is not None or arguments.picture is not None:
            raise CommandFailedError("--pairs не сочетается с файлами и --picture", BAD_CALL)
        return _many(arguments.pairs, model_at(arguments.model), as_json=arguments.json)
    if arguments.reference is None or arguments.new is None:
        raise CommandFailedError(BAD_CALL_NEEDS, BAD_CALL)
    from core.photos.judge import judge

    found = judge(
        _bytes(arguments.reference), _bytes(arguments.new),
        parameters=model_at(arguments.model), draw=arguments.picture is not None)
    if arguments.picture is not None and found.picture is not None:
        arguments.picture.write_bytes(found.picture)
    if arguments.json:
        say_json(found.comparison.to_json())
    else:
        _say_comparison(found.comparison)
    return OK if found.comparison.passes else FOUND_FAULT


def model_at(path: Path | None) -> "Parameters | None":
    """The model in a file, if one is named; fails with a sentence on anything else."""
    from core.photos.rules import read_model
    if path is None:
        return None
    try:
        return read_model(path)
    except AssistantError as refusal:
        raise CommandFailedError(str(refusal), BAD_CALL) from None


def _many(listing: Path, model: "Parameters | None", *, as_json: bool) -> int:
    from core.photos.judge import compare

    code = OK
    for reference, new in _pairs(listing):
        try:
            found = compare(_bytes(listing.parent / reference), _bytes(listing.parent / new),
                            parameters=model)
        except CommandFailedError as failure:
            code = FOUND_FAULT
            if as_json:
                say_json({"ref": reference, "new": new, "error": str(failure)})
            else:
                say(f"{reference} — {new}: {failure}")
            continue
        code = code if found.passes else FOUND_FAULT
        if as_json:
            say_json(found.to_json())
        else:
            say(f"{reference} — {new}: {words.verdict(found.verdict)}. {found.advice}")
    return code


def _pairs(listing: Path) -> Iterator[tuple[str, str]]:
    try:
        with listing.open(encoding="utf-8-sig", newline="") as source:
            rows = csv.DictReader(source)
            if not {"ref", "new"} <= set(rows.fieldnames or ()):
                raise CommandFailedError(f"{listing}: нужны столбцы ref,new", BAD_CALL)
            yield from ((row["ref"] or "", row["new"] or "") for row in rows)
    except OSError as failure:
        raise CommandFailedError(f"{listing}: {unreadable(failure)}", BAD_CALL) from None


def _say_comparison(found: "Comparison") -> None:
    say(f"{words.verdict(found.verdict)} (уверенность {words.certainty(found.confidence)})")
    say(found.advice)
    for finding in found.findings:
        say(f"  {SIGNS[finding.result]} {finding.text}")


def run_exif(arguments: argparse.Namespace) -> int:
    """Every file in the order asked; exit 1 when one could not be read."""
    from core.photos.exif import read
    from core.photos.metadata import ExifReport

    code = OK
    for path in arguments.files:
        try:
            report = read(path.read_bytes())
            code = FOUND_FAULT if report.error else code
        except OSError as failure:
            sentence = f"{path}: {unreadable(failure)}"
            code = BAD_CALL if len(arguments.files) == 1 else FOUND_FAULT
            if not arguments.json:
                say(sentence)
                continue
            report = ExifReport(error=sentence)
        if arguments.json:
            say_json(report.to_json())
        else:
            _say_report(path, report)
    return code


def _say_report(path: Path, report: "ExifReport") -> None:
    say(f"{path}: {report.error or report.format}")
    for name, value in report.to_json().items():
        if value not in (None, False) and name in FIELDS:
            say(f"  {FIELDS[name]}: {_in_words(value)}")


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{one:.6g}" for one in value.values() if one is not None)
    return "да" if value is True else str(value)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise CommandFailedError(f"{path}: {unreadable(failure)}", BAD_CALL) from None

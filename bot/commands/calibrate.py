"""``rakurs calibrate``: refit the photo judge on the office's own pairs, applying nothing."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.photos import model_at
from bot.console import BAD_CALL, FOUND_FAULT, OK, CommandFailedError, Subcommands, say

if TYPE_CHECKING:
    from core.photos.calibration import Calibration

NAMES = {
    "same_angle": "тот же ракурс узнан",
    "different_angle": "другой ракурс узнан",
    "other_place": "другое место узнано",
    "needs_editing": "требующий правки узнан",
    "reused_photo": "повторный снимок узнан",
    "not_accepted": "негодные снимки не пропущены",
}
MODELS = {"same": "сходство ракурса", "place": "узнавание места"}


def add_to(commands: Subcommands) -> None:
    """Hang the command."""
    calibrate = commands.add_parser(
        "calibrate", help="подстроить проверку фото под размеченные пары снимков")
    calibrate.add_argument("pairs", nargs="?", type=Path, metavar="ПАРЫ.csv",
                           help="столбцы ref,new,label и, если известен, scene")
    calibrate.add_argument("--out", type=Path, metavar="МОДЕЛЬ.json", help="куда записать модель")
    calibrate.add_argument("--model", type=Path, metavar="МОДЕЛЬ.json",
                           help="с какой моделью сравнить (по умолчанию поставленная)")
    calibrate.add_argument("--collect", type=Path, metavar="ПАПКА",
                           help="собрать для разметки снимки из дел этой базы")
    calibrate.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Collect pairs to be labelled, or refit on labelled ones."""
    if (arguments.collect is None) == (arguments.pairs is None):
        raise CommandFailedError("нужен либо файл ПАРЫ.csv, либо --collect ПАПКА", BAD_CALL)
    return _collect(arguments.collect) if arguments.collect else _refit(arguments)


def _collect(folder: Path) -> int:
    from bot import operations
    from bot.settings import load
    found = asyncio.run(operations.collect_photos(load(), folder))
    if not found.pairs:
        raise CommandFailedError("сравненных снимков в базе ещё нет")
    say(f"Пар: {found.pairs}, с меткой: {found.labelled}. Список: {folder / 'pairs.csv'}")
    say("Заполните столбец label в остальных строках и проверьте проставленные метки. В папке "
        "снимки жителей: храните её как документы и удалите после подстройки.")
    return OK


def _refit(arguments: argparse.Namespace) -> int:
    from core.photos.calibration import calibrate
    from core.photos.rules import shipped_parameters
    current = model_at(arguments.model) or shipped_parameters()
    found = calibrate(arguments.pairs, current)
    _say_table(found)
    if arguments.out is not None:
        now = datetime.now(UTC)  # noqa: TID251 - when the file was made, not the office's clock
        arguments.out.write_text(
            found.to_json(str(arguments.pairs), f"{now:%Y-%m-%d %H:%M}", current.version),
            encoding="utf-8")
        say(f"Модель записана: {arguments.out}. Сама она не применяется: укажите её в настройке "
            "PHOTO_MODEL и перезапустите программу.")
    if not found.better:
        say("На этих парах новая модель не лучше прежней: оставьте прежнюю.")
        return FOUND_FAULT
    return OK


def _say_table(found: "Calibration") -> None:
    say(f"Пар: {found.pairs}, мест: {found.scenes}. «Стало» проверено на местах, по которым "
        "модель не подстраивалась.")
    width = max(map(len, NAMES.values()))
    say(f"{'':{width}}  {'было':>9}  {'стало':>9}")
    for one in found.figures:
        before, after = (f"{right} из {one.total}" for right in (one.before, one.after))
        say(f"{NAMES[one.name]:{width}}  {before:>9}  {after:>9}")
    say(f"Подстроено: {', '.join(MODELS[name] for name in found.moved)}.")
    for line in found.unread:
        say(f"Пропущено, {line}")

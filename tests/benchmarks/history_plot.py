"""The plot and the table of ``docs/performance.md`` from the figures of ``history_costs.py``.

``python tests/benchmarks/history_plot.py`` reads ``docs/performance.json`` (by database and number
of cases: question -> milliseconds by the clock and of the processor), draws
``docs/performance.svg`` and prints the table. ``--take sqlite 100000 FILE`` first takes the
figures of a run into it.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "docs/performance.json"
PICTURE = ROOT / "docs/performance.svg"

LABELS = {
    "read open": "чтение всех открытых (мера)", "card": "карточка",
    "find our number": "поиск по нашему номеру", "find digits": "поиск по цифрам номера",
    "find portal number": "поиск по номеру портала", "history of a case": "история сообщения",
    "menu of an executor": "меню исполнителя", "menu of an official": "меню должностного лица",
    "menu of the desk": "меню отдела", "queue of the desk": "очередь отдела",
    "overdue": "список просроченных",
    "overdue after a start": "он же, первый раз после запуска",
    "loads of executors": "загрузка исполнителей",
    "place, common words": "поиск по улице и дому", "place, executor's": "поиск по улице",
    "place, nowhere": "поиск адреса, которого нет", "twins of an answer": "похожие ответы",
    "letters awaited": "письма без ответа", "claim of the outbox": "очередь отправки",
    "deliveries in trouble": "недоставленное", "unclear mail": "неразобранная почта",
    "is a letter known": "пришло ли письмо раньше",
    "dispatch register, month": "реестр писем за месяц",
    "first scan of the day": "первый просмотр дня, все напоминания",
    "scan after a restart": "просмотр после перезапуска", "minute scan": "ежеминутный просмотр",
    "first digest": "первая сводка дня с обучением прогноза", "digest": "сводка",
    "start of photo memory": "память о фотографиях при запуске",
    "journal's chain": "проверка всей цепочки журнала",
    "daily report": "ежедневный отчёт", "weekly report": "еженедельный доклад",
    "month report": "отчёт за месяц", "bonus figures, month": "показатели за месяц",
    "public statistics, month": "статистика для сайта за месяц",
    "year report": "все показатели за год", "analysis of a year": "аналитика за год"}
"""The questions in the order of the table, in the words of its reader."""
DRAWN = ("read open", "card", "menu of an official", "month report", "minute scan", "digest",
         "start of photo memory", "journal's chain")
"""What the plot shows."""
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999", "#000000")
"""Okabe and Ito: told apart by everyone."""
MARKERS = "os^Dv<>P"

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Figures = dict[str, dict[str, dict[str, tuple[float, float]]]]
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
DRAWN_BY = {"sqlite": (1, "время процессора"), "postgres": (0, "по часам")}
"""SQLite works inside the program, so that the processor's time is the whole of it."""


def draw(figures: Figures) -> None:
    """Milliseconds over the number of cases, both logarithmic, a panel for each database."""
    import matplotlib as mpl
    from matplotlib.figure import Figure
    mpl.rcParams["svg.hashsalt"] = "rakurs"
    databases = [one for one in NAMES if figures.get(one)]
    figure = Figure(figsize=(5 * len(databases) + 2.6, 4.8), layout="constrained")
    panels = figure.subplots(1, len(databases), sharey=True, squeeze=False)[0]
    for panel, database in zip(panels, databases, strict=True):
        _panel(panel, database, figures[database])
    panels[0].set_ylabel("миллисекунд")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper", fontsize=10)
    figure.savefig(PICTURE, format="svg", metadata={"Date": None})


def _panel(panel: "Axes", database: str, by_size: dict[str, dict[str, tuple[float, float]]]
           ) -> None:
    sizes, (which, how) = sorted(by_size, key=int), DRAWN_BY[database]
    for question, colour, marker in zip(DRAWN, COLOURS, MARKERS, strict=True):
        known = [one for one in sizes if question in by_size[one]]
        panel.plot([int(one) for one in known], [by_size[one][question][which] for one in known],
                   label=LABELS[question], color=colour, marker=marker)
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xticks([int(one) for one in sizes],
                     [f"{int(one):,}".replace(",", "\u202f") for one in sizes])
    panel.minorticks_off()
    panel.set_xlabel("сообщений в базе")
    panel.set_title(f"{NAMES[database]}, {how}", loc="left", fontweight="bold")
    panel.grid(visible=True, alpha=0.3)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)


def table(figures: Figures) -> str:
    """By the clock, in brackets of the processor; a row for each question."""
    columns = [(database, size) for database in NAMES
               for size in sorted(figures.get(database, {}), key=int)]
    known = {name for one, size in columns for name in figures[one][size]}
    heads = [f"{NAMES[one]} {int(size):,}".replace(",", " ") for one, size in columns]
    lines = [f"| | {' | '.join(heads)} |", "|---" * (len(columns) + 1) + "|"]
    for name in (one for one in LABELS if one in known):
        cells = []
        for one, size in columns:
            found = figures[one][size].get(name)
            cells.append(f"{found[0]:.1f} ({found[1]:.1f})" if found else "—")
        lines.append(f"| {LABELS[name]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Take, draw, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--take", nargs=3, action="append", default=[],
                        metavar=("DATABASE", "CASES", "FILE"))
    figures: Figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    for database, size, file in parser.parse_args().take:
        figures.setdefault(database, {}).setdefault(size, {}).update(
            json.loads(Path(file).read_text()))
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    draw(figures)
    sys.stdout.write(f"{table(figures)}\n")


if __name__ == "__main__":
    main()

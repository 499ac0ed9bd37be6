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

DRAWN = {
    "minute scan": "ежеминутный просмотр", "digest": "сводка",
    "menu of an official": "меню должностного лица", "card": "карточка",
    "place, nowhere": "поиск по адресу", "month report": "отчёт за месяц",
    "year report": "показатели за год", "read open": "чтение открытых (мера)"}
"""What the plot shows, in the words of its legend."""
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999", "#000000")
"""Okabe and Ito: told apart by everyone."""
MARKERS = "os^Dv<>P"

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Figures = dict[str, dict[str, dict[str, tuple[float, float]]]]
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def draw(figures: Figures) -> None:
    """Milliseconds over the number of cases, both logarithmic, a panel for each database."""
    import matplotlib as mpl
    from matplotlib.figure import Figure
    mpl.rcParams["svg.hashsalt"] = "rakurs"
    databases = [one for one in NAMES if figures.get(one)]
    figure = Figure(figsize=(5 * len(databases) + 2.6, 4.8), layout="constrained")
    panels = figure.subplots(1, len(databases), sharey=True, squeeze=False)[0]
    for panel, database in zip(panels, databases, strict=True):
        _panel(panel, NAMES[database], figures[database])
    panels[0].set_ylabel("миллисекунд")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper", fontsize=10)
    figure.savefig(PICTURE, format="svg", metadata={"Date": None})


def _panel(panel: "Axes", name: str, by_size: dict[str, dict[str, tuple[float, float]]]) -> None:
    sizes = sorted(by_size, key=int)
    for (question, label), colour, marker in zip(DRAWN.items(), COLOURS, MARKERS, strict=True):
        known = [one for one in sizes if question in by_size[one]]
        panel.plot([int(one) for one in known], [by_size[one][question][0] for one in known],
                   label=label, color=colour, marker=marker)
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xticks([int(one) for one in sizes],
                     [f"{int(one):,}".replace(",", "\u202f") for one in sizes])
    panel.minorticks_off()
    panel.set_xlabel("сообщений в базе")
    panel.set_title(name, loc="left", fontweight="bold")
    panel.grid(visible=True, alpha=0.3)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)


def table(figures: Figures) -> str:
    """By the clock, in brackets of the processor; a row for each question."""
    columns = [(database, size) for database in NAMES
               for size in sorted(figures.get(database, {}), key=int)]
    names = list(dict.fromkeys(name for one, size in columns for name in figures[one][size]))
    heads = [f"{NAMES[one]} {int(size):,}".replace(",", " ") for one, size in columns]
    lines = [f"| | {' | '.join(heads)} |", "|---" * (len(columns) + 1) + "|"]
    for name in names:
        cells = []
        for one, size in columns:
            found = figures[one][size].get(name)
            cells.append(f"{found[0]:.1f} ({found[1]:.1f})" if found else "—")
        lines.append(f"| {name} | {' | '.join(cells)} |")
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

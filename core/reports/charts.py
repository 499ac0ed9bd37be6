"""Pictures of reports for a telephone: large type, values at the bars, colours told apart by all.

matplotlib is loaded here alone, when a picture is drawn, and through ``Figure`` without pyplot: no
state is shared, so pictures may be drawn in any thread.
"""

import io
import math
import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core.reports.values import Bars, Chart, Lines, Map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")
"""Okabe and Ito: told apart by everyone; also in grey, by their lightness."""
INK = "#222222"
HATCHES = ("", "//", "", "..")
MARKERS = ("o", "s", "^", "D")
WIDTH_INCHES, DPI = 7.2, 150
LABEL_SIGNS = 24
KM_OF_DEGREE = 111.32
SCALES_KM = (0.5, 1, 2, 5, 10, 20, 50)


def draw(chart: Chart) -> bytes:
    """The picture as PNG, 1080 pixels wide."""
    match chart:
        case Bars():
            return _bars(chart)
        case Lines():
            return _lines(chart)
        case Map():
            return _map(chart)


def _figure(height: float) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DPI,
                    layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12))
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _png(figure: "Figure") -> bytes:
    saved = io.BytesIO()
    figure.savefig(saved, format="png")
    return saved.getvalue()


def _title(figure: "Figure", text: str) -> None:
    figure.suptitle("\n".join(textwrap.wrap(text, 42)), x=0.02, ha="left", fontsize=17,
                    color=INK, fontweight="bold")


def _wrapped(label: str) -> str:
    lines = textwrap.wrap(label, LABEL_SIGNS) or [""]
    return "\n".join(lines if len(lines) <= 2 else [lines[0], f"{lines[1][:LABEL_SIGNS - 1]}…"])


def _bars(chart: Bars) -> bytes:
    groups = 1 if chart.stacked else len(chart.series)
    row = max(0.62, 0.34 * groups + 0.24)
    figure, axes = _figure(1.7 + row * len(chart.labels))
    _stack(axes, chart) if chart.stacked else _group(axes, chart)
    axes.set_yticks(range(len(chart.labels)), [_wrapped(one) for one in chart.labels],
                    fontsize=13, color=INK)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.margins(x=0.14)
    _title(figure, chart.title)
    if len(chart.series) > 1:
        _legend(figure, [one.name for one in chart.series])
    return _png(figure)


def _legend(figure: "Figure", names: Sequence[str]) -> None:
    """Below the picture; long names one under another, or they would be cut."""
    columns = 1 if max(map(len, names)) > LABEL_SIGNS else 2
    figure.legend(loc="outside lower left", ncols=columns, frameon=False, fontsize=13)


def _group(axes: "Axes", chart: Bars) -> None:
    thick = 0.78 / len(chart.series)
    for place, series in enumerate(chart.series):
        shift = (place - (len(chart.series) - 1) / 2) * thick
        drawn = axes.barh([at + shift for at in range(len(chart.labels))], series.values,
                          thick * 0.92, color=COLOURS[place % 4], hatch=HATCHES[place % 4],
                          edgecolor="white", linewidth=0, label=series.name)
        axes.bar_label(drawn, [_said(value) for value in series.values], padding=5, fontsize=13,
                       color=INK)


def _stack(axes: "Axes", chart: Bars) -> None:
    left = [0.0] * len(chart.labels)
    for place, series in enumerate(chart.series):
        axes.barh(range(len(chart.labels)), series.values, 0.66, left=left,
                  color=COLOURS[place % 4], hatch=HATCHES[place % 4], edgecolor="white",
                  linewidth=0, label=series.name)
        left = [one + value for one, value in zip(left, series.values, strict=True)]
    for at, total in enumerate(left):
        parts = [series.values[at] for series in chart.series]
        axes.annotate(f"{_said(total)}" + (f" (из них {_said(parts[-1])})" if parts[-1] else ""),
                      (total, at), xytext=(6, 0), textcoords="offset points", va="center",
                      fontsize=13, color=INK)


def _said(value: float) -> str:
    return f"{value:,.6g}".replace(",", "\u00a0").replace(".", ",")


def _lines(chart: Lines) -> bytes:
    figure, axes = _figure(5.6)
    steps = range(len(chart.labels))
    for place, series in enumerate(chart.series):
        axes.plot(steps, series.values, color=COLOURS[place % 4], marker=MARKERS[place % 4],
                  linewidth=2.6, markersize=7, label=series.name)
    shown = [at for at in steps if at % math.ceil(len(chart.labels) / 6) == 0]
    axes.set_xticks(shown, [chart.labels[at] for at in shown], fontsize=12, color=INK)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(_whole())
    axes.tick_params(axis="y", labelsize=12, length=0, labelcolor=INK)
    axes.grid(axis="y", color="#DDDDDD")
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    _title(figure, chart.title)
    _legend(figure, [one.name for one in chart.series])
    return _png(figure)


def _whole() -> Callable[[float, float], str]:
    return lambda value, _: f"{value:,.0f}".replace(",", "\u00a0") if value == int(value) else ""


def _map(chart: Map) -> bytes:
    """Places by their own coordinates, true to scale at their latitude, with a measure."""
    middle = sum(one.latitude for one in chart.spots) / len(chart.spots)
    east = KM_OF_DEGREE * math.cos(math.radians(middle))
    west_edge = min(one.longitude for one in chart.spots)
    south_edge = min(one.latitude for one in chart.spots)
    xs = [(one.longitude - west_edge) * east for one in chart.spots]
    ys = [(one.latitude - south_edge) * KM_OF_DEGREE for one in chart.spots]
    wide, high = max(xs) or 1.0, max(ys) or 1.0
    figure, axes = _figure(min(9.5, max(4.5, 1.4 + 6.2 * high / wide)))
    heaviest = max(one.weight for one in chart.spots)
    areas = [60 + 900 * one.weight / heaviest for one in chart.spots]
    axes.scatter(xs, ys, s=areas, color=COLOURS[0], alpha=0.45, edgecolor="white",
                 linewidth=1)
    for at in _named(chart, xs, ys, wide, high):
        spot = chart.spots[at]
        name = spot.label.replace(". ", ".\u00a0")
        axes.annotate(f"{_wrapped(name)}: {spot.weight}", (xs[at], ys[at]),
                      xytext=(math.sqrt(areas[at]) / 2 + 3, 0), textcoords="offset points",
                      va="center", fontsize=11, color=INK)
    axes.set_aspect("equal", adjustable="datalim")
    axes.margins(0.16)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("bottom", "left"):
        axes.spines[side].set_visible(False)
    _title(figure, chart.title)
    _measure(axes, wide)
    return _png(figure)


def _named(chart: Map, xs: Sequence[float], ys: Sequence[float], wide: float, high: float
           ) -> list[int]:
    """The heaviest places that lie far enough apart for their names."""
    named: list[int] = []
    for at in sorted(range(len(xs)), key=lambda at: -chart.spots[at].weight):
        if chart.spots[at].weight < 2 or len(named) == 6:
            break
        if all(abs(xs[at] - xs[other]) > 0.3 * wide or abs(ys[at] - ys[other]) > 0.09 * high
               for other in named):
            named.append(at)
    return named


def _measure(axes: "Axes", wide: float) -> None:
    length = max((one for one in SCALES_KM if one <= wide / 3), default=SCALES_KM[0])
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    x, y = left + 0.03 * (right - left), bottom + 0.03 * (top - bottom)
    axes.plot([x, x + length], [y, y], color=INK, linewidth=3, solid_capstyle="butt")
    axes.annotate(f"{_said(length)} км · север вверху", (x, y), xytext=(0, 6),
                  textcoords="offset points", fontsize=11, color=INK)

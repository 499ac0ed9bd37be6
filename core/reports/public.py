"""Statistics for the site and the press: nobody can be recognised in them (6¶6, R43)."""

from collections.abc import Mapping
from dataclasses import replace

from core.documents.values import Cell, Chart, Column, Kind, ReportDocument, Section
from core.reports.daily import share, spoken
from core.reports.tables import UNKNOWN, Ground, main_figures, notes
from core.reports.tally import Tally, snapshot
from core.reports.values import Bars, Made, Series

TITLE = "Сведения о работе с сообщениями портала «Добродел»"
SHORT = "Сведения для сайта"
CODES = ("arrived", "returned", "redirected", "answers", "answers_late", "interim", "published")
FEWEST = 5
"""Fewer messages than these are not shown by themselves: they could be recognised (4.1)."""
OTHERS = "Прочие"


def make(ground: Ground, before: Tally, territories: Mapping[str, int]) -> Made:
    """The material of a month; ``territories`` are the arrivals of each."""
    tally = ground.tally
    topics = {str(key) if key else UNKNOWN: tally.number("arrived", "topic", key)
              for key in tally.keys("topic", "arrived")}
    shown = without_small(topics)
    lines = (f"Поступило сообщений: {_spoken(tally, 'arrived')}.", _answered(tally))
    sections = (
        _main(ground, before),
        _table("Тематика сообщений", "Тема", shown, "Поступило по темам"),
        _table("Территории", "Территория", without_small(territories), ""),
    )
    note = (f"Темы и территории, по которым поступило менее {FEWEST} сообщений, объединены в "
            f"строку «{OTHERS}».")
    return Made(
        ReportDocument(TITLE, ground.period, sections, ground.made_at, "\n".join(lines),
                       (*notes(CODES), note), short=SHORT),
        lines, _bars(shown), figures=snapshot(tally, CODES))


def without_small(counts: Mapping[str, int]) -> dict[str, int]:
    """Small ones together; where even together they are few, with the next smallest.

    A single small one could be told from the total, so it never stands alone.
    """
    shown = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    together = sum(shown.pop(name) for name, count in list(shown.items()) if count < FEWEST)
    while 0 < together < FEWEST and shown:
        name, count = min(shown.items(), key=lambda item: (item[1], item[0]))
        together += count
        del shown[name]
    if 0 < together < FEWEST:
        return {}
    return {**shown, OTHERS: together} if together else shown


def _main(ground: Ground, before: Tally) -> Section:
    this, earlier = ground.titles("За месяц", "Месяцем ранее")
    whole = main_figures("Показатели", CODES, ground.tally, ((earlier, before),), this)
    return replace(whole, rows=tuple((row[0], *map(_hidden, row[1:])) for row in whole.rows))


def _spoken(tally: Tally, code: str) -> str:
    return str(_hidden(tally.number(code))) if _is_small(tally.number(code)) else spoken(
        tally, code)


def _answered(tally: Tally) -> str:
    """A share of a few answers would tell their number."""
    on_time = "" if _is_small(tally.number("answers")) else share(tally, "on_time", "; в срок")
    return f"Направлено ответов: {_spoken(tally, 'answers')}{on_time}."


def _is_small(count: Cell) -> bool:
    return isinstance(count, int) and 0 < count < FEWEST


def _hidden(count: Cell) -> Cell:
    return f"менее {FEWEST}" if _is_small(count) else count


def _table(heading: str, first: str, counts: Mapping[str, int], chart: str) -> Section:
    rows = tuple(counts.items())
    return Section(heading, (Column(first), Column("Сообщений", Kind.NUMBER)), rows,
                   ("Всего", sum(counts.values())) if rows else None,
                   Chart(chart, 0, (1,)) if chart and len(rows) > 1 else None)


def _bars(counts: Mapping[str, int]) -> Bars | None:
    if len(counts) < 2:
        return None
    return Bars("О чём пишут жители", tuple(counts),
                (Series("сообщений", tuple(counts.values())),))

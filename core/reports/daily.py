"""The daily report on discipline: desk head to the chief of staff (6¶3, R40)."""

from functools import partial

from core.documents.values import Chart, Kind, ReportDocument
from core.documents.wording import cell
from core.reports.figures import BY_CODE
from core.reports.tables import DISCIPLINE, Ground, by_key, cases, cell_kind, main_figures, notes
from core.reports.tally import Tally, snapshot
from core.reports.values import Bars, Made, Series

TITLE = "Отчёт по исполнительской дисциплине"
FLOWS = ("arrived", "returned", "registered", "registered_late", "resolutions",
         "resolutions_late", "drafts", "drafts_late", "materials", "materials_late", "answers",
         "answers_late", "interim", "breached", "reworked")
STANDS = ("in_work", "due_next", "overdue")
CODES = (*FLOWS, *STANDS)
MOST = 12
"""Bars on one picture for a telephone."""


def make(ground: Ground, before: Tally) -> Made:
    """The report of a working day, beside the working day before."""
    tally = ground.tally
    this, earlier = ground.titles("За день", "Днём ранее")
    by_body = by_key("По органам", "Орган", "body", DISCIPLINE, tally, ground.body,
                     _chart(tally), order="overdue")
    sections = (
        main_figures("Показатели", CODES, tally, ((earlier, before),), this),
        by_body,
        cases("Просроченные на конец периода", tally.of("overdue"), ground),
        cases("Срок в ближайшие два рабочих дня", tally.of("due_next"), ground),
        cases("Нарушен срок ответа за период", tally.of("breached"), ground,
              "Ответ к сроку не направлен; каждое нарушение учитывается один раз."),
    )
    return Made(
        ReportDocument(TITLE, ground.period, sections, ground.made_at, summary(tally),
                       notes(CODES), landscape=True),
        said(tally), bars(ground), figures=snapshot(tally, CODES))


def _chart(tally: Tally) -> Chart | None:
    if not tally.number("overdue"):
        return None
    return Chart("В работе и просрочено по органам", 0, (1, 3))


def summary(tally: Tally) -> str:
    """The first sentences of the document."""
    return "\n".join(said(tally))


def said(tally: Tally) -> tuple[str, ...]:
    """The figures that everybody looks at, in sentences."""
    said = partial(spoken, tally)
    return (f"Поступило: {said('arrived')}, возвращено пользователями: {said('returned')}.",
            f"Направлено ответов: {said('answers')}, из них с опозданием: "
            f"{said('answers_late')}{share(tally, 'on_time', '; в срок')}.",
            f"Нарушен срок ответа: {said('breached')}.",
            f"В работе: {said('in_work')}, просрочено: {said('overdue')}, срок в ближайшие два "
            f"рабочих дня: {said('due_next')}.")


def spoken(tally: Tally, code: str) -> str:
    """The figure as people read it: «13 755»."""
    return cell(tally.number(code), Kind.NUMBER)


def share(tally: Tally, code: str, words: str) -> str:
    """«; в срок 95,3 %»; nothing where there is nothing to divide."""
    value = tally.share(code)
    return "" if value is None else f"{words} {cell(value, cell_kind(code))}"


def bars(ground: Ground) -> Bars | None:
    """Who has overdue cases; no picture where there are none."""
    tally = ground.tally
    keys = tally.keys("body", "overdue", "due_next")
    keys.sort(key=lambda key: (-tally.number("overdue", "body", key),
                               -tally.number("due_next", "body", key), ground.body(key)))
    if len(keys) < 2:
        return None
    return Bars("Просрочено и на подходе по органам",
                tuple(ground.body(key) for key in keys[:MOST]),
                tuple(Series(BY_CODE[code].name, tuple(
                    tally.number(code, "body", key) for key in keys[:MOST]))
                    for code in ("overdue", "due_next") if tally.number(code)))

"""Figures for bonuses: by person and body, each traceable to its facts (3.8, R45)."""

from functools import cache

from core.documents.values import Cell, Chart, Column, Kind, ReportDocument, Section
from core.reports.daily import MOST, share, spoken
from core.reports.figures import BY_CODE
from core.reports.tables import Ground, notes
from core.reports.tally import Tally, snapshot
from core.reports.values import Bars, Made, Series

TITLE = "Показатели исполнительской дисциплины для премирования"
SHORT = "Показатели для премирования"
CODES = ("assigned", "answers", "answers_late", "breached", "returned", "reworked", "drafts_late",
         "materials", "materials_late")
HEADS = ("Поручено", "Ответов (Н)", "с опозданием (О)", "Нарушен срок", "Возвращено (В)",
         "Доработок", "Поздних проектов", "Материалов", "Поздних материалов")
FORMULA = (
    "Коэффициент дисциплины К = (Н − О) / Н × (1 − В / Н), где Н — направлено ответов, О — из них "
    "с опозданием, В — возвращено пользователями; не меньше нуля. Без ответов за период "
    "коэффициент не считается.")


def coefficient(tally: Tally, by: str = "", key: object = None) -> float | None:
    """K of a body or person by ``FORMULA``; None where no answer went out."""
    answers = tally.number("answers", by, key)
    if not answers:
        return None
    late, back = (tally.number(code, by, key) for code in ("answers_late", "returned"))
    return max(0.0, (answers - late) / answers * (1 - back / answers))


def make(ground: Ground) -> Made:
    """The figures of a period, with a sheet of the facts behind them."""
    tally = ground.tally
    lines = (f"Направлено ответов: {spoken(tally, 'answers')}, из них с опозданием: "
             f"{spoken(tally, 'answers_late')}{share(tally, 'on_time', '; в срок')}.",
             f"Возвращено пользователями: {spoken(tally, 'returned')}.")
    return Made(
        ReportDocument(
            TITLE, ground.period, (_bodies(ground), _people(ground)), ground.made_at,
            "\n".join(lines),
            (FORMULA, *notes(CODES), "Каждое число складывается из фактов журнала: они "
             "перечислены на листах «Факты» книги XLSX."), landscape=True, short=SHORT),
        (*lines, FORMULA), _bars(ground), proof=_facts(ground), figures=snapshot(tally, CODES))


def _columns(*first: Column) -> tuple[Column, ...]:
    return (*first, *(Column(name, Kind.NUMBER) for name in HEADS), Column("К", Kind.NUMBER))


def _cells(tally: Tally, by: str, key: object) -> tuple[Cell, ...]:
    value = coefficient(tally, by, key)
    return (*(tally.number(code, by, key) for code in CODES),
            None if value is None else round(value, 2))


def _bodies(ground: Ground) -> Section:
    tally = ground.tally
    keys = [key for key in tally.keys("body", *CODES) if key is not None]
    rows = tuple((ground.body(key), *_cells(tally, "body", key))
                 for key in sorted(keys, key=lambda key: (
                     -tally.number("answers", "body", key), ground.body(key))))
    return Section("По органам", _columns(Column("Орган", width=3.0)), rows,
                   chart=Chart("Ответов и с опозданием", 0, (2, 3)))


def _people(ground: Ground) -> Section:
    tally = ground.tally
    keys = [key for key in tally.keys("person", *CODES) if key is not None]

    def body(key: object) -> str:
        person = ground.directory.people.get(key) if isinstance(key, int) else None
        return ground.body(person.body_id if person else None)

    rows = tuple((ground.person(key), body(key), *_cells(tally, "person", key))
                 for key in sorted(keys, key=lambda key: (body(key), ground.person(key))))
    return Section("По сотрудникам", _columns(Column("Сотрудник", width=2.4),
                                              Column("Орган", width=2.6)), rows)


ROWS = 100_000
"""Facts on one sheet."""


def _facts(ground: Ground) -> tuple[Section, ...]:
    """Every fact behind every number, in order."""
    columns = (Column("Запись журнала", Kind.NUMBER), Column("Когда", Kind.DATE),
               Column("Показатель"), Column("Номер сообщения"), Column("Сотрудник"),
               Column("Орган"))
    zone, person, body = ground.calendar.zone, cache(ground.person), cache(ground.body)
    names = {code: _whole(code) if BY_CODE[code].name.startswith("из них") else BY_CODE[code].name
             for code in CODES}
    rows = [(one.fact_id, one.at.astimezone(zone), names[one.figure], ground.number(one),
             person(one.person_id), body(one.body_id)) for one in ground.tally.of(*CODES)]
    return tuple(Section("Факты", columns, tuple(rows[first:first + ROWS]))
                 for first in range(0, len(rows), ROWS))


def _whole(code: str) -> str:
    """«Направлено ответов, из них с опозданием»: the name by itself."""
    return f"{BY_CODE[code.removesuffix('_late')].name}, из них с опозданием"


def _bars(ground: Ground) -> Bars | None:
    tally = ground.tally
    keys = sorted((key for key in tally.keys("body", "answers") if key is not None),
                  key=lambda key: (-(coefficient(tally, "body", key) or 0.0), ground.body(key)))
    if len(keys) < 2:
        return None
    return Bars("Коэффициент дисциплины по органам", tuple(map(ground.body, keys[:MOST])),
                (Series("К", tuple(round(coefficient(tally, "body", key) or 0.0, 2)
                                   for key in keys[:MOST])),))

"""Tables that several reports share: the main figures, the bodies, lists of cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.calendar import WorkingCalendar
from core.documents.values import Cell, Chart, Column, Kind, Section
from core.people import Directory
from core.regulation.routines import Period
from core.reports.figures import BY_CODE
from core.reports.figures import Kind as FigureKind
from core.reports.periods import Span
from core.reports.standing import Mark
from core.reports.tally import Tally

UNKNOWN = "не указано"
NO_BODY = "исполнитель не назначен"
INDENT = "– "
ON_PAPER = 40
"""Cases of one list that are printed: a big city has thousands."""

DISCIPLINE = ("in_work", "due_next", "overdue", "answers", "answers_late", "on_time", "breached",
              "returned", "reworked")
"""What the table of bodies shows, in this order."""

SHORT = {"in_work": "В работе", "due_next": "Срок близко", "overdue": "Просрочено",
         "answers": "Ответов", "answers_late": "С опозданием", "on_time": "В срок",
         "breached": "Нарушен срок", "returned": "Возвращено", "reworked": "Доработок",
         "assigned": "Поручено", "arrived": "Поступило", "materials": "Материалов",
         "materials_late": "Поздних материалов", "drafts_late": "Поздних проектов",
         "unsatisfactory": "Доля возвратов"}


@dataclass(frozen=True, slots=True)
class Ground:
    """What every report is made from."""

    span: Span
    tally: Tally
    directory: Directory
    calendar: WorkingCalendar
    numbers: Mapping[int, str]
    made_at: datetime

    @property
    def cut(self) -> datetime:
        """The end of what was counted."""
        return self.tally.cut

    @property
    def partial(self) -> bool:
        """The period is not over."""
        return self.cut < self.span.end(self.calendar.zone)

    def titles(self, this: str, before: str) -> tuple[str, str]:
        """The heads of the columns; of a run of days that is no usual period, plainer ones."""
        if self.span.kind is not Period.YEAR:
            return this, before
        return "За период", "За столько же дней ранее"

    @property
    def period(self) -> str:
        """«за 27 ноября 2026 г.»; of a period that goes on, until when."""
        if not self.partial:
            return self.span.label
        local = self.cut.astimezone(self.calendar.zone)
        return f"{self.span.label} (на {local:%d.%m.%Y %H:%M})"

    def body(self, body_id: object) -> str:
        """The name of a body."""
        known = self.directory.bodies.get(body_id) if isinstance(body_id, int) else None
        return known.name if known else NO_BODY

    def person(self, person_id: object) -> str:
        """The name of a member of staff."""
        known = self.directory.people.get(person_id) if isinstance(person_id, int) else None
        return known.short_name if known else NO_BODY

    def day(self, moment: datetime) -> date:
        """The office's date."""
        return self.calendar.local_date(moment)

    def number(self, mark: Mark) -> str:
        """The number of the case behind a mark."""
        return self.numbers.get(mark.case_id, str(mark.case_id))


def cell_kind(code: str) -> Kind:
    """How a figure is printed."""
    return Kind.PERCENT if BY_CODE[code].kind is FigureKind.SHARE else Kind.NUMBER


def main_figures(heading: str, codes: Sequence[str], now: Tally,
                 others: Sequence[tuple[str, Tally]] = (), title: str = "За период") -> Section:
    """One line for each figure; beside it the same of other periods.

    Shares are sentences of their own elsewhere: a column holds numbers of one kind.
    """
    columns = [Column("Показатель", width=4.0), Column(title, Kind.NUMBER),
               *(Column(name, Kind.NUMBER) for name, _ in others)]
    rows: list[tuple[Cell, ...]] = [
        (_name(code), now.number(code), *(one.number(code) for _, one in others))
        for code in codes]
    return Section(heading, tuple(columns), tuple(rows))


def _name(code: str) -> str:
    name = BY_CODE[code].name
    return f"{INDENT}{name}" if name.startswith("из них") else name


def by_key(heading: str, first: str, by: str, codes: Sequence[str], tally: Tally,
           name: Callable[[object], str], chart: Chart | None = None, note: str = "",
           order: str = "") -> Section:
    """A line for each body, person or topic, the most of ``order`` first; the last line is all."""
    keys = tally.keys(by, *(code for code in codes
                            if BY_CODE[code].kind is not FigureKind.SHARE))
    keys.sort(key=lambda key: (-tally.number(order or codes[0], by, key), name(key)))
    columns = (Column(first), *(Column(SHORT.get(code, BY_CODE[code].name), cell_kind(code))
                                for code in codes))
    rows = tuple((name(key), *(tally.value(code, by, key) for code in codes)) for key in keys)
    total: tuple[Cell, ...] = ("Всего", *(tally.value(code) for code in codes))
    return Section(heading, columns, rows, total if rows else None, chart, note)


def cases(heading: str, marks: Sequence[Mark], ground: Ground, note: str = "") -> Section:
    """The cases behind these marks with the named debtor, the longest overdue first."""
    columns = (Column("Номер", width=2.2), Column("Тема", width=2.2),
               Column("Орган", width=2.6), Column("Ответственный", width=2.0),
               Column("Срок", Kind.DATE), Column("Рабочих дней после срока", Kind.NUMBER))
    now = ground.cut
    rows = []
    for one in sorted(marks, key=lambda mark: (mark.at, mark.case_id)):
        due_on = ground.day(one.at)
        late = max(0, ground.calendar.working_days_between(due_on, ground.day(now)))
        rows.append((ground.number(one), one.topic or UNKNOWN, ground.body(one.body_id),
                     ground.person(one.person_id), due_on, late))
    return Section(heading, columns, tuple(rows), note=note, on_paper=ON_PAPER)


def notes(codes: Sequence[str]) -> tuple[str, ...]:
    """How these figures are counted, for the foot of the document."""
    return tuple(f"{BY_CODE[code].name[0].upper()}{BY_CODE[code].name[1:]}: "
                 f"{BY_CODE[code].formula}." for code in codes
                 if not BY_CODE[code].name.startswith("из них"))

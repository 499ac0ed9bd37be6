"""ROUTINES: the daily, weekly and monthly duties of section 6."""

from dataclasses import dataclass
from enum import StrEnum

from core.regulation.terms import Role


class Period(StrEnum):
    """How often a duty returns."""

    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Routine:
    """A duty: who prepares it, for whom, how often."""

    code: str
    label: str
    period: Period
    prepared_by: Role
    told_to: tuple[Role, ...]
    clause: str
    requirement: str


ROUTINES: tuple[Routine, ...] = (
    Routine("digest", "сводка упреждающего контроля", Period.WORKING_DAY, Role.SYSTEM,
            (Role.DESK, Role.DESK_HEAD), "6¶2", "R39"),
    Routine("daily", "отчёт по исполнительской дисциплине", Period.WORKING_DAY, Role.DESK_HEAD,
            (Role.CHIEF_OF_STAFF,), "6¶3", "R40"),
    Routine("weekly", "доклад о работе органов администрации", Period.WEEK,
            Role.CHIEF_OF_STAFF, (Role.HEAD_OF_DISTRICT,), "6¶4", "R41"),
    Routine("monthly", "отчёт по учёту и анализу работы", Period.MONTH, Role.DESK_HEAD,
            (Role.CHIEF_OF_STAFF,), "6¶5", "R42"),
    Routine("public", "материал для официального сайта и СМИ", Period.MONTH, Role.DESK_HEAD,
            (Role.CHIEF_OF_STAFF,), "6¶6", "R43"),
    Routine("programmes", "аналитика для муниципальных программ", Period.MONTH, Role.DESK_HEAD,
            (Role.CHIEF_OF_STAFF,), "6¶7", "R44"),
    Routine("bonus", "показатели для премирования", Period.MONTH, Role.DESK_HEAD,
            (Role.CHIEF_OF_STAFF,), "3.8", "R45"),
    Routine("reference_data", "подтверждение справочных данных", Period.YEAR, Role.ADMIN,
            (Role.DESK_HEAD,), "2.1¶2 справочные данные", "R4"),
)

"""FIGURES: what the reports count, each by one definition, with its clause.

A figure is a number of *marks* (``core.reports.standing``). A mark is made at a moment from facts
up to that moment alone and is never taken back: so the days of a month add up to the month, and a
report for a past date comes out the same whenever it is made.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a figure lies in time."""

    FLOW = "flow"
    """Counted over a period; periods add up."""
    STANDING = "standing"
    """As it stands at the end of the period."""
    SHARE = "share"
    """One figure divided by another."""
    TIME = "time"
    """Working days: the median over the marks of the period."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: ``formula`` in words, ``by`` whose it is when figures are shown by body."""

    code: str
    name: str
    formula: str
    clause: str
    requirement: str
    kind: Kind = Kind.FLOW
    by: str = ""
    of: tuple[str, str] | None = None
    """For a share: the figures divided, the first by the second."""
    less: bool = False
    """For a share: one minus the quotient."""


LEAD = "ответственный исполнитель (назван в резолюции первым, п. 4.6)"
PREVIOUS = "ответственный исполнитель того ответа, который вернули"
DESK = "подразделение «Добродел»"
OFFICIAL = "должностное лицо"
CO = "соисполнитель"

FIGURES: tuple[Figure, ...] = (
    Figure("arrived", "Поступило сообщений",
           "число фактов «поступление»", "6¶5 тематика", "R42"),
    Figure("returned", "Возвращено пользователями",
           "число фактов «возврат пользователем на доработку»: ответ отмечен как "
           "неудовлетворительный и отправлен на повторное рассмотрение",
           "6¶5 неудовлетворительные", "R42", by=PREVIOUS),
    Figure("returned_thrice", "из них в третий раз и более",
           "те из возвратов, после которых сообщение в состоянии «возвращено три раза и более»",
           "2.1¶2", "R47", by=PREVIOUS),
    Figure("registered", "Зарегистрировано",
           "число фактов «регистрация»", "3¶1", "R5", by=DESK),
    Figure("registered_late", "из них с опозданием",
           "регистрация позже срока: конец рабочего дня поступления, после 18:00 или в выходной "
           "— первые часы следующего рабочего дня", "3¶1", "R5", by=DESK),
    Figure("redirected", "Перенаправлено по компетенции",
           "число фактов «перенаправление по компетенции»", "3¶2 перенаправление", "R7"),
    Figure("resolutions", "Наложено резолюций",
           "число фактов «наложение резолюции»", "4.2", "R10", by=OFFICIAL),
    Figure("resolutions_late", "из них с опозданием",
           "резолюция позже конца рабочего дня, следующего за регистрацией или за возвратом "
           "регистратору", "4.2", "R10", by=OFFICIAL),
    Figure("assigned", "Поручено",
           "число резолюций, в которых орган или лицо названы первыми", "4.6¶1", "R15", by=LEAD),
    Figure("declined", "Возвращено как не относящееся к полномочиям",
           "число фактов возврата сообщения ответственным исполнителем", "4.4¶2", "R13", by=LEAD),
    Figure("drafts", "Подготовлено проектов ответа",
           "первое после регистрации направление проекта на согласование", "4.6¶3", "R19",
           by=LEAD),
    Figure("drafts_late", "из них с опозданием",
           "проект позже шести рабочих дней с регистрации или более раннего срока резолюции",
           "4.6¶3", "R19", by=LEAD),
    Figure("materials", "Представлено материалов",
           "число фактов «представление материала»", "4.6¶2 срок", "R18", by=CO),
    Figure("materials_late", "из них с опозданием",
           "материал позже четырёх рабочих дней с поручения или более раннего срока резолюции",
           "4.6¶2 срок", "R18", by=CO),
    Figure("answers", "Направлено ответов",
           "число фактов «направление ответа оператору», промежуточные и повторные входят",
           "5¶1 отправка", "R33", by=LEAD),
    Figure("answers_late", "из них с опозданием",
           "ответ направлен позже срока: восемь рабочих дней с регистрации, после промежуточного "
           "ответа — обещанная в нём дата", "3¶3", "R8", by=LEAD),
    Figure("interim", "из них промежуточных",
           "ответ вида «промежуточный»", "4.6¶5", "R21", by=LEAD),
    Figure("on_time", "Доля ответов в срок",
           "1 − «с опозданием» / «Направлено ответов»", "6¶5 срок", "R42", Kind.SHARE, by=LEAD,
           of=("answers_late", "answers"), less=True),
    Figure("breached", "Нарушен срок ответа",
           "сообщения, срок ответа по которым истёк в периоде, а ответ к этому моменту не "
           "направлен (или отклонён оператором после срока); каждое нарушение — один раз",
           "6¶5 срок", "R42", by=LEAD),
    Figure("reworked", "Возвращено на доработку внутри администрации",
           "число фактов «замечание», «возврат с подписания», «возврат исполнителю», «отказ "
           "оператора»", "4.6¶10", "R27", by=LEAD),
    Figure("unsatisfactory", "Доля возвратов пользователями",
           "«Возвращено пользователями» / «Направлено ответов»", "6¶5 неудовлетворительные",
           "R42", Kind.SHARE, by=LEAD, of=("returned", "answers")),
    Figure("published", "Опубликовано ответов",
           "число фактов «публикация ответа»", "5¶5", "R37", by=LEAD),
    Figure("closed", "Закрыто", "число фактов «закрытие»", "1т", "R50"),
    Figure("photos", "Проверено фотографий",
           "число вердиктов программы о фотографиях работ", "4.6¶2 ракурс", "R17"),
    Figure("photos_kept", "Оставлено вопреки проверке",
           "фотографии, оставленные исполнителем с объяснением", "4.6¶2 ракурс", "R17"),
    Figure("stage_days", "Рабочих дней на этапе",
           "медиана рабочих дней от начала этапа до его конца по этапам, завершённым в периоде",
           "6¶5", "R42", Kind.TIME),
    Figure("in_work", "В работе",
           "сообщения, которые не опубликованы, не закрыты и не перенаправлены", "6¶2", "R38",
           Kind.STANDING, by=LEAD),
    Figure("overdue", "Просрочено",
           "сообщения в работе, срок ответа по которым истёк, а ответ не направлен", "6¶3", "R40",
           Kind.STANDING, by=LEAD),
    Figure("due_next", "Срок в ближайшие два рабочих дня",
           "сообщения в работе без ответа, срок которых ещё не истёк и наступает не позже второго "
           "рабочего дня после конца периода", "6¶2", "R39", Kind.STANDING, by=LEAD),
)

BY_CODE: dict[str, Figure] = {row.code: row for row in FIGURES}

REASONS = {
    "remark": "замечание согласующего",
    "refuse_signature": "возврат с подписания",
    "send_back": "возврат при проверке оформления",
    "refuse": "отказ оператора",
}
"""Why an answer was reworked, by the event that sent it back."""

STAGES = {
    "registration": "Регистрация",
    "resolution": "Направление и резолюция",
    "execution": "Исполнение, проект ответа",
    "approval": "Согласование",
    "signing": "Подписание",
    "sending": "Оформление и отправка",
    "rework": "Доработка",
}
"""Stages of a case in order, each ended by the next event of its kind."""

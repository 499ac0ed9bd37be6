"""LIMITS: the figures of the regulation that are not deadlines; READINGS of its silences."""

from dataclasses import dataclass

from core.regulation.terms import BodyKind


@dataclass(frozen=True, slots=True)
class Limit:
    """One figure of the paper: ``value`` in ``unit``, said in Russian by ``label``."""

    code: str
    label: str
    value: int | str
    unit: str
    clause: str
    requirement: str


EVENING_HOUR = 18
INTERIM_DAYS = 30
ATTACHMENTS_MEGABYTES = 50
RETURNS_TO_OPERATOR = 3
MISROUTE_WORKING_DAYS = 1
APPROVAL_WORKING_DAYS = 1
PHOTO_FORMATS = ("JPEG", "PNG", "TIFF")
CATEGORY_WITHOUT_APPROVAL = "Иное"
EXECUTING_BODIES = frozenset({BodyKind.DEPARTMENT, BodyKind.SUBORDINATE})
"""Whose people a resolution names; to all others a letter is written (4.2, 4.3)."""

LIMITS: tuple[Limit, ...] = (
    Limit("evening", "после этого часа регистрация переносится на следующий рабочий день",
          EVENING_HOUR, "часов", "3¶1", "R5"),
    Limit("misroute", "вернуть как не относящееся к полномочиям можно в течение",
          MISROUTE_WORKING_DAYS, "рабочий день", "4.4¶2", "R13"),
    Limit("interim", "дата исполнения в промежуточном ответе — не позднее",
          INTERIM_DAYS, "дней", "4.6¶5", "R21"),
    Limit("attachments", "совокупный объём приложений к ответу — не более",
          ATTACHMENTS_MEGABYTES, "Мб", "4.6¶6 форматы", "R22"),
    Limit("formats", "форматы фотографий", ", ".join(PHOTO_FORMATS), "", "4.6¶6 форматы", "R22"),
    Limit("executors", "исполнители по резолюции — сотрудники",
          "органов администрации и подведомственных организаций", "", "4.3", "R10"),
    Limit("one_document", "документов в ответе на одно сообщение", 1, "", "4.6¶7 один документ",
          "R24"),
    Limit("no_approval", "без согласования направляется на подпись только категория",
          CATEGORY_WITHOUT_APPROVAL, "", "4.6¶9", "R29"),
    Limit("returns", "после стольких возвратов пользователем — оператору для закрытия",
          RETURNS_TO_OPERATOR, "возврата", "2.1¶2", "R47"),
    Limit("commission", "при числе возвратов больше — на Межведомственную комиссию",
          RETURNS_TO_OPERATOR, "возврата", "2.1¶3", "R48"),
)

READINGS: tuple[str, ...] = (
    "День регистрации — нулевой день срока.",
    "Резолюция налагается до конца рабочего дня, следующего за днём регистрации; после возврата "
    "регистратору или исполнителем — до конца рабочего дня, следующего за днём возврата.",
    "«Первые часы работы» — два часа с начала рабочего дня.",
    "30 дней промежуточного ответа — календарные, с даты регистрации.",
    "Срок соисполнителя считается с дня поручения и не бывает позже срока проекта ответа, в том "
    "числе более раннего, который резолюция дала ответственному исполнителю.",
    "Резолюция, наложенная после истечения этих сроков, даёт исполнителям срок до конца дня.",
    "Каждому согласующему отводится один рабочий день с того дня, как до него дошла очередь; "
    "администрация может установить другое число (настройка APPROVAL_DAYS).",
    "После замечания согласование проходит заново, с первого лица листа; администрация может "
    "сохранять согласования, данные до замечания (настройка APPROVALS_AFTER_REMARK).",
    "Отказ оператора в приёме ответа не продлевает срок ответа: он снова не исполнен.",
    "Третий возврат пользователем решает руководитель подразделения; на комиссию выносится "
    "сообщение, возвращённое более трёх раз.",
    "Возврат пользователем до уведомления о публикации означает, что ответ был опубликован.",
)
"""Taken until the office decides otherwise; each is a sentence of the page for the office."""

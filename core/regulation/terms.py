"""The words of the regulation: states, events, roles and kinds, each with its Russian label."""

from enum import StrEnum


class Term(StrEnum):
    """A word of the regulation: a code for the program and a Russian label for people."""

    label: str

    def __new__(cls, code: str, label: str = "") -> "Term":
        """A member from its code and its Russian label (by code alone it is looked up)."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


class Role(Term):
    """In what capacity a person (or an outside party) acts."""

    DESK = "desk", "сотрудник подразделения «Добродел»"
    DESK_HEAD = "desk_head", "руководитель подразделения «Добродел»"
    CHIEF_OF_STAFF = "chief_of_staff", "начальник Управления делами"
    OFFICIAL = "official", "должностное лицо"
    HEAD_OF_BODY = "head_of_body", "руководитель органа или организации"
    LEAD = "lead", "ответственный исполнитель"
    CO_EXECUTOR = "co_executor", "соисполнитель"
    APPROVER = "approver", "согласующий"
    SIGNATORY = "signatory", "подписывающий"
    CLERK = "clerk", "делопроизводитель органа"
    HEAD_OF_DISTRICT = "head_of_district", "Глава городского округа"
    ADMIN = "admin", "администратор"
    CITIZEN = "citizen", "пользователь портала"
    OPERATOR = "operator", "оператор Единой системы"
    COMMISSION = "commission", "Межведомственная комиссия"
    MSED = "msed", "уведомление МСЭД"
    SYSTEM = "system", "Ракурс"


OFFICES = frozenset({
    Role.DESK, Role.DESK_HEAD, Role.CHIEF_OF_STAFF, Role.OFFICIAL, Role.HEAD_OF_BODY,
    Role.SIGNATORY, Role.CLERK, Role.HEAD_OF_DISTRICT, Role.ADMIN,
})
"""The roles that a person holds in the directory; the others come from a case or from outside."""


class State(Term):
    """Where a case stands."""

    RECEIVED = "received", "поступило"
    REGISTERED = "registered", "зарегистрировано"
    ESCALATED = "escalated", "на решении начальника Управления делами"
    AWAITING_RESOLUTION = "awaiting_resolution", "на резолюции"
    ASSIGNED = "assigned", "на исполнении"
    APPROVING = "approving", "на согласовании"
    REWORKING = "reworking", "на доработке"
    SIGNING = "signing", "на подписании"
    CHECKING = "checking", "на проверке оформления"
    ANSWER_REGISTERED = "answer_registered", "ответ зарегистрирован"
    DISPATCHED = "dispatched", "направлено оператору"
    DEFERRED = "deferred", "отложенное исполнение"
    PUBLISHED = "published", "ответ опубликован"
    RETURNED_THRICE = "returned_thrice", "возвращено три раза и более"
    AT_OPERATOR = "at_operator", "у оператора для закрытия"
    AT_COMMISSION = "at_commission", "на Межведомственной комиссии"
    REDIRECTED = "redirected", "перенаправлено по компетенции"
    CLOSED = "closed", "закрыто"


class AssignmentState(Term):
    """Where one executor's part of a case stands."""

    GIVEN = "given", "поручено"
    DELIVERED = "delivered", "доставлено исполнителю"
    ACCEPTED = "accepted", "принято к исполнению"
    SUBMITTED = "submitted", "материал представлен"
    RETURNED = "returned", "материал возвращён"
    DONE = "done", "материал принят"
    DECLINED = "declined", "возвращено: не относится к полномочиям"


class LetterState(Term):
    """Where a letter to an organisation outside МСЭД stands."""

    DRAFTED = "drafted", "подготовлено"
    HAND_SIGNED = "hand_signed", "подписано собственноручно"
    REGISTERED = "registered", "зарегистрировано"
    SENT = "sent", "отправлено"
    ANSWERED = "answered", "получен ответ"
    UNDELIVERED = "undelivered", "не доставлено"


class Event(Term):
    """What can happen to a case, to an executor's part of it, or to a letter."""

    RECEIVE = "receive", "поступление"
    REGISTER = "register", "регистрация"
    ROUTE = "route", "направление должностному лицу"
    REDIRECT = "redirect", "перенаправление по компетенции"
    ESCALATE = "escalate", "передача начальнику Управления делами"
    MARK_DUPLICATE = "mark_duplicate", "отметка о дубликате"
    HAND_BACK = "hand_back", "возврат регистратору"
    IMPOSE_RESOLUTION = "impose_resolution", "наложение резолюции"
    SAVE_DRAFT = "save_draft", "сохранение проекта ответа"
    SUBMIT_DRAFT = "submit_draft", "направление проекта ответа на согласование"
    APPROVE = "approve", "согласование"
    REMARK = "remark", "замечание"
    SIGN = "sign", "подписание"
    REFUSE_SIGNATURE = "refuse_signature", "возврат с подписания"
    CONFIRM_FORM = "confirm_form", "проверка оформления и регистрация ответа"
    SEND_BACK = "send_back", "возврат исполнителю на доработку"
    DISPATCH = "dispatch", "направление ответа оператору"
    ACKNOWLEDGE = "acknowledge", "регистрация ответа у оператора"
    REFUSE = "refuse", "отказ оператора в приёме ответа"
    PUBLISH = "publish", "публикация ответа"
    CITIZEN_RETURN = "citizen_return", "возврат пользователем на доработку"
    REFER_TO_OPERATOR = "refer_to_operator", "передача оператору для закрытия"
    REFER_TO_COMMISSION = "refer_to_commission", "вынесение на комиссию"
    DECIDE_REWORK = "decide_rework", "решение продолжить работу"
    CLOSE = "close", "закрытие"

    DELIVER = "deliver", "доставка поручения исполнителю"
    ACCEPT = "accept", "принятие к исполнению"
    DECLINE = "decline", "возврат как не относящегося к полномочиям"
    ALLOW_DECLINE = "allow_decline", "разрешение вернуть после срока"
    DELEGATE = "delegate", "поручение своему сотруднику"
    ADD_PHOTO = "add_photo", "приложение фотографии"
    SUBMIT_MATERIALS = "submit_materials", "представление материала"
    ACCEPT_MATERIALS = "accept_materials", "принятие материала"
    RETURN_MATERIALS = "return_materials", "возврат материала"

    DRAFT_LETTER = "draft_letter", "подготовка письма"
    SIGN_BY_HAND = "sign_by_hand", "собственноручная подпись"
    REGISTER_LETTER = "register_letter", "регистрация письма"
    SEND_LETTER = "send_letter", "отправка письма"
    LETTER_DELIVERED = "letter_delivered", "доставка письма"
    REMIND_LETTER = "remind_letter", "напоминание организации"
    LETTER_ANSWERED = "letter_answered", "ответ организации"
    LETTER_BOUNCED = "letter_bounced", "письмо не доставлено"


class AnswerKind(Term):
    """What the answer says, chosen before it is written (4.6¶4, 4.6¶5)."""

    SOLVED = "solved", "вопрос решён"
    PLANNED = "planned", "сроки и меры запланированы"
    IMPOSSIBLE = "impossible", "решение невозможно"
    INTERIM = "interim", "промежуточный ответ"


class BodyKind(Term):
    """Who an organisation is to the administration."""

    DEPARTMENT = "department", "орган администрации"
    SUBORDINATE = "subordinate", "подведомственная организация"
    STATE = "state", "ЦИОГВ"
    AUTHORITY = "authority", "орган власти вне МСЭД"
    OUTSIDE = "outside", "организация вне МСЭД"


class LetterForm(Term):
    """On whose form a letter outside МСЭД is written (5¶3); it decides who registers it (5¶4)."""

    ADMINISTRATION = "administration", "бланк администрации"
    BODY = "body", "бланк органа администрации"

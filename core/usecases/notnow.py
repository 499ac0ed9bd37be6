"""What a person is told whose letter asks for what cannot be done now, and what to do instead.

On the screen a button that cannot be pressed is not there; a letter can ask for anything.
"""

from collections.abc import Mapping

from core import access
from core.case import Case
from core.people import Directory, Person
from core.regulation.terms import AssignmentState, State

_GONE = "Ответ уже направлен оператору, делать по сообщению ничего не нужно. Если пользователь "\
        "вернёт ответ, придёт новое письмо."
OF_CASE: Mapping[State, str] = {
    State.APPROVING: "Проект ответа на согласовании, изменить его сейчас нельзя. Если его вернут "
                     "с замечанием, придёт письмо: ответьте на него.",
    State.SIGNING: "Ответ на подписании, изменить его сейчас нельзя. Если его вернут, придёт "
                   "письмо: ответьте на него.",
    State.CHECKING: "Ответ уже подписан и проходит проверку оформления. Если он понадобится вам "
                    "снова, придёт письмо.",
    State.ANSWER_REGISTERED: "Ответ уже подписан и зарегистрирован, делать с ним ничего не нужно.",
    State.DISPATCHED: _GONE,
    State.PUBLISHED: "Ответ уже опубликован, делать по сообщению ничего не нужно. Если "
                     "пользователь вернёт ответ, придёт новое письмо.",
    State.RETURNED_THRICE: "Пользователь вернул ответ, решение о закрытии принимает подразделение "
                           "«Добродел». Если работа понадобится, придёт новое письмо.",
    State.AT_OPERATOR: "Решение о закрытии сообщения принимает оператор, делать ничего не нужно.",
    State.AT_COMMISSION: "Решение о закрытии сообщения принимает Межведомственная комиссия, "
                         "делать ничего не нужно.",
    State.REDIRECTED: "Сообщение перенаправлено по компетенции, делать по нему ничего не нужно.",
    State.CLOSED: "Сообщение закрыто, делать по нему ничего не нужно.",
}
"""Where the case is out of the executors' hands."""


def instead(case: Case, person: Person, directory: Directory) -> str:
    """The sentence, or nothing where the refusal itself must do."""
    if case.state in OF_CASE:
        return OF_CASE[case.state]
    part, lead = access.part_of(case, person), case.lead
    to_whom = directory.names([lead.holder_id]) if lead else ""
    match part.state if part else None:
        case AssignmentState.ACCEPTED:
            return ("Поручение уже принято, повторять не нужно. Когда работа будет сделана, "
                    "ответьте, что сделано.")
        case AssignmentState.SUBMITTED:
            return ("Ваш отчёт уже передан ответственному исполнителю, изменить его сейчас "
                    f"нельзя. Если его нужно дополнить, попросите вернуть отчёт ({to_whom}): "
                    "придёт письмо, на которое и ответьте.")
        case AssignmentState.DONE:
            return ("Ваш отчёт принят, больше от вас ничего не требуется. Если есть что добавить, "
                    f"сообщите это ответственному исполнителю ({to_whom}).")
        case _:
            return ""

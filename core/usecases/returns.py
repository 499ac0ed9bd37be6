"""The citizen's returns and what follows the third (2.1¶2-4)."""

from dataclasses import replace

from core.case import CitizenMessage, new_round, start_again
from core.errors import NotAcceptedError
from core.notices import DECISION, RETURNS, NoticeKind
from core.regulation.terms import Event, Role, State
from core.reports.facts import subject_of
from core.usecases.office import Act


def citizen_return(act: Act, message: CitizenMessage,
                   where: tuple[float, float] | None = None) -> None:
    """The citizen is not satisfied: a new round, counted; the earlier executor is told (R46).

    The return has a number of its own on the portal; the round goes by it. ``where``: latitude and
    longitude, where a new photo tells them.
    """
    earlier = act.case.lead
    files = message.files or act.case.message.files
    words = message if message.text else act.case.message
    kept = replace(act.case.message, text=words.text, named=words.named, files=files,
                   portal_number=message.portal_number or act.case.message.portal_number,
                   sent_on=message.sent_on)
    act.move(Event.CITIZEN_RETURN,
             {"returns": str(act.case.returns + 1), **subject_of(act.case.message, where)})
    act.case = new_round(act.case, kept, act.at)
    act.tell(NoticeKind.CITIZEN_RETURN, earlier.told if earlier else ())
    kind, whose = ((NoticeKind.THIRD_RETURN, Role.DESK_HEAD)
                   if act.case.state is State.RETURNED_THRICE
                   else (NoticeKind.NEW_MESSAGE, Role.DESK))
    act.tell_office(kind, whose, facts={RETURNS: str(act.case.returns)})


def refer_to_operator(act: Act) -> None:
    """All answers go to the operator, who decides on closing (2.1¶2, R47)."""
    if not act.rules.operator_address:
        raise NotAcceptedError(
            "Не задан адрес оператора (OPERATOR_ADDRESS). Обратитесь к администратору.")
    act.move(Event.REFER_TO_OPERATOR)
    act.send_out(NoticeKind.CLOSING_PACKAGE, act.rules.operator_address,
                 facts={"returns": str(act.case.returns)})


def refer_to_commission(act: Act) -> None:
    """More than three returns: to the commission, through the operator (2.1¶3, R48)."""
    if not act.rules.operator_address:
        raise NotAcceptedError(
            "Не задан адрес оператора (OPERATOR_ADDRESS). Обратитесь к администратору.")
    act.move(Event.REFER_TO_COMMISSION)
    act.send_out(NoticeKind.CLOSING_PACKAGE, act.rules.operator_address,
                 facts={"returns": str(act.case.returns), "commission": "1"})


def close(act: Act, decision: str = "") -> None:
    """Closed: filed after publication, or by the operator's or the commission's decision."""
    act.move(Event.CLOSE, {"decision": decision})


def decide_rework(act: Act, decision: str) -> None:
    """The operator or the commission wants more work: the round begins again (R47)."""
    if not decision.strip():
        raise NotAcceptedError("Запишите решение: что поручено сделать.")
    act.move(Event.DECIDE_REWORK, {"decision": decision.strip()})
    act.case = replace(start_again(act.case, act.at), rework_reason=decision.strip())
    act.tell_office(NoticeKind.NEW_MESSAGE, Role.DESK, facts={DECISION: decision.strip()})

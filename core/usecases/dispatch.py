"""The desk after the signature: form, number, operator, publication (section 5)."""

from dataclasses import replace

from core.errors import NotAcceptedError
from core.notices import NoticeKind
from core.regulation.terms import Event, Role, State
from core.usecases.approvals import to_rework
from core.usecases.office import Act


def confirm_form(act: Act, number: str = "") -> None:
    """The form is right: the answer is registered (5¶1). Our number unless МСЭД's is given."""
    act.move(Event.CONFIRM_FORM)
    answers = 1 + len(act.case.past) + sum(
        one.event is Event.DISPATCH for one in act.case.history)
    act.case = replace(act.case, answer_number=number.strip() or f"{act.case.number}/{answers}")


def send_back(act: Act, reason: str) -> None:
    """The form is wrong: back to the executor (4.6¶7)."""
    if not reason.strip():
        raise NotAcceptedError("Напишите, что исправить в оформлении.")
    act.move(Event.SEND_BACK, {"reason": reason.strip()})
    to_rework(act, reason.strip())


def dispatch(act: Act) -> None:
    """The answer goes to the operator through МСЭД (5¶1)."""
    if not act.rules.msed_address:
        raise NotAcceptedError(
            "Не задан адрес МСЭД (MSED_ADDRESS). Обратитесь к администратору.")
    act.move(Event.DISPATCH, {"number": act.case.answer_number})
    act.send_out(NoticeKind.ANSWER_PACKAGE, act.rules.msed_address,
                 facts={"number": act.case.answer_number})
    lead = act.case.lead
    act.tell(NoticeKind.DISPATCHED, [lead.holder_id if lead else None])


def acknowledge(act: Act, number: str) -> None:
    """The operator's side has registered the answer."""
    act.move(Event.ACKNOWLEDGE, {"number": number})


def refuse(act: Act, reason: str) -> None:
    """The operator's side does not take the answer: rework with the reason (R27)."""
    act.move(Event.REFUSE, {"reason": reason})
    to_rework(act, reason or "Причина в уведомлении не указана")
    act.tell_office(NoticeKind.REWORK, Role.DESK, Role.DESK_HEAD, facts={"remark": reason})


def publish(act: Act) -> None:
    """Published on the portal (5¶5); after an interim answer the control goes on (4.6¶5)."""
    draft = act.case.draft
    act.move(Event.PUBLISH)
    lead = act.case.lead
    told = [*(part.holder_id for part in act.case.parts), lead.holder_id if lead else None]
    if act.case.state is State.DEFERRED and draft is not None:
        act.case = replace(act.case, promised_on=draft.promised_on)
        act.tell(NoticeKind.DEFERRED, told)
    else:
        act.tell(NoticeKind.PUBLISHED, told)

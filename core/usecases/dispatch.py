"""The desk after the signature: form, number, operator, publication (section 5)."""

from dataclasses import replace

from core.case import Case, Given
from core.draft import Draft
from core.errors import NotAcceptedError
from core.notices import NoticeKind
from core.regulation.terms import Event, Role, State
from core.usecases.approvals import to_rework
from core.usecases.office import Act


def confirm_form(act: Act, number: str = "") -> None:
    """The form is right: the answer is registered (5¶1). Our number unless МСЭД's is given.

    An answer that came back before it was sent keeps its number.
    """
    again = _registered_but_not_sent(act.case)
    act.move(Event.CONFIRM_FORM)
    answers = act.case.answers if again else act.case.answers + 1
    act.case = replace(act.case, answers=answers,
                       answer_number=number.strip() or f"{act.case.number}/{answers}")


def _registered_but_not_sent(case: Case) -> bool:
    last = next((one.event for one in reversed(case.history)
                 if one.event in {Event.CONFIRM_FORM, Event.DISPATCH}), None)
    return last is Event.CONFIRM_FORM


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
    act.move(Event.DISPATCH, {"number": act.case.answer_number, **_kind_of(act.case.draft)})
    act.send_out(NoticeKind.ANSWER_PACKAGE, act.rules.msed_address,
                 facts={"number": act.case.answer_number})
    lead = act.case.lead
    act.tell(NoticeKind.DISPATCHED, lead.told if lead else ())


def _kind_of(draft: Draft | None) -> dict[str, str]:
    """What the reports must know of the answer: its kind, and the date it promises (4.6¶5)."""
    if draft is None:
        return {}
    promised = {"promised": draft.promised_on.isoformat()} if draft.promised_on else {}
    return {"kind": draft.kind.value, **promised}


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
    told = [one for part in act.case.parts for one in part.told]
    if act.case.state is State.DEFERRED and draft is not None:
        given = Given(draft, act.case.answer_number,
                      act.case.last_moment_of(Event.CONFIRM_FORM), act.case.signature)
        act.case = replace(act.case, promised_on=draft.promised_on,
                           given=(*act.case.given, given))
        act.tell(NoticeKind.DEFERRED, told)
    else:
        act.tell(NoticeKind.PUBLISHED, told)

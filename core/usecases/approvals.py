"""Approval one after another, remarks, and the signature (4.6¶9-11)."""

from dataclasses import replace

from core import access
from core.approval import ApprovalSheet, Decision
from core.case import Signature
from core.errors import MoveNotAllowedError, NotAcceptedError
from core.files import FileRef
from core.notices import NoticeKind
from core.people import Person
from core.regulation.terms import Event, Role, State
from core.usecases.execution import ask_next_approver
from core.usecases.office import Act


def approve(act: Act) -> None:
    """The current approver agrees; after the last the draft goes on to signature (4.6¶11)."""
    sheet = act.case.sheet
    before = act.case.situation()
    if sheet is None or act.case.state is not State.APPROVING:
        act.move(Event.APPROVE)
        raise MoveNotAllowedError("Листа согласования нет.")
    decided = sheet.decide(act.person, Decision.APPROVED, act.at)
    act.behalf = _for_whom(act, sheet)
    act.move(Event.APPROVE, {"version": str(sheet.draft_version)}, now=before)
    act.case = replace(act.case, sheet=decided)
    if act.case.state is State.SIGNING:
        act.tell(NoticeKind.TO_SIGN, access.signatory_ids(act.case, act.directory))
    else:
        ask_next_approver(act)


def _for_whom(act: Act, sheet: ApprovalSheet) -> Person | None:
    """Whose turn it was, where a substitute decided: he may be further down the list himself."""
    current = sheet.current
    if current is None or current.approver_id == act.actor.person_id:
        return None
    return act.directory.people.get(current.approver_id)


def remark(act: Act, text: str) -> None:
    """A remark sends the draft to rework; then it goes to approval anew (4.6¶10)."""
    if not text.strip():
        raise NotAcceptedError("Напишите замечание: что исправить в проекте ответа.")
    sheet = act.case.sheet
    if sheet is not None and act.case.state is State.APPROVING:
        decided = sheet.decide(act.person, Decision.REMARK, act.at, text.strip())
        act.behalf = _for_whom(act, sheet)
        act.case = replace(act.case, sheet=decided)
    act.move(Event.REMARK, {"remark": text.strip()})
    to_rework(act, text.strip(), NoticeKind.REMARK)


def to_rework(act: Act, reason: str, kind: NoticeKind = NoticeKind.REWORK) -> None:
    """Tell the lead what to mend, and keep the reason on the case (4.6¶7, R27)."""
    act.case = replace(act.case, rework_reason=reason, signature=None)
    lead = act.case.lead
    act.tell(kind, lead.told if lead else (),
             facts={"remark": reason, "who": act.name})


def sign(act: Act, *, signer: str = "", file: FileRef | None = None) -> None:
    """Signed in МСЭД or with the signatory's own tool; the proof is kept (R32)."""
    act.move(Event.SIGN, {"signer": signer or act.actor.name})
    signature = Signature(signer or act.actor.name, act.at, file, act.actor.channel.value)
    act.case = replace(act.case, signature=signature)
    act.tell_office(NoticeKind.TO_CHECK, Role.DESK, Role.DESK_HEAD)


def refuse_signature(act: Act, reason: str) -> None:
    """The signatory sends the draft back (4.6¶7)."""
    if not reason.strip():
        raise NotAcceptedError("Напишите, почему ответ возвращается.")
    act.move(Event.REFUSE_SIGNATURE, {"reason": reason.strip()})
    to_rework(act, reason.strip())

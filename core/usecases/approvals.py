"""Approval one after another, remarks, and the signature (4.6¶9-11)."""

from dataclasses import replace
from datetime import date

from core import access, mailcommands
from core.approval import ApprovalSheet, Decision
from core.calendar import WorkingCalendar
from core.case import Case, Signature
from core.errors import MoveNotAllowedError, NotAcceptedError, NotYourTurnError
from core.files import FileRef
from core.mailcommands import Wish
from core.notices import NoticeKind
from core.people import Directory, Person
from core.regulation.terms import Event, Role, State
from core.usecases.execution import ask_next_approver
from core.usecases.office import Act

REMARK_ELSEWHERE = "Замечание сделано в МСЭД, его текста в уведомлении нет: посмотрите его там."


def approve(act: Act) -> None:
    """The current approver agrees; after the last the draft goes on to signature (4.6¶11)."""
    sheet = act.case.sheet
    before = act.case.situation()
    if sheet is None or act.case.state is not State.APPROVING:
        act.move(Event.APPROVE)
        raise MoveNotAllowedError("Согласование ещё не начато: проект ответа не направлен.")
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


def remark_in_words(act: Act, text: str) -> None:
    """A remark as the approver wrote it; consent, thanks or a bare «не согласовано» name nothing
    to be mended (4.6¶10, R30)."""
    if mailcommands.read(text).wish is Wish.APPROVE:
        raise NotAcceptedError(
            "Это согласие, а не замечание. Если проект согласован, нажмите «Согласовать»; если "
            "нет — напишите, что в нём исправить.")
    if mailcommands.says_nothing(text) or mailcommands.is_bare_refusal(text):
        raise NotAcceptedError("Напишите, что исправить в проекте ответа.")
    remark(act, text)


def approver_in_msed(case: Case, named: str, on: date | None, directory: Directory,
                     calendar: WorkingCalendar) -> Person | None:
    """Whose decision a notice of МСЭД brings; None where that person has decided already.

    Without a name it is the ЦИОГВ whose turn it is. Raises NotYourTurnError where it is somebody
    else's turn, and NotAcceptedError for a notice older than the version under approval.
    """
    sheet = case.sheet
    current = sheet.current if sheet and case.state is State.APPROVING else None
    steps = sheet.steps if sheet else ()
    found = next((step for step in steps if named
                  and is_called(directory.people.get(step.approver_id), named)), None)
    if found is not None and found.decision is not None:
        return None
    if current is None:
        raise NotAcceptedError(f"{case.number}: проект ответа сейчас не на согласовании.")
    if (found is not current) if named else not current.state_body:
        who = f" ({named})" if named else ""
        raise NotYourTurnError(
            f"{case.number}: сейчас очередь другого согласующего — "
            f"{directory.names([current.approver_id])}; уведомление МСЭД{who} не учтено "
            "(п. 4.6, абз. 9 Регламента).")
    submitted = case.last_moment_of(Event.SUBMIT_DRAFT)
    if on is not None and submitted is not None and on < calendar.local_date(submitted):
        raise NotAcceptedError(
            f"{case.number}: уведомление МСЭД от {on:%d.%m.%Y} — о прежней версии проекта ответа.")
    return directory.working(current.approver_id)


def is_called(person: Person | None, named: str) -> bool:
    """Whether that is the person's name as an office writes it: «Министров И.Л.»,
    «И.Л. Министров», «Министров Игорь Львович», the family name alone."""
    if person is None:
        return False
    family, *rest = person.name.casefold().replace("ё", "е").split()
    given = named.casefold().replace("ё", "е").replace(".", " ").replace(",", " ").split()
    if family not in given:
        return False
    others = [one for one in given if one != family][:len(rest)]
    return all(own.startswith(one) for own, one in zip(rest, others, strict=False))


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

"""One case as a card or a line: what of it stands there for this person, made of values alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core import access, due, privacy
from core.approval import ApprovalStep, decided_by
from core.calendar import WorkingCalendar
from core.cards import (
    CaseCard,
    CaseLine,
    DraftView,
    DueLine,
    EarlierAnswer,
    FirstLine,
    KinLine,
    PartLine,
    ProposalLine,
    RemarkLine,
    SheetLine,
    SuggestionLine,
)
from core.case import Case
from core.debtors import debtors
from core.draft import Draft
from core.due import Due
from core.errors import BeyondCalendarError
from core.files import FileRef
from core.people import Actor, Directory
from core.regulation.terms import Role, State
from core.textdiff import changes
from core.usecases import routing


@dataclass(frozen=True, slots=True)
class Beside:
    """What of other messages stands on the card of one: its first, and those that look like it."""

    first: Case | None = None
    line: FirstLine | None = None
    kin: tuple[KinLine, ...] = ()
    suggestion: SuggestionLine | None = None


def draft_files_of(case: Case) -> tuple[FileRef, ...]:
    """The files of every version of the draft."""
    return tuple(file for draft in case.drafts for file in draft.files)


def signed_files_of(case: Case) -> tuple[FileRef, ...]:
    """The document as it was handed over for signature, and what came back."""
    signature = case.signature
    if signature is None:
        return case.to_sign
    return (*(signature.documents or case.to_sign),
            *((signature.file,) if signature.file else ()))


def files_of(case: Case) -> tuple[FileRef, ...]:
    """Every file that belongs to a case: the citizen's, the work's, the draft's, the pictures."""
    photos = [one for part in case.parts for one in part.photos]
    return (*case.message.files, *(one.file for one in photos),
            *(one.picture for one in photos if one.picture),
            *(one.original for one in photos if one.original),
            *draft_files_of(case),
            *signed_files_of(case))


def urgency(line: CaseLine) -> tuple[bool, int, int]:
    """The order of lists: least time left first, cases without a deadline last."""
    return line.due is None, line.due.left if line.due else 0, line.id


def due_line(one: Due, calendar: WorkingCalendar, now: datetime) -> DueLine:
    """A deadline for people."""
    return DueLine(one.row.code, one.row.label, one.due_on,
                   calendar.working_days_left(now, one.due_on), one.late_at(now),
                   one.row.clause)


def make_line(case: Case, directory: Directory, calendar: WorkingCalendar, now: datetime,
              duties: Sequence[Due] | None = None) -> CaseLine:
    """A case as a line of a list; ``duties`` are its open duties where they are known already."""
    duties = due.open_duties(case, calendar) if duties is None else duties
    owing = debtors(case, duties[0], directory) if duties else access.holder_ids(case, directory)
    return CaseLine(
        case.id, case.number, case.state.label, case.message.topic, case.message.place,
        due_line(duties[0], calendar, now) if duties else None, directory.names_today(owing))


ALONE = Beside()


TO_BE_ROUTED = frozenset({State.REGISTERED, State.ESCALATED, State.AWAITING_RESOLUTION})


def make_card(case: Case, actor: Actor, directory: Directory, calendar: WorkingCalendar,
              now: datetime, *, mask_contacts: bool, beside: Beside = ALONE) -> CaseCard:
    """The card of a case for one person."""
    own = access.part_of(case, actor.person)
    may = own is not None and due.may_decline(own, now, calendar)
    roles = access.roles_in(case, actor)
    waiting = access.submitted_parts(case) if Role.LEAD in roles else ()
    accepted = access.accepted_parts(case) if Role.LEAD in roles else ()
    late = access.late_returns(case) if Role.DESK_HEAD in roles else ()
    message, draft = case.message, case.draft
    duties = [one for one in due.open_duties(case, calendar)
              if one.part is None or _concerns(one, own.key if own else None, roles)]
    return CaseCard(
        id=case.id, number=case.number, stamp=access.card_stamp(case, actor.person),
        state=case.state.value, state_label=case.state.label, round=case.round,
        returns=case.returns, topic=message.topic, category=message.category,
        place=message.place,
        text=privacy.masked(message.text, message.named) if mask_contacts else message.text,
        received_at=case.received_at, sent_on=message.sent_on, files=message.files,
        dues=tuple(_named(one, case, own.key if own else None, directory, calendar, now)
                   for one in duties),
        holder=directory.names_today(access.holder_ids(case, directory)),
        parts=tuple(PartLine(
            part.key, directory.names_today([part.holder_id]), part.is_lead, part.state.label,
            part.own_due, part.scope, part.report, part.photos, part.remark,
            mine=own is not None and part.key == own.key,
            held=part.holder_id == actor.person_id, waits_for_lead=part.key in waiting,
            may_go_back=part.key in accepted, may_be_let_go=part.key in late)
            for part in case.parts),
        draft=draft_view(draft, access.version_seen_by(case, actor.person))
        if draft and access.may_read_draft(case, actor) else None,
        sheet=_sheet(case, directory), remarks=tuple(
            RemarkLine(sheet.draft_version, decided_by(sheet.remarked, directory),
                       sheet.remarked.remark)
            for sheet in case.sheets if sheet.remarked), answer_number=case.answer_number,
        signer=case.signature.signer if case.signature else "", signature=case.signature,
        promised_on=case.promised_on,
        rework_reason=case.rework_reason, given_back=case.given_back,
        duplicate_of=case.duplicate_of,
        proposal=_proposal(case, beside.first, directory, calendar, now),
        suggestion=beside.suggestion,
        earlier=tuple(EarlierAnswer(past.number, past.answer_number, past.answer.text,
                                    past.returned_at) for past in case.past if past.answer),
        actions=access.offered(case, actor, may_decline=may),
        my_part=own.key if own else None, needs_approval=case.needs_approval,
        attached_bytes=sum(one.size for one in case.attachments),
        sees_notices=bool(roles & access.WHOLE_OFFICE),
        version=case.version, kin=beside.kin, first=beside.line, duplicates=case.duplicates)


def draft_view(draft: Draft, seen: Draft | None) -> DraftView:
    """A version of the draft, beside the one that the reader has seen before (4.6¶10)."""
    view = DraftView(draft.version, draft.kind, draft.text, draft.promised_on, draft.files,
                     draft.findings, draft.insisted)
    if seen is None or seen.version >= draft.version:
        return view
    other = []
    if seen.kind is not draft.kind:
        other.append(f"вид ответа: {seen.kind.label} → {draft.kind.label}")
    if seen.promised_on != draft.promised_on:
        was, now = (f"{one:%d.%m.%Y}" if one else "нет"
                    for one in (seen.promised_on, draft.promised_on))
        other.append(f"дата исполнения: {was} → {now}")
    other += [f"добавлен файл «{one.name}»" for one in draft.files if one not in seen.files]
    other += [f"убран файл «{one.name}»" for one in seen.files if one not in draft.files]
    return replace(view, seen=seen.version, changes=changes(seen.text, draft.text),
                   other_changes=tuple(other))


def _concerns(one: Due, own_key: int | None, roles: frozenset[Role]) -> bool:
    return one.part == own_key or bool(roles & {Role.LEAD, Role.OFFICIAL, Role.DESK,
                                                Role.DESK_HEAD, Role.CHIEF_OF_STAFF})


def _named(one: Due, case: Case, own_key: int | None, directory: Directory,
           calendar: WorkingCalendar, now: datetime) -> DueLine:
    """The deadline of somebody else's part is told with whose it is."""
    line = due_line(one, calendar, now)
    if one.part is None or one.part == own_key:
        return line
    return replace(line, who=directory.names_today([case.part(one.part).holder_id]))


def _sheet(case: Case, directory: Directory) -> tuple[SheetLine, ...]:
    if case.sheet is None:
        return ()
    def who(step: ApprovalStep) -> str:
        if step.decision is None:
            return directory.names_today([step.approver_id])
        return decided_by(step, directory)

    return tuple(SheetLine(who(step), step.decision, step.at, step.remark,
                           step is case.sheet.current, step.version) for step in case.sheet.steps)


def _proposal(case: Case, first: Case | None, directory: Directory, calendar: WorkingCalendar,
              now: datetime) -> ProposalLine | None:
    if case.state not in TO_BE_ROUTED:
        return None
    found = routing.propose(case.message, directory, first)
    if found is None:
        return None
    try:
        until = due.limits(case, now, calendar)
    except BeyondCalendarError:
        until = None
    return ProposalLine(
        directory.names([found.official_id]), found.official_id, directory.names([found.lead_id]),
        directory.names(found.co_executor_ids), found.reason,
        until.lead if until else None, until.co_executor if until else None)

"""The executors' work: accept, decline, pass on, photograph, report, draft (4.4-4.6)."""

from dataclasses import replace
from datetime import date

from core import access
from core import draft as drafting
from core.approval import ApprovalSheet, make_sheet
from core.assignment import Assignment, Delegation, Photo
from core.draft import Draft
from core.errors import MoveNotAllowedError, NotAcceptedError, NotFoundError
from core.files import FileRef
from core.notices import Notice, NoticeKind
from core.people import Channel
from core.regulation.lifecycle import AT_WORK
from core.regulation.limits import INTERIM_DAYS
from core.regulation.terms import AnswerKind, AssignmentState, Event, Role, State
from core.usecases.approval_list import planned
from core.usecases.office import Act

TO_RETAKE = frozenset({
    "different_angle", "other_place", "needs_editing", "reused_photo", "reject_format",
    "reject_corrupt", "reject_not_image", "reject_too_large", "reject_too_small"})
"""Verdicts that a person must answer: another photo, or a reason for keeping this one (R17)."""

NO_PHOTO = "reject_"
"""So begin the verdicts on a file that is no photo at all (4.6¶6): no reason saves it."""

_REWORKED = frozenset({Event.REMARK, Event.REFUSE_SIGNATURE, Event.SEND_BACK, Event.REFUSE})
"""After any of these the draft must be changed before it goes on (4.6¶7, 4.6¶10)."""


def _own_part(act: Act) -> Assignment:
    part = access.part_of(act.case, act.person)
    if part is None:
        raise NotFoundError("У вас нет поручения по этому сообщению.")
    act.behalf = access.hat_in(part, act.person)
    return part


def still_at_work(act: Act) -> None:
    """Raises MoveNotAllowedError where executors have nothing to do with the case any more."""
    if act.case.state not in AT_WORK:
        raise MoveNotAllowedError(
            f"Сейчас состояние «{act.case.state.label}»: материалы уже нельзя изменить.")


def delivered(act: Act, key: int) -> None:
    """The assignment has reached the executor (4.4¶1); said by the courier."""
    if act.case.part(key).state is AssignmentState.GIVEN:
        to = act.directory.names([act.case.part(key).holder_id])
        act.move_part(key, Event.DELIVER, {"to": to})


def accept(act: Act) -> None:
    """The executor takes it on."""
    act.move_part(_own_part(act).key, Event.ACCEPT)


def decline(act: Act, reason: str) -> None:
    """Not ours: back within one working day (4.4¶2). The lead's refusal takes the case back."""
    if not reason.strip():
        raise NotAcceptedError("Напишите, почему это не относится к вашим полномочиям.")
    part, official_id = _own_part(act), act.case.official_id
    now = act.case.situation(may_decline=act.may_decline(part.key))
    roles = access.roles_in(act.case, act.actor)
    act.move_part(part.key, Event.DECLINE, {"reason": reason}, now=now)
    act.case = act.case.with_part(replace(act.case.part(part.key),
                                          decline_reason=reason.strip()))
    if part.is_lead:
        _parts_are_void(act)
        act.move(Event.DECLINE, {"reason": reason}, now=now, roles=roles)
        act.case = replace(act.case, parts=(), official_id=None,
                           given_back=f"{act.name}: {reason.strip()}")
    desk = [one.id for one in act.directory.holding(Role.DESK_HEAD)]
    lead = act.case.lead
    act.tell(NoticeKind.ASSIGNMENT_DECLINED,
             [*desk, official_id, lead.holder_id if lead else None],
             facts={"reason": reason.strip(), "who": act.name})


def _parts_are_void(act: Act) -> None:
    """The lead's refusal takes the case back: the co-executors hear that nothing is asked of
    them any more (4.4¶2)."""
    said = (f"Поручение снято: {act.actor.name} возвращает сообщение как не относящееся к "
            "полномочиям. Делать по нему ничего не нужно.")
    for part in act.case.parts:
        if not part.is_lead and part.state is not AssignmentState.DECLINED:
            act.tell(NoticeKind.REPLY, part.told, about=f"void:{part.key}",
                     facts={"said": said})


def allow_decline(act: Act, key: int) -> None:
    """The desk head lets an executor decline after the day has passed (R13)."""
    act.move_part(key, Event.ALLOW_DECLINE)
    part = act.case.part(key)
    if key not in access.late_returns(act.case):
        raise NotAcceptedError(
            "Возврат этого поручения уже разрешён." if part.late_decline_allowed else
            "Ответственный исполнитель уже не может вернуть сообщение: сейчас состояние "
            f"«{act.case.state.label}» (п. 4.4, абз. 2).")
    act.case = act.case.with_part(replace(part, late_decline_allowed=True))
    act.tell(NoticeKind.REPLY, [part.holder_id], about=f"allowed:{key}", facts={
        "said": f"{act.actor.name}: поручение разрешено вернуть и после срока (п. 4.4, абз. 2). "
                "Нажмите «Не моё» или ответьте «Не моё» с причиной."})


def delegate(act: Act, to_id: int, due_on: date | None = None, scope: str = "") -> None:
    """Pass the part to one's staff, with an earlier or equal date (4.5, R14)."""
    part = _own_part(act)
    to, by = act.directory.working(to_id), act.behalf or act.person
    if by is None or to.body_id != by.body_id or to.id == by.id:
        raise NotAcceptedError("Поручить можно только сотруднику своего органа.")
    if to.id == part.holder_id:
        raise NotAcceptedError(f"Поручение уже у этого сотрудника ({to.short_name}).")
    if due_on is not None and due_on < act.today:
        raise NotAcceptedError("Этот срок уже прошёл. Укажите другую дату.")
    until = due_on or part.own_due
    now = act.case.situation(within_own_deadline=until <= part.own_due)
    act.move_part(part.key, Event.DELEGATE, {"to": to.short_name}, now=now)
    link = Delegation(to.id, act.actor.person_id or by.id, act.at, until, scope)
    moved = act.case.part(part.key)
    act.case = act.case.with_part(replace(moved, chain=(*moved.chain, link)))
    act.tell(NoticeKind.ASSIGNMENT, [to.id], about=f"{part.key}:{len(moved.chain)}",
             facts={"part": str(part.key), "from": act.name})


def add_photo(act: Act, file: FileRef, *, without_exif: bool = False, by_camera: bool = False
              ) -> None:
    """A photo of the work, to be compared with the citizen's (4.6¶2).

    ``by_camera``: shot on the program's own page, which wrote its shooting data.
    """
    part = _own_part(act)
    if any(file.sha256 in {one.sha256 for one in (photo.file, photo.original) if one}
           for photo in part.photos):
        raise NotAcceptedError("Этот файл уже приложен к вашему поручению.")
    act.move_part(part.key, Event.ADD_PHOTO, {
        "file": file.sha256[:12], **({"by": "camera"} if by_camera else {})})
    drafting.accept_while_working((*act.case.attachments, file))
    moved = act.case.part(part.key)
    photo = Photo(file=file, by_id=act.actor.person_id or 0, at=act.at, source=act.actor.source,
                  without_exif=without_exif, by_camera=by_camera)
    act.case = act.case.with_part(replace(moved, photos=(*moved.photos, photo)))


def write_to_me(act: Act) -> None:
    """The assignment by e-mail too, to be answered with a file too large for Telegram (R11)."""
    part, person = _own_part(act), act.person
    if person is None or not person.email:
        raise NotAcceptedError("В справочнике нет вашей почты: попросите администратора добавить "
                               "её или уменьшите файл.")
    key = f"{NoticeKind.ASSIGNMENT}:{act.case.id}:{act.actor.source}:mail"
    act.notices.append((Notice(
        NoticeKind.ASSIGNMENT, key, person.id, case_id=act.case.id,
        facts={"part": str(part.key)}, channel=Channel.EMAIL), Channel.EMAIL))


def remove_photo(act: Act, sha256: str) -> None:
    """The executor takes a photo back."""
    part = _own_part(act)
    still_at_work(act)
    kept = tuple(photo for photo in part.photos if photo.file.sha256 != sha256)
    if len(kept) == len(part.photos):
        raise NotFoundError("Этой фотографии уже нет в поручении.")
    if part.state in {AssignmentState.SUBMITTED, AssignmentState.DONE}:
        raise NotAcceptedError("Материал уже представлен. Попросите ответственного вернуть его.")
    act.case = act.case.with_part(replace(part, photos=kept))
    act.facts.append(act.fact(f"part:{part.key}", "remove_photo", clause="4.6¶2",
                              requirement="R17", details={"file": sha256[:12]}))


def keep_photo(act: Act, sha256: str, reason: str) -> None:
    """Keep a photo against the verdict, with a reason that the approvers see (R17)."""
    if not reason.strip():
        raise NotAcceptedError("Напишите, почему фотографию следует оставить.")
    part = _own_part(act)
    still_at_work(act)
    chosen = next((photo for photo in part.photos if photo.file.sha256 == sha256), None)
    if chosen is None:
        raise NotFoundError("Этой фотографии уже нет в поручении.")
    if chosen.verdict.startswith(NO_PHOTO):
        raise NotAcceptedError(
            "Этот файл не открывается как фотография JPEG, PNG или TIFF (п. 4.6 Регламента): "
            "его нельзя оставить, приложите другой.")
    kept = replace(chosen, override=reason.strip())
    photos = tuple(kept if photo is chosen else photo for photo in part.photos)
    act.case = act.case.with_part(replace(part, photos=photos))
    act.facts.append(act.fact(f"part:{part.key}", "keep_photo", clause="4.6¶2 ракурс",
                              requirement="R17", details={
                                  "reason": reason.strip(), "verdict": chosen.verdict,
                                  "file": sha256[:12]}))


class UnfitPhotoError(NotAcceptedError):
    """A photo of the part is no good: it is replaced, or kept with a reason (R17)."""

    def __init__(self, said: str, part: Assignment) -> None:
        """The sentence for the person, and whose photo it is."""
        super().__init__(said)
        self.part = part


def is_unfit(photo: Photo) -> bool:
    """Whether it did not pass and nobody gave a reason for keeping it."""
    return photo.verdict in TO_RETAKE and not photo.override


def _photos_are_fit(part: Assignment, *, judged: bool = True) -> None:
    for number, photo in enumerate(part.photos, 1):
        if not photo.verdict and judged:
            raise NotAcceptedError(
                f"Фото {number} ещё сравнивается. Повторите через несколько секунд.")
        if photo.verdict.startswith(NO_PHOTO):
            raise UnfitPhotoError(
                f"Фото {number} не принято. {_sentence(photo.advice or 'Файл не открывается')} "
                "Замените его.", part)
        if is_unfit(photo):
            raise UnfitPhotoError(
                f"Фото {number} не прошло проверку. {_sentence(photo.advice or 'Снимите заново')} "
                "Замените его или оставьте с объяснением.", part)


def _sentence(text: str) -> str:
    return f"{text.rstrip('. ')}."


def submit_materials(act: Act, report: str, *, judged: bool = True) -> None:
    """The co-executor's report with photos goes to the lead (4.6¶2).

    ``judged`` False lets photos that are still being compared pass: a letter brings photos and
    report at once. They are checked again when the lead submits the draft.
    """
    if not report.strip():
        raise NotAcceptedError("Опишите, что сделано: одного-двух предложений достаточно.")
    part = _own_part(act)
    act.move_part(part.key, Event.SUBMIT_MATERIALS)
    _photos_are_fit(part, judged=judged)
    act.case = act.case.with_part(replace(act.case.part(part.key), report=report.strip(),
                                          remark=""))
    lead = act.case.lead
    if lead is not None:
        act.tell(NoticeKind.MATERIALS_SUBMITTED, lead.told, about=str(part.key),
                 facts={"part": str(part.key), "who": act.name, "report": report.strip()})


def accept_materials(act: Act, key: int) -> None:
    """The lead takes a co-executor's materials into the answer (4.6¶3)."""
    act.move_part(key, Event.ACCEPT_MATERIALS)
    part = act.case.part(key)
    act.tell(NoticeKind.MATERIALS_ACCEPTED, [part.holder_id], about=str(key))


def return_materials(act: Act, key: int, remark: str) -> None:
    """The lead asks for more (4.6¶1)."""
    if not remark.strip():
        raise NotAcceptedError("Напишите, что нужно доработать.")
    act.move_part(key, Event.RETURN_MATERIALS, {"remark": remark})
    part = replace(act.case.part(key), remark=remark.strip())
    act.case = act.case.with_part(part)
    act.tell(NoticeKind.MATERIALS_RETURNED, [part.holder_id], about=str(key),
             facts={"remark": remark.strip()})


def save_draft(act: Act, kind: AnswerKind, text: str, promised_on: date | None = None,
               files: tuple[FileRef, ...] = ()) -> None:
    """A new version of the draft (4.6¶3-6); an interim one needs its exact date (4.6¶5).

    The documents beside the version before stay, the new ``files`` are added to them.
    """
    clean = drafting.accept_text(text)
    if kind is AnswerKind.INTERIM:
        if promised_on is None:
            raise NotAcceptedError("Укажите точную дату исполнения, например 14.12.2026.")
        accept_promise(act, promised_on)
    kept = act.case.draft.files if act.case.draft else ()
    known = {one.sha256 for one in kept}
    files = (*kept, *(drafting.accept_scan(one) for one in files if one.sha256 not in known))
    drafting.accept_while_working((*(one.file for one in act.case.photos), *files))
    act.move(Event.SAVE_DRAFT, {"kind": kind.value})
    version = len(act.case.drafts) + 1
    draft = Draft(version, kind, clean, act.actor.person_id or 0, act.at,
                  promised_on if kind is AnswerKind.INTERIM else None, files)
    act.case = replace(act.case, drafts=(*act.case.drafts, draft))


def submit_draft(act: Act, insisted: str = "") -> None:
    """On to approval one after another, or straight to signature for «Иное» (4.6¶9).

    What the checks found in the draft is mended, or the lead insists with a comment, which the
    approvers see and the journal keeps (R25).
    """
    case, draft = act.case, act.case.draft
    if draft is None:
        raise NotAcceptedError("Сначала подготовьте проект ответа.")
    if draft.kind is AnswerKind.INTERIM:
        accept_promise(act, draft.promised_on or act.today)
    if _unchanged_since_rework(act):
        raise NotAcceptedError("Проект не изменён после замечания. Исправьте его.")
    for part in case.parts:
        if part.state is not AssignmentState.DECLINED:
            _photos_are_fit(part)
            _wait_for_materials(act, part)
    drafting.accept_attachments(case.attachments)
    draft = drafting.insist(drafting.confirmed(draft) if case.attachments else draft, insisted)
    act.case = replace(case, drafts=(*case.drafts[:-1], draft))
    act.move(Event.SUBMIT_DRAFT, {
        "version": str(draft.version), "kind": draft.kind.value,
        **({"findings": ", ".join(one.code.value for one in draft.findings),
            "reason": draft.insisted} if draft.findings else {})})
    act.case = replace(act.case, rework_reason="", to_sign=())
    if act.case.sheet is not None:
        act.case = replace(act.case, sheets=(*act.case.sheets, act.case.sheet))
    if act.case.state is State.APPROVING:
        act.case = replace(act.case, sheet=_fresh_sheet(act, draft))
        ask_next_approver(act)
    else:
        act.case = replace(act.case, sheet=None)
        act.tell(NoticeKind.TO_SIGN, access.signatory_ids(act.case, act.directory))


def _registered_on(act: Act) -> date:
    return act.calendar.local_date(act.case.registered_at or act.at)


def accept_promise(act: Act, promised_on: date) -> None:
    """The date of an interim answer, and that one may be given at all (4.6¶5)."""
    latest_promise(act)
    drafting.accept_promise(promised_on, _registered_on(act), act.today)


def latest_promise(act: Act) -> date:
    """The last day that an interim answer may name (4.6¶5).

    Raises NotAcceptedError after the first one, and once no day is left.
    """
    if act.case.promised_on is not None:
        raise NotAcceptedError(
            "Промежуточный ответ уже опубликован. Подготовьте окончательный ответ.")
    latest = drafting.latest_promise(_registered_on(act))
    if latest <= act.today:
        raise NotAcceptedError(
            f"Промежуточный ответ уже невозможен: его последний срок — {latest:%d.%m.%Y}, "
            f"{INTERIM_DAYS} дней с регистрации (п. 4.6, абз. 5). Подготовьте окончательный "
            "ответ.")
    return latest


def _unchanged_since_rework(act: Act) -> bool:
    for one in reversed(act.case.history):
        if one.event is Event.SAVE_DRAFT:
            return False
        if one.event in _REWORKED:
            return True
    return False


def _wait_for_materials(act: Act, part: Assignment) -> None:
    draft = act.case.draft
    waiting = {AssignmentState.SUBMITTED, AssignmentState.RETURNED, AssignmentState.GIVEN,
               AssignmentState.DELIVERED, AssignmentState.ACCEPTED}
    interim = draft is not None and draft.kind is AnswerKind.INTERIM
    if part.role is Role.CO_EXECUTOR and part.state in waiting and not interim:
        name = act.directory.person(part.holder_id).short_name
        raise NotAcceptedError(
            f"Материал соисполнителя ({name}) ещё не принят: {part.state.label}. "
            "Примите его или дождитесь.")


def _fresh_sheet(act: Act, draft: Draft) -> ApprovalSheet:
    """The list for this version; after a remark the approvals before it may count (R30)."""
    earlier = act.case.sheet
    kept = earlier.before_remark() if earlier and act.rules.keep_approvals else {}
    ids = [step.approver_id for step in planned(act.case, act.directory)]
    return make_sheet(draft.version, ids, act.directory, kept, act.rules.approval_days)


def ask_next_approver(act: Act) -> None:
    """The turn comes to the next in the list (4.6¶9)."""
    current = act.case.sheet.current if act.case.sheet else None
    if current is not None:
        act.tell(NoticeKind.TO_APPROVE, [current.approver_id])

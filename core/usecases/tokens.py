"""What an answer to a letter may do: its token is bound to a person, a case and an act (R29)."""

from dataclasses import replace
from hashlib import sha256

from core.case import Case
from core.notices import Notice, NoticeKind
from core.people import Person
from core.ports import Token
from core.regulation.terms import Role, State
from core.secret import Secret

PURPOSE_CASE = "case"
"""The executor's work on the case; lasts as long as the work."""
PURPOSE_LETTER = "letter"
"""The organisation's answer to a letter outside МСЭД."""
PURPOSE_APPROVAL = "approval:"
"""Followed by the draft's version: one decision on that very version."""
PURPOSE_SIGNATURE = "sign:"
"""Followed by the draft's version: the word or the file of the signature under it."""
PURPOSE_PHOTO = "photo:"
"""Followed by the photo's hash: one decision on that very photo."""
PURPOSE_PART = "part:"
"""Followed by the part's key: the lead's one decision on a co-executor's materials."""
PURPOSE_REPORT = "report:"
"""Followed by the report's number: its confirmation or correction by letter. Several numbers are
confirmed together."""
PURPOSE_MAIL = "mail:"
"""Followed by the number of a letter that came: the desk's word on it."""
ASKED_BACK = "?"
"""Ends the purpose of a letter that asks what was meant: an unclear answer goes to the desk."""

PURPOSE = "purpose"
"""The fact of a notice that hands on what was asked, where the notice asks the same again."""
TO_ORGANISATIONS = frozenset({NoticeKind.LETTER_OUT, NoticeKind.LETTER_REMINDER})
"""They go to the organisation's address as the directory has it now: it may have been mended."""
TO_CONFIRM = frozenset({NoticeKind.REPORT_READY, NoticeKind.REPORT_WAITS})
WITHOUT_CASE = (PURPOSE_REPORT, PURPOSE_MAIL)
_ABOUT_DECISION = frozenset({NoticeKind.TO_APPROVE, NoticeKind.REMINDER, NoticeKind.OVERDUE})
_DECISIONS = (PURPOSE_APPROVAL, PURPOSE_PHOTO, PURPOSE_PART)


def token_hash(token: str) -> str:
    """Tokens are kept by hash: a copy of the database gives nobody a key."""
    return sha256(token.encode()).hexdigest()


def key_of(secret: Secret, row_id: int) -> str:
    """The key in the letter of that row of the outbox, the same for every try."""
    return secret.token(f"outbox:{row_id}")


def about_no_case(notice: Notice) -> str:
    """What an answer stands for where it concerns no case; empty where it does."""
    if notice.kind in TO_CONFIRM:
        return f"{PURPOSE_REPORT}{notice.facts['report']}"
    if notice.kind is NoticeKind.UNCLEAR_MAIL:
        return f"{PURPOSE_MAIL}{notice.facts['mail']}"
    again = notice.facts.get(PURPOSE, "")
    return again if again.startswith(WITHOUT_CASE) else ""


def token_for(notice: Notice, case: Case, person: Person | None, letter_id: int | None) -> Token:
    """What an answer to the letter of this notice stands for; ``person`` is who gets it."""
    purpose = notice.facts.get(PURPOSE) or _purpose(notice, case, person)
    return Token(
        purpose, case.id, notice.person_id,
        letter_id if purpose == PURPOSE_LETTER else None,
        single_use=purpose.startswith(_DECISIONS))


def _purpose(notice: Notice, case: Case, person: Person | None) -> str:
    if notice.kind in TO_ORGANISATIONS:
        return PURPOSE_LETTER
    if notice.kind is NoticeKind.PHOTO_VERDICT:
        return f"{PURPOSE_PHOTO}{notice.facts.get('photo', '')}"
    if notice.kind is NoticeKind.MATERIALS_SUBMITTED:
        return f"{PURPOSE_PART}{notice.facts['part']}"
    if case.draft is not None and _to_sign(notice, case, person):
        return f"{PURPOSE_SIGNATURE}{case.draft.version}"
    current = case.sheet.current if case.sheet else None
    hats = {hat.id for hat in person.hats} if person else set()
    if notice.kind in _ABOUT_DECISION and case.sheet is not None and current is not None and (
            current.approver_id in hats):
        return f"{PURPOSE_APPROVAL}{case.sheet.draft_version}"
    return PURPOSE_CASE


def _to_sign(notice: Notice, case: Case, person: Person | None) -> bool:
    if notice.kind is NoticeKind.TO_SIGN:
        return True
    return (notice.kind in _ABOUT_DECISION and case.state is State.SIGNING
            and person is not None and Role.SIGNATORY in person.all_offices)


def asked(token: Token) -> Token:
    """The token without the mark of having been asked back."""
    return replace(token, purpose=token.purpose.removesuffix(ASKED_BACK))

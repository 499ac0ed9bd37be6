"""What may be told to whom. No notice carries a citizen's personal data (4.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.files import FileRef
from core.outbound import Delivery
from core.people import Channel


class NoticeKind(StrEnum):
    """The occasions on which the program speaks first."""

    NEW_MESSAGE = "new_message"
    TO_DECIDE = "to_decide"
    TO_RESOLVE = "to_resolve"
    HANDED_BACK = "handed_back"
    REDIRECTED = "redirected"
    ASSIGNMENT = "assignment"
    ASSIGNMENT_DECLINED = "assignment_declined"
    PHOTO_VERDICT = "photo_verdict"
    MATERIALS_SUBMITTED = "materials_submitted"
    MATERIALS_ACCEPTED = "materials_accepted"
    MATERIALS_RETURNED = "materials_returned"
    TO_APPROVE = "to_approve"
    REMARK = "remark"
    TO_SIGN = "to_sign"
    REWORK = "rework"
    TO_CHECK = "to_check"
    ANSWER_PACKAGE = "answer_package"
    CLOSING_PACKAGE = "closing_package"
    DISPATCHED = "dispatched"
    PUBLISHED = "published"
    DEFERRED = "deferred"
    CITIZEN_RETURN = "citizen_return"
    THIRD_RETURN = "third_return"
    LETTER_TO_SIGN = "letter_to_sign"
    LETTER_TO_REGISTER = "letter_to_register"
    LETTER_OUT = "letter_out"
    LETTER_ANSWERED = "letter_answered"
    LETTER_BOUNCED = "letter_bounced"
    LETTER_REMINDER = "letter_reminder"
    LETTER_SILENT = "letter_silent"
    DISPATCH_REGISTER = "dispatch_register"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    NOT_TAKEN_UP = "not_taken_up"
    NOT_OPENED = "not_opened"
    UNREACHABLE = "unreachable"
    DIGEST = "digest"
    REPORT_READY = "report_ready"
    REPORT_WAITS = "report_waits"
    REPORT = "report"
    REPORT_TROUBLE = "report_trouble"
    UNCLEAR_MAIL = "unclear_mail"
    MAIL_JOINED = "mail_joined"
    DELIVERY_TROUBLE = "delivery_trouble"
    MAILBOX_NEWS = "mailbox_news"
    REPLY = "reply"
    MY_DAY = "my_day"
    REFERENCE_DATA = "reference_data"
    REFERENCE_STALE = "reference_stale"
    STANDING_IN = "standing_in"
    STANDING_IN_OVER = "standing_in_over"
    BACK_AT_WORK = "back_at_work"
    LEFT_WITHOUT_HANDS = "left_without_hands"


IN_ONE = frozenset({
    NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATION, NoticeKind.NOT_TAKEN_UP,
    NoticeKind.NOT_OPENED, NoticeKind.NEW_MESSAGE, NoticeKind.TO_CHECK, NoticeKind.DISPATCHED,
    NoticeKind.PUBLISHED, NoticeKind.DEFERRED, NoticeKind.MATERIALS_ACCEPTED})
"""Several of these that wait for one person go as one message, a line and a button for each."""

FOR = "for"
"""The fact that names the absent person for whom a notice came to the substitute."""

RETURNS = "returns"
"""The fact that counts the citizen's returns, of which this is the last (2.1¶2)."""
DECISION = "decision"
"""The fact that quotes the operator's or the commission's decision to go on (2.1¶2-3)."""

TO_OUTSIDE = frozenset({
    NoticeKind.ANSWER_PACKAGE, NoticeKind.CLOSING_PACKAGE, NoticeKind.LETTER_OUT,
    NoticeKind.LETTER_REMINDER})
"""These leave the office: caught in a crash they are *in doubt* and never repeated silently."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told, decided in the transaction of its cause.

    ``person_id`` names the member of staff; ``address`` an e-mail address outside. ``key`` makes
    it exactly once: a second notice of the same key is not queued. ``facts`` are frozen now; the
    wording is chosen when it is sent. ``channel`` is given where it must not be the usual one.
    """

    kind: NoticeKind
    key: str
    person_id: int | None = None
    address: str = ""
    case_id: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    not_before: datetime | None = None
    expires_at: datetime | None = None
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A notice on its way. ``channel`` is telegram or email."""

    id: int
    notice: Notice
    channel: Channel
    state: Delivery
    attempts: int
    queued_at: datetime
    claimed_until: datetime | None = None
    settled_at: datetime | None = None
    message_ref: str = ""
    last_error: str = ""
    opened_at: datetime | None = None
    """When its reader acted in the chat after it came; Telegram tells of no other proof."""
    sent: FileRef | None = None
    """The letter about a case as it went, where that was asked for (``letters_of_case``)."""

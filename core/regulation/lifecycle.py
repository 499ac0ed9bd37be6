"""LIFECYCLE and its two smaller sisters: who may do what, when, and where it leads.

One row, one sentence of the paper; read the columns left to right as a clerk would say it aloud.
``provided`` names a condition from ``guards.py``; of several rows for one (state, event, role)
exactly one condition can hold at a time.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from core.regulation import guards
from core.regulation.guards import Guard
from core.regulation.terms import AssignmentState as Part
from core.regulation.terms import Event, LetterState, Role, State, Term

S = TypeVar("S", bound=Term)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One row: in ``state``, ``event`` ``by`` any of these roles leads ``to``, ``provided`` …"""

    state: S
    event: Event
    by: tuple[Role, ...]
    to: S
    clause: str
    requirement: str
    provided: Guard = guards.ALWAYS


def _row(state: S, event: Event, by: Role | tuple[Role, ...], to: S, clause: str,
         requirement: str, provided: Guard = guards.ALWAYS) -> Move[S]:
    roles = by if isinstance(by, tuple) else (by,)
    return Move(state, event, roles, to, clause, requirement, provided)


_PORTAL_DESK = (Role.DESK, Role.DESK_HEAD)
_ROUTERS = (Role.DESK, Role.DESK_HEAD)
_VOICE_OF_OPERATOR = (Role.OPERATOR, Role.DESK_HEAD)
_VOICE_OF_MSED = (Role.MSED, Role.OPERATOR, Role.DESK, Role.DESK_HEAD)
"""Notices of МСЭД; the desk notes the same by hand where a notice was lost."""
_VOICE_OF_COMMISSION = (Role.COMMISSION, Role.DESK_HEAD)

BIRTH = State.RECEIVED
"""A case begins here, by the event RECEIVE (2.1¶5, R1: МСЭД brings the message)."""

FINAL = frozenset({State.REDIRECTED, State.CLOSED})
"""Nothing leads out of these."""

RESTING = frozenset({State.PUBLISHED})
"""Nothing is due here until the citizen or the desk does something."""

AT_WORK = frozenset({State.ASSIGNED, State.REWORKING, State.DEFERRED})
"""The states of a case in which executors work (4.6)."""


def _drafting(state: State) -> tuple[Move[State], ...]:
    """What the executors' states share: the draft is written and handed on (4.6¶3-9)."""
    return (
        _row(state, Event.SAVE_DRAFT, Role.LEAD, state, "4.6¶3", "R19"),
        _row(state, Event.SUBMIT_DRAFT, Role.LEAD, State.APPROVING, "4.6¶9", "R29",
             guards.NEEDS_APPROVAL),
        _row(state, Event.SUBMIT_DRAFT, Role.LEAD, State.SIGNING, "4.6¶9", "R29",
             guards.NEEDS_NO_APPROVAL),
    )


def _citizen_return(state: State, by: tuple[Role, ...]) -> tuple[Move[State], ...]:
    """The citizen is not satisfied: the case comes back, and is counted (2.1¶2).

    Also from DISPATCHED, by the portal's own word alone: only a published answer can be
    rejected, so its notice was lost. The desk notes the publication first.
    """
    return (
        _row(state, Event.CITIZEN_RETURN, by, State.RECEIVED, "2.1¶4", "R46",
             guards.FEWER_THAN_THREE_RETURNS),
        _row(state, Event.CITIZEN_RETURN, by, State.RETURNED_THRICE, "2.1¶2", "R47",
             guards.THIRD_RETURN_OR_LATER),
    )


LIFECYCLE: tuple[Move[State], ...] = (
    # 3. Регистрация и направление сообщения
    _row(State.RECEIVED, Event.REGISTER, _PORTAL_DESK, State.REGISTERED, "3¶1", "R5"),
    _row(State.REGISTERED, Event.ROUTE, _ROUTERS, State.AWAITING_RESOLUTION,
         "3¶2 должностным лицам", "R6"),
    _row(State.REGISTERED, Event.REDIRECT, _ROUTERS, State.REDIRECTED, "3¶2 перенаправление",
         "R7"),
    _row(State.REGISTERED, Event.ESCALATE, _ROUTERS, State.ESCALATED, "3¶2 затруднение", "R6"),
    _row(State.REGISTERED, Event.MARK_DUPLICATE, _PORTAL_DESK, State.REGISTERED,
         "4.6¶7 один документ", "R24"),
    _row(State.ESCALATED, Event.ROUTE, Role.CHIEF_OF_STAFF, State.AWAITING_RESOLUTION,
         "3¶2 затруднение", "R6"),
    _row(State.ESCALATED, Event.REDIRECT, Role.CHIEF_OF_STAFF, State.REDIRECTED,
         "3¶2 затруднение", "R7"),

    # 4. Рассмотрение и подготовка ответа
    _row(State.AWAITING_RESOLUTION, Event.IMPOSE_RESOLUTION, Role.OFFICIAL, State.ASSIGNED,
         "4.2", "R10", guards.LEAD_NAMED_FIRST),
    _row(State.AWAITING_RESOLUTION, Event.HAND_BACK, Role.OFFICIAL, State.REGISTERED, "4.4¶2",
         "R13"),
    _row(State.ASSIGNED, Event.DECLINE, Role.LEAD, State.REGISTERED, "4.4¶2", "R13",
         guards.MAY_STILL_DECLINE),
    *_drafting(State.ASSIGNED),
    *_drafting(State.REWORKING),
    *_drafting(State.DEFERRED),
    _row(State.APPROVING, Event.APPROVE, Role.APPROVER, State.APPROVING, "4.6¶9", "R29",
         guards.OTHERS_STILL_TO_APPROVE),
    _row(State.APPROVING, Event.APPROVE, Role.APPROVER, State.SIGNING, "4.6¶11", "R31",
         guards.LAST_TO_APPROVE),
    _row(State.APPROVING, Event.REMARK, Role.APPROVER, State.REWORKING, "4.6¶10", "R30"),
    _row(State.SIGNING, Event.SIGN, (Role.SIGNATORY, Role.MSED), State.CHECKING, "4.6¶11",
         "R32"),
    _row(State.SIGNING, Event.REFUSE_SIGNATURE, Role.SIGNATORY, State.REWORKING,
         "4.6¶7 возврат", "R27"),

    # 5. Регистрация ответов на сообщение
    _row(State.CHECKING, Event.CONFIRM_FORM, _PORTAL_DESK, State.ANSWER_REGISTERED,
         "5¶1 проверка", "R33"),
    _row(State.CHECKING, Event.SEND_BACK, _PORTAL_DESK, State.REWORKING, "4.6¶7 возврат", "R27"),
    _row(State.ANSWER_REGISTERED, Event.DISPATCH, _PORTAL_DESK, State.DISPATCHED,
         "5¶1 отправка", "R33"),
    _row(State.ANSWER_REGISTERED, Event.SEND_BACK, _PORTAL_DESK, State.REWORKING,
         "4.6¶7 возврат", "R27"),
    _row(State.DISPATCHED, Event.ACKNOWLEDGE, (Role.MSED, Role.OPERATOR), State.DISPATCHED,
         "2.1¶5", "R33"),
    _row(State.DISPATCHED, Event.REFUSE, _VOICE_OF_MSED, State.REWORKING, "4.6¶7 возврат",
         "R27"),
    _row(State.DISPATCHED, Event.PUBLISH, _VOICE_OF_MSED, State.PUBLISHED, "5¶5", "R37",
         guards.FINAL_ANSWER),
    _row(State.DISPATCHED, Event.PUBLISH, _VOICE_OF_MSED, State.DEFERRED, "4.6¶5", "R21",
         guards.INTERIM_ANSWER),

    # 2.1. Возвраты пользователем, оператор и комиссия
    *_citizen_return(State.DISPATCHED, (Role.CITIZEN,)),
    *_citizen_return(State.PUBLISHED, (Role.CITIZEN, *_PORTAL_DESK)),
    *_citizen_return(State.DEFERRED, (Role.CITIZEN, *_PORTAL_DESK)),
    _row(State.PUBLISHED, Event.CLOSE, _PORTAL_DESK, State.CLOSED, "1т", "R50"),
    _row(State.RETURNED_THRICE, Event.REGISTER, Role.DESK_HEAD, State.REGISTERED, "2.1¶2", "R47"),
    _row(State.RETURNED_THRICE, Event.REFER_TO_OPERATOR, Role.DESK_HEAD, State.AT_OPERATOR,
         "2.1¶2", "R47"),
    _row(State.RETURNED_THRICE, Event.REFER_TO_COMMISSION, Role.DESK_HEAD, State.AT_COMMISSION,
         "2.1¶3", "R48", guards.MORE_THAN_THREE_RETURNS),
    _row(State.AT_OPERATOR, Event.CLOSE, _VOICE_OF_OPERATOR, State.CLOSED, "2.1¶2", "R47"),
    _row(State.AT_OPERATOR, Event.DECIDE_REWORK, _VOICE_OF_OPERATOR, State.RECEIVED, "2.1¶2",
         "R47"),
    _row(State.AT_OPERATOR, Event.REFER_TO_COMMISSION, _VOICE_OF_OPERATOR, State.AT_COMMISSION,
         "2.1¶3", "R48"),
    _row(State.AT_COMMISSION, Event.CLOSE, _VOICE_OF_COMMISSION, State.CLOSED, "2.1¶3", "R48"),
    _row(State.AT_COMMISSION, Event.DECIDE_REWORK, _VOICE_OF_COMMISSION, State.RECEIVED,
         "2.1¶3", "R48"),
)

_EXECUTOR = (Role.LEAD, Role.CO_EXECUTOR)
_HEADS_FIRST = (Part.GIVEN, Part.DELIVERED)
_IN_HAND = (Part.DELIVERED, Part.ACCEPTED, Part.RETURNED)

ASSIGNMENT_BIRTH = Part.GIVEN

ASSIGNMENT_FINAL = frozenset({Part.DECLINED})

ASSIGNMENT_LIFECYCLE: tuple[Move[Part], ...] = (
    _row(Part.GIVEN, Event.DELIVER, Role.SYSTEM, Part.DELIVERED, "4.4¶1", "R12"),
    *(_row(part, Event.ACCEPT, _EXECUTOR, Part.ACCEPTED, "4.6¶2", "R16")
      for part in _HEADS_FIRST),
    *(_row(part, Event.DECLINE, _EXECUTOR, Part.DECLINED, "4.4¶2", "R13",
           guards.MAY_STILL_DECLINE)
      for part in (*_HEADS_FIRST, Part.ACCEPTED)),
    *(_row(part, Event.ALLOW_DECLINE, Role.DESK_HEAD, part, "4.4¶2", "R13")
      for part in (*_HEADS_FIRST, Part.ACCEPTED)),
    *(_row(part, Event.DELEGATE, _EXECUTOR, part, "4.5", "R14", guards.WITHIN_OWN_DEADLINE)
      for part in (Part.GIVEN, *_IN_HAND)),
    *(_row(part, Event.ADD_PHOTO, _EXECUTOR, part, "4.6¶2 ракурс", "R17")
      for part in (Part.GIVEN, *_IN_HAND)),
    *(_row(part, Event.SUBMIT_MATERIALS, Role.CO_EXECUTOR, Part.SUBMITTED, "4.6¶2", "R16")
      for part in (Part.GIVEN, *_IN_HAND)),
    _row(Part.SUBMITTED, Event.ACCEPT_MATERIALS, Role.LEAD, Part.DONE, "4.6¶3", "R16"),
    _row(Part.SUBMITTED, Event.RETURN_MATERIALS, Role.LEAD, Part.RETURNED, "4.6¶1", "R15"),
    _row(Part.DONE, Event.RETURN_MATERIALS, Role.LEAD, Part.RETURNED, "4.6¶1", "R15"),
)
"""An executor's part of a case. It moves only while the case is AT_WORK."""

LETTER_BIRTH = LetterState.DRAFTED
"""A letter begins here, by the event DRAFT_LETTER (5¶3, R34)."""

LETTER_FINAL = frozenset({LetterState.ANSWERED})

LETTER_LIFECYCLE: tuple[Move[LetterState], ...] = (
    _row(LetterState.DRAFTED, Event.SIGN_BY_HAND, (Role.LEAD, Role.CO_EXECUTOR, Role.CLERK,
         Role.DESK), LetterState.HAND_SIGNED, "5¶3", "R34"),
    _row(LetterState.HAND_SIGNED, Event.REGISTER_LETTER, (Role.DESK, Role.DESK_HEAD),
         LetterState.REGISTERED, "5¶4", "R35", guards.ON_ADMINISTRATION_FORM),
    _row(LetterState.HAND_SIGNED, Event.REGISTER_LETTER, Role.CLERK, LetterState.REGISTERED,
         "5¶4 орган", "R35", guards.ON_BODY_FORM),
    _row(LetterState.REGISTERED, Event.SEND_LETTER, (Role.SYSTEM, Role.DESK, Role.CLERK),
         LetterState.SENT, "5¶4 реестр", "R36"),
    *(_row(LetterState.SENT, event, Role.SYSTEM, LetterState.SENT, "5¶4 реестр", "R36")
      for event in (Event.LETTER_DELIVERED, Event.REMIND_LETTER)),
    *(_row(state, Event.LETTER_ANSWERED, (Role.SYSTEM, *_PORTAL_DESK), LetterState.ANSWERED,
           "4.6¶7 ведение", "R26")
      for state in (LetterState.REGISTERED, LetterState.SENT, LetterState.UNDELIVERED,
                    LetterState.ANSWERED)),
    *(_row(state, Event.LETTER_BOUNCED, Role.SYSTEM, LetterState.UNDELIVERED,
           "5¶4 реестр", "R36") for state in (LetterState.REGISTERED, LetterState.SENT)),
    _row(LetterState.UNDELIVERED, Event.SEND_LETTER, (Role.SYSTEM, Role.DESK, Role.CLERK),
         LetterState.SENT, "5¶4 реестр", "R36"),
)
"""A letter outside МСЭД has its own short life beside the case (5¶3-4).

An answer proves that the letter arrived, whatever was known of its sending; further answers join.
The program knows an answer by its key; one that came without it the desk joins by hand.
"""

HOLDER: dict[State, Role] = {
    State.RECEIVED: Role.DESK,
    State.REGISTERED: Role.DESK,
    State.ESCALATED: Role.CHIEF_OF_STAFF,
    State.AWAITING_RESOLUTION: Role.OFFICIAL,
    State.ASSIGNED: Role.LEAD,
    State.APPROVING: Role.APPROVER,
    State.REWORKING: Role.LEAD,
    State.SIGNING: Role.SIGNATORY,
    State.CHECKING: Role.DESK,
    State.ANSWER_REGISTERED: Role.DESK,
    State.DISPATCHED: Role.OPERATOR,
    State.DEFERRED: Role.LEAD,
    State.PUBLISHED: Role.CITIZEN,
    State.RETURNED_THRICE: Role.DESK_HEAD,
    State.AT_OPERATOR: Role.OPERATOR,
    State.AT_COMMISSION: Role.COMMISSION,
}
"""Who has the ball: the debtor named in reminders and digests."""

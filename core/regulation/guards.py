"""The named conditions of the lifecycle tables: one-line predicates with a Russian label."""

from collections.abc import Callable
from dataclasses import dataclass

from core.regulation.limits import RETURNS_TO_OPERATOR
from core.regulation.terms import AnswerKind, LetterForm


@dataclass(frozen=True, slots=True)
class Situation:
    """What the conditions may look at; made by the case for the act in question."""

    needs_approval: bool = True
    leads_named: int = 0
    approvals_left: int = 0
    answer_kind: AnswerKind | None = None
    returns: int = 0
    may_decline: bool = False
    within_own_deadline: bool = True
    letter_form: LetterForm | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition: ``label`` completes the sentence «… возможно, если …»."""

    name: str
    label: str
    holds: Callable[[Situation], bool]


ALWAYS = Guard("always", "", lambda _: True)

LEAD_NAMED_FIRST = Guard(
    "lead_named_first", "ответственный исполнитель указан, и он один",
    lambda now: now.leads_named == 1)

MAY_STILL_DECLINE = Guard(
    "may_still_decline",
    "не истёк один рабочий день с получения или руководитель подразделения разрешил возврат",
    lambda now: now.may_decline)

WITHIN_OWN_DEADLINE = Guard(
    "within_own_deadline", "срок сотруднику не позже собственного срока",
    lambda now: now.within_own_deadline)

NEEDS_APPROVAL = Guard(
    "needs_approval", "категория требует согласования (любая, кроме «Иное»)",
    lambda now: now.needs_approval)

NEEDS_NO_APPROVAL = Guard(
    "needs_no_approval", "категория «Иное», согласование не требуется",
    lambda now: not now.needs_approval)

OTHERS_STILL_TO_APPROVE = Guard(
    "others_still_to_approve", "в листе согласования есть следующий согласующий",
    lambda now: now.approvals_left > 1)

LAST_TO_APPROVE = Guard(
    "last_to_approve", "это последний согласующий листа",
    lambda now: now.approvals_left == 1)

FINAL_ANSWER = Guard(
    "final_answer", "ответ окончательный",
    lambda now: now.answer_kind is not None and now.answer_kind is not AnswerKind.INTERIM)

INTERIM_ANSWER = Guard(
    "interim_answer", "ответ промежуточный",
    lambda now: now.answer_kind is AnswerKind.INTERIM)

FEWER_THAN_THREE_RETURNS = Guard(
    "fewer_than_three_returns", "это первый или второй возврат",
    lambda now: now.returns + 1 < RETURNS_TO_OPERATOR)

THIRD_RETURN_OR_LATER = Guard(
    "third_return_or_later", "это третий или последующий возврат",
    lambda now: now.returns + 1 >= RETURNS_TO_OPERATOR)

MORE_THAN_THREE_RETURNS = Guard(
    "more_than_three_returns", "возвратов больше трёх",
    lambda now: now.returns > RETURNS_TO_OPERATOR)

ON_ADMINISTRATION_FORM = Guard(
    "on_administration_form", "письмо на бланке администрации",
    lambda now: now.letter_form is LetterForm.ADMINISTRATION)

ON_BODY_FORM = Guard(
    "on_body_form", "письмо на бланке органа",
    lambda now: now.letter_form is LetterForm.BODY)

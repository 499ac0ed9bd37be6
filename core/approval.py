"""The approval list: strictly one after the other, ЦИОГВ last (4.6¶9-11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.errors import NotAcceptedError, NotYourTurnError
from core.people import Directory, Person
from core.regulation.terms import BodyKind


class Decision(StrEnum):
    """What an approver said."""

    APPROVED = "approved"
    REMARK = "remark"

    @property
    def label(self) -> str:
        """For people."""
        return {Decision.APPROVED: "согласовано", Decision.REMARK: "замечание"}[self]


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One approver's line of the list; ``by_id`` decided, where a substitute did.

    ``version`` is the earlier version of the draft that was decided on, where that decision
    still counts after a remark of somebody else; 0 where it is the list's own version.
    """

    approver_id: int
    state_body: bool = False
    decision: Decision | None = None
    at: datetime | None = None
    remark: str = ""
    version: int = 0
    by_id: int | None = None


@dataclass(frozen=True, slots=True)
class ApprovalSheet:
    """The list for one version of the draft; each approver has ``days`` working days."""

    draft_version: int
    steps: tuple[ApprovalStep, ...]
    days: int = 1

    @property
    def current(self) -> ApprovalStep | None:
        """Whose turn it is; nobody's once there is a remark or all have approved."""
        if any(step.decision is Decision.REMARK for step in self.steps):
            return None
        return next((step for step in self.steps if step.decision is None), None)

    @property
    def left(self) -> int:
        """How many have not decided."""
        return sum(step.decision is None for step in self.steps)

    @property
    def remarked(self) -> ApprovalStep | None:
        """The step with the remark that sent this version to rework, if any (4.6¶10)."""
        return next((step for step in self.steps if step.decision is Decision.REMARK), None)

    def version_decided_by(self, person_id: int | None) -> int:
        """The version that this person decided on; 0 where the person has not decided."""
        return next((step.version or self.draft_version for step in self.steps
                     if step.approver_id == person_id and step.decision is not None), 0)

    def before_remark(self) -> Mapping[int, ApprovalStep]:
        """The approvals given before the remark, each with the version it was given to."""
        if self.remarked is None:
            return {}
        return {step.approver_id: replace(step, version=step.version or self.draft_version)
                for step in self.steps if step.decision is Decision.APPROVED}

    def decide(self, approver: Person | None, decision: Decision, at: datetime,
               remark: str = "") -> "ApprovalSheet":
        """The list with the current approver's decision; refuses anybody else (4.6¶9).

        The current one, or who stands in for him today.
        """
        current, hats = self.current, approver.hats if approver else ()
        if approver is None or current is None or all(
                hat.id != current.approver_id for hat in hats):
            raise NotYourTurnError(
                "Согласование идёт последовательно, сейчас очередь другого согласующего "
                "(п. 4.6 Регламента).")
        done = replace(current, decision=decision, at=at, remark=remark,
                       by_id=None if approver.id == current.approver_id else approver.id)
        steps = tuple(done if step is current else step for step in self.steps)
        return replace(self, steps=steps)


def decided_by(step: ApprovalStep, directory: Directory) -> str:
    """«Иванова А.П.», or «Иванова А.П. (замещает Петров С.С.)» where the substitute decided."""
    name = directory.names([step.approver_id])
    return f"{name} (замещает {directory.names([step.by_id])})" if step.by_id else name


def in_order(approver_ids: Sequence[int], directory: Directory) -> tuple[ApprovalStep, ...]:
    """These people, each once: heads of bodies in the given order, then ЦИОГВ (4.6¶9, ¶11)."""
    steps = []
    for approver_id in dict.fromkeys(approver_ids):
        person = directory.people.get(approver_id)
        body = directory.body_of(person) if person else None
        steps.append(ApprovalStep(
            approver_id, state_body=body is not None and body.kind is BodyKind.STATE))
    return tuple(sorted(steps, key=lambda step: step.state_body))


def make_sheet(draft_version: int, approver_ids: Sequence[int], directory: Directory,
               kept: Mapping[int, ApprovalStep] | None = None, days: int = 1) -> ApprovalSheet:
    """A fresh list in its order; ``kept`` are decisions that still count after a remark (R30).

    They count only while somebody is left to approve. Raises UnknownPersonError for one who has
    left, and NotAcceptedError where the directory names nobody.
    """
    if not approver_ids:
        raise NotAcceptedError(
            "Для этой категории в справочнике не указаны согласующие. Попросите администратора "
            "дополнить лист «Согласование».")
    steps = in_order(approver_ids, directory)
    known = kept or {}
    for step in steps:
        if step.approver_id not in known:
            directory.working(step.approver_id)
    if any(step.approver_id not in known for step in steps):
        steps = tuple(known.get(step.approver_id, step) for step in steps)
    return ApprovalSheet(draft_version, steps, days)

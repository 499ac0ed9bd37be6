"""The lead's draft with its checks: saved, looked at before it goes on, handed on (R20–R27).

The checks warn; they never stop a draft for good. The lead mends the text or insists with a
comment, which the approvers see and the journal keeps.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import date

from core.case import Case
from core.draft import Draft, still_insisted
from core.errors import NotFoundError
from core.files import FileRef
from core.people import Actor
from core.ports import UnitOfWork
from core.regulation.terms import AnswerKind, LetterState
from core.textchecks import Code, Finding, check
from core.textchecks.dated import promise_not_told
from core.textchecks.persons import forms_of, personal_data
from core.textchecks.substance import Asked, substance
from core.usecases import execution
from core.usecases.office import Act, CaseRef, Office

INFORMED = frozenset({LetterState.REGISTERED, LetterState.SENT, LetterState.ANSWERED})
"""A letter in such a state has informed its organisation (R26)."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the lead does with the draft of the answer."""

    office: Office

    async def save(self, actor: Actor, ref: CaseRef, kind: AnswerKind, text: str,
                   promised_on: date | None = None, files: tuple[FileRef, ...] = ()) -> Case:
        """A new version, checked at once: what was found is on the draft. Raises what
        ``execution.save_draft`` does."""
        async with self.office.work() as work:
            await work.sources.mark(actor.source, self.office.clock.now())
            async with self.office.act(work, actor, ref) as act:
                execution.save_draft(act, kind, text, promised_on, files)
                await note_findings(work, act)
        self.office.bell.ring()
        return act.case

    async def findings(self, actor: Actor, ref: CaseRef) -> Draft:
        """The draft with what the checks find in it now; changes nothing.

        Raises StaleCardError, and NotFoundError where there is no draft for this person.
        """
        async with self.office.work() as work:
            act = await self.office.begin(work, actor, ref)
            if act.case.lead is None or actor.person_id not in act.case.lead.people:
                raise NotFoundError("Проект ответа готовит ответственный исполнитель.")
            await note_findings(work, act)
        if act.case.draft is None:
            raise NotFoundError("Проекта ответа пока нет.")
        return act.case.draft

    async def submit(self, actor: Actor, ref: CaseRef, comment: str = "") -> Case:
        """On to approval; with ``comment`` in spite of what was found (R25).

        Raises NotAcceptedError where something was found and nobody spoke for it.
        """
        async with self.office.work() as work:
            await work.sources.mark(actor.source, self.office.clock.now())
            async with self.office.act(work, actor, ref) as act:
                await note_findings(work, act)
                execution.submit_draft(act, comment)
        self.office.bell.ring()
        return act.case


async def note_findings(work: UnitOfWork, act: Act) -> None:
    """Check the newest draft and note on it what was found, inside the caller's transaction."""
    draft = act.case.draft
    if draft is None:
        return
    letters = await work.letters.of_case(act.case.id)
    applicant = await work.cases.applicant(act.case.id)
    names = [one.name for one in act.directory.people.values()]
    known = Known(informed=any(letter.state in INFORMED for letter in letters),
                  names=(*names, applicant.name))
    findings = await asyncio.to_thread(examine, act, draft, known)
    earlier = act.case.drafts[-2] if len(act.case.drafts) > 1 else None
    noted = replace(draft, findings=findings, insisted=still_insisted(draft, findings, earlier))
    act.case = replace(act.case, drafts=(*act.case.drafts[:-1], noted))


@dataclass(frozen=True, slots=True)
class Known:
    """What the checks must know beside the case itself.

    ``informed``: a letter to the other organisation is registered (R26). ``names`` of the staff
    and of the applicant may stand in the answer.
    """

    informed: bool = False
    names: tuple[str, ...] = ()


def examine(act: Act, draft: Draft, known: Known) -> tuple[Finding, ...]:
    """What the checks find in a draft of this case, in the order of its text."""
    registered_at, message = act.case.registered_at or act.at, act.case.message
    report = check(
        draft.text, today=act.today, result_kind=draft.kind.value, calendar=act.calendar,
        registered_letter=known.informed, registered_on=act.calendar.local_date(registered_at))
    findings = [*report.findings,
                *promise_not_told(draft.text, report.dates, draft.promised_on),
                *personal_data(draft.text, forms_of(known.names),
                               f"{message.text}\n{message.place}")]
    if not any(one.code is Code.TOO_SHORT for one in findings):
        asked = Asked(message.text, message.topic, message.place)
        findings += substance(draft.text, draft.kind, asked, act.today)
    return tuple(sorted(findings, key=lambda one: one.start))

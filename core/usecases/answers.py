"""The lead's draft with its checks: saved, looked at before it goes on, handed on (R20–R27).

The checks warn; they never stop a draft for good. The lead mends the text or insists with a
comment, which the approvers see and the journal keeps.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from core import access
from core.case import Case
from core.draft import Draft, still_insisted
from core.errors import NotFoundError
from core.files import FileRef
from core.people import Actor
from core.ports import UnitOfWork
from core.regulation.terms import AnswerKind, LetterState
from core.textchecks import Code, Finding, check, twins
from core.textchecks.dated import promise_not_told
from core.textchecks.persons import forms_of, personal_data
from core.textchecks.substance import Asked, substance
from core.usecases import execution
from core.usecases.attachments import attach
from core.usecases.office import Act, CaseRef, Office

CANDIDATES = 8
"""Of the answers with marks in common, so many are compared as texts."""
INFORMED = frozenset({LetterState.REGISTERED, LetterState.SENT, LetterState.ANSWERED})
"""A letter in such a state has informed its organisation (R26)."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the lead does with the draft of the answer."""

    office: Office

    async def save(self, actor: Actor, ref: CaseRef, kind: AnswerKind, text: str,
                   promised_on: date | None = None) -> Case:
        """A new version, checked at once: what was found is on the draft. Its files stay.

        Raises what ``execution.save_draft`` does.
        """
        async with self.office.work() as work:
            await work.sources.mark(actor.source, self.office.clock.now())
            async with self.office.act(work, actor, ref) as act:
                execution.save_draft(act, kind, text, promised_on)
                await note_findings(work, act)
        self.office.bell.ring()
        return act.case

    async def attach(self, actor: Actor, ref: CaseRef, file: FileRef) -> Case:
        """A scan beside the draft, checked at once as the text is (R22, R24)."""
        async with self.office.work() as work:
            await work.sources.mark(actor.source, self.office.clock.now())
            async with self.office.act(work, actor, ref) as act:
                attach(act, file)
                await note_findings(work, act)
        self.office.bell.ring()
        return act.case

    async def latest_promise(self, actor: Actor, ref: CaseRef) -> date:
        """The last day that an interim answer may name (4.6¶5).

        Raises NotAcceptedError where no interim answer may be given any more.
        """
        async with self.office.work() as work:
            return execution.latest_promise(await self.office.begin(work, actor, ref))

    async def accept_promise(self, actor: Actor, ref: CaseRef, promised_on: date) -> None:
        """Refuse a date that an interim answer may not name before its text is written (4.6¶5)."""
        async with self.office.work() as work:
            execution.accept_promise(await self.office.begin(work, actor, ref), promised_on)

    async def findings(self, actor: Actor, ref: CaseRef) -> Draft:
        """The draft with what the checks find in it now; changes nothing.

        Raises StaleCardError, and NotFoundError where there is no draft for this person.
        """
        async with self.office.work() as work:
            act = await self.office.begin(work, actor, ref)
            if act.case.lead is None or not actor.hat_ids & act.case.lead.people:
                raise NotFoundError("Проект ответа готовит ответственный исполнитель.")
            await note_findings(work, act)
        if act.case.draft is None:
            raise NotFoundError("Проекта ответа пока нет: сначала подготовьте его.")
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
                await remember_answer(work, act)
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
                  names=(*names, applicant.name), twins=await _twins(work, act, draft))
    findings = await asyncio.to_thread(examine, act, draft, known)
    earlier = act.case.drafts[-2] if len(act.case.drafts) > 1 else None
    noted = replace(draft, findings=findings, insisted=still_insisted(draft, findings, earlier))
    act.case = replace(act.case, drafts=(*act.case.drafts[:-1], noted))


async def remember_answer(work: UnitOfWork, act: Act) -> None:
    """Keep the marks of the draft that goes on, to know its text and files again (R24)."""
    if act.case.draft is not None:
        marks = await asyncio.to_thread(_marks, act.case.draft)
        await work.answer_marks.add(act.case.id, marks)


def _marks(draft: Draft) -> tuple[str, ...]:
    return (*twins.marks(draft.text), *(twins.file_mark(one.sha256) for one in draft.files))


@dataclass(frozen=True, slots=True)
class Twin:
    """An answer to another message that may be the same; ``name`` tells which, for the lead."""

    name: str
    texts: tuple[str, ...]
    files: frozenset[str]


async def _twins(work: UnitOfWork, act: Act, draft: Draft) -> tuple[Twin, ...]:
    """Answers of other cases with marks in common; those of a duplicate are its own business."""
    marks = await asyncio.to_thread(_marks, draft)
    ids = [one for one in await work.answer_marks.cases_with(marks, CANDIDATES)
           if one != act.case.id] if marks else []
    found = []
    for other in await work.cases.several(ids):
        if act.case.number == other.duplicate_of or other.number == act.case.duplicate_of:
            continue
        shown = act.person is not None and access.may_read(other, act.person, act.directory)
        given = [*other.drafts, *(past.answer for past in other.past if past.answer)]
        found.append(Twin(
            f"сообщение {other.number}" if shown else "другое сообщение",
            tuple(one.text for one in given),
            frozenset(file.sha256 for one in given for file in one.files)))
    return tuple(found)


def _used_elsewhere(draft: Draft, others: tuple[Twin, ...]) -> Iterator[Finding]:
    """A text or a file that has answered another message (4.6¶7, R24)."""
    for one in others:
        if any(twins.resemblance(draft.text, text) >= twins.ALIKE for text in one.texts):
            yield Finding(
                Code.REUSED_TEXT, "", 0, len(draft.text), "R24", "4.6¶7 один документ",
                f"Почти тот же текст — в ответе на {one.name}. Напишите, что сделано именно по "
                "этому сообщению: место, дата, работы.")
            break
    for file in draft.files:
        twin = next((one for one in others if file.sha256 in one.files), None)
        if twin is not None:
            yield Finding(
                Code.REUSED_FILE, file.name, 0, 0, "R24", "4.6¶7 один документ",
                f"Файл «{file.name}» уже приложен к ответу на {twin.name}. Приложите документ по "
                "этому сообщению.")


def _unconfirmed(case: Case) -> Iterator[Finding]:
    """An answer goes with what confirms it: photos or scans (4.6¶6, R22), whatever its kind."""
    if not case.attachments:
        yield Finding(
            Code.UNCONFIRMED, "", 0, 0, "R22", "4.6¶6",
            "Приложите фотографии работ или скан документа. Если подтвердить нечем, объясните это "
            "согласующим.")


@dataclass(frozen=True, slots=True)
class Known:
    """What the checks must know beside the case itself.

    ``informed``: a letter to the other organisation is registered (R26). ``names`` of the staff
    and of the applicant may stand in the answer.
    """

    informed: bool = False
    names: tuple[str, ...] = ()
    twins: tuple[Twin, ...] = ()


def examine(act: Act, draft: Draft, known: Known) -> tuple[Finding, ...]:
    """What the checks find in a draft of this case, in the order of its text."""
    registered_at, message = act.case.registered_at or act.at, act.case.message
    report = check(
        draft.text, today=act.today, result_kind=draft.kind.value, calendar=act.calendar,
        registered_letter=known.informed, registered_on=act.calendar.local_date(registered_at))
    findings = [*report.findings,
                *_used_elsewhere(draft, known.twins),
                *_unconfirmed(act.case),
                *promise_not_told(draft.text, report.dates, draft.promised_on),
                *personal_data(draft.text, forms_of(known.names),
                               f"{message.text}\n{message.place}")]
    if not any(one.code is Code.TOO_SHORT for one in findings):
        asked = Asked(message.text, message.topic, message.place)
        findings += substance(draft.text, draft.kind, asked, act.today)
    return tuple(sorted(findings, key=lambda one: one.start))

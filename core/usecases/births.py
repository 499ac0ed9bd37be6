"""A case is born of a message (2.1¶5): of an export of МСЭД, or of a letter by the desk's word."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import privacy
from core.case import Case, CitizenMessage
from core.files import FileRef
from core.inbound import MessageCard
from core.journal import Fact
from core.notices import Notice, NoticeKind
from core.people import Actor
from core.ports import UnitOfWork
from core.regulation.terms import Event, Role
from core.reports.facts import subject_of
from core.usecases.office import Office, address
from core.usecases.whereabouts import Where


@dataclass(frozen=True, slots=True)
class Birth:
    """All that a new case begins with; ``where`` are latitude and longitude, where known."""

    actor: Actor
    card: MessageCard
    message: CitizenMessage
    where: Where | None = None


def as_message(card: MessageCard, files: tuple[FileRef, ...]) -> CitizenMessage:
    """The card without the applicant (4.1)."""
    return CitizenMessage(
        portal_number=card.number, text=card.text, category=card.category, topic=card.topic,
        place=card.place, sent_on=card.sent_on, public=card.public, files=files,
        named=privacy.of_applicant(card.text, card.applicant.name))


async def open_cases(office: Office, work: UnitOfWork, births: Sequence[Birth]
                     ) -> Sequence[Case]:
    """The cases, in order; the desk is told."""
    now = office.clock.now()
    cases = await work.cases.add_all(
        [(one.message, one.card.applicant) for one in births],
        now.astimezone(office.calendar.zone))
    await work.journal.append([Fact(
        at=now, subject="case", event=Event.RECEIVE.value, actor=one.actor.name,
        channel=one.actor.channel.value, source=one.actor.source, case_id=case.id, round=1,
        after=case.state.value, clause="2.1¶5", requirement="R1",
        details=subject_of(one.message, one.where))
        for one, case in zip(births, cases, strict=True)])
    directory = await work.people.directory()
    await work.outbox.put([address(Notice(
        NoticeKind.NEW_MESSAGE, f"new_message:{case.id}:{one.id}", one.id, case_id=case.id),
        directory) for case in cases for one in directory.to_tell(Role.DESK)], now)
    return cases

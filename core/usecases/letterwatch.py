"""Letters outside МСЭД that nobody answers: the organisation is reminded, then the desk told."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.letters import Letter
from core.notices import Notice, NoticeKind
from core.people import Channel, Directory
from core.ports import UnitOfWork
from core.regulation.terms import Event, Role
from core.usecases.office import Office, address


@dataclass(frozen=True, slots=True)
class LetterWatch:
    """Looks at every letter of a case at work that was sent and has no answer; each step is told
    once."""

    office: Office

    async def remind(self) -> int:
        """Queue what is due now, in working hours; returns how many notices are due."""
        now, calendar = self.office.clock.now(), self.office.calendar
        today = calendar.local_date(now)
        if not (calendar.is_working(today)
                and calendar.start_of_work(today) <= now <= calendar.end_of_work(today)):
            return 0
        async with self.office.work() as work:
            letters = await work.letters.unanswered()
            if not letters:
                return 0
            directory = await work.people.directory()
            notices = [notice for one in letters
                       for notice in await self._of(work, one, directory)]
            await work.outbox.put([address(one, directory) for one in notices], now)
        if notices:
            self.office.bell.ring()
        return len(notices)

    async def _of(self, work: UnitOfWork, letter: Letter, directory: Directory) -> list[Notice]:
        sent_at = letter.moment_of(Event.SEND_LETTER)
        if sent_at is None:
            return []
        first, last = self.office.rules.letter_marks
        now, calendar = self.office.clock.now(), self.office.calendar
        reminded_at = letter.moment_of(Event.REMIND_LETTER)
        if reminded_at is None or reminded_at < sent_at:
            due = now >= calendar.after_working_time(sent_at, first)
            return [await self._reminder(work, letter, directory)] if due else []
        if now < calendar.after_working_time(reminded_at, last - first):
            return []
        return list(self._silent(letter, directory))

    async def _reminder(self, work: UnitOfWork, letter: Letter, directory: Directory) -> Notice:
        """To the organisation, in answer to the letter itself."""
        body = directory.bodies[letter.addressee_id]
        sent_at = letter.moment_of(Event.SEND_LETTER) or self.office.clock.now()
        original = await work.outbox.by_key(f"letter_out:{letter.id}")
        return Notice(
            NoticeKind.LETTER_REMINDER, f"letter_reminder:{letter.id}:{sent_at.isoformat()}",
            address=body.email, case_id=letter.case_id, channel=Channel.EMAIL,
            facts={"letter": str(letter.id), "number": letter.number, "to": body.name,
                   "sent_on": self.office.calendar.local_date(sent_at).isoformat(),
                   "in_reply_to": original.message_ref if original else ""})

    def _silent(self, letter: Letter, directory: Directory) -> Iterator[Notice]:
        """To the author and the desk: the organisation is silent in spite of the reminder."""
        sent_at = letter.moment_of(Event.SEND_LETTER)
        body = directory.bodies.get(letter.addressee_id)
        desk = (one.id for one in directory.to_tell(Role.DESK))
        for person_id in directory.told([letter.author_id, *desk]):
            yield Notice(
                NoticeKind.LETTER_SILENT,
                f"letter_silent:{letter.id}:{sent_at and sent_at.isoformat()}:{person_id}",
                person_id, case_id=letter.case_id,
                facts={"letter": str(letter.id), "number": letter.number,
                       "to": body.name if body else "",
                       "days": str(self.office.rules.letter_marks[1])})

"""The desk's word on mail that the program could not act on, by a button or by letter (R11, R34).

Each letter is decided on once; what was done is said in a sentence.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from core import privacy
from core.case import Case
from core.errors import NotAcceptedError, NotFoundError
from core.files import FileRef
from core.inbound import MessageCard
from core.letters import Letter
from core.mailcommands import MailWord, OnMail
from core.notices import NoticeKind
from core.people import Actor
from core.ports import StoredMail, UnitOfWork
from core.regulation.terms import Event, Role
from core.usecases.births import Birth, as_message, open_cases
from core.usecases.letters import Letters
from core.usecases.office import Act, CaseRef, Office
from core.usecases.post import REPLY, TABLE, Post, from_outside
from core.usecases.whereabouts import Where, where_taken

T = TypeVar("T")

MAIL_JOINED = "mail_joined"
"""The journal's word for a letter that the desk has put to a case."""
TOLD = " Исполнитель уведомлён."


@dataclass(frozen=True, slots=True)
class Mailroom:
    """What the desk may do with a letter that waits for a person."""

    office: Office
    letters: Letters

    async def register(self, actor: Actor, mail_id: int) -> Case:
        """A case is made of a letter that the program could not read."""
        async with self.office.work() as work:
            files = (await work.mailbox.get(mail_id)).files
        where = await self._where(files)
        return await self._by_hand(
            actor, mail_id, lambda work, mail: self._registered(work, actor, mail, where))

    async def answers(self, actor: Actor, mail_id: int, letter_id: int) -> str:
        """It is an organisation's answer that came without its key.

        It joins the case as an answer by key does, and the same people are told.
        """
        return await self._by_hand(
            actor, mail_id, lambda work, mail: self._answered(work, actor, mail, letter_id))

    async def joins(self, actor: Actor, mail_id: int, number: str) -> str:
        """It belongs to the case of that number, whether or not a letter of ours awaits it."""
        return await self._by_hand(
            actor, mail_id, lambda work, mail: self._joined(work, actor, mail, number))

    async def dismiss(self, actor: Actor, mail_id: int) -> None:
        """It does not concern the desk; the letter stays kept."""
        await self._by_hand(actor, mail_id, _dismissed)

    async def decide(self, work: UnitOfWork, actor: Actor, mail_id: int, said: OnMail) -> str:
        """The same by letter, in the caller's transaction; what was done, in words."""
        mail = await _opened(work, actor, mail_id)
        match said.word:
            case MailWord.JOIN:
                return await self._joined(work, actor, mail, said.number)
            case MailWord.ANSWER:
                return await self._answered(work, actor, mail, await _written_as(
                    work, said.number))
            case MailWord.REGISTER:
                where = await self._where(mail.files)
                case = await self._registered(work, actor, mail, where)
                return f"По письму заведено сообщение {case.number}."
            case MailWord.DISMISS:
                await _dismissed(work, mail)
                return "Письмо отмечено как разобранное и больше решения не ждёт."

    async def _registered(self, work: UnitOfWork, actor: Actor, mail: StoredMail,
                          where: Where | None) -> Case:
        if mail.kind == TABLE:
            raise NotAcceptedError(
                "Это таблица сообщений: исправьте названные строки и пришлите их ещё раз "
                "или закройте письмо: «Не относится».")
        if mail.kind == REPLY:
            raise NotAcceptedError(
                "Это ответ сотрудника по сообщению, которое уже в работе: откройте его, "
                "решите с сотрудником и закройте письмо.")
        card = MessageCard(number=f"письмо {mail.id}", text=_words(mail), topic=mail.subject)
        (case,) = await open_cases(
            self.office, work, [Birth(actor, card, as_message(card, mail.files), where)])
        await work.mailbox.settle(mail.id, "Зарегистрировано сотрудником.", case.id)
        return case

    async def _answered(self, work: UnitOfWork, actor: Actor, mail: StoredMail, letter_id: int
                        ) -> str:
        _require_from_outside(mail)
        letter = await self.letters.happened(
            work, actor, letter_id, Event.LETTER_ANSWERED, _words(mail), mail.files)
        await Post(self.office, self.letters).answered_by_hand(work, letter_id)
        await work.mailbox.settle(
            mail.id, f"Ответ на письмо № {letter.number}: приобщил сотрудник.", letter.case_id)
        return f"Приобщено как ответ на письмо № {letter.number}.{TOLD}"

    async def _joined(self, work: UnitOfWork, actor: Actor, mail: StoredMail, number: str) -> str:
        """To its case; where exactly one letter about it awaits this very writer, as the answer.
        """
        _require_from_outside(mail)
        case = await work.cases.find_written(number)
        if case is None:
            raise NotFoundError(f"Сообщение «{number}» не найдено. Укажите номер целиком, "
                                "например ЕКЖ-2026-000123.")
        awaiting = await _awaiting(work, case, mail.sender)
        if len(awaiting) == 1:
            said = await self._answered(work, actor, mail, awaiting[0].id)
            return f"Сообщение {case.number}. {said}"
        async with self.office.act(work, actor, CaseRef(case.id)) as act:
            _join(act, mail)
        await work.mailbox.settle(
            mail.id, f"Приобщено сотрудником к сообщению {case.number}.", case.id)
        return f"Приобщено к сообщению {case.number}.{TOLD if act.notices else ''}"

    async def _where(self, files: Sequence[FileRef]) -> Where | None:
        """Where the first photo of a kept letter that says so was taken."""
        for one in files:
            content = await self.office.files.get(one)
            where = await asyncio.to_thread(where_taken, content, one.media_type)
            if where is not None:
                return where
        return None

    async def _by_hand(self, actor: Actor, mail_id: int,
                       then: Callable[[UnitOfWork, StoredMail], Awaitable[T]]) -> T:
        async with self.office.work() as work:
            await work.sources.mark(actor.source, self.office.clock.now())
            result = await then(work, await _opened(work, actor, mail_id))
        self.office.bell.ring()
        return result


async def _opened(work: UnitOfWork, actor: Actor, mail_id: int) -> StoredMail:
    if actor.person is None or not actor.person.all_offices & {Role.DESK, Role.DESK_HEAD}:
        raise NotFoundError("Почту разбирает подразделение «Добродел».")
    mail = await work.mailbox.get(mail_id)
    if mail.handled:
        raise NotAcceptedError(f"По этому письму решение уже принято: {mail.outcome}")
    return mail


async def _dismissed(work: UnitOfWork, mail: StoredMail) -> None:
    seen = ("Не относится к работе с сообщениями." if from_outside(mail)
            else f"Просмотрено сотрудником. {mail.outcome}")
    await work.mailbox.settle(mail.id, seen, mail.case_id if mail.kind == REPLY else None)


async def _awaiting(work: UnitOfWork, case: Case, writer: str) -> Sequence[Letter]:
    """Our letters about the case to that address which have no answer yet."""
    bodies = (await work.people.directory()).bodies
    return [one for one in await work.letters.unanswered() if one.case_id == case.id
            and bodies[one.addressee_id].email.casefold() == writer.strip().casefold() != ""]


async def _written_as(work: UnitOfWork, number: str) -> int:
    """Our letter of that number which awaits an answer."""
    for one in await work.letters.unanswered():
        if one.number.casefold() == number.casefold():
            return one.id
    raise NotFoundError(f"Письма № {number}, которое ждёт ответа, нет. Проверьте номер.")


def _join(act: Act, mail: StoredMail) -> None:
    """The letter is noted in the case, and its lead is told (5¶3)."""
    act.facts.append(act.fact("case", MAIL_JOINED, role=Role.DESK.value, clause="5¶3",
                              requirement="R34"))
    lead = act.case.lead
    act.tell(NoticeKind.MAIL_JOINED, [lead.holder_id] if lead else [], facts={
        "mail": str(mail.id), "answer": privacy.masked(_words(mail))})


def _words(mail: StoredMail) -> str:
    return mail.text.strip() or mail.subject


def _require_from_outside(mail: StoredMail) -> None:
    if not from_outside(mail):
        raise NotAcceptedError("Это не письмо организации, к сообщению его не приобщают. Решите "
                               "с отправителем и закройте письмо: «Разобрано».")

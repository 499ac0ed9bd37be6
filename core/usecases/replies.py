"""People who work by e-mail alone: their answers to our letters (R11, R29)."""

from dataclasses import dataclass
from hashlib import sha256

from core import mailcommands
from core.errors import AlreadyDoneError, AssistantError, NotFoundError
from core.files import FileRef
from core.mailcommands import Said, Wish
from core.notices import Notice, NoticeKind
from core.people import Actor, Channel, Person
from core.photos import formats
from core.ports import Token, UnitOfWork
from core.regulation.terms import AnswerKind, Event, Role
from core.usecases import approvals, execution
from core.usecases.letters import Letters
from core.usecases.office import Act, CaseRef, Office

PURPOSE_CASE = "case"
PURPOSE_LETTER = "letter"

SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature",
                        "application/pgp-signature", "text/calendar", "text/vcard"})
"""What mail programs add by themselves."""


def token_hash(token: str) -> str:
    """Tokens are kept by hash: a copy of the database gives nobody a key."""
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Replies:
    """A reply by token: it is bound to a person, a case and what was asked."""

    office: Office
    letters: Letters

    async def take(self, work: UnitOfWork, source: str, sender: str, token: str, text: str,
                   files: tuple[FileRef, ...], message_id: str) -> tuple[int | None, str]:
        """Act on the reply inside the caller's transaction.

        Returns the case and what was understood. Raises NotFoundError for a token that is unknown
        or used by somebody else; a refusal by the rules is answered to the writer.
        """
        found = await work.tokens.find(token_hash(token))
        if found is None:
            raise NotFoundError("Ответ на неизвестное или устаревшее письмо.")
        if found.purpose == PURPOSE_LETTER and found.letter_id is not None:
            system = Actor(Channel.SYSTEM, source, speaks_for=frozenset({Role.SYSTEM}))
            letter = await self.letters.happened(
                work, system, found.letter_id, Event.LETTER_ANSWERED, text, files)
            return letter.case_id, "Ответ организации приобщён."
        person = await work.people.by_email(sender)
        if person is None or person.id != found.person_id or found.case_id is None:
            raise NotFoundError("Письмо с ключом другого сотрудника.")
        try:
            said = await self._act(work, person, source, found, text, files)
        except AlreadyDoneError:
            raise
        except AssistantError as refusal:
            said = f"Не выполнено. {refusal}"
        await work.outbox.put([(Notice(
            NoticeKind.REPLY, f"reply:{source}", person.id, case_id=found.case_id,
            facts={"said": said, "in_reply_to": message_id}), Channel.EMAIL)],
            self.office.clock.now())
        return found.case_id, said

    async def _act(self, work: UnitOfWork, person: Person, source: str, token: Token, text: str,
                   files: tuple[FileRef, ...]) -> str:
        actor = Actor(Channel.EMAIL, source, person)
        async with self.office.act(work, actor, CaseRef(token.case_id or 0)) as act:
            if act.case.sheet is not None and act.case.sheet.current is not None and (
                    act.case.sheet.current.approver_id == person.id):
                if token.case_version and token.case_version != act.case.sheet.draft_version:
                    return ("Проект ответа с тех пор изменён: ответьте, пожалуйста, на последнее "
                            "письмо.")
                return _decide(act, mailcommands.read(text))
            return _work(act, mailcommands.read(text), files)


def _decide(act: Act, said: Said) -> str:
    if said.wish is Wish.APPROVE:
        approvals.approve(act)
        return "Согласование принято."
    approvals.remark(act, said.text)
    return f"Принято замечание: «{said.text}». Проект возвращён на доработку."


def _work(act: Act, said: Said, files: tuple[FileRef, ...]) -> str:
    part = act.case.part_of(act.actor.person_id)
    if part is None:
        raise NotFoundError("У вас нет поручения по этому сообщению.")
    pictures = tuple(one for one in files if one.media_type in formats.PHOTOS)
    if said.wish is Wish.DECLINE:
        execution.decline(act, said.text)
        return "Поручение возвращено как не относящееся к вашим полномочиям."
    for picture in pictures:
        execution.add_photo(act, picture)
    attached = f"Приложено фотографий: {len(pictures)}. " if pictures else ""
    attached += _refused(files)
    if said.wish is Wish.ACCEPT:
        execution.accept(act)
        done = "Поручение принято к исполнению."
    else:
        done = _lead(act, said) if part.is_lead else _report(act, said)
    return f"{attached}{done}".strip() or (
        "В письме нет ни текста, ни фотографий. Ответьте ещё раз, пожалуйста.")


def _refused(files: tuple[FileRef, ...]) -> str:
    """Names what came with the letter and is no photo; it stays with the letter."""
    names = [f"«{one.name}»" for one in files
             if one.media_type not in formats.PHOTOS | SIGNATURES]
    if not names:
        return ""
    what = "Файл не приложен как фотография" if len(names) == 1 else (
        "Файлы не приложены как фотографии")
    return (f"{what}: {', '.join(names)}. Фотографии принимаются в формате JPG, PNG, TIFF или "
            "HEIC. ")


def _report(act: Act, said: Said) -> str:
    if not said.text:
        return ""
    execution.submit_materials(act, said.text, judged=False)
    return "Отчёт передан ответственному исполнителю."


def _lead(act: Act, said: Said) -> str:
    if said.wish is Wish.SUBMIT_DRAFT:
        execution.submit_draft(act)
        return "Проект ответа направлен дальше."
    if not said.text:
        return ""
    kind = said.kind or AnswerKind.SOLVED
    execution.save_draft(act, kind, said.text, said.promised_on)
    return (f"Проект ответа сохранён ({kind.label}). Чтобы направить его дальше, ответьте "
            "«На согласование».")

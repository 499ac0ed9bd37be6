"""People who work by e-mail alone: their answers to our letters (R11, R29)."""

from dataclasses import dataclass
from datetime import timedelta

from core import access, mailcommands, privacy
from core.approval import ApprovalStep, Decision
from core.courtesies import unhailed, unsigned
from core.errors import (
    AlreadyDoneError,
    AssistantError,
    MoveNotAllowedError,
    NotAcceptedError,
    NotFoundError,
)
from core.files import FileRef
from core.inbound import InboundMail
from core.mailcommands import Wish
from core.notices import Notice, NoticeKind
from core.people import Actor, Channel, Person
from core.ports import Token, UnitOfWork
from core.regulation.terms import Event, Role
from core.signatures import words as signing_words
from core.usecases import approvals, away, execution, signing
from core.usecases.away import AwayByLetter
from core.usecases.letters import Letters
from core.usecases.mailroom import Mailroom
from core.usecases.notnow import instead
from core.usecases.office import Act, CaseRef, Office
from core.usecases.reporting import Reporting
from core.usecases.tokens import (
    ASKED_BACK,
    PURPOSE,
    PURPOSE_APPROVAL,
    PURPOSE_LETTER,
    PURPOSE_MAIL,
    PURPOSE_PART,
    PURPOSE_PHOTO,
    PURPOSE_REPORT,
    PURPOSE_SIGNATURE,
    WITHOUT_CASE,
    asked,
    key_of,
    token_hash,
)
from core.usecases.workletters import SIGNATURES, UnclearError, about_photo, checked

SIGNED = frozenset({"подписано", "подписан", "подписала", "подписал"})
"""All that a letter says which signs without a file."""

MOST_REPLIES = 20
"""Answers to one person within an hour; a machine on the other side writes more."""
SHOWN = 300
HANDED_TO_DESK = ("Понять ваш ответ не удалось, он передан в подразделение «Добродел»: сотрудник "
                  "свяжется с вами. По сообщению пока ничего не сделано.")
GONE_TO_OTHERS = "Сообщение передано другим, от вас по нему больше ничего не требуется."
NOT_YOUR_KEY = (
    "Не выполнено. Письмо, на которое вы ответили, устарело или было адресовано не вам. Ответьте, "
    "пожалуйста, на последнее письмо Ракурса, пришедшее на ваш адрес. Ваше письмо передано в "
    "подразделение «Добродел».")
PAST_ITS_KEY = (
    "Не выполнено. Ваш ответ пришёл на общий адрес, а не на тот, что указан в письме Ракурса для "
    "ответа, поэтому проверить, что его прислали вы, нельзя. Пришлите, пожалуйста, тот же текст и "
    "те же файлы ответом на это письмо (кнопкой «Ответить»).")
UNCLEAR_DECISION = (
    "Не удалось понять, что сделать с письмом. Ответьте одной строкой: «К сообщению "
    "ЕКЖ-2026-000123», «К письму № А-0001/2026», «Зарегистрировать» или «Не относится».")
STILL_WAITS = (
    "Понять ответ снова не удалось, поэтому с письмом ничего не сделано: оно по-прежнему ждёт "
    "решения подразделения «Добродел». Ответьте одной строкой на извещение о нём.")

@dataclass(frozen=True, slots=True)
class Answer:
    """What was made of a reply; ``handled`` is false where the desk must look."""

    case_id: int | None
    said: str
    handled: bool = True


@dataclass(frozen=True, slots=True)
class Replies:
    """A reply by token: it is bound to a person, a case and what was asked."""

    office: Office
    letters: Letters

    async def take(self, work: UnitOfWork, source: str, sender: str, token: str, text: str,
                   files: tuple[FileRef, ...], message_id: str) -> Answer:
        """Act on the reply inside the caller's transaction.

        Raises NotFoundError for a token that is unknown or used by somebody else; a refusal by
        the rules is answered to the writer. What is unclear is asked back once, then the desk's.
        """
        key = token_hash(token)
        found = await work.tokens.find(key)
        if found is None:
            await self._tell_of_key(work, source, sender, message_id)
            raise NotFoundError("Ответ на неизвестное или устаревшее письмо.")
        if found.purpose == PURPOSE_LETTER and found.letter_id is not None:
            system = Actor(Channel.SYSTEM, source, speaks_for=frozenset({Role.SYSTEM}))
            letter = await self.letters.happened(
                work, system, found.letter_id, Event.LETTER_ANSWERED, text, files)
            return Answer(letter.case_id, "Ответ организации приобщён.")
        person = (await work.people.directory()).people.get(found.person_id or 0)
        if person is None or not _wrote(person, sender) or not _has_object(found):
            await self._tell_of_key(work, source, sender, message_id)
            raise NotFoundError("Письмо с ключом другого сотрудника.")
        if await self._too_many(work, person):
            return Answer(found.case_id, f"Похоже на автоответчик: от сотрудника "
                          f"({person.short_name}) пришло слишком много писем за час. Письмо "
                          "оставлено без действий и без ответа.", handled=False)
        purpose, text = found.purpose, unsigned(text, person.name, person.post)
        try:
            said = await self._done(work, person, source, found, key, text, files)
            purpose = ""
            answer = Answer(found.case_id, said)
        except AlreadyDoneError:
            raise
        except UnclearError as unclear:
            said, answer = await self._unclear(work, found, key, person, text, str(unclear))
            purpose = f"{purpose.removesuffix(ASKED_BACK)}{ASKED_BACK}"
        except AssistantError as refusal:
            said = f"Не выполнено. {await _plainly(work, found, person, refusal)}"
            answer = Answer(found.case_id, said)
        facts = {"said": said, "in_reply_to": message_id}
        await work.outbox.put([(Notice(
            NoticeKind.REPLY, f"reply:{source}", person.id, case_id=found.case_id,
            facts={**facts, PURPOSE: purpose} if purpose else facts), Channel.EMAIL)],
            self.office.clock.now())
        return answer

    async def past_its_key(self, work: UnitOfWork, source: str, mail: InboundMail
                           ) -> Answer | None:
        """An answer that names our letter and came without its key: it is asked for again, by a
        letter to the same person that asks the same. None where it is no such answer.

        The name of our letter proves nothing: every later letter of the conversation bears it, to
        whomever it was passed on, and anybody can write a ``From``.
        """
        row = await work.outbox.by_message_ref(mail.in_reply_to)
        if row is None or row.channel is not Channel.EMAIL:
            return None
        person = (await work.people.directory()).people.get(row.notice.person_id or 0)
        token = await work.tokens.find(token_hash(key_of(self.office.secret, row.id)))
        if token is None or person is None or not _wrote(person, mail.sender) or (
                await self._too_many(work, person)):
            return None
        facts = {"said": PAST_ITS_KEY, "in_reply_to": mail.message_id}
        await work.outbox.put([(Notice(
            NoticeKind.REPLY, f"reply:{source}", person.id, case_id=token.case_id,
            facts=facts if token.used else {**facts, PURPOSE: token.purpose}), Channel.EMAIL)],
            self.office.clock.now())
        return Answer(token.case_id, f"Ответ сотрудника ({person.short_name}) пришёл без ключа: "
                      "его попросили прислать ответ ещё раз.")

    async def _tell_of_key(self, work: UnitOfWork, source: str, sender: str, message_id: str
                           ) -> None:
        """A colleague learns why nothing was done; anybody else learns nothing."""
        known = [one for one in (await work.people.directory()).people.values()
                 if _wrote(one, sender)]
        if len(known) == 1 and not await self._too_many(work, known[0]):
            await work.outbox.put([(Notice(
                NoticeKind.REPLY, f"reply:{source}", known[0].id,
                facts={"said": NOT_YOUR_KEY, "in_reply_to": message_id}), Channel.EMAIL)],
                self.office.clock.now())

    async def _done(self, work: UnitOfWork, person: Person, source: str, token: Token, key: str,
                    text: str, files: tuple[FileRef, ...]) -> str:
        """What was asked; the writer's absence may be told of in answer to anything."""
        if away.is_meant(text):  # what the letter asked can still be answered
            actor = Actor(Channel.EMAIL, source, person)
            return await AwayByLetter(self.office).take(work, actor, person, text)
        said = await self._act(work, person, source, asked(token), text, files)
        await work.tokens.use_up(key)
        return said

    async def _too_many(self, work: UnitOfWork, person: Person) -> bool:
        """Whether two machines are writing to each other (RFC 3834, 2: loops must end)."""
        since = self.office.clock.now() - timedelta(hours=1)
        return await work.outbox.queued_since(
            NoticeKind.REPLY, person.id, since) >= MOST_REPLIES

    async def _unclear(self, work: UnitOfWork, token: Token, key: str, person: Person, text: str,
                       question: str) -> tuple[str, Answer]:
        """Asked back the first time; the second time the desk gets it."""
        first = not token.purpose.endswith(ASKED_BACK)
        try:
            await work.sources.mark(f"asked:{key}", self.office.clock.now())
        except AlreadyDoneError:
            first = False
        if first:
            return question, Answer(token.case_id, question)
        if token.purpose.startswith(PURPOSE_MAIL):  # the desk is who has written
            return STILL_WAITS, Answer(None, STILL_WAITS)
        shown = privacy.masked(" ".join(text.split()))[:SHOWN]
        return HANDED_TO_DESK, Answer(
            token.case_id, f"Ответ сотрудника ({person.short_name}) не удалось понять и после "
            f"уточнения: «{shown}».", handled=False)

    async def _about_report(self, work: UnitOfWork, actor: Actor, token: Token, text: str) -> str:
        """«Утверждаю», or what is to be corrected."""
        reporting = Reporting(self.office)
        first, *more = map(int, token.purpose.removeprefix(PURPOSE_REPORT).split())
        if mailcommands.is_consent(text):
            return "\n".join(f"Отчёт утверждён: {one.title} {one.label}." for one in
                             await reporting.confirm_in(work, actor, first, *more))
        if more:
            raise NotAcceptedError("В письме названо несколько отчётов. Чтобы исправить один из "
                                   "них, ответьте на то письмо, в котором он пришёл.")
        report = await reporting.correct_in(work, actor, first, text)
        return f"Принято исправление: «{report.note}». Новая версия придёт отдельным письмом."

    async def _about_mail(self, work: UnitOfWork, actor: Actor, token: Token, text: str) -> str:
        """The desk's word on a letter that nobody understood."""
        said = mailcommands.read_on_mail(text)
        if said is None:
            raise UnclearError(UNCLEAR_DECISION)
        mail_id = int(token.purpose.removeprefix(PURPOSE_MAIL))
        return await Mailroom(self.office, self.letters).decide(work, actor, mail_id, said)

    async def _act(self, work: UnitOfWork, person: Person, source: str, token: Token, text: str,
                   files: tuple[FileRef, ...]) -> str:
        actor = Actor(Channel.EMAIL, source, person)
        if token.purpose.startswith(WITHOUT_CASE):
            about = (self._about_mail if token.purpose.startswith(PURPOSE_MAIL)
                     else self._about_report)
            return await about(work, actor, token, text)
        async with self.office.act(work, actor, CaseRef(token.case_id or 0)) as act:
            if token.purpose.startswith(PURPOSE_APPROVAL):
                return _about_approval(act, token, text, files)
            if token.used:
                raise NotAcceptedError("По этому письму решение уже принято.")
            if token.purpose.startswith(PURPOSE_PHOTO):
                return about_photo(act, token.purpose.removeprefix(PURPOSE_PHOTO), text, files)
            if token.purpose.startswith(PURPOSE_PART):
                return _about_part(act, int(token.purpose.removeprefix(PURPOSE_PART)), text)
            if token.purpose.startswith(PURPOSE_SIGNATURE):
                return await self._about_signature(act, token, text, files)
            steps = _steps(act)
            if steps and access.part_of(act.case, person) is None:
                return _not_now(steps[-1])
            return await checked(work, act, mailcommands.read(text), files)

    async def _about_signature(self, act: Act, token: Token, text: str,
                               files: tuple[FileRef, ...]) -> str:
        """The signatory's letter: the file of the signature, «Подписано» or «Вернуть: …».

        The file may come after the word, so the key lasts; it is bound to the version.
        """
        version = token.purpose.removeprefix(PURPOSE_SIGNATURE)
        if (act.case.draft is None or version != str(act.case.draft.version)
                or act.case.state not in signing.AWAITED):
            raise NotAcceptedError("Этот ответ сейчас не ждёт вашей подписи: с тех пор он изменён "
                                   "или уже отправлен. Когда подпись понадобится, придёт письмо.")
        file = await signing.signature_among(self.office.files, files)
        if file is None:
            return _sign_by_word(act, text)
        proof = await signing.proof_of(self.office.files, act.case, file)
        signing.signed_with(act, file, proof)
        said = "\n".join(signing_words.said(proof, act.calendar.zone))
        return f"Подпись принята.\n{said}"


async def _plainly(work: UnitOfWork, token: Token, person: Person, refusal: AssistantError) -> str:
    """The refusal; where the case has gone on, what became of it and what to do."""
    if not isinstance(refusal, MoveNotAllowedError | NotFoundError) or token.case_id is None:
        return str(refusal)
    case, directory = await work.cases.get(token.case_id), await work.people.directory()
    if not access.may_read(case, directory.person(person.id), directory):
        return GONE_TO_OTHERS
    if isinstance(refusal, NotFoundError):
        return str(refusal)
    return instead(case, person, directory) or str(refusal)


def _sign_by_word(act: Act, text: str) -> str:
    if (remark := mailcommands.said_with("вернуть", text)) is not None:
        approvals.refuse_signature(act, remark)
        return "Ответ возвращён исполнителю."
    if mailcommands.says_only(text, SIGNED):
        signing.sign_by_word(act)
        return "Отмечено: подписано."
    raise UnclearError(
        "Не удалось понять ответ. Приложите файл подписи (.sig, .p7s, .sgn), или напишите "
        "«Подписано», если подписали в МСЭД, или «Вернуть:» и причину.")


def _has_object(token: Token) -> bool:
    """A case, a report or a letter that came."""
    return token.case_id is not None or token.purpose.startswith(WITHOUT_CASE)


def _wrote(person: Person, sender: str) -> bool:
    """Whether the letter came from the person's own address; several may share one mailbox."""
    return person.active and person.email.strip().casefold() == sender.strip().casefold() != ""


def _steps(act: Act) -> list[ApprovalStep]:
    sheet, hats = act.case.sheet, act.actor.hat_ids
    return [one for one in sheet.steps if one.approver_id in hats] if sheet else []


def _about_approval(act: Act, token: Token, text: str, files: tuple[FileRef, ...]) -> str:
    """«Согласовано» or a remark, on the very version that the letter brought (4.6¶9-10)."""
    sheet, steps = act.case.sheet, _steps(act)
    version = int(token.purpose.removeprefix(PURPOSE_APPROVAL))
    if sheet is None or not steps or version != sheet.draft_version:
        raise NotAcceptedError("Проект ответа с тех пор изменён: ответьте, пожалуйста, на "
                               "последнее письмо о его согласовании.")
    if token.used or sheet.current not in steps:
        return _not_now(steps[-1])
    return _decide(act, text, files)


def _decide(act: Act, text: str, files: tuple[FileRef, ...]) -> str:
    if mailcommands.read(text).wish is Wish.APPROVE:
        approvals.approve(act)
        return "Согласование принято."
    unsaid = mailcommands.points_elsewhere(text)
    if unsaid or mailcommands.is_bare_refusal(text) or (
            mailcommands.says_nothing(text) or mailcommands.is_misspelt(text)):
        raise UnclearError(
            "Не удалось понять ответ. Если проект ответа согласован, ответьте на это письмо одним "
            "словом «Согласовано»; если нет — напишите, что в нём исправить."
            + (" Напишите это в самом письме: файлы исполнителю не передаются." if unsaid else ""))
    remark = unhailed(text.strip())
    approvals.remark(act, remark)
    return (f"Принято замечание: «{remark}». Проект возвращён на доработку."
            f"{_not_passed_on(files)}")


def _not_passed_on(files: tuple[FileRef, ...]) -> str:
    """The remark is its text (R30); pictures are mostly the logo of a signature."""
    names = ", ".join(f"«{one.name}»" for one in files if one.media_type not in SIGNATURES
                      and not one.media_type.startswith("image/"))
    return (f" Исполнитель увидит только этот текст, файлы ему не передаются: {names}. Если в них "
            "есть ещё замечания, сообщите их ему." if names else "")


def _not_now(step: ApprovalStep) -> str:
    if step.decision is Decision.APPROVED:
        return "Вы уже согласовали этот проект ответа, повторять не нужно."
    if step.decision is Decision.REMARK:
        return ("Ваше замечание уже передано исполнителю. Исправленный проект придёт вам "
                "отдельным письмом.")
    return "Сейчас согласование от вас не требуется: до вас дойдёт очередь — придёт письмо."


def _about_part(act: Act, key: int, text: str) -> str:
    """The lead's word on a co-executor's materials: «Принято» or «Вернуть: …»."""
    if mailcommands.read(text).wish is Wish.ACCEPT:
        execution.accept_materials(act, key)
        return "Материал соисполнителя принят."
    if (remark := mailcommands.said_with("вернуть", text)) is not None:
        execution.return_materials(act, key, remark)
        return f"Материал возвращён соисполнителю: «{remark}»."
    raise UnclearError("Не удалось понять ответ. Напишите «Принято» либо «Вернуть:» и что "
                       "доработать. Проект ответа присылайте ответом на письмо с поручением.")

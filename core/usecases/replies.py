"""People who work by e-mail alone: their answers to our letters (R11, R29)."""

from dataclasses import dataclass
from datetime import timedelta

from core import access, mailcommands, privacy
from core.approval import ApprovalStep, Decision
from core.draft import Draft, too_heavy
from core.errors import AlreadyDoneError, AssistantError, NotAcceptedError, NotFoundError
from core.files import FileRef
from core.mailcommands import Said, Wish
from core.notices import Notice, NoticeKind
from core.people import Actor, Channel, Person
from core.photos import formats
from core.ports import Token, UnitOfWork
from core.regulation.terms import AnswerKind, Event, Role
from core.signatures import words as signing_words
from core.usecases import approval_list, approvals, attachments, away, execution, signing
from core.usecases.answers import note_findings, remember_answer
from core.usecases.away import AwayByLetter
from core.usecases.letters import Letters
from core.usecases.office import Act, CaseRef, Office
from core.usecases.reporting import Reporting
from core.usecases.tokens import (
    ASKED_BACK,
    PURPOSE,
    PURPOSE_APPROVAL,
    PURPOSE_LETTER,
    PURPOSE_PART,
    PURPOSE_PHOTO,
    PURPOSE_REPORT,
    PURPOSE_SIGNATURE,
    asked,
    token_hash,
)

CONFIRMS = ("утверж", "утверд", "соглас")
"""So begins a letter that confirms a report."""
_BETWEEN = " \t\r\n.,:;!—–-"

MOST_REPLIES = 20
"""Answers to one person within an hour; a machine on the other side writes more."""
SHOWN = 300
HANDED_TO_DESK = ("Понять ваш ответ не удалось, он передан в подразделение «Добродел»: сотрудник "
                  "свяжется с вами. По сообщению пока ничего не сделано.")
UNCLEAR_WORK = (
    "Не удалось понять ответ: в нём нет ни слов о сделанном, ни новых фотографий. Напишите "
    "«Принято», или «Не моё:» и причину, или что сделано. Если у вас вопрос, задайте его тому, "
    "кто дал поручение.")

OFFER = ("С ответом они не уйдут: ответьте на это письмо «Сжать фотографии» — на вид снимки не "
         "изменятся — или пришлите меньше снимков.")

SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature",
                        "application/pgp-signature", "text/calendar", "text/vcard"})
"""What mail programs add by themselves."""


class UnclearError(AssistantError):
    """What the writer wants cannot be told; the sentence asks back."""


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
            raise NotFoundError("Ответ на неизвестное или устаревшее письмо.")
        if found.purpose == PURPOSE_LETTER and found.letter_id is not None:
            system = Actor(Channel.SYSTEM, source, speaks_for=frozenset({Role.SYSTEM}))
            letter = await self.letters.happened(
                work, system, found.letter_id, Event.LETTER_ANSWERED, text, files)
            return Answer(letter.case_id, "Ответ организации приобщён.")
        person = (await work.people.directory()).people.get(found.person_id or 0)
        if person is None or not _wrote(person, sender) or not _has_object(found):
            raise NotFoundError("Письмо с ключом другого сотрудника.")
        if await self._too_many(work, person):
            return Answer(found.case_id, f"Похоже на автоответчик: от сотрудника "
                          f"{person.short_name} пришло слишком много писем за час. Письмо "
                          "оставлено без действий и без ответа.", handled=False)
        purpose = found.purpose
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
            said = f"Не выполнено. {refusal}"
            answer = Answer(found.case_id, said)
        facts = {"said": said, "in_reply_to": message_id}
        await work.outbox.put([(Notice(
            NoticeKind.REPLY, f"reply:{source}", person.id, case_id=found.case_id,
            facts={**facts, PURPOSE: purpose} if purpose else facts), Channel.EMAIL)],
            self.office.clock.now())
        return answer

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
        shown = privacy.masked(" ".join(text.split()))[:SHOWN]
        return HANDED_TO_DESK, Answer(
            token.case_id, f"Ответ сотрудника {person.short_name} не удалось понять и после "
            f"уточнения: «{shown}».", handled=False)

    async def _about_report(self, work: UnitOfWork, actor: Actor, token: Token, text: str) -> str:
        """«Утверждаю», or what is to be corrected."""
        reporting = Reporting(self.office)
        first, *more = map(int, token.purpose.removeprefix(PURPOSE_REPORT).split())
        if text.strip(_BETWEEN).casefold().startswith(CONFIRMS):
            return "\n".join(f"Отчёт утверждён: {one.title} {one.label}." for one in
                             await reporting.confirm_in(work, actor, first, *more))
        if more:
            raise NotAcceptedError("В письме названо несколько отчётов. Чтобы исправить один из "
                                   "них, ответьте на то письмо, в котором он пришёл.")
        report = await reporting.correct_in(work, actor, first, text)
        return f"Принято исправление: «{report.note}». Новая версия придёт отдельным письмом."

    async def _act(self, work: UnitOfWork, person: Person, source: str, token: Token, text: str,
                   files: tuple[FileRef, ...]) -> str:
        actor = Actor(Channel.EMAIL, source, person)
        if token.purpose.startswith(PURPOSE_REPORT):
            return await self._about_report(work, actor, token, text)
        async with self.office.act(work, actor, CaseRef(token.case_id or 0)) as act:
            if token.purpose.startswith(PURPOSE_APPROVAL):
                return _about_approval(act, token, text)
            if token.used:
                raise NotAcceptedError("По этому письму решение уже принято.")
            if token.purpose.startswith(PURPOSE_PHOTO):
                return _about_photo(act, token.purpose.removeprefix(PURPOSE_PHOTO), text, files)
            if token.purpose.startswith(PURPOSE_PART):
                return _about_part(act, int(token.purpose.removeprefix(PURPOSE_PART)), text)
            if token.purpose.startswith(PURPOSE_SIGNATURE):
                return await self._about_signature(act, token, text, files)
            steps = _steps(act)
            if steps and access.part_of(act.case, person) is None:
                return _not_now(steps[-1])
            return await _checked(work, act, mailcommands.read(text), files)

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


def _sign_by_word(act: Act, text: str) -> str:
    folded = text.strip().casefold()
    if folded.startswith("вернуть"):
        approvals.refuse_signature(act, text.strip()[len("вернуть"):].strip(_BETWEEN))
        return "Ответ возвращён исполнителю."
    if folded.strip(_BETWEEN) in {"подписано", "подписан", "подписала", "подписал"}:
        signing.sign_by_word(act)
        return "Отмечено: подписано."
    raise UnclearError(
        "Не удалось понять ответ. Приложите файл подписи (.sig, .p7s, .sgn), или напишите "
        "«Подписано», если подписали в МСЭД, или «Вернуть:» и причину.")


def _has_object(token: Token) -> bool:
    """A case or a report."""
    return token.case_id is not None or token.purpose.startswith(PURPOSE_REPORT)


def _wrote(person: Person, sender: str) -> bool:
    """Whether the letter came from the person's own address; several may share one mailbox."""
    return person.active and person.email.strip().casefold() == sender.strip().casefold() != ""


def _steps(act: Act) -> list[ApprovalStep]:
    sheet, hats = act.case.sheet, act.actor.hat_ids
    return [one for one in sheet.steps if one.approver_id in hats] if sheet else []


def _about_approval(act: Act, token: Token, text: str) -> str:
    """«Согласовано» or a remark, on the very version that the letter brought (4.6¶9-10)."""
    sheet, steps = act.case.sheet, _steps(act)
    version = int(token.purpose.removeprefix(PURPOSE_APPROVAL))
    if sheet is None or not steps or version != sheet.draft_version:
        raise NotAcceptedError("Проект ответа с тех пор изменён: ответьте, пожалуйста, на "
                               "последнее письмо о его согласовании.")
    if token.used or sheet.current not in steps:
        return _not_now(steps[-1])
    return _decide(act, text)


def _decide(act: Act, text: str) -> str:
    if mailcommands.read(text).wish is Wish.APPROVE:
        approvals.approve(act)
        return "Согласование принято."
    if mailcommands.says_nothing(text) or mailcommands.is_bare_refusal(text):
        raise UnclearError(
            "Не удалось понять ответ. Если проект ответа согласован, ответьте на это письмо одним "
            "словом «Согласовано»; если нет — напишите, что в нём исправить.")
    approvals.remark(act, text)
    return f"Принято замечание: «{text.strip()}». Проект возвращён на доработку."


def _not_now(step: ApprovalStep) -> str:
    if step.decision is Decision.APPROVED:
        return "Вы уже согласовали этот проект ответа, повторять не нужно."
    if step.decision is Decision.REMARK:
        return ("Ваше замечание уже передано исполнителю. Исправленный проект придёт вам "
                "отдельным письмом.")
    return "Сейчас согласование от вас не требуется: до вас дойдёт очередь — придёт письмо."


def _pictures(act: Act, files: tuple[FileRef, ...]) -> tuple[FileRef, ...]:
    """New pictures: mail programs attach the logo of a signature, and old photos, every time."""
    part = access.part_of(act.case, act.person)
    there = {one.sha256 for photo in (part.photos if part else ())
             for one in (photo.file, photo.original) if one}
    found = {one.sha256: one for one in files if one.media_type in formats.PHOTOS}
    return tuple(one for sha256, one in found.items() if sha256 not in there)


def _wrong_pictures(files: tuple[FileRef, ...]) -> tuple[FileRef, ...]:
    """Pictures of a kind that is no good, and files that only call themselves pictures."""
    return tuple(one for one in files if one.media_type.startswith("image/")
                 and one.media_type not in formats.PHOTOS)


def _not_taken(files: tuple[FileRef, ...]) -> str:
    """Names what stays with the letter alone, and says which photos are right (4.6¶6)."""
    names = ", ".join(f"«{one.name}»" for one in files)
    return (f"Не приложено: {names}. К поручению принимаются фотографии в формате JPG, PNG, TIFF "
            "или HEIC, к проекту ответа — также сканы в PDF.")


def _about_photo(act: Act, sha256: str, text: str, files: tuple[FileRef, ...]) -> str:
    """An answer to a verdict: another photo, «Оставить: …» or «Убрать»."""
    folded, pictures = text.strip().casefold(), _pictures(act, files)
    if pictures:
        execution.remove_photo(act, sha256)
        for picture in pictures:
            execution.add_photo(act, picture)
        hint = " Отчёт или текст ответа пришлите, пожалуйста, ответом на письмо с поручением."
        return f"Фотография заменена.{hint if folded else ''}"
    if folded.startswith("убрать"):
        execution.remove_photo(act, sha256)
        return "Фотография убрана."
    if folded.startswith("оставить"):
        reason = text.strip()[len("оставить"):].strip(_BETWEEN)
        execution.keep_photo(act, sha256, reason)
        return f"Фотография оставлена. Ваше объяснение увидят согласующие: «{reason}»."
    if wrong := _wrong_pictures(files):
        return _not_taken(wrong)
    raise UnclearError("Не удалось понять ответ. Приложите новую фотографию либо напишите "
                       "«Оставить:» и причину или «Убрать».")


def _about_part(act: Act, key: int, text: str) -> str:
    """The lead's word on a co-executor's materials: «Принято» or «Вернуть: …»."""
    folded = text.strip().casefold()
    if mailcommands.read(text).wish is Wish.ACCEPT:
        execution.accept_materials(act, key)
        return "Материал соисполнителя принят."
    if folded.startswith("вернуть"):
        remark = text.strip()[len("вернуть"):].strip(_BETWEEN)
        execution.return_materials(act, key, remark)
        return f"Материал возвращён соисполнителю: «{remark}»."
    raise UnclearError("Не удалось понять ответ. Напишите «Принято» либо «Вернуть:» и что "
                       "доработать. Проект ответа присылайте ответом на письмо с поручением.")


async def _checked(work: UnitOfWork, act: Act, said: Said, files: tuple[FileRef, ...]) -> str:
    """An executor's letter; a draft is checked when it is written and before it goes on (R25)."""
    if said.wish is Wish.LIGHTEN:
        attachments.ask_lighter(act)
        return "Фотографии сжимаются, на вид они не изменятся. О результате придёт письмо."
    before, state = act.case.draft, act.case.state
    if said.wish in {Wish.SUBMIT_DRAFT, Wish.INSIST}:
        await note_findings(work, act)
    done = _work(act, said, files)
    draft = act.case.draft
    if said.wish in {Wish.SUBMIT_DRAFT, Wish.INSIST} and act.case.state is not state:
        await remember_answer(work, act)
    if draft is None or (before is not None and draft.version == before.version):
        return done
    await note_findings(work, act)
    return f"{done}{_found(act.case.draft)}"


def _found(draft: Draft | None) -> str:
    if draft is None or not draft.findings:
        return ""
    lines = [f"— {one.label}: «{' '.join(one.sentence.split())[:300]}». {one.advice}"
             for one in draft.findings]
    return "\n\n".join(("", "Проверка нашла замечания:\n" + "\n".join(lines),
                        "Пришлите исправленный текст или ответьте «На согласование с пояснением:» "
                        "и объясните согласующим, почему ответ следует направить так."))


def _work(act: Act, said: Said, files: tuple[FileRef, ...]) -> str:
    part = access.part_of(act.case, act.person)
    if part is None:
        raise NotFoundError("У вас нет поручения по этому сообщению.")
    if said.wish is Wish.DECLINE:
        execution.decline(act, said.text)
        return "Поручение возвращено как не относящееся к вашим полномочиям."
    is_away, said = mailcommands.says_away(said.text), _of_substance(said)
    pictures = _pictures(act, files)
    papers = tuple(one for one in files if one.media_type not in SIGNATURES
                   and not one.media_type.startswith("image/"))
    documents = tuple(one for one in papers if part.is_lead and one.media_type in formats.SCANS)
    wrong = (*(one for one in papers if one not in documents), *_wrong_pictures(files))
    for picture in pictures:
        execution.add_photo(act, picture)
    attached = f"Приложено фотографий: {len(pictures)}. " if pictures else ""
    if said.wish is Wish.ACCEPT:
        execution.accept(act)
        done = "Поручение принято к исполнению."
    elif part.is_lead:
        done = _lead(act, said, documents)
        documents = ()
    else:
        done = _report(act, said)
    if documents or wrong:
        done += f" {_not_taken((*documents, *wrong))}"
    if not attached and not done:
        raise UnclearError(f"{UNCLEAR_WORK} {away.HOW}" if is_away else UNCLEAR_WORK)
    return f"{attached}{done}{_heavy(act)}".strip()


def _heavy(act: Act) -> str:
    """The offer to make the photos lighter, where all together are too heavy (4.6¶6)."""
    fault = too_heavy(act.case.attachments)
    return f" {fault} {OFFER}" if fault else ""


def _of_substance(said: Said) -> Said:
    """Thanks, a bare question, a note that the writer is away are no report and no draft."""
    empty = said.wish in {Wish.TEXT, Wish.APPROVE} and mailcommands.tells_no_work(said.text)
    return Said(Wish.TEXT) if empty else said


def _report(act: Act, said: Said) -> str:
    if not said.text:
        return ""
    execution.submit_materials(act, said.text, judged=False)
    return "Отчёт передан ответственному исполнителю."


def _lead(act: Act, said: Said, documents: tuple[FileRef, ...]) -> str:
    if said.wish is Wish.ALL_AT_ONCE:
        approval_list.refuse_parallel(act)
    if said.wish is Wish.APPROVERS:
        approval_list.choose(act, said.text)
        ids = [step.approver_id for step in approval_list.planned(act.case, act.directory)]
        return f"Лист согласования изменён, порядок такой: {act.directory.names(ids)}"
    if said.wish in {Wish.SUBMIT_DRAFT, Wish.INSIST} or not said.text:
        for one in documents:
            attachments.attach(act, one)
    if said.wish is Wish.SUBMIT_DRAFT:
        execution.submit_draft(act)
        return "Проект ответа направлен дальше."
    if said.wish is Wish.INSIST:
        execution.submit_draft(act, said.text)
        return "Проект ответа направлен дальше с вашим пояснением."
    if not said.text:
        names = ", ".join(f"«{one.name}»" for one in documents)
        return f"К проекту ответа приложено: {names}." if documents else ""
    kind = said.kind or AnswerKind.SOLVED
    execution.save_draft(act, kind, said.text, said.promised_on, documents)
    return (f"Проект ответа сохранён ({kind.label}). Чтобы направить его дальше, ответьте "
            "«На согласование».")

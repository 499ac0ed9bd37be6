"""What an executor's letter does: photos, a report, a draft, its way on (R11, 4.6)."""

import re

from core import access, mailcommands
from core.assignment import Assignment
from core.draft import Draft, confirmed, quoted, too_heavy
from core.errors import AssistantError, NotAcceptedError, NotFoundError
from core.files import FileRef
from core.mailcommands import Said, Wish
from core.photos import formats
from core.ports import UnitOfWork
from core.regulation.terms import AnswerKind
from core.usecases import approval_list, attachments, away, execution
from core.usecases.answers import note_findings, remember_answer
from core.usecases.office import Act

UNCLEAR_WORK = (
    "Не удалось понять ответ: в нём нет ни слов о сделанном, ни новых фотографий. Напишите "
    "«Принято», или «Не моё:» и причину, или что сделано. Если у вас вопрос, задайте его тому, "
    "кто дал поручение.")
IN_THE_LETTER = "Что сделано, напишите в самом письме."
TO_SEND_ON = "Чтобы направить проект ответа дальше, ответьте «На согласование»."
OFFER = ("С ответом они не уйдут: ответьте на это письмо «Сжать фотографии» — на вид снимки не "
         "изменятся — или пришлите меньше снимков.")

HOW_TO_REPLACE = (
    "Пришлите сразу столько новых снимков, сколько не прошло проверку, — они займут их место, — "
    "или ответьте на письмо о сравнении снимка «Оставить:» и причину либо «Убрать».")

SMALLEST_PASTED = 50_000
"""Bytes; a photo pasted into a letter, which Outlook calls «image001.jpg» too, is larger."""
_LOGO = re.compile(r"(?:image\d{3}|logo|логотип|outlook-)[^.]*\.(?:png|jpe?g)$", re.IGNORECASE)
SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature",
                        "application/pgp-signature", "text/calendar", "text/vcard"})
"""What mail programs add by themselves."""


class UnclearError(AssistantError):
    """What the writer wants cannot be told; the sentence asks back."""


def _pictures(act: Act, files: tuple[FileRef, ...]) -> tuple[FileRef, ...]:
    """New pictures: mail programs attach the logo of a signature, and old photos, every time."""
    part = access.part_of(act.case, act.person)
    there = {one.sha256 for photo in (part.photos if part else ())
             for one in (photo.file, photo.original) if one}
    found = {one.sha256: one for one in files
             if one.media_type in formats.PHOTOS and not _is_logo(one)}
    return tuple(one for sha256, one in found.items() if sha256 not in there)


def _is_logo(file: FileRef) -> bool:
    """Whether it is a picture of the signature: small, and named as mail programs name those."""
    return file.size < SMALLEST_PASTED and bool(_LOGO.match(file.name))


def _wrong_pictures(files: tuple[FileRef, ...]) -> tuple[FileRef, ...]:
    """Pictures of a kind that is no good, and files that only call themselves pictures."""
    return tuple(one for one in files if one.media_type.startswith("image/")
                 and one.media_type not in formats.PHOTOS)


def _not_taken(files: tuple[FileRef, ...]) -> str:
    """Names what stays with the letter alone, and says which photos are right (4.6¶6)."""
    return (f"Не приложено: {_names(files)}. К поручению принимаются фотографии в формате JPG, "
            "PNG, TIFF или HEIC, к проекту ответа — также сканы в PDF.")


def about_photo(act: Act, sha256: str, text: str, files: tuple[FileRef, ...]) -> str:
    """An answer to a verdict: another photo, «Оставить: …» or «Убрать»."""
    folded, pictures = text.strip().casefold(), _pictures(act, files)
    if pictures:
        execution.remove_photo(act, sha256)
        for picture in pictures:
            execution.add_photo(act, picture)
        hint = " Отчёт или текст ответа пришлите, пожалуйста, ответом на письмо с поручением."
        return f"Фотография заменена.{_converted(pictures)}{hint if folded else ''}"
    if mailcommands.said_with("убрать", text) is not None:
        execution.remove_photo(act, sha256)
        return "Фотография убрана."
    if (reason := mailcommands.said_with("оставить", text)) is not None:
        execution.keep_photo(act, sha256, reason)
        return f"Фотография оставлена. Ваше объяснение увидят согласующие: «{reason}»."
    if wrong := _wrong_pictures(files):
        return _not_taken(wrong)
    raise UnclearError("Не удалось понять ответ. Приложите новую фотографию либо напишите "
                       "«Оставить:» и причину или «Убрать».")


async def checked(work: UnitOfWork, act: Act, said: Said, files: tuple[FileRef, ...]) -> str:
    """An executor's letter; a draft is checked when it is written and before it goes on (R25)."""
    if said.wish is Wish.LIGHTEN:
        attachments.ask_lighter(act)
        return "Фотографии сжимаются, на вид они не изменятся. О результате придёт письмо."
    before, state = act.case.draft, act.case.state
    if said.wish in {Wish.SUBMIT_DRAFT, Wish.INSIST}:
        await note_findings(work, act)
    try:
        done = _work(act, said, files)
    except execution.UnfitPhotoError as unfit:
        own = access.part_of(act.case, act.person)
        hint = HOW_TO_REPLACE if own is not None and own.key == unfit.part.key else ""
        raise NotAcceptedError(f"{unfit} {hint}".strip()) from unfit
    draft = act.case.draft
    if said.wish in {Wish.SUBMIT_DRAFT, Wish.INSIST} and act.case.state is not state:
        await remember_answer(work, act)
    if draft is None or (before is not None and draft.version == before.version):
        return done
    await note_findings(work, act)
    return f"{done}{_found(act.case.draft)}"


def _require_clean(act: Act) -> None:
    """The refusal names every finding, and what to answer: there is no button here (R25)."""
    draft = act.case.draft
    if draft is not None and act.case.attachments:
        draft = confirmed(draft)
    if draft is not None and draft.findings and not draft.insisted:
        raise NotAcceptedError(f"Проект ответа не направлен.{_found(draft)}")


def _found(draft: Draft | None) -> str:
    if draft is None or not draft.findings:
        return ""
    lines = [f"— {one.label}{quoted(one)}. {one.advice}" for one in draft.findings]
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
    is_away, unsaid = (judge(said.text) for judge in (
        mailcommands.says_away, mailcommands.points_elsewhere))
    said = _of_substance(said)
    pictures = _pictures(act, files)
    papers = tuple(one for one in files if one.media_type not in SIGNATURES
                   and not one.media_type.startswith("image/"))
    documents = tuple(one for one in papers if part.is_lead and one.media_type in formats.SCANS)
    wrong = (*(one for one in papers if one not in documents), *_wrong_pictures(files))
    attached = _photographed(act, part, pictures)
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
        done += f" {IN_THE_LETTER}" if unsaid else ""
    if not attached and not done:
        hints = (UNCLEAR_WORK, TO_SEND_ON if part.is_lead and act.case.draft else "",
                 away.HOW if is_away else "")
        raise UnclearError(" ".join(filter(None, hints)))
    return f"{attached}{done.strip() or _next(act, part)}{_heavy(act)}".strip()


def _photographed(act: Act, part: Assignment, pictures: tuple[FileRef, ...]) -> str:
    """New photos, in place of all those that did not pass where they are as many: a photo that
    did not pass cannot stay, and whoever took it again means to replace it (R17)."""
    for picture in pictures:
        execution.add_photo(act, picture)
    unfit = [photo.file.sha256 for photo in part.photos if execution.is_unfit(photo)]
    replaced = unfit if len(unfit) <= len(pictures) else ()
    for sha256 in replaced:
        execution.remove_photo(act, sha256)
    instead = f" (вместо не прошедших проверку: {len(replaced)})" if replaced else ""
    return (f"Приложено фотографий: {len(pictures)}{instead}.{_converted(pictures)} "
            if pictures else "")


def _converted(pictures: tuple[FileRef, ...]) -> str:
    """What becomes of an iPhone's photos: the answer takes JPG, PNG and TIFF alone (4.6¶6)."""
    return (" Снимки HEIC переводятся в JPG, сведения о съёмке в них сохраняются."
            if any(one.media_type == formats.HEIC for one in pictures) else "")


def _next(act: Act, part: Assignment) -> str:
    """What is awaited after photos that came without a word."""
    if part.is_lead:
        return TO_SEND_ON if act.case.draft else (
            "Когда работа будет сделана, пришлите проект ответа, начав с вида: «Решено: …».")
    return "Когда работа будет сделана, ответьте, что сделано."


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
    match said.wish:
        case Wish.ALL_AT_ONCE:
            approval_list.refuse_parallel(act)
        case Wish.APPROVERS:
            approval_list.choose(act, said.text)
            ids = [step.approver_id for step in approval_list.planned(act.case, act.directory)]
            return f"Лист согласования изменён, порядок такой: {act.directory.names(ids)}"
        case Wish.SUBMIT_DRAFT | Wish.INSIST:
            return _sent_on(act, said, documents)
    if not said.text:
        return _scans_alone(act, documents) if documents else ""
    kind = said.kind or AnswerKind.SOLVED
    execution.save_draft(act, kind, said.text, said.promised_on, documents)
    return (f"Проект ответа сохранён ({kind.label}). Чтобы направить его дальше, ответьте "
            "«На согласование».")


def _sent_on(act: Act, said: Said, documents: tuple[FileRef, ...]) -> str:
    for one in documents:
        attachments.attach(act, one)
    if said.wish is Wish.INSIST:
        execution.submit_draft(act, said.text)
        return "Проект ответа направлен дальше с вашим пояснением."
    _require_clean(act)
    execution.submit_draft(act)
    return "Проект ответа направлен дальше."


def _scans_alone(act: Act, documents: tuple[FileRef, ...]) -> str:
    """Beside the draft, if there is one; the photos of the same letter are taken all the same."""
    if act.case.draft is None:
        return (f"Не приложено: {_names(documents)}. Скан прикладывается к проекту ответа: "
                "сначала пришлите его текст, затем скан.")
    for one in documents:
        attachments.attach(act, one)
    return f"К проекту ответа приложено: {_names(documents)}."


def _names(files: tuple[FileRef, ...]) -> str:
    return ", ".join(f"«{one.name}»" for one in files)

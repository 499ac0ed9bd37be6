"""Section 4.6 as the office lives it: a test for each paragraph, read from top to bottom."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from core import due
from core.case import Case, CitizenMessage
from core.errors import MoveNotAllowedError, NotAcceptedError, NotYourTurnError
from core.files import FileRef
from core.notices import NoticeKind
from core.outbound import LetterFile
from core.people import Actor, Channel
from core.photos import samples
from core.regulation.terms import AnswerKind, AssignmentState, Role, State
from core.textchecks import Code
from core.usecases import approvals, dispatch, execution, returns
from core.usecases.answers import Answers
from core.usecases.attachments import attach
from core.usecases.casefile import CaseFile
from core.usecases.office import CaseRef
from core.usecases.papers import Papers
from core.usecases.photos import judged
from core.usecases.resolutions import Task
from core.usecases.signing import Signing
from tests.bot import city
from tests.core.documents.opening import docx_text, keep_pages, pdf_pages, pdf_text
from tests.core.signatures.making import signatory
from tests.usecases.office.house import House, moscow

ANSWER = "Яма на проезде у дома 5 по улице Мира заделана 25 ноября 2026 года, асфальт уложен."
MENDED = f"{ANSWER} Площадь ремонта — 6 кв. м."


@pytest.fixture
async def office(house: House) -> House:
    """The office with the documents it really sends."""
    return await House.open(house.database, house.clock, papers=Papers(house.office))


async def with_helper(office: House) -> Case:
    """A message in the hands of the lead and a co-executor."""
    return await office.at_work(None, Task(city.LEAD), Task(city.HELPER))


async def photographed(office: House, case: Case, verdict: str = "same_angle",
                       person: int = city.LEAD, scene: samples.Kind = "same_angle") -> FileRef:
    """A photo of the work, with the judge's word on it."""
    photo = await office.keep(samples.make(scene), f"{scene}.jpg", "image/jpeg")
    case = await office.do(person, case.id, execution.add_photo, photo)
    part = case.part_of(person)
    assert part is not None
    await office.office.do(office.system(), CaseRef(case.id), judged, part.key, replace(
        part.photos[-1], verdict=verdict, advice="Станьте левее."))
    return photo


async def answered(office: House, case: Case, text: str = ANSWER,
                   kind: AnswerKind = AnswerKind.SOLVED, until: date | None = None) -> Case:
    """The lead writes, puts a scan beside it, and sends to approval."""
    answers = Answers(office.office)
    case = await answers.save(
        await office.actor(city.LEAD), CaseRef(case.id), kind, text, until)
    if not case.attachments:
        scan = await office.keep(f"%PDF-1.7 {case.number}".encode(), "акт.pdf")
        await answers.attach(await office.actor(city.LEAD), CaseRef(case.id), scan)
    return await answers.submit(await office.actor(city.LEAD), CaseRef(case.id))


def found(case: Case) -> set[Code]:
    """What the checks say of the newest version's text."""
    assert case.draft is not None
    return {one.code for one in case.draft.findings} - {Code.UNCONFIRMED}


def named(parcels: list[LetterFile], ending: str) -> LetterFile:
    return next(one for one in parcels if one.name.endswith(ending))


async def test_paragraph_1_the_first_named_answers_for_the_term_the_others_bring_materials(
        office: House) -> None:
    case = await with_helper(office)
    assert [(part.role, part.executor_id) for part in case.parts] == [
        (Role.LEAD, city.LEAD), (Role.CO_EXECUTOR, city.HELPER)]
    duties = {one.row.code: one.row.whose for one in due.open_duties(
        case, office.office.calendar)}
    assert (duties["draft"], duties["coexecutor"]) == (Role.LEAD, Role.CO_EXECUTOR)
    with pytest.raises(NotAcceptedError, match=r"Светлова А\.Ю\."):
        await answered(office, case)


async def test_paragraph_2_co_executors_record_the_work_from_the_same_angle_in_four_days(
        office: House) -> None:
    case = await with_helper(office)
    term = next(one for one in due.open_duties(case, office.office.calendar)
                if one.row.code == "coexecutor")
    assert office.office.calendar.working_days_between(date(2026, 11, 23), term.due_on) == 4
    await photographed(office, case, "different_angle", city.HELPER)
    with pytest.raises(NotAcceptedError, match="Станьте левее"):
        await office.do(city.HELPER, case.id, execution.submit_materials, "Светильник включён.")
    photo = (await office.case(case.id)).part(1).photos[0].file
    await office.do(city.HELPER, case.id, execution.remove_photo, photo.sha256)
    await photographed(office, case, "same_angle", city.HELPER, "different_angle")
    case = await office.do(city.HELPER, case.id, execution.submit_materials,
                           "Светильник включён.")
    assert case.part(1).state is AssignmentState.SUBMITTED


async def test_paragraph_3_the_draft_is_due_in_six_working_days(office: House) -> None:
    case = await office.at_work()
    draft = next(one for one in due.open_duties(case, office.office.calendar)
                 if one.row.code == "draft")
    assert draft.due_on == date(2026, 12, 1)
    office.clock.moment = moscow(2, month=12)
    assert await office.control.scan() > 0
    assert city.LEAD in office.told(NoticeKind.OVERDUE)


@pytest.mark.parametrize(("kind", "text", "code"), [
    (AnswerKind.SOLVED, "Ваше сообщение рассмотрено, благодарим за обращение к нам.",
     Code.OFF_SUBSTANCE),
    (AnswerKind.PLANNED, "Яма на проезде у дома 5 включена в план ремонта асфальта.",
     Code.UNDATED_PROMISE),
    (AnswerKind.IMPOSSIBLE, "Яму на проезде у дома 5 заделать невозможно.", None)])
async def test_paragraph_4_the_answer_tells_of_the_solution_the_plan_or_the_impossibility(
        office: House, kind: AnswerKind, text: str, code: Code | None) -> None:
    case = await office.at_work()
    case = await Answers(office.office).save(
        await office.actor(city.LEAD), CaseRef(case.id), kind, text)
    assert case.draft is not None
    assert case.draft.kind is kind
    assert code is None or code in found(case)


async def test_paragraph_5_an_interim_answer_keeps_the_message_under_control_to_its_date(
        office: House) -> None:
    case = await office.at_work()
    save = Answers(office.office).save
    text = "Яма на проезде у дома 5 будет заделана до 11.12.2026 после ремонта теплотрассы."
    with pytest.raises(NotAcceptedError, match="30 дней"):
        await save(await office.actor(city.LEAD), CaseRef(case.id), AnswerKind.INTERIM, text,
                   date(2026, 12, 31))
    case = await save(await office.actor(city.LEAD), CaseRef(case.id), AnswerKind.INTERIM, text,
                      date(2026, 12, 14))
    assert found(case) == {Code.WRONG_DATE}, "the system was told another day"
    case = await answered(office, case, text, AnswerKind.INTERIM, date(2026, 12, 11))
    for person in (city.APPROVER, city.STATE):
        await office.do(person, case.id, approvals.approve)
    await office.do(city.SIGNATORY, case.id, approvals.sign)
    await office.do(city.DESK, case.id, dispatch.confirm_form)
    await office.do(city.DESK, case.id, dispatch.dispatch)
    await office.carry()
    (package,) = office.email.of(NoticeKind.ANSWER_PACKAGE)
    (page,) = pdf_pages(named(list(package.files), ".pdf").content)
    assert "промежуточным" in page
    assert "11 декабря 2026 г." in page
    case = await office.office.do(office.msed(), CaseRef(case.id), dispatch.publish)
    assert (case.state, case.promised_on) == (State.DEFERRED, date(2026, 12, 11))
    assert [one.row.code for one in due.open_duties(case, office.office.calendar)] == ["deferred"]
    with pytest.raises(NotAcceptedError, match="окончательный"):
        await answered(office, case, text, AnswerKind.INTERIM, date(2026, 12, 11))


async def test_paragraph_6_scans_and_photos_go_with_the_answer_and_photos_need_no_editing(
        office: House) -> None:
    case = await office.at_work()
    case = await Answers(office.office).save(
        await office.actor(city.LEAD), CaseRef(case.id), AnswerKind.SOLVED, ANSWER)
    assert case.draft is not None
    assert Code.UNCONFIRMED in {one.code for one in case.draft.findings}
    await photographed(office, case, "needs_editing")
    word = await office.keep(b"PK\x03\x04", "акт.docx", "application/octet-stream")
    with pytest.raises(NotAcceptedError, match=r"«акт\.docx» не принимается"):
        await office.do(city.LEAD, case.id, attach, word)
    scan = await office.keep(b"%PDF-1.7", "акт.pdf", "application/pdf")
    await office.do(city.LEAD, case.id, attach, scan)
    with pytest.raises(NotAcceptedError, match="не прошло проверку"):
        await office.do(city.LEAD, case.id, execution.submit_draft)


async def test_paragraph_7_what_would_come_back_is_told_before_it_goes(office: House) -> None:
    first = await answered(office, await office.at_work())
    other = await office.at_work(city.message("MO-2"))
    answers = Answers(office.office)

    async def says(text: str) -> set[Code]:
        return found(await answers.save(
            await office.actor(city.LEAD), CaseRef(other.id), AnswerKind.SOLVED, text))

    assert await says(ANSWER) == {Code.REUSED_TEXT}
    assert await says("Яма на проезде у дома 5 будет заделана в ближайшее время.") == {
        Code.UNDATED_PROMISE}
    assert await says("Яма на проезде у дома 5 находится в ведении АО «Теплосеть».") == {
        Code.NOT_OUR_MATTER}
    with pytest.raises(NotAcceptedError, match="с пояснением"):
        await answers.submit(await office.actor(city.LEAD), CaseRef(other.id))
    case = await answers.submit(await office.actor(city.LEAD), CaseRef(other.id),
                                "Письмо в Теплосеть подписано вчера.")
    assert case.draft is not None
    assert case.draft.insisted == "Письмо в Теплосеть подписано вчера."
    assert first.state is State.APPROVING


async def test_paragraph_8_the_draft_is_on_the_form_of_the_administration(office: House) -> None:
    case = await office.at_work()
    await photographed(office, case)
    await answered(office, case)
    await office.carry()
    (parcel,) = office.telegram.of(NoticeKind.TO_APPROVE)
    files = list(parcel.files)
    pdf, word = named(files, ".pdf").content, named(files, ".docx").content
    keep_pages(pdf, "answer_draft")
    pages = pdf_pages(pdf)
    assert len(pages) == 2
    for text in (pages[0], docx_text(word)):
        assert "администрация городского округа мытищи" in text.casefold()
        assert ANSWER in text
        assert "ПРОЕКТ, версия 1" in text
        assert "П.П. Главный" in text
    assert "Фотоматериалы" in pages[-1]


async def test_paragraph_9_heads_of_bodies_and_the_ministry_approve_one_after_another(
        office: House) -> None:
    case = await answered(office, await office.at_work())
    with pytest.raises(NotYourTurnError, match="последовательно"):
        await office.do(city.STATE, case.id, approvals.approve)
    await office.do(city.APPROVER, case.id, approvals.approve)
    await office.carry()
    (letter,) = office.email.of(NoticeKind.TO_APPROVE)
    assert letter.person is not None
    assert letter.person.id == city.STATE, "the ministry has no Telegram and is written to"
    other = await office.at_work(replace(city.message("MO-3"), category="Иное"))
    case = await answered(office, other, "Яма на проезде у дома 5 засыпана щебнем 24.11.2026.")
    assert case.state is State.SIGNING


async def test_paragraph_10_any_remark_sends_it_to_rework_and_then_to_approval_again(
        office: House) -> None:
    case = await answered(office, await office.at_work())
    await office.do(city.APPROVER, case.id, approvals.approve)
    case = await office.do(city.STATE, case.id, approvals.remark, "Укажите площадь.")
    assert (case.state, case.rework_reason) == (State.REWORKING, "Укажите площадь.")
    case = await answered(office, case, MENDED)
    assert case.sheet is not None
    assert case.sheet.draft_version == 2
    assert case.sheet.current is not None
    assert case.sheet.current.approver_id == city.APPROVER
    (sheet,) = await Papers(office.office).approval_sheets(
        case, await office.lookups.directory())
    keep_pages(sheet.content, "approval_list")
    text = pdf_text(sheet.content)
    assert "Укажите площадь." in text
    assert "23.11.2026 10:00" in text
    assert "утратило силу" in text
    assert text.index("Рыбаков") < text.index("Министрова")


async def test_paragraph_11_after_the_ministry_it_comes_to_the_signatory_by_itself(
        office: House, tmp_path: Path) -> None:
    case = await answered(office, await office.at_work())
    for person in (city.APPROVER, city.STATE):
        case = await office.do(person, case.id, approvals.approve)
    assert case.state is State.SIGNING
    await office.carry()
    (parcel,) = office.telegram.of(NoticeKind.TO_SIGN)
    handed_over = named(list(parcel.files), ".pdf").content
    owner = signatory(name="Главный Пётр Петрович")
    file = await office.keep(owner.signs(handed_over), "Ответ.pdf.sig")
    case, proof = await Signing(office.office).take(
        await office.actor(city.SIGNATORY), CaseRef(case.id), file)
    assert proof.notes == ()
    with pytest.raises(MoveNotAllowedError):
        await office.do(city.SIGNATORY, case.id, approvals.sign)
    await office.do(city.DESK, case.id, dispatch.confirm_form)
    await office.do(city.DESK, case.id, dispatch.dispatch)
    await office.carry()
    (package,) = office.email.of(NoticeKind.ANSWER_PACKAGE)
    files = list(package.files)
    final = files[0].content
    keep_pages(final, "answer_signed")
    (text,) = pdf_pages(final)
    assert f"{case.number}/1" in text, "the final bears its number"
    assert "ПРОЕКТ" not in text
    assert "Сертификат: B1C2D3" in text
    assert [one.name for one in files if one.content == handed_over], "what was signed goes too"
    assert named(files, ".sig").content == await office.office.files.get(file)

    out = tmp_path / "дело.zip"
    console = Actor(Channel.CONSOLE, "export:1", speaks_for=frozenset({Role.SYSTEM}))
    await CaseFile(office.office, Papers(office.office)).write(console, case.number, out)
    with zipfile.ZipFile(out) as archive:
        names, page = archive.namelist(), archive.read("index.html").decode()
    assert any(one.endswith("Ответ.pdf.sig") for one in names)
    assert "Лист согласования, круг 1.pdf" in " ".join(names)
    assert "Владелец сертификата: Главный Пётр Петрович" in page


async def test_what_became_due_for_signature_at_night_comes_in_the_morning_with_its_document(
        office: House) -> None:
    """Reminders of one night are one message; the answer to be signed comes by itself, whole."""
    others = [await answered(office, await office.at_work(city.message(f"MO-{number}")), text)
              for number, text in enumerate((ANSWER, MENDED), 3)]
    office.clock.moment = moscow(24, 23)
    for case in others:
        for person in (city.APPROVER, city.STATE):
            await office.do(person, case.id, approvals.approve)
    await office.carry()
    assert office.telegram.of(NoticeKind.TO_SIGN) == [], "the signatory is left in peace"
    office.clock.moment = moscow(25, 8, 1)
    await office.carry()
    parcels = office.telegram.of(NoticeKind.TO_SIGN)
    assert [one.case.id for one in parcels if one.case] == [one.id for one in others]
    for parcel in parcels:
        assert parcel.more == ()
        assert named(list(parcel.files), ".pdf").content.startswith(b"%PDF")
        case = await office.case(parcel.case.id if parcel.case else 0)
        assert case.to_sign, "what was handed over is kept, byte for byte"


async def test_what_the_user_sends_back_lies_beside_what_was_answered(office: House) -> None:
    """Section 2.1: the executor sees the earlier answers and the user's new words together."""
    case = await office.at_work()
    await photographed(office, case)
    case = await office.sent(await office.case(case.id))
    await office.office.do(office.msed(), CaseRef(case.id), dispatch.publish)
    said = "Яма осталась, звоните 8 (916) 123-45-67."
    photo = await office.keep(samples.make("before"), "снимок.jpg", "image/jpeg")
    await office.office.do(office.msed(), CaseRef(case.id), returns.citizen_return,
                           CitizenMessage("MO-1-2", said, files=(photo,)))
    await office.carry()
    (told,) = office.telegram.of(NoticeKind.CITIZEN_RETURN)
    picture, pdf = told.files
    assert Image.open(io.BytesIO(picture.content)).format == "PNG"
    keep_pages(pdf.content, "citizen_return")
    (text,) = pdf_pages(pdf.content)
    assert text.index("Яма осталась") < text.index(f"Ответ № {case.number}/1")
    assert "123-45-67" not in text
    assert "заделана, асфальт уложен 25 ноября" in text

"""The documents of a case, opened again by libraries that had no part in making them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from core.answercard import ANSWER
from core.assignment import Photo
from core.bell import Bell
from core.calendar import MOSCOW, WorkingCalendar
from core.cards import CaseLine, Digest, DueLine, LetterLine
from core.errors import NotFoundError
from core.files import FileRef
from core.letters import Letter
from core.regulation.terms import AnswerKind, Event, LetterForm
from core.secret import Secret
from core.usecases import returns
from core.usecases.office import Office, Rules
from core.usecases.papers import Papers
from storage.database import Database
from storage.template import open_fresh
from tests import builders as b
from tests.bot.pictures import picture
from tests.builders import ENOUGH, MSED, Story, a_message
from tests.core.documents.opening import (
    cells,
    docx_text,
    image,
    keep_pages,
    pdf_pages,
    pdf_pictures,
    pdf_text,
    xlsx_sheets,
)

CITIZEN = "Гражданинова"


class Clock:
    def now(self) -> datetime:
        return b.MONDAY


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_fresh(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def papers(database: Database) -> Papers:
    return Papers(Office(database.work, Clock(), WorkingCalendar.official(), Rules(),
                         database.files, Bell(), Secret(b"k" * 32)))


async def kept(papers: Papers, colour: str, name: str) -> FileRef:
    return await papers.office.files.put(picture(colour), name, "image/jpeg")


async def with_photo(papers: Papers) -> Story:
    """A case with a photo of the work beside the citizen's."""
    before = await kept(papers, "#555", "before.jpg")
    after = await kept(papers, "#7a7", "after.jpg")
    message = a_message(files=(before,), text=f"Яма. {CITIZEN}")
    story = Story(case=replace(Story().case, message=message)).at_work()
    photo = Photo(after, b.LEAD, b.MONDAY, "test:1", verdict="same_angle", reference=before)
    story.case = story.case.with_part(replace(story.case.part(0), photos=(photo,)))
    return story


async def test_an_answer_is_a_pdf_a_docx_a_card_and_the_photos(papers: Papers) -> None:
    story = await with_photo(papers)
    story.draft()
    story.submit()
    story.approve()
    story.sign()
    story.confirm()
    pdf, docx, photo, card = await papers.answer(story.case, story.directory)
    assert [pdf.name, docx.name, card.name, photo.name] == [
        "Ответ ЕКЖ-2026-000001-1.pdf", "Ответ ЕКЖ-2026-000001-1.docx", "card.xml", "after.jpg"]
    for text in (pdf_text(pdf.content), docx_text(docx.content)):
        assert ENOUGH in text
        assert "ЕКЖ-2026-000001/1" in text
        assert "Ю.Ю. Подписов" in text
        assert "Дорожный Семён Кузьмич" in text
        assert CITIZEN not in text
    assert len(pdf_pictures(pdf.content)) >= 2, "before and after"
    number = f"{{{ANSWER}}}answer/{{{ANSWER}}}answer_number"
    assert ET.fromstring(card.content).findtext(number) == "ЕКЖ-2026-000001/1"  # noqa: S314
    assert photo.content == picture("#7a7")


async def test_documents_beside_the_answer_are_called_as_documents_not_as_files(
        papers: Papers) -> None:
    story = await with_photo(papers)
    story.draft()
    draft = story.case.draft
    assert draft is not None
    act = await papers.office.files.put(b"%PDF-1.7", "акт_осмотра.pdf", "application/pdf")
    story.case = replace(story.case, drafts=(replace(draft, files=(act,)),))
    text = pdf_text((await papers.answer(story.case, story.directory))[0].content)
    assert "Фотоматериалы (2 шт.). 2. Акт осмотра" in text
    assert "Результат: Вопрос решён" in text


async def test_a_draft_says_its_version_and_has_no_number(papers: Papers) -> None:
    story = await with_photo(papers)
    story.draft()
    pdf, page = await papers.preview(story.case, story.directory)
    assert "/1" not in pdf_text(pdf.content)
    assert "ерсия 1" in pdf_text(pdf.content)
    assert image(page.content).width >= 800
    assert (await papers.answer(story.case, story.directory))[0].name == (
        "Ответ ЕКЖ-2026-000001 проект.pdf")


async def test_an_interim_answer_prints_its_date(papers: Papers) -> None:
    story = await with_photo(papers)
    story.draft(AnswerKind.INTERIM, datetime(2026, 12, 14, tzinfo=MOSCOW))
    pdf = (await papers.answer(story.case, story.directory))[0]
    assert "14.12.2026" in pdf_text(pdf.content) or "14 декабря 2026" in pdf_text(pdf.content)


async def test_without_a_draft_there_is_no_paper(papers: Papers) -> None:
    with pytest.raises(NotFoundError, match="ещё нет"):
        await papers.answer(Story().at_work().case, b.a_directory())


async def test_the_closing_package_holds_every_answer_with_its_own_date_and_signature(
        papers: Papers) -> None:
    story = await with_photo(papers)
    for number, day in ((1, 24), (2, 27)):
        story.later(day)
        if number > 1:
            story.at_work()
            story.draft(AnswerKind.INTERIM, datetime(2026, 12, 14, tzinfo=MOSCOW))
            for step in (story.submit, story.approve, story.sign, story.confirm,
                         story.dispatch, story.publish):
                step()
        story.draft(text=f"{ENOUGH} Ответ {number}.")
        story.submit()
        story.approve()
        story.sign()
        story.confirm()
        story.dispatch()
        story.publish()
        act = story.act(speaks_for=MSED)
        returns.citizen_return(act, a_message(text="Не сделали.", files=()))
        story.done(act)
    first, interim, second, sides, before = await papers.closing(story.case, story.directory)
    keep_pages(interim.content, "answer_interim")
    keep_pages(sides.content, "closing_package")
    assert [one.name for one in (first, interim, second)] == [
        f"Ответ ЕКЖ-2026-000001-{number}.pdf" for number in (1, 2, 3)]
    assert "Ответ 1." in pdf_text(first.content)
    assert "24.11.2026" in pdf_text(first.content)
    assert "от 23.11.2026" in pdf_text(first.content), "the day on which it was asked"
    assert "14 декабря 2026 г." in pdf_text(interim.content)
    assert "27.11.2026" in pdf_text(second.content)
    assert "от 24.11.2026" in pdf_text(second.content)
    assert "Ответ 2." in pdf_text(second.content)
    assert pdf_text(sides.content).count("Не сделали.") == 2
    assert "Промежуточный ответ № ЕКЖ-2026-000001/2" in pdf_text(sides.content)
    assert "решение о закрытии за оператором" in pdf_text(sides.content)
    assert before.name == "before.jpg"


@pytest.mark.parametrize(("form", "head", "signer"), [
    (LetterForm.ADMINISTRATION, "", "Ю.Ю. Подписов"),
    (LetterForm.BODY, "УПРАВЛЕНИЕ ДОРОГ", "О.П. Начальников")])
async def test_a_letter_is_printed_on_its_form_for_the_right_hand(
        papers: Papers, form: LetterForm, head: str, signer: str) -> None:
    letter = Letter(1, 1, 1, "ЕКЖ-2026-000001", b.RAILWAY, form, "О люке", "Просим закрыть люк.",
                    b.LEAD, b.ROADS)
    letter = letter.after(Event.DRAFT_LETTER, letter.state, b.MONDAY)
    (pdf,) = await papers.letter(letter, b.a_directory())
    keep_pages(pdf.content, f"letter_{form.value}")
    text = pdf_text(pdf.content)
    for words in (head, signer, "Московская железная дорога", "Просим закрыть люк.",
                  "Дорожный Семён Кузьмич"):
        assert words in text
    assert len(pdf_pages(pdf.content)) == 1


async def test_the_digest_is_a_workbook_with_its_lists(papers: Papers) -> None:
    line = CaseLine(1, "ЕКЖ-2026-000001", "на исполнении", "=СУММ(1)", "ул. Мира, 12",
                    DueLine("draft", "проект ответа", date(2026, 12, 1), -1, late=True,
                            clause="4.6¶3"), "Дорожный С.К.")
    letter = LetterLine(1, "ЕКЖ-2026-000001", "А-0007/2026", "Дорога", date(2026, 11, 25), 5)
    digest = Digest(date(2026, 12, 2), 3, 1, 12, (), (line,), (line,), (), 0, 0, 13,
                    letters=(letter,))
    (xlsx,) = await papers.digest(digest)
    assert xlsx.name == "Сводка 02.12.2026.xlsx"
    sheets = xlsx_sheets(xlsx.content)
    assert {"Просрочено", "Под угрозой"} <= set(sheets)
    rows = cells(sheets["Просрочено"])
    found = next(row for row in rows if "ЕКЖ-2026-000001" in row)
    assert "=СУММ(1)" in found, "a topic is never a formula"
    assert "не утверждён" not in str(cells(sheets["Примечания"])), "nobody approves a digest"
    assert -1 in found
    assert any({"А-0007/2026", 5} <= set(row) for row in cells(sheets["Письма без ответа"]))


async def test_a_quiet_digest_is_a_workbook_too(papers: Papers) -> None:
    (xlsx,) = await papers.digest(Digest(date(2026, 12, 2), 0, 0, 0, (), (), (), (), 0, 0, 13))
    assert xlsx_sheets(xlsx.content)

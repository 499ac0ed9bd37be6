"""The answer to a portal message as PDF and DOCX (4.6¶4-8, 5¶1)."""

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import docx
import pytest

from core.documents.making import file_name, to_docx, to_pdf, to_preview
from core.documents.samples import BODY_FORM, FINAL, INTERIM, LETTER
from core.documents.values import AnswerDocument, PhotoRow, Picture
from core.documents.wording import tied
from tests.core.documents.opening import (
    docx_pictures,
    docx_text,
    image,
    pdf_columns_mm,
    pdf_pages,
    pdf_pictures,
    pdf_sizes_mm,
    pdf_text,
)
from tests.core.documents.pictures import photo

WordsOf = Callable[[AnswerDocument], str]
MAKERS: dict[str, WordsOf] = {
    "pdf": lambda answer: pdf_text(to_pdf(answer)),
    "docx": lambda a: docx_text(to_docx(a)),
}
PAIR = PhotoRow("Двор", Picture(photo(), "из сообщения"), Picture(photo(1200, 1600), "сегодня"))


@pytest.fixture(params=MAKERS)
def words_of(request: pytest.FixtureRequest) -> WordsOf:
    return MAKERS[str(request.param)]


@pytest.mark.parametrize(
    "words",
    [
        "141008, Московская область, г. Мытищи",
        "23.11.2026",
        "И-1543-ЕКЖ",
        "Пользователю портала «Добродел»",
        "№ ЕКЖ-2026-000123 от 13.11.2026",
        "О рассмотрении сообщения по теме «Содержание дорог»",
        "г. Мытищи, ул. Мира, д. 7",
        "Вопрос решён",
        "Разрушение асфальтобетонного покрытия площадью 3,2 кв. м подтверждено.",
        "Фотоматериалы (3 шт.).",
        "Акт выполненных работ от 22.11.2026 № 15",
        "А. В. Соколов",
        "Петрова Мария Сергеевна, главный специалист",
        "8 (495) 000-00-00",
        "00B1C2D3E4F5061728394A5B6C7D8E9F01",
        "Соколов Андрей Викторович",
        "Действителен с 15.01.2026 по 15.04.2027",
        "Дата подписания: 23.11.2026",
        "До: из сообщения, 12.11.2026",
        "После: общий вид, 22.11.2026",
    ],
)
def test_registered_answer_says_everything_the_form_asks(words_of: WordsOf, words: str) -> None:
    assert words in words_of(FINAL)


def test_answer_stands_on_the_administrations_form(words_of: WordsOf) -> None:
    form = "Администрация городского округа Мытищи Московской области"
    assert form.casefold() in words_of(FINAL).casefold()


def test_answer_can_stand_on_another_form(words_of: WordsOf) -> None:
    words = words_of(replace(FINAL, letterhead=BODY_FORM)).casefold()
    assert "управление жилищно-коммунального хозяйства" in words


def test_registered_answer_is_no_draft(words_of: WordsOf) -> None:
    assert "ПРОЕКТ" not in words_of(FINAL)


def test_every_page_of_an_unregistered_answer_is_marked_as_a_draft() -> None:
    long = replace(FINAL, registration=None, version=4, text="Работы выполнены полностью.\n" * 80)
    pages = pdf_pages(to_pdf(long))
    assert len(pages) > 3
    assert all("ПРОЕКТ" in page for page in pages)
    assert "ПРОЕКТ, версия 4" in pages[0]
    assert "ПРОЕКТ, версия 4" in docx_text(to_docx(long))


def test_unsigned_answer_has_no_stamp(words_of: WordsOf) -> None:
    assert "ПОДПИСАН" not in words_of(replace(FINAL, signature=None))
    assert "ПОДПИСАН" in words_of(FINAL)


def test_interim_answer_names_the_exact_date_of_the_final_one(words_of: WordsOf) -> None:
    words = words_of(INTERIM)
    assert "окончательный ответ будет направлен не позднее 11 декабря 2026 г." in words
    assert "Промежуточный ответ на сообщение" in words
    assert "Срок исполнения" not in words_of(replace(INTERIM, final_answer_on=None))


def test_answer_without_attachments_does_not_mention_any(words_of: WordsOf) -> None:
    assert "Приложение" not in words_of(replace(FINAL, attachments=(), photos=()))


def test_answer_is_upright_a4_and_numbers_its_pages_from_the_second() -> None:
    pdf = to_pdf(replace(FINAL, text="Работы выполнены.\n" * 60))
    assert set(pdf_sizes_mm(pdf)) == {(210, 297)}
    pages = pdf_pages(pdf)
    assert not pages[0].startswith("1 ")
    assert pages[1].startswith("2 ")


def test_photos_lie_on_a_page_of_their_own_side_by_side_and_within_the_margins() -> None:
    pdf = to_pdf(replace(FINAL, photos=(PAIR,)))
    assert "Фотоматериалы" in pdf_pages(pdf)[-1]
    assert "Уважаемый" not in pdf_pages(pdf)[-1]
    (page, left, _, right, top), (other_page, other_left, _, other_right, other_top) = (
        pdf_pictures(pdf)
    )
    assert page == other_page == len(pdf_pages(pdf)) - 1
    assert 29.9 < left < right < other_left < other_right < 200.1
    assert top == pytest.approx(other_top, abs=1)


def test_photos_keep_their_shape() -> None:
    _, (_, left, bottom, right, top) = pdf_pictures(to_pdf(replace(FINAL, photos=(PAIR,))))
    assert (right - left) / (top - bottom) == pytest.approx(1200 / 1600, rel=0.01)


def test_photo_taken_sideways_is_shown_upright() -> None:
    sideways = Picture(photo(1600, 1200, turned=6))
    ((_, left, bottom, right, top),) = pdf_pictures(
        to_pdf(replace(FINAL, photos=(PhotoRow("", None, sideways),)))
    )
    assert (right - left) / (top - bottom) == pytest.approx(1200 / 1600, rel=0.01)


def test_forty_photos_make_a_document_fit_to_be_sent() -> None:
    row = PhotoRow("Участок", Picture(photo(4000, 3000)), Picture(photo(3000, 4000)))
    pdf = to_pdf(replace(FINAL, photos=(row,) * 20))
    assert len(pdf_pictures(pdf)) == 40
    assert "Фотоматериалы (40 шт.)" in pdf_text(pdf)
    assert len(pdf) < 25_000_000  # 4.6: everything together at most 50 MB


def test_docx_holds_the_photos_and_opens_in_a_word_processor() -> None:
    content = to_docx(replace(FINAL, photos=(PAIR,)))
    assert len(docx_pictures(content)) == 2
    section = docx.Document(io.BytesIO(content)).sections[0]
    margins = (section.left_margin, section.right_margin, section.top_margin)
    assert [margin.mm for margin in margins if margin] == pytest.approx([30, 10, 20], abs=0.1)


def test_pictures_metadata_stay_out_of_the_document() -> None:
    secret = b"GPS-55.9116-37.7308"
    picture = Picture(photo()[:2] + b"\xff\xfe\x00\x15" + secret + photo()[2:])
    assert secret in picture.content
    answer = replace(FINAL, photos=(PhotoRow("", None, picture),))
    assert secret not in to_pdf(answer)
    with zipfile.ZipFile(io.BytesIO(to_docx(answer))) as archive:
        assert all(secret not in archive.read(name) for name in archive.namelist())


def test_preview_is_the_first_page_as_a_picture() -> None:
    drawn = image(to_preview(FINAL, width_px=800))
    assert drawn.format == "PNG"
    assert drawn.size == pytest.approx((800, 800 * 297 / 210), abs=2)
    shades = drawn.convert("L").histogram()
    assert sum(shades[:60]) > 1000
    assert shades[255] > sum(shades) / 2


def test_preview_is_drawn_without_the_photos_but_counts_them() -> None:
    with_broken = replace(FINAL, photos=(PhotoRow("", None, Picture(b"broken")),) * 40)
    started = time.process_time()
    assert image(to_preview(with_broken)).format == "PNG"
    assert time.process_time() - started < 5
    assert to_preview(with_broken) != to_preview(replace(FINAL, photos=()))


@pytest.mark.parametrize(
    ("answer", "name"),
    [(FINAL, "Ответ ЕКЖ-2026-000123.pdf"), (INTERIM, "Проект ответа ЕКЖ-2026-000124.pdf")],
)
def test_file_is_named_so_that_people_know_it(answer: AnswerDocument, name: str) -> None:
    assert file_name(answer, "pdf") == name


def test_answer_without_a_date_of_the_message_prints_the_number_alone(words_of: WordsOf) -> None:
    assert "000123 от" not in words_of(replace(FINAL, received_on=None))
    assert "000123 от 01.02.2026" in words_of(replace(FINAL, received_on=date(2026, 2, 1)))


def lines(count: int) -> str:
    return "\n".join(f"Абзац {number} говорит о деле." for number in range(count))


@pytest.mark.parametrize("attached", [(), ("Акт от 22.11.2026 № 15",)])
def test_the_signature_is_never_alone_on_a_page(attached: tuple[str, ...]) -> None:
    signed = set()
    for count in range(14, 27, 2):
        pages = pdf_pages(to_pdf(replace(
            FINAL, text=lines(count), attachments=attached, photos=())))
        (at,) = [at for at, page in enumerate(pages) if "ЭЛЕКТРОННОЙ ПОДПИСЬЮ" in page]
        assert f"Абзац {count - 1} говорит" in pages[at], f"alone after {count} lines"
        signed.add(at)
    assert signed == {0, 1}, "the signature went over the end of a page meanwhile"


def test_the_letter_s_signature_is_never_alone_on_a_page() -> None:
    signed = set()
    for count in range(18, 31, 2):
        pages = pdf_pages(to_pdf(replace(LETTER, text=lines(count))))
        (at,) = [at for at, page in enumerate(pages) if LETTER.signatory.name in page]
        assert f"Абзац {count - 1} говорит" in pages[at], f"alone after {count} lines"
        signed.add(at)
    assert signed == {0, 1}, "the signature went over the end of a page meanwhile"


@pytest.mark.parametrize(("answer", "last"), [
    (replace(FINAL, text=lines(3), attachments=("Акт",), photos=()), "1. Акт"),
    (replace(FINAL, text=lines(3), attachments=(), photos=()), "Абзац 2 говорит о деле."),
    (replace(INTERIM, text=lines(3), attachments=(), photos=()), "Настоящий ответ является")])
def test_a_word_processor_keeps_the_last_words_with_the_signature(
        answer: AnswerDocument, last: str) -> None:
    paragraphs = docx.Document(io.BytesIO(to_docx(answer))).paragraphs
    at = next(at for at, one in enumerate(paragraphs) if one.text.startswith(last))
    assert paragraphs[at].paragraph_format.keep_with_next
    assert [one.paragraph_format.keep_with_next for one in paragraphs
            if one.text == "Абзац 0 говорит о деле."] == [None], "the text itself may be parted"


@pytest.mark.parametrize("name", ["А. В. Рождественская", "А. В. Константинопольский-Задунайский"])
def test_a_long_surname_does_not_run_into_the_stamp(name: str) -> None:
    pdf = to_pdf(replace(FINAL, photos=(), signatory=replace(FINAL.signatory, name=name)))
    left, _ = pdf_columns_mm(pdf, name.split()[-1].split("-")[0])
    _, right = pdf_columns_mm(pdf, "00B1C2D3E4F5061728394A5B6C7D8E9F01")
    assert left > right + 1, "the surname stands to the right of the stamp's words"


@pytest.mark.parametrize("phone", ["8 (495) 000-00-00", ""])
def test_the_executor_s_lines_are_never_alone_on_a_page(phone: str) -> None:
    told = set()
    executor = replace(FINAL.executor, post="главный специалист отдела " * 6, phone=phone)
    for count in range(14, 27):
        pages = pdf_pages(to_pdf(replace(FINAL, text=lines(count), photos=(), executor=executor)))
        (at,) = [at for at, page in enumerate(pages) if executor.name in page]
        assert FINAL.signatory.name in pages[at], f"alone after {count} lines"
        told.add(at)
    assert told == {0, 1}, "they went over the end of a page meanwhile"


@pytest.mark.parametrize("together", [
    "12 500 руб.", "1 500 м", "15 см", "3 кг", "10 кВт", "5 %", "2 шт.", "30 пог. м", "12 м³",
    "5 ноября", "XX в.", "п. 4.6", "ст. 12", "ч. 1", "№ 131-ФЗ", "8 (495) 581-00-00", "мкр. 17",
    "пер. Рабочий", "ш. Осташковское", "пос. Здравница", "т. е.", "И. О. Сидорова", "А.С. Пушкин",
    "2 млн руб.", "60 км/ч", "4 га", "рис. 4", "10 чел."])
def test_what_belongs_together_is_not_torn_at_the_end_of_a_line(together: str) -> None:
    assert " " not in tied(f"слово {together} слово").removeprefix("слово ").removesuffix(" слово")


@pytest.mark.parametrize("apart", [
    "дома 5 мая", "в 2026 году", "до 15 марта и", "д. 7 по ул. Мира", "работы с 5 по 7"])
def test_other_words_may_part(apart: str) -> None:
    assert " " in tied(apart)


def test_a_word_processor_has_room_for_a_surname_of_fourteen_letters() -> None:
    """«А. В. Рождественская» takes 45 mm of Times at 14 points; a narrower cell breaks it."""
    tables = docx.Document(io.BytesIO(to_docx(FINAL))).tables
    (cell,) = [table.rows[0].cells[-1] for table in tables
               if FINAL.signatory.name in table.rows[0].cells[-1].text.replace("\u00a0", " ")]
    assert cell.width is not None
    assert cell.width.mm >= 46

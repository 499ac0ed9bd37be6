"""The draft's dialog: a pattern to begin with, text, Word file or voice, scans beside it (R20)."""

import asyncio
import sys
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest
import soundfile
from docx import Document

from bot import dispatcher, updates
from bot.dictation import Dictation
from bot.handlers.halves import joined
from bot.turns import Turns
from core.documents.making import to_docx
from core.documents.reading import MOST_PARAGRAPHS, answer_text, text_docx
from core.documents.samples import FINAL, INTERIM
from core.documents.values import AnswerDocument
from core.draft import Draft
from core.errors import NotAcceptedError
from core.regulation.terms import State
from tests.bot import city
from tests.bot.house import House
from tests.bot.test_story import ANSWER, report_and_draft

TYPED = "Мира, 5: яма заделана 23 ноября 2026 года, асфальт уложен."


async def asked(house: House, kind: str = "Вопрос решён") -> int:
    """The lead is to write the text of an answer of this kind."""
    case = await house.at_work()
    await house.press(city.LEAD, "Подготовить ответ")
    await house.press(city.LEAD, kind)
    return case.id


async def draft_of(house: House, case_id: int) -> Draft:
    draft = (await house.case(case_id)).draft
    assert draft is not None
    return draft


async def test_pattern_of_the_kind_comes_first_and_its_gaps_must_be_filled(house: House) -> None:
    case_id = await asked(house, "Решение невозможно")
    pattern = await house[city.LEAD].awaits("По адресу: ул. Мира, 5", since=0)
    assert "[✎ почему]" in pattern.text
    await house.answer(city.LEAD, pattern.text)
    refused = await house.last(city.LEAD)
    assert "не заполнено: [✎ дата], [✎ почему], [✎ норма или документ]" in refused.text
    assert (await house.case(case_id)).draft is None
    await house.answer(city.LEAD, TYPED)
    assert (await draft_of(house, case_id)).text == TYPED


@pytest.mark.parametrize(("content", "begins"), [
    ("Сделали: [✎ что сделано] & убрали.", "Сделали: [✎ что сделано] & убрали."),
    ("Сделали: {что}.", "По адресу: ул. Мира, 5"),
])
async def test_offices_own_pattern_is_given_and_a_broken_one_holds_nobody_up(
        house: House, tmp_path: Path, content: str, begins: str) -> None:
    (tmp_path / "templates/draft-solved.txt").write_text(content)
    await asked(house)
    pattern = await house[city.LEAD].awaits(begins, since=0)
    assert "[✎ что сделано]" in pattern.text


async def test_answer_is_sent_as_a_word_file(house: House) -> None:
    case_id = await asked(house)
    question = await house.question(city.LEAD)
    await house[city.LEAD].sends([("ответ.docx", text_docx(f"{TYPED}\nСпасибо за сообщение."))],
                                 reply_to=question)
    await house.handled()
    assert (await draft_of(house, case_id)).text == f"{TYPED}\nСпасибо за сообщение."


async def test_file_that_is_no_word_document_is_refused_with_what_to_do(house: House) -> None:
    case_id = await asked(house)
    await house[city.LEAD].sends([("ответ.doc", b"\xd0\xcf\x11\xe0 old")])
    await house.handled()
    assert "не открывается как документ Word (.docx)" in (await house.last(city.LEAD)).text
    assert (await house.case(case_id)).draft is None


async def test_long_text_goes_out_as_a_file_and_comes_back_as_one(house: House) -> None:
    case_id = await asked(house)
    long = "\n".join(f"{number}. {TYPED}" for number in range(1, 120))
    await house[city.LEAD].sends([("ответ.docx", text_docx(long))])
    await house.handled()
    assert (await draft_of(house, case_id)).text == long
    await house.press(city.LEAD, "Править")
    given = await house[city.LEAD].awaits("Исправьте текст в этом файле", since=0)
    assert given.files[0].name.endswith("текст ответа, версия 1.docx")
    content = await house[city.LEAD].downloads(given.files[0])
    text = await asyncio.to_thread(answer_text, content, "ответ.docx")
    assert text == long
    await house[city.LEAD].sends([("ответ.docx", text_docx(text.replace("119.", "120.")))])
    await house.handled()
    assert (await draft_of(house, case_id)).text.endswith(f"120. {TYPED}")


@pytest.mark.parametrize("document", [FINAL, INTERIM, replace(FINAL, attachments=(), photos=())])
def test_our_own_form_filled_and_sent_back_gives_its_text_alone(document: AnswerDocument) -> None:
    text = answer_text(to_docx(document), "Ответ.docx", document.executor.name)
    assert text.splitlines() == [
        " ".join(one.split()) for one in document.text.splitlines() if one.strip()]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", text_docx("")])
def test_empty_and_broken_files_say_what_to_do(content: bytes) -> None:
    with pytest.raises(NotAcceptedError, match=r"Word|нет текста"):
        answer_text(content, "ответ.docx")


def test_bomb_is_not_unpacked() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (61 * 1024 * 1024))
    with pytest.raises(NotAcceptedError, match="Word"):
        answer_text(out.getvalue(), "ответ.docx")


def test_table_in_the_file_does_not_stop_it() -> None:
    made = Document()
    made.add_paragraph(TYPED)
    made.add_table(1, 1)
    out = BytesIO()
    made.save(out)
    assert answer_text(out.getvalue(), "ответ.docx") == TYPED


def test_a_document_of_countless_paragraphs_is_refused_unread() -> None:
    """A few kilobytes on the way hold minutes of reading."""
    out = BytesIO()
    with ZipFile(BytesIO(text_docx("Я"))) as one, ZipFile(out, "w", ZIP_DEFLATED) as many:
        for name in one.namelist():
            many.writestr(name, one.read(name).replace(
                b"</w:p>", b"</w:p>" + b"<w:p/>" * MOST_PARAGRAPHS))
    with pytest.raises(NotAcceptedError, match="слишком длинный для ответа"):
        answer_text(out.getvalue(), "ответ.docx")


def test_text_cut_within_a_sentence_is_joined_within_it() -> None:
    assert joined("Яма заделана и", "швы пролиты.") == "Яма заделана и швы пролиты."
    assert joined("Яма заделана.", "Швы пролиты.") == "Яма заделана.\nШвы пролиты."


async def cut_text(house: House) -> tuple[int, str]:
    """The first half of a text that Telegram has cut is saved."""
    case_id = await asked(house)
    first = " ".join([TYPED] * 70)[:4090].strip()
    await house.answer(city.LEAD, first)
    assert "кончается так" in (await house.last(city.LEAD)).text
    return case_id, first


async def test_text_that_was_whole_is_said_to_be_by_a_button(house: House) -> None:
    case_id, first = await cut_text(house)
    assert await house.press(city.LEAD, "Это весь текст") == "Текст принят целиком."
    await house.say(city.LEAD, "Мира 5")
    assert (await draft_of(house, case_id)).text == first


async def test_number_of_a_case_is_no_second_half_of_a_text(house: House) -> None:
    case_id, first = await cut_text(house)
    await house.say(city.LEAD, "1")
    assert (await house.last(city.LEAD)).text.startswith("ЕКЖ-2026-000001")
    assert (await draft_of(house, case_id)).text == first


async def test_what_is_written_later_is_no_second_half_unless_it_answers(house: House) -> None:
    case_id, first = await cut_text(house)
    asked_for = await house.last(city.LEAD)
    assert "до 10:05" in asked_for.text
    house.clock.moment += timedelta(minutes=6)
    await house.say(city.LEAD, "Где сейчас бригада?")
    assert (await draft_of(house, case_id)).text == first
    await house.say(city.LEAD, "Благодарим за сообщение.", asked_for)
    assert (await draft_of(house, case_id)).text.endswith("Благодарим за сообщение.")


async def test_answer_without_photo_or_scan_goes_on_with_a_word_alone(house: House) -> None:
    await house.join(city.APPROVER)
    case_id = await report_and_draft(house)
    await house.press(city.LEAD, "Убрать: Акт.pdf")
    await house.press(city.LEAD, "На согласование")
    told = await house[city.LEAD].awaits("проверка нашла 1 замечание", since=0)
    assert "Нет ни фотографии, ни скана (п. 4.6, абз. 6)" in told.text
    assert "📎 Приложить скан" in told.labels
    await house.press(city.LEAD, "Направить с пояснением")
    await house.answer(city.LEAD, "Работы под землёй, снимать нечего.")
    assert (await house.case(case_id)).state is State.APPROVING
    await house[city.APPROVER].awaits("Работы под землёй, снимать нечего.", since=0)


async def voice(house: House, dictation: Dictation) -> None:
    """The lead dictates to a bot with this recogniser."""
    await house[city.LEAD].sends([("voice.ogg", b"OggS said")])
    await house.handled()
    sent = next(one for one in reversed(await house[city.LEAD].messages()) if one.files)
    tools = replace(house.tools, dictation=dictation)
    chat = {"id": city.telegram_id(city.LEAD), "type": "private"}
    feed = updates.feed_to(dispatcher.build(tools), house.bot, Turns())
    await feed({"update_id": 7700, "message": {
        "message_id": sent.id, "date": 0, "chat": chat,
        "from": {"id": chat["id"], "is_bot": False, "first_name": "С"},
        "voice": {"file_id": sent.files[0].file_id, "file_unique_id": "v", "duration": 4,
                  "file_size": 9}}})


def recogniser(folder: Path, code: str) -> Dictation:
    """A command of the office's own."""
    script = folder / "listen.py"
    script.write_text(f"import sys\nsound = open(sys.argv[1], 'rb').read()\n{code}\n")
    return Dictation(f"{sys.executable} {script} {{file}}")


async def test_voice_becomes_the_draft_where_a_recogniser_is_set(house: House, tmp_path: Path
                                                                 ) -> None:
    case_id = await asked(house)
    said = f"sys.stdout.buffer.write({ANSWER!r}.encode()) if sound == b'OggS said' else 0"
    await voice(house, recogniser(tmp_path, said))
    assert (await draft_of(house, case_id)).text == ANSWER
    await house[city.LEAD].awaits("Услышано — проверьте", since=0)


def spoken(seconds: float, tone: int) -> bytes:
    """A voice message as Telegram sends it: OGG with Opus, here a tone instead of words."""
    voice = np.sin(np.arange(int(48_000 * seconds)) / 48_000 * tone * 2 * np.pi) / 2
    sound = BytesIO()
    soundfile.write(sound, np.stack([voice, voice], axis=1), 48_000, format="OGG", subtype="OPUS")
    return sound.getvalue()


async def test_a_recogniser_that_reads_wav_alone_gets_the_voice_as_wav(tmp_path: Path) -> None:
    script = tmp_path / "listen.py"
    script.write_text(
        "import sys, wave, numpy\n"
        "sound = wave.open(sys.argv[1])\n"
        "heard = numpy.frombuffer(sound.readframes(sound.getnframes()), numpy.int16)\n"
        "loudest = abs(numpy.fft.rfft(heard)).argmax() * sound.getframerate() / len(heard)\n"
        "print(sound.getframerate(), sound.getnchannels(), sound.getsampwidth(),"
        " round(len(heard) / sound.getframerate(), 1), round(loudest, -1))\n")
    heard = await Dictation(f"{sys.executable} {script} {{wav}}").text_of(spoken(1.5, 440))
    assert heard == "16000 1 2 1.5 440.0"


async def test_what_is_no_sound_is_said_before_the_recogniser_is_asked(tmp_path: Path) -> None:
    script = tmp_path / "listen.py"
    script.write_text("print('слова')")
    with pytest.raises(NotAcceptedError, match="Распознать голос не удалось"):
        await Dictation(f"{sys.executable} {script} {{wav}}").text_of(b"OggS of nothing")


async def test_without_a_recogniser_the_text_is_asked_for(house: House) -> None:
    case_id = await asked(house)
    await voice(house, Dictation())
    assert "Диктовка в вашей администрации не настроена" in (await house.last(city.LEAD)).text
    assert (await house.case(case_id)).draft is None


@pytest.mark.parametrize("code", ["sys.exit(3)", "import time; time.sleep(60)", ""])
async def test_recogniser_that_fails_says_so_and_keeps_nobody_waiting(code: str, tmp_path: Path
                                                                      ) -> None:
    with pytest.raises(NotAcceptedError, match=r"Распознать голос|Слов не разобрать"):
        await replace(recogniser(tmp_path, code), wait=2.0).text_of(b"OggS")


async def test_date_of_an_interim_answer_is_judged_before_its_text_is_asked_for(house: House
                                                                               ) -> None:
    case = await house.at_work()
    await house.press(city.LEAD, "Промежуточный ответ")
    assert "не позднее 23.12.2026" in (await house.question(city.LEAD)).text
    for written, refusal in (("завтра", "Дата не понята"), ("23.11.2026", "позже сегодняшней"),
                             ("24.12.2026", "не может быть позже 23.12.2026")):
        await house.answer(city.LEAD, written)
        assert refusal in (await house.last(city.LEAD)).text
    await house.answer(city.LEAD, "23.12.2026")
    assert "пришлите текст ответа" in (await house.question(city.LEAD)).text
    await house.answer(city.LEAD, "Ремонт дороги у дома 5 будет выполнен до 23.12.2026.")
    assert (await draft_of(house, case.id)).promised_on == date(2026, 12, 23)


async def test_interim_answer_is_not_begun_once_its_thirty_days_have_passed(house: House
                                                                           ) -> None:
    await house.at_work()
    house.clock.moment += timedelta(days=30)
    assert "последний срок — 23.12.2026" in await house.press(city.LEAD, "Промежуточный ответ")
    assert not any(one.force_reply for one in await house[city.LEAD].messages())


async def test_text_may_be_written_after_a_second_look_at_the_card(house: House) -> None:
    case_id = await asked(house)
    await house.press(city.LEAD, "Назад")
    await house.say(city.LEAD, TYPED)
    assert (await draft_of(house, case_id)).text == TYPED

"""Scans beside the draft in the chat, known by their content (4.6¶6)."""

from dataclasses import replace

from core.draft import HEAVY
from tests.bot import city
from tests.bot.house import House
from tests.bot.pictures import picture
from tests.bot.test_findings import drafted
from tests.bot.test_story import ANSWER

PDF, WORD = b"%PDF-1.4 act", b"PK\x03\x04 [Content_Types].xml"


async def test_the_lead_attaches_scans_and_takes_one_back(house: House) -> None:
    case_id = await drafted(house, ANSWER, scan=False)
    await house.press(city.LEAD, "Приложить скан")
    lead = house[city.LEAD]
    await lead.sends([("акт.pdf", PDF), ("наряд.pdf", PDF + b" other")])
    await house.handled()
    shown = await lead.awaits("2. наряд.pdf", since=0)
    assert "1. акт.pdf" in shown.text

    await house.press(city.LEAD, "Приложить скан")
    await lead.sends([("акт.pdf", WORD)])
    await house.handled()
    await lead.awaits("«акт.pdf» не принимается", since=0)

    await house.press(city.LEAD, "Убрать: акт.pdf")
    draft = (await house.case(case_id)).draft
    assert draft is not None
    assert [one.name for one in draft.files] == ["наряд.pdf"]
    await house.press(city.LEAD, "На согласование")
    card = await house[city.APPROVER].awaits("Вам на согласование", since=0)
    assert "К ответу приложено: «наряд.pdf»" in card.text
    await house.press(city.APPROVER, "Файлы")
    given = [file.name for one in await house[city.APPROVER].messages() for file in one.files]
    assert "наряд.pdf" in given


async def test_words_in_place_of_the_awaited_scan_are_told_what_is_wanted(house: House) -> None:
    await drafted(house, ANSWER, scan=False)
    await house.press(city.LEAD, "Приложить скан")
    for words in ("вот скан", "спасибо"):
        await house.say(city.LEAD, words)
        assert "Здесь нужен файл" in (await house.last(city.LEAD)).text


async def test_photos_too_heavy_for_the_answer_are_made_lighter_by_one_button(house: House
                                                                              ) -> None:
    case_id = await drafted(house, ANSWER)
    await house[city.LEAD].sends([("work.jpg", picture())])
    await house.handled()
    async with house.tools.office.work() as work:
        case = await work.cases.get(case_id)
        part, (photo,) = case.part(0), case.part(0).photos
        heavy = replace(photo, file=replace(photo.file, size=HEAVY))
        case = await work.cases.save(case.with_part(replace(part, photos=(heavy,))))
    await house.say(city.LEAD, case.number)
    card = await house.last(city.LEAD)
    assert "📦 Приложения вместе: 40,0 Мб из 50 Мб" in card.text
    assert await house.press(city.LEAD, "Сжать фотографии") == "Фотографии сжаты."
    told = await house[city.LEAD].awaits("было 40,0 Мб, стало 0,0 Мб", since=0)
    assert "дата и место съёмки сохранены" in told.text
    (light,) = (await house.case(case_id)).part(0).photos
    assert light.original is not None
    assert light.original.sha256 == photo.file.sha256
    assert "🗜 Сжать фотографии" not in (await house.card(city.LEAD)).labels


async def test_a_program_among_the_citizens_files_is_named_and_handed_to_nobody(house: House
                                                                                ) -> None:
    await house.join(city.DESK)
    files = house.tools.office.files
    await house.arrives(files=[await files.put(b"MZ", "счёт.pdf.exe", "application/pdf"),
                               await files.put(picture(), "яма.jpg", "image/jpeg")])
    card = await house.card(city.DESK)
    assert "📎 Файлов от заявителя: 2" in card.text
    assert "⚠️ Среди файлов программы: «счёт.pdf.exe»" in card.text
    await house.press(city.DESK, "Файлы")
    given = [one.name for message in await house[city.DESK].messages() for one in message.files]
    assert not [one for one in given if "exe" in one]
    assert len(given) == 1

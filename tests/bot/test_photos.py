"""Photos of the work: files, compressed photos, albums, wrong ones, and where they belong."""

from dataclasses import replace
from datetime import timedelta

from bot.sandbox.limits import Fault
from bot.sandbox.people import SeenMessage
from core.assignment import Photo
from core.case import Case
from core.notices import NoticeKind
from core.people import Actor, Channel
from core.regulation.terms import Role
from core.usecases.office import CaseRef
from core.usecases.photos import judged
from tests.bot import city
from tests.bot.house import House
from tests.bot.pictures import heic, picture


async def photos(house: House, case: Case, part: int = 0) -> tuple[Photo, ...]:
    """What the storage has."""
    return (await house.case(case.id)).part(part).photos


async def second_case(house: House) -> Case:
    """One more assignment of the same lead."""
    case = await house.arrives(city.message("MO-2", text="Ещё одна яма на той же улице."))
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Направить")
    await house.press(city.OFFICIAL, "Утвердить резолюцию")
    return case


async def test_file_keeps_its_shooting_data(house: House) -> None:
    case = await house.at_work()
    await house.press(city.LEAD, "Фото работ")
    await house[city.LEAD].sends([("яма.jpg", picture())])
    await house.handled()
    photo, = await photos(house, case)
    assert not photo.without_exif
    assert await house.tools.office.files.get(photo.file) == picture()
    status = await house[city.LEAD].awaits("1 фотография", since=0)
    assert "без EXIF" not in status.text


async def test_compressed_photo_is_taken_and_a_file_is_asked_for(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("яма.jpg", picture())], as_="photo")
    await house.handled()
    photo, = await photos(house, case)
    assert photo.without_exif
    await house[city.LEAD].awaits("пришлите его файлом", since=0)


async def test_album_is_one_submission_with_one_status(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([(f"{n}.jpg", picture(colour)) for n, colour in enumerate(
        ("#a11", "#1a1", "#11a"))])
    await house.handled()
    assert len(await photos(house, case)) == 3
    statuses = [one for one in await house[city.LEAD].messages()
                if not one.mine and "к поручению приложено" in one.text]
    assert [one.text.split("— ")[1].split(".")[0] for one in statuses] == ["3 фотографии"]


async def test_same_file_twice_is_told_and_kept_once(house: House) -> None:
    case = await house.at_work()
    for _ in range(2):
        await house[city.LEAD].sends([("яма.jpg", picture())])
        await house.handled()
    assert len(await photos(house, case)) == 1
    assert "уже приложен" in (await house.last(city.LEAD)).text


async def test_wrong_format_is_told_which_are_right(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("акт.jpg", b"not a picture at all")])
    await house.handled()
    assert await photos(house, case) == ()
    assert "JPEG, PNG или TIFF" in (await house.last(city.LEAD)).text


async def test_file_over_twenty_megabytes_is_told_how(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("яма.tif", b"II*\x00" + bytes(20 * 1024 * 1024))])
    await house.handled()
    assert await photos(house, case) == ()
    assert "по электронной почте" in (await house.last(city.LEAD)).text


async def test_reply_to_a_card_says_which_case_it_is(house: House) -> None:
    first = await house.at_work()
    second = await second_case(house)
    card = await house[city.LEAD].awaits(
        lambda one: first.number in one.text and "поручено" in one.text, since=0)
    await house[city.LEAD].sends([("яма.jpg", picture())], reply_to=card)
    await house.handled()
    assert len(await photos(house, first)) == 1
    assert await photos(house, second) == ()


async def test_with_several_assignments_the_person_is_asked_and_nothing_is_lost(
        house: House) -> None:
    first = await house.at_work()
    second = await second_case(house)
    await house[city.LEAD].sends([("1.jpg", picture("#a11")), ("2.jpg", picture("#1a1"))])
    await house.handled()
    asked = await house[city.LEAD].awaits("К какому сообщению", since=0)
    assert len(asked.labels) == 2
    await house.press(city.LEAD, second.number)
    assert len(await photos(house, second)) == 2
    assert await photos(house, first) == ()
    late = await house[city.LEAD].presses(second.number, asked)
    assert late.alert


async def test_person_without_an_assignment_is_told_so(house: House) -> None:
    await house.join(city.IDLE)
    await house[city.IDLE].sends([("яма.jpg", picture())])
    await house.handled()
    assert "нет поручения" in (await house.last(city.IDLE)).text


async def judge(house: House, case: Case, verdict: str, advice: str) -> SeenMessage:
    """The judge has compared the lead's only photo."""
    photo, = await photos(house, case)
    shot = await house.tools.office.files.put(picture("#777"), "comparison.jpg", "image/jpeg")
    system = Actor(Channel.SYSTEM, f"judge:{photo.file.sha256}",
                   speaks_for=frozenset({Role.SYSTEM}))
    await house.tools.office.do(system, CaseRef(case.id), judged, 0, replace(
        photo, verdict=verdict, confidence=0.93, advice=advice, picture=shot))
    await house.carry()
    return await house[city.LEAD].awaits(advice, since=0)


async def test_verdict_comes_as_a_picture_with_words_and_buttons(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("яма.jpg", picture())])
    await house.handled()
    said = await judge(house, case, "different_angle", "Отойдите на два шага назад.")
    assert said.files[0].kind == "photo"
    assert "Другой ракурс" in said.text
    assert said.labels == ("🗑 Убрать", "💬 Оставить с объяснением", "📋 Карточка")
    await house.press(city.LEAD, "Оставить с объяснением")
    await house.answer(city.LEAD, "Мешает забор.")
    photo, = await photos(house, case)
    assert photo.override == "Мешает забор."


async def test_photo_is_taken_away_once(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("яма.jpg", picture())])
    await house.handled()
    said = await judge(house, case, "other_place", "Это другое место.")
    assert await house.press(city.LEAD, "Убрать") == "Фотография убрана."
    again = await house[city.LEAD].presses("Убрать", said)
    assert (again.alert, await photos(house, case)) == (True, ())
    assert "уже нет" in again.text


async def test_lost_line_while_downloading_is_tried_again(house: House) -> None:
    case = await house.at_work()
    house.sandbox.faults.order("getFile", Fault.BAD_GATEWAY)
    house.sandbox.faults.order("download", Fault.RESET)
    await house[city.LEAD].sends([("яма.jpg", picture())])
    await house.handled()
    assert len(await photos(house, case)) == 1


async def verdict_on(house: House, case: Case, number: int, verdict: str) -> None:
    """The judge has compared the lead's photo of that number (from 0)."""
    photo = (await photos(house, case))[number]
    shot = await house.tools.office.files.put(picture("#888"), "comparison.jpg", "image/jpeg")
    system = Actor(Channel.SYSTEM, f"judge:{photo.file.sha256}",
                   speaks_for=frozenset({Role.SYSTEM}))
    await house.tools.office.do(system, CaseRef(case.id), judged, 0, replace(
        photo, verdict=verdict, confidence=0.9, advice="Отойдите назад.", picture=shot))
    await house.carry()


async def status(house: House) -> SeenMessage:
    """The line about what was sent."""
    return next(one for one in reversed(await house[city.LEAD].messages())
                if not one.mine and "к поручению приложено" in one.text)


async def test_status_says_that_it_compares_and_then_what_came_of_it(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("яма.jpg", picture())])
    await house.handled()
    before = await status(house)
    assert "Сравниваю ракурс…" in before.text
    await verdict_on(house, case, 0, "same_angle")
    after = await status(house)
    assert after.id == before.id
    assert "Сравниваю" not in after.text
    assert "✅ Ракурс совпадает" in after.text
    assert after.labels == ("📋 Карточка",)


async def test_status_of_an_album_counts_what_is_done(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("1.jpg", picture("#a11")), ("2.jpg", picture("#1a1"))],
                                 as_="photo")
    await house.handled()
    await verdict_on(house, case, 1, "same_angle")
    assert "Готово 1 из 2." in (await status(house)).text
    await verdict_on(house, case, 0, "different_angle")
    done = (await status(house)).text
    assert "1. ⚠️ Другой ракурс\n2. ✅ Ракурс совпадает" in done
    assert "пришлите его файлом" in done


async def test_status_after_the_case_was_chosen_is_brought_up_to_date_too(house: House) -> None:
    await house.at_work()
    second = await second_case(house)
    await house[city.LEAD].sends([("1.jpg", picture("#a11"))])
    await house.handled()
    await house.press(city.LEAD, second.number)
    assert "Сравниваю" in (await status(house)).text
    await verdict_on(house, second, 0, "same_angle")
    assert "✅ Ракурс совпадает" in (await status(house)).text


async def test_status_survives_that_its_message_was_deleted(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("яма.jpg", picture())])
    await house.handled()
    gone = await status(house)
    await house.bot.delete_message(city.telegram_id(city.LEAD), gone.id)
    await verdict_on(house, case, 0, "different_angle")
    assert "Отойдите назад." in (await house.last(city.LEAD)).text


async def test_iphone_s_file_is_taken_as_a_photo(house: House) -> None:
    case = await house.at_work()
    content = heic()
    await house[city.LEAD].sends([("IMG_0001.HEIC", content)])
    await house.handled()
    photo, = await photos(house, case)
    assert photo.file.media_type == "image/heic"
    assert await house.tools.office.files.get(photo.file) == content


async def test_video_is_refused_with_what_is_right(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("IMG_0002.MOV", b"\0\0\0\x14ftypqt  " + bytes(200))])
    await house.handled()
    assert await photos(house, case) == ()
    assert "HEIC" in (await house.last(city.LEAD)).text


async def test_desk_sees_verdict_and_reason_and_the_picture_by_one_tap(house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("яма.jpg", picture())])
    await house.handled()
    await verdict_on(house, case, 0, "different_angle")
    await house.press(city.LEAD, "Оставить с объяснением")
    await house.answer(city.LEAD, "Мешает <забор>.")
    await house[city.DESK].says(case.number)
    await house.handled()
    card = await house[city.DESK].awaits("Исполнители", since=0)
    assert "фото 1: ⚠️ Другой ракурс. Отойдите назад." in card.text
    assert "оставлено: Мешает <забор>." in card.text
    await house.press(city.DESK, "Сравнение фото")
    shown = await house[city.DESK].awaits("Оставлено", since=0)
    assert shown.files[0].kind == "photo"
    assert "Другой ракурс (уверенность 90%)" in shown.text


def guides(messages: list[SeenMessage]) -> list[SeenMessage]:
    """The pictures that show how to send a file."""
    return [one for one in messages if "Как отправить фото файлом" in one.text and one.files]


async def test_first_call_for_photos_shows_how_to_send_them_and_later_ones_do_on_demand(
        house: House) -> None:
    await house.at_work()
    await house.press(city.LEAD, "Фото работ")
    shown, = guides(await house[city.LEAD].messages())
    assert (shown.files[0].kind, shown.files[0].width) == ("photo", 1080)
    await house.press(city.LEAD, "Фото работ")
    assert len(guides(await house[city.LEAD].messages())) == 1
    await house.press(city.LEAD, "Как отправить файлом")
    assert len(guides(await house[city.LEAD].messages())) == 2


async def test_compressed_photo_s_status_offers_the_way_to_send_a_file(house: House) -> None:
    await house.at_work()
    await house[city.LEAD].sends([("яма.jpg", picture())], as_="photo")
    await house.handled()
    assert (await status(house)).labels == ("❔ Как отправить файлом", "📋 Карточка")


async def test_file_over_twenty_megabytes_can_be_sent_in_answer_to_a_letter_asked_for(
        house: House) -> None:
    case = await house.at_work()
    await house[city.LEAD].sends([("яма.tif", b"II*\x00" + bytes(20 * 1024 * 1024))])
    await house.handled()
    assert await house.press(city.LEAD, "Прислать мне письмо") == (
        "Письмо отправлено на вашу почту: ответьте на него и приложите файл.")
    async with house.tools.office.work() as work:
        letters = await work.outbox.claim(
            Channel.EMAIL, house.clock.now(), house.clock.now() + timedelta(minutes=1), 10)
    assert [(one.notice.kind, one.notice.case_id, one.notice.person_id) for one in letters] == [
        (NoticeKind.ASSIGNMENT, case.id, city.LEAD)]


async def test_citizens_photos_that_telegram_cannot_show_come_as_files(house: House) -> None:
    narrow = picture(size=(30, 900))
    files = [await house.tools.office.files.put(content, f"{number}.jpg", "image/jpeg")
             for number, content in enumerate((picture(), narrow))]
    await house.join(city.DESK, city.OFFICIAL, city.LEAD, city.HELPER)
    await house.arrives(files=files)
    await house.press(city.DESK, "Зарегистрировать")
    await house.press(city.DESK, "Направить")
    await house.press(city.OFFICIAL, "Утвердить резолюцию")
    await house[city.LEAD].awaits("Вам поручено", since=0)
    came = [one for one in await house[city.LEAD].messages() if one.files]
    assert [one.files[0].kind for one in came] == ["document", "document"]


async def test_caption_of_an_album_becomes_the_report_by_one_tap(house: House) -> None:
    case = await house.at_work()
    await house.press(city.HELPER, "Отчёт")
    await house[city.HELPER].sends(
        [("1.jpg", picture("#a11")), ("2.jpg", picture("#1a1"))], caption="Фонарь заменён.")
    await house.handled()
    for photo in await photos(house, case, 1):
        system = Actor(Channel.SYSTEM, f"judge:{photo.file.sha256}",
                       speaks_for=frozenset({Role.SYSTEM}))
        await house.tools.office.do(system, CaseRef(case.id), judged, 1, replace(
            photo, verdict="same_angle", confidence=0.9))
    assert (await house.case(case.id)).part(1).report == ""
    await house.press(city.HELPER, "Сдать как отчёт")
    assert (await house.case(case.id)).part(1).report == "Фонарь заменён."
    await house.say(city.HELPER, "ул. Нигде")
    assert "ничего не нашлось" in (await house.last(city.HELPER)).text, "nothing is asked any more"


async def test_caption_that_is_no_report_is_not_lost_unnoticed(house: House) -> None:
    await house.at_work()
    await house[city.LEAD].sends([("1.jpg", picture())], caption="Яма засыпана.")
    await house.handled()
    told = await house.last(city.LEAD)
    assert "Подпись к фотографии в дело не записана" in told.text
    assert told.labels == ()

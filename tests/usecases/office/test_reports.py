"""Reports for who works by e-mail alone, and where on the map a message is about."""

import io
from dataclasses import replace
from datetime import datetime

from PIL import Image
from PIL.ExifTags import GPS, IFD

from core.calendar import MOSCOW
from core.inbound import Attachment, PersonReply
from core.notices import NoticeKind
from core.regulation.terms import Role
from core.reports.book import Report, Standing
from core.usecases.reporting import Reporting
from tests.bot import city
from tests.usecases.office.house import House


async def waiting(house: House) -> tuple[Report, str]:
    """The daily report as a desk head without Telegram gets it, and the letter's token."""
    offices = {city.HELPER: Role.DESK_HEAD, city.STATE: Role.CHIEF_OF_STAFF}
    people = [replace(one, offices=frozenset({offices[one.id]}) if one.id in offices
                      else one.offices - set(offices.values())) for one in city.PEOPLE]
    async with house.office.work() as work:
        await work.people.import_all(city.BODIES, people, city.ROUTES, city.APPROVALS)
    await house.arrives()
    house.clock.moment = datetime(2026, 11, 24, 10, 0, tzinfo=MOSCOW)
    assert await Reporting(house.office).tick() == 1
    await house.carry()
    parcel = house.email.of(NoticeKind.REPORT_READY)[0]
    assert parcel.report is not None
    return parcel.report, parcel.token


async def answer(house: House, token: str, text: str) -> str:
    await house.intake.accept(house.mail(
        PersonReply(token, text), sender=f"p{city.HELPER}@gorod.test"))
    return (await house.letters_in())[-1].outcome


def picture(latitude: float, longitude: float) -> bytes:
    """A photo that says where it was taken."""
    def parts(degrees: float) -> tuple[float, float, float]:
        whole, rest = divmod(degrees * 3600, 3600)
        return (whole, rest // 60, rest % 60)

    exif, saved = Image.Exif(), io.BytesIO()
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", parts(latitude)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", parts(longitude)
    Image.new("RGB", (640, 480), "grey").save(saved, "JPEG", exif=exif)
    return saved.getvalue()


async def test_word_of_the_desk_head_by_letter_confirms_the_report(house: House) -> None:
    report, token = await waiting(house)
    assert "утверждён" in await answer(house, token, "Утверждаю.\n\nС уважением, Орлов")
    await Reporting(house.office).tick()
    await house.carry()
    up = house.email.of(NoticeKind.REPORT)
    assert [one.person.id for one in up if one.person] == [city.STATE]
    assert {file.name.rsplit(".", 1)[-1] for file in up[0].files} == {"pdf", "xlsx"}
    async with house.office.work() as work:
        assert (await work.reports.get(report.id)).standing is Standing.SENT


async def test_other_words_by_letter_make_a_new_version(house: House) -> None:
    report, token = await waiting(house)
    assert "Новая версия" in await answer(house, token, "Добавьте, что выгрузка пришла вечером.")
    await Reporting(house.office).tick()
    async with house.office.work() as work:
        fresh = await work.reports.newest(report.routine, report.period)
    assert fresh is not None
    assert (fresh.version, fresh.note) == (2, "Добавьте, что выгрузка пришла вечером.")


async def test_word_by_letter_confirms_all_the_reports_of_a_reminder(house: House) -> None:
    first, _ = await waiting(house)
    for day in (25, 26):
        house.clock.moment = datetime(2026, 11, day, 10, 0, tzinfo=MOSCOW)
        await Reporting(house.office).tick()
        await house.carry()
    letter = house.email.of(NoticeKind.REPORT_WAITS)[-1]
    assert [one.period for one in letter.reports] == ["2026-11-23", "2026-11-24"]
    assert letter.files == ()
    assert "несколько отчётов" in await answer(house, letter.token, "Добавьте пояснение.")
    async with house.office.work() as work:
        assert [one.id for one in await work.reports.standing(Standing.TO_REMAKE)] == []
    said = await answer(house, letter.token, "Утверждаю.")
    assert said.count("Отчёт утверждён") == 2
    await Reporting(house.office).tick()
    async with house.office.work() as work:
        assert (await work.reports.get(first.id)).standing is Standing.SENT


async def test_fact_of_arrival_keeps_where_the_citizens_photo_was_taken(house: House) -> None:
    photo = Attachment("яма.jpg", "image/jpeg", picture(55.91234, 37.73678))
    case = await house.arrives(attachments=(photo,))
    fact = (await house.journal(case.id))[0].fact
    assert fact.details == {
        "topic": "Дороги", "category": "Дороги и тротуары", "place": "ул. Мира, 5",
        "latitude": "55.912", "longitude": "37.737"}

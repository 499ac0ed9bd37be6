"""The camera page's server: who may come in, and a shot taken once, with its shooting data."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from bot.camera.entry import EXPIRED, FORGED, LIVES
from bot.sandbox.people import HandError
from bot.sandbox.webapp import init_data
from core.assignment import Photo
from core.case import Case
from core.photos import exif
from tests.bot import city
from tests.bot.camera.conftest import Studio
from tests.bot.house import TOKEN
from tests.bot.pictures import heic, picture

SHOT = "3f2c9f0e-1111-4c4c-8888-123456789abc"
FACTS = {"shot": SHOT, "age": "30", "latitude": "55.8893", "longitude": "37.4457",
         "accuracy": "6.5", "heading": "123.4"}


def signed(address: str) -> str:
    """The ``initData`` in the address of an opened page."""
    return parse_qs(urlsplit(address).fragment)["tgWebAppData"][0]


def key_of(studio: Studio, person: int | None) -> str:
    """What Telegram would sign for that person, or for a stranger."""
    account = city.telegram_id(person) if person is not None else city.STRANGER
    return init_data(studio.house.sandbox.store.chats[account].person, TOKEN,
                     int(studio.telegram.seconds))


async def photos(studio: Studio, case: Case) -> tuple[Photo, ...]:
    """What the lead's part has."""
    return (await studio.house.case(case.id)).part(0).photos


async def test_card_of_the_executor_alone_has_the_camera_and_only_with_a_citizen_s_photo(
        studio: Studio) -> None:
    case = await studio.at_work(picture())
    assert (await studio.opened()).startswith(f"{studio.url}?case={case.id}#tgWebAppData=")
    with pytest.raises(HandError):
        await studio.opened(city.DESK)


async def test_page_is_told_the_case_and_shown_the_citizen_s_photo_even_of_an_iphone(
        studio: Studio) -> None:
    case = await studio.at_work(picture(), heic())
    key = signed(await studio.opened())
    status, told = await studio.ask("GET", "case", key, case=str(case.id))
    assert (status, told["number"], told["place"]) == (200, case.number, case.message.place)
    found = told["photos"]
    assert isinstance(found, list)
    for one in found:
        async with studio.http.get(
                f"{studio.url}photo", params={"case": str(case.id), "photo": one["id"]},
                headers={"Authorization": f"tma {key}"}) as response:
            assert (await response.read()).startswith(b"\xff\xd8")
    assert len(found) == 2


async def test_shot_goes_into_the_part_with_time_place_and_heading_and_is_told_in_the_chat(
        studio: Studio) -> None:
    case = await studio.at_work(picture())
    key = signed(await studio.opened())
    status, told = await studio.ask("POST", "shots", key, picture("#a11"), case=str(case.id),
                                    **FACTS)
    assert (status, told) == (200, {
        "said": "Снимок принят. Сравниваю ракурс: ответ придёт в чат."})
    photo, = await photos(studio, case)
    assert (photo.by_camera, photo.without_exif, photo.by_id) == (True, False, city.LEAD)
    read = exif.read(await studio.house.tools.office.files.get(photo.file))
    assert read.taken_at is not None
    assert (studio.house.clock.now() - read.taken_at).total_seconds() == 30
    assert read.gps is not None
    assert (round(read.gps.latitude, 4), round(read.gps.longitude, 4)) == (55.8893, 37.4457)
    assert (read.gps.direction_deg, read.gps.magnetic) == (123.4, True)
    assert read.error is None
    await studio.house[city.LEAD].awaits("Сравниваю ракурс…", since=0)


async def test_shot_sent_again_after_a_broken_line_is_taken_once(studio: Studio) -> None:
    case = await studio.at_work(picture())
    key = signed(await studio.opened())
    answers = [await studio.ask("POST", "shots", key, picture("#a11"), case=str(case.id),
                                **{**FACTS, "age": age}) for age in ("1", "9")]
    assert answers[0] == answers[1]
    assert len(await photos(studio, case)) == 1
    told = [one for one in await studio.house[city.LEAD].messages() if "📎" in one.text]
    assert len([one for one in told if "к поручению приложено" in one.text]) == 1


def forged(key: str) -> str:
    """Somebody else's name under the same signature."""
    return key.replace(str(city.telegram_id(city.LEAD)), str(city.telegram_id(city.HELPER)))


def unsigned(key: str) -> str:
    """Without the signature."""
    return urlencode({name: values[0] for name, values in parse_qs(key).items()
                      if name != "hash"})


async def test_forged_entry_is_refused_with_one_sentence(studio: Studio) -> None:
    case = await studio.at_work(picture())
    key = signed(await studio.opened())
    for bad in (forged(key), unsigned(key), "", "hash=\xd1\x8b&user=1",
                f"{key}&auth_date=9999999999"):
        for method, path in (("GET", "case"), ("GET", "photo"), ("POST", "shots")):
            assert await studio.ask(method, path, bad, None, case=str(case.id), **FACTS) == (
                403, {"error": FORGED}), bad
    assert await photos(studio, case) == ()


async def test_page_opened_too_long_ago_is_refused_and_so_is_one_from_the_future(
        studio: Studio) -> None:
    case = await studio.at_work(picture())
    key = signed(await studio.opened())
    studio.telegram.seconds += 3600
    ahead = signed(await studio.opened())
    assert await studio.ask("GET", "case", ahead, case=str(case.id)) == (403, {"error": EXPIRED})
    studio.house.clock.moment += LIVES
    assert await studio.ask("GET", "case", key, case=str(case.id)) == (403, {"error": EXPIRED})
    assert (await studio.ask("GET", "case", ahead, case=str(case.id)))[0] == 200


async def test_only_an_executor_of_this_case_may_shoot(studio: Studio) -> None:
    case = await studio.at_work(picture())
    key = signed(await studio.opened())
    await studio.house.join(city.IDLE)
    assert (await studio.ask("GET", "case", key, case=str(case.id)))[0] == 200
    desk = key_of(studio, city.DESK)
    idle, stranger = key_of(studio, city.IDLE), key_of(studio, None)
    answers = [await studio.ask("POST", "shots", one, picture(), case=str(case.id), **FACTS)
               for one in (desk, idle, stranger)]
    assert [status for status, _ in answers] == [409, 404, 403]
    assert answers[1][1] == {"error": "Такого сообщения нет среди доступных вам."}
    assert await photos(studio, case) == ()


WRONG: tuple[tuple[dict[str, str], bytes, str], ...] = (
    ({"case": "семь"}, picture(), "Страница камеры устарела"),
    ({"shot": "../../etc"}, picture(), "Страница камеры устарела"),
    ({"age": "nan"}, picture(), "Страница камеры устарела"),
    ({"age": "90000"}, picture(), "больше суток назад"),
    ({}, b"no picture", "Снимите ещё раз"),
    ({}, b"\xff\xd8" + bytes(20 * 1024 * 1024), "больше 20 МБ"),
)


async def test_what_is_wrong_with_a_shot_is_one_sentence(studio: Studio) -> None:
    case = await studio.at_work(picture())
    key = signed(await studio.opened())
    for facts, body, sentence in WRONG:
        status, told = await studio.ask(
            "POST", "shots", key, body, **{"case": str(case.id), **FACTS, **facts})
        assert (status, sentence in str(told["error"])) == (409, True), told
    assert await photos(studio, case) == ()


async def test_page_asks_nothing_of_other_hosts_and_no_script_comes_from_elsewhere(
        studio: Studio) -> None:
    async with studio.http.get(studio.url) as response:
        page, rules = await response.text(), response.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in rules
    assert "://" not in page.replace("http://www.w3.org", "")

"""The camera page in a real browser, its camera fed with pictures of a made-up yard."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.camera.entry import FORGED
from core.photos import exif
from core.photos.samples import Camera
from tests.bot import city
from tests.bot.camera.conftest import Studio
from tests.core.photos.scenes import jpeg, shot, yard
from tests.sandbox.telegram.browser import CHROMIUM, Browser, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NOT SEEN: there is no Chromium on this machine"),
]

NARROW = 360
NEARLY = Camera(x=0.1, yaw=0.5)
"""Where a hand comes back to."""
WORDS = "document.querySelector('#words').textContent"


def shown(name: str) -> str:
    """That a part of the page is there to be seen; the page may still be loading."""
    return f"document.querySelector('#{name}')?.hidden === false"


def camera_flags(folder: Path, picture: bytes) -> tuple[str, ...]:
    """A fake camera that shows the picture; the person is not asked for leave."""
    film = folder / "camera.mjpeg"
    film.write_bytes(picture * 3)
    return ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}")


async def stands_in_the_yard(browser: Browser, address: str) -> None:
    """The telephone knows where it is and whither it looks."""
    origin = "/".join(address.split("/")[:3])
    await browser.tell("Browser.grantPermissions", permissions=["geolocation"], origin=origin)
    await browser.tell("Emulation.setGeolocationOverride",
                       latitude=55.8893, longitude=37.4457, accuracy=7)


async def sticking_out(browser: Browser) -> list[str]:
    """What reaches beyond the edges of a narrow telephone."""
    found: list[str] = await browser.runs(
        "[...document.body.querySelectorAll('*')].filter((e) => { const box ="
        f" e.getBoundingClientRect(); return box.width && (box.right > {NARROW} || box.left < 0"
        " || box.bottom > innerHeight + 1); }).map((e) => `${e.tagName} ${e.id}`)")
    return found


def own(studio: Studio, browser: Browser) -> bool:
    """Whether everything asked of the network was asked of the page's own server."""
    own_host = studio.url.removesuffix("camera/")
    return bool(browser.asked) and all(
        each.startswith((own_host, f"blob:{own_host}", "about:")) for each in browser.asked)


async def test_executor_is_led_shoots_by_keyboard_and_the_shot_is_in_the_part(
        studio: Studio, tmp_path: Path) -> None:
    case = await studio.at_work(shot())
    address = await studio.opened()
    film = jpeg(yard(NEARLY, repaired=True))
    async with chromium(*camera_flags(tmp_path, film)) as browser:
        await stands_in_the_yard(browser, address)
        await browser.opens(address, NARROW, 740)
        await browser.waits(shown("start"))
        assert await browser.runs("document.querySelector('#number').textContent") == case.number
        await browser.waits("document.querySelector('#sample').complete")
        assert await sticking_out(browser) == []
        await browser.keeps_picture("camera-start-360.png")
        await browser.strikes("Enter")  # the only button has the focus
        await browser.waits(f"{WORDS} === 'Ракурс совпадает — снимайте'", 20)
        await browser.waits("document.querySelector('#known').textContent.includes('место')")
        assert await browser.runs("document.activeElement.id") == "shoot"
        assert await sticking_out(browser) == []
        await browser.keeps_picture("camera-aimed-360.png")
        await browser.strikes("Enter")
        await browser.waits(shown("deciding"))
        await browser.waits("document.activeElement.id === 'send'")
        await browser.keeps_picture("camera-shot-360.png")
        await browser.strikes("Enter")
        await browser.waits(f"{WORDS}.startsWith('Снимок принят')")
        assert await sticking_out(browser) == []
        await browser.keeps_picture("camera-sent-360.png")
        assert browser.complaints == []
        assert own(studio, browser)
    photo, = (await studio.house.case(case.id)).part(0).photos
    read = exif.read(await studio.house.tools.office.files.get(photo.file))
    assert (photo.by_camera, read.width, read.height) == (True, 1024, 768)
    assert read.gps is not None
    assert round(read.gps.latitude, 4) == 55.8893
    await studio.house[city.LEAD].awaits("к поручению приложено — 1 фотография", since=0)


VIEWS = {
    "Ракурс совпадает — снимайте": (NEARLY, 1),
    "Направьте камеру левее": (Camera(yaw=9), 1),
    "Направьте камеру ниже": (Camera(pitch=6), 1),
    "Наклоните телефон вправо": (Camera(roll=-10), 1),
    "Отойдите назад": (Camera(z=4), 1),
    "Подойдите ближе": (Camera(z=-5), 1),
    "Сделайте шаг влево": (Camera(x=2, yaw=-10), 1),
    "Пока не узнаю место": (Camera(yaw=4), 2),
}
COMPARED = """(async () => {
  const { hint } = await import('./hint.js');
  const worker = new Worker('match.js');
  const look = async (kind, text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }),
      { resizeWidth: 480, resizeHeight: 360, resizeQuality: 'high' });
    const pen = new OffscreenCanvas(480, 360).getContext('2d');
    pen.drawImage(picture, 0, 0);
    const { data } = pen.getImageData(0, 0, 480, 360);
    worker.postMessage({ kind, rgba: data, width: 480, height: 360 });
    return new Promise((done) => { worker.onmessage = (event) => done(event.data); });
  };
  const photo = { latitude: 55.8893, longitude: 37.4457, direction: 90 };
  const near = { latitude: 55.8893, longitude: 37.4457, accuracy: 8 };
  await look('reference', CITIZENS);
  const said_of = [];
  for (const view of VIEWS) said_of.push(hint(await look('frame', view), photo, near, null).text);
  const lost = { found: false };
  const far = { ...near, latitude: 55.8920 };
  return [said_of, hint(lost, photo, far, null).text, hint(lost, photo, near, 0).text,
    hint(lost, photo, near, 170).text];
})()"""


async def test_hints_lead_back_to_where_the_citizen_stood(studio: Studio) -> None:
    def coded(content: bytes) -> str:
        return base64.b64encode(content).decode()

    script = COMPARED.replace("CITIZENS", json.dumps(coded(shot()))).replace(
        "VIEWS", json.dumps(
            [coded(jpeg(yard(camera, repaired=True, place=place)))
             for camera, place in VIEWS.values()]))
    async with chromium() as browser:
        await browser.opens(studio.url, NARROW)
        await browser.waits(shown("stop"))
        hints, far, left_of, right_of = await browser.runs(script)
    assert {words: said[:len(words)] for words, said in zip(VIEWS, hints, strict=True)} == {
        words: words for words in VIEWS}
    assert far == "Место съёмки примерно в 300 м отсюда"
    assert left_of.startswith("Повернитесь направо")
    assert right_of.startswith("Повернитесь налево")


async def test_without_a_camera_or_telegram_the_page_says_so_and_names_the_way_by_file(
        studio: Studio) -> None:
    await studio.at_work(shot())
    address = await studio.opened()
    stopped = f"{shown('stop')} && document.querySelector('#stop').innerText"
    async with chromium() as browser:
        await browser.opens(address, NARROW, 740)
        await browser.waits(shown("start"))
        await browser.runs("document.querySelector('#open').click()")
        said = await browser.waits(stopped)
        assert "Камера не нашлась или занята" in said
        assert "отправьте в чат файлом" in said
        await browser.keeps_picture("camera-none-360.png")
        await browser.tell("Page.navigate", url=f"{studio.url}?case=1")
        assert FORGED in await browser.waits(stopped)
        assert browser.complaints == []


@pytest.fixture
async def tab(studio: Studio) -> AsyncIterator[Browser]:
    """The sandbox's chat page."""
    async with chromium() as browser:
        yield browser


async def test_chat_page_opens_the_camera_in_a_tab_signed_as_telegram_does(
        studio: Studio, tab: Browser) -> None:
    case = await studio.at_work(shot())
    page = f"{studio.house.sandbox.page_url}#{city.telegram_id(city.LEAD)}"
    await tab.opens(page, 1200)
    button = "[...document.querySelectorAll('.inline button')].find((e) => e.textContent.includes"
    await tab.waits(f"{button}('Снять с того же места'))")
    await tab.keeps_picture("camera-button-1200.png")
    opened = await tab.opens_tab(f"void {button}('Снять с того же места')).click()",
                                 f"{studio.url}?case={case.id}")
    assert "#tgWebAppData=" in opened
    assert tab.complaints == []

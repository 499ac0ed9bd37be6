"""The bot with its camera page on a server of its own, all real; the clock stands as the house's.

The sandbox signs by the house's clock, so that «too long ago» can be told by moving it.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO

import aiohttp
import pytest
from aiohttp import web

from bot.camera.server import Camera
from bot.sandbox.telegram import TelegramSandbox
from core.case import Case
from core.photos.workers import PhotoJudge
from storage.database import Database
from tests.bot import city
from tests.bot.house import MONDAY, TOKEN, House, staff


@dataclass
class Clock:
    """Telegram's clock, seconds."""

    seconds: float = MONDAY.timestamp()

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Studio:
    """A house with a camera page, and requests to it."""

    house: House
    url: str
    telegram: Clock
    http: aiohttp.ClientSession

    async def at_work(self, *photos: bytes) -> Case:
        """A case at its executors, with the citizen's photos."""
        house = self.house
        files = [await house.tools.office.files.put(one, f"{n}.jpg", "image/jpeg")
                 for n, one in enumerate(photos)]
        await house.join(city.DESK, city.OFFICIAL, city.LEAD, city.HELPER)
        case = await house.arrives(files=files)
        await house.press(city.DESK, "Зарегистрировать")
        await house.press(city.DESK, "Направить")
        await house.press(city.OFFICIAL, "Утвердить резолюцию")
        return await house.case(case.id)

    async def opened(self, person: int = city.LEAD) -> str:
        """The address behind the button on the person's card, as Telegram opens it."""
        return await self.house[person].opens("Снять с того же места")

    async def ask(self, method: str, path: str, signed: str, body: bytes | None = None,
                  **query: str) -> tuple[int, dict[str, object]]:
        """Status and JSON."""
        async with self.http.request(
                method, f"{self.url}{path}", params=query,
                data=None if body is None else BytesIO(body),
                headers={"Authorization": f"tma {signed}"}) as response:
            return response.status, await response.json()


@pytest.fixture
async def telegram() -> Clock:
    """Where Telegram's clock stands."""
    return Clock()


@pytest.fixture
async def sandbox(telegram: Clock) -> AsyncIterator[TelegramSandbox]:
    """The Bot API on that clock."""
    running = await TelegramSandbox.start(
        staff(), token=TOKEN, callback_seconds=5.0, clock=telegram)
    yield running
    await running.stop()
    assert running.violations == []


@pytest.fixture
async def studio(sandbox: TelegramSandbox, database: Database, telegram: Clock,
                 unused_tcp_port: int) -> AsyncIterator[Studio]:
    """The bot running, its camera page open."""
    url = f"http://127.0.0.1:{unused_tcp_port}/camera/"
    house = await House.open(sandbox, database, url)
    async with PhotoJudge(1) as workers, aiohttp.ClientSession() as http:
        app = web.Application()
        Camera(house.bot, house.tools, workers, TOKEN).add_to(app, "/camera/")
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
        yield Studio(house, url, telegram, http)
        await runner.cleanup()
        await house.close()

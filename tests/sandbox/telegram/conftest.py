"""A sandbox on loopback with three people of an office, and ways to speak to it."""

import io
import json
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from PIL import Image

from bot.sandbox.people import Hand
from bot.sandbox.telegram import TelegramSandbox
from tests.sandbox.telegram.office import ANNA, PEOPLE, TOKEN, Call


@pytest.fixture
async def sandbox() -> AsyncIterator[TelegramSandbox]:
    """A fresh sandbox; at the end no answer or update of its own may break the described API."""
    running = await TelegramSandbox.start(
        PEOPLE, token=TOKEN, callback_seconds=2.0, webhook_pause=0.05
    )
    yield running
    await running.stop()
    assert [each for each in running.violations if each.side != "call"] == []


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(sandbox: TelegramSandbox, http: aiohttp.ClientSession) -> Call:
    """One Bot API call with a JSON body; the whole envelope comes back."""

    async def made(method: str, **fields: Any) -> dict[str, Any]:
        async with http.post(f"{sandbox.url}/bot{TOKEN}/{method}", json=fields) as response:
            answer: dict[str, Any] = await response.json()
            assert answer["ok"] or answer["error_code"] == response.status
            return answer

    return made


@pytest.fixture
async def bot(sandbox: TelegramSandbox) -> AsyncIterator[Bot]:
    """The bot program's own library, pointed at the sandbox."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url))
    running = Bot(TOKEN, session=session)
    yield running
    await session.close()


@pytest.fixture
async def anna(sandbox: TelegramSandbox) -> AsyncIterator[Hand]:
    """Anna, who has pressed «Начать»."""
    async with Hand(sandbox.page_url, ANNA) as hand:
        await hand.starts()
        yield hand


@pytest.fixture
def jpeg() -> Callable[..., bytes]:
    """Makes a JPEG with shooting data."""

    def made(width: int = 1600, height: int = 1200, colour: str = "#4a7") -> bytes:
        picture = Image.new("RGB", (width, height), colour)
        exif = Image.Exif()
        exif[0x0110] = "Фотоаппарат".encode().decode("latin-1")
        out = io.BytesIO()
        picture.save(out, "JPEG", exif=exif)
        return out.getvalue()

    return made


@pytest.fixture(scope="session")
def full_spec() -> dict[str, Any]:
    """The whole description of the Bot API from the shared folder."""
    root = os.environ.get("RAKURS_SHARED") or Path(__file__).parents[3].parent / "shared"
    path = Path(root) / "telegram" / "bot_api_spec.json"
    if not path.exists():
        pytest.skip(f"NOT CHECKED against the full Bot API: {path} is not there")
    described: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return described

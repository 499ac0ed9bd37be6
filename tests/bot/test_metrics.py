"""The office's monitoring sees counts, over HTTP, and nothing else."""

import asyncio
from pathlib import Path

import aiohttp

from bot.clock import SystemClock
from bot.metrics import collect, serve
from core.bell import Bell
from core.calendar import WorkingCalendar
from core.case import CitizenMessage
from core.inbound import Applicant
from core.secret import Secret
from core.usecases.office import Office, Rules
from storage.template import open_fresh
from tests.builders import kept_case


async def test_monitoring_sees_how_many_cases_are_open_and_no_word_of_them(tmp_path: Path) -> None:
    database = await open_fresh(tmp_path)
    clock = SystemClock()
    office = Office(database.work, clock, WorkingCalendar.official(), Rules(), database.files,
                    Bell(), Secret(b"0" * 32))
    before = (await collect(office)).decode()
    async with office.work() as work:
        await kept_case(work, CitizenMessage("1", "Яма у дома"), Applicant("Петрова"), clock.now())
    page = (await collect(office)).decode()
    await database.close()
    assert "rakurs_open_cases 0.0" in before
    assert "rakurs_open_cases 1.0" in page
    assert 'rakurs_outbox_rows{state="queued"} 0.0' in page
    assert 'rakurs_outbox_rows{state="in_doubt"} 0.0' in page
    assert 'state="sent"' not in page, "what has arrived is years of rows and nobody's alarm"
    assert "Яма" not in page
    assert "Петрова" not in page


async def test_figures_are_served_at_the_address_of_the_setting(
        tmp_path: Path, unused_tcp_port: int) -> None:
    database = await open_fresh(tmp_path)
    office = Office(database.work, SystemClock(), WorkingCalendar.official(), Rules(),
                    database.files, Bell(), Secret(b"0" * 32))
    serving = asyncio.ensure_future(serve(office, f"127.0.0.1:{unused_tcp_port}"))
    url = f"http://127.0.0.1:{unused_tcp_port}/metrics"
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url) as response:
                    text = await response.text()
                break
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0)
    serving.cancel()
    await asyncio.wait([serving])
    await database.close()
    assert response.status == 200
    assert "rakurs_unclear_mail 0.0" in text

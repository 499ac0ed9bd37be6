"""Figures for the office's monitoring, in Prometheus' text format: counts, never contents."""

import asyncio

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.listening import listening
from core.outbound import Delivery
from core.usecases.office import Office

DONE = frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.ANSWERED})
"""Nothing waits in these; they hold years of notices, too many to be counted again and again."""


async def collect(office: Office) -> bytes:
    """The figures of this moment, as the page shows them."""
    registry = CollectorRegistry()
    outbox = Gauge("rakurs_outbox_rows", "Notices and letters that have not arrived, by state",
                   ["state"], registry=registry)
    open_cases = Gauge("rakurs_open_cases", "Cases in work", registry=registry)
    unclear = Gauge("rakurs_unclear_mail", "Letters that a person must look at",
                    registry=registry)
    async with office.work() as work:
        for state in (one for one in Delivery if one not in DONE):
            outbox.labels(state.value).set(await work.outbox.count(state))
        open_cases.set(len(await work.cases.open_versions()))
        unclear.set(len(await work.mailbox.unclear()))
    return generate_latest(registry)


async def serve(office: Office, listen: str) -> None:
    """Show the figures at ``http://LISTEN/metrics`` until cancelled; ``listen`` is host:port."""
    async def page(_: web.Request) -> web.Response:
        return web.Response(body=await collect(office),
                            headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/metrics", page)
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await listening(web.TCPSite(runner, host or "127.0.0.1", int(port)), "METRICS_LISTEN")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()

"""Numbers given out one after the other, without gaps: a rolled back number is given again."""

from tortoise.backends.base.client import BaseDBAsyncClient

from storage import statements
from storage.records import CounterRecord


async def advance(client: BaseDBAsyncClient, series: str, year: int, by: int = 1) -> int:
    """The next number of the series in that year, from 1; the last of ``by`` next ones."""
    rows = CounterRecord.filter(series=series, year=year).using_db(client)
    counter = await rows.get_or_none()
    if counter is None:
        await CounterRecord.create(series=series, year=year, value=by, using_db=client)
        return by
    await rows.update(value=counter.value + by)
    return counter.value + by


async def current(client: BaseDBAsyncClient, series: str, year: int = 0) -> int:
    """The last number given, 0 if none."""
    found = await statements.rows(
        client, "SELECT value FROM counters WHERE series = ? AND year = ?", series, year)
    return int(found[0]["value"]) if found else 0

"""Numbers given out one after the other, without gaps: a rolled back number is given again."""

from tortoise.backends.base.client import BaseDBAsyncClient

from storage import statements
from storage.records import CounterRecord


async def advance(client: BaseDBAsyncClient, series: str, year: int) -> int:
    """The next number of the series in that year, from 1."""
    rows = CounterRecord.filter(series=series, year=year).using_db(client)
    counter = await rows.get_or_none()
    if counter is None:
        await CounterRecord.create(series=series, year=year, value=1, using_db=client)
        return 1
    await rows.update(value=counter.value + 1)
    return counter.value + 1


async def current(client: BaseDBAsyncClient, series: str, year: int = 0) -> int:
    """The last number given, 0 if none."""
    found = await statements.rows(
        client, "SELECT value FROM counters WHERE series = ? AND year = ?", series, year)
    return int(found[0]["value"]) if found else 0

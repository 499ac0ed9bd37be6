"""The places of all cases, each once: a city has far fewer of them than of messages about them."""

from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

MANY_PLACES = 400
"""Words that so many places hold are found soonest among the newest cases, read one by one."""

KNOWN = """
WITH RECURSIVE known(place) AS (
  SELECT min(place_folded) FROM cases
  UNION ALL
  SELECT (SELECT min(place_folded) FROM cases WHERE place_folded > known.place)
  FROM known WHERE known.place IS NOT NULL)
SELECT place FROM known WHERE place IS NOT NULL
"""
"""From each place to the next by the index of places, never by way of the cases."""


async def places_with(client: BaseDBAsyncClient, words: Sequence[str], limit: int) -> list[str]:
    """So many of the places that hold all these words, as they are looked up."""
    postgres = client.capabilities.dialect == "postgres"
    holds = [f"strpos(place, ${n}) > 0" if postgres else "instr(place, ?) > 0"
             for n in range(1, len(words) + 1)]
    query = f"{KNOWN} {' '.join(f'AND {one}' for one in holds)} LIMIT {limit}"
    rows = await client.execute_query_dict(query, list(words))
    return [str(row["place"]) for row in rows]

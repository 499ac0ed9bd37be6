"""The places of all cases, each once: a city has far fewer of them than of messages about them."""

from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from storage import statements

MANY_PLACES = 400
"""Words that so many places hold are found soonest among the newest cases, read one by one."""

KNOWN = """
WITH RECURSIVE known(place) AS (
  SELECT min(place_folded) FROM cases
  UNION ALL
  SELECT (SELECT min(place_folded) FROM cases WHERE place_folded > known.place)
  FROM known WHERE known.place IS NOT NULL)
"""
"""From each place to the next by the index of places, never by way of the cases."""


async def places_with(client: BaseDBAsyncClient, words: Sequence[str], limit: int) -> list[str]:
    """So many of the places that hold all these words, as they are looked up."""
    query = f"{KNOWN} {of_known(client, words, limit)}"
    return [str(row["place"]) for row in await statements.long(client, query, *words)]


def of_known(client: BaseDBAsyncClient, words: Sequence[str], limit: int) -> str:
    """The question for so many of them, after ``KNOWN``."""
    return ("SELECT place FROM known WHERE place IS NOT NULL "  # noqa: S608
            f"AND {holding(client, 'place', words)} LIMIT {limit}")


def holding(client: BaseDBAsyncClient, column: str, words: Sequence[str]) -> str:
    """The condition that the column holds all these words."""
    found = "strpos" if client.capabilities.dialect == "postgres" else "instr"
    return " AND ".join(f"{found}({column}, ?) > 0" for _ in words) or "true"

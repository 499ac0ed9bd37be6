"""The places of all cases, each once: a city has far fewer of them than of messages about them."""

from collections.abc import Iterable, Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from core.places import read_place
from storage import statements
from storage.documents import clean
from storage.inserts import insert
from storage.records import PLACE, PlaceWordRecord

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

HELD = "SELECT count(*) AS places FROM (SELECT 1 FROM place_words WHERE word = ? LIMIT ?) AS held"


def place_folded(place: str) -> str:
    """A place as it is looked up: «Лётная» is found by «летная»."""
    return clean(place).casefold().replace("ё", "е")[:PLACE]


async def note_words(client: BaseDBAsyncClient, places: Iterable[str]) -> None:
    """These places, written as people do, can be found by their words from now on."""
    known = {place_folded(one) for one in places}
    await insert(client, PlaceWordRecord, [
        {"word": word, "place_folded": place} for place in sorted(known)
        for word in sorted(read_place(place).words)], known_stay=True)


async def rarest_word(client: BaseDBAsyncClient, place: str) -> tuple[str, bool]:
    """The word of a place that fewest others hold, its street's rather than its town's; and
    whether even that is held by many. Empty where the place has no words."""
    held = [((await statements.rows(client, HELD, word, MANY_PLACES))[0]["places"], word)
            for word in sorted(read_place(place_folded(place)).words)]
    places, word = min(held, default=(0, ""))
    return word, places == MANY_PLACES


async def places_with(client: BaseDBAsyncClient, words: Sequence[str], limit: int) -> list[str]:
    """So many of the places that hold all these words, as they are looked up."""
    query = (f"{KNOWN} SELECT place FROM known WHERE place IS NOT NULL "  # noqa: S608
             f"AND {holding(client, 'place', words)} LIMIT {limit}")
    return [str(row["place"]) for row in await statements.long(client, query, *words)]


def holding(client: BaseDBAsyncClient, column: str, words: Sequence[str]) -> str:
    """The condition that the column holds all these words."""
    found = "strpos" if client.capabilities.dialect == "postgres" else "instr"
    return " AND ".join(f"{found}({column}, ?) > 0" for _ in words) or "true"

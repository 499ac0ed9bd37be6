"""Places are found by their words, and the cases of a place by when they came."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

from core.places import read_place

PAGE = 1000
"""Rows in a statement."""


async def fill(apps: StateApps, editor: BaseSchemaEditor) -> None:
    """The words of the places that are there."""
    sqlite = editor.client.capabilities.dialect == "sqlite"
    places = await editor.client.execute_query_dict(
        "SELECT DISTINCT place_folded FROM cases ORDER BY place_folded")
    rows = [(word, one["place_folded"]) for one in places
            for word in sorted(read_place(one["place_folded"]).words)]
    for first in range(0, len(rows), PAGE):
        some = rows[first:first + PAGE]
        values = ", ".join("(?, ?)" if sqlite else f"(${2 * n + 1}, ${2 * n + 2})"
                           for n in range(len(some)))
        await editor.client.execute_query(
            f"INSERT INTO place_words (word, place_folded) VALUES {values}",  # noqa: S608
            [value for row in some for value in row])


async def leave(apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Nothing to undo: the table goes, the cases have their places."""


class Migration(migrations.Migration):
    """A table of the words of places, and filled; an index by which old cases are passed over."""

    dependencies = [("rakurs", "0014_addresses")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="PlaceWordRecord",
            fields=[
                ("id", fields.IntField(
                    generated=True, primary_key=True, unique=True, db_index=True)),
                ("word", fields.CharField(max_length=300)),
                ("place_folded", fields.CharField(max_length=300)),
            ],
            options={"table": "place_words", "app": "rakurs",
                     "unique_together": (("word", "place_folded"),), "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(fill, leave),
        ops.RemoveIndex(model_name="CaseRecord", name=None, fields=["place_folded", "id"]),
        ops.AddIndex(model_name="CaseRecord",
                     index=Index(fields=["place_folded", "received_at", "state"])),
    ]

"""Every number under which the portal knows a case, those of the citizen's returns too."""

import json
from collections.abc import Iterator

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

PAGE = 500
LONGEST = 200


def numbers_in(document: str) -> Iterator[str]:
    """The portal's numbers in a case's document, of the current round and of the past ones."""
    case = json.loads(document)
    for one in (case, *case["past"]):
        folded = one["message"]["portal_number"].strip().casefold()[:LONGEST]
        if folded:
            yield folded


async def fill(apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Read the numbers out of the cases that are there."""
    sqlite = editor.client.capabilities.dialect == "sqlite"
    places = "?, ?" if sqlite else "$1, $2"
    last_id = 0
    while rows := await editor.client.execute_query_dict(
            f"SELECT id, document FROM cases WHERE id > {last_id} ORDER BY id LIMIT {PAGE}"):  # noqa: S608
        for row in rows:
            for number in dict.fromkeys(numbers_in(row["document"])):
                await editor.client.execute_query(
                    f"INSERT INTO case_numbers (case_id, number_folded) VALUES ({places})",  # noqa: S608
                    [row["id"], number])
        last_id = rows[-1]["id"]


async def leave(apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Nothing to undo: the table goes, the documents have the numbers."""


class Migration(migrations.Migration):
    """A look-up of numbers beside the cases, and filled."""

    dependencies = [("rakurs", "0003_journal_events")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="CaseNumberRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "case",
                    fields.ForeignKeyField(
                        "rakurs.CaseRecord",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="numbers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number_folded", fields.CharField(max_length=200)),
            ],
            options={
                "table": "case_numbers",
                "app": "rakurs",
                "unique_together": (("number_folded", "case_id"),),
                "indexes": [Index(fields=["case_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.RunPython(fill, leave),
    ]

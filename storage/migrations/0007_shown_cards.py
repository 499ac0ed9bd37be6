"""Which cards stand in whose chats, to be edited as their cases move."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from storage.fields import MomentField


class Migration(migrations.Migration):
    """One table; it fills as cards are shown."""

    dependencies = [("rakurs", "0006_answer_marks")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="ShownCardRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("chat_id", fields.BigIntField()),
                ("message_id", fields.BigIntField()),
                ("person_id", fields.IntField()),
                (
                    "case",
                    fields.ForeignKeyField(
                        "rakurs.CaseRecord",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shown",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("case_version", fields.IntField()),
                ("stamp", fields.CharField(max_length=40)),
                ("head", fields.TextField(unique=False)),
                ("look", fields.CharField(max_length=40)),
                ("shown_at", MomentField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "shown_cards",
                "app": "rakurs",
                "unique_together": (("case_id", "chat_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]

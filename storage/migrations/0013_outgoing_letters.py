"""Letters about a case are kept as they went."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """A table of what was sent."""

    dependencies = [("rakurs", "0012_reports")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="SentLetterRecord",
            fields=[
                ("id", fields.IntField(
                    generated=True, primary_key=True, unique=True, db_index=True)),
                ("row_id", fields.IntField()),
                ("case_id", fields.IntField(db_index=True)),
                ("file", fields.TextField(unique=False)),
            ],
            options={"table": "sent_letters", "app": "rakurs", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]

"""What is remembered of the answers of all cases."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """One table; it fills as answers go on to approval."""

    dependencies = [("rakurs", "0005_fingerprints")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="AnswerMarkRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("case_id", fields.IntField()),
                ("mark", fields.CharField(max_length=80)),
            ],
            options={
                "table": "answer_marks",
                "app": "rakurs",
                "unique_together": (("mark", "case_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]

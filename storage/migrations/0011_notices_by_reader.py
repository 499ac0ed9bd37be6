"""Finding the notices of a reader and of a case."""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Two indexes."""

    dependencies = [("rakurs", "0010_hot_lookups")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.AddIndex(
            model_name="OutboxRecord",
            index=Index(fields=["person_id", "opened_at"]),
        ),
        ops.AddIndex(
            model_name="OutboxRecord",
            index=Index(fields=["case_id"]),
        ),
    ]

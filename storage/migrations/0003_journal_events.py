"""Counting the facts of a day without reading the whole journal."""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """An index by event and moment."""

    dependencies = [("rakurs", "0002_journal_guard")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.AddIndex(model_name="JournalRecord", index=Index(fields=["event", "at"])),
    ]

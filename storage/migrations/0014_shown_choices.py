"""Whether a choice stands in the place of a card."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """A mark on the cards that stand in chats."""

    dependencies = [("rakurs", "0013_outgoing_letters")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.AddField(
            model_name="ShownCardRecord",
            name="choosing",
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]

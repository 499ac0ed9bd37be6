"""The directory knows where addresses are."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """A table of addresses with coordinates."""

    dependencies = [("rakurs", "0013_outgoing_letters")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="AddressRecord",
            fields=[
                ("id", fields.IntField(
                    generated=True, primary_key=True, unique=True, db_index=True)),
                ("settlement", fields.TextField(unique=False)),
                ("street", fields.TextField(unique=False)),
                ("house", fields.TextField(unique=False)),
                ("latitude", fields.FloatField()),
                ("longitude", fields.FloatField()),
            ],
            options={"table": "addresses", "app": "rakurs", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]

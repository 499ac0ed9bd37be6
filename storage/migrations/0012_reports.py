"""The reports of section 6 in their versions."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from storage.fields import MomentField


class Migration(migrations.Migration):
    """A table of reports."""

    dependencies = [("rakurs", "0011_notices_by_reader")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="ReportRecord",
            fields=[
                ("id", fields.IntField(
                    generated=True, primary_key=True, unique=True, db_index=True)),
                ("routine", fields.CharField(max_length=40)),
                ("period", fields.CharField(max_length=40)),
                ("version", fields.IntField()),
                ("standing", fields.CharField(db_index=True, max_length=40)),
                ("made_at", MomentField(auto_now=False, auto_now_add=False)),
                ("document", fields.TextField(unique=False)),
            ],
            options={"table": "reports", "app": "rakurs",
                     "unique_together": (("routine", "period", "version"),), "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
